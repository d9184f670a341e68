"""The inventory, a row per item: the columns of the import template, then the organization's custom fields.

Equipment without items comes last.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from db.models import Equipment, EquipmentTag, Item, ItemCode, Kit, KitPart, Location, Tag
from services.exports.custom_columns import Labels, values
from services.exports.writers import Cell, Chunk
from services.imports.headings import Headings, Kind
from services.imports.mapping import COLUMNS, WHERE_USED, Field, equipment_header, item_header
from services.imports.readers.cells import join_tags
from services.imports.understanding.vocabulary import NO_ITEMS
from services.inventory import equipment_policy
from services.inventory.codes import stickers

CHUNK = 1_000

RuleWords = Callable[[str, Any], str]
"""Words for one rule of one equipment, by its name in Policy and its value."""


def plain_rule(name: str, value: Any) -> str:
    return f"{name}: {value}"


@dataclass(frozen=True)
class _Described:
    """Tags and kits of the equipment of a chunk, by its id, and the stickers' codes of its items."""

    tags: Mapping[int, Sequence[str]]
    kits: Mapping[int, Sequence[str]]
    codes: Mapping[int, Sequence[str]]


class Inventory:
    """Rows in the order in which items were created: none is missed or repeated, whatever changes meanwhile.

    Those of WHERE_USED are columns where some row has a value. A chunk that ends with an item is identified
    by its id; one that ends with equipment without items by the negative of that id.
    """

    def __init__(self, organization_id: int, headings: Headings, rule: RuleWords = plain_rule) -> None:
        self.organization_id, self.headings, self._rule = organization_id, headings, rule
        self._of_items, self._of_equipment = Labels(Item, organization_id), Labels(Equipment, organization_id)
        self.labels: Sequence[Labels] = (self._of_items, self._of_equipment)
        self._own: list[str] = []
        self._own_of_equipment: list[str] = []
        self._ours: tuple[Field, ...] = COLUMNS

    def header(self, session: Session) -> list[str]:
        self._own = self._of_items.listed(session)
        self._own_of_equipment = self._of_equipment.listed(session)
        org = self.organization_id
        owned = Equipment.organization_id == org
        queries = {
            Field.LABEL: select(Item.id).where(Item.organization_id == org, Item.label != ""),
            Field.RETIRED: select(Equipment.id).where(owned, Equipment.retired_at.is_not(None)),
            Field.PLACE: select(Location.id).where(
                Location.organization_id == org,
                Location.description != "",
                select(Item.id).where(Item.location_id == Location.id).exists(),
            ),
            Field.PHOTO: select(Equipment.id).where(owned, Equipment.photo_id.is_not(None)),
            Field.RULES: select(Equipment.id).where(owned, cast(Equipment.policy, Text) != "{}"),
            Field.OTHER_CODES: select(ItemCode.id).where(ItemCode.organization_id == org),
            Field.KITS: select(Kit.id).where(Kit.organization_id == org, Kit.retired_at.is_(None)),
        }
        headers = dict(zip(WHERE_USED, self.headings.of(Kind.INVENTORY, WHERE_USED), strict=True))
        used = {
            field
            for field, query in queries.items()
            # With a custom field of the same name, ours has to be there to be told apart.
            if headers[field] in self._own or session.scalar(query.limit(1)) is not None
        }
        self._ours = (*COLUMNS, *(field for field in WHERE_USED if field in used))
        return [
            *self.headings.of(Kind.INVENTORY, self._ours),
            *map(item_header, self._own),
            *map(equipment_header, self._own_of_equipment),
        ]

    def chunk(self, session: Session, after: int) -> Chunk:
        return self._items(session, after) if after >= 0 else self._without_items(session, -after - 1)

    def _items(self, session: Session, after: int) -> Chunk:
        rows = session.execute(
            select(Item, Equipment, Location)
            .join(Equipment, Equipment.id == Item.equipment_id)
            .outerjoin(Location, Location.id == Item.location_id)
            # `+ 0` keeps the planner from the organization's index: by id there is nothing to sort.
            .where(Item.organization_id + 0 == self.organization_id, Item.id > after)
            .order_by(Item.id)
            .limit(CHUNK)
        ).all()
        of = self._described(session, {equipment.id for _, equipment, _ in rows}, [row[0].id for row in rows])
        return Chunk(
            rows=[self._row(item, equipment, place, of) for item, equipment, place in rows],
            last=rows[-1][0].id if len(rows) == CHUNK else -1,
        )

    def _without_items(self, session: Session, after: int) -> Chunk:
        found = session.scalars(
            select(Equipment)
            .where(Equipment.organization_id == self.organization_id, Equipment.id > after)
            .where(~select(Item.id).where(Item.equipment_id == Equipment.id).exists())
            .order_by(Equipment.id)
            .limit(CHUNK)
        ).all()
        of = self._described(session, {equipment.id for equipment in found})
        return Chunk(
            rows=[self._row(None, equipment, None, of) for equipment in found],
            last=-found[-1].id - 1 if len(found) == CHUNK else None,
        )

    def _described(
        self, session: Session, equipment_ids: Collection[int], item_ids: Collection[int] = ()
    ) -> _Described:
        kits = _kits(session, equipment_ids) if Field.KITS in self._ours else {}
        codes = stickers.of_items(session, item_ids) if Field.OTHER_CODES in self._ours else {}
        return _Described(_tags(session, equipment_ids), kits, codes)

    def _row(
        self, item: Item | None, equipment: Equipment, place: Location | None, of: _Described
    ) -> list[Cell]:
        word = self.headings.word
        ours = {
            Field.NAME: equipment.name,
            Field.BRAND: equipment.brand,
            Field.MODEL: equipment.model,
            Field.TYPE: equipment.type,
            Field.TAGS: join_tags(of.tags.get(equipment.id, ())),
            Field.DESCRIPTION: equipment.description,
            Field.LOCATION: place.name if place is not None else "",
            Field.CONDITION: word(NO_ITEMS),
            Field.RETIRED: word("no" if equipment.retired_at is None else "yes"),
            Field.PLACE: place.description if place is not None else "",
            Field.PHOTO: word("no" if equipment.photo_id is None else "yes"),
            Field.RULES: "; ".join(self._rule(*one) for one in equipment_policy.own(equipment).items()),
            Field.KITS: join_tags(of.kits.get(equipment.id, ())),
            Field.OTHER_CODES: join_tags(of.codes.get(item.id, ())) if item is not None else "",
        }
        if item is not None:
            ours |= {
                Field.CODE: item.code,
                Field.SERIAL_NUMBER: item.serial_number or "",
                Field.CONDITION: word(item.condition.replace("_", " ")),
                Field.COMMENT: item.comment,
                Field.LABEL: item.label,
            }
        return [
            *(ours.get(field, "") for field in self._ours),
            *values(item.custom if item is not None else {}, self._own),
            *values(equipment.custom, self._own_of_equipment),
        ]


def _tags(session: Session, equipment_ids: Collection[int]) -> dict[int, list[str]]:
    """Return tags, disabled ones too: an import sets the tags of equipment to those in its cell."""
    query = (
        select(EquipmentTag.equipment_id, Tag.name)
        .join(Tag, Tag.id == EquipmentTag.tag_id)
        .where(EquipmentTag.equipment_id.in_(list(equipment_ids)))
    )
    found: dict[int, list[str]] = defaultdict(list)
    for equipment_id, name in session.execute(query):
        found[equipment_id].append(name)
    for names in found.values():
        names.sort()
    return found


def _kits(session: Session, equipment_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the kits that equipment is in, with its pieces where there are several."""
    query = (
        select(KitPart.equipment_id, Kit.name, KitPart.quantity)
        .join(Kit, Kit.id == KitPart.kit_id)
        .where(KitPart.equipment_id.in_(list(equipment_ids)), Kit.retired_at.is_(None))
        .order_by(Kit.name)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for equipment_id, name, quantity in session.execute(query):
        found[equipment_id].append(name if quantity == 1 else f"{quantity} × {name}")
    return found
