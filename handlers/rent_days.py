"""The days of a basket: from a tap, from typed text, from the line after `/rent`."""

from collections.abc import Callable
from datetime import date, datetime, time

from db.models import Conversation as Row
from db.models import Rental
from handlers import conversation, dates, rent_line
from handlers import rent_screens as screens
from handlers.dates import DateAnswer, Unclear
from handlers.step import Step
from handlers.views.refusals import keep
from services import opening, periods, rentals
from services.errors import Refusal, Refused
from services.opening import Timetable, What
from services.periods import Period

FIRST, LAST, BASKET = "first", "last", "basket"


def attempt(step: Step, row: Row, work: Callable[[], object]) -> bool:
    """Run it in a transaction within this one; a refusal is shown on the card, and nothing has changed."""
    conversation.move(row, problem=None)
    step.session.flush()
    try:
        with step.session.begin_nested():
            work()
    except Refusal as refusal:
        step.session.refresh(row)
        conversation.move(row, problem=keep(refusal))
        return False
    return True


def on_button(value: str) -> date:
    """The day that a button carries. Raises OUTDATED for what no button of ours says."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    if day.year not in dates.YEARS:
        raise Refusal(Refused.OUTDATED)
    return day


def take_from_line(step: Step, row: Row, basket: Rental) -> None:
    first, last = row.data.get("asked_first"), row.data.get("asked_last")
    conversation.move(row, FIRST, asked_first=None, asked_last=None)
    if first is None:
        return
    if last is None:
        take_first(step, row, basket, first)
    elif attempt(step, row, lambda: set_days(step, basket, first, last)):
        conversation.move(row, BASKET)


def set_days(step: Step, basket: Rental, first: str, last: str) -> None:
    """Days as `2026-12-01`, or with a time `2026-12-01 14:00`; without one as it opens and closes."""
    if last[:10] < first[:10]:
        raise Refusal(Refused.END_BEFORE_START)
    timetable = opening.for_rental(step.session, basket, step.now)
    days = date.fromisoformat(first[:10]), date.fromisoformat(last[:10])
    period = timetable.period(*days, step.texts.zone)
    period = Period(
        _moment(step, timetable, first, What.HAND_OUT) or period.starts_at,
        _moment(step, timetable, last, What.RETURN) or period.due_at,
    )
    rentals.set_period(step.session, basket, period, step.now)


def _moment(step: Step, timetable: Timetable, text: str, what: What) -> datetime | None:
    """The moment that was written, if it was one. Raises CLOSED_DAY, OUTSIDE_HOURS."""
    written, _, clock = text.partition(" ")
    if not clock:
        return None
    day, at = date.fromisoformat(written), time.fromisoformat(clock)
    timetable.require_time(day, at, what)
    return periods.at(day, at, step.texts.zone)


def take_first(step: Step, row: Row, basket: Rental, first: str) -> None:
    """The first day is chosen, if the basket can be had from then on."""

    def check() -> None:
        t, rule = step.texts, rentals.rules(step.session, basket)
        day = date.fromisoformat(first[:10])
        if day < t.today:
            raise Refusal(Refused.IN_THE_PAST)
        timetable = opening.for_rental(step.session, basket, step.now)
        timetable.require_still(day, step.now, t.zone)
        _moment(step, timetable, first, What.HAND_OUT)
        period = screens.period_of(timetable, day, None, rule, t)
        if period is not None:
            rentals.check_period(step.session, basket, period, step.now)
            rentals.require_free(step.session, basket, period, step.now)

    if attempt(step, row, check):
        conversation.move(row, LAST, first=first[:10], first_time=first[11:] or None, month=None)
    else:
        conversation.move(row, FIRST)


def take_last(step: Step, row: Row, last: str) -> None:
    basket = screens.draft(step.session, row)
    first = f"{row.data['first']} {row.data.get('first_time', '')}".strip()
    if attempt(step, row, lambda: set_days(step, basket, first, last)):
        conversation.move(row, BASKET, month=None)


def remember_line(row: Row, line: rent_line.RentLine) -> None:
    """Days and number wait until it is clear which equipment they are for."""
    days = [
        a.day.isoformat() + (f" {a.clock:%H:%M}" if a.clock else "") if isinstance(a, DateAnswer) else None
        for a in (line.first, line.last)
    ]
    problem = next((unclear(p) for p in line.problems), None)
    conversation.move(
        row,
        asked_first=days[0],
        asked_last=days[1],
        asked_quantity=line.quantity,
        problem=keep(problem) if problem is not None else None,
    )


def unclear(problem: dates.Problem) -> Refusal:
    """A date that was not understood, as a refusal."""
    if problem.code is Unclear.NO_SUCH_DAY:
        return Refusal(Refused.NO_SUCH_DAY, day=problem.day, month=problem.month)
    if problem.code is Unclear.AMBIGUOUS:
        return Refusal(Refused.AMBIGUOUS_DATE, choices=[day.isoformat() for day in problem.choices])
    return Refusal(Refused.NOT_A_DATE)


def typed_first(step: Step, row: Row, text: str) -> None:
    """One day, or both at once: `1.12. - 3.12.`"""
    t, basket = step.texts, screens.draft(step.session, row)
    both = rent_line.both_days(text, today=t.today, language=t.language)
    if both is not None:
        first, last = _written(both[0]), _written(both[1])
        if attempt(step, row, lambda: set_days(step, basket, first, last)):
            conversation.move(row, BASKET, month=None)
        return
    answer = dates.understand(text, today=t.today, language=t.language)
    if isinstance(answer, DateAnswer):
        take_first(step, row, basket, _written(answer))
    else:
        conversation.move(row, problem=keep(unclear(answer)))


def typed_last(step: Step, row: Row, text: str) -> None:
    t = step.texts
    begin = date.fromisoformat(row.data["first"])
    answer = dates.understand(text, today=t.today, language=t.language, expect_after=begin)
    if isinstance(answer, DateAnswer):
        take_last(step, row, _written(answer))
    else:
        conversation.move(row, problem=keep(unclear(answer)))


def _written(answer: DateAnswer) -> str:
    return answer.day.isoformat() + (f" {answer.clock:%H:%M}" if answer.clock else "")
