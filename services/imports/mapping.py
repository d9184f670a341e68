"""Columns of our own files of the inventory; custom fields and chosen columns of any file."""

import dataclasses
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from services.core.errors import Refusal, Refused
from services.core.text import key
from services.imports.headings import Headings, Kind, reading

_MOST_SHOWN, _LONGEST_SHOWN = 40, 60


class Field(StrEnum):
    """The fields that a column can be. The values are our template's headers, and the names for `--map`."""

    NAME = "name"
    CODE = "code"
    BRAND = "brand"
    MODEL = "model"
    TYPE = "type"
    TAGS = "tags"
    DESCRIPTION = "description"
    SERIAL_NUMBER = "serial number"
    LOCATION = "location"
    CONDITION = "condition"
    COMMENT = "comment"
    LABEL = "label"
    OTHER_CODES = "other codes"
    RETIRED = "retired equipment"
    PLACE = "location description"
    PHOTO = "photo"
    RULES = "rules"
    KITS = "kits"


F = TypeVar("F", bound=StrEnum)


@dataclass(frozen=True)
class FileColumns:
    """The columns of a file as its rows need them: `header` by field, and the labels of custom fields."""

    header: Callable[[Field], str | None]
    custom: list[str]
    of_equipment: list[str]


@dataclass(frozen=True)
class Mapping:
    """Column numbers by field, from 0. `custom` are the columns that are none, under their own headers.

    `of_equipment` are those with `equipment: ` in front: they describe the equipment, not the item.
    """

    headers: tuple[str, ...]
    fields: dict[Field, int]
    custom: dict[int, str]
    of_equipment: dict[int, str] = dataclasses.field(default_factory=dict)

    def header(self, field: Field) -> str | None:
        column = self.fields.get(field)
        return None if column is None else self.headers[column]

    def columns(self) -> FileColumns:
        return FileColumns(self.header, list(self.custom.values()), list(self.of_equipment.values()))

    def understood(self) -> dict[str, tuple[str, ...]]:
        return {field.value: (self.headers[column],) for field, column in self.fields.items()}


COLUMNS = (
    *(Field.NAME, Field.CODE, Field.BRAND, Field.MODEL, Field.TYPE, Field.TAGS, Field.DESCRIPTION),
    *(Field.SERIAL_NUMBER, Field.LOCATION, Field.CONDITION, Field.COMMENT),
)
"""Columns of the template, and the first columns of an export."""

WHERE_USED = (
    Field.LABEL,
    Field.RETIRED,
    Field.OTHER_CODES,
    Field.PLACE,
    Field.PHOTO,
    Field.RULES,
    Field.KITS,
)
"""Columns that follow them in an export, each only where some row has a value."""

TOLD = frozenset({Field.PHOTO, Field.RULES, Field.KITS})
"""Columns of an export that an import cannot change."""


def is_ours(headers: Sequence[str], labels: Mapping_[str, Any]) -> bool:
    """Return whether the file was made with our template or export: its other columns are custom fields.

    `labels`: the organization's own names for its fields.
    """
    return reading(Kind.INVENTORY, headers, COLUMNS, labels) is not None


def _own_columns(headers: Sequence[str], labels: Mapping_[str, Any]) -> list[Field]:
    """Return the fields of the first columns of a file of ours."""
    found: list[Field] = [*COLUMNS]
    headings = reading(Kind.INVENTORY, headers, COLUMNS, labels) or Headings()
    for field, header in zip(WHERE_USED, headings.of(Kind.INVENTORY, WHERE_USED), strict=True):
        if list(headers[len(found) : len(found) + 1]) == [header]:
            found.append(field)
    return found


def match(headers: Sequence[str], overrides: dict[str, str], labels: Mapping_[str, Any]) -> Mapping:
    """Match the headers of a file of ours with its fields; `overrides` maps names of fields to headers.

    An override with an empty header leaves that field without a column. Raises FILE_BAD_MAPPING,
    FILE_NO_NAME.
    """
    chosen = chosen_columns(headers, [key(header) for header in headers], overrides, _OURS)
    fields = {field: columns[0] for field, columns in chosen.items() if columns}
    taken = set(fields.values())
    for column, field in enumerate(_own_columns(headers, labels)):
        if field in TOLD:
            taken.add(column)
        elif field not in chosen and column not in taken:
            fields[field] = column
    if Field.NAME not in fields:
        raise Refusal(Refused.FILE_NO_NAME, columns=shown(headers))
    taken |= set(fields.values())
    of_equipment = equipment_columns(headers, taken)
    items = [without_item(header) for header in headers]
    custom = custom_columns(items, taken | of_equipment.keys())
    return Mapping(tuple(headers), fields, custom, of_equipment)


_EQUIPMENT, _ITEM = "equipment: ", "item: "
"""Prefixes of custom fields in the header of a file."""


def equipment_header(label: str) -> str:
    """Return the header for a custom field of equipment."""
    return _EQUIPMENT + label


def item_header(label: str) -> str:
    """Return the header for a custom field of an item: its label, if that is not mistaken for equipment's."""
    return _ITEM + label if _says(label, _EQUIPMENT) or _says(label, _ITEM) else label


def _says(header: str, prefix: str) -> bool:
    return header.casefold().startswith(prefix.strip())


def equipment_columns(headers: Sequence[str], taken: set[int]) -> dict[int, str]:
    """Return the columns that describe the equipment, not the item, under their labels."""
    labels = [
        header[len(_EQUIPMENT.strip()) :].strip() if _says(header, _EQUIPMENT) else "" for header in headers
    ]
    return custom_columns(labels, taken | {i for i, label in enumerate(labels) if not label})


def without_item(header: str) -> str:
    """Return the label of an item's custom field: the header, without `item: ` where that was put there."""
    rest = header[len(_ITEM.strip()) :].strip() if _says(header, _ITEM) else ""
    return rest if rest and item_header(rest) != rest else header


_OURS = {key(field): field for field in Field if field not in TOLD} | {"serial": Field.SERIAL_NUMBER}


def chosen_columns(
    headers: Sequence[str], keys: Sequence[str], overrides: Mapping_[str, str], ours: Mapping_[str, F]
) -> dict[F, tuple[int, ...]]:
    """Return the columns that `overrides` name, by field; `ours` are the fields by normalized name.

    Raises FILE_BAD_MAPPING.
    """
    chosen: dict[F, tuple[int, ...]] = {}
    for name, header in overrides.items():
        header = header.strip()
        exact = [i for i, h in enumerate(headers) if h == header]
        found = exact or [i for i, k in enumerate(keys) if k and k == key(header)]
        if key(name) not in ours or (header and not found):
            raise Refusal(
                Refused.FILE_BAD_MAPPING,
                field=name,
                column=header,
                known_field=key(name) in ours,
                fields=[field.value for field in dict.fromkeys(ours.values())],
                columns=shown(headers),
            )
        chosen[ours[key(name)]] = tuple(found[:1])
    return chosen


def shown(headers: Sequence[str]) -> list[str]:
    """Return the first headers, shortened, for a refusal."""
    return [header[:_LONGEST_SHOWN] for header in headers[:_MOST_SHOWN]]


def custom_columns(headers: Sequence[str], taken: set[int]) -> dict[int, str]:
    """Return the other columns under their own headers; repeated headers get a number."""
    custom: dict[int, str] = {}
    used: set[str] = set()
    for column, header in enumerate(headers):
        if column in taken:
            continue
        name = base = header or f"#{column + 1}"
        number = 2
        while name in used:
            name, number = f"{base} ({number})", number + 1
        used.add(name)
        custom[column] = name
    return custom
