"""More time that the desk gives, and due dates that move together: closed days, illness.

Nobody's rights to extensions count here; others' bookings do. What is promised to others in between stays as
it is, and is named.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from db.models import Extension, Rental
from db.states import ExtensionStatus, RentalStatus, Role
from services.availability import reservations
from services.core import state_machine
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.state_machine import move_extension
from services.core.tx import Tx
from services.rentals import extension
from services.rentals.booking import request

PROMISED = (RentalStatus.APPROVED, RentalStatus.OUT)

MOST_AT_ONCE = 100
"""The most rentals moved with one tap: others want to write to the database too."""


def require_extendable(tx: Tx, rental: Rental) -> None:
    """Raise ALREADY where a lender cannot give more time, and NOT_ALLOWED to anybody else."""
    if rental.status not in PROMISED:
        raise state_machine.already(tx.session, rental)
    tx.actor.require(Role.LENDER)


def give(tx: Tx, rental_id: int, due_at: datetime) -> Rental:
    """Give a member more time, by a LENDER. It answers a question of theirs that waits.

    Raises NOT_FOUND, ALREADY, NOT_ALLOWED, NOT_LATER, IN_THE_PAST, CLOSED_DAY, NOT_FREE_UNTIL.
    """
    rental = request.get(tx, rental_id)
    tx.session.refresh(rental, with_for_update=True)
    require_extendable(tx, rental)
    lines = reservations.lines_of(tx.session, rental.id)
    reservations.lock(tx.session, [line.equipment_id for line in lines])
    end = extension.latest(tx, rental, by_desk=True)
    if rental.due_at is None or due_at <= rental.due_at:
        raise Refusal(Refused.NOT_LATER, due_at=rental.due_at)
    if due_at <= tx.now:
        raise Refusal(Refused.IN_THE_PAST)
    extension.require_open(tx, rental, due_at)
    if due_at > end:
        raise Refusal(Refused.NOT_FREE_UNTIL, until=end)
    waiting = request.open_extension(tx.session, rental)
    if waiting is not None:
        move_extension(tx.session, waiting, ExtensionStatus.WITHDRAWN, decided_at=tx.now)
    given = Extension(rental_id=rental.id, due_at=due_at, status=ExtensionStatus.ASKED, asked_at=tx.now)
    tx.session.add(given)
    tx.session.flush()
    extension.apply(tx, rental, given, tx.actor.user_id)
    rental.revision += 1
    tx.session.flush()
    return rental


@dataclass(frozen=True)
class Moved:
    """The rentals that are due then from now on, and those that stay, each with the reason.

    `left` more are due on that day, all of them after the rental `last`.
    """

    moved: tuple[int, ...]
    stays: tuple[tuple[int, Refusal], ...]
    left: int
    last: int


def _due_on(tx: Tx, day: date, after: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of what is promised or out and due on this local day, by ids above `after`."""
    return (
        Rental.organization_id == tx.organization_id,
        Rental.status.in_(PROMISED),
        # What is due at midnight is due on the day that ends then.
        Rental.due_at > periods.start_of_day(day, tx.zone),
        Rental.due_at <= periods.start_of_day(day + timedelta(days=1), tx.zone),
        Rental.id > after,
    )


def days_due(tx: Tx, most: int) -> dict[date, int]:
    """Return the next local days on which something is due, with the number of rentals."""
    found = _days_due(tx, most, until=tx.now + _NEAR)
    return found if len(found) == most else _days_due(tx, most)


_NEAR = timedelta(days=14)
"""The time in which a club that lends much has the next days: no others are read."""


def _days_due(tx: Tx, most: int, *, until: datetime | None = None) -> dict[date, int]:
    """Return the days of `days_due`, the last of which is before the one of `until`."""
    query = (
        select(Rental.due_at, func.count().label("number"))
        .where(
            Rental.organization_id == tx.organization_id,
            Rental.status.in_(PROMISED),
            Rental.due_at > periods.start_of_day(tx.today, tx.zone),
        )
        .group_by(Rental.due_at)
        .order_by(Rental.due_at)
    )
    if until is not None:
        last = periods.local_today(until, tx.zone)
        query = query.where(Rental.due_at <= periods.start_of_day(last, tx.zone))
    days = Counter[date]()
    for due_at, number in tx.session.execute(query):
        assert due_at is not None
        day = periods.last_day(due_at, tx.zone)
        if day not in days and len(days) == most:
            break
        days[day] += number
    return dict(days)


def move_all(tx: Tx, day: date, to: date, *, after: int = 0) -> Moved:
    """Move what is due on a day to a later one, by an ADMIN; each member is told.

    At most MOST_AT_ONCE: the first ones after the rental `after`, by their numbers.

    Raises NOT_ALLOWED, NOT_LATER.
    """
    tx.actor.require(Role.ADMIN)
    if to <= day:
        raise Refusal(Refused.NOT_LATER, due_at=periods.start_of_day(day, tx.zone))
    query = select(Rental).where(*_due_on(tx, day, after)).order_by(Rental.id).limit(MOST_AT_ONCE)
    moved, stays, last = [], list[tuple[int, Refusal]](), after
    for rental in tx.session.scalars(query).all():
        last = rental.id
        try:
            with tx.session.begin_nested():
                assert rental.due_at is not None
                due_at = opening_hours.for_rental(tx, rental).due(to, rental.due_at, tx.zone)
                give(tx, rental.id, due_at)
        except Refusal as refusal:
            stays.append((rental.id, refusal))
        else:
            moved.append(rental.id)
    left = tx.session.scalar(select(func.count()).select_from(Rental).where(*_due_on(tx, day, last)))
    return Moved(tuple(moved), tuple(stays), left or 0, last)


class _TriedOnly(Exception):
    """Rolls a rehearsal back."""


def rehearse(tx: Tx, day: date, to: date, *, after: int = 0) -> Moved:
    """Return what `move_all` would do, which is undone again. Raises as it does."""
    found: list[Moved] = []
    with suppress(_TriedOnly), tx.session.begin_nested():
        found.append(move_all(tx, day, to, after=after))
        raise _TriedOnly
    return found[0]
