"""One row of a file, parsed into an item and its equipment, or refused with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.models import Equipment, Item, ItemCode, Location, Tag
from db.states import Condition
from services.core import text as core_text
from services.core.text import limit
from services.imports.mapping import Field, Mapping
from services.imports.readers import cells
from services.imports.readers.csv_reader import Record
from services.imports.report import Reason, RefusedRow
from services.imports.understanding.cells import values
from services.imports.understanding.vocabulary import says_no_items, yes_no

MOST_CHARACTERS: dict[Field, int] = {
    Field.NAME: limit(Equipment.name),
    Field.BRAND: limit(Equipment.brand),
    Field.MODEL: limit(Equipment.model),
    Field.TYPE: limit(Equipment.type),
    Field.CODE: limit(Item.code),
    Field.LABEL: limit(Item.label),
    Field.SERIAL_NUMBER: limit(Item.serial_number),
    Field.LOCATION: limit(Location.name),
    Field.TAGS: limit(Tag.name),
    Field.OTHER_CODES: limit(ItemCode.code),
}
"""Limits of the models' columns. Descriptions, comments and yes/no fields have none."""


@dataclass(slots=True)
class Row:
    """Values of one row.

    `item` has only the fields that the file has columns for, the location by its name; an empty cell clears
    the value. `equipment`, `own` (custom fields of the equipment) and `tags` are shared by many rows, so an
    empty cell leaves the value alone. An empty custom field of the item is removed. `alone`: the row is about
    equipment that has no items yet. `retired`: whether the equipment is; None where the row does not say.
    """

    line: int
    name: str
    code: str
    equipment: dict[str, str]
    own: dict[str, str]
    tags: frozenset[str]
    item: dict[str, Any]
    custom: dict[str, str]
    checked_out: str
    since: str = ""
    until: str = ""
    alone: bool = False
    retired: bool | None = None
    key: str = ""
    """By which a row without code and serial number is known again (`Item.source_key`)."""
    full_name: str = ""
    """The name with brand and model, which counts where equipment of that name is there."""
    sheet: str = ""
    other_codes: tuple[str, ...] | None = None
    """Codes of its stickers; None where the file does not say."""
    written_code: str = ""
    """The code in the file, where it has lost the zeros in front of the one that is there already."""
    about_place: str = ""
    """The description of its location; an empty one leaves that alone."""


class Wrong(Exception):
    """Raised for a row that is refused."""

    def __init__(self, column: str | None, reason: Reason, value: str = "", **data: Any) -> None:
        super().__init__(reason)
        self.column, self.reason, self.value, self.data = column, reason, value, data

    def refused(self, line: int) -> RefusedRow:
        return RefusedRow(line, self.column, self.reason, cells.readable(self.value), self.data)


def clean(record: Record, mapping: Mapping) -> Row | RefusedRow:
    """Parse and check a row without the database."""
    try:
        check_whole(record, mapping.headers)
        return _Cells(record, mapping).row()
    except Wrong as wrong:
        return wrong.refused(record.line)


def check_whole(record: Record, headers: Sequence[str]) -> None:
    """Raise Wrong for a row that cannot be read, or has more cells than the header."""
    width = len(headers)
    if record.problem is not None:
        raise Wrong(None, record.problem, record.cells[0])
    if any(map(str.strip, record.cells[width:])):
        raise Wrong(None, Reason.TOO_MANY_CELLS, record.cells[width], most=width)
    for header, text in zip(headers, record.cells, strict=False):
        if cells.is_unreadable(text):
            raise Wrong(header, Reason.UNREADABLE, text)
        if cells.is_shortened(text):
            raise Wrong(header, Reason.SHORTENED, text)


