"""Attributes of equipment and items: location, tags, photo, type, custom fields."""

from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from db.models import CustomField, Equipment, EquipmentTag, Item, Location, Photo, Tag
from db.states import Described, Role
from services.core.errors import Refusal, Refused
from services.core.text import limit
from services.core.tx import Tx
from services.inventory import catalog, editing, named_lists
from services.inventory.locations import listed as listed_places
from services.inventory.tags import listed as listed_tags
from services.inventory.tags import of_equipment as tags_of_equipment
from services.messaging import notifications

# Location


def move_item(tx: Tx, item_id: int, *, location_id: int | None, seen: int) -> Item:
    """Move an item to a location or none. Raises NOT_FOUND, CHANGED_MEANWHILE unless it is there already."""
    item = editing.open_item(tx, item_id)
    if item.location_id == location_id:
        return item
    editing.require_unchanged(tx.session, item, seen)
    place = place_of(tx, location_id)
    before = tx.session.get(Location, item.location_id) if item.location_id is not None else None
    item.location_id = location_id
    names = [one.name if one is not None else None for one in (before, place)]
    editing.changed(tx, item, location=names)
    notifications.item_moved(tx, item, before.id if before is not None else None)
    return item


def place_of(tx: Tx, location_id: int | None) -> Location | None:
    """Return an enabled location of the organization; None for None. Raises NOT_FOUND."""
    if location_id is None:
        return None
    found = tx.session.get(Location, location_id)
    if found is None or found.organization_id != tx.organization_id or found.disabled_at is not None:
        raise Refusal(Refused.NOT_FOUND)
    return found


def named_place(tx: Tx, name: str) -> Location:
    """Return the location with this name, ignoring case; add it where there is none.

    A disabled location is enabled again. Raises NAME_EMPTY, TOO_MUCH_TEXT.
    """
    tx.actor.require(Role.ADMIN)
    name = editing.line(name, limit(Location.name))
    return named_lists.called(tx, Location, name, subject="location")


# Tags and photo


def tag_equipment(tx: Tx, equipment_id: int, *, tag_id: int, on: bool) -> Equipment:
    """Add one tag to equipment or remove it, leaving the other tags alone. Raises NOT_FOUND."""
    equipment = editing.open_equipment(tx, equipment_id)
    tag = named_lists.get(tx, Tag, tag_id)
    link = tx.session.get(EquipmentTag, (equipment.id, tag.id))
    if (link is not None) == on:
        return equipment
    if on:
        tx.session.add(EquipmentTag(equipment_id=equipment.id, tag_id=tag.id))
    else:
        tx.session.execute(delete(EquipmentTag).filter_by(equipment_id=equipment.id, tag_id=tag.id))
        tx.session.expunge(link)
    editing.refresh_search(tx.session, equipment)
    editing.changed(tx, equipment, tags=[None, tag.name] if on else [tag.name, None])
    return equipment


def set_tags(tx: Tx, equipment_id: int, tag_ids: Collection[int]) -> Equipment:
    """Let equipment carry exactly these tags. Raises NOT_ALLOWED, NOT_FOUND."""
    equipment = editing.open_equipment(tx, equipment_id)
    carried = {one.id for one in tags_of_equipment(tx.session, equipment.id)}
    for tag_id in sorted(carried - set(tag_ids)):
        tag_equipment(tx, equipment_id, tag_id=tag_id, on=False)
    for tag_id in sorted(set(tag_ids) - carried):
        tag_equipment(tx, equipment_id, tag_id=tag_id, on=True)
    return equipment


def named_tag(tx: Tx, name: str) -> Tag:
    """Return the tag with this name, with or without a leading #; add it where there is none.

    Raises NAME_EMPTY, TOO_MUCH_TEXT.
    """
    tx.actor.require(Role.ADMIN)
    name = name.replace(",", " ").replace(";", " ").lstrip(" #")
    name = editing.line(name, limit(Tag.name))
    return named_lists.called(tx, Tag, name, subject="tag")


def set_photo(
    tx: Tx, equipment_id: int, *, file_id: str | None = None, content: bytes | None = None, seen: int
) -> Equipment:
    """Set the photo by its Telegram file id, or by its bytes, which Telegram gets when it is first shown.

    With neither it is removed. Raises CHANGED_MEANWHILE.
    """
    equipment = editing.open_equipment(tx, equipment_id)
    before = catalog.photo_of(tx.session, equipment)
    is_there = bool(file_id or content)
    if before is None and not is_there:
        return equipment
    if before is not None and is_there:
        is_same = before.telegram_file_id == file_id if file_id else before.content == content
        if is_same:
            return equipment
    editing.require_unchanged(tx.session, equipment, seen)
    put_photo(tx.session, equipment, file_id=file_id, content=content)
    editing.changed(tx, equipment, photo=[before is not None, is_there])
    return equipment


def put_photo(
    session: Session, equipment: Equipment, *, file_id: str | None, content: bytes | None = None
) -> None:
    """Replace the equipment's photo, and delete the old one unless other equipment shows it too."""
    before, photo = equipment.photo_id, None
    if file_id or content:
        of = equipment.organization_id
        photo = Photo(organization_id=of, telegram_file_id=file_id, content=content)
        session.add(photo)
        session.flush()
    equipment.photo_id = photo.id if photo is not None else None
    session.flush()
    if before is not None and not session.scalars(select(Equipment.id).filter_by(photo_id=before)).first():
        session.execute(delete(Photo).where(Photo.id == before))


def types(tx: Tx) -> list[str]:
    """Return the types in use, those with the most equipment first."""
    return list(
        tx.session.scalars(
            select(Equipment.type)
            .where(Equipment.organization_id == tx.organization_id, Equipment.type != "")
            .group_by(Equipment.type)
            .order_by(func.count(Equipment.id).desc(), func.lower(Equipment.type), Equipment.type)
        )
    )


def places(tx: Tx) -> list[tuple[int, str]]:
    """Return id and name of the enabled locations, those with the most items first."""
    found = listed_places(tx)
    return [(one.id, one.name) for one in sorted(found, key=lambda one: -one.items)]


def tags(tx: Tx) -> list[tuple[int, str]]:
    """Return id and name of the enabled tags, by name."""
    return [(one.id, one.name) for one in listed_tags(tx)]


def labels_of(session: Session, row: Equipment | Item) -> list[str]:
    """Return the labels of the custom fields in their order, then those that only an import brought.

    A disabled field is left out unless it has a value here.
    """
    describes = Described.EQUIPMENT if isinstance(row, Equipment) else Described.ITEM
    known = session.execute(
        select(CustomField.label, CustomField.disabled_at)
        .filter_by(organization_id=row.organization_id, describes=describes)
        .order_by(CustomField.position, CustomField.id)
    ).all()
    shown = [one.label for one in known if one.disabled_at is None or row.custom.get(one.label)]
    return shown + sorted(row.custom.keys() - {one.label for one in known})
