"""Tags, with colors from a small palette. A disabled tag is not offered, and still shown on its equipment."""

import re
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Equipment, EquipmentTag, Tag
from db.states import Role
from services.core import audit, naming
from services.core.errors import Refusal, Refused
from services.core.text import fold
from services.core.tx import Tx
from services.inventory import named_lists

LONGEST_NAME = 100
COLORS = ("red", "orange", "yellow", "green", "blue", "purple", "brown", "black", "white")


@dataclass(frozen=True)
class Listed:
    """A tag with the number of its equipment, not counting retired ones."""

    id: int
    name: str
    color: str | None
    off: bool
    equipment: int


def listed(tx: Tx, *, switched_off: bool = False) -> list[Listed]:
    """Return the enabled tags by name; with `switched_off` the disabled ones too, at the end."""
    carried = (
        select(EquipmentTag.tag_id, func.count(Equipment.id).label("equipment"))
        .join(Equipment, Equipment.id == EquipmentTag.equipment_id)
        .where(Equipment.organization_id == tx.organization_id, Equipment.retired_at.is_(None))
        .group_by(EquipmentTag.tag_id)
        .subquery()
    )
    query = (
        select(
            *(Tag.id, Tag.name, Tag.color, Tag.disabled_at),
            func.coalesce(carried.c.equipment, 0).label("equipment"),
        )
        .outerjoin(carried, carried.c.tag_id == Tag.id)
        .where(Tag.organization_id == tx.organization_id)
        .order_by(Tag.disabled_at.is_not(None), func.lower(Tag.name), Tag.id)
    )
    if not switched_off:
        query = query.where(Tag.disabled_at.is_(None))
    return [
        Listed(r.id, r.name, r.color, r.disabled_at is not None, r.equipment)
        for r in tx.session.execute(query)
    ]


def of_equipment(session: Session, equipment_id: int) -> list[Tag]:
    """Return the equipment's tags, by name."""
    return list(
        session.scalars(
            select(Tag)
            .join(EquipmentTag, EquipmentTag.tag_id == Tag.id)
            .where(EquipmentTag.equipment_id == equipment_id)
            .order_by(Tag.name)
        )
    )


def get(tx: Tx, tag_id: int) -> Tag:
    """Return the organization's tag. Raises NOT_FOUND, also for another organization's."""
    return named_lists.get(tx, Tag, tag_id)


def add(tx: Tx, name: str) -> Tag:
    """Add a tag. Raises NOT_ALLOWED, NAME_EMPTY, TOO_MUCH_TEXT, NAME_TAKEN."""
    tx.actor.require(Role.ADMIN)
    return named_lists.add(tx, Tag, _clean(name), subject="tag")


def rename(tx: Tx, tag_id: int, name: str) -> Tag:
    """Rename a tag and update the search text of its equipment. Raises as `add` does, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    tag = get(tx, tag_id)
    if named_lists.rename(tx, tag, _clean(name), subject="tag"):
        _search_by_new_name(tx.session, tag)
    return tag


def _clean(name: str) -> str:
    """Clean a tag's name: without the # of cards and lists, and without commas, which separate tags."""
    return naming.clean(name.replace(",", " ").replace(";", " ").lstrip(" #"), LONGEST_NAME)


def _search_by_new_name(session: Session, tag: Tag) -> None:
    carrying = session.scalars(
        select(Equipment)
        .join(EquipmentTag, EquipmentTag.equipment_id == Equipment.id)
        .where(EquipmentTag.tag_id == tag.id)
    )
    for row in carrying:
        names = sorted(one.name for one in of_equipment(session, row.id))
        row.search_text = fold(" ".join([row.name, row.brand, row.model, row.type, *names]))
    session.flush()


_SHADES = {
    "red": (0xDD, 0x2E, 0x44),
    "orange": (0xF4, 0x90, 0x0C),
    "yellow": (0xFD, 0xCB, 0x58),
    "green": (0x78, 0xB1, 0x59),
    "blue": (0x55, 0xAC, 0xEE),
    "purple": (0xAA, 0x8E, 0xD6),
    "brown": (0xC1, 0x69, 0x4F),
    "black": (0x31, 0x37, 0x3D),
    "white": (0xE6, 0xE7, 0xE8),
}
"""The colors as the circles on cards show them."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def nearest(color: str) -> str:
    """Return the color of the palette that is nearest to `#rrggbb`; a name stays as it is."""
    if not _HEX.fullmatch(color):
        return color
    wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return min(
        _SHADES, key=lambda name: sum((a - b) ** 2 for a, b in zip(_SHADES[name], wanted, strict=True))
    )


def paint(tx: Tx, tag_id: int, color: str | None) -> Tag:
    """Set a tag's color, one of COLORS or None. Raises NOT_ALLOWED, NOT_FOUND, OUTDATED for any other."""
    tx.actor.require(Role.ADMIN)
    if color is not None and color not in COLORS:
        raise Refusal(Refused.OUTDATED)
    tag = get(tx, tag_id)
    if tag.color != color:
        before, tag.color = tag.color, color
        tx.session.flush()
        audit.note(tx, "paint", "tag", tag.id, color=[before, color])
    return tag


def switch(tx: Tx, tag_id: int, *, on: bool) -> Tag:
    """Enable or disable a tag; equipment keeps it. Raises NOT_ALLOWED, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    tag = get(tx, tag_id)
    named_lists.switch(tx, tag, on=on, subject="tag")
    return tag
