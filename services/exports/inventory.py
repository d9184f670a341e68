"""The inventory, a row per item: the columns of the import template, then the organization's custom fields.

Equipment without items comes last.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, EquipmentTag, Item, ItemCode, Location, Tag
from services.exports.custom_columns import Labels, values
from services.exports.writers import Chunk
from services.imports.mapping import COLUMNS, WHERE_USED, Field, equipment_header, item_header
from services.imports.readers.cells import NO_ITEMS, join_tags
from services.inventory.codes import stickers

CHUNK = 1_000


class Inventory:
    """Rows in the order in which items were created: none is missed or repeated, whatever changes meanwhile.

    `label` and `other codes` are columns if any item has one, `retired equipment` if there is any. A chunk
    that ends with an item is identified by its id; one that ends with equipment without items by the negative
    of that id.
    """

    def __init__(self, organization_id: int) -> None:
        self.organization_id = organization_id
        self._of_items, self._of_equipment = Labels(Item, organization_id), Labels(Equipment, organization_id)
        self.labels: Sequence[Labels] = (self._of_items, self._of_equipment)
        self._own: list[str] = []
        self._own_of_equipment: list[str] = []
        self._ours: tuple[Field, ...] = COLUMNS

    def header(self, session: Session) -> list[str]:
        self._own = self._of_items.listed(session)
        self._own_of_equipment = self._of_equipment.listed(session)
        org = self.organization_id
        labelled = select(Item.id).where(Item.organization_id == org, Item.label != "")
        retired = select(Equipment.id).where(
            Equipment.organization_id == org, Equipment.retired_at.is_not(None)
        )
        coded = select(ItemCode.id).where(ItemCode.organization_id == org)
        used = {
            field
            for field, query in (
                (Field.LABEL, labelled),
                (Field.RETIRED, retired),
                (Field.OTHER_CODES, coded),
            )
            # With a custom field of the same name, ours has to be there to be told apart.
            if field.value in self._own or session.scalar(query.limit(1)) is not None
        }
        self._ours = (*COLUMNS, *(field for field in WHERE_USED if field in used))
        return [
            *(field.value for field in self._ours),
            *map(item_header, self._own),
            *map(equipment_header, self._own_of_equipment),
        ]

    def chunk(self, session: Session, after: int) -> Chunk:
        return self._items(session, after) if after >= 0 else self._without_items(session, -after - 1)

    def _items(self, session: Session, after: int) -> Chunk:
        rows = session.execute(
            select(Item, Equipment, Location.name.label("place"))
            .join(Equipment, Equipment.id == Item.equipment_id)
            .outerjoin(Location, Location.id == Item.location_id)
            # `+ 0` keeps the planner from the organization's index: by id there is nothing to sort.
            .where(Item.organization_id + 0 == self.organization_id, Item.id > after)
            .order_by(Item.id)
            .limit(CHUNK)
        ).all()
        tags = _tags(session, {equipment.id for _, equipment, _ in rows})
        codes = stickers.of_items(session, [item.id for item, _, _ in rows])
        return Chunk(
            rows=[
                self._row(item, equipment, place, tags[equipment.id], codes[item.id])
                for item, equipment, place in rows
            ],
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
        tags = _tags(session, {equipment.id for equipment in found})
        return Chunk(
            rows=[self._row(None, equipment, None, tags[equipment.id]) for equipment in found],
            last=-found[-1].id - 1 if len(found) == CHUNK else None,
        )

    def _row(
        self,
        item: Item | None,
        equipment: Equipment,
        place: str | None,
        tags: Sequence[str],
        codes: Sequence[str] = (),
    ) -> list[str]:
        ours = {
            Field.NAME: equipment.name,
            Field.BRAND: equipment.brand,
            Field.MODEL: equipment.model,
            Field.TYPE: equipment.type,
            Field.TAGS: join_tags(tags),
            Field.DESCRIPTION: equipment.description,
            Field.LOCATION: place or "",
            Field.CONDITION: NO_ITEMS,
            Field.RETIRED: "no" if equipment.retired_at is None else "yes",
            Field.OTHER_CODES: join_tags(codes),
        }
        if item is not None:
            ours |= {
                Field.CODE: item.code,
                Field.SERIAL_NUMBER: item.serial_number or "",
                Field.CONDITION: item.condition.value.replace("_", " "),
                Field.COMMENT: item.comment,
                Field.LABEL: item.label,
            }
        return [
            *(ours.get(field, "") for field in self._ours),
            *values(item.custom if item is not None else {}, self._own),
            *values(equipment.custom, self._own_of_equipment),
        ]


def _tags(session: Session, equipment_ids: Iterable[int]) -> dict[int, list[str]]:
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
