"""The rows to write for one thing of a list: one for each piece, or why it is refused."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from services.core import text as core_text
from services.imports.inventory.rows import MOST_CHARACTERS, Row, Wrong
from services.imports.mapping import Field
from services.imports.readers import cells
from services.imports.readers.csv_reader import Record
from services.imports.report import Reason, RefusedRow
from services.imports.understanding.cells.some_pieces import made
from services.imports.understanding.choices import Choices
from services.imports.understanding.kinds import Kinds
from services.imports.understanding.plan import Kept, Table
from services.imports.understanding.things import MOST_PIECES, Thing
from services.imports.understanding.vocabulary import Meaning, yes_no

_ERROR = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)")

_TELLS_IT = (Meaning.CODE, Meaning.OTHER_CODES, Meaning.NAME)
"""Meanings of columns by which a thing is known: of what a spreadsheet shortened, none can be."""

MOST_MADE = 5_000
"""A row becomes no more items than this, whatever was chosen."""

_LIMITED = [
    (meaning, Field(meaning.value), meaning.name.lower(), MOST_CHARACTERS[Field(meaning.value)])
    for meaning in (
        Meaning.BRAND,
        Meaning.MODEL,
        Meaning.TYPE,
        Meaning.LABEL,
        Meaning.SERIAL_NUMBER,
        Meaning.LOCATION,
    )
]
"""Meanings with the fields that they become, the attributes of a thing, and the characters these may have."""


class Pieces:
    """Turns the things of a list into rows; counts those of one name that have no codes, in their order."""

    def __init__(self, kinds: Kinds, choices: Choices) -> None:
        self._kinds, self._choices = kinds, choices
        self._running: Counter[str] = Counter()
        self._names: dict[tuple[str, str, str, str], tuple[str, str]] = {}

    def of(self, table: Table, kept: Kept) -> list[Row | RefusedRow]:
        """Return the rows for a row of the table."""
        try:
            if kept.record is not None:
                _check(table, kept.record)
            assert kept.thing is not None  # else there is a record that cannot be read
            return list(self._rows(table, kept.thing))
        except Wrong as wrong:
            return [wrong.refused(kept.line)]

    def _named(self, thing: Thing) -> tuple[str, str]:
        """Return the names of the thing's equipment: as the list tells it apart, and in full."""
        kind = thing.name, thing.brand, thing.model, thing.type
        found = self._names.get(kind)
        if found is None:
            found = self._names[kind] = self._kinds.name(thing), self._kinds.full_name(thing)
        return found

    def _rows(self, table: Table, thing: Thing) -> Iterable[Row]:
        if not thing.name:
            raise Wrong(_header(table, Meaning.NAME), Reason.NO_NAME)
        names = self._named(thing)
        _within(table, Meaning.NAME, Field.NAME, names[0])
        for meaning, field, attribute, most in _LIMITED:
            text = getattr(thing, attribute)
            if text and len(text) > most:
                _within(table, meaning, field, text)
        count = thing.count
        if self._choices.one_each is not False and count > MOST_PIECES:
            count, thing.custom = 1, thing.custom | {_header(table, Meaning.QUANTITY) or "": str(count)}
        if count > MOST_MADE:
            text = str(count)
            raise Wrong(_header(table, Meaning.QUANTITY), Reason.TOO_MANY_PIECES, text, most=MOST_MADE)
        if not count:
            yield _row(table, thing, names, alone=True)
            return
        codes = _codes(thing, count)
        if cells.is_shortened(thing.serial_number or ""):
            _set_serial_aside(table, thing, codes)
        if self._choices.require_codes and not all(codes):
            raise Wrong(_header(table, Meaning.CODE), Reason.NO_CODE_OR_SERIAL)
        for code in codes:
            _within(table, Meaning.CODE, Field.CODE, code)
        if count > 1 and thing.serial_number:
            header = _header(table, Meaning.SERIAL_NUMBER) or ""
            thing.custom = thing.custom | {header: thing.serial_number}
            thing.serial_number = None
        if count > 1 and thing.other_codes.strip():
            header = _header(table, Meaning.OTHER_CODES) or ""
            thing.custom = thing.custom | {header: core_text.many_lines(thing.other_codes)}
            thing.other_codes = ""
        usual, (some, other) = thing.condition, thing.some or (0, None)
        for number, code in enumerate(codes):
            thing.condition = thing.of_codes.get(code) or (other if number >= count - some else usual)
            key = ""
            if not code and not thing.serial_number:
                self._running[thing.key] += 1
                key = _digest(f"{thing.key}\x1f{self._running[thing.key]}")
            yield _row(table, thing, names, code=code, key=key)


