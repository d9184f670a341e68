"""When else: the same time of day, so many days later, where it is open and everything can be had."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.availability.schedules import Demand, Schedule
from services.core import periods
from services.core.errors import Refusal
from services.core.opening_hours import Timetable, What


def next_free(
    schedule: Schedule,
    wishes: Sequence[Demand],
    starts_at: datetime,
    due_at: datetime,
    zone: ZoneInfo,
    *,
    days: int,
    timetable: Timetable | None = None,
) -> tuple[datetime, datetime] | None:
    """The nearest period on later days, within `days`, when all wishes can be served."""
    found = later_periods(schedule, wishes, starts_at, due_at, zone, days=days, timetable=timetable)
    return next(found, None)


def later_periods(
    schedule: Schedule,
    wishes: Sequence[Demand],
    starts_at: datetime,
    due_at: datetime,
    zone: ZoneInfo,
    *,
    days: int,
    timetable: Timetable | None = None,
) -> Iterator[tuple[datetime, datetime]]:
    """All such periods, the nearest first.

    From and until the same time of day in `zone` as asked, also where the clocks change; where there are
    opening hours, at those, and never on a closed day.
    """
    for ahead in range(1, days + 1):
        later = moved(starts_at, due_at, ahead, zone, timetable)
        if later is not None and schedule.has(wishes, *later):
            yield later


def moved(
    starts_at: datetime, due_at: datetime, ahead: int, zone: ZoneInfo, timetable: Timetable | None
) -> tuple[datetime, datetime] | None:
    """So many days later; None where it is closed then."""
    same = days_later(starts_at, ahead, zone), days_later(due_at, ahead, zone)
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


def days_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same time of day, so many days later."""
    local = moment.astimezone(zone)
    return periods.at(local.date() + timedelta(days=days), local.time(), zone)
