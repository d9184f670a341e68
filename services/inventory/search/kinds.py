"""The kinds of things: the types and the tags of what members can rent."""

from sqlalchemy import and_, bindparam, func, or_, select

from db.models import Equipment, EquipmentTag, Tag
from services.core.tx import Tx
from services.inventory.catalog import listed_only, matching

_LISTED = matching(bindparam("organization"), "", None, None)

_TYPED = and_(_LISTED, Equipment.type > "")

_TYPES = (
    select(Equipment.type, func.count(Equipment.id))
    .where(_TYPED)
    .group_by(Equipment.type)
    .order_by(func.lower(Equipment.type))
)

_TAGS = (
    select(Tag.id, Tag.name, Tag.color, func.count(Equipment.id))
    .join(EquipmentTag, EquipmentTag.tag_id == Tag.id)
    .join(Equipment, Equipment.id == EquipmentTag.equipment_id)
    .where(_LISTED, Tag.disabled_at.is_(None))
    .group_by(Tag.id, Tag.name, Tag.color)
    .order_by(func.lower(Tag.name))
)

_CARRIED = (
    select(EquipmentTag.equipment_id)
    .join(Equipment, Equipment.id == EquipmentTag.equipment_id)
    .where(EquipmentTag.tag_id == Tag.id, listed_only())
    .correlate(Tag)
    .exists()
)

# From the few tags, not from all equipment, of which none may have one.
_TAGGED = select(Tag.id).where(
    Tag.organization_id == bindparam("organization"), Tag.disabled_at.is_(None), _CARRIED
)

_HAS_ANY = select(or_(select(Equipment.id).where(_TYPED).exists(), _TAGGED.exists()))


def types(tx: Tx) -> list[tuple[str, int]]:
    """Return the types in use, with the number of equipment of each."""
    rows = tx.session.execute(_TYPES, {"organization": tx.organization_id})
    return [(name, count) for name, count in rows]


def tags(tx: Tx) -> list[tuple[int, str, str | None, int]]:
    """Return the tags in use: id, name, color, number of equipment."""
    rows = tx.session.execute(_TAGS, {"organization": tx.organization_id})
    return [(i, name, color, count) for i, name, color, count in rows]


def has_any(tx: Tx) -> bool:
    """Return whether there are types or tags in use."""
    return bool(tx.session.scalar(_HAS_ANY, {"organization": tx.organization_id}))
