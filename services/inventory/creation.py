"""New equipment, and new items of it."""

import re
import secrets
from collections.abc import Mapping, Sequence
from itertools import count, islice
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Equipment, Item, Location
from db.states import Condition, Role
from services.core import audit, locks
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import attributes, editing, listing
from services.inventory.codes import proposals
from services.inventory.editing import EQUIPMENT_LINES, ITEM_LINES

MOST_AT_ONCE = 50
"""Maximum number of items added at once."""


def clean_name(name: str) -> str:
    """Return the name as it would be stored. Raises NAME_EMPTY, TOO_MUCH_TEXT."""
    cleaned = editing.line(name, EQUIPMENT_LINES["name"])
    if not cleaned:
        raise Refusal(Refused.NAME_EMPTY)
    return cleaned


def clean_type(tx: Tx, text: str) -> str:
    """Return the type as it would be stored, in the spelling of an existing one. Raises TOO_MUCH_TEXT."""
    cleaned = editing.line(text, EQUIPMENT_LINES["type"])
    known = attributes.types(tx)
    return next((name for name in known if name.casefold() == cleaned.casefold()), cleaned)


def propose(tx: Tx, name: str, number: int = 1) -> list[str]:
    """Propose unused codes for new items of equipment with this name.

    They continue the series of the existing items: `SHOE-4` is followed by `SHOE-5`.
    """
    if series := _series(tx, name):
        return _going_on(tx, *series, number)
    found = proposals.propose(tx, [name] * number, avoid=(), last={})
    return found.codes


_NUMBERED = re.compile(r"(.*[^0-9A-Za-z])([0-9]{1,6})")
"""A code that numbers the pieces of one equipment; `AVZ22531` numbers the whole inventory."""


def _series(tx: Tx, name: str) -> tuple[str, str] | None:
    """Return the common prefix of all codes of this equipment and the last number; None without a series."""
    of_name = Equipment.organization_id == tx.organization_id, Equipment.name == name
    codes = tx.session.scalars(
        select(Item.code).join(Equipment, Item.equipment_id == Equipment.id).where(*of_name)
    )
    found = [_NUMBERED.fullmatch(code) for code in codes]
    known = [match for match in found if match is not None]
    if len({match[1] for match in known}) != 1 or len(known) != len(found):
        return None
    return known[0][1], max((match[2] for match in known), key=int)


def _going_on(tx: Tx, begins: str, last: str, number: int) -> list[str]:
    taken = select(Item.code).where(
        Item.organization_id == tx.organization_id, Item.code.startswith(begins, autoescape=True)
    )
    known = {code.casefold() for code in tx.session.scalars(taken)}
    numbers = count(int(last) + 1)
    codes = (f"{begins}{following:0{len(last)}d}" for following in numbers)
    return list(islice((code for code in codes if code.casefold() not in known), number))


def check_code(tx: Tx, code: str) -> str:
    """Return the code as it would be stored. Raises CODE_EMPTY, CODE_TAKEN, TOO_MUCH_TEXT."""
    cleaned = editing.line(code, ITEM_LINES["code"])
    editing.require_new_code(tx, cleaned)
    return cleaned


def equipment(tx: Tx, *, name: str, type_: str = "", file_id: str | None = None) -> Equipment:
    """Add equipment without items.

    Raises NOT_ALLOWED, NAME_EMPTY, NAME_TAKEN, TOO_MUCH_TEXT.
    """
    tx.actor.require(Role.ADMIN)
    name, type_ = clean_name(name), editing.line(type_, EQUIPMENT_LINES["type"])
    editing.require_new_name(tx, name)
    row = Equipment(organization_id=tx.actor.organization_id, name=name, type=type_, created_at=tx.now)
    tx.session.add(row)
    tx.session.flush()
    editing.refresh_search(tx.session, row)
    if file_id is not None:
        attributes.put_photo(tx.session, row, file_id=file_id)
    details = {"name": [None, name]} | ({"type": [None, type_]} if type_ else {})
    _note(tx, "equipment", row.id, details | ({"photo": [False, True]} if file_id else {}))
    return row


def usual_place(session: Session, equipment_id: int) -> Location | None:
    """Return the enabled location where most of the equipment's items are."""
    return session.scalar(
        select(Location)
        .join(Item, Item.location_id == Location.id)
        .where(
            Item.equipment_id == equipment_id,
            Item.condition != Condition.RETIRED,
            Location.disabled_at.is_(None),
        )
        .group_by(Location.id)
        .order_by(func.count(Item.id).desc(), Location.id)
        .limit(1)
    )


def items(
    tx: Tx, equipment_id: int, *, number: int = 1, code: str | None = None, location_id: int | None = None
) -> Sequence[Item]:
    """Add items with proposed codes, or one with this code. Retired equipment is brought back.

    Raises NOT_ALLOWED, NOT_FOUND, OUT_OF_RANGE, CODE_EMPTY, CODE_TAKEN, TOO_MUCH_TEXT.
    """
    tx.actor.require(Role.ADMIN)
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    row = editing.open_equipment(tx, equipment_id)
    if not 1 <= number <= MOST_AT_ONCE:
        raise Refusal(Refused.OUT_OF_RANGE, least=1, most=MOST_AT_ONCE)
    place = attributes.place_of(tx, location_id)
    codes = [check_code(tx, code)] if code is not None else propose(tx, row.name, number)
    made = [
        Item(
            organization_id=tx.actor.organization_id,
            equipment_id=row.id,
            code=one,
            location_id=location_id,
            label_token=secrets.token_urlsafe(9),
            created_at=tx.now,
        )
        for one in codes
    ]
    tx.session.add_all(made)
    tx.session.flush()
    for item in made:
        details = {"code": [None, item.code], "equipment": [None, row.name]}
        _note(tx, "item", item.id, details | ({"location": [None, place.name]} if place else {}))
    if row.retired_at is not None:
        before, row.retired_at = row.retired_at, None
        editing.changed(tx, row, "bring_back", retired_at=[before.isoformat(), None])
    return made


def one(
    tx: Tx,
    *,
    name: str,
    type_: str = "",
    file_id: str | None = None,
    code: str | None = None,
    location_id: int | None = None,
) -> Item:
    """Add one item by the name of its equipment, adding the equipment where there is none.

    Existing equipment gets the photo if it has none; its type is kept. Raises as `equipment` and `items` do.
    """
    tx.actor.require(Role.ADMIN)
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    known = listing.by_name(tx, clean_name(name))
    if known is None:
        known = equipment(tx, name=name, type_=type_, file_id=file_id)
    elif file_id is not None and known.photo_id is None:
        attributes.set_photo(tx, known.id, file_id=file_id, seen=known.version)
    return items(tx, known.id, code=code, location_id=location_id)[0]


def _note(tx: Tx, subject: str, subject_id: int, details: Mapping[str, Any]) -> None:
    audit.note(tx, "add", subject, subject_id, **details)
