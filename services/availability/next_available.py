"""Alternative periods on later days, open and with everything available."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from services.availability.schedules import Demand, Schedule
from services.core.errors import Refusal
from services.core.hours import periods
from services.core.hours.opening_hours import Timetable, What


def next_free(
    schedule: Schedule,
    demands: Sequence[Demand],
    starts_at: datetime,
    due_at: datetime,
    zone: ZoneInfo,
    *,
    days: int,
    timetable: Timetable | None = None,
) -> tuple[datetime, datetime] | None:
    """Return the nearest period on the next `days` days in which all demands can be served, or None."""
    found = later_periods(schedule, demands, starts_at, due_at, zone, days=days, timetable=timetable)
    return next(found, None)


def later_periods(
    schedule: Schedule,
    demands: Sequence[Demand],
    starts_at: datetime,
    due_at: datetime,
    zone: ZoneInfo,
    *,
    days: int,
    timetable: Timetable | None = None,
) -> Iterator[tuple[datetime, datetime]]:
    """Yield all periods on the next `days` days in which all demands can be served, nearest first.

    They keep the local time of day in `zone`, also across clock changes; with opening hours they follow
    those, and never begin or end on a closed day.
    """
    for ahead in range(1, days + 1):
        later = moved(starts_at, due_at, ahead, zone, timetable)
        if later is not None and schedule.has(demands, *later):
            yield later


def moved(
    starts_at: datetime, due_at: datetime, ahead: int, zone: ZoneInfo, timetable: Timetable | None
) -> tuple[datetime, datetime] | None:
    """Return the period so many days later; None where it is closed then."""
    same = periods.days_later(starts_at, ahead, zone), periods.days_later(due_at, ahead, zone)
    if timetable is None:
        return same
    first, last = periods.first_day(same[0], zone), periods.last_day(same[1], zone)
    if timetable.shut(first, What.HAND_OUT) or timetable.shut(last, What.RETURN):
        return None
    if not timetable.weeks:
        return same
    try:
        period = timetable.period(first, last, zone)
    except Refusal:
        return None
    return period.starts_at, period.due_at
