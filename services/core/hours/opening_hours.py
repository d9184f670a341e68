"""Opening hours and closed days: the days and times of check-outs and check-ins.

Opening hours belong to one location, or to all that have none of their own; without any, every day is open at
the policy's times. Only services/core/hours/periods.py turns them into moments.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from db.models import Claim, ClosedDays, Item, Location, OpeningHours, Organization, Rental, RentalLine
from db.states import LENDABLE, OCCUPYING
from services.core import policy
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.hours.periods import Closure, Hours, Period, Span, as_text, from_text, joined
from services.core.tx import Tx

LOOK_AHEAD_DAYS = 366
"""The number of days in which the next open day is searched."""

_END_OF_DAY = time(0)
"""The end of a day in `Hours.returns`."""

Moments = tuple[datetime, datetime]
"""A beginning and an end, in UTC."""

Place = int | None
"""A location's id; None stands for all others, and for items without a location."""


class What(StrEnum):
    HAND_OUT = "hand_out"
    RETURN = "return"


@dataclass(frozen=True)
class Weekday:
    """The hours of check-outs and check-ins on a day of the week; None where there are none."""

    hand_out: Span | None = None
    take_back: Span | None = None

    def span(self, what: What) -> Span | None:
        return self.hand_out if what is What.HAND_OUT else self.take_back


Week = Mapping[int, Weekday]
"""Hours by weekday, from 0 for Monday. A missing day is closed."""


@dataclass(frozen=True)
class Shut:
    """A closed day: by a closure, or because the week has no hours on it. `places`: where all of it is."""

    closure: Closure | None = None
    places: frozenset[Place] = frozenset()


_SHUT = Shut()


