"""The service status of items and equipment: repaired, lost, retired, brought back."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Item, Rental, User
from db.states import LENDABLE, ClaimStatus, Condition, Role
from services.availability import reallocation, reservations
from services.availability.reallocation import Loss
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import catalog, editing
from services.inventory import condition as inventory_condition
from services.maintenance import loss


def set_condition(
    tx: Tx,
    item_id: int,
    *,
    condition: Condition,
    seen: int,
    giving_up: Collection[int] = (),
    reason: str = "",
) -> Item:
    """Set an item's condition; does nothing where it has it already.

    An item that is out cannot leave lending, but it can be lost: then it is not asked for any more. Its
    allocations move to other items; where there is none, the rentals in `giving_up` lose it, and their
    members read the reason. Raises NOT_ALLOWED, NOT_FOUND, CHANGED_MEANWHILE, ITEM_IS_WITH, and ITEM_PROMISED
    where another rental would lose it.
    """
    tx.actor.require(Role.ADMIN)
    item = catalog.get_item(tx, item_id)
    lost = condition is Condition.LOST
    rental = loss.give_up(tx, item_id) if lost and item.condition is not condition else None
    reservations.lock(tx.session, [item.equipment_id])
    item = editing.open_item(tx, item_id)
    if item.condition is condition:
        return item
    editing.require_unchanged(tx.session, item, seen)
    if condition not in LENDABLE:
        _take_out(tx, [item.id], giving_up, reason)
    inventory_condition.supersede(tx.session, item.id)
    before, item.condition = item.condition, condition
    editing.changed(tx, item, "condition", condition=[before, condition])
    if rental is not None:
        loss.settle(tx, rental, by=tx.actor.user_id)
    return item


def retire(
    tx: Tx, equipment_id: int, *, seen: int, giving_up: Collection[int] = (), reason: str = ""
) -> Equipment:
    """Retire equipment with all its items. Raises as `set_condition` does."""
    equipment = editing.open_equipment(tx, equipment_id)
    if equipment.retired_at is not None:
        return equipment
    editing.require_unchanged(tx.session, equipment, seen)
    items = tx.session.scalars(select(Item.id).filter_by(equipment_id=equipment.id)).all()
    _take_out(tx, items, giving_up, reason)
    equipment.retired_at = tx.now
    editing.changed(tx, equipment, "retire", retired_at=[None, tx.now.isoformat()])
    return equipment


def bring_back(tx: Tx, equipment_id: int, *, seen: int) -> Equipment:
    """Bring retired equipment back, its items unchanged. Raises NOT_ALLOWED, NOT_FOUND, CHANGED_MEANWHILE."""
    equipment = editing.open_equipment(tx, equipment_id)
    if equipment.retired_at is None:
        return equipment
    editing.require_unchanged(tx.session, equipment, seen)
    before, equipment.retired_at = equipment.retired_at, None
    editing.changed(tx, equipment, "bring_back", retired_at=[before.isoformat(), None])
    return equipment


def would_lose(tx: Tx, item_ids: Sequence[int], *, lost: bool = False) -> list[Loss]:
    """Return the rentals that lose an item if these leave lending.

    Raises ITEM_IS_WITH, unless the items are `lost`.
    """
    if not lost:
        _require_here(tx.session, item_ids)
    return reallocation.affected(tx, item_ids)


def _take_out(tx: Tx, item_ids: Sequence[int], giving_up: Collection[int], reason: str) -> None:
    unseen = [loss.rental_id for loss in would_lose(tx, item_ids) if loss.rental_id not in giving_up]
    if unseen:
        raise Refusal(Refused.ITEM_PROMISED, rentals=unseen)
    reallocation.withdraw(tx, item_ids, reason=reason)


def _require_here(session: Session, item_ids: Sequence[int]) -> None:
    out = session.execute(
        select(Item.code, User, Rental.due_at)
        .join(Claim, Claim.item_id == Item.id)
        .join(Rental, Rental.id == Claim.rental_id)
        .join(User, User.id == Rental.user_id)
        .where(Claim.item_id.in_(item_ids), Claim.status == ClaimStatus.OUT)
        .order_by(Item.code)
        .limit(1)
    ).first()
    if out is not None:
        code, user, due_at = out
        raise Refusal(Refused.ITEM_IS_WITH, code=code, name=user.name_for_others(), due_at=due_at)
