"""The items that are there already, of those that the rows of a chunk may be about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, select

from db.models import Equipment, Item, Location
from db.states import LENDABLE, Condition
from services.core.text import fold
from services.core.tx import Tx
from services.imports.lookups.among import among, same_letters
from services.inventory.codes.forms import own


@dataclass(slots=True, eq=False)
class Known:
    """An item as it is in the database, or will be. `line`: the row of this chunk that mentioned it."""

    id: int | None
    code: str
    equipment: str
    version: int
    values: dict[str, Any]
    line: int = 0
    former: dict[str, Any] = field(default_factory=dict)
    """The values of the columns that change, as they were."""
    key: str = ""
    equipment_id: int | None = None
    location_id: int | None = None

    @property
    def by_serial(self) -> tuple[str, str | None]:
        return self.equipment, same_serial(self.values["serial_number"])

    def is_withdrawn_by(self, said: dict[str, Any]) -> bool:
        """Return whether a row with these values takes the item out of lending."""
        condition = said.get("condition", self.values["condition"])
        return self.values["condition"] in LENDABLE and condition not in LENDABLE

    def update(self, equipment: dict[str, int], places: dict[str, int]) -> dict[str, Any]:
        """Return only the columns that differ: others may be changing in another transaction."""
        values: dict[str, Any] = {"id": self.id, "version": self.version + 1}
        for name in sorted(self.former):
            if name == "equipment":
                values["equipment_id"] = equipment[self.equipment]
            elif name == "other_codes":
                continue  # in rows of their own
            elif name == "location":
                values["location_id"] = places.get(self.values["location"])
            else:
                values[name] = self.values[name]
        return values

    def before(self) -> dict[str, Any]:
        """Return the former values of what changes, by column."""
        ids = {"equipment": "equipment_id", "location": "location_id"}
        return {ids.get(name, name): value for name, value in self.former.items()}


def same_serial(serial: str | None) -> str | None:
    """Return a serial number for comparison, as `same_code` does a code."""
    return same_code(serial) if serial else None


@lru_cache(4_096)  # more than the codes of a chunk, each of which is compared many times
def same_code(code: str) -> str:
    """Return a code for comparison: in one case, without characters that nobody sees."""
    return fold(code if code.isprintable() else "".join(c for c in code if c.isprintable()))


_ITEMS = cast("sa.Table", Item.__table__)
_EQUIPMENT = cast("sa.Table", Equipment.__table__)
_LOCATIONS = cast("sa.Table", Location.__table__)
"""The tables without their models: what is read from them are values."""

_VALUES = {
    "label": _ITEMS.c.label,
    "serial_number": _ITEMS.c.serial_number,
    "condition": _ITEMS.c.condition,
    "comment": _ITEMS.c.comment,
    "location": _LOCATIONS.c.name,
    "custom": _ITEMS.c.custom,
}
"""The columns that a row changes, by their names among the values of `Known`."""

_HERE: BindParameter[int] = bindparam("organization")


def _known(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Select what is to be known of items."""
    item = _ITEMS.c
    return (
        select(item.id, item.code, _EQUIPMENT.c.name, item.version, item.source_key)
        .add_columns(item.equipment_id, item.location_id, *_VALUES.values())
        .join_from(_ITEMS, _EQUIPMENT, _EQUIPMENT.c.id == item.equipment_id)
        .outerjoin(_LOCATIONS, _LOCATIONS.c.id == item.location_id)
        .where(*conditions)
    )


def _with_letters(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return _ITEMS.c.id.in_(select(_ITEMS.c.id).where(own(_HERE), same_letters(column, "texts")))


WITH_CODES = _known(_with_letters(_ITEMS.c.code))
WITH_EXACT_CODES = _known(_ITEMS.c.organization_id == _HERE, among(_ITEMS.c.code, "codes"))
WITH_KEYS = _known(_ITEMS.c.organization_id == _HERE, among(_ITEMS.c.source_key, "keys"))
WITH_SERIALS = _known(among(_EQUIPMENT.c.name, "names"), _with_letters(_ITEMS.c.serial_number))


def nothing() -> dict[str, Any]:
    return {
        "label": "",
        "serial_number": None,
        "condition": Condition.OK,
        "comment": "",
        "location": None,
        "custom": {},
    }


def load(tx: Tx, query: Select[Any], texts: Mapping[str, Collection[str]]) -> dict[int, Known]:
    """Return the items that one of these statements finds, by id."""
    found = tx.session.execute(query, {"organization": tx.organization_id, **texts})
    return {
        id_: Known(
            id_,
            code,
            name,
            version,
            dict(zip(_VALUES, values, strict=True)),
            key=key or "",
            equipment_id=equipment_id,
            location_id=location_id,
        )
        for id_, code, name, version, key, equipment_id, location_id, *values in found.all()
    }