class _Cells:
    """A row's cells by field. A row that ends early has no cells in the columns beyond."""

    def __init__(self, record: Record, mapping: Mapping) -> None:
        self.line, self.cells, self.mapping = record.line, record.cells, mapping

    def row(self) -> Row:
        name = self._line(Field.NAME)
        if not name:
            raise Wrong(self.mapping.header(Field.NAME), Reason.NO_NAME)
        code, item = self._line(Field.CODE) or "", self._item()
        known = bool(code or item.get("serial_number"))
        if not known and not self._no_items():
            column = self.mapping.header(Field.CODE) or self.mapping.header(Field.SERIAL_NUMBER)
            raise Wrong(column, Reason.NO_CODE_OR_SERIAL)
        equipment, own = self._equipment()
        return Row(
            line=self.line,
            name=name,
            code=code,
            equipment=equipment,
            own=own,
            tags=self._tags(),
            item=item,
            custom={
                header: core_text.many_lines(self.cells[column])
                for column, header in self.mapping.custom.items()
                if column < len(self.cells)
            },
            checked_out="",
            alone=not known,
            retired=self._retired(),
            other_codes=self._other_codes(),
            about_place=core_text.many_lines(self._raw(Field.PLACE) or ""),
        )

    def _raw(self, field: Field) -> str | None:
        column = self.mapping.fields.get(field)
        return self.cells[column] if column is not None and column < len(self.cells) else None

    def _line(self, field: Field) -> str | None:
        """Return the cell as one line; None where the file, or this row, has no such cell."""
        raw = self._raw(field)
        return None if raw is None else self._within(field, core_text.one_line(raw))

    def _within(self, field: Field, text: str, header: str | None = None) -> str:
        most = MOST_CHARACTERS.get(field)
        if most is not None and len(text) > most:
            raise Wrong(header or self.mapping.header(field), Reason.TOO_LONG, text, most=most)
        return text

    def _equipment(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the fields and the custom fields of the equipment."""
        said = {field.value: self._line(field) for field in (Field.BRAND, Field.MODEL, Field.TYPE)}
        said["description"] = core_text.many_lines(self._raw(Field.DESCRIPTION) or "")
        own = {
            label: text
            for column, label in self.mapping.of_equipment.items()
            if column < len(self.cells) and (text := core_text.many_lines(self.cells[column]))
        }
        return {name: text for name, text in said.items() if text}, own

    def _tags(self) -> frozenset[str]:
        found = cells.tags(self._raw(Field.TAGS) or "")
        return frozenset(self._within(Field.TAGS, tag) for tag in found)

    def _other_codes(self) -> tuple[str, ...] | None:
        raw = self._raw(Field.OTHER_CODES)
        if raw is None:
            return None
        return tuple(self._within(Field.OTHER_CODES, code) for code in cells.tags(raw))

    def _item(self) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if (label := self._line(Field.LABEL)) is not None:
            said["label"] = label
        if (serial := self._line(Field.SERIAL_NUMBER)) is not None:
            said["serial_number"] = core_text.serial_number(serial)
        words = core_text.one_line(self._raw(Field.CONDITION) or "")
        kept = words if not says_no_items(words) and values.condition(words).kept else ""
        comment = self._raw(Field.COMMENT)
        if comment is not None or kept:
            # Words that say more than a condition, or none that is known, stay beside the comment.
            said["comment"] = "\n".join(filter(None, [core_text.many_lines(comment or ""), kept]))
        if (condition := self._condition()) is not None:
            said["condition"] = condition
        if (place := self._line(Field.LOCATION)) is not None:
            said["location"] = place or None
        return said

    def _condition(self) -> Condition | None:
        text = core_text.one_line(self._raw(Field.CONDITION) or "")
        if says_no_items(text):
            return None
        return values.condition(text).condition

    def _retired(self) -> bool | None:
        text = self._line(Field.RETIRED)
        found = yes_no(text) if text else None
        if text and found is None:
            raise Wrong(self.mapping.header(Field.RETIRED), Reason.BAD_YES_NO, text)
        return found

    def _no_items(self) -> bool:
        return says_no_items(core_text.one_line(self._raw(Field.CONDITION) or ""))
