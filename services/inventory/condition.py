"""In what condition a thing is, as it is said at the desk, and what follows for those it is promised to."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from db.models import Claim, Item
from db.states import LENDABLE, Condition, Role
from services.availability import reallocation, reservations
from services.availability.reallocation import Loss
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.identity import Actor
from services.messaging import notifications


def item_of(session: Session, actor: Actor, item_id: int) -> Item:
    """Raises NOT_FOUND, also for another organisation's."""
    found = session.get(Item, item_id)
    if found is None or found.organization_id != actor.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return found


def change(
    session: Session,
    actor: Actor,
    now: datetime,
    item_id: int,
    condition: Condition,
    *,
    reason: str = "",
    at_return: int | None = None,
    **details: Any,
) -> list[Loss]:
    """From now on it is so. The second time changes nothing. `at_return`: it was said of this return.

    What stops being lendable is promised to nobody any more: others get another piece, or are told why not
    with `reason`; those rentals are returned. Somebody who has it keeps it until it comes back. By a LENDER.
    Raises NOT_ALLOWED, NOT_FOUND.
    """
    item = item_of(session, actor, item_id)
    actor.require(Role.LENDER)
    # In the order in which those who book lock them.
    reservations.lock(session, [item.equipment_id])
    session.refresh(item, with_for_update={"key_share": True})
    if item.condition is condition:
        return []
    told: list[Loss] = []
    if item.condition in LENDABLE and condition not in LENDABLE:
        told = reallocation.withdraw(session, actor, [item_id], now, reason=reason)
        session.refresh(item)
    if at_return is not None:
        details["return"] = at_return
    _put(session, actor, now, item, condition, at_return, **details)
    return told


def mark_damaged(session: Session, actor: Actor, now: datetime, item: Item, **details: Any) -> None:
    """Something is wrong with it, as whoever has it said; it is lent all the same. Worse than that stays.

    Permission is the caller's.
    """
    if item.condition is Condition.OK:
        _put(session, actor, now, item, Condition.DAMAGED, None, **details)


def _put(
    session: Session,
    actor: Actor,
    now: datetime,
    item: Item,
    condition: Condition,
    at_return: int | None,
    **details: Any,
) -> None:
    supersede(session, item.id, at_return=at_return)
    notifications.redraw_item(session, now, item.id)
    before, item.condition = item.condition, condition
    item.version += 1
    session.flush()
    audit.note(
        session,
        now,
        organization_id=item.organization_id,
        user_id=actor.user_id,
        action="condition",
        subject="item",
        subject_id=item.id,
        condition=[before, condition],
        **details,
    )


def supersede(session: Session, item_id: int, *, at_return: int | None = None) -> None:
    """Keep what was said of the item at other returns: from now on "fine" there takes nothing back."""
    session.execute(
        update(Claim)
        .where(
            Claim.item_id == item_id,
            Claim.condition_before.is_not(None),
            Claim.return_id.is_distinct_from(at_return),
        )
        .values(condition_before=None)
    )
