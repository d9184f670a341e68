"""One row of a file, parsed into a member, or refused with a reason."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.states import Role
from services.core import text as core_text
from services.imports.inventory.rows import Wrong, check_whole
from services.imports.members import contacts, names
from services.imports.members.mapping import Field, Mapping
from services.imports.readers import dates
from services.imports.readers.csv_reader import Record
from services.imports.report import Reason, RefusedRow
from services.imports.understanding.vocabulary import is_nothing, membership, role, yes_no
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
_CONTACTS: dict[Field, tuple[Callable[[str], str | None], Callable[[str], bool], Reason]] = {
    Field.EMAIL: (contacts.email, profile.is_email, Reason.BAD_EMAIL),
    Field.PHONE: (contacts.phone, profile.is_phone, Reason.BAD_PHONE),
}
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_WORD = 60
_AHEAD = 30
"""Years that a membership may end ahead, where its year has two digits."""


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
    barred: bool = False
    unknown: str = ""
    """A word that is no status of a member."""
    shares: str = ""
    """An address that is another member's already; set where the row is matched."""
    written_number: str = ""
    """The membership number in the file, where the member's own differs in zeros in front."""

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
        self.custom = {
            header: text
            for column, header in self.mapping.custom.items()
            if column < len(self.cells) and (text := core_text.many_lines(self.cells[column]))
        }
        values = self._name() | self._values()
        number, role, active = self._number(), self._role(), self._active()
        self.unknown = ""
        state = self._state()
        if active is None and state is not None:
            active = {"member": True, "left": False}.get(state)
        if number is None and not {"username", "email", "membership_id"} & values.keys():
            raise Wrong(None, Reason.NO_KEY, values["first_name"])
        return Row(
            line=self.line,
            number=number,
            values=values,
            custom={header: text[: profile.LONGEST_VALUE] for header, text in self.custom.items()},
            role=role,
            active=active,
            active_from=self._day(Field.ACTIVE_FROM),
            active_until=self._day(Field.ACTIVE_UNTIL),
            barred=state == "barred" or self._is_barred(),
            unknown=self.unknown,
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
        fields = self.mapping.fields
        field = Field.FIRST_NAME if Field.FIRST_NAME in fields else Field.NAME
        first, last, whole = (self._text(f) for f in (Field.FIRST_NAME, Field.LAST_NAME, Field.NAME))
        if Field.FIRST_NAME not in fields:
            first, last = (whole, last) if last else names.split(whole)
        elif whole and not last:
            last = names.last_beside(whole, first)
        if not first:
            # A person with one name only may have it in the other column.
            first, last = last, ""
        if not first:
            raise self._wrong(field, Reason.NO_NAME, "")
        found = {"first_name": self._within(field, "first_name", first)}
        if last:
            found["last_name"] = self._within(Field.LAST_NAME, "last_name", last)
        return found

    def _values(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field, name in _PLAIN.items():
            text = self._text(field)
            if not text or (field is not Field.USERNAME and self._is_nothing(text)):
                continue
            text = self._contact(field, text) if field in _CONTACTS else text
            found[name] = self._within(field, name, text)
        note = core_text.many_lines(self._cell(Field.NOTE))
        if note:
            found["note"] = self._within(Field.NOTE, "note", note)
        if "email" in found:
            found["email"] = found["email"].lower()
        born = self._day(Field.BORN_ON)
        if born is not None:
            if born < profile.EARLIEST:
                raise self._wrong(Field.BORN_ON, Reason.BAD_DATE, self._text(Field.BORN_ON))
            found["born_on"] = born
        return found

    def _contact(self, field: Field, text: str) -> str:
        """Return the address or number of a cell that says more, which is then kept as a whole."""
        find, is_one, reason = _CONTACTS[field]
        if is_one(text):
            return text
        found = None if self.mapping.ours else find(text)
        if found is None:
            raise self._wrong(field, reason, text)
        self._keep(field, text)
        return found

    def _is_nothing(self, text: str) -> bool:
        """Return whether another program's cell has no value, but a word such as `none`."""
        return not self.mapping.ours and is_nothing(text)

    def _keep(self, field: Field, text: str) -> None:
        """Keep a cell under its own header: it says more than the field takes, or what we do not know."""
        self.custom[self.mapping.header(field) or field.value] = text

    def _number(self) -> int | None:
        """Return our own number of the member, in a file of our export."""
        text = self._text(Field.NUMBER)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None

    def _day(self, field: Field) -> date | None:
        """Return the day of a cell, such as `2026-12-01`, also with a time after it, or `1.12.2026`."""
        text = self._text(field)
        if not text or self._is_nothing(text):
            return None
        if _YEAR.fullmatch(text) and not self.mapping.ours:
            return self._day_of_year(field, text)
        latest = self.mapping.year + (_AHEAD if field is Field.ACTIVE_UNTIL else 0)
        found = dates.day(text, month_first=self.mapping.month_first.get(field), latest=latest)
        if found is not None:
            return found
        if field is Field.BORN_ON and text.isdigit() and not self.mapping.ours:
            self._keep(field, text)  # which digits are the day is not known
            return None
        raise self._wrong(field, Reason.BAD_DATE, text)

    def _day_of_year(self, field: Field, text: str) -> date | None:
        """Return the first or last day of a membership of which only the year is known; a birth is kept as
        it is written.
        """
        if field is Field.BORN_ON:
            self._keep(field, text)
            return None
        return date(int(text), 12, 31) if field is Field.ACTIVE_UNTIL else date(int(text), 1, 1)

    def _active(self) -> bool | None:
        text = self._text(Field.ACTIVE)
        if not text:
            return None
        found = _yes_no(text)
        if found is None:
            raise self._wrong(Field.ACTIVE, Reason.BAD_YES_NO, text)
        return found

    def _state(self) -> str | None:
        """Return whether the person is a `member`, `left` or is `barred`; other words are kept."""
        text = self._text(Field.STATUS)
        found = membership(text) if text else None
        if text and found is None:
            self._keep(Field.STATUS, text)
            self.unknown = text[:_LONGEST_WORD]
        return found

    def _is_barred(self) -> bool:
        text = self._text(Field.BARRED)
        found = yes_no(text) if text else False
        if found is None:
            self._keep(Field.BARRED, text)
        return bool(found)

    def _role(self) -> Role | None:
        text = self._text(Field.ROLE)
        if not text:
            return None
        found = role(text)
        if found is None and not self.mapping.ours and Field.ROLE not in self.mapping.chosen:
            self._keep(Field.ROLE, text)
            return None
        if found is None:
            raise self._wrong(Field.ROLE, Reason.BAD_ROLE, text)
        return Role(found)


def _yes_no(text: str) -> bool | None:
    """Return the truth of a yes or no, or of a word such as `active`."""
    found = yes_no(text)
    said = membership(text) if found is None else None
    return said == "member" if said is not None else found
