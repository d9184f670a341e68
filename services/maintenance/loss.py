"""Items that are lost, and lost items that are found."""

from sqlalchemy import select

from db.models import Claim, Item, Rental
from db.states import ClaimStatus, Condition, Role
from services.availability.reallocation import Loss
from services.core import audit, state_machine
from services.core.errors import Refusal, Refused
from services.core.state_machine import move_claims
from services.core.tx import Tx
from services.inventory import catalog
from services.inventory import condition as inventory_condition
from services.messaging import notifications
from services.rentals import returns
from services.rentals.booking import request
from services.transfers import expiry


def declare(tx: Tx, item_id: int, *, reason: str) -> list[Loss]:
    """Declare an item lost: reminders for it stop, and its allocations are lost. Requires LENDER.

    The rental that it is out with ends when nothing else is out. The rentals that lose the item are returned,
    and their members read `reason`. Does nothing the second time. Raises NOT_FOUND, NOT_ALLOWED, and
    ITEM_NOT_LENDABLE for a retired item that is not out.
    """
    item = catalog.get_item(tx, item_id)
    tx.actor.require(Role.LENDER)
    rental = give_up(tx, item_id)
    told: list[Loss] = []
    if tx.session.get_one(Item, item_id).condition is not Condition.RETIRED:
        told = inventory_condition.change(tx, item_id, Condition.LOST, reason=reason)
    elif rental is None:
        raise Refusal(Refused.ITEM_NOT_LENDABLE, code=item.code, condition=item.condition)
    if rental is not None:
        settle(tx, rental, by=tx.actor.user_id)
    return told


def declare_of(tx: Tx, claim_id: int, *, reason: str) -> list[Loss]:
    """Declare a piece of a rental lost. Raises as `declare` does, ALREADY where it is not out any more."""
    claim = tx.session.get(Claim, claim_id)
    if claim is None or claim.organization_id != tx.actor.organization_id or claim.rental_id is None:
        raise Refusal(Refused.NOT_FOUND)
    rental = request.get(tx, claim.rental_id)
    tx.session.refresh(rental, with_for_update=True)
    tx.session.refresh(claim)
    if claim.status is not ClaimStatus.OUT:
        raise state_machine.already(tx.session, rental)
    return declare(tx, claim.item_id, reason=reason)


def claim_of_rental(tx: Tx, claim_id: int) -> tuple[Claim, int]:
    """Return a claim and its rental's id, in any organization. Raises NOT_FOUND."""
    found = tx.session.get(Claim, claim_id)
    if found is None or found.rental_id is None:
        raise Refusal(Refused.NOT_FOUND)
    return found, found.rental_id


def give_up(tx: Tx, item_id: int) -> Rental | None:
    """Mark the item's claim as lost, and return the rental it was out with, to be passed to `settle`.

    The caller checks permission, and sets the item's condition.
    """
    claim = tx.session.scalar(
        select(Claim).where(
            Claim.item_id == item_id, Claim.status == ClaimStatus.OUT, Claim.rental_id.is_not(None)
        )
    )
    if claim is None:
        return None
    # The rental is locked first, as at check-in.
    rental = tx.session.get_one(Rental, claim.rental_id)
    tx.session.refresh(rental, with_for_update=True)
    if not move_claims(tx.session, [claim.id], ClaimStatus.LOST):
        return None
    audit.rental(tx, rental, "lose", items=[item_id])
    return rental


def settle(tx: Tx, rental: Rental, *, by: int) -> None:
    """End the rental if nothing else is out, and update its cards; `by` is the user who need not be told."""
    returns.end_if_done(tx, rental)
    notifications.update_member_card(tx, rental, notify=True, by=by)
    notifications.update_desk_card(tx, rental)
    expiry.settle(tx, rental.id)


def find(tx: Tx, item_id: int, condition: Condition) -> Item:
    """Bring a lost item back into lending; its history keeps the loss. Requires LENDER.

    Raises NOT_FOUND, NOT_ALLOWED, and NOT_LOST where it is not lost any more.
    """
    item = catalog.get_item(tx, item_id)
    if item.condition is not Condition.LOST:
        raise Refusal(Refused.NOT_LOST, code=item.code)
    inventory_condition.change(tx, item_id, condition)
    return item
