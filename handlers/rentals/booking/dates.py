"""The days of a basket: from a tap, from typed text, from the line after `/rent`."""

from datetime import date, datetime, time, timedelta

from db.models import Conversation as Row
from db.models import Rental
from handlers.parsing import rental_line
from handlers.parsing.dates import DateAnswer
from handlers.rentals.booking import screens
from handlers.rentals.booking.data import RentData
from handlers.ui import conversation
from handlers.ui.form import attempt, there, unclear
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from handlers.ui.widgets.date_range import DateRange
from services.availability import reservations
from services.core import opening_hours, periods
from services.core.errors import Refusal, Refused
from services.core.opening_hours import Timetable, What
from services.core.periods import Period
from services.rentals import request

FIRST, LAST, BASKET = "first", "last", "basket"

DAY_FIRST = ("nb",)
"""Languages of organizations in which `4/12` is the 4th of December; in English it is asked."""

_SOON = 30
"""Days within which the first open one is looked for."""

_MOST_DAYS = 10_000


def take_from_line(step: Request, row: Row, basket: Rental) -> None:
    kept = RentData.of(row)
    first, last = kept.asked_first, kept.asked_last
    if kept.asked_length and not first:
        first, last = _soonest(step, basket, kept.asked_length)
    conversation.update(row, RentData(asked_first="", asked_last="", asked_length=0), to=FIRST)
    if not first:
        return
    if not last:
        take_first(step, row, basket, first)
    elif attempt(step, row, lambda: set_days(step, basket, first, last)):
        conversation.update(row, to=BASKET)


def _soonest(step: Request, basket: Rental, length: int) -> tuple[str, str]:
    """Return the first and last of so many days, from the first day on which things are still handed out."""
    t, timetable = step.texts, opening_hours.for_rental(step.tx, basket)
    ahead = (t.today + timedelta(days=n) for n in range(_SOON))
    first = next((day for day in ahead if screens.shut_on(timetable, day, What.HAND_OUT, t) is None), t.today)
    return first.isoformat(), (first + timedelta(days=min(length, _MOST_DAYS) - 1)).isoformat()


def moves(step: Request, row: Row, basket: Rental) -> bool:
    """Return whether the days of the line are others than those of the basket, where it has some."""
    kept = RentData.of(row)
    if basket.starts_at is None or basket.due_at is None or not (kept.asked_first or kept.asked_length):
        return False
    zone = step.texts.zone
    now = [moment.astimezone(zone).date().isoformat() for moment in (basket.starts_at, basket.due_at)]
    if not reservations.lines_of(step.session, basket.id):
        return False
    return [kept.asked_first[:10], kept.asked_last[:10] or kept.asked_first[:10]] != now


def set_days(step: Request, basket: Rental, first: str, last: str) -> None:
    """Set days like `2026-12-01`, or `2026-12-01 14:00`; without a time, from opening to closing time."""
    if last[:10] < first[:10]:
        raise Refusal(Refused.END_BEFORE_START)
    timetable = opening_hours.for_rental(step.tx, basket)
    days = date.fromisoformat(first[:10]), date.fromisoformat(last[:10])
    period = timetable.period(*days, step.texts.zone)
    period = Period(
        _moment(step, timetable, first, What.HAND_OUT) or period.starts_at,
        _moment(step, timetable, last, What.RETURN) or period.due_at,
    )
    request.set_period(step.tx, basket, period, timetable=timetable)


def _moment(step: Request, timetable: Timetable, text: str, what: What) -> datetime | None:
    """Return the moment, if a time was written. Raises CLOSED_DAY, OUTSIDE_HOURS."""
    written, _, clock = text.partition(" ")
    if not clock:
        return None
    day, at = date.fromisoformat(written), time.fromisoformat(clock)
    timetable.require_time(day, at, what)
    return periods.at(day, at, step.texts.zone)


