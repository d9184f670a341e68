"""Mapping of a file's columns to fields of members."""

import dataclasses
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.core.errors import Refusal, Refused
from services.core.text import key
from services.imports.headings import Kind, reading
from services.imports.mapping import chosen_columns, custom_columns, shown
from services.imports.understanding.vocabulary import Meaning, is_secret, of_people


class Field(StrEnum):
    """The fields that a column can be. The values are the names for `--map`, and our export's headers."""

    NUMBER = "number"
    NAME = "name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    USERNAME = "username"
    EMAIL = "email"
    PHONE = "phone"
    MEMBERSHIP_ID = "membership number"
    CITY = "city"
    BORN_ON = "date of birth"
    OTHER_ID = "other id"
    ROLE = "role"
    ACTIVE = "active"
    ACTIVE_FROM = "active from"
    ACTIVE_UNTIL = "active until"
    POSTAL_CODE = "postcode"
    NOTE = "note"
    STATUS = "status"
    BARRED = "barred"


_OURS = {key(field): field for field in Field}


COLUMNS = (
    *(Field.NUMBER, Field.FIRST_NAME, Field.LAST_NAME, Field.USERNAME, Field.EMAIL, Field.PHONE),
    *(Field.MEMBERSHIP_ID, Field.CITY, Field.BORN_ON, Field.OTHER_ID, Field.ROLE),
    *(Field.ACTIVE, Field.ACTIVE_FROM, Field.ACTIVE_UNTIL, Field.POSTAL_CODE, Field.NOTE),
)
"""First columns of an export; COUNTED and the custom fields follow."""

_EARLIER = tuple(field for field in COLUMNS if field not in (Field.POSTAL_CODE, Field.NOTE))
"""Those of an earlier export, which comes in as well."""

COUNTED = ("since", "rentals")
"""Columns of an export that an import cannot change."""


def is_ours(headers: Sequence[str], labels: Mapping_[str, Any]) -> bool:
    """Return whether the file is our export: its other columns are custom fields.

    `labels`: the organization's own names for its fields.
    """
    return bool(_ours(headers, labels))


def _ours(headers: Sequence[str], labels: Mapping_[str, Any]) -> tuple[Field, ...]:
    """Return the first columns of our export, also of an earlier one; nothing for other files."""
    found = (c for c in (COLUMNS, _EARLIER) if reading(Kind.MEMBERS, headers, (*c, *COUNTED), labels))
    return next(found, ())


@dataclass(frozen=True)
class Mapping:
    """Column numbers by field, from 0. `custom` are the unknown columns, under their own headers.

    `ours`: a file of ours, which is taken at its word.
    """

    headers: tuple[str, ...]
    fields: dict[Field, int]
    custom: dict[int, str]
    ours: bool = False
    month_first: Mapping_[Field, bool | None] = dataclasses.field(default_factory=dict)
    """True for columns of dates in which the month comes first; None where no date proves it."""
    chosen: frozenset[Field] = frozenset()
    """Fields whose columns a person named."""
    year: int = 2000
    """The year now: of two digits it is the latest meant."""

    def header(self, field: Field) -> str | None:
        column = self.fields.get(field)
        return self.headers[column] if column is not None else None

    def became(self) -> dict[str, list[str]]:
        """Return the headers that are kept as own fields, and those that are left out, by their meaning."""
        used = {*self.fields.values(), *self.custom}
        others = [header for column, header in enumerate(self.headers) if column not in used and header]
        found = {Meaning.CUSTOM: list(self.custom.values()), Meaning.LEFT_OUT: others}
        return {meaning.value: headers for meaning, headers in found.items() if headers}

    def understood(self) -> dict[str, tuple[str, ...]]:
        return {field.value: (self.headers[column],) for field, column in self.fields.items()}


def match(
    headers: Sequence[str], overrides: Mapping_[str, str], labels: Mapping_[str, Any] | None = None
) -> Mapping:
    """Match a file's headers with our fields; `overrides` maps names of fields to headers, or to none.

    Columns of passwords are left out. In a file with a column for active members, Snipe-IT's start and end
    dates are those of a job, and are kept as custom fields. Raises FILE_BAD_MAPPING, FILE_NO_PERSON.
    """
    keys = [key(header) for header in headers]
    chosen = chosen_columns(headers, keys, overrides, _OURS)
    fields = {field: columns[0] for field, columns in chosen.items() if columns}
    taken = set(fields.values())
    ours = _ours(headers, labels or {})
    if ours:
        taken |= set(range(len(ours) + len(COUNTED)))
        fields = {field: place for place, field in enumerate(ours) if field not in chosen} | fields
    else:
        taken |= {column for column, header in enumerate(headers) if is_secret(header)}
        _find(headers, chosen.keys(), fields, taken)
    if Field.NAME not in fields and Field.FIRST_NAME not in fields:
        raise Refusal(Refused.FILE_NO_PERSON, columns=shown(headers))
    custom = custom_columns(headers, taken)
    return Mapping(tuple(headers), fields, custom, bool(ours), chosen=frozenset(chosen))


_ORDER = (
    *(Field.FIRST_NAME, Field.LAST_NAME, Field.NAME, Field.USERNAME, Field.EMAIL, Field.PHONE),
    *(Field.MEMBERSHIP_ID, Field.POSTAL_CODE, Field.NOTE, Field.CITY, Field.BORN_ON, Field.OTHER_ID),
    *(Field.ROLE, Field.STATUS, Field.BARRED, Field.ACTIVE, Field.ACTIVE_FROM, Field.ACTIVE_UNTIL),
)


def _find(
    headers: Sequence[str], chosen: Collection[Field], fields: dict[Field, int], taken: set[int]
) -> None:
    """Find a column for each field that nobody chose one for, by the words of its header."""
    known = [of_people(header) for header in headers]
    for field in _ORDER:
        if field in chosen or (field is Field.NAME and {Field.FIRST_NAME, Field.LAST_NAME} <= fields.keys()):
            continue
        dates = field in (Field.ACTIVE_FROM, Field.ACTIVE_UNTIL)
        if dates and Field.ACTIVE in fields and key(headers[fields[Field.ACTIVE]]) == "activated":
            continue
        free = [(column, of) for column, of in enumerate(known) if column not in taken]
        found = [(of[field], column) for column, of in free if field in of]
        if found:
            fields[field] = min(found)[1]
            taken.add(min(found)[1])
