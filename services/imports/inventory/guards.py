"""Items and equipment that an import must not change: rentals have them, or will."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select

from db.models import Claim, Equipment, Item
from db.states import OCCUPYING, ClaimStatus
from services.availability import reservations
from services.core.tx import Tx


def items(tx: Tx, ids: Collection[int]) -> set[int]:
    """Return those of the items that are allocated or out, locking the items until the transaction ends."""
    if not ids:
        return set()
    # Locked first: a concurrent reservation of one of them has either committed, or waits for us.
    tx.session.execute(select(Item.id).where(Item.id.in_(ids)).order_by(Item.id).with_for_update())
    return set(tx.session.scalars(select(Claim.item_id).where(Claim.item_id.in_(ids), _counts(tx.now))))


def to_members(tx: Tx, ids: Collection[int]) -> set[int]:
    """Return those of the items that a member has or is allocated, locking their equipment."""
    if not ids:
        return set()
    reservations.lock(tx.session, tx.session.scalars(select(Item.equipment_id).where(Item.id.in_(ids))))
    rented = Claim.item_id.in_(ids), Claim.rental_id.is_not(None), _counts(tx.now)
    return set(tx.session.scalars(select(Claim.item_id).where(*rented)))


def equipment(tx: Tx, names: Collection[str]) -> set[str]:
    """Return the names of the equipment in use of which a member has an item, or is allocated one."""
    if not names:
        return set()
    used = select(Equipment.id).where(
        Equipment.organization_id == tx.organization_id,
        Equipment.name.in_(names),
        Equipment.retired_at.is_(None),
    )
    ids = tx.session.scalars(used).all()
    reservations.lock(tx.session, ids)
    return set(
        tx.session.scalars(
            select(Equipment.name)
            .join(Item, Item.equipment_id == Equipment.id)
            .join(Claim, Claim.item_id == Item.id)
            .where(Equipment.id.in_(ids), Claim.rental_id.is_not(None), _counts(tx.now))
            .distinct()
        )
    )


def _counts(now: datetime) -> ColumnElement[bool]:
    holds = (Claim.status == ClaimStatus.OUT) | (Claim.blocked_until > now)
    return Claim.status.in_((*OCCUPYING, ClaimStatus.WANTED)) & holds
