"""Merging two places that are one: what lay in both lies in one afterwards."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select

from db.models import Item, Location, OpeningHours
from db.states import Role
from services.core import audit, locks, references
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import locations
from services.messaging import notifications
from services.messaging.tidying import renames


@dataclass(frozen=True)
class Plan:
    """All that goes from `gone` to `kept`: its items, its closed days, the returns that were put there.

    `hours`: its own opening hours on so many days of the week; `hours_end`: they end, as `kept` has its own.
    `description_ends`: so does its description.
    """

    kept: Location
    gone: Location
    items: int
    returns: int
    closed_days: int
    hours: int
    hours_end: bool
    description_ends: bool


def plan(tx: Tx, kept_id: int, gone_id: int) -> Plan:
    """Return what merging these two would do. Raises NOT_ALLOWED, NOT_FOUND, MERGE_SAME."""
    tx.actor.require(Role.ADMIN)
    kept, gone = locations.get(tx, kept_id), locations.get(tx, gone_id)
    if kept_id == gone_id:
        raise Refusal(Refused.MERGE_SAME)
    counts = references.count(tx.session, Location, gone_id)
    own = select(func.count(OpeningHours.id)).where(OpeningHours.location_id == kept_id)
    return Plan(
        kept=kept,
        gone=gone,
        items=counts["items.location_id"],
        returns=counts["returns.location_id"],
        closed_days=counts["closed_days.location_id"],
        hours=counts["opening_hours.location_id"],
        hours_end=bool(counts["opening_hours.location_id"]) and bool(tx.session.scalar(own)),
        description_ends=bool(gone.description) and kept.description not in ("", gone.description),
    )


def merge(tx: Tx, kept_id: int, gone_id: int) -> Plan:
    """Let everything of `gone` be at `kept`, which stays; return what was done. Raises as `plan` does."""
    tx.actor.require(Role.ADMIN)
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    done = plan(tx, kept_id, gone_id)
    if done.hours_end:
        tx.session.execute(delete(OpeningHours).where(OpeningHours.location_id == gone_id))
    items = tx.session.scalars(
        select(Item).where(Item.location_id == gone_id).order_by(Item.id).with_for_update()
    ).all()
    name, lost = done.gone.name, done.gone.description if done.description_ends else None
    if not done.kept.description:
        done.kept.description = done.gone.description
    for item in items:
        item.location_id = kept_id
        item.version += 1
        notifications.item_moved(tx, item, gone_id)
    references.hand_on(tx.session, Location, gone_id, kept_id)
    audit.hand_on(tx, "location", gone_id, kept_id, name=name)
    tx.session.delete(done.gone)
    tx.session.flush()
    renames.of_location(tx, kept_id)
    replaced = {"description": lost} if lost else {}
    audit.note(
        tx, "merge", "location", kept_id, merged=name, items=[item.id for item in items], replaced=replaced
    )
    return done
