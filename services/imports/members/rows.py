"""One row of a file, parsed into a member, or refused with a reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from db.states import Role
from services.core import text as core_text
from services.core.text import key
from services.imports.inventory.rows import Wrong, check_whole
from services.imports.members.mapping import Field, Mapping
from services.imports.readers import cells
from services.imports.readers.csv_reader import Record
from services.imports.report import Reason, RefusedRow
from services.members import profile

_PLAIN = {
    Field.USERNAME: "username",
    Field.EMAIL: "email",
    Field.PHONE: "phone",
    Field.MEMBERSHIP_ID: "membership_id",
    Field.POSTAL_CODE: "postal_code",
    Field.CITY: "city",
    Field.OTHER_ID: "other_id",
}
_ROLES: dict[Role, str] = {
    Role.USER: "user, member, medlem, mitglied, bruker, benutzer",
    Role.LENDER: "lender, utlåner, verleiher",
    Role.ADMIN: "admin, administrator",
    Role.LEADER: "leader, leder, leiter",
}
_ROLE_OF = {key(word): role for role, words in _ROLES.items() for word in words.split(", ")}


@dataclass(slots=True)
class Row:
    """Values of one row.

    `number` is our own, from our export; `values` are by the names of User's columns, and only from filled
    cells. An empty cell, also of a custom field, leaves alone what a member has told the bot.
    """

    line: int
    number: int | None
    values: dict[str, Any]
    custom: dict[str, str]
    role: Role | None
    active: bool | None
    active_from: date | None
    active_until: date | None

    @property
    def name(self) -> str:
        return f"{self.values['first_name']} {self.values.get('last_name', '')}".strip()


def clean(record: Record, mapping: Mapping) -> Row | RefusedRow:
    """Parse and check a row without the database."""
    try:
        check_whole(record, mapping.headers)
        return _Cells(record, mapping).row()
    except Wrong as wrong:
        return wrong.refused(record.line)


class _Cells:
    def __init__(self, record: Record, mapping: Mapping) -> None:
        self.line, self.cells, self.mapping = record.line, record.cells, mapping

    def row(self) -> Row:
        values = self._name() | self._values()
        number = self._number()
        if number is None and not {"username", "email", "membership_id"} & values.keys():
            raise Wrong(None, Reason.NO_KEY, values["first_name"])
        return Row(
            line=self.line,
            number=number,
            values=values,
            custom={
                header: text[: profile.LONGEST_VALUE]
                for column, header in self.mapping.custom.items()
                if column < len(self.cells) and (text := core_text.many_lines(self.cells[column]))
            },
            role=self._role(),
            active=self._active(),
            active_from=self._day(Field.ACTIVE_FROM),
            active_until=self._day(Field.ACTIVE_UNTIL),
        )

    def _text(self, field: Field) -> str:
        """Return the cell as one line; empty where the file, or this row, has no such cell."""
        return core_text.one_line(self._cell(field))

    def _cell(self, field: Field) -> str:
        column = self.mapping.fields.get(field)
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    def _wrong(self, field: Field, reason: Reason, text: str, **data: Any) -> Wrong:
        return Wrong(self.mapping.header(field), reason, text, **data)

    def _within(self, field: Field, name: str, text: str) -> str:
        most = profile.longest(name)
        if len(text) > most:
            raise self._wrong(field, Reason.TOO_LONG, text, most=most)
        return text

    def _name(self) -> dict[str, Any]:
        field = Field.FIRST_NAME if Field.FIRST_NAME in self.mapping.fields else Field.NAME
        first, last = self._text(field), self._text(Field.LAST_NAME)
        if field is Field.NAME and not last:
            first, _, last = first.partition(" ")
        if not first:
            # A person with one name only may have it in the other column.
            first, last = last, ""
        if not first:
            raise self._wrong(field, Reason.NO_NAME, "")
        names = {"first_name": self._within(field, "first_name", first)}
        if last:
            names["last_name"] = self._within(Field.LAST_NAME, "last_name", last)
        return names

    def _values(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field, name in _PLAIN.items():
            text = self._text(field)
            if text:
                found[name] = self._within(field, name, text)
        note = core_text.many_lines(self._cell(Field.NOTE))
        if note:
            found["note"] = self._within(Field.NOTE, "note", note)
        if "email" in found:
            found["email"] = found["email"].lower()
            if not profile.is_email(found["email"]):
                raise self._wrong(Field.EMAIL, Reason.BAD_EMAIL, found["email"])
        if "phone" in found and not profile.is_phone(found["phone"]):
            raise self._wrong(Field.PHONE, Reason.BAD_PHONE, found["phone"])
        born = self._day(Field.BORN_ON)
        if born is not None:
            if born < profile.EARLIEST:
                raise self._wrong(Field.BORN_ON, Reason.BAD_DATE, self._text(Field.BORN_ON))
            found["born_on"] = born
        return found

    def _number(self) -> int | None:
        """Return our own number of the member, in a file of our export."""
        text = self._text(Field.NUMBER)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None

    def _day(self, field: Field) -> date | None:
        """Parse a date: `2026-12-01`, also with a time after it, or `1.12.2026`."""
        text = self._text(field)
        if not text:
            return None
        if (found := cells.day(text)) is not None:
            return found
        raise self._wrong(field, Reason.BAD_DATE, text)

    def _active(self) -> bool | None:
        text = self._text(Field.ACTIVE)
        if not text:
            return None
        found = cells.yes_no(text)
        if found is None:
            raise self._wrong(Field.ACTIVE, Reason.BAD_YES_NO, text)
        return found

    def _role(self) -> Role | None:
        text = self._text(Field.ROLE)
        if not text:
            return None
        found = _ROLE_OF.get(key(text))
        if found is None:
            raise self._wrong(Field.ROLE, Reason.BAD_ROLE, text)
        return found
