"""The days of a basket: from a tap, from typed text, from the line after `/rent`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from db.models import Conversation as Row
from db.models import Rental
from handlers.i18n.texts import Texts
from handlers.parsing import rental_line
from handlers.parsing.dates import DateAnswer
from handlers.parsing.spans.date_ranges import Still
from handlers.rentals.booking import screens
from handlers.rentals.booking.data import RentData
from handlers.ui import conversation
from handlers.ui.form import attempt, there, unclear
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from handlers.ui.widgets.date_range import DateRange
from services.availability import reservations
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import Timetable, What
from services.core.hours.periods import Period
from services.rentals.booking import request

FIRST, LAST, BASKET = "first", "last", "basket"

_FAR = timedelta(days=366)
_SOON = 30
"""Days within which the first open one is looked for."""


def take_from_line(step: Request, row: Row, basket: Rental) -> None:
    kept = RentData.of(row)
    first, last = kept.asked_first, kept.asked_last
    if kept.asked_length and not first:
        first, last = _soonest(step, basket, kept.asked_length)
    elif last and not first:
        # "until monday": from when it can begin
        first, _ = _soonest(step, basket, 1)
    conversation.update(row, RentData(asked_first="", asked_last="", asked_length=0), to=FIRST)
    if not first:
        return
    conversation.update(row, RentData(tried=(first, last)))
    if not last:
        take_first(step, row, basket, first)
    elif attempt(step, row, lambda: _set_said(step, basket, first, last)):
        conversation.update(row, to=BASKET)
    else:
        _show_month_of(step, row, first)


def _show_month_of(step: Request, row: Row, first: str) -> None:
    """Show the month that was named, such as that of "in january", where not all of it can be had."""
    day = date_range.day_of(first)
    if timedelta() < day - step.texts.today < _FAR:
        conversation.update(row, RentData(month=day.replace(day=1)))


def _set_said(step: Request, basket: Rental, first: str, last: str) -> None:
    """Set days that were written, of which the first is not past: `yesterday to friday` is no period."""
    if first[:10] < step.texts.today.isoformat() and basket.changes_id is None:
        raise Refusal(Refused.IN_THE_PAST)
    set_days(step, basket, first, last)


def _soonest(step: Request, basket: Rental, length: int) -> tuple[str, str]:
    """Return the first and last of so many days, from the first day on which things are still handed out."""
    t, timetable = step.texts, opening_hours.for_rental(step.tx, basket)
    more, rule = timedelta(days=min(length, screens.MOST_DAYS) - 1), request.rules(step.tx, basket)
    ahead = [t.today + timedelta(days=n) for n in range(_SOON)]
    open_days = [day for day in ahead if screens.shut_on(timetable, day, What.HAND_OUT, t) is None]
    whole = (day for day in open_days if screens.period_of(timetable, day, day + more, rule, t) is not None)
    first = next(whole, next(iter(open_days), t.today))
    return first.isoformat(), (first + more).isoformat()


def still_had(timetable: Timetable, t: Texts) -> Still:
    """Return from which days on things can still be had, and come back: a closed day says so itself."""

    def since(is_still: Callable[[date, datetime, ZoneInfo], bool]) -> date:
        try:
            return t.today if is_still(t.today, t.now, t.zone) else t.today + timedelta(days=1)
        except Refusal:
            return t.today

    return Still(since(timetable.is_still), since(timetable.is_return_still))


def note(line: rental_line.RentLine, timetable: Timetable, t: Texts) -> dict[str, Any] | None:
    """Return why other days were taken than those that were named, as a conversation keeps it."""
    if not line.moved or line.first is None or line.last is None:
        return None
    days = line.first.day, line.last.day
    if still_had(timetable, t).take_back > t.today:
        return keep(opening_hours.today_over(What.RETURN, timetable.take_back_until(t.today), days))
    until = timetable.hand_out_until(t.today)
    return keep(opening_hours.today_over(What.HAND_OUT, until, days)) if until is not None else None


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

    conversation.update(row, RentData(tried=(first, "")))
    if attempt(step, row, check):
        conversation.update(
            row, RentData(first=date_range.day_of(first), first_time=first[11:], month=None), to=LAST
        )
    else:
        conversation.update(row, to=FIRST)


def take_last(step: Request, row: Row, last: str) -> None:
    take_both(step, row, f"{_first_day(row)} {RentData.of(row).first_time}".strip(), last)


def remember_line(step: Request, row: Row, line: rental_line.RentLine) -> None:
    """Keep days and quantity until it is clear which equipment they are for."""
    told = note(line, opening_hours.of_all(step.tx.of(row.organization_id)), step.texts)
    days = [date_range.kept(a) if isinstance(a, DateAnswer) else None for a in (line.first, line.last)]
    problem = next((unclear(p) for p in line.problems), None)
    if problem is not None and days[0] is None:
        days = [None, None]  # no other first day is taken for the one that was named
    conversation.update(
        row,
        RentData(
            asked_first=days[0] or "",
            asked_last=days[1] or "",
            asked_length=line.length or 0,
            asked_quantity=1 if line.quantity is None else line.quantity,
            problem=keep(problem) if problem is not None else told,
        ),
    )


def take_both(step: Request, row: Row, first: str, last: str) -> None:
    basket = screens.draft(step.tx, row)
    conversation.update(row, RentData(tried=(first, last)))
    if attempt(step, row, lambda: set_days(step, basket, first, last)):
        conversation.update(row, RentData(month=None), to=BASKET)


def typed_first(step: Request, row: Row, text: str) -> None:
    """Take a first day, both days at once, or a length from when it can begin."""
    t, basket = step.texts, screens.draft(step.tx, row)
    timetable = opening_hours.for_rental(step.tx, basket)
    line = rental_line.only_days(
        text, today=t.today, language=t.language, day_first=t.day_first, still=still_had(timetable, t)
    )
    if line is None:
        DAYS.typed_first(step, row, text)
    elif line.length:
        take_both(step, row, *_soonest(step, basket, line.length))
    elif line.first is not None and line.last is not None:
        first, last = date_range.kept(line.first), date_range.kept(line.last)
        conversation.update(row, RentData(tried=(first, last)))
        if attempt(step, row, lambda: _set_said(step, basket, first, last)):
            conversation.update(row, RentData(month=None, problem=note(line, timetable, t)), to=BASKET)
        else:
            _show_month_of(step, row, first)


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


def keep_last(step: Request, row: Row, basket: Rental, first: DateAnswer, *, is_weekday: bool) -> bool:
    """Begin on another day, and keep the last one with its time; return False where that is before it.

    A weekday alone is the one within the days of the basket, if there is one.
    """
    if basket.starts_at is None or basket.due_at is None:
        raise Refusal(Refused.OUTDATED)
    zone = step.texts.zone
    last = periods.last_day(basket.due_at, zone)
    if is_weekday:
        weeks = -((first.day - periods.first_day(basket.starts_at, zone)).days // 7)
        within = first.day + timedelta(weeks=max(weeks, 0))
        first = replace(first, day=within) if within <= last else first
    if not step.texts.today <= first.day <= last:
        return False
    ends = basket.due_at.astimezone(zone)
    usual = opening_hours.for_rental(step.tx, basket).take_back_until(last)
    clock = ends.time().replace(second=0, microsecond=0, tzinfo=None)
    kept = "" if clock == usual or ends.date() != last else f" {clock:%H:%M}"
    take_both(step, row, date_range.kept(first), last.isoformat() + kept)
    return True


def lengthen(step: Request, row: Row, basket: Rental, length: int) -> None:
    """Have the basket for so many days from its first one."""
    if basket.starts_at is None:
        raise Refusal(Refused.OUTDATED)
    first = basket.starts_at.astimezone(step.texts.zone).date()
    last = first + timedelta(days=min(length, screens.MOST_DAYS) - 1)
    take_both(step, row, first.isoformat(), last.isoformat())


def _first_day(row: Row) -> date:
    return there(RentData.of(row).first)


DAYS = DateRange(_take_first, take_last, take_both, _first_day)
