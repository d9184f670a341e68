"""`/desk`: the day's worklist, whose buttons act and update it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup

from db.models import OutboxMessage, Rental
from db.states import Role
from handlers.desk import put_away
from handlers.desk import worklist_views as views
from handlers.desk.worklist_views import REMEMBERS, DayView, Shown
from handlers.i18n.texts import Texts
from handlers.ui.callbacks import Tap
from handlers.ui.cards import subject_of
from handlers.ui.message import Message
from handlers.ui.refusals import explain
from handlers.ui.request import Request
from handlers.ui.widgets import pager
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.tx import Tx
from services.desk import checkin, checkout, worklist
from services.desk.worklist import Entry, Task
from services.messaging import cards, notifications, outbox

PER_PAGE = 6
MOST_AHEAD = 12
"""Rentals of other days that one message shows: one's own part of a large club's is found by name."""


_TAPPED = set(Task) - {Task.ANSWER}


@dataclass(frozen=True)
class Done:
    """The task done with a rental on the list, and its place in all of it."""

    place: int
    task: Task
    rental_id: int


def begin(step: Request) -> None:
    """Send the worklist. Raises NOT_ALLOWED, MEMBERSHIP_ENDED."""
    actor = step.active()
    actor.require(Role.LENDER)
    _draw_card(step, actor, 0, renew=True)


def _draw_card(
    step: Request, actor: Actor, page: int, *, renew: bool = False, done: Sequence[Done] = ()
) -> None:
    outbox.render_card(
        step.by(actor),
        notifications.DAY_CARD,
        actor.organization_id,
        chat_id=step.place.chat_id,
        renew=renew,
        params={"page": page, "done": [[one.place, one.task, one.rental_id] for one in done]},
    )


def turn_page(step: Request, page: int) -> Message:
    """Return a page of the current worklist. Raises NOT_ALLOWED."""
    actor = step.actor()
    actor.require(Role.LENDER)
    return page_of(step.tx, actor.organization_id, step.texts, page)


def page_of(tx: Tx, organization_id: int, t: Texts, page: int, done: Sequence[Done] | None = None) -> Message:
    """Return this page, or the last one where the list became shorter; with `done`, what was just done on it.

    What was done keeps its row until the list is asked for anew, so that no other rental takes its place.
    """
    entries = worklist.day(tx.of(organization_id), _tonight(t))
    part = pager.cut(_with_done(entries, done or ()), page, PER_PAGE)
    rentals = worklist.views(tx, (entry.rental_id for entry in part.shown))
    shown = [
        Shown(entry.task, rentals[entry.rental_id], is_done=isinstance(entry, Done)) for entry in part.shown
    ]
    counts = Counter(entry.task for entry in entries)
    return views.day(t, DayView(shown, counts, part.number, part.pages, remembers=done is not None))


def _with_done(entries: Sequence[Entry], done: Sequence[Done]) -> list[Entry | Done]:
    """Return the list with what was done in its place, and without what follows for the same rentals."""
    gone = {one.rental_id for one in done}
    rows: list[Entry | Done] = [entry for entry in entries if entry.rental_id not in gone]
    for one in sorted(done, key=lambda one: one.place):
        rows.insert(one.place, one)
    return rows


def ahead(step: Request, first: date, last: date) -> Message:
    """Return what goes out and comes back on these days. Raises NOT_ALLOWED."""
    actor, t = step.active(), step.texts
    actor.require(Role.LENDER)
    tx = step.by(actor)
    since, until = periods.start_of_day(first, t.zone), periods.start_of_day(last + timedelta(days=1), t.zone)
    entries = worklist.ahead(tx, since, until)
    rentals = worklist.views(tx, (one.rental_id for one in entries[:MOST_AHEAD]))
    shown = [Shown(one.task, rentals[one.rental_id]) for one in entries[:MOST_AHEAD]]
    return views.ahead(t, first, last, shown, Counter(one.task for one in entries))


def card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    params = rows[0].params
    return page_of(tx, subject_of(tx, rows[0]), t, params.get("page", 0), _done_of(params))


def _done_of(params: Mapping[str, Any]) -> list[Done]:
    return [Done(place, Task(task), rental_id) for place, task, rental_id in params.get("done", ())]


def _tonight(t: Texts) -> datetime:
    return periods.start_of_day(t.today + timedelta(days=1), t.zone)


def tapped(step: Request, tap: Tap) -> Markup | None:
    """Do the task and update the list, also where somebody else was faster."""
    task, page, remembers = _read(tap.arg)
    actor, rental = step.actor_about(tap.id)
    t = step.texts
    done = _done_before(step, actor) if remembers else []
    done.append(Done(_place(step.by(actor), t, done, page, rental.id, task), task, rental.id))
    try:
        with step.session.begin_nested():
            said = _do(step, actor, rental, task)
    except Refusal as refusal:
        if refusal.code is not Refused.ALREADY or not actor.has_role(Role.LENDER):
            raise
        said = explain(t, refusal)
    _draw_card(step, actor, page, done=done)
    return said


def _done_before(step: Request, actor: Actor) -> list[Done]:
    """Return what was done on the list as it was last drawn."""
    card = cards.find(step.session, notifications.DAY_CARD, actor.organization_id, step.place.chat_id)
    return _done_of(outbox.last_params(step.tx, card.id)) if card is not None else []


def _place(tx: Tx, t: Texts, done: Sequence[Done], page: int, rental_id: int, task: Task) -> int:
    """Return the place in the list of what is tapped; the first of its page where it is gone."""
    rows = _with_done(worklist.day(tx, _tonight(t)), done)
    places = (i for i, one in enumerate(rows) if (one.task, one.rental_id) == (task, rental_id))
    return next(places, page * PER_PAGE)


def _read(arg: str) -> tuple[Task, int, bool]:
    """Parse a button's task and page, and whether its list remembers. Raises OUTDATED for anything else."""
    task, page, remembers = arg[:1], arg[1:].removesuffix(REMEMBERS), arg.endswith(REMEMBERS)
    if task not in _TAPPED or not (page.isascii() and page.isdigit() and len(page) < 6):
        raise Refusal(Refused.OUTDATED)
    return Task(task), int(page), remembers


def _do(step: Request, actor: Actor, rental: Rental, task: Task) -> Markup:
    tx, t = step.by(actor), step.texts
    if task is Task.HAND_OUT:
        checkout.hand_out(tx, rental.id)
        return t("Handed out.")
    if task is Task.CONFIRM:
        checkin.confirm_return(tx, rental.id)
        put_away.ask(step, rental)
        return t("Confirmed.")
    checkin.take_back(tx, rental.id)
    put_away.ask(step, rental)
    return t("Taken back.")
