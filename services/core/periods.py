"""Days and hours: a member thinks in local days, the database keeps UTC.

Everything here is arithmetic on values passed in: no database, no clock. Moments are aware and in UTC,
days belong to the time zone that is named beside them.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.core.errors import Refusal, Refused

_MIDNIGHT = time(0)


@dataclass(frozen=True)
class Hours:
    """When an organisation hands out and takes back, local time. Returns at 00:00 are the end of the day."""

    hand_out: time
    returns: time


@dataclass(frozen=True)
class Period:
    """From the hand-out to the promise to be back, in UTC.

    Raises END_BEFORE_START if it would be empty, ValueError for a moment that is not in UTC.
    """

    starts_at: datetime
    due_at: datetime

    def __post_init__(self) -> None:
        for moment in (self.starts_at, self.due_at):
            if moment.utcoffset() != timedelta(0):
                raise ValueError(f"not in UTC: {moment!r}")
        if self.due_at <= self.starts_at:
            raise Refusal(Refused.END_BEFORE_START)


def of_days(first: date, last: date, zone: ZoneInfo, hours: Hours) -> Period:
    """From the first day's hand-out to the last day's return; both days count.

    Raises END_BEFORE_START, also for a single day where returns are earlier than hand-outs.
    """
    return Period(at(first, hours.hand_out, zone), end_of(last, hours.returns, zone))


def end_of(day: date, returns: time, zone: ZoneInfo) -> datetime:
    """When what is to be back at that time on that day is due; 00:00 is the end of the day."""
    if returns == _MIDNIGHT:
        return start_of_day(day + timedelta(days=1), zone)
    return at(day, returns, zone)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, when local clocks show `clock` on `day`.

    Where the clocks skip that time it is the first moment after the gap; where they show it twice, the first.
    """
    local = datetime.combine(day, clock.replace(tzinfo=None, fold=0), zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # In a gap the offset before it (fold 0) leads past the change and the one after it (fold 1) falls
    # short: the change itself, always on a whole second, lies between the two.
    short = local.replace(fold=1, microsecond=0).astimezone(UTC)
    old_offset = short.astimezone(zone).utcoffset()

    def changed(seconds: int) -> bool:
        return (short + timedelta(seconds=seconds)).astimezone(zone).utcoffset() != old_offset

    most = int((moment - short).total_seconds()) + 1
    return short + timedelta(seconds=bisect_left(range(most), True, key=changed))


def whole_days(first: date, last: date, zone: ZoneInfo) -> Period:
    """From the first day's midnight to the last day's. Raises END_BEFORE_START."""
    return Period(start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone))


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The day's first moment, in UTC; not 00:00 where the clocks skip midnight."""
    return at(day, _MIDNIGHT, zone)


def first_day(starts_at: datetime, zone: ZoneInfo) -> date:
    """The local day in which a period begins."""
    return starts_at.astimezone(zone).date()


def last_day(due_at: datetime, zone: ZoneInfo) -> date:
    """The local day in which a period ends: due at midnight means the end of the day before."""
    return (due_at - timedelta(microseconds=1)).astimezone(zone).date()


def days(period: Period, zone: ZoneInfo) -> int:
    """How many local days it touches, both ends counted: 1 to 3 December is three."""
    return (last_day(period.due_at, zone) - first_day(period.starts_at, zone)).days + 1


def local_today(now: datetime, zone: ZoneInfo) -> date:
    """What day it is there."""
    return now.astimezone(zone).date()


def day_of(moment: datetime | None, zone: ZoneInfo) -> date | None:
    """The local day in which a moment lies."""
    return moment.astimezone(zone).date() if moment is not None else None


def last_day_of(until: datetime | None, zone: ZoneInfo) -> date | None:
    """The last local day of what ends at this moment: the day before, where that is midnight."""
    return day_of(until - timedelta(microseconds=1), zone) if until is not None else None
