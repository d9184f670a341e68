"""The question for the day on which something comes back that is out until further notice.

A lender's answer sets the date; the member's suggests one.
"""

from datetime import date, timedelta

from markupsafe import Markup

from db.models import Conversation as Row
from db.models import Rental
from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.rentals.booking.screens import shut_on
from handlers.rentals.card_views import summed_up
from handlers.rentals.data import ExtensionData
from handlers.ui import conversation
from handlers.ui.callbacks import Tap
from handlers.ui.cards import draw_here
from handlers.ui.conversation import CANCEL, Conversation, ConversationData, State
from handlers.ui.form import attempt, cancel, data_of, on_button, problem_of
from handlers.ui.message import Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from handlers.ui.widgets.calendar import Month, month_rows, next_month
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours
from services.core.hours.opening_hours import What
from services.core.state_machine import already
from services.core.tx import Tx
from services.messaging import notifications
from services.rentals import queries
from services.rentals.custody import dates

NAME, SET, SUGGEST = "set_date", "set", "suggest"


def begin_setting(step: Request, tap: Tap) -> Markup | None:
    """Ask a lender. Raises NOT_FOUND, ALREADY, HAS_DATE, NOT_ALLOWED."""
    actor, rental = step.actor_about(tap.id)
    _require_open(step, rental)
    actor.require(Role.LENDER)
    _begin(step, rental, SET)
    return None


def begin(step: Request, rental: Rental, *, by_desk: bool) -> None:
    """Ask the member, whose rental it is and who has it, or a lender. Raises ALREADY."""
    _require_open(step, rental)
    _begin(step, rental, SET if by_desk else SUGGEST)


def _require_open(step: Request, rental: Rental) -> None:
    if dates.is_open(rental):
        return
    if rental.due_at is not None and queries.view(step.tx, rental).with_member:
        raise Refusal(Refused.HAS_DATE, due_at=rental.due_at)
    raise already(step.session, rental)


def _begin(step: Request, rental: Rental, state: str) -> None:
    data = ExtensionData(rental_id=rental.id)
    row = conversation.start(step, NAME, state, data, organization_id=rental.organization_id)
    conversation.render(step, row)


def _screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept, data = ExtensionData.of(row), data_of(row)
    rental = queries.rental(tx, kept.rental_id)
    v = queries.view(tx, rental)
    question = (
        t("<b>By which day will you bring it back?</b> Tap it, or write it.")
        if row.state == SUGGEST
        else t("<b>When is it due?</b> Tap the day, or write it.")
    )
    text = lines(
        problem_of(row, t),
        t("<b>Rental {id}</b> · {member}: {what}", id=v.number, member=v.member, what=summed_up(v)),
        question,
    )
    rows = month_rows(t, _month(tx, rental, kept.month or t.today.replace(day=1), t), data)
    return Message(text, (*rows, (cancel(t, data),)))


def _month(tx: Tx, rental: Rental, first: date, t: Texts) -> Month:
    """Return the open days of a month from today on: what ends is always free."""
    timetable = opening_hours.for_rental(tx, rental)
    last = t.today + timedelta(days=dates.MOST_DAYS)
    free, closed = set(), {}
    day = max(first, t.today)
    while day < min(next_month(first), last):
        why = shut_on(timetable, day, What.RETURN, t)
        if why is not None:
            closed[day] = why
        elif dates.due_on(tx, rental, day) > t.now:
            free.add(day)
        day += timedelta(days=1)
    return Month(
        first=first,
        begin=t.today,
        free=frozenset(free),
        taken=frozenset(),
        has_before=first > t.today,
        has_after=next_month(first) < last,
        closed=closed,
    )


def _tapped(step: Request, row: Row, value: str) -> None:
    _take(step, row, on_button(value))
    conversation.render(step, row)


def _typed(step: Request, row: Row, text: str) -> None:
    try:
        day = date_range.understood(step.texts, text, after=step.texts.today).day
    except Refusal as refusal:
        conversation.update(row, ConversationData(problem=keep(refusal)))
    else:
        _take(step, row, day)


def _take(step: Request, row: Row, day: date) -> None:
    actor, rental = step.actor_about(ExtensionData.of(row).rental_id)
    tx = step.by(actor)

    def take() -> None:
        due_at = dates.due_on(tx, rental, day)
        if row.state == SET:
            dates.set_date(tx, rental.id, due_at)
        else:
            dates.suggest(tx, rental.id, due_at)

    if attempt(step, row, take):
        show_result(step, row, rental, by_desk=row.state == SET)


def show_result(step: Request, row: Row, rental: Rental, *, by_desk: bool) -> None:
    """End with the rental's card in place of the question: it tells the answer, too, once there is one."""
    conversation.update(row, ExtensionData(outcome="asked"), to=conversation.OVER)
    draw_here(step, rental, notifications.DESK_CARD if by_desk else notifications.RENTAL_CARD)


_TAPS = {
    "day": _tapped,
    "month": conversation.goto(
        changes=lambda value: ExtensionData(month=date_range.month_on_button(value), problem=None)
    ),
}

TALK = Conversation(
    NAME,
    {
        SET: State(_screen, _TAPS, _typed, fits=date_range.is_day),
        SUGGEST: State(_screen, _TAPS, _typed, fits=date_range.is_day),
        conversation.OVER: State(conversation.nothing_stays),
    },
    CANCEL,
)
