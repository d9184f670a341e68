"""Changes to the opening hours: the week, and the closed days.

Rentals that are already agreed keep their times.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import delete, select

from db.models import ClosedDays, Location, OpeningHours, Organization, Rental
from db.states import RentalStatus, Role
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import Place, Week, Weekday
from services.core.hours.periods import Closure, Span
from services.core.tx import Tx
from services.organizations import management

LONGEST_REASON = 200
LAST_MINUTE = time(23, 59)
"""The latest closing time of a day."""

_ALIVE = (RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT)


def place_name(tx: Tx, place: Place) -> str | None:
    """Return the location's name; None for everywhere. Raises NOT_FOUND, also for another organization's."""
    if place is None:
        return None
    found = tx.session.get(Location, place)
    if found is None or found.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return found.name


def _leads(tx: Tx, place: Place) -> Organization:
    """Return the organization, locked: of two concurrent changes, the second sees the first.

    Raises NOT_ALLOWED, CLOSED, NOT_FOUND.
    """
    tx.actor.require(Role.LEADER)
    organization = management.locked(tx)
    place_name(tx, place)
    return organization


def own_week(tx: Tx, place: Place) -> Week | None:
    """Return the week of this location itself, or the common one; None where it has none."""
    return opening_hours.of(tx.session, tx.organization, date.max).weeks.get(place)


def week_of(tx: Tx, place: Place) -> dict[int, Weekday]:
    """Return the location's hours: its own week, else the common one, else the policy's times every day."""
    for one in (place, None):
        own = own_week(tx, one)
        if own is not None:
            return dict(own)
    rule = tx.policy
    closes = rule.return_at if rule.return_at > rule.hand_out_at else LAST_MINUTE
    span = Span(rule.hand_out_at, closes)
    return {day: Weekday(span, span) for day in range(7)}


def set_days(
    tx: Tx, place: Place, weekdays: Collection[int], hours: Weekday, *, seen: Mapping[int, Weekday]
) -> None:
    """Set the hours of these weekdays; a first change keeps the other days as they were.

    `seen`: the hours that the person saw on some of them. Raises NOT_ALLOWED, NOT_FOUND, NOT_HOURS,
    NO_OPEN_DAY, CHANGED_MEANWHILE.
    """
    organization = _leads(tx, place)
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise Refusal(Refused.NOT_FOUND)
    week = week_of(tx, place)
    if any(day in weekdays and week.get(day, Weekday()) not in (was, hours) for day, was in seen.items()):
        raise audit.changed_meanwhile(tx.session, organization.id, "organization", organization.id)
    _set(tx, place, week | dict.fromkeys(weekdays, hours))


def set_week(tx: Tx, place: Place, week: Week) -> None:
    """Set the hours of a whole week. Raises NOT_ALLOWED, NOT_FOUND, NOT_HOURS, NO_OPEN_DAY."""
    _leads(tx, place)
    _set(tx, place, week)


def _set(tx: Tx, place: Place, wanted: Week) -> None:
    week = {day: one for day, one in wanted.items() if one != Weekday()}
    for span in (span for one in week.values() for span in (one.hand_out, one.take_back)):
        if span is not None and span.opens >= span.closes:
            raise Refusal(Refused.NOT_HOURS)
    if not any(day.hand_out for day in week.values()) or not any(day.take_back for day in week.values()):
        raise Refusal(Refused.NO_OPEN_DAY)
    old = week_of(tx, place)
    if week == own_week(tx, place):
        return
    _write(tx, place, week)
    changes = ((day, old.get(day, Weekday()), week.get(day, Weekday())) for day in range(7))
    noted = {str(day): [as_text(was), as_text(now)] for day, was, now in changes if was != now}
    _note(tx, "set_hours", place, **noted)


def clear(tx: Tx, place: Place) -> None:
    """Remove a week: the common one holds, or the policy's times every day. Raises NOT_ALLOWED."""
    _leads(tx, place)
    before = own_week(tx, place)
    if before is None:
        return
    _write(tx, place, {})
    _note(
        tx,
        "clear_hours",
        place,
        **{str(day): [as_text(hours), None] for day, hours in sorted(before.items())},
    )


def _write(tx: Tx, place: Place, week: Week) -> None:
    tx.session.execute(
        delete(OpeningHours).where(
            OpeningHours.organization_id == tx.organization_id,
            OpeningHours.location_id.is_(None) if place is None else OpeningHours.location_id == place,
        )
    )
    for weekday, hours in sorted(week.items()):
        both = hours.hand_out == hours.take_back
        for span, hands_out, takes_back in (
            (hours.hand_out, True, both),
            (None if both else hours.take_back, False, True),
        ):
            for part in span.parts() if span is not None else ():
                tx.session.add(
                    OpeningHours(
                        organization_id=tx.organization_id,
                        location_id=place,
                        weekday=weekday,
                        opens=part.opens,
                        closes=part.closes,
                        hands_out=hands_out,
                        takes_back=takes_back,
                    )
                )
    tx.session.flush()


