"""Mapping of a file's columns to fields of members."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.core.errors import Refusal, Refused
from services.core.text import key
from services.imports.mapping import chosen_columns, custom_columns, keys_of, shown


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


# English, German, Norwegian; of two columns for one field, the one named earlier here wins.
_KNOWN: dict[Field, str] = {
    Field.FIRST_NAME: "first name, given name, forename, Vorname, Fornavn",
    Field.LAST_NAME: "last name, surname, family name, Nachname, Familienname, Etternavn",
    Field.NAME: "name, full name, display name, member, Navn, Fullt navn, Medlem, Mitglied",
    Field.USERNAME: "username, user name, login, Benutzername, Brukernavn",
    Field.EMAIL: "email, e-mail, email address, mail, E-Mail-Adresse, Epost, E-post, E-postadresse",
    Field.PHONE: (
        "phone, phone number, telephone, mobile, cell phone, "
        "Telefon, Telefonnummer, Handy, Mobil, Mobilnummer, Mobiltelefon"
    ),
    Field.MEMBERSHIP_ID: (
        "membership number, membership id, membership no, member id, member no, member number, "
        "employee number, employee no, employee id, student number, student id, "
        "Mitgliedsnummer, Mitglieds-Nr., Matrikelnummer, "
        "Medlemsnummer, Medlemsnr., Ansattnummer, Studentnummer"
    ),
    Field.POSTAL_CODE: "postcode, postal code, zip, zip code, PLZ, Postleitzahl, Postnummer, Postnr.",
    Field.NOTE: "note, notes, Notiz, Bemerkung, Notat, Merknad",
    Field.CITY: "city, town, Stadt, Wohnort, By, Poststed",
    Field.BORN_ON: "date of birth, birth date, birthday, born, born on, Geburtsdatum, Fødselsdato, Født",
    Field.OTHER_ID: "other id, other number, Andere Nummer, Annen id",
    Field.ROLE: "role, Rolle",
    Field.ACTIVE: "active, activated, Aktiv, Aktiviert, Aktivert",
    Field.ACTIVE_FROM: (
        "active from, member from, member since, start date, Mitglied seit, Eintritt, Medlem fra, Innmeldt"
    ),
    Field.ACTIVE_UNTIL: "active until, member until, end date, Mitglied bis, Austritt, Medlem til, Utmeldt",
}
_KNOWN_KEYS = keys_of(_KNOWN)
ALL_KEYS = {k for keys in _KNOWN_KEYS.values() for k in keys}
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


def is_ours(headers: Sequence[str]) -> bool:
    """Return whether the file is our export: its other columns are custom fields."""
    return bool(_ours(headers))


def _ours(headers: Sequence[str]) -> tuple[Field, ...]:
    """Return the first columns of our export, also of an earlier one; nothing for other files."""
    for columns in (COLUMNS, _EARLIER):
        first = (*(field.value for field in columns), *COUNTED)
        if tuple(headers[: len(first)]) == first:
            return columns
    return ()


@dataclass(frozen=True)
class Mapping:
    """Column numbers by field, from 0. `custom` are the unknown columns, under their own headers."""

    headers: tuple[str, ...]
    fields: dict[Field, int]
    custom: dict[int, str]

    def header(self, field: Field) -> str | None:
        column = self.fields.get(field)
        return self.headers[column] if column is not None else None

    def understood(self) -> dict[str, tuple[str, ...]]:
        return {field.value: (self.headers[column],) for field, column in self.fields.items()}


def match(headers: Sequence[str], overrides: dict[str, str]) -> Mapping:
    """Match a file's headers with our fields; `overrides` maps names of fields to headers, or to none.

    In a file with a column for active members, Snipe-IT's start and end dates are those of a job, and are
    kept as custom fields. Raises FILE_BAD_MAPPING, FILE_NO_PERSON.
    """
    keys = [key(header) for header in headers]
    chosen = chosen_columns(headers, keys, overrides, _OURS)
    fields = {field: columns[0] for field, columns in chosen.items() if columns}
    taken = set(fields.values())
    ours = _ours(headers)
    if ours:
        taken |= set(range(len(ours) + len(COUNTED)))
        fields = {field: place for place, field in enumerate(ours) if field not in chosen} | fields
    for field, names in () if ours else _KNOWN_KEYS.items():
        if field in chosen or (field is Field.NAME and Field.FIRST_NAME in fields):
            continue
        dates = field in (Field.ACTIVE_FROM, Field.ACTIVE_UNTIL)
        if dates and Field.ACTIVE in fields and key(headers[fields[Field.ACTIVE]]) == "activated":
            continue
        found = next((keys.index(n) for n in names if n in keys and keys.index(n) not in taken), None)
        if found is not None:
            fields[field] = found
            taken.add(found)
    if Field.NAME not in fields and Field.FIRST_NAME not in fields:
        raise Refusal(Refused.FILE_NO_PERSON, columns=shown(headers))
    return Mapping(tuple(headers), fields, custom_columns(headers, taken))
