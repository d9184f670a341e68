"""Equipment of a chunk: new or changed, and its tags."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import bindparam, delete, insert, select, update

from db.models import Equipment, EquipmentTag, Location, Tag
from services.core.text import search_text
from services.core.tx import Tx
from services.imports.inventory.effects import Effects, Table
from services.imports.inventory.rows import Row
from services.imports.lookups.among import among

_FIELDS = ("brand", "model", "type", "description")
_BITS = {name: 1 << i for i, name in enumerate((*_FIELDS, "tags", "retired"))}
_LAST_BIT = 61
"""The last of 63 bits: custom fields beyond share it."""

_EQUIPMENT = cast("sa.Table", Equipment.__table__)
_LINKS = cast("sa.Table", EquipmentTag.__table__)
_NAMED = {
    Tag: cast("sa.Table", Tag.__table__),
    Location: cast("sa.Table", Location.__table__),
}
"""The tables without their models: what is read from them are values."""

_OF_NAMES = select(
    *(_EQUIPMENT.c[name] for name in ("id", "name", "version", "custom", "retired_at", *_FIELDS))
).where(_EQUIPMENT.c.organization_id == bindparam("organization"), among(_EQUIPMENT.c.name, "names"))
_MAKE = insert(_EQUIPMENT).returning(_EQUIPMENT.c.name, _EQUIPMENT.c.id)
_IDS = {
    model: select(table.c.name, table.c.id).where(
        table.c.organization_id == bindparam("organization"), among(table.c.name, "names")
    )
    for model, table in _NAMED.items()
}
_MAKE_NAMED = {model: insert(table).returning(table.c.name, table.c.id) for model, table in _NAMED.items()}


class Entries:
    """The equipment that a chunk's rows are about.

    Many rows of a file describe the same equipment, not always alike: the first filled cell of the file
    counts, for each field and each custom field (`own`, in the file's order). `settled` has the fields that
    earlier rows have decided.
    """

    def __init__(
        self,
        tx: Tx,
        settled: dict[str, int],
        own: Sequence[str],
        effects: Effects,
    ) -> None:
        self.tx, self.effects = tx, effects
        self.settled = dict(settled)
        self.own_bits = {label: 1 << min(len(_BITS) + i, _LAST_BIT) for i, label in enumerate(own)}
        self.wanted: dict[str, dict[str, Any]] = {}
        self.new = self.changed = 0

    def mention(self, row: Row) -> None:
        wanted = self.wanted.setdefault(row.name, {})
        said: dict[str, Any] = row.equipment | ({"tags": row.tags} if row.tags else {})
        if row.retired is not None:
            said["retired"] = row.retired
        bits = self.settled.get(row.name, 0)
        for name, value in said.items():
            if not bits & _BITS[name]:
                wanted[name] = value
                bits |= _BITS[name]
        before = bits
        for label, value in row.own.items():
            if not before & self.own_bits[label]:
                wanted.setdefault("custom", {})[label] = value
                bits |= self.own_bits[label]
        self.settled[row.name] = bits

    def own_labels(self) -> set[str]:
        """Return the labels of the custom fields that have a value on some equipment."""
        return {label for said in self.wanted.values() for label in said.get("custom", {})}

    def write(self) -> dict[str, int]:
        """Write the mentioned equipment; return the ids of all mentioned equipment by name."""
        known = self._load(self.wanted)
        new = {name: said for name, said in self.wanted.items() if name not in known}
        changed = {name: said for name, said in self.wanted.items() if name in known and said}
        if new:
            rows = [self._new(name, said) for name, said in new.items()]
            made = {row.name: row.id for row in self.tx.session.execute(_MAKE, rows)}
            self.effects.make(Table.EQUIPMENT, made.values())
            known |= {name: {"id": id_} for name, id_ in made.items()}
        tags = {known[name]["id"]: said["tags"] for name, said in new.items() if "tags" in said}
        if changed:
            tags |= self._change(changed, known)
        self._link(tags)
        self.new = len(new)
        return {name: entry["id"] for name, entry in known.items()}

    def _load(self, names: Collection[str]) -> dict[str, dict[str, Any]]:
        values = {"organization": self.tx.organization_id, "names": names}
        return {row.name: row._asdict() for row in self.tx.session.execute(_OF_NAMES, values).all()}

    def _new(self, name: str, said: dict[str, Any]) -> dict[str, Any]:
        values = {field: said.get(field, "") for field in _FIELDS}
        return values | {
            "organization_id": self.tx.organization_id,
            "name": name,
            "custom": said.get("custom", {}),
            "search_text": _text(name, values, said.get("tags", ())),
            "retired_at": self.tx.now if said.get("retired") else None,
            "created_at": self.tx.now,
        }

    def _change(
        self, changed: dict[str, dict[str, Any]], known: dict[str, dict[str, Any]]
    ) -> dict[int, frozenset[str]]:
        """Update changed fields; return the tags of the equipment whose tags change."""
        tags_now = self._tags([known[name]["id"] for name in changed])
        updates, new_tags = [], {}
        for name, said in changed.items():
            entry = known[name]
            own = tags_now[entry["id"]]
            tags = said.get("tags", frozenset(own))
            values: dict[str, Any] = {f: said[f] for f in _FIELDS if f in said and said[f] != entry[f]}
            custom = entry["custom"] | said.get("custom", {})
            if custom != entry["custom"]:
                values["custom"] = custom
            retired = entry["retired_at"] is not None
            if said.get("retired", retired) != retired:
                values["retired_at"] = None if retired else self.tx.now
            before = {name: entry[name] for name in values}
            if tags != own.keys():
                new_tags[entry["id"]] = tags
                before["tags"] = sorted(own.values())
            elif not values:
                continue
            self.effects.change(Table.EQUIPMENT, entry["id"], entry["version"], before)
            values |= {
                "id": entry["id"],
                "version": entry["version"] + 1,
                "search_text": _text(name, entry | values, tags),
            }
            updates.append(values)
        if updates:
            # Rows with the same columns next to each other go to the database together.
            self.tx.session.execute(update(Equipment), sorted(updates, key=tuple))
        self.changed = len(updates)
        return new_tags

    def _tags(self, ids: Sequence[int]) -> dict[int, dict[str, int]]:
        """Return the ids of the tags of each equipment by their names."""
        query = (
            select(EquipmentTag.equipment_id, Tag.name, Tag.id)
            .join(Tag, Tag.id == EquipmentTag.tag_id)
            .where(EquipmentTag.equipment_id.in_(ids))
        )
        found: dict[int, dict[str, int]] = {i: {} for i in ids}
        for equipment_id, name, tag_id in self.tx.session.execute(query):
            found[equipment_id][name] = tag_id
        return found

    def _link(self, tags: dict[int, frozenset[str]]) -> None:
        if not tags:
            return
        ids = named_ids(self.tx, Tag, frozenset().union(*tags.values()), self.effects)
        self.tx.session.execute(delete(EquipmentTag).where(EquipmentTag.equipment_id.in_(tags)))
        links = [{"equipment_id": e, "tag_id": ids[name]} for e, names in tags.items() for name in names]
        self.tx.session.execute(insert(_LINKS), links)


def named_ids(
    tx: Tx, table: type[Tag] | type[Location], names: Collection[str], effects: Effects
) -> dict[str, int]:
    """Return the ids of the organization's tags or locations by name, adding those that are missing."""
    if not names:
        return {}
    values = {"organization": tx.organization_id, "names": names}
    found = {row.name: row.id for row in tx.session.execute(_IDS[table], values)}
    missing = sorted(set(names) - found.keys())
    if missing:
        rows = [{"organization_id": tx.organization_id, "name": name} for name in missing]
        made = {row.name: row.id for row in tx.session.execute(_MAKE_NAMED[table], rows)}
        effects.make(Table.TAG if table is Tag else Table.LOCATION, made.values())
        found |= made
    return found


def _text(name: str, values: dict[str, Any], tags: Iterable[str]) -> str:
    return search_text(name, values["brand"], values["model"], values["type"], tags)
