"""Names of an organization for the fields that all have, with a hint each; and sets of names to take over.

The names are in the organization's row, so that each text knows them. A set has these names, and the labels
of the organization's own fields; as a code it is one line of text that can be sent and pasted.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.models import Organization
from db.states import Described, Role
from services.core import audit, custom_fields
from services.core.errors import Refusal, Refused
from services.core.text import is_seen, one_line
from services.core.tx import Tx
from services.inventory import editing
from services.members import profile

LONGEST_LABEL, LONGEST_HINT = 40, 200

FIELDS: Mapping[Described, Sequence[str]] = {
    Described.EQUIPMENT: (*editing.EQUIPMENT_LINES, "description", "tags"),
    Described.ITEM: ("code", "serial_number", "location", "label", "comment"),
    Described.USER: (*profile.FIELDS, *profile.FOR_ADMINS),
    Described.RENTAL: ("purpose", "comment"),
}
"""Fields that can be renamed. Their names here are `equipment.brand` and so on."""

NAMES = tuple(f"{describes}.{name}" for describes, names in FIELDS.items() for name in names)

_BEGINS = "eqf1:"
_MOST_BYTES = 100_000
_MOST_OWN = 100


@dataclass(frozen=True)
class Naming:
    """The name of a field, and the hint where it is asked for; each empty where there is none."""

    label: str = ""
    hint: str = ""


@dataclass(frozen=True)
class FieldSet:
    """Names of standard fields, and labels of own fields by what they describe."""

    labels: Mapping[str, Naming] = field(default_factory=dict)
    own: Mapping[Described, Sequence[str]] = field(default_factory=dict)


def of(organization: Organization) -> dict[str, Naming]:
    """Return what the organization has named, by field."""
    return {
        name: Naming(str(kept.get("label", "")), str(kept.get("hint", "")))
        for name, kept in organization.labels.items()
        if name in NAMES and isinstance(kept, dict)
    }


def rename(tx: Tx, name: str, *, label: str | None = None, hint: str | None = None) -> Naming:
    """Set the label or the hint of a field, or both; an empty one goes back to the usual.

    Raises NOT_ALLOWED, NOT_FOUND, TOO_MUCH_TEXT, NAME_TAKEN where another field of the kind has this label.
    """
    tx.actor.require(Role.ADMIN)
    if name not in NAMES:
        raise Refusal(Refused.NOT_FOUND)
    organization = tx.organization
    tx.session.refresh(organization, with_for_update={"key_share": True})
    known = of(organization)
    before = known.get(name, Naming())
    after = Naming(
        before.label if label is None else _clean(label, LONGEST_LABEL),
        before.hint if hint is None else _clean(hint, LONGEST_HINT),
    )
    if after == before:
        return after
    kind = name.partition(".")[0]
    others = {
        one.label.casefold() for key, one in known.items() if key != name and key.startswith(kind + ".")
    }
    if after.label and after.label.casefold() in others:
        raise Refusal(Refused.NAME_TAKEN)
    kept = {key: value for key, value in organization.labels.items() if key != name}
    if after.label or after.hint:
        kept[name] = {"label": after.label, "hint": after.hint}
    organization.labels = kept
    tx.session.flush()
    changes = [" · ".join(part for part in (one.label, one.hint) if part) for one in (before, after)]
    audit.note(tx, "name_field", "organization", organization.id, own=name, value=changes)
    return after


def _clean(text: str, most: int) -> str:
    text = " ".join(one_line(text).split())
    if len(text) > most:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=most)
    return text if is_seen(text) else ""


# Sets


def field_set(tx: Tx) -> FieldSet:
    """Return the organization's set: names, hints, and the labels of its own fields."""
    own = {
        what: [one.label for one in custom_fields.of(tx.session, tx.organization_id, what)]
        for what in Described
    }
    return FieldSet(of(tx.organization), {what: labels for what, labels in own.items() if labels})


def take_over(tx: Tx, wanted: FieldSet) -> None:
    """Call the fields as this set does, and add those of its own fields that are not there yet.

    What the set does not name stays as it is. Raises NOT_ALLOWED, SET_UNKNOWN, and as `rename` does.
    """
    tx.actor.require(Role.ADMIN)
    if sum(len(labels) for labels in wanted.own.values()) > _MOST_OWN:
        raise Refusal(Refused.SET_UNKNOWN)
    before, fields_before = tx.organization.labels, field_set(tx).own
    known = of(tx.organization)
    kept: dict[str, Any] = {}
    for name, one in {**known, **wanted.labels}.items():
        if name not in NAMES:
            raise Refusal(Refused.SET_UNKNOWN)
        clean = Naming(_clean(one.label, LONGEST_LABEL), _clean(one.hint, LONGEST_HINT))
        if clean.label or clean.hint:
            kept[name] = {"label": clean.label, "hint": clean.hint}
    if kept != before:
        tx.organization.labels = kept
        tx.session.flush()
        audit.note(tx, "take_fields", "organization", tx.organization_id, fields=len(wanted.labels))
    for what, labels in wanted.own.items():
        there = {label.casefold() for label in fields_before.get(what, ())}
        for label in labels:
            if label.casefold() not in there:
                custom_fields.add(tx, what, label)


def code_of(wanted: FieldSet) -> str:
    """Return the set as one line of text."""
    content = {
        "labels": {name: [one.label, one.hint] for name, one in wanted.labels.items()},
        "own": {what.value: list(labels) for what, labels in wanted.own.items()},
    }
    packed = zlib.compress(json.dumps(content, ensure_ascii=False).encode(), 9)
    return _BEGINS + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_code(code: str) -> FieldSet:
    """Return the set that a code stands for. Raises SET_UNKNOWN."""
    text = "".join(code.split())
    if not text.startswith(_BEGINS):
        raise Refusal(Refused.SET_UNKNOWN)
    body = text.removeprefix(_BEGINS)
    try:
        packed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        unpacked = zlib.decompressobj().decompress(packed, _MOST_BYTES)
        content = json.loads(unpacked)
        return FieldSet(
            {str(name): Naming(str(label), str(hint)) for name, (label, hint) in content["labels"].items()},
            {Described(what): [str(one) for one in labels] for what, labels in content["own"].items()},
        )
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError, AttributeError):
        raise Refusal(Refused.SET_UNKNOWN) from None