@dataclass(frozen=True)
class Timetable:
    """The opening hours that apply to some equipment.

    `groups` has the locations of each equipment's items: equipment is available where one of them is open,
    and all equipment has to be. `hours` are the policy's. `names` has those of locations where any has hours
    or closed days of its own.
    """

    hours: Hours
    weeks: Mapping[Place, Week]
    closures: Sequence[Closure]
    groups: Sequence[frozenset[Place]] = (frozenset([None]),)
    names: Mapping[Place, str] = field(default_factory=dict, repr=False, compare=False)
    _looked_up: dict[tuple[Place, date, What], "Span | Shut | None"] = field(
        default_factory=dict, repr=False, compare=False
    )
    """A cache: a calendar asks for the same day repeatedly."""

    def week(self, place: Place) -> Week | None:
        """Return the location's own week, else the common one; None where it is always open."""
        return self.weeks.get(place) or self.weeks.get(None)

    def shut(self, day: date, what: What) -> Shut | None:
        """Return why there are no check-outs, or check-ins, on that day; None where there are."""
        for group in self.groups:
            found = [self._at(place, day, what) for place in sorted(group, key=lambda place: place or 0)]
            shut = [one for one in found if isinstance(one, Shut)]
            if len(shut) == len(found):
                told = next((one for one in shut if one.closure is not None), shut[0])
                return Shut(told.closure, group)
        return None

    def is_shut(self, place: Place, day: date, what: What) -> bool:
        """Return whether this location has no check-outs, or check-ins, on that day."""
        return isinstance(self._at(place, day, what), Shut)

    def _at(self, place: Place, day: date, what: What) -> Span | Shut | None:
        """Return the hours, the closure, or None for a day that is open at any time."""
        key = place, day, what
        if key not in self._looked_up:
            self._looked_up[key] = self._look_up(place, day, what)
        return self._looked_up[key]

    def _look_up(self, place: Place, day: date, what: What) -> Span | Shut | None:
        closure = self._exception(place, day)
        if closure is not None:
            return closure.hours or Shut(closure)
        week = self.week(place)
        if week is None:
            return None
        return week.get(day.weekday(), Weekday()).span(what) or _SHUT

    def _exception(self, place: Place, day: date) -> Closure | None:
        """Return what holds instead of the week: what was said last, of a closed place only for itself."""
        found = [one for one in self.closures if one.place in (None, place) and one.covers(day)]
        if any(one.place is not None and one.hours is None for one in found):
            found = [one for one in found if one.place is not None or one.hours is None]
        return max(found, key=lambda one: one.id, default=None)

    def _spans(self, day: date, what: What) -> list[list[Span | None]]:
        """Return, for each equipment, the hours of its open locations. Raises CLOSED_DAY."""
        self.require(day, what)
        found = [[self._at(place, day, what) for place in group] for group in self.groups]
        return [[one for one in group if not isinstance(one, Shut)] for group in found]

    def require(self, day: date, what: What) -> None:
        """Raise CLOSED_DAY, with the next open day, where it is closed."""
        shut = self.shut(day, what)
        if shut is None:
            return
        following = self.next_open(day, what)
        raise Refusal(
            Refused.CLOSED_DAY,
            day=day.isoformat(),
            what=what.value,
            reason=shut.closure.reason if shut.closure is not None else "",
            following=following.isoformat() if following is not None else None,
            places=self._named(shut),
        )

    def _named(self, shut: Shut) -> list[str]:
        """Return the names of the closed places; none where all is closed, or a place has no name."""
        is_general = shut.closure is not None and shut.closure.place is None
        if is_general or not shut.places <= self.names.keys():
            return []
        return sorted(self.names[place] for place in shut.places)

    def require_time(self, day: date, clock: time, what: What) -> None:
        """Raise CLOSED_DAY for a closed day, OUTSIDE_HOURS for a time outside the day's hours."""
        for spans in self._spans(day, what):
            told = [span for span in spans if span is not None]
            hours = joined(told) if len(told) == len(spans) else None
            if hours is not None and not hours.has(clock):
                breaks = {"breaks": [as_text(one) for one in hours.breaks]} if hours.breaks else {}
                raise Refusal(
                    Refused.OUTSIDE_HOURS,
                    day=day.isoformat(),
                    what=what.value,
                    opens=f"{hours.opens:%H:%M}",
                    closes=f"{hours.closes:%H:%M}",
                    **breaks,
                )

    def require_still(self, day: date, now: datetime, zone: ZoneInfo) -> None:
        """Raise OUTSIDE_HOURS where that day's check-outs are over at `now`, CLOSED_DAY for a closed day."""
        if not self.is_still(day, now, zone):
            self.require_time(day, now.astimezone(zone).time(), What.HAND_OUT)

    def is_still(self, day: date, now: datetime, zone: ZoneInfo) -> bool:
        """Return whether that day's check-outs are not over at `now`. Raises CLOSED_DAY."""
        ends = self.hand_out_until(day)
        return ends is None or now < periods.at(day, ends, zone)

    def is_return_still(self, day: date, now: datetime, zone: ZoneInfo) -> bool:
        """Return whether that day's return time is not past at `now`. Raises CLOSED_DAY."""
        return now < periods.end_of(day, self.take_back_until(day), zone)

    def require_return_still(self, now: datetime, zone: ZoneInfo, due_at: datetime) -> None:
        """Raise TODAY_OVER where it is due today and the return time is past at `now`; CLOSED_DAY."""
        day = periods.local_today(now, zone)
        if periods.last_day(due_at, zone) == day and not self.is_return_still(day, now, zone):
            raise today_over(What.RETURN, self.take_back_until(day))

    @property
    def is_ever_closed(self) -> bool:
        """Return whether there are hours or days at which something is closed."""
        return bool(self.weeks) or bool(self.closures)

    def open_on(self, day: date, zone: ZoneInfo, *what: What) -> list[Moments]:
        """Return when it is open on that day for one of `what`, in UTC; nothing for a closed day."""
        found = sorted(one for kind in what for one in self._open_on(day, zone, kind))
        parts: list[Moments] = []
        for begin, end in found:
            if parts and begin <= parts[-1][1]:
                parts[-1] = parts[-1][0], max(parts[-1][1], end)
            else:
                parts.append((begin, end))
        return parts

    def _open_on(self, day: date, zone: ZoneInfo, what: What) -> list[Moments]:
        """Return the hours common to all equipment, or all of its hours where none are."""
        if self.shut(day, what) is not None:
            return []
        whole = periods.whole_days(day, day, zone)
        each: list[list[Moments]] = []
        for spans in self._spans(day, what):
            told = [span for span in spans if span is not None]
            hours = joined(told) if len(told) == len(spans) else None
            each.append(
                [(periods.at(day, p.opens, zone), periods.end_of(day, p.closes, zone)) for p in hours.parts()]
                if hours is not None
                else [(whole.starts_at, whole.due_at)]
            )
        common = each[0]
        for one in each[1:]:
            shared = [(max(a, c), min(b, d)) for a, b in common for c, d in one]
            common = [(begin, end) for begin, end in shared if begin < end]
        return common or [moments for one in each for moments in one]

    def last_within(self, first: date, days: int) -> date:
        """Return the last of so many open days from `first` on, which is counted whatever it is."""
        day, left, furthest = first, days - 1, first + timedelta(days=days + LOOK_AHEAD_DAYS)
        while left > 0 and day < furthest:
            day += timedelta(days=1)
            left -= not all(self.shut(day, what) for what in What)
        return day

    def next_open(self, day: date, what: What) -> date | None:
        """Return the next open day after `day`; None where there is none within a year."""
        later = (day + timedelta(days=ahead) for ahead in range(1, LOOK_AHEAD_DAYS + 1))
        return next((one for one in later if self.shut(one, what) is None), None)

    def hand_out_from(self, day: date) -> time:
        """Return when all equipment is available: the policy's time within the hours, else the opening time.

        Raises CLOSED_DAY.
        """
        usual = self.hours.hand_out
        return max(
            min(usual if span is None else span.open_from(usual) for span in spans)
            for spans in self._spans(day, What.HAND_OUT)
        )

    def hand_out_until(self, day: date) -> time | None:
        """Return the closing time; None where it does not close during the day. Raises CLOSED_DAY."""
        ends = [
            max(span.closes for span in spans if span is not None)
            for spans in self._spans(day, What.HAND_OUT)
            if None not in spans
        ]
        return min(ends, default=None)

    def take_back_until(self, day: date) -> time:
        """Return the time by which it is due, 00:00 for the end of the day. Raises CLOSED_DAY."""

        def latest(spans: list[Span | None]) -> time:
            return max((self.hours.returns if s is None else s.closes for s in spans), key=_as_end)

        return min((latest(spans) for spans in self._spans(day, What.RETURN)), key=_as_end)

    def period(self, first: date, last: date, zone: ZoneInfo) -> Period:
        """Return the period from opening to closing time. Raises CLOSED_DAY, END_BEFORE_START."""
        hours = Hours(self.hand_out_from(first), self.take_back_until(last))
        return periods.of_days(first, last, zone, hours)

    def shortest(
        self, first: date, zone: ZoneInfo, *, most: int, now: datetime | None = None
    ) -> Period | None:
        """Return the period from `first` to the first possible day of return; None beyond `most` days.

        `now`: a day whose return time is past by then is none. Raises CLOSED_DAY where `first` is closed.
        """
        self.require(first, What.HAND_OUT)
        for last in (first + timedelta(days=ahead) for ahead in range(most)):
            try:
                period = self.period(first, last, zone)
            except Refusal:
                continue
            if now is None or now < period.due_at:
                return period
        return None

    def due(self, day: date, usual: datetime, zone: ZoneInfo) -> datetime:
        """Return when it is due on that day: closing time, or the time of day of `usual` without hours.

        Raises CLOSED_DAY.
        """
        if not self.weeks and not any(one.hours for one in self.closures):
            self.require(day, What.RETURN)
            return periods.end_of(day, usual.astimezone(zone).time(), zone)
        return periods.end_of(day, self.take_back_until(day), zone)


