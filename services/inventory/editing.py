"""Edits of equipment and items by admins, with a check of the version seen and an audit entry."""

from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import Equipment, EquipmentTag, Item, Tag
from db.states import Role
from services.core import audit, locks
from services.core import text as core_text
from services.core.errors import Refusal, Refused
from services.core.text import is_seen, limit, same_letters, search_text
from services.core.tx import Tx
from services.inventory import catalog
from services.inventory.codes.forms import has_sticker
from services.messaging.tidying import renames

LONGEST_TEXT = 2000
"""Maximum length of a typed description or comment, in characters."""

LONGEST_VALUE = 500
"""Maximum length of a custom field's value, in characters."""

EQUIPMENT_LINES: dict[str, int] = {
    "name": limit(Equipment.name),
    "brand": limit(Equipment.brand),
    "model": limit(Equipment.model),
    "type": limit(Equipment.type),
}
"""One-line fields of equipment, with their maximum length in characters."""

ITEM_LINES: dict[str, int] = {
    "code": limit(Item.code),
    "serial_number": limit(Item.serial_number),
    "label": limit(Item.label),
}

Thing = TypeVar("Thing", Equipment, Item)


# Locking and versions


def open_equipment(tx: Tx, equipment_id: int) -> Equipment:
    """Return the equipment, locked and refreshed. Raises NOT_ALLOWED, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    found = catalog.get(tx, equipment_id)
    tx.session.refresh(found, with_for_update=locks.SHAPE)
    return found


def open_item(tx: Tx, item_id: int) -> Item:
    """Return the item, locked and refreshed. Raises NOT_ALLOWED, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    found = catalog.get_item(tx, item_id)
    tx.session.refresh(found, with_for_update=locks.SHAPE)
    return found


def require_unchanged(session: Session, row: Equipment | Item, seen: int) -> None:
    """Raise CHANGED_MEANWHILE where the row's version is not the one that was seen."""
    if row.version == seen:
        return
    subject = "equipment" if isinstance(row, Equipment) else "item"
    raise audit.changed_meanwhile(session, row.organization_id, subject, row.id)


def changed(tx: Tx, row: Equipment | Item, action: str = "edit", **details: Any) -> None:
    """Increase the row's version and write an audit entry with what is different: `field=[old, new]`."""
    row.version += 1
    tx.session.flush()
    audit.note(tx, action, "equipment" if isinstance(row, Equipment) else "item", row.id, **details)
    tx.session.flush()


# Texts


def line(text: str, most: int) -> str:
    """Return the text as one line without invisible characters. Raises TOO_MUCH_TEXT."""
    cleaned = " ".join(core_text.one_line(text).split())
    if len(cleaned) > most:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=most)
    return cleaned if is_seen(cleaned) else ""


def paragraphs(text: str, most: int) -> str:
    """Return the text with its line breaks, without invisible characters. Raises TOO_MUCH_TEXT."""
    cleaned = core_text.many_lines(text)
    if len(cleaned) > most:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=most)
    return cleaned if is_seen(cleaned) else ""


def edit_equipment(tx: Tx, equipment_id: int, *, field: str, text: str, seen: int) -> Equipment:
    """Set name, brand, model, type or description; an empty text clears it.

    Raises NAME_EMPTY, NAME_TAKEN, TOO_MUCH_TEXT, CHANGED_MEANWHILE unless the value is the same already.
    """
    if field == "name":
        _first_in_line(tx)
    equipment = open_equipment(tx, equipment_id)
    value = paragraphs(text, LONGEST_TEXT) if field == "description" else line(text, EQUIPMENT_LINES[field])
    before = getattr(equipment, field)
    if value == before:
        return equipment
    require_unchanged(tx.session, equipment, seen)
    if field == "name":
        require_new_name(tx, value, but=equipment.id)
    setattr(equipment, field, value)
    refresh_search(tx.session, equipment)
    details: dict[str, Any] = {field: [before, value]}
    changed(tx, equipment, **details)
    if field == "name":
        renames.of_equipment(tx, equipment.id)
    return equipment


def _first_in_line(tx: Tx) -> None:
    """Lock names and codes before the row that gets one, so that all transactions lock in the same order."""
    tx.actor.require(Role.ADMIN)
    locks.one_at_a_time(tx.session, tx.actor.organization_id)


