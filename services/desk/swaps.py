"""Swapping an item for another of the same equipment."""

from datetime import datetime

from db.models import Claim, Item, Rental, RentalLine
from db.states import ClaimStatus, Role
from services.availability import reservations, schedules
from services.availability.allocation_search import Wanted
from services.availability.schedules import Schedule
from services.core import audit, state_machine
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkout
from services.inventory import catalog
from services.messaging import notifications
from services.rentals.booking import request


def alternatives(tx: Tx, claim_id: int) -> list[Item]:
    """Return other items of the same equipment that are available for the claim's whole period.

    First those that are free as they are; then those promised to others who can get another one. Raises
    NOT_FOUND.
    """
    claim = _claim(tx, claim_id)
    item = tx.session.get_one(Item, claim.item_id)
    if claim.blocked_until <= tx.now:
        return []
    schedule = _schedule(tx, claim, item)
    free = [slots.item_id for slots in schedule.free(item.equipment_id, *_period(claim, tx.now))]
    others = [slots.item_id for slots in schedule.slots.get(item.equipment_id, ())]
    pool, due_at = schedule.pool(item.equipment_id), tx.session.get_one(Rental, claim.rental_id).due_at
    found = [
        other
        for other in dict.fromkeys([*free, *others])
        if other != item.id and pool.fits([_as(claim, other, tx.now, due_at)])
    ]
    return [tx.session.get_one(Item, other) for other in found]


def _schedule(tx: Tx, claim: Claim, item: Item) -> Schedule:
    return schedules.load(tx, claim.organization_id, [item.equipment_id], without_claims=[claim.id])


def _period(claim: Claim, now: datetime) -> tuple[datetime, datetime]:
    """Return the period to look at: what the other item did before now does not matter any more."""
    return max(claim.starts_at, now), claim.blocked_until


def _as(claim: Claim, item_id: int, now: datetime, due_at: datetime | None) -> Wanted:
    return Wanted(*_period(claim, now), item_id=item_id, due_at=due_at, has_begun=claim.starts_at < now)


def rental_id_of(tx: Tx, claim_id: int) -> int:
    """Return the id of the rental that a claim belongs to, of any organization. Raises NOT_FOUND."""
    claim = tx.session.get(Claim, claim_id)
    if claim is None or claim.rental_id is None:
        raise Refusal(Refused.NOT_FOUND)
    return claim.rental_id


def _claim(tx: Tx, claim_id: int) -> Claim:
    claim = tx.session.get(Claim, claim_id)
    if claim is None or claim.organization_id != tx.actor.organization_id or claim.rental_id is None:
        raise Refusal(Refused.NOT_FOUND)
    return claim


def swap(tx: Tx, claim_id: int, item_id: int, *, is_in_hand: bool = False) -> Rental:
    """Move the claim to another item of the same equipment; whoever is promised that one gets another.

    `is_in_hand`: at the desk, so that it does not matter where the item lies.

    Raises NOT_FOUND, NOT_ALLOWED, ALREADY, IN_THE_PAST (its time is over), WRONG_EQUIPMENT, NOT_FREE.
    """
    claim = _claim(tx, claim_id)
    rental = request.get(tx, claim.rental_id or 0)
    tx.session.refresh(rental, with_for_update=True)
    current = tx.session.get_one(Item, claim.item_id)
    reservations.lock(tx.session, [current.equipment_id])
    tx.session.refresh(claim)
    tx.actor.require(Role.LENDER)
    if claim.status is not ClaimStatus.HELD:
        raise state_machine.already(tx.session, rental)
    if rental.due_at is None or rental.due_at <= tx.now:
        raise Refusal(Refused.IN_THE_PAST)
    item = catalog.get_item(tx, item_id)
    if item.equipment_id != current.equipment_id:
        raise Refusal(Refused.WRONG_EQUIPMENT, code=item.code)
    if item.id == claim.item_id:
        notifications.update_desk_card(tx, rental)
        return rental
    wanted = _as(claim, item.id, tx.now, None if is_in_hand else rental.due_at)
    allocation = _schedule(tx, claim, item).allocate(item.equipment_id, [wanted])
    if allocation is None:
        raise Refusal(
            Refused.NOT_FREE,
            equipment_id=item.equipment_id,
            name=item.code,
            wanted=1,
            free=0,
            item_id=item.id,
            next_free=None,
        )
    reservations.apply_allocation(tx, allocation, own={claim.id: item.id})
    if not is_in_hand:
        reservations.tell_places(tx, {claim.id: (current.id, item.id)})
    line = tx.session.get(RentalLine, claim.line_id)
    if line is not None and line.item_id is not None:
        # From now on it is this one that was agreed on.
        line.item_id = item.id
        tx.session.flush()
    audit.rental(tx, rental, "swap", items=[item.id])
    notifications.update_member_card(tx, rental)
    notifications.update_desk_card(tx, rental)
    return rental


def hand_out_instead(tx: Tx, claim_id: int, item_id: int) -> Rental:
    """Hand out this item in the place of the claim's. Raises as `swap`, `checkout.hand_out`."""
    rental = swap(tx, claim_id, item_id, is_in_hand=True)
    return checkout.hand_out(tx, rental.id, only=[claim_id])