def as_text(hours: Weekday) -> list[str | None]:
    """Return hand-out and return hours, for the audit."""
    return [periods.as_text(span) if span else None for span in (hours.hand_out, hours.take_back)]


def _note(tx: Tx, action: str, place: Place, **details: Any) -> None:
    audit.note(tx, action, "organization", tx.actor.organization_id, location_id=place, **details)


# Closed days


@dataclass(frozen=True)
class Days:
    """Days on which the week does not hold, first and last included, with the reason.

    They are closed, or open during `hours`; `yearly`: in every year from then on.
    """

    first: date
    last: date
    reason: str = ""
    yearly: bool = False
    hours: Span | None = None


def closures(tx: Tx, place: Place) -> list[Closure]:
    """Return the closed and extra days of this location itself, or the common ones, that are not over yet.

    By date; those of every year by the next.
    """
    found = opening_hours.of(tx.session, tx.organization, tx.today).closures
    own = [closure for closure in found if closure.place == place]
    return sorted(own, key=lambda one: (one.following(tx.today), one.id))


def close_days(tx: Tx, place: Place, days: Sequence[Days]) -> int:
    """Close these days for hand-out and return, or open them; return how many entries are new.

    What is said of the same days as before takes its place. Raises NOT_ALLOWED, NOT_FOUND,
    IN_THE_PAST, END_BEFORE_START, TOO_LONG, TOO_MUCH_TEXT.
    """
    organization = _leads(tx, place)
    today = tx.today
    known = {(one.first, one.last): one for one in closures(tx, place)}
    added = 0
    for one in days:
        _check(one, today)
        same = known.get((one.first, one.last))
        alike = same is not None and (same.yearly, same.hours) == (one.yearly, one.hours)
        if same is not None and alike and (same.reason == one.reason or not one.reason):
            continue
        if same is not None and alike:
            row = tx.session.get_one(ClosedDays, same.id)
            row.reason = one.reason
        else:
            if same is not None:
                # What was said last holds: the later id.
                tx.session.delete(tx.session.get_one(ClosedDays, same.id))
            row = ClosedDays(
                organization_id=organization.id,
                location_id=place,
                first=one.first,
                last=one.last,
                reason=one.reason,
                yearly=one.yearly,
                hours=periods.as_text(one.hours) if one.hours else "",
            )
            tx.session.add(row)
            added += same is None
        tx.session.flush()
        known[one.first, one.last] = opening_hours.closure(row)
        _note_closed(tx, row, "extra_days" if one.hours else "close_days")
    return added


def _check(days: Days, today: date) -> None:
    if days.last < days.first:
        raise Refusal(Refused.END_BEFORE_START)
    if days.last < today and not days.yearly:
        raise Refusal(Refused.IN_THE_PAST)
    if (days.last - days.first).days >= opening_hours.LOOK_AHEAD_DAYS:
        raise Refusal(Refused.TOO_LONG, days=opening_hours.LOOK_AHEAD_DAYS)
    if len(days.reason) > LONGEST_REASON:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_REASON)


def open_days(tx: Tx, closure_id: int) -> None:
    """Remove a closure, if it is still there. Raises NOT_ALLOWED, NOT_FOUND for another organization's."""
    _leads(tx, None)
    row = tx.session.get(ClosedDays, closure_id)
    if row is None:
        return
    if row.organization_id != tx.actor.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    _note_closed(tx, row, "end_extra_days" if row.hours else "open_days")
    tx.session.delete(row)
    tx.session.flush()


def _note_closed(tx: Tx, row: ClosedDays, action: str) -> None:
    more: dict[str, Any] = {"yearly": True} if row.yearly else {}
    if row.hours:
        more["hours"] = row.hours
    audit.note(
        tx,
        action,
        "closed_days",
        row.id,
        first=row.first.isoformat(),
        last=row.last.isoformat(),
        reason=row.reason,
        location_id=row.location_id,
        **more,
    )


def reason_of(tx: Tx, closure_id: int) -> str | None:
    """Return a closure's reason; None where it is gone, or another organization's."""
    row = tx.session.get(ClosedDays, closure_id)
    return row.reason if row is not None and row.organization_id == tx.organization_id else None


def rentals_affected(tx: Tx, days: Collection[date]) -> int:
    """Return the number of active rentals that begin or end on one of these days: they stay as they are."""
    if not days:
        return 0
    zone = tx.zone
    begin = periods.start_of_day(min(days), zone)
    rows = tx.session.execute(
        select(Rental.starts_at, Rental.due_at, Rental.status).where(
            Rental.organization_id == tx.organization_id,
            Rental.status.in_(_ALIVE),
            Rental.due_at > begin,
        )
    )
    return sum(
        periods.last_day(due_at, zone) in days
        or (status is not RentalStatus.OUT and periods.first_day(starts_at, zone) in days)
        for starts_at, due_at, status in rows
        if starts_at is not None and due_at is not None
    )
