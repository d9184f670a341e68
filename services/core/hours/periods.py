"""Conversions between local days and moments in UTC.

Pure arithmetic on the values passed in, without database or clock. Moments are aware and in UTC; days belong
to the time zone passed beside them.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from services.core.errors import Refusal, Refused

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The end of what has no known one: lent until further notice, or overdue.

A moment that both databases and Python compare like any other; nothing that people ask for reaches so far.
"""

_MIDNIGHT = time(0)


@dataclass(frozen=True)
class Hours:
    """An organization's times of check-out and return, local; 00:00 for returns is the end of the day."""

    hand_out: time
    returns: time


@dataclass(frozen=True)
class Period:
    """A rental period from check-out to due time, in UTC.

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
    """Return the period from the first day's check-out to the last day's return, both inclusive.

    Raises END_BEFORE_START, also for a single day where returns are earlier than check-outs.
    """
    return Period(at(first, hours.hand_out, zone), end_of(last, hours.returns, zone))


def end_of(day: date, returns: time, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, of a return on that day; 00:00 is the end of the day."""
    if returns == _MIDNIGHT:
        return start_of_day(day + timedelta(days=1), zone)
    return at(day, returns, zone)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, when local clocks show `clock` on `day`.

    It is the first moment after the gap where the clocks skip that time, the first where they show it twice.
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


def days_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at the same local time so many days later; before, for less than none."""
    local = moment.astimezone(zone)
    return at(local.date() + timedelta(days=days), local.time(), zone)


def whole_days(first: date, last: date, zone: ZoneInfo) -> Period:
    """Return the period of whole days, `last` inclusive. Raises END_BEFORE_START."""
    return Period(start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone))


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the day's first moment, in UTC; not 00:00 where the clocks skip midnight."""
    return at(day, _MIDNIGHT, zone)


def first_day(starts_at: datetime, zone: ZoneInfo) -> date:
    """Return the local day on which a period begins."""
    return starts_at.astimezone(zone).date()


def last_day(due_at: datetime, zone: ZoneInfo) -> date:
    """Return the local day on which a period ends; one due at midnight ends on the day before."""
    return (due_at - timedelta(microseconds=1)).astimezone(zone).date()


def days(period: Period, zone: ZoneInfo) -> int:
    """Return the number of local days in a period, inclusive: 1 to 3 December is three."""
    return (last_day(period.due_at, zone) - first_day(period.starts_at, zone)).days + 1


def local_today(now: datetime, zone: ZoneInfo) -> date:
    """Return the local date at `now`."""
    return now.astimezone(zone).date()


def day_of(moment: datetime | None, zone: ZoneInfo) -> date | None:
    """Return the local day of a moment; None for None."""
    return moment.astimezone(zone).date() if moment is not None else None


def last_day_of(until: datetime | None, zone: ZoneInfo) -> date | None:
    """Return the last local day before this end: the day before, where it is midnight; None for None."""
    return day_of(until - timedelta(microseconds=1), zone) if until is not None else None


@dataclass(frozen=True)
class Span:
    """Opening and closing time on one day, local; `breaks`: when it is closed in between, by time."""

    opens: time
    closes: time
    breaks: "tuple[Span, ...]" = ()

    def has(self, clock: time) -> bool:
        return any(one.opens <= clock <= one.closes for one in self.parts())

    def parts(self) -> "tuple[Span, ...]":
        """Return the hours before, between and after the breaks."""
        begins = [self.opens, *(one.closes for one in self.breaks)]
        ends = [*(one.opens for one in self.breaks), self.closes]
        return tuple(Span(opens, closes) for opens, closes in zip(begins, ends, strict=True))

    def open_from(self, clock: time) -> time:
        """Return the first open moment that is not before `clock`; when it opens, where none is."""
        later = (max(one.opens, clock) for one in self.parts() if clock < one.closes)
        return next(later, self.opens)


def joined(spans: Iterable[Span]) -> Span | None:
    """Return one span with everything that is open in any of these, in whatever order; None for none."""
    parts: list[Span] = []
    for one in sorted((part for span in spans for part in span.parts()), key=lambda part: part.opens):
        if parts and one.opens <= parts[-1].closes:
            parts[-1] = Span(parts[-1].opens, max(parts[-1].closes, one.closes))
        else:
            parts.append(one)
    if not parts:
        return None
    breaks = tuple(Span(a.closes, b.opens) for a, b in pairwise(parts))
    return Span(parts[0].opens, parts[-1].closes, breaks)


def as_text(span: Span) -> str:
    """Return hours as they are stored and noted: `10:00-12:00,16:00-18:00`."""
    return ",".join(f"{one.opens:%H:%M}-{one.closes:%H:%M}" for one in span.parts())


def from_text(text: str) -> Span | None:
    """Return hours from `as_text`; None for none."""
    clocks = [[time.fromisoformat(end) for end in part.split("-")] for part in text.split(",") if part]
    return joined(Span(opens, closes) for opens, closes in clocks)


@dataclass(frozen=True)
class Closure:
    """Days from `first` to `last`, inclusive, on which the week does not hold.

    They are closed, or open during `hours`; `yearly`: in every year from then on.
    """

    id: int
    place: int | None
    first: date
    last: date
    reason: str
    yearly: bool = False
    hours: Span | None = None

    def covers(self, day: date) -> bool:
        if not self.yearly:
            return self.first <= day <= self.last
        length = self.last - self.first
        begins = (_in_year(self.first, year) for year in (day.year - 1, day.year))
        return day >= self.first and any(one <= day <= one + length for one in begins)

    def following(self, day: date) -> date:
        """Return the first of these days in the year in which they next end on `day` or later.

        Days that begin in a later year are still to come as they were said.
        """
        if not self.yearly:
            return self.first
        years = (_in_year(self.first, day.year + n) for n in (-1, 0, 1))
        length = self.last - self.first
        return next((one for one in years if one >= self.first and one + length >= day), self.first)


def _in_year(day: date, year: int) -> date:
    """Return the same day of another year; 1 March for 29 February where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
