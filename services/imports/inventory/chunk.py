"""One chunk of rows in one transaction: matched with the database, compared, written in bulk."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Select, insert, update

from db.models import Item, Location
from db.states import Described
from services.core import custom_fields
from services.core.tx import Tx
from services.imports.inventory import effects, guards, names
from services.imports.inventory.effects import Effects, Held, Table
from services.imports.inventory.equipment import Entries, named_ids
from services.imports.inventory.rows import Row
from services.imports.inventory.stickers import Stickers
from services.imports.lookups import known_items
from services.imports.lookups.among import in_each_case
from services.imports.lookups.known_items import Known, nothing, same_code, same_serial
from services.imports.lookups.seen_keys import Kind, Seen
from services.imports.mapping import Field, FileColumns
from services.imports.report import CheckedOut, Reason, RefusedRow
from services.inventory.codes import proposals

_AT_ONCE = 250
"""New items that one statement makes."""

_ITEMS = cast("sa.Table", Item.__table__)
"""The table without its model: the rows are complete, and nobody keeps them."""

_MAKE = (
    insert(_ITEMS)
    .returning(_ITEMS.c.code, _ITEMS.c.id)
    .execution_options(insertmanyvalues_page_size=_AT_ONCE)
)
"""Makes new items, many with one statement: of few sizes, as SQLite keeps each in memory."""


@dataclass
class Outcome:
    """Result of one chunk. `codes`, `settled` and `last` are remembered once it is committed."""

    items_new: int = 0
    items_changed: int = 0
    items_unchanged: int = 0
    equipment_new: int = 0
    equipment_changed: int = 0
    alone: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    checked_out: list[CheckedOut] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    settled: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    zeros_lost: list[tuple[str, str]] = field(default_factory=list)


def apply(
    tx: Tx, rows: Sequence[Row], columns: FileColumns, seen: Seen, last: dict[str, int], run_id: int
) -> Outcome:
    """Write the rows, leaving out those that are refused. Only reads `seen` and `last`.

    Raises IMPORT_CANCELLED where the run was undone meanwhile.
    """
    effects.require_going_on(tx, run_id)
    chunk = _Chunk(tx, rows, columns, seen)
    for row in rows:
        chunk.take(row)
    chunk.write(last)
    chunk.effects.write(tx, run_id)
    return chunk.outcome


class _Refuse(Exception):
    def __init__(self, column: Field, reason: Reason, value: str, **data: Any) -> None:
        super().__init__(reason)
        self.column, self.reason, self.value, self.data = column, reason, value, data


class _Chunk:
    def __init__(self, tx: Tx, rows: Sequence[Row], columns: FileColumns, seen: Seen) -> None:
        self.tx, self.columns = tx, columns
        self.outcome, self.effects = Outcome(), Effects()
        self.touched: list[Known] = []
        self.without_code: list[tuple[Known, Sequence[str]]] = []
        self.checked_out: list[tuple[Row, Known]] = []
        names.settle(tx, rows)
        found = self._load(rows)
        names.settle_codes(tx, rows, {known.code for known in found})
        if numbers := {row.code for row in rows if row.written_code} - {known.code for known in found}:
            found += self._items(known_items.WITH_EXACT_CODES, codes=numbers).values()
        self.by_code = {same_code(known.code): known for known in found}
        self.by_key = {known.key: known for known in found if known.key}
        self.by_serial: dict[tuple[str, str | None], list[Known]] = {}
        for known in found:
            self.by_serial.setdefault(known.by_serial, []).append(known)
        self.stickers = Stickers(tx, rows, {known.id: known.code for known in found if known.id})
        self.codes_here = {row.code for row in rows if row.code}
        self.first_line = seen.find(Kind.CODE, set(map(same_code, self.codes_here)) | self.by_code.keys())
        retiring = {row.name for row in rows if row.retired}
        self.not_to_retire = guards.equipment(tx, retiring)
        pairs = [(row, known) for row in rows for known in self._about(row)]
        moving = {known.id for row, known in pairs if known.id and known.equipment != row.name}
        self.promised = guards.items(tx, moving)
        withdrawn = {known.id for row, known in pairs if known.id and known.is_withdrawn_by(row.item)}
        self.not_to_withdraw = guards.to_members(tx, withdrawn)
        settled = seen.find(Kind.EQUIPMENT, {row.name for row in rows})
        self.entries = Entries(tx, settled, columns.of_equipment, self.effects)

    def _load(self, rows: Sequence[Row]) -> list[Known]:
        """Load the items that the rows may be about: by code, by key, and by equipment and serial number."""
        codes = {code for row in rows if row.code for code in (row.code, same_code(row.code))}
        found = self._items(known_items.WITH_CODES, texts=in_each_case(codes)) if codes else {}
        if keys := {row.key for row in rows if row.key}:
            found |= self._items(known_items.WITH_KEYS, keys=keys)
        # A row whose code is there is about that item, whatever else has its serial number.
        there = {same_code(known.code) for known in found.values()}
        numbered = [
            row
            for row in rows
            if row.item.get("serial_number") and not row.alone
            if not (row.code and same_code(row.code) in there)
        ]
        if numbered:
            written = {row.item["serial_number"] for row in numbered}
            forms = written | {same_code(one) for one in written}
            names_ = {row.name for row in numbered}
            found |= self._items(known_items.WITH_SERIALS, names=names_, texts=in_each_case(forms))
        return list(found.values())

    def _items(self, query: Select[Any], **texts: Collection[str]) -> dict[int, Known]:
        return known_items.load(self.tx, query, texts)

    def _about(self, row: Row) -> list[Known]:
        """Return the existing items that may be the row's."""
        if row.key:
            return [self.by_key[row.key]] if row.key in self.by_key else []
        if not row.code:
            return [] if row.alone else self._with_serial(row)
        return [self.by_code[same_code(row.code)]] if same_code(row.code) in self.by_code else []

    def _with_serial(self, row: Row) -> list[Known]:
        """Return the items of this equipment that have the row's serial number, in whatever case."""
        return self.by_serial.get((row.name, same_serial(row.item["serial_number"])), [])

    def take(self, row: Row) -> None:
        """Find the row's item and note its changes."""
        try:
            if row.retired and row.name in self.not_to_retire:
                raise _Refuse(Field.RETIRED, Reason.PROMISED, row.name)
            if row.alone:
                self.entries.mention(row)
                self.outcome.alone += 1
                return
            known = self._match(row)
            if known is not None and known.equipment != row.name and known.id in self.promised:
                raise _Refuse(Field.NAME, Reason.IN_USE, row.name, equipment=known.equipment)
            if known is not None and known.id in self.not_to_withdraw and known.is_withdrawn_by(row.item):
                raise _Refuse(Field.CONDITION, Reason.PROMISED, row.item["condition"])
            self._require_free_codes(row, known)
        except _Refuse as no:
            column = self.columns.header(no.column)
            self.outcome.refused.append(RefusedRow(row.line, column, no.reason, no.value, no.data, row.sheet))
            return
        if known is None:
            known = Known(None, row.code, row.name, 1, nothing(), key=row.key)
            if row.code:
                self.by_code[same_code(row.code)] = known
        self._change(known, row)
        if row.written_code:
            self.outcome.zeros_lost.append((row.written_code, row.code))
        self.entries.mention(row)
        self.touched.append(known)
        if row.checked_out:
            self.checked_out.append((row, known))

    def _require_free_codes(self, row: Row, known: Known | None) -> None:
        """Refuse a row with a code that leads to another item."""
        taken = self.stickers.taken(row, known.code if known is not None else row.code)
        if taken is not None:
            column = Field.CODE if taken.is_own_code else Field.OTHER_CODES
            raise _Refuse(column, Reason.CODE_OF, taken.value, code=taken.by)

    def _match(self, row: Row) -> Known | None:
        if row.code:
            return self._match_code(row, same_code(row.code))
        if row.key:
            return self.by_key.get(row.key)
        serial = row.item["serial_number"]
        found = self._with_serial(row)
        if len(found) > 1:
            raise _Refuse(Field.SERIAL_NUMBER, Reason.SERIAL_AMBIGUOUS, serial, items=len(found))
        if not found:
            return None
        first = found[0].line or self.first_line.get(same_code(found[0].code), 0)
        if first:
            raise _Refuse(Field.SERIAL_NUMBER, Reason.SERIAL_TWICE, serial, first_line=first)
        return found[0]

    def _match_code(self, row: Row, code: str) -> Known | None:
        first = self.first_line.setdefault(code, row.line)
        if first != row.line:
            raise _Refuse(Field.CODE, Reason.CODE_TWICE, row.code, first_line=first)
        self.outcome.codes[code] = row.line
        known = self.by_code.get(code)
        serial = row.item.get("serial_number")
        if known is None and serial:
            # The same thing under a new code would be counted twice.
            other = next(
                (k for k in self._with_serial(row) if same_code(k.code) not in self.first_line), None
            )
            if other is not None:
                raise _Refuse(Field.SERIAL_NUMBER, Reason.SERIAL_OF, serial, code=other.code)
        return known

    def _change(self, known: Known, row: Row) -> None:
        before = known.by_serial
        known.line = row.line
        said = dict(row.item)
        if row.custom:
            kept = {k: v for k, v in known.values["custom"].items() if k not in row.custom}
            said["custom"] = kept | {k: v for k, v in row.custom.items() if v}
        self.stickers.own(known.code, said.get("serial_number"))
        if row.other_codes is not None and known.code:
            self._put_codes(known, row.other_codes)
        elif row.other_codes:
            self.without_code.append((known, row.other_codes))
        for name, value in said.items():
            if known.values[name] != value:
                former = known.location_id if name == "location" else known.values[name]
                known.former.setdefault(name, former)
                known.values[name] = value
        if known.equipment != row.name:
            known.equipment = row.name
            known.former.setdefault("equipment", known.equipment_id)
        if known.by_serial != before or known.id is None:
            if known in self.by_serial.get(before, []):
                self.by_serial[before].remove(known)
            self.by_serial.setdefault(known.by_serial, []).append(known)

    def _put_codes(self, known: Known, other_codes: Sequence[str]) -> None:
        before = self.stickers.put(known.id, known.code, other_codes)
        if before is not None:
            known.former.setdefault("other_codes", before)

    def write(self, last: dict[str, int]) -> None:
        self._propose_codes(last)
        for known, other_codes in self.without_code:
            self._put_codes(known, other_codes)
        self._register_fields()
        equipment = self.entries.write()
        places = named_ids(
            self.tx,
            Location,
            {k.values["location"] for k in self.touched if k.values["location"]},
            self.effects,
        )
        new, changed = [], []
        for known in self.touched:
            self.outcome.codes.setdefault(same_code(known.code), known.line)
            if known.id is None:
                new.append(self._new(known, equipment, places))
            elif known.former:
                changed.append(known.update(equipment, places))
                self.effects.change(Table.ITEM, known.id, known.version, known.before())
        if new:
            self._number_new({code: id_ for code, id_ in self.tx.session.execute(_MAKE, new)})  # noqa: C416
        if changed:
            # Rows with the same columns next to each other go to the database together.
            self.tx.session.execute(update(Item), sorted(changed, key=tuple))
        self.stickers.write()
        outcome = self.outcome
        outcome.items_new, outcome.items_changed = len(new), len(changed)
        outcome.items_unchanged = len(self.touched) - len(new) - len(changed)
        outcome.equipment_new, outcome.equipment_changed = self.entries.new, self.entries.changed
        outcome.settled = self.entries.settled
        outcome.checked_out = [CheckedOut(r.line, known.code, r.checked_out) for r, known in self.checked_out]
        self.effects.held = [
            Held(known.id, row.checked_out, row.since, row.until)
            for row, known in self.checked_out
            if known.id is not None
        ]

    def _number_new(self, ids: dict[str, int]) -> None:
        """Note the ids of the new items, by their codes."""
        for known in self.touched:
            if known.id is None:
                known.id = ids[known.code]
        self.effects.make(Table.ITEM, ids.values())

    def _register_fields(self) -> None:
        """Register unknown columns as custom fields, once they have a value."""
        used = {
            label for known in self.touched if "custom" in known.former for label in known.values["custom"]
        }
        labels = [label for label in self.columns.custom if label in used]
        self._register(Described.ITEM, labels)
        described = self.entries.own_labels()
        labels = [label for label in self.columns.of_equipment if label in described]
        self._register(Described.EQUIPMENT, labels)

    def _register(self, describes: Described, labels: Sequence[str]) -> None:
        made = custom_fields.register(self.tx.session, self.tx.organization_id, describes, labels)
        self.effects.make(Table.FIELD, (one.id for one in made))

    def _propose_codes(self, last: dict[str, int]) -> None:
        nameless = [known for known in self.touched if not known.code]
        if not nameless:
            self.outcome.last = last
            return
        found = proposals.propose(
            self.tx,
            [known.equipment for known in nameless],
            avoid=self.codes_here,
            last=last,
        )
        for known, code in zip(nameless, found.codes, strict=True):
            known.code = code
        self.outcome.last = found.last

    def _new(self, known: Known, equipment: dict[str, int], places: dict[str, int]) -> dict[str, Any]:
        values = dict(known.values)
        place = values.pop("location")
        return values | {
            "organization_id": self.tx.organization_id,
            "equipment_id": equipment[known.equipment],
            "location_id": places[place] if place else None,
            "code": known.code,
            "source_key": known.key or None,
            "label_token": secrets.token_urlsafe(9),
            "created_at": self.tx.now,
        }
