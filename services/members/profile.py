"""Profile fields of members, and the validation of their values."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, select

from db.models import CustomField, User
from db.states import Described
from services.core.errors import Refusal, Refused
from services.core.text import is_seen, same_letters
from services.core.tx import Tx

FIELDS = (
    *("first_name", "last_name", "username", "email", "phone"),
    *("membership_id", "postal_code", "city", "born_on", "other_id"),
)
"""Fields that everybody has, in the order in which they are shown."""

FOR_ADMINS = ("note",)
"""Fields that admins keep about a member, who reads them only in what is stored about them."""

MOMENTS = ("active_from", "active_until")
"""The beginning and end of the membership."""

NEEDED = ("first_name",)
NAMES = ("first_name", "last_name")

LONGEST_VALUE = 500
"""Characters in a custom field, and in a note."""

_OWN = "field:"
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9()][0-9 ()/.x-]*")
_FEWEST_DIGITS = 3
EARLIEST = date(1900, 1, 1)


def own_fields(tx: Tx) -> dict[str, str]:
    """Return the active custom fields of members as `field:7`, with their labels, in order."""
    found = tx.session.execute(
        select(CustomField.id, CustomField.label)
        .where(
            CustomField.organization_id == tx.organization_id,
            CustomField.describes == Described.USER,
            CustomField.disabled_at.is_(None),
        )
        .order_by(CustomField.position, CustomField.id)
    )
    return {f"{_OWN}{field_id}": label for field_id, label in found}


def asked_fields(tx: Tx) -> list[str]:
    """Return the fields that a new member is asked for, beside the name, without disabled ones."""
    own = own_fields(tx)
    return [one for one in tx.policy.ask if not one.startswith(_OWN) or one in own]


def label_of(tx: Tx, field: str) -> str | None:
    """Return the label of a custom field, active or not; None for another organization's and unknown ones."""
    number = field.removeprefix(_OWN)
    found = tx.session.get(CustomField, int(number)) if field.startswith(_OWN) and number.isdigit() else None
    return found.label if found is not None and found.organization_id == tx.organization_id else None


def value_of(tx: Tx, user: User, field: str) -> Any:
    """Return the value of a field; None or empty where there is none."""
    if field.startswith(_OWN):
        label = label_of(tx.of(user.organization_id), field)
        return user.custom.get(label) if label is not None else None
    return getattr(user, field)


def checked(
    tx: Tx, field: str, value: str | date, *, but: int | None = None, tell: bool = False
) -> str | date:
    """Return the value as it is stored. Usernames and email addresses are unique, but for the user `but`.

    `tell`: a refusal may name the other member. Raises NAME_EMPTY, VALUE_EMPTY, TOO_MUCH_TEXT, BAD_EMAIL,
    EMAIL_TAKEN, USERNAME_TAKEN, BAD_PHONE, BIRTH_DATE_IN_FUTURE, BORN_TOO_EARLY. Whether mail arrives is not
    checked.
    """
    if isinstance(value, date):
        if not EARLIEST <= value <= tx.today:
            raise Refusal(Refused.BIRTH_DATE_IN_FUTURE if value > tx.today else Refused.BORN_TOO_EARLY)
        return value
    text = value.strip() if field.startswith(_OWN) or field in FOR_ADMINS else " ".join(value.split())
    if field == "email":
        text = text.lower()
        if not is_email(text):
            raise Refusal(Refused.BAD_EMAIL)
    _check_length(field, text)
    if field == "phone" and not is_phone(text):
        raise Refusal(Refused.BAD_PHONE)
    if field in ("email", "username"):
        _check_unique(tx, field, text, but, tell=tell)
    return text


def is_email(text: str) -> bool:
    return len(text) <= longest("email") and _EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    return bool(_PHONE.fullmatch(text)) and sum(c.isdigit() for c in text) >= _FEWEST_DIGITS


def _check_length(field: str, text: str) -> None:
    if not is_seen(text):
        if field == "last_name":
            return
        raise Refusal(Refused.NAME_EMPTY if field == "first_name" else Refused.VALUE_EMPTY)
    most = longest(field)
    if len(text) > most:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=most)


def longest(field: str) -> int:
    """Return the maximum number of characters of a field."""
    if field.startswith(_OWN) or field in FOR_ADMINS:
        return LONGEST_VALUE
    kind = getattr(User, field).type
    assert isinstance(kind, String) and kind.length
    return kind.length


def _check_unique(tx: Tx, field: str, text: str, but: int | None, *, tell: bool) -> None:
    column = getattr(User, field)
    other = tx.session.scalars(
        select(User).where(
            User.organization_id == tx.organization_id,
            same_letters(column, {text}),
            User.id != (but or 0),
        )
    ).first()
    if other is not None:
        code = Refused.EMAIL_TAKEN if field == "email" else Refused.USERNAME_TAKEN
        raise Refusal(code, by=other.name if tell else None)


def put(tx: Tx, user: User, field: str, value: str | date | datetime | None) -> None:
    """Write a checked value; None clears it."""
    if not field.startswith(_OWN):
        setattr(user, field, value if value is not None or field != "last_name" else "")
        return
    label = label_of(tx.of(user.organization_id), field)
    if label is None:
        raise Refusal(Refused.NOT_FOUND)
    kept = {key: known for key, known in user.custom.items() if key != label}
    user.custom = kept | ({label: value} if value else {})


def save_answers(tx: Tx, user: User, told: Mapping[str, str], *, names: bool = False) -> None:
    """Write the answers of a new member; `told` has days as ISO text. Raises as `checked` does.

    A field that was removed between question and answer is left out.
    """
    for field, text in told.items():
        if field.startswith(_OWN) and label_of(tx, field) is None:
            continue
        value = date.fromisoformat(text) if field == "born_on" else text
        good = checked(tx, field, value, but=user.id, tell=names)
        put(tx, user, field, good)
