"""Lists of rentals: one's own, and what waits, is out or is late in the organisation."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from db.models import Rental
from db.states import Lane, RentalStatus, Role
from handlers import admitting, desk
from handlers.callbacks import Tap, Verb, pack
from handlers.message import Button, Message
from handlers.step import Place, Sender, Step
from handlers.texts import Texts, lines
from handlers.views import rental_line
from handlers.views.rent import short
from services import accounts, admissions, outbox, overview, reminders
from services.errors import Refusal, Refused
from services.overview import RentalView

PER_PAGE = 6


LIST = "list"
"""The outbox kind of a list that follows a command which may act."""


def say(step: Step, which: str) -> None:
    """Send a list once this transaction is committed; it is drawn for this person then."""
    outbox.say(
        step.session,
        step.now,
        chat_id=step.place.chat_id,
        kind=LIST,
        params={"which": which, "account_id": step.sender.account_id, "first_name": step.sender.first_name},
        organization_id=step.organization_id or accounts.current(step.session, step.sender.account_id),
        lane=Lane.REPLY,
    )


def draw(session: Session, chat_id: int, params: dict[str, Any], now: datetime) -> Message:
    """The list that `say` asked for."""
    sender = Sender(params["account_id"], params["first_name"], None)
    return LISTS[params["which"]](Step(session, now, sender, Place(chat_id, False, None, None)), 0)


def turn_page(step: Step, tap: Tap) -> Message:
    which = LISTS.get(tap.arg)
    if which is None or (step.place.is_group and tap.arg not in SHARED):
        raise Refusal(Refused.OUTDATED)
    return which(step, tap.id)


def _views(step: Step, rentals: Sequence[Rental]) -> list[RentalView]:
    return [overview.view(step.session, rental, step.now) for rental in rentals]


def _page(
    t: Texts,
    heading: Markup,
    shown: list[RentalView],
    page: int,
    total: int,
    name: str,
    *,
    desk: bool = False,
    leads_to: Verb = Verb.SHOW_RENTAL,
) -> Message:
    """Rentals with a button each, and pages where there are more."""
    pages = max(1, -(-total // PER_PAGE))
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                f"{v.id} · "
                + (f"{short(t.name(v.member), 16)} · " if desk else "")
                + short(v.lines[0].name, 24),
                pack(leads_to, v.id, "d" if desk else ""),
            ),
        )
        for v in shown
    ]
    if pages > 1:
        before, after = (page - 1) % pages, (page + 1) % pages
        rows.append(
            (
                Button("‹", pack(Verb.LIST, before, name)),
                Button(f"{page + 1}/{pages}", pack(Verb.NOTHING)),
                Button("›", pack(Verb.LIST, after, name)),
            )
        )
    texts = [rental_line.listed(t, v, desk=desk) for v in shown]
    return Message(lines(heading, *(part for text in texts for part in ("", text))), tuple(rows))


def _cut(found: Sequence[Rental], page: int) -> tuple[Sequence[Rental], int]:
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(page, pages - 1)
    return found[page * PER_PAGE : (page + 1) * PER_PAGE], page


def mine(step: Step, page: int = 0) -> Message:
    """What I have and what I asked for; the history is one tap away."""
    actor, t = step.actor(), step.texts
    found = overview.current(step.session, actor.user_id)
    shown, page = _cut(found, page)
    heading = (
        t("<b>Your rentals</b>") if found else t("You have no rentals now. Borrow something with /rent.")
    )
    message = _page(t, heading, _views(step, shown), page, len(found), "mine")
    _, past = overview.past(step.session, actor.user_id, page=0, per_page=1)
    if not past:
        return message
    more = (Button(str(t("History ({n})", n=past)), pack(Verb.LIST, 0, "history")),)
    return Message(message.text, (*message.buttons, more))


def history(step: Step, page: int = 0) -> Message:
    actor, t = step.actor(), step.texts
    _, total = overview.past(step.session, actor.user_id, page=0, per_page=1)
    page = min(page, max(1, -(-total // PER_PAGE)) - 1)
    found, _ = overview.past(step.session, actor.user_id, page=page, per_page=PER_PAGE)
    message = _page(t, t("<b>Your history</b>"), _views(step, found), page, total, "history")
    back = (Button(str(t("Back")), pack(Verb.LIST, 0, "mine")),)
    return Message(message.text, (*message.buttons, back))


def _of_mine(
    name: str, statuses: tuple[RentalStatus, ...], leads_to: Verb, some: str, none: str
) -> Callable[[Step, int], Message]:
    """One's own rentals with which something can be done: which one is it?"""

    def show(step: Step, page: int = 0) -> Message:
        actor, t = step.actor(), step.texts
        found = [r for r in overview.current(step.session, actor.user_id) if r.status in statuses]
        shown, page = _cut(found, page)
        heading = t(some) if found else t(none)
        return _page(t, heading, _views(step, shown), page, len(found), name, leads_to=leads_to)

    return show


