"""What belongs to equipment and items: the place where they lie, tags, a picture."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import Equipment, EquipmentTag, Item, Location, Photo, Tag
from db.states import Role
from services import catalogue, editing, named
from services.errors import Refusal, Refused
from services.importing.rows import limit
from services.people import Actor

# Where it lies


def move_item(
    session: Session, actor: Actor, item_id: int, now: datetime, *, location_id: int | None, seen: int
) -> Item:
    """To this place, or to none. Raises NOT_FOUND, CHANGED_MEANWHILE unless it is there already."""
    item = editing.open_item(session, actor, item_id)
    if item.location_id == location_id:
        return item
    editing.require_unchanged(session, item, seen)
    place = place_of(session, actor.organization_id, location_id)
    before = session.get(Location, item.location_id) if item.location_id is not None else None
    item.location_id = location_id
    names = [one.name if one is not None else None for one in (before, place)]
    editing.changed(session, actor, now, item, location=names)
    return item


def place_of(session: Session, organization_id: int, location_id: int | None) -> Location | None:
    """Raises NOT_FOUND for one of another organisation, or that is not offered any more."""
    if location_id is None:
        return None
    found = session.get(Location, location_id)
    if found is None or found.organization_id != organization_id or found.disabled_at is not None:
        raise Refusal(Refused.NOT_FOUND)
    return found


def named_place(session: Session, actor: Actor, name: str, now: datetime) -> Location:
    """The place that is called so, maybe with other capitals; a new one where there is none.

    One that was not offered any more is offered again. Raises NAME_EMPTY, TOO_MUCH_TEXT.
    """
    actor.require(Role.ADMIN)
    name = editing.line(name, limit(Location.name))
    return named.called(session, actor, now, Location, name, subject="location")


# Tags and the picture


def tag_equipment(
    session: Session, actor: Actor, equipment_id: int, now: datetime, *, tag_id: int, on: bool
) -> Equipment:
    """With this tag, or without it; the others stay, so that nothing is overwritten. Raises NOT_FOUND."""
    equipment = editing.open_equipment(session, actor, equipment_id)
    tag = session.get(Tag, tag_id)
    if tag is None or tag.organization_id != actor.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    link = session.get(EquipmentTag, (equipment.id, tag.id))
    if (link is not None) == on:
        return equipment
    if on:
        session.add(EquipmentTag(equipment_id=equipment.id, tag_id=tag.id))
    else:
        session.execute(delete(EquipmentTag).filter_by(equipment_id=equipment.id, tag_id=tag.id))
        session.expunge(link)
    editing.refresh_search(session, equipment)
    editing.changed(session, actor, now, equipment, tags=[None, tag.name] if on else [tag.name, None])
    return equipment


def named_tag(session: Session, actor: Actor, name: str, now: datetime) -> Tag:
    """The tag that is called so, with or without a #; a new one where there is none.

    Raises NAME_EMPTY, TOO_MUCH_TEXT.
    """
    actor.require(Role.ADMIN)
    name = name.replace(",", " ").replace(";", " ").lstrip(" #")
    name = editing.line(name, limit(Tag.name))
    return named.called(session, actor, now, Tag, name, subject="tag")


def set_photo(
    session: Session, actor: Actor, equipment_id: int, now: datetime, *, file_id: str | None, seen: int
) -> Equipment:
    """The picture that Telegram knows under this id, or none. Raises CHANGED_MEANWHILE."""
    equipment = editing.open_equipment(session, actor, equipment_id)
    before = catalogue.photo_of(session, equipment)
    if file_id == (before.telegram_file_id if before is not None else None):
        return equipment
    editing.require_unchanged(session, equipment, seen)
    put_photo(session, equipment, file_id)
    editing.changed(session, actor, now, equipment, photo=[before is not None, file_id is not None])
    return equipment


def put_photo(session: Session, equipment: Equipment, file_id: str | None) -> None:
    """Its picture from now on. The one before goes, unless other equipment shows it too."""
    before = equipment.photo_id
    photo = Photo(organization_id=equipment.organization_id, telegram_file_id=file_id) if file_id else None
    if photo is not None:
        session.add(photo)
        session.flush()
    equipment.photo_id = photo.id if photo is not None else None
    session.flush()
    if before is not None and not session.scalars(select(Equipment.id).filter_by(photo_id=before)).first():
        session.execute(delete(Photo).where(Photo.id == before))
