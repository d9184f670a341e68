"""Each change to the inventory, and to its words, is noted once, where it is made."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, Item
from db.states import Condition, Described
from services.core import custom_fields
from services.core.tx import Tx
from services.inventory import attributes, creation, editing, equipment_policy, kits, locations, tags
from services.maintenance import service_status
from tests.services.office import Office


def inventory_steps(office: Office) -> None:
    c, now = office.club, office.now
    tent = c.tent.id

    def version(session: Session, table: type[Equipment] | type[Item], id_: int) -> int:
        return session.scalars(select(table.version).where(table.id == id_)).one()

    office.does(lambda s: creation.equipment(Tx(s, now, c.anna), name="Sledge"), ("equipment", "add"))
    office.does(lambda s: creation.items(Tx(s, now, c.anna), tent, code="T9"), ("item", "add"))
    office.does(
        lambda s: editing.edit_equipment(
            Tx(s, now, c.anna), tent, field="brand", text="Hilleberg", seen=version(s, Equipment, tent)
        ),
        ("equipment", "edit"),
    )
    office.does(lambda s: attributes.named_place(Tx(s, now, c.anna), "Shed"), ("location", "add"))
    office.does(
        lambda s: attributes.move_item(Tx(s, now, c.anna), 1, location_id=1, seen=version(s, Item, 1)),
        ("item", "edit"),
    )
    office.does(lambda s: attributes.named_tag(Tx(s, now, c.anna), "winter"), ("tag", "add"))
    office.does(
        lambda s: attributes.tag_equipment(Tx(s, now, c.anna), tent, tag_id=1, on=True), ("equipment", "edit")
    )
    office.does(
        lambda s: attributes.set_photo(
            Tx(s, now, c.anna), tent, file_id="abc", seen=version(s, Equipment, tent)
        ),
        ("equipment", "edit"),
    )
    office.does(
        lambda s: service_status.set_condition(
            Tx(s, now, c.anna),
            1,
            condition=Condition.IN_REPAIR,
            seen=version(s, Item, 1),
            giving_up=[],
            reason="",
        ),
        ("item", "condition"),
    )
    office.does(
        lambda s: service_status.retire(Tx(s, now, c.anna), tent, seen=version(s, Equipment, tent)),
        ("equipment", "retire"),
    )
    office.does(
        lambda s: service_status.bring_back(Tx(s, now, c.anna), tent, seen=version(s, Equipment, tent)),
        ("equipment", "bring_back"),
    )


def vocabulary_steps(office: Office) -> None:
    """Places, tags, fields, kits and the rules of one equipment."""
    c, now, anna = office.club, office.now, office.club.anna
    _named_steps(office, "location", locations)
    _named_steps(office, "tag", tags)
    office.does(lambda s: tags.paint(Tx(s, now, anna), 1, next(iter(tags.COLORS))), ("tag", "paint"))
    office.does(lambda s: custom_fields.add(Tx(s, now, anna), Described.RENTAL, "Car"), ("field", "add"))
    office.does(lambda s: custom_fields.rename(Tx(s, now, anna), 1, "Van"), ("field", "rename"))
    office.does(lambda s: custom_fields.switch(Tx(s, now, anna), 1, on=False), ("field", "disable"))
    office.does(lambda s: kits.add(Tx(s, now, anna), "Camp"), ("kit", "add"))
    office.does(lambda s: kits.set_part(Tx(s, now, anna), 1, c.tent.id, 2, seen=1), ("kit", "set_part"))
    office.does(lambda s: kits.rename(Tx(s, now, anna), 1, "Big camp", seen=2), ("kit", "rename"))
    office.does(lambda s: kits.retire(Tx(s, now, anna), 1, seen=3), ("kit", "retire"))
    office.does(lambda s: kits.bring_back(Tx(s, now, anna), 1, seen=4), ("kit", "bring_back"))
    office.does(
        lambda s: equipment_policy.change(Tx(s, now, anna), c.tent.id, "longest_days", 3, seen=1),
        ("equipment", "change_rule"),
    )


def _named_steps(office: Office, subject: str, module: Any) -> None:
    now, anna = office.now, office.club.anna
    office.does(lambda s: module.add(Tx(s, now, anna), "One"), (subject, "add"))
    office.does(lambda s: module.rename(Tx(s, now, anna), 1, "Two"), (subject, "rename"))
    office.does(lambda s: module.switch(Tx(s, now, anna), 1, on=False), (subject, "disable"))
    office.does(lambda s: module.switch(Tx(s, now, anna), 1, on=False))
    office.does(lambda s: module.switch(Tx(s, now, anna), 1, on=True), (subject, "enable"))


@pytest.mark.parametrize("steps", [inventory_steps, vocabulary_steps], ids=lambda f: f.__name__)
def test_every_step_is_noted_once_where_it_is_made(office: Office, steps: Callable[[Office], None]) -> None:
    """One entry in the transaction of each change; what is done a second time notes nothing more."""
    steps(office)
