"""More time that the desk gives, and due dates that move together: closed days, illness.

Nobody's rights to extensions count here; others' bookings do. What is promised to others in between stays as
it is, and is named.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

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
    """The rentals that are due then from now on, and those that stay, each with the reason."""

    moved: tuple[int, ...]
    stays: tuple[tuple[int, Refusal], ...]


def due_on(tx: Tx, day: date) -> Sequence[Rental]:
    """Return what is promised or out and due on this local day."""
    start = periods.start_of_day(day, tx.zone)
    end = periods.start_of_day(day + timedelta(days=1), tx.zone)
    query = select(Rental).where(
        Rental.organization_id == tx.organization_id,
        Rental.status.in_(PROMISED),
        Rental.due_at >= start,
        Rental.due_at < end,
    )
    return tx.session.scalars(query.order_by(Rental.id).limit(MOST_AT_ONCE)).all()


def days_due(tx: Tx, most: int) -> dict[date, int]:
    """Return the next local days on which something is due, with the number of rentals."""
    query = select(Rental.due_at).where(
        Rental.organization_id == tx.organization_id,
        Rental.status.in_(PROMISED),
        Rental.due_at >= periods.start_of_day(periods.local_today(tx.now, tx.zone), tx.zone),
    )
    days = (
        periods.last_day(due_at, tx.zone)
        for due_at in tx.session.scalars(query.order_by(Rental.due_at).limit(MOST_AT_ONCE))
        if due_at is not None
    )
    return dict(list(Counter(days).items())[:most])


def move_all(tx: Tx, day: date, to: date) -> Moved:
    """Move all that is due on a day to a later one, by an ADMIN; each member is told.

    Raises NOT_ALLOWED, NOT_LATER.
    """
    tx.actor.require(Role.ADMIN)
    if to <= day:
        raise Refusal(Refused.NOT_LATER, due_at=periods.start_of_day(day, tx.zone))
    moved, stays = [], list[tuple[int, Refusal]]()
    for rental in due_on(tx, day):
        try:
            with tx.session.begin_nested():
                assert rental.due_at is not None
                due_at = opening_hours.for_rental(tx, rental).due(to, rental.due_at, tx.zone)
                give(tx, rental.id, due_at)
        except Refusal as refusal:
            stays.append((rental.id, refusal))
        else:
            moved.append(rental.id)
    return Moved(tuple(moved), tuple(stays))


class _TriedOnly(Exception):
    """Rolls a rehearsal back."""


def rehearse(tx: Tx, day: date, to: date) -> Moved:
    """Return what `move_all` would do, which is undone again. Raises as it does."""
    found: list[Moved] = []
    with suppress(_TriedOnly), tx.session.begin_nested():
        found.append(move_all(tx, day, to))
        raise _TriedOnly
    return found[0]