def today_over(what: What, closes: time, took: Sequence[date] = ()) -> Refusal:
    """Return the refusal of what is past today; `took`: first and last of the later days taken instead."""
    days = [day.isoformat() for day in took]
    return Refusal(Refused.TODAY_OVER, what=what.value, closes=f"{closes:%H:%M}", took=days)


def _as_end(clock: time) -> tuple[bool, time]:
    return clock == _END_OF_DAY, clock


# Built once, as each transaction about days reads both.
_HOURS = select(OpeningHours.__table__).where(OpeningHours.organization_id == bindparam("organization"))
_CLOSED = (
    select(ClosedDays.__table__)
    .where(
        ClosedDays.organization_id == bindparam("organization"),
        ClosedDays.yearly | (ClosedDays.last >= bindparam("since")),
    )
    .order_by(ClosedDays.first, ClosedDays.id)
)


def of(session: Session, organization: Organization, since: date) -> Timetable:
    """Return the timetable of all locations, with the closures that end on `since` or later."""
    weeks: dict[Place, dict[int, Weekday]] = {}
    for row in session.execute(_HOURS, {"organization": organization.id}):
        week = weeks.setdefault(row.location_id, {})
        week[row.weekday] = _with(week.get(row.weekday, Weekday()), row)
    closures = session.execute(_CLOSED, {"organization": organization.id, "since": since})
    rule = policy.of(organization)
    closed = [closure(row) for row in closures]
    names: dict[Place, str] = {}
    if any(weeks) or any(one.place for one in closed):
        named = select(Location.id, Location.name).where(Location.organization_id == organization.id)
        names = {row.id: row.name for row in session.execute(named)}
    return Timetable(Hours(rule.hand_out_at, rule.return_at), weeks, closed, names=names)