def _codes(thing: Thing, count: int) -> list[str]:
    """Return a code for each piece: those given, or made from the one given; empty to be made later."""
    if not thing.codes:
        return [""] * count
    if len(thing.codes) == 1 and count > 1:
        return [made(thing.codes[0], number) for number in range(1, count + 1)]
    return [*thing.codes, *[""] * (count - len(thing.codes))]


def _row(
    table: Table, thing: Thing, names: tuple[str, str], *, code: str = "", key: str = "", alone: bool = False
) -> Row:
    name, full_name = names
    has = table.reader.has
    item: dict[str, object] = {}
    if has(Meaning.LABEL):
        item["label"] = thing.label
    if has(Meaning.SERIAL_NUMBER):
        item["serial_number"] = thing.serial_number
    if has(Meaning.COMMENT) or thing.comment:
        item["comment"] = thing.comment
    if thing.condition is not None:
        item["condition"] = thing.condition
    if table.reader.place or thing.location:
        item["location"] = thing.location
    equipment = {
        "brand": thing.brand,
        "model": thing.model,
        "type": thing.type,
        "description": thing.description,
    }
    tags = frozenset(cells.tags(thing.tags))
    for tag in tags:
        _within(table, Meaning.TAGS, Field.TAGS, tag)
    others = tuple(cells.tags(thing.other_codes))
    for one in others:
        _within(table, Meaning.OTHER_CODES, Field.OTHER_CODES, one)
    return Row(
        line=thing.line,
        name=name,
        code=code,
        equipment={field: text for field, text in equipment.items() if text},
        own=thing.own,
        tags=tags,
        item=item,
        custom=thing.custom,
        checked_out=thing.holder,
        since=thing.since,
        until=thing.until,
        alone=alone,
        key=key,
        full_name=full_name,
        other_codes=others or None,
        retired=_retired(table, thing),
    )


def _set_serial_aside(table: Table, thing: Thing, codes: Sequence[str]) -> None:
    """Keep a serial number whose digits are lost as a remark. Raises Wrong where the thing has no code."""
    serial, header = thing.serial_number or "", _header(table, Meaning.SERIAL_NUMBER)
    if not all(codes):
        raise Wrong(header, Reason.SHORTENED, serial)
    thing.comment = "\n".join(filter(None, [thing.comment, f"{header}: {serial}"]))
    thing.serial_number = None


def _retired(table: Table, thing: Thing) -> bool | None:
    text = thing.equipment_retired
    found = yes_no(text) if text else None
    if text and found is None:
        raise Wrong(_header(table, Meaning.EQUIPMENT_RETIRED), Reason.BAD_YES_NO, text)
    return found


def _check(table: Table, record: Record) -> None:
    """Raise Wrong for a row that cannot be read, or has more cells than the header of a text file."""
    if record.problem is not None:
        raise Wrong(None, record.problem, record.cells[0])
    width = len(table.columns.headers)
    if any(map(str.strip, record.cells[width:])):
        raise Wrong(None, Reason.TOO_MANY_CELLS, record.cells[width], most=width)
    for column, text in enumerate(record.cells):
        if cells.is_unreadable(text):
            raise Wrong(table.columns.headers[column], Reason.UNREADABLE, text)
        if text.startswith("#") and _ERROR.fullmatch(text.strip()):
            raise Wrong(table.columns.headers[column], Reason.ERROR_CELL, text.strip())
        if "+" in text and cells.is_shortened(text) and table.columns.meanings[column] in _TELLS_IT:
            raise Wrong(table.columns.label(column), Reason.SHORTENED, text.strip())


def _header(table: Table, meaning: Meaning) -> str | None:
    if meaning is Meaning.NAME:
        return " / ".join(table.columns.headers[column] for column in table.columns.names) or None
    found = [c for c, of in sorted(table.columns.meanings.items()) if of is meaning]
    return " / ".join(table.columns.headers[column] for column in found) or None


def _within(table: Table, meaning: Meaning, field: Field, text: str) -> None:
    most = MOST_CHARACTERS[field]
    if len(text) > most:
        raise Wrong(_header(table, meaning), Reason.TOO_LONG, text, most=most)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
