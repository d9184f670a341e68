"""Mapping of a file's columns to fields of the inventory."""

import dataclasses
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from services.core.errors import Refusal, Refused
from services.core.text import key

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
    BUILDING = "building"
    ROOM = "room"
    CONDITION = "condition"
    COMMENT = "comment"
    LABEL = "label"
    OTHER_CODES = "other codes"
    RETIRED = "retired equipment"


# English, German, Norwegian. Of two columns that a file has for one field, the one named earlier here wins;
# the other is kept as a custom field. Upper case, accents and punctuation do not matter.
_KNOWN: dict[Field, str] = {
    Field.NAME: (
        "name, equipment, equipment name, product, product name, item name, item, article, asset name, "
        "designation, title, "
        "Bezeichnung, Gerätebezeichnung, Artikelbezeichnung, Gerät, Gerätename, Gegenstand, Artikel, "
        "Produkt, Produktname, Titel, "
        "Navn, Utstyr, Utstyrsnavn, Gjenstand, Betegnelse, Benevnelse, Produktnavn"
    ),
    Field.CODE: (
        "code, inventory code, inventory number, inventory no, inventory nr, inventory id, item code, "
        "asset tag, asset number, asset no, asset id, barcode, "
        "Invent.Nr., Inventarnummer, Inventar-Nr., Inv.-Nr., Inventarcode, Inventurnummer, "
        "Gerätenummer, Geräte-Nr., Strichcode, "
        "Kode, Inventarkode, Inventarnr., Utstyrsnummer, Utstyrsnr., Eiendelsnummer, Strekkode"
    ),
    Field.BRAND: "brand, manufacturer, make, maker, Hersteller, Marke, Fabrikat, Merke, Produsent, Fabrikant",
    Field.MODEL: (
        "model, model name, model number, model no, "
        "Modell, Modellbezeichnung, Modellnummer, Typenbezeichnung, Modellnavn, Modellnr."
    ),
    Field.TYPE: (
        "type, category, equipment type, kind, "
        "Kategorie, Gerätetyp, Geräteart, Warengruppe, Typ, Art, "
        "Kategori, Utstyrstype, Slag"
    ),
    Field.TAGS: (
        "tags, tag, keywords, Schlagwörter, Schlagworte, Stichwörter, Stichworte, "
        "Stikkord, Emneord, Nøkkelord, Merkelapper"
    ),
    Field.DESCRIPTION: "description, Beschreibung, Beskrivelse",
    Field.SERIAL_NUMBER: (
        "serial number, serial, serial no, serial nr, s/n, sn, "
        "Seriennummer, Serien-Nr., Serialnummer, Fabriknummer, Serienummer, Serienr."
    ),
    Field.LOCATION: (
        "location, storage location, storage, place, "
        "Standort, Lagerort, Aufbewahrungsort, Lagerplatz, Ort, "
        "Plassering, Oppbevaringssted, Lagerplass, Lokasjon, Sted"
    ),
    Field.BUILDING: "building, Gebäude, Bygning, Bygg",
    Field.ROOM: "room, Raum, Zimmer, Rom",
    Field.CONDITION: "condition, Zustand, Tilstand",
    Field.COMMENT: (
        "comment, comments, note, notes, remark, remarks, "
        "Bemerkung, Bemerkungen, Kommentar, Kommentare, Anmerkung, Anmerkungen, Notiz, Notizen, "
        "Kommentarer, Merknad, Merknader, Notat, Notater"
    ),
    Field.OTHER_CODES: "other codes, other barcodes, Weitere Codes, Andre koder",
    Field.LABEL: "label, item label, Beschriftung, Etikett",
    Field.RETIRED: "retired equipment, Gerät ausgemustert, Utstyr tatt ut av bruk",
}

# Snipe-IT calls the product its model, and what its one asset is called the name.
_SNIPE_IT: dict[Field, str] = {
    **_KNOWN,
    Field.NAME: "model, model name",
    Field.LABEL: "name, item name, asset name",
    Field.MODEL: "model number, model no",
    Field.DESCRIPTION: "model notes",
    Field.COMMENT: "asset notes, item notes, notes",
    Field.LOCATION: "location, default location",
}

_CHECKED_OUT_TO = "checked out to"


F = TypeVar("F", bound=StrEnum)


def keys_of(table: Mapping_[F, str]) -> dict[F, list[str]]:
    """Return known header names by field, normalized for comparison."""
    return {field: [key(header) for header in headers.split(", ")] for field, headers in table.items()}


_KNOWN_KEYS, _SNIPE_IT_KEYS = keys_of(_KNOWN), keys_of(_SNIPE_IT)
ALL_KEYS = {k for table in (_KNOWN_KEYS, _SNIPE_IT_KEYS) for keys in table.values() for k in keys}


