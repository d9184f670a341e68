"""The inventory, a row for each item: our import template's columns, then the organisation's own."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, EquipmentTag, Item, Location, Tag
from services.exporting.fields import Labels, values
from services.exporting.table import Chunk
from services.importing.cells import join_tags
from services.importing.mapping import COLUMNS, Field

CHUNK = 1_000


class Inventory:
    """In the order in which the items came, so that none is missed or told twice, whatever changes meanwhile.

    `label` is a column where an item has one. Equipment without items has no row.
    """

    def __init__(self, organization_id: int) -> None:
        self.organization_id = organization_id
        self.labels = Labels(Item, organization_id)
        self._own: list[str] = []
        self._with_label = False

    def header(self, session: Session) -> list[str]:
        self._own = self.labels.listed(session)
        labelled = select(Item.id).where(Item.organization_id == self.organization_id, Item.label != "")
        # Beside a field of the organisation that is called so, ours has to be there to be told from it.
        self._with_label = "label" in self._own or session.scalar(labelled.limit(1)) is not None
        ours = [*COLUMNS, Field.LABEL] if self._with_label else list(COLUMNS)
        return [*(field.value for field in ours), *self._own]

    def chunk(self, session: Session, after: int) -> Chunk:
        rows = session.execute(
            select(Item, Equipment, Location.name.label("place"))
            .join(Equipment, Equipment.id == Item.equipment_id)
            .outerjoin(Location, Location.id == Item.location_id)
            # `+ 0` keeps the organisation's index out of it: in the order of ids there is nothing to sort.
            .where(Item.organization_id + 0 == self.organization_id, Item.id > after)
            .order_by(Item.id)
            .limit(CHUNK)
        ).all()
        tags = _tags(session, {equipment.id for _, equipment, _ in rows})
        return Chunk(
            rows=[self._row(item, equipment, place, tags[equipment.id]) for item, equipment, place in rows],
            last=rows[-1][0].id if len(rows) == CHUNK else None,
        )

    def _row(self, item: Item, equipment: Equipment, place: str | None, tags: Sequence[str]) -> list[str]:
        ours = {
            Field.NAME: equipment.name,
            Field.CODE: item.code,
            Field.BRAND: equipment.brand,
            Field.MODEL: equipment.model,
            Field.TYPE: equipment.type,
            Field.TAGS: join_tags(tags),
            Field.DESCRIPTION: equipment.description,
            Field.SERIAL_NUMBER: item.serial_number or "",
            Field.LOCATION: place or "",
            Field.CONDITION: item.condition.value.replace("_", " "),
            Field.COMMENT: item.comment,
        }
        label = [item.label] if self._with_label else []
        return [*(ours[field] for field in COLUMNS), *label, *values(item.custom, self._own)]


def _tags(session: Session, equipment_ids: Iterable[int]) -> dict[int, list[str]]:
    """Also those that are out of use: an import sets an equipment's tags to what its cell says."""
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
