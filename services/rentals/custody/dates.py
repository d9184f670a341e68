"""The end of what is lent until further notice: there is none at first, and a lender sets one later.

The claims run to FOREVER under the same guard as all others, so that nobody else is promised the items. An
end only ever shortens them: it is always free.
"""

from datetime import date, datetime

from sqlalchemy import select

from db.models import Claim, Equipment, Extension, Item, Rental
from db.states import OCCUPYING, ExtensionStatus, RentalStatus, Role
from services.core import audit, policy, state_machine
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import What
from services.core.state_machine import move_extension
from services.core.tx import Tx
from services.messaging import notifications
from services.rentals.booking import request

MOST_DAYS = 366
"""The number of days ahead in which a last day can be chosen from the calendar."""


def begin(tx: Tx, rental: Rental) -> None:
    """Let a rental that was just handed out until FOREVER have no due time."""
    rental.due_at = None
    tx.session.flush()
    audit.rental(tx, rental, "lend_open")


def is_open(rental: Rental) -> bool:
    """Return whether a rental is out until further notice."""
    return rental.status is RentalStatus.OUT and rental.due_at is None


def due_on(tx: Tx, rental: Rental, day: date) -> datetime:
    """Return when a rental is due that is to end on this local day. Raises CLOSED_DAY."""
    zone = tx.of(rental.organization_id).zone
    timetable = opening_hours.for_rental(tx, rental)
    return periods.end_of(day, timetable.take_back_until(day), zone)


def set_date(tx: Tx, rental_id: int, due_at: datetime) -> Rental:
    """Give it a due time, by a LENDER; the member is told, and a date that they suggested is answered by it.

    Raises NOT_FOUND, ALREADY, HAS_DATE, NOT_ALLOWED, IN_THE_PAST, CLOSED_DAY.
    """
    rental = _to_date(tx, request.get(tx, rental_id))
    tx.actor.require(Role.LENDER)
    tx.actor.require_active()
    _require_possible(tx, rental, due_at)
    _withdraw(tx, rental)
    _end_at(tx, rental, due_at)
    audit.rental(tx, rental, "set_date", due_at=due_at.isoformat())
    by_member = rental.user_id == tx.actor.user_id
    notifications.update_member_card(tx, rental, notify=not by_member, by=tx.actor.user_id)
    notifications.update_desk_card(tx, rental)
    return rental


def suggest(tx: Tx, rental_id: int, due_at: datetime) -> Extension:
    """Suggest a due time, by the member: for those who answer extensions, or at once where nobody has to.

    Raises NOT_FOUND, ALREADY, HAS_DATE, IN_THE_PAST, CLOSED_DAY.
    """
    rental = _to_date(tx, request.own(tx, rental_id))
    tx.actor.require_active()
    _require_possible(tx, rental, due_at)
    waiting = request.open_extension(tx.session, rental)
    if waiting is not None and waiting.due_at == due_at:
        return waiting
    _withdraw(tx, rental)
    suggested = Extension(
        rental_id=rental.id, due_at=due_at, sets_date=True, status=ExtensionStatus.ASKED, asked_at=tx.now
    )
    tx.session.add(suggested)
    tx.session.flush()
    audit.rental(tx, rental, "suggest_date", due_at=due_at.isoformat())
    if tx.policy.extension_approval:
        notifications.update_desk_card(tx, rental, notify=True)
        notifications.update_member_card(tx, rental)
    else:
        take(tx, rental, suggested, None)
    return suggested


def take(tx: Tx, rental: Rental, suggested: Extension, by: int | None) -> None:
    """Take the date that the member suggested; the rental is locked. Raises EXTENSION_ANSWERED."""
    if not move_extension(tx.session, suggested, ExtensionStatus.GRANTED, **tx.decided(by)):
        raise state_machine.extension_answered(tx.session, suggested)
    _end_at(tx, rental, suggested.due_at)
    audit.rental(tx, rental, "set_date", user_id=by, due_at=suggested.due_at.isoformat())
    notifications.update_member_card(tx, rental, notify=by is not None, by=by)
    notifications.update_desk_card(tx, rental)


def _to_date(tx: Tx, rental: Rental) -> Rental:
    """Return the rental, locked, if it is out until further notice: of two lenders, the second reads which
    date the first has set. Raises ALREADY, HAS_DATE.
    """
    tx.session.refresh(rental, with_for_update=True)
    if rental.status is not RentalStatus.OUT:
        raise state_machine.already(tx.session, rental)
    if rental.due_at is not None:
        raise Refusal(Refused.HAS_DATE, due_at=rental.due_at)
    return rental


def _require_possible(tx: Tx, rental: Rental, due_at: datetime) -> None:
    if due_at <= tx.now or (rental.starts_at is not None and due_at <= rental.starts_at):
        raise Refusal(Refused.IN_THE_PAST)
    day = periods.last_day(due_at, tx.zone)
    opening_hours.for_rental(tx, rental).require(day, What.RETURN)


def _withdraw(tx: Tx, rental: Rental) -> None:
    waiting = request.open_extension(tx.session, rental)
    if waiting is not None:
        move_extension(tx.session, waiting, ExtensionStatus.WITHDRAWN, decided_at=tx.now)


def _end_at(tx: Tx, rental: Rental, due_at: datetime) -> None:
    """Let the rental be due then, and its claims end after the turnaround of each equipment."""
    rows = tx.session.execute(
        select(Claim, Equipment)
        .join(Item, Item.id == Claim.item_id)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(Claim.rental_id == rental.id, Claim.status.in_(OCCUPYING))
        .order_by(Claim.item_id),
        execution_options={"populate_existing": True},
    ).all()
    organization = tx.organization_of(rental.organization_id)
    for claim, equipment in rows:
        claim.blocked_until = due_at + policy.of(organization, equipment).turnaround
    rental.due_at = due_at
    tx.session.flush()