def take_first(step: Request, row: Row, basket: Rental, first: str) -> None:
    """Choose the first day, if the basket is available from then on."""

    def check() -> None:
        t, rule = step.texts, request.rules(step.tx, basket)
        day = date.fromisoformat(first[:10])
        if day < t.today:
            raise Refusal(Refused.IN_THE_PAST)
        timetable = opening_hours.for_rental(step.tx, basket)
        timetable.require_still(day, step.now, t.zone)
        _moment(step, timetable, first, What.HAND_OUT)
        period = screens.period_of(timetable, day, None, rule, t)
        if period is not None:
            request.check_period(step.tx, basket, period, timetable=timetable)
            reservations.require_free(step.tx, basket, period)

    if attempt(step, row, check):
        conversation.update(
            row, RentData(first=date_range.day_of(first), first_time=first[11:], month=None), to=LAST
        )
    else:
        conversation.update(row, to=FIRST)


def take_last(step: Request, row: Row, last: str) -> None:
    take_both(step, row, f"{_first_day(row)} {RentData.of(row).first_time}".strip(), last)


def remember_line(row: Row, line: rental_line.RentLine) -> None:
    """Keep days and quantity until it is clear which equipment they are for."""
    days = [date_range.kept(a) if isinstance(a, DateAnswer) else None for a in (line.first, line.last)]
    problem = next((unclear(p) for p in line.problems), None)
    conversation.update(
        row,
        RentData(
            asked_first=days[0] or "",
            asked_last=days[1] or "",
            asked_length=line.length or 0,
            asked_quantity=1 if line.quantity is None else line.quantity,
            problem=keep(problem) if problem is not None else None,
        ),
    )


def take_both(step: Request, row: Row, first: str, last: str) -> None:
    basket = screens.draft(step.tx, row)
    if attempt(step, row, lambda: set_days(step, basket, first, last)):
        conversation.update(row, RentData(month=None), to=BASKET)


def _take_first(step: Request, row: Row, first: str) -> None:
    basket = screens.draft(step.tx, row)
    if basket.changes_id is None or not _move(step, row, basket, first):
        take_first(step, row, basket, first)


def _move(step: Request, row: Row, basket: Rental, first: str) -> bool:
    """Have a rental that is changed begin on this day, and last as long as before, if that is possible."""
    if basket.starts_at is None or basket.due_at is None:
        return False
    zone = step.texts.zone
    longer = periods.last_day(basket.due_at, zone) - periods.first_day(basket.starts_at, zone)
    last = (date.fromisoformat(first[:10]) + longer).isoformat()
    if not attempt(step, row, lambda: set_days(step, basket, first, last)):
        return False
    conversation.update(row, RentData(month=None), to=BASKET)
    return True


def keep_first(step: Request, row: Row, basket: Rental) -> None:
    """Keep the first day, with its time where that is none of the usual, and ask for the last one."""
    if basket.starts_at is None:
        raise Refusal(Refused.OUTDATED)
    begins = basket.starts_at.astimezone(step.texts.zone)
    usual = opening_hours.for_rental(step.tx, basket).hand_out_from(begins.date())
    clock = begins.time().replace(second=0, microsecond=0, tzinfo=None)
    kept = "" if clock == usual or basket.starts_at <= step.now else clock.isoformat("minutes")
    conversation.update(row, RentData(first=begins.date(), first_time=kept, month=None), to=LAST)


def lengthen(step: Request, row: Row, basket: Rental, length: int) -> None:
    """Have the basket for so many days from its first one."""
    if basket.starts_at is None:
        raise Refusal(Refused.OUTDATED)
    first = basket.starts_at.astimezone(step.texts.zone).date()
    last = first + timedelta(days=min(length, _MOST_DAYS) - 1)
    take_both(step, row, first.isoformat(), last.isoformat())


def _first_day(row: Row) -> date:
    return there(RentData.of(row).first)


DAYS = DateRange(_take_first, take_last, take_both, _first_day)
