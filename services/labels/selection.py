"""Selecting items to label: all, those of a type, tag, location or equipment, or a list of codes."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select

from db.models import Equipment, EquipmentTag, Item, Location, Tag
from db.models.base import total
from db.states import LENDABLE, Condition, Role
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.text import fold, natural
from services.core.tx import Tx
from services.inventory import catalog, kits, locations
from services.inventory.search.parts import containing
from services.inventory.search.word_search import is_called
from services.labels import fonts
from services.labels.pdf import Label

MOST_CODES = 500
"""The most codes in a list."""

GONE = (Condition.RETIRED, Condition.LOST)
"""Conditions of items that are labeled only when named by their code."""

_KEPT_BACK = tuple(one for one in Condition if one not in (*GONE, *LENDABLE))


class By(StrEnum):
    ALL = "all"
    TYPE = "type"  # value: the type
    TAG = "tag"  # value: the tag's id
    PLACE = "place"  # value: the location's id
    EQUIPMENT = "equipment"  # value: its id
    ITEMS = "items"  # value: their ids


@dataclass(frozen=True)
class Chosen:
    by: By
    value: str | int | tuple[int, ...] = 0


@dataclass(frozen=True)
class Choice:
    """An option to select, with the number of its labels."""

    id: int
    name: str
    count: int


def permit(actor: Actor) -> None:
    """Raise NOT_ALLOWED below ADMIN, MEMBERSHIP_ENDED."""
    actor.require(Role.ADMIN)


def _matching(organization_id: int, chosen: Chosen) -> ColumnElement[bool]:
    own = Item.organization_id == organization_id
    there = own & Item.condition.not_in(GONE) & Equipment.retired_at.is_(None)
    match chosen.by, chosen.value:
        case By.ALL, _:
            return there
        case By.TYPE, str() as type_:
            return there & (Equipment.type == type_)
        case By.TAG, int() as tag_id:
            tagged = select(EquipmentTag.equipment_id).where(EquipmentTag.tag_id == tag_id)
            return there & Equipment.id.in_(tagged)
        case By.PLACE, int() as location_id:
            return there & (Item.location_id == location_id)
        case By.EQUIPMENT, int() as equipment_id:
            return there & (Item.equipment_id == equipment_id)
        case By.ITEMS, tuple() as ids:
            return own & Item.id.in_(ids)
    raise ValueError(f"nothing that can be chosen: {chosen}")


def count(tx: Tx, chosen: Chosen) -> int:
    """Return the number of labels of a selection."""
    query = select(func.count(Item.id)).join(Equipment, Equipment.id == Item.equipment_id)
    if chosen.by is By.ALL:
        # By the kept numbers of what can be lent; the rest is little, and has an index.
        in_use = Equipment.retired_at.is_(None) & (Equipment.lendable != literal_column("0"))
        own = Equipment.organization_id == tx.organization_id
        lendable = tx.session.scalar(select(total(Equipment.lendable)).where(own, in_use)) or 0
        rest = Item.organization_id == tx.organization_id, Item.condition.in_(_KEPT_BACK)
        return lendable + (tx.session.scalar(query.where(*rest, Equipment.retired_at.is_(None))) or 0)
    return tx.session.scalar(query.where(_matching(tx.organization_id, chosen))) or 0


def labels(tx: Tx, chosen: Chosen) -> list[Label]:
    """Return the labels by name and code. Raises as `permit`, and NOTHING_TO_PRINT."""
    permit(tx.actor)
    rows = tx.session.execute(
        select(Equipment.name, Item.code, Item.label_token, Equipment.id)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(_matching(tx.organization_id, chosen))
        .order_by(func.lower(Equipment.name), Equipment.id)
    )
    found = [
        Label(row.name, row.code, row.label_token)
        for _, same in groupby(rows, key=lambda row: row.id)
        for row in sorted(same, key=lambda row: natural(row.code))
    ]
    if not found:
        raise Refusal(Refused.NOTHING_TO_PRINT)
    return found


def missing_letters(tx: Tx, chosen: Chosen) -> str:
    """Return the letters in names, codes and the owner's name that cannot be printed."""
    rows = tx.session.execute(
        select(Equipment.name, Item.code)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(_matching(tx.organization_id, chosen))
    )
    return fonts.missing(chain([tx.organization.name], chain.from_iterable(rows)))


