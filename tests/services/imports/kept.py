"""The inventory as it is kept: rows to compare, and cells by the names that `expected` has for them."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, EquipmentTag, Item, ItemCode, Location, Tag

Cells = dict[str, str]


def everything(session: Session, organization_id: int) -> list[list[tuple[Any, ...]]]:
    """Return all of an organization's rows of the inventory, to see that nothing changed."""
    tables = [t.__table__ for t in (Equipment, Item, ItemCode, Location, Tag)]
    own = [t.select().where(t.c.organization_id == organization_id) for t in tables]
    links = (
        EquipmentTag.__table__.select().join(Equipment).where(Equipment.organization_id == organization_id)
    )
    return [sorted((tuple(row) for row in session.execute(query)), key=repr) for query in [*own, links]]


def cards(session: Session, organization_id: int) -> list[Cells]:
    """Return each item with its equipment as cells."""
    query = (
        select(Item, Equipment, Location.name)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .outerjoin(Location, Location.id == Item.location_id)
        .where(Item.organization_id == organization_id)
        .order_by(Item.id)
    )
    rows = session.execute(query).all()
    pieces = Counter(equipment.id for _, equipment, _ in rows)
    tags: dict[int, list[str]] = {}
    for equipment_id, tag in session.execute(
        select(EquipmentTag.equipment_id, Tag.name)
        .join(Tag, Tag.id == EquipmentTag.tag_id)
        .order_by(Tag.name)
    ):
        tags.setdefault(equipment_id, []).append(tag)
    return [
        {
            **{label: str(text) for label, text in {**equipment.custom, **item.custom}.items()},
            "code": item.code,
            "name": equipment.name,
            "brand": equipment.brand,
            "model": equipment.model,
            "type": equipment.type,
            "description": equipment.description,
            "tags": ", ".join(tags.get(equipment.id, [])),
            "serial": item.serial_number or "",
            "place": place or "",
            "condition": item.condition.value,
            "comment": item.comment,
            "label": item.label,
            "pieces": str(pieces[equipment.id]),
        }
        for item, equipment, place in rows
    ]


def find(cards: list[Cells], wanted: Cells) -> Cells:
    """Return the first item with the code that is wanted, else with the name; nothing without one."""
    by = "code" if "code" in wanted else "name"
    return next((card for card in cards if card[by] == wanted[by]), {})
