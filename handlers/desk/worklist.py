"""`/desk`: the day's worklist, whose buttons act and update it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from db.models import OutboxMessage, Rental
from db.states import Role
from handlers.desk import put_away
from handlers.desk import worklist_views as views
from handlers.desk.worklist_views import DayView, Shown
from handlers.i18n.texts import Texts
from handlers.ui.callbacks import Tap
from handlers.ui.cards import subject_of
from handlers.ui.message import Message
from handlers.ui.refusals import explain
from handlers.ui.request import Request
from handlers.ui.widgets import pager
from services.core import periods
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkin, checkout, worklist
from services.desk.worklist import Task
from services.messaging import notifications, outbox

PER_PAGE = 6


def begin(step: Request) -> None:
    """Send the worklist. Raises NOT_ALLOWED, MEMBERSHIP_ENDED."""
    actor = step.active()
    actor.require(Role.LENDER)
    _draw_card(step, actor, 0, renew=True)


def command(step: Request, words: str) -> None:
    begin(step)


def _draw_card(step: Request, actor: Actor, page: int, *, renew: bool = False) -> None:
    outbox.render_card(
        step.by(actor),
        notifications.DAY_CARD,
        actor.organization_id,
        chat_id=step.place.chat_id,
        renew=renew,
        params={"page": page},
    )


def turn_page(step: Request, page: int) -> Message:
    """Return a page of the current worklist. Raises NOT_ALLOWED."""
    actor = step.actor()
    actor.require(Role.LENDER)
    return page_of(step.tx, actor.organization_id, step.texts, page)


def page_of(tx: Tx, organization_id: int, t: Texts, page: int) -> Message:
    """Return this page, or the last one where the list became shorter."""
    entries = worklist.day(tx.of(organization_id), _tonight(t))
    part = pager.cut(entries, page, PER_PAGE)
    shown = [Shown(entry.task, worklist.view(tx, entry)) for entry in part.shown]
    return views.day(t, DayView(shown, Counter(entry.task for entry in entries), part.number, part.pages))


def card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    return page_of(tx, subject_of(tx, rows[0]), t, rows[0].params.get("page", 0))


def _tonight(t: Texts) -> datetime:
    return periods.start_of_day(t.today + timedelta(days=1), t.zone)


def tapped(step: Request, tap: Tap) -> Markup | None:
    """Do the task and update the list, also where somebody else was faster."""
    task, page = _read(tap.arg)
    actor, rental = step.actor_about(tap.id)
    t = step.texts
    try:
        with step.session.begin_nested():
            done = _do(step, actor, rental, task)
    except Refusal as refusal:
        if refusal.code is not Refused.ALREADY or not actor.has_role(Role.LENDER):
            raise
        done = explain(t, refusal)
    _draw_card(step, actor, page)
    return done


def _read(arg: str) -> tuple[Task, int]:
    """Parse a button's task and page. Raises OUTDATED for anything else."""
    task, page = arg[:1], arg[1:]
    if task not in set(Task) or not (page.isascii() and page.isdigit() and len(page) < 6):
        raise Refusal(Refused.OUTDATED)
    return Task(task), int(page)


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