Find = Callable[[Step, int, int], tuple[Sequence[Rental], int]]
"""A page of an organisation's rentals, and how many there are in all."""


def _of_organization(
    name: str, role: Role, find: Find, some: str, none: str
) -> Callable[[Step, int], Message]:
    def show(step: Step, page: int = 0) -> Message:
        actor, t = step.actor(), step.texts
        actor.require(role)
        shown, total = find(step, actor.organization_id, page)
        page = min(page, max(1, -(-total // PER_PAGE)) - 1)
        return _page(t, t(some) if total else t(none), _views(step, shown), page, total, name, desk=True)

    return show


def N_(message: str) -> str:
    return message


def _in(status: RentalStatus) -> Find:
    return lambda step, organization_id, page: overview.in_status(
        step.session, organization_id, status, page=page, per_page=PER_PAGE
    )


def _late(step: Step, organization_id: int, page: int) -> tuple[Sequence[Rental], int]:
    found = reminders.overdue(step.session, organization_id, step.now)
    return _cut(found, page)[0], len(found)


to_return = _of_mine(
    "return",
    (RentalStatus.OUT,),
    Verb.SHOW_RENTAL,
    N_("<b>Which one do you bring back?</b>"),
    N_("You have nothing to bring back."),
)
to_extend = _of_mine(
    "extend",
    (RentalStatus.OUT,),
    Verb.EXTEND,
    N_("<b>Which one do you want to keep longer?</b>"),
    N_("You have nothing that you could keep longer."),
)
to_cancel = _of_mine(
    "cancel",
    (RentalStatus.REQUESTED, RentalStatus.APPROVED),
    Verb.SHOW_RENTAL,
    N_("<b>Which one do you cancel?</b>"),
    N_("There is nothing to cancel."),
)
_requested = _of_organization(
    "pending",
    Role.ADMIN,
    _in(RentalStatus.REQUESTED),
    N_("<b>Waiting for an answer</b>"),
    N_("Nothing waits for an answer."),
)


def pending(step: Step, page: int = 0) -> Message:
    """Rentals that wait for an answer, and whoever asks to become a member."""
    message = _requested(step, page)
    asking = admissions.waiting(step.session, step.actor().organization_id)
    return admitting.below(step.texts, message, asking) if asking else message


out = _of_organization("out", Role.LENDER, _in(RentalStatus.OUT), N_("<b>Out now</b>"), N_("Nothing is out."))
overdue = _of_organization(
    "overdue",
    Role.LENDER,
    _late,
    N_("<b>Overdue</b>"),
    N_("Nothing is overdue."),
)


SHARED = ("pending", "out", "overdue")
"""The lists that a group is shown."""

LISTS: dict[str, Callable[[Step, int], Message]] = {
    "mine": mine,
    "history": history,
    "return": to_return,
    "extend": to_extend,
    "cancel": to_cancel,
    "pending": pending,
    "out": out,
    "overdue": overdue,
    "desk": desk.turn_page,
}
