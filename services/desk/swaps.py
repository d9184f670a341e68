"""Another item of the same equipment instead of the one that was chosen."""

from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Claim, Item, Rental
from db.states import ClaimStatus, Role
from services.availability import reservations, schedules
from services.availability.allocation_search import Wanted
from services.availability.schedules import Schedule
from services.core import audit, state_machine
from services.core.errors import Refusal, Refused
from services.core.identity import Actor
from services.messaging import notifications
from services.rentals import request


def alternatives(session: Session, actor: Actor, claim_id: int, now: datetime) -> list[Item]:
    """Other items of the same equipment that could be had for the claim's whole period. Raises NOT_FOUND.

    Those first that are free as they are; then those that others are promised who would get another.
    """
    claim = _claim(session, actor, claim_id)
    item = session.get_one(Item, claim.item_id)
    if claim.blocked_until <= now:
        return []
    schedule = _schedule(session, claim, item, now)
    free = [slots.item_id for slots in schedule.free(item.equipment_id, *_period(claim, now))]
    others = [slots.item_id for slots in schedule.slots.get(item.equipment_id, ())]
    pool = schedule.pool(item.equipment_id)
    found = free + [other for other in others if other not in free and pool.fits([_as(claim, other, now)])]
    return [session.get_one(Item, other) for other in found if other != item.id]


def _schedule(session: Session, claim: Claim, item: Item, now: datetime) -> Schedule:
    return schedules.load(session, claim.organization_id, [item.equipment_id], now, without_claims=[claim.id])


def _period(claim: Claim, now: datetime) -> tuple[datetime, datetime]:
    """What the other item did before now does not matter any more."""
    return max(claim.starts_at, now), claim.blocked_until


def _as(claim: Claim, item_id: int, now: datetime) -> Wanted:
    return Wanted(*_period(claim, now), item_id=item_id)


def _claim(session: Session, actor: Actor, claim_id: int) -> Claim:
    claim = session.get(Claim, claim_id)
    if claim is None or claim.organization_id != actor.organization_id or claim.rental_id is None:
        raise Refusal(Refused.NOT_FOUND)
    return claim


def swap(session: Session, actor: Actor, claim_id: int, item_id: int, now: datetime) -> Rental:
    """Have the claim on another item of the same equipment; whoever is promised that one gets another.

    Raises NOT_FOUND, NOT_ALLOWED, ALREADY, IN_THE_PAST (its time is over), WRONG_EQUIPMENT, NOT_FREE.
    """
    claim = _claim(session, actor, claim_id)
    rental = request.get(session, actor, claim.rental_id or 0)
    session.refresh(rental, with_for_update=True)
    current = session.get_one(Item, claim.item_id)
    reservations.lock(session, [current.equipment_id])
    session.refresh(claim)
    actor.require(Role.LENDER)
    if claim.status is not ClaimStatus.HELD:
        raise state_machine.already(session, rental)
    if rental.due_at is None or rental.due_at <= now:
        raise Refusal(Refused.IN_THE_PAST)
    item = session.get(Item, item_id)
    if item is None or item.organization_id != actor.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    if item.equipment_id != current.equipment_id:
        raise Refusal(Refused.WRONG_EQUIPMENT, code=item.code)
    if item.id == claim.item_id:
        notifications.show_desk(session, now, rental)
        return rental
    seating = _schedule(session, claim, item, now).seat(item.equipment_id, [_as(claim, item.id, now)])
    if seating is None:
        raise Refusal(
            Refused.NOT_FREE,
            equipment_id=item.equipment_id,
            name=item.code,
            wanted=1,
            free=0,
            item_id=item.id,
            next_free=None,
        )
    reservations.reseat(session, seating, now, own={claim.id: item.id})
    audit.rental(session, now, rental, actor.user_id, "swap", items=[item.id])
    notifications.show_member(session, now, rental)
    notifications.show_desk(session, now, rental)
    return rental
