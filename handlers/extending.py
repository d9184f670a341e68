"""Keeping something longer: until when?"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Organization, Rental
from handlers import conversation, dates
from handlers.conversation import CANCEL, Conversation, State
from handlers.dates import DateAnswer
from handlers.message import Button, Message
from handlers.rent_days import attempt, on_button, unclear
from handlers.rent_screens import data_of, problem_of
from handlers.step import Step
from handlers.texts import Texts, lines
from handlers.views.calendar import Month, month_rows, next_month
from handlers.views.refusals import keep
from services import extensions, overview, periods, policy
from services.errors import Refusal, Refused

NAME, ASK = "extend", "ask"


def begin(step: Step, rental_id: int) -> None:
    """Raises what speaks against more time at all."""
    actor, rental = step.actor_about(rental_id)
    if rental.user_id != actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    actor.require_active()
    end = extensions.latest(step.session, rental, step.now)
    if not _days(step.texts, rental, end):
        raise Refusal(Refused.NOT_FREE_UNTIL, until=end)
    row = conversation.begin(step, NAME, ASK, organization_id=actor.organization_id, rental_id=rental_id)
    conversation.show(step, row)


def _due(step_texts: Texts, rental: Rental, day: date) -> datetime:
    """The same time of day as promised, on another day."""
    assert rental.due_at is not None
    return periods.at(day, step_texts.local(rental.due_at).time(), step_texts.zone)


def _days(t: Texts, rental: Rental, end: datetime) -> list[date]:
    """The days until which it could be kept."""
    assert rental.due_at is not None
    day = t.local(rental.due_at).date() + timedelta(days=1)
    found = []
    while _due(t, rental, day) <= end:
        if _due(t, rental, day) > t.now:
            found.append(day)
        day += timedelta(days=1)
    return found


def _screen(session: Session, row: Row, t: Texts) -> Message:
    rental = session.get_one(Rental, row.data["rental_id"])
    data, problem = data_of(row), problem_of(row, t)
    try:
        free = frozenset(_days(t, rental, extensions.latest(session, rental, t.now)))
    except Refusal:
        free = frozenset()
    first = date.fromisoformat(row.data["month"]) if "month" in row.data else None
    first = first or (min(free).replace(day=1) if free else t.today.replace(day=1))
    month = Month(
        first=first,
        begin=first,
        free=frozenset(day for day in free if day.replace(day=1) == first),
        taken=frozenset(),
        has_before=any(day < first for day in free),
        has_after=any(day >= next_month(first) for day in free),
    )
    v = overview.view(session, rental, t.now)
    text = lines(
        problem,
        t("<b>Rental {id}</b> is due {moment}.", id=v.id, moment=t.moment(v.due_at)),
        t("<b>Until which day do you need it?</b> Tap it, or write it."),
    )
    return Message(text, (*month_rows(t, month, data), (Button(str(t("Cancel")), data("cancel", "")),)))


def _ask(step: Step, row: Row, day: date) -> None:
    actor, rental = step.actor_about(row.data["rental_id"])
    due_at = _due(step.texts, rental, day)
    if attempt(step, row, lambda: extensions.ask(step.session, actor, rental.id, due_at, step.now)):
        rule = policy.of(step.session.get_one(Organization, rental.organization_id))
        outcome = "asked" if rule.extension_approval else "extended"
        conversation.move(row, conversation.OVER, outcome=outcome, until=due_at.isoformat())


def _over(session: Session, row: Row, t: Texts) -> Message | None:
    outcome = row.data.get("outcome")
    if outcome in ("asked", "extended"):
        moment = t.moment(datetime.fromisoformat(row.data["until"]))
        if outcome == "asked":
            return Message(t("Asked for more time, until {moment}. You will hear from us.", moment=moment))
        return Message(t("Done. It is now due {moment}.", moment=moment))
    return None


def _tapped(step: Step, row: Row, value: str) -> None:
    _ask(step, row, on_button(value))
    conversation.show(step, row)


def _month(step: Step, row: Row, value: str) -> None:
    conversation.move(row, month=on_button(value).replace(day=1).isoformat(), problem=None)
    conversation.show(step, row)


def _typed(step: Step, row: Row, text: str) -> None:
    t = step.texts
    rental = step.session.get_one(Rental, row.data["rental_id"])
    assert rental.due_at is not None
    due_day = t.local(rental.due_at).date()
    answer = dates.understand(text, today=t.today, language=t.language, expect_after=due_day)
    if isinstance(answer, DateAnswer):
        _ask(step, row, answer.day)
    else:
        conversation.move(row, problem=keep(unclear(answer)))


EXTEND = Conversation(
    NAME,
    {ASK: State(_screen, {"day": _tapped, "month": _month}, _typed), conversation.OVER: State(_over)},
    CANCEL,
)
