"""The items, claims and rentals that buttons, typed codes and labels at the desk name."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from db.models import Claim, Equipment, Item, Location, Rental
from db.states import ClaimStatus
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkout


@dataclass(frozen=True)
class Description:
    """An item with the names that its card shows; `location` is None where none is set."""

    item: Item
    equipment: str
    location: str | None


def item(tx: Tx, item_id: int) -> Item:
    """Return an item of any organization; the caller checks the permission. Raises NOT_FOUND."""
    found = tx.session.get(Item, item_id)
    if found is None:
        raise Refusal(Refused.NOT_FOUND)
    return found


def describe(tx: Tx, item_id: int) -> Description:
    """Return an item that exists, of any organization, with its equipment and location by name."""
    found = tx.session.get_one(Item, item_id)
    location = tx.session.get(Location, found.location_id) if found.location_id is not None else None
    return Description(
        found,
        tx.session.get_one(Equipment, found.equipment_id).name,
        location.name if location is not None else None,
    )


def organization_of_label(tx: Tx, token: str) -> int | None:
    """Return the organization whose label carries this token; None for an unknown one."""
    return tx.session.scalar(select(Item.organization_id).filter_by(label_token=token))


def rental_by_number(tx: Tx, number: int) -> Rental | None:
    """Return the actor's organization's rental with this number, unless it is a draft or does not exist."""
    found = tx.session.get(Rental, number)
    if found is None or found.organization_id != tx.actor.organization_id or not found.requested_at:
        return None
    return found


def claim(tx: Tx, claim_id: int | None) -> Claim:
    """Return a rental's claim, in any organization; the caller checks the permission. Raises NOT_FOUND."""
    found = tx.session.get(Claim, claim_id) if claim_id is not None else None
    if found is None or found.rental_id is None:
        raise Refusal(Refused.NOT_FOUND)
    return found


def claims_of_items(tx: Tx, rental_id: int, item_ids: Collection[int]) -> list[int]:
    """Return the ids of a rental's claims on these items. Raises NOT_FOUND where one is not in the rental."""
    rows = tx.session.execute(
        select(Claim.id, Claim.item_id).where(
            Claim.rental_id == rental_id,
            Claim.item_id.in_(item_ids),
            Claim.status.not_in([ClaimStatus.RELEASED]),
        )
    ).all()
    if {row.item_id for row in rows} != set(item_ids):
        raise Refusal(Refused.NOT_FOUND)
    return [row.id for row in rows]


def current_use(tx: Tx, item_id: int) -> tuple[Claim, Rental] | None:
    """Return an item's current claim and its rental; None where it is neither out nor promised."""
    found = checkout.current_claim(tx, item_id)
    if found is None or found.rental_id is None:
        return None
    return found, tx.session.get_one(Rental, found.rental_id)