@dataclass(frozen=True)
class FileColumns:
    """The columns of a file as its rows need them: `header` by field, and the labels of custom fields."""

    header: Callable[[Field], str | None]
    custom: list[str]
    of_equipment: list[str]


@dataclass(frozen=True)
class Mapping:
    """Column numbers by field, from 0. `custom` are the unknown columns, under their own headers.

    `of_equipment` are those with `equipment: ` in front: they describe the equipment, not the item.
    `checked_out` are Snipe-IT's columns about the holder, by their meaning (`username`, `last name`);
    `status` is Snipe-IT's, which is a condition where we know the word.
    """

    headers: tuple[str, ...]
    fields: dict[Field, tuple[int, ...]]
    custom: dict[int, str]
    checked_out: dict[str, int]
    status: int | None = None
    of_equipment: dict[int, str] = dataclasses.field(default_factory=dict)

    def header(self, field: Field) -> str | None:
        columns = self.fields.get(field)
        return " / ".join(self.headers[c] for c in columns) if columns else None

    def columns(self) -> FileColumns:
        return FileColumns(self.header, list(self.custom.values()), list(self.of_equipment.values()))

    def understood(self) -> dict[str, tuple[str, ...]]:
        return {f.value: tuple(self.headers[c] for c in columns) for f, columns in self.fields.items()}


COLUMNS = (
    *(Field.NAME, Field.CODE, Field.BRAND, Field.MODEL, Field.TYPE, Field.TAGS, Field.DESCRIPTION),
    *(Field.SERIAL_NUMBER, Field.LOCATION, Field.CONDITION, Field.COMMENT),
)
"""Columns of the template, and the first columns of an export."""

WHERE_USED = (Field.LABEL, Field.RETIRED, Field.OTHER_CODES)
"""Columns that follow them in an export, each only where some row has a value."""


def is_ours(headers: Sequence[str]) -> bool:
    """Return whether the file was made with our template or export: its other columns are custom fields."""
    return tuple(headers[: len(COLUMNS)]) == tuple(field.value for field in COLUMNS)


def _used(further: Sequence[str]) -> list[Field]:
    """Return which of WHERE_USED follow COLUMNS in this file."""
    found: list[Field] = []
    for field in WHERE_USED:
        if list(further[len(found) : len(found) + 1]) == [field.value]:
            found.append(field)
    return found


def match(headers: Sequence[str], overrides: dict[str, str]) -> Mapping:
    """Match a file's headers with our fields; `overrides` maps names of fields to headers.

    An override with an empty header leaves that field without a column. Raises FILE_BAD_MAPPING,
    FILE_NO_NAME.
    """
    keys = [key(header) for header in headers]
    chosen = chosen_columns(headers, keys, overrides, _OURS)
    snipe_it = _is_snipe_it(set(keys))
    fields = {field: columns for field, columns in chosen.items() if columns}
    taken = {column for columns in chosen.values() for column in columns}
    if Field.LOCATION in chosen:
        chosen |= {Field.BUILDING: (), Field.ROOM: ()} | chosen
    ours = is_ours(headers)
    if ours:
        snipe_it = False
        known = {field: [key(field)] for field in (*COLUMNS, *_used(headers[len(COLUMNS) :]))}
    else:
        known = _SNIPE_IT_KEYS if snipe_it else _KNOWN_KEYS
    for field, names in known.items():
        if field in chosen:
            continue
        found = next((keys.index(n) for n in names if n in keys and keys.index(n) not in taken), None)
        if found is not None:
            fields[field] = (found,)
            taken.add(found)
    if Field.NAME not in fields:
        raise Refusal(Refused.FILE_NO_NAME, columns=shown(headers))
    checked_out: dict[str, int] = {}
    status = None
    if snipe_it:
        for column, name in enumerate(keys):
            if column not in taken and (name.startswith(_CHECKED_OUT_TO) or name == "checkout type"):
                checked_out[name.removeprefix(_CHECKED_OUT_TO).strip()] = column
                taken.add(column)
        if "status" in keys and Field.CONDITION not in chosen:
            status = keys.index("status")
    of_equipment = equipment_columns(headers, taken)
    taken |= of_equipment.keys()
    items = [without_item(header) for header in headers]
    return Mapping(tuple(headers), fields, custom_columns(items, taken), checked_out, status, of_equipment)


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


def _is_snipe_it(keys: set[str]) -> bool:
    return (
        "asset tag" in keys
        and not keys.isdisjoint({"model", "model name"})
        and not keys.isdisjoint({"manufacturer", "category", "model number", "model no", "checkout type"})
    )


_OURS = {key(field): field for field in Field} | {"serial": Field.SERIAL_NUMBER}


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