def has_choices(tx: Tx, by: By) -> bool:
    """Return whether `choices` finds any, without counting them."""
    id_, name = _COLUMNS[by]
    item = (
        select(Item.id)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(Item.condition.not_in(GONE), Equipment.retired_at.is_(None))
    )
    match by:
        case By.PLACE:
            item = item.where(Item.location_id == Location.id).correlate(Location)
        case By.TAG:
            item = item.join(EquipmentTag, EquipmentTag.equipment_id == Equipment.id)
            item = item.where(EquipmentTag.tag_id == Tag.id).correlate(Tag)
        case _:
            item = select(Item.id).where(Item.equipment_id == Equipment.id, Item.condition.not_in(GONE))
    # From the few that have a name: from the items it would read them all where there is none.
    found = select(id_).where(id_.class_.organization_id == tx.organization_id, name > "", item.exists())
    if by in (By.TYPE, By.EQUIPMENT):
        found = found.where(Equipment.retired_at.is_(None))
    return tx.session.scalar(found.limit(1)) is not None


def choices(tx: Tx, by: By, *, page: int, per_page: int, words: str = "") -> tuple[list[Choice], int]:
    """Return a page of types (by one of their equipment), tags, locations or equipment; and the total."""
    id_, name = _COLUMNS[by]
    query = (
        select(id_ if by is not By.TYPE else func.min(id_), name, func.count(Item.id))
        .select_from(Item)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(_matching(tx.organization_id, Chosen(By.ALL)), name != "")
        .group_by(name, *(() if by is By.TYPE else (id_,)))
    )
    if by is By.TAG:
        query = query.join(EquipmentTag, EquipmentTag.equipment_id == Equipment.id)
        query = query.join(Tag, Tag.id == EquipmentTag.tag_id)
    elif by is By.PLACE:
        query = query.join(Location, Location.id == Item.location_id)
    asked = fold(words[:200]).split()[: catalog.MOST_WORDS]
    if asked:
        query = query.where(containing(tx.organization_id, asked))
    total = tx.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = tx.session.execute(query.order_by(func.lower(name), name).limit(per_page).offset(page * per_page))
    return [Choice(*row) for row in rows], total


_COLUMNS: dict[By, tuple[Any, Any]] = {
    By.TYPE: (Equipment.id, Equipment.type),
    By.TAG: (Tag.id, Tag.name),
    By.PLACE: (Location.id, Location.name),
    By.EQUIPMENT: (Equipment.id, Equipment.name),
}


def named(tx: Tx, by: By, id_: int) -> tuple[Chosen, str]:
    """Return a selection by a button's id, and its name; one of its equipment stands for a type.

    Raises NOT_FOUND.
    """
    found: Tag | Location | Equipment | Item | None
    match by:
        case By.TAG:
            found = tx.session.get(Tag, id_)
        case By.PLACE:
            found = tx.session.get(Location, id_)
        case By.ITEMS:
            found = tx.session.get(Item, id_)
        case _:
            found = tx.session.get(Equipment, id_)
    if found is None or found.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    if by is By.TYPE and isinstance(found, Equipment):
        return Chosen(by, found.type), found.type
    if isinstance(found, Item):
        return Chosen(by, (found.id,)), found.code
    return Chosen(by, found.id), found.name


def by_name(tx: Tx, text: str) -> tuple[Chosen, str] | None:
    """Return the items of the place or the kit that is called so, with its name; None for neither."""
    for place in locations.listed(tx):
        if is_called(place.name, text):
            return Chosen(By.PLACE, place.id), place.name
    for kit in kits.search(tx, words=text, per_page=2).entries:
        if is_called(kit.name, text):
            things = [part.equipment_id for part in kits.parts(tx.session, kit.id)]
            ids = tx.session.scalars(select(Item.id).where(Item.equipment_id.in_(things)).order_by(Item.id))
            return Chosen(By.ITEMS, tuple(ids)), kit.name
    return None


def by_codes(tx: Tx, text: str) -> Chosen | None:
    """Return the items with these codes, separated by commas or lines; None where the first is no code.

    Raises CODES_UNKNOWN where others are none, TOO_MANY_CODES.
    """
    codes = list(dict.fromkeys(code for part in re.split(r"[,;\n]", text) if (code := part.strip())))
    if not codes:
        return None
    if len(codes) > MOST_CODES:
        raise Refusal(Refused.TOO_MANY_CODES, most=MOST_CODES)
    found: list[int] = []
    unknown: list[str] = []
    for code in codes:
        item = catalog.item_by_code(tx, code)
        if item is None:
            unknown.append(code)
        else:
            found.append(item.id)
    if not found:
        return None
    if unknown:
        raise Refusal(Refused.CODES_UNKNOWN, codes=unknown)
    return Chosen(By.ITEMS, tuple(found))