def require_new_name(tx: Tx, name: str, *, but: int | None = None) -> None:
    """Raise NAME_EMPTY or NAME_TAKEN, holding the organization's lock on names."""
    if not name:
        raise Refusal(Refused.NAME_EMPTY)
    locks.one_at_a_time(tx.session, tx.organization_id)
    same = tx.session.scalars(
        select(Equipment.id).where(
            Equipment.organization_id == tx.organization_id,
            same_letters(Equipment.name, {name}),
            Equipment.id != (but or 0),
        )
    ).first()
    if same is not None:
        raise Refusal(Refused.NAME_TAKEN)


def refresh_search(session: Session, equipment: Equipment) -> None:
    """Rebuild `search_text` from the fields and tags that it consists of."""
    session.flush()
    tags = session.scalars(
        select(Tag.name)
        .join(EquipmentTag, EquipmentTag.tag_id == Tag.id)
        .where(EquipmentTag.equipment_id == equipment.id)
    )
    e = equipment
    e.search_text = search_text(e.name, e.brand, e.model, e.type, tags)
    session.flush()


def edit_item(tx: Tx, item_id: int, *, field: str, text: str, seen: int) -> Item:
    """Set code, serial number, label or comment; an empty text clears it.

    Raises CODE_EMPTY, CODE_TAKEN, TOO_MUCH_TEXT, CHANGED_MEANWHILE unless the value is the same already.
    CODE_TAKEN also where a sticker of another item has that code.
    """
    if field in ("code", "serial_number"):
        _first_in_line(tx)
    item = open_item(tx, item_id)
    value: str | None = (
        paragraphs(text, LONGEST_TEXT) if field == "comment" else line(text, ITEM_LINES[field])
    )
    if field == "serial_number":
        value = core_text.serial_number(value or "")
    before = getattr(item, field)
    if value == before:
        return item
    require_unchanged(tx.session, item, seen)
    if field == "code":
        require_new_code(tx, value or "", but=item.id)
    elif field == "serial_number" and value:
        _require_no_sticker(tx, value, but=item.id)
    setattr(item, field, value)
    details: dict[str, Any] = {field: [before, value]}
    changed(tx, item, **details)
    if field == "code":
        renames.of_item(tx, item.id)
    return item


def require_new_code(tx: Tx, code: str, *, but: int | None = None) -> None:
    """Raise CODE_EMPTY, or CODE_TAKEN with the item that has it, holding the organization's lock on codes."""
    if not code:
        raise Refusal(Refused.CODE_EMPTY)
    locks.one_at_a_time(tx.session, tx.organization_id)
    other = tx.session.execute(
        select(Item.code, Equipment.name)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(
            Item.organization_id == tx.organization_id,
            or_(same_letters(Item.code, {code}), has_sticker(tx.organization_id, code)),
            Item.id != (but or 0),
        )
        .limit(1)
    ).first()
    if other is not None:
        raise Refusal(Refused.CODE_TAKEN, code=other.code, name=other.name)


def _require_no_sticker(tx: Tx, serial: str, *, but: int) -> None:
    """Raise CODE_TAKEN where another item has a sticker with this serial number as its code."""
    locks.one_at_a_time(tx.session, tx.organization_id)
    other = tx.session.execute(
        select(Item.code, Equipment.name)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(has_sticker(tx.organization_id, serial), Item.id != but)
    ).first()
    if other is not None:
        raise Refusal(Refused.CODE_TAKEN, code=other.code, name=other.name)


# Custom fields


def edit_equipment_custom(tx: Tx, equipment_id: int, *, label: str, text: str, seen: int) -> Equipment:
    """Set a custom field of equipment. Raises TOO_MUCH_TEXT, CHANGED_MEANWHILE unless it is the same."""
    return _edit_custom(tx, open_equipment(tx, equipment_id), label=label, text=text, seen=seen)


def edit_item_custom(tx: Tx, item_id: int, *, label: str, text: str, seen: int) -> Item:
    """Set a custom field of an item. Raises TOO_MUCH_TEXT, CHANGED_MEANWHILE unless it is the same."""
    return _edit_custom(tx, open_item(tx, item_id), label=label, text=text, seen=seen)


def _edit_custom(tx: Tx, row: Thing, *, label: str, text: str, seen: int) -> Thing:
    value = paragraphs(text, LONGEST_VALUE)
    before = row.custom.get(label, "")
    if value == str(before):
        return row
    require_unchanged(tx.session, row, seen)
    kept = {key: one for key, one in row.custom.items() if key != label}
    row.custom = kept | ({label: value} if value else {})
    changed(tx, row, custom={label: [before or None, value or None]})
    return row