def closure(row: ClosedDays | Row[Any]) -> Closure:
    """Return the days of this row."""
    hours = from_text(row.hours)
    return Closure(row.id, row.location_id, row.first, row.last, row.reason, row.yearly, hours)


def _with(known: Weekday, row: Row[Any]) -> Weekday:
    """Add a row to those of its day: there may be several, such as before and after noon."""

    def wider(span: Span | None, counts: bool) -> Span | None:
        return joined([*([span] if span else []), Span(row.opens, row.closes)]) if counts else span

    return Weekday(wider(known.hand_out, row.hands_out), wider(known.take_back, row.takes_back))


def of_all(tx: Tx, since: date | None = None) -> Timetable:
    """Return the timetable of all locations from yesterday or `since` on, read once in a transaction."""
    yesterday = tx.today - timedelta(days=1)
    first = min(since or yesterday, yesterday)
    key = ("timetable", tx.organization_id, first)
    return tx.once(key, lambda: of(tx.session, tx.organization, first))


def for_rental(tx: Tx, rental: Rental, *, anew: bool = False, since: date | None = None) -> Timetable:
    """Return the timetable of the equipment that a rental has or demands; `since`: a day in the past.

    What it has comes from and goes back to each of its items' places; `anew`: as if it had nothing yet.
    """
    found = of_all(tx.of(rental.organization_id), since)
    if not any(found.weeks) and all(closure.place is None for closure in found.closures):
        return found
    groups = _places(tx.session, rental, anew=anew)
    return replace(found, groups=groups) if groups else found


def deadline(
    tx: Tx,
    rental: Rental,
    since: datetime,
    hours: int,
    *what: What,
    timetable: Timetable | None = None,
) -> datetime:
    """Return the end of so many hours from `since` on, counted only while it is open for one of `what`.

    A day of hours is at most a day on which it is open: 24 hours end at the close of the next such day at the
    latest, or a club that opens for an hour a week would keep a day's deadline for months. `timetable`: the
    rental's, where it is known.
    """
    zone = tx.of(rental.organization_id).zone
    first = periods.first_day(since, zone)
    timetable = timetable or for_rental(tx, rental, since=first)
    left = timedelta(hours=hours)
    if not timetable.is_ever_closed:
        return since + left
    day, days_left, shut = first, -(-hours // 24), 0
    while shut <= LOOK_AHEAD_DAYS:
        spans = timetable.open_on(day, zone, *what)
        for opens, closes in spans:
            begin = max(opens, since)
            if closes - begin >= left:
                return begin + left
            left -= max(closes - begin, timedelta(0))
        if spans:
            shut = 0
            days_left -= day > first
            if days_left == 0:
                return spans[-1][1]
        shut += not spans
        day += timedelta(days=1)
    # It never opens again: nobody would ever be released.
    return since + timedelta(hours=hours)


def _places(session: Session, rental: Rental, *, anew: bool) -> list[frozenset[Place]]:
    """Return each location of what is allocated, else those of each equipment's items that could be."""
    claimed = session.scalars(
        select(Item.location_id)
        .join(Claim, Claim.item_id == Item.id)
        .where(Claim.rental_id == rental.id, Claim.status.in_(OCCUPYING))
        .distinct()
    ).all()
    if claimed and not anew:
        return [frozenset([place]) for place in sorted(claimed, key=lambda place: place or 0)]
    wanted = session.execute(
        select(RentalLine.equipment_id, Item.location_id)
        .join(Item, Item.equipment_id == RentalLine.equipment_id)
        .where(
            RentalLine.rental_id == rental.id,
            Item.condition.in_(LENDABLE),
            RentalLine.item_id.is_(None) | (RentalLine.item_id == Item.id),
        )
        .distinct()
    )
    return _grouped((row.equipment_id, row.location_id) for row in wanted)


def _grouped(found: Iterable[tuple[int, Place]]) -> list[frozenset[Place]]:
    groups: dict[int, set[Place]] = {}
    for equipment_id, place in found:
        groups.setdefault(equipment_id, set()).add(place)
    return [frozenset(groups[key]) for key in sorted(groups)]
