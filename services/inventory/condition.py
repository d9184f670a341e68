"""Conditions of items as reported at the desk, and the consequences for rentals."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from db.models import Claim, Item
from db.states import LENDABLE, Condition, Role
from services.availability import reallocation, reservations
from services.availability.reallocation import Loss
from services.core import audit
from services.core.tx import Tx
from services.inventory import catalog
from services.messaging import notifications


def change(
    tx: Tx,
    item_id: int,
    condition: Condition,
    *,
    reason: str = "",
    at_return: int | None = None,
    **details: Any,
) -> list[Loss]:
    """Set an item's condition; does nothing where it has it already. Requires LENDER.

    `at_return` is the return at which it was reported. An item that stops being lendable loses its
    allocations: rentals get another item, or their members are told with `reason`; those losses are returned.
    An item that is out stays out. Raises NOT_ALLOWED, NOT_FOUND.
    """
    item = catalog.get_item(tx, item_id)
    tx.actor.require(Role.LENDER)
    # In the same lock order as reservations.
    reservations.lock(tx.session, [item.equipment_id])
    tx.session.refresh(item, with_for_update={"key_share": True})
    if item.condition is condition:
        return []
    told: list[Loss] = []
    if item.condition in LENDABLE and condition not in LENDABLE:
        told = reallocation.withdraw(tx, [item_id], reason=reason)
        tx.session.refresh(item)
    if at_return is not None:
        details["return"] = at_return
    _put(tx, item, condition, at_return, **details)
    return told


def mark_damaged(tx: Tx, item: Item, **details: Any) -> None:
    """Mark an item damaged as reported; it stays lendable. A worse condition is kept.

    The caller checks permission.
    """
    if item.condition is Condition.OK:
        _put(tx, item, Condition.DAMAGED, None, **details)


def _put(tx: Tx, item: Item, condition: Condition, at_return: int | None, **details: Any) -> None:
    supersede(tx.session, item.id, at_return=at_return)
    notifications.refresh_item_card(tx, item.id)
    before, item.condition = item.condition, condition
    item.version += 1
    tx.session.flush()
    audit.note(tx, "condition", "item", item.id, condition=[before, condition], **details)


def supersede(session: Session, item_id: int, *, at_return: int | None = None) -> None:
    """Keep the conditions reported at other returns: "fine" there undoes nothing from now on."""
    session.execute(
        update(Claim)
        .where(
            Claim.item_id == item_id,
            Claim.condition_before.is_not(None),
            Claim.return_id.is_distinct_from(at_return),
        )
        .values(condition_before=None)
    )
