"""The way back from an import: former values, and rows that are there no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, insert, select, update

from db.models import CustomField, Equipment, EquipmentTag, Item, ItemCode, Location, Tag, User
from db.states import Condition, Described
from services.core import references
from services.core.text import search_text
from services.core.tx import Tx
from services.imports.afterwards.obstacles import parts
from services.imports.inventory.effects import Touched, Whole
from services.inventory.codes import stickers


def restore(tx: Tx, whole: Whole) -> None:
    """Write it all; the caller has looked that nothing is in the way, and locked it."""
    _items(tx, {id_: one for id_, one in whole.items.items() if not one.is_new})
    _equipment(tx, {id_: one for id_, one in whole.equipment.items() if not one.is_new})
    for some in parts(whole.new(whole.items)):
        tx.session.execute(delete(ItemCode).where(ItemCode.item_id.in_(some)))
    for table, ids in ((Item, whole.new(whole.items)), (Equipment, whole.new(whole.equipment))):
        for some in parts(ids):
            tx.session.execute(
                delete(table).where(table.id.in_(some)).execution_options(synchronize_session=False)
            )
    _leftovers(tx, whole)


def _items(tx: Tx, those: dict[int, Touched]) -> None:
    stickers.restore(
        tx, {i: one.former["other_codes"] for i, one in those.items() if "other_codes" in one.former}
    )
    updates = []
    for id_, touched in those.items():
        former = {k: v for k, v in touched.former.items() if k != "other_codes"}
        if "condition" in former:
            former["condition"] = Condition(former["condition"])
        updates.append({"id": id_, "version": touched.version + 1, **former})
    if updates:
        # Rows with the same columns next to each other go to the database together.
        tx.session.execute(update(Item), sorted(updates, key=tuple))


def _equipment(tx: Tx, those: dict[int, Touched]) -> None:
    _tags(tx, {id_: one.former["tags"] for id_, one in those.items() if "tags" in one.former})
    for some in parts(those):
        names = _tag_names(tx, some)
        query = select(Equipment.id, Equipment.name, Equipment.brand, Equipment.model, Equipment.type)
        updates = []
        for row in tx.session.execute(query.where(Equipment.id.in_(some))):
            touched = those[row.id]
            former: dict[str, Any] = {k: v for k, v in touched.former.items() if k != "tags"}
            if former.get("retired_at") is not None:
                former["retired_at"] = datetime.fromisoformat(former["retired_at"])
            now = row._asdict() | former
            text = search_text(row.name, now["brand"], now["model"], now["type"], names.get(row.id, ()))
            updates.append({"id": row.id, "version": touched.version + 1, "search_text": text, **former})
        if updates:
            tx.session.execute(update(Equipment), sorted(updates, key=tuple))


def _tags(tx: Tx, wanted: dict[int, list[int]]) -> None:
    """Give equipment its former tags, as far as they are still there."""
    for some in parts(wanted):
        tx.session.execute(delete(EquipmentTag).where(EquipmentTag.equipment_id.in_(some)))
        ids = {tag for id_ in some for tag in wanted[id_]}
        there = set(tx.session.scalars(select(Tag.id).where(Tag.id.in_(ids))))
        links = [{"equipment_id": id_, "tag_id": tag} for id_ in some for tag in wanted[id_] if tag in there]
        if links:
            tx.session.execute(insert(EquipmentTag), links)


def _tag_names(tx: Tx, ids: Sequence[int]) -> dict[int, set[str]]:
    query = select(EquipmentTag.equipment_id, Tag.name).join(Tag, Tag.id == EquipmentTag.tag_id)
    found: dict[int, set[str]] = {}
    for id_, name in tx.session.execute(query.where(EquipmentTag.equipment_id.in_(ids))):
        found.setdefault(id_, set()).add(name)
    return found


def _leftovers(tx: Tx, whole: Whole) -> None:
    """Delete new locations, tags and fields that nobody uses, and nobody has written anything about."""
    for some in parts(whole.locations):
        used = [exists().where(column == Location.id) for column in references.columns_to(Location)]
        bare = (Location.description == "") & Location.disabled_at.is_(None)
        _delete(tx, Location, [Location.id.in_(some), bare, *(~one for one in used)])
    for some in parts(whole.tags):
        used_tag = exists().where(EquipmentTag.tag_id == Tag.id)
        _delete(tx, Tag, [Tag.id.in_(some), Tag.disabled_at.is_(None), ~used_tag])
    if whole.fields:
        _fields(tx, whole.fields)


def _delete(tx: Tx, table: type[Location] | type[Tag] | type[CustomField], conditions: list[Any]) -> None:
    tx.session.execute(delete(table).where(*conditions).execution_options(synchronize_session=False))


def _fields(tx: Tx, ids: Sequence[int]) -> None:
    """Delete the new fields without a value."""
    fields = tx.session.scalars(select(CustomField).where(CustomField.id.in_(ids))).all()
    unused = []
    tables = ((Described.ITEM, Item), (Described.EQUIPMENT, Equipment), (Described.USER, User))
    for describes, table in tables:
        own = [one for one in fields if one.describes is describes]
        if not own:
            continue
        used: set[str] = set()
        for custom in tx.session.scalars(select(table.custom).filter_by(organization_id=tx.organization_id)):
            used.update(custom)
        unused += [one.id for one in own if one.label not in used]
    _delete(tx, CustomField, [CustomField.id.in_(unused), CustomField.disabled_at.is_(None)])
