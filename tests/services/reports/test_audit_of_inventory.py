"""What is done with the inventory, and with its words, is noted once, where it is done."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, Item
from db.states import Condition, Described
from services.core import custom_fields
from services.inventory import attributes, creation, editing, equipment_policy, kits, locations, tags
from services.maintenance import service_status
from tests.services.office import Office


def inventory_steps(office: Office) -> None:
    c, now = office.club, office.now
    tent = c.tent.id

    def version(session: Session, table: type[Equipment] | type[Item], id_: int) -> int:
        return session.scalars(select(table.version).where(table.id == id_)).one()

    office.does(lambda s: creation.equipment(s, c.anna, now, name="Sledge"), ("equipment", "add"))
    office.does(lambda s: creation.items(s, c.anna, tent, now, code="T9"), ("item", "add"))
    office.does(
        lambda s: editing.edit_equipment(
            s, c.anna, tent, now, field="brand", text="Hilleberg", seen=version(s, Equipment, tent)
        ),
        ("equipment", "edit"),
    )
    office.does(lambda s: attributes.named_place(s, c.anna, "Shed", now), ("location", "add"))
    office.does(
        lambda s: attributes.move_item(s, c.anna, 1, now, location_id=1, seen=version(s, Item, 1)),
        ("item", "edit"),
    )
    office.does(lambda s: attributes.named_tag(s, c.anna, "winter", now), ("tag", "add"))
    office.does(
        lambda s: attributes.tag_equipment(s, c.anna, tent, now, tag_id=1, on=True), ("equipment", "edit")
    )
    office.does(
        lambda s: attributes.set_photo(s, c.anna, tent, now, file_id="abc", seen=version(s, Equipment, tent)),
        ("equipment", "edit"),
    )
    office.does(
        lambda s: service_status.set_condition(
            s,
            c.anna,
            1,
            now,
            condition=Condition.IN_REPAIR,
            seen=version(s, Item, 1),
            giving_up=[],
            reason="",
        ),
        ("item", "condition"),
    )
    office.does(
        lambda s: service_status.retire(s, c.anna, tent, now, seen=version(s, Equipment, tent)),
        ("equipment", "retire"),
    )
    office.does(
        lambda s: service_status.bring_back(s, c.anna, tent, now, seen=version(s, Equipment, tent)),
        ("equipment", "bring_back"),
    )


def vocabulary_steps(office: Office) -> None:
    """Places, tags, fields, kits and the rules of one equipment."""
    c, now, anna = office.club, office.now, office.club.anna
    _named_steps(office, "location", locations)
    _named_steps(office, "tag", tags)
    office.does(lambda s: tags.paint(s, anna, now, 1, next(iter(tags.COLORS))), ("tag", "paint"))
    office.does(lambda s: custom_fields.add(s, anna, now, Described.RENTAL, "Car"), ("field", "add"))
    office.does(lambda s: custom_fields.rename(s, anna, now, 1, "Van"), ("field", "rename"))
    office.does(lambda s: custom_fields.switch(s, anna, now, 1, on=False), ("field", "disable"))
    office.does(lambda s: kits.add(s, anna, now, "Camp"), ("kit", "add"))
    office.does(lambda s: kits.set_part(s, anna, now, 1, c.tent.id, 2, seen=1), ("kit", "set_part"))
    office.does(lambda s: kits.rename(s, anna, now, 1, "Big camp", seen=2), ("kit", "rename"))
    office.does(lambda s: kits.retire(s, anna, now, 1, seen=3), ("kit", "retire"))
    office.does(lambda s: kits.bring_back(s, anna, now, 1, seen=4), ("kit", "bring_back"))
    office.does(
        lambda s: equipment_policy.change(s, anna, now, c.tent.id, "longest_days", 3, seen=1),
        ("equipment", "change_rule"),
    )


def _named_steps(office: Office, subject: str, module: Any) -> None:
    now, anna = office.now, office.club.anna
    office.does(lambda s: module.add(s, anna, now, "One"), (subject, "add"))
    office.does(lambda s: module.rename(s, anna, now, 1, "Two"), (subject, "rename"))
    office.does(lambda s: module.switch(s, anna, now, 1, on=False), (subject, "disable"))
    office.does(lambda s: module.switch(s, anna, now, 1, on=False))
    office.does(lambda s: module.switch(s, anna, now, 1, on=True), (subject, "enable"))


@pytest.mark.parametrize("steps", [inventory_steps, vocabulary_steps], ids=lambda f: f.__name__)
def test_every_step_is_noted_once_where_it_is_made(office: Office, steps: Callable[[Office], None]) -> None:
    """One entry in the transaction of each change; what is done a second time notes nothing more."""
    steps(office)
