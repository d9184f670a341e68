"""Locations of the organization, and where items were put at a return.

A disabled location is not offered any more, and still shown where items lie there.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from db import aliases
from db.models import Claim, Equipment, Item, Location, Rental, Return, User
from db.states import LENDABLE, Condition, Role
from services.core import audit, naming
from services.core import text as core_text
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.tx import Tx
from services.inventory import named_lists
from services.messaging import notifications
from services.messaging.tidying import renames

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 500

MEMBER_SAYS_DAYS = 1
"""Days within which members who returned something without a lender may say where they put it."""

_GONE = (Condition.LOST, Condition.RETIRED)


@dataclass(frozen=True)
class Place:
    """A location with the number of its items, not counting lost and retired ones."""

    id: int
    name: str
    off: bool
    items: int
    description: str


# Built once: they run for each list of equipment.
_OWN = Location.organization_id == bindparam("organization")
_ANY = select(Location.id).where(_OWN, Location.disabled_at.is_(None)).limit(1)
_LYING = (
    select(Item.location_id, func.count(Item.id).label("number"))
    .where(Item.organization_id == bindparam("organization"), Item.condition.not_in(_GONE))
    .group_by(Item.location_id)
    .subquery()
)
_ALL = (
    select(
        *(Location.id, Location.name, Location.disabled_at, Location.description),
        func.coalesce(_LYING.c.number, 0).label("items"),
    )
    .outerjoin(_LYING, _LYING.c.location_id == Location.id)
    .where(_OWN)
    .order_by(Location.disabled_at.is_not(None), func.lower(Location.name), Location.id)
)
_ENABLED = _ALL.where(Location.disabled_at.is_(None))


def are_there(tx: Tx) -> bool:
    """Return whether there are enabled locations."""
    return tx.session.scalar(_ANY, {"organization": tx.organization_id}) is not None


def listed(tx: Tx, *, switched_off: bool = False) -> list[Place]:
    """Return the enabled locations by name; with `switched_off` the disabled ones too, at the end."""
    rows = tx.session.execute(_ALL if switched_off else _ENABLED, {"organization": tx.organization_id})
    return [Place(r.id, r.name, r.disabled_at is not None, r.items, r.description) for r in rows]


def get(tx: Tx, location_id: int) -> Location:
    """Return the organization's location. Raises NOT_FOUND, also for another organization's."""
    return named_lists.get(tx, Location, location_id)


def name_of(tx: Tx, location_id: int | None) -> str | None:
    """Return a location's name; None without a location."""
    place = tx.session.get(Location, location_id) if location_id is not None else None
    return place.name if place is not None else None


def add(tx: Tx, name: str) -> Location:
    """Add a location. Raises NOT_ALLOWED, NAME_EMPTY, TOO_MUCH_TEXT, NAME_TAKEN."""
    tx.actor.require(Role.ADMIN)
    name = naming.clean(name, LONGEST_NAME)
    return named_lists.add(tx, Location, name, subject="location")


def rename(tx: Tx, location_id: int, name: str) -> Location:
    """Rename a location; its items stay there. Raises as `add` does, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    place = get(tx, location_id)
    if named_lists.rename(tx, place, naming.clean(name, LONGEST_NAME), subject="location"):
        renames.of_location(tx, place.id)
    return place


def describe(tx: Tx, location_id: int, text: str) -> Location:
    """Set how a location is found; an empty text clears it. Raises NOT_ALLOWED, NOT_FOUND, TOO_MUCH_TEXT."""
    tx.actor.require(Role.ADMIN)
    place = get(tx, location_id)
    after = core_text.many_lines(text).strip()
    if len(after) > LONGEST_DESCRIPTION:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_DESCRIPTION)
    before, place.description = place.description, after
    if before != after:
        tx.session.flush()
        audit.note(tx, "describe", "location", place.id, description=[before or None, after or None])
        renames.of_location(tx, place.id)
    return place


def switch(tx: Tx, location_id: int, *, on: bool) -> Location:
    """Enable or disable a location; its items stay there. Raises NOT_ALLOWED, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    place = get(tx, location_id)
    named_lists.switch(tx, place, on=on, subject="location")
    return place


_KEPT_AT = (
    select(Location.name)
    .join(Item, Item.location_id == Location.id)
    .where(Item.equipment_id == bindparam("equipment"), Item.condition.in_(LENDABLE))
    .group_by(Location.id, Location.name)
    .order_by(func.count(Item.id).desc(), Location.name)
)


def of_equipment(session: Session, equipment_id: int) -> list[str]:
    """Return the places where its items are kept that can be lent, the fullest first."""
    return list(session.scalars(_KEPT_AT, {"equipment": equipment_id}))


# Put away after a return


@dataclass(frozen=True)
class Returned:
    """Items that were returned together.

    `things`: their names and codes. `at`: their locations, each once, None for none. `answered`: whether
    somebody has said where they were put. `back_at`: they came back before that was entered.
    """

    return_id: int
    rental_id: int
    by: str | None
    items: tuple[Item, ...]
    things: tuple[tuple[str, str], ...]
    at: tuple[Location | None, ...]
    answered: bool
    put_at: str | None
    back_at: datetime | None = None


_LAST_RETURN = (
    select(Return.id).where(Return.rental_id == bindparam("rental")).order_by(Return.id.desc()).limit(1)
)


def last_return(session: Session, rental_id: int) -> int | None:
    """Return the newest return of the rental."""
    return session.scalar(_LAST_RETURN, {"rental": rental_id})


def rental_of_return(session: Session, return_id: int) -> int:
    """Return the rental that this return belongs to. Raises NOT_FOUND."""
    found = session.get(Return, return_id)
    if found is None:
        raise Refusal(Refused.NOT_FOUND)
    return found.rental_id


def get_return(tx: Tx, return_id: int) -> Return:
    """Return the organization's return. Raises NOT_FOUND, also for another organization's."""
    found = tx.session.get(Return, return_id)
    if found is None or found.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return found


def returned(tx: Tx, return_id: int) -> Returned:
    """Return the items of a return. Raises NOT_FOUND, also for another organization's."""
    row = get_return(tx, return_id)
    there = still_there(tx.session, row)
    items = [item for _, item in there]
    back = [claim.return_claimed_at or claim.returned_at for claim, _ in there]
    back_at = max((at for at in back if at is not None), default=row.returned_at)
    by = tx.session.get(User, row.returned_to) if row.returned_to is not None else None
    place = tx.session.get(Location, row.location_id) if row.location_id is not None else None
    ids = list(dict.fromkeys(item.location_id for item in items))
    return Returned(
        return_id=row.id,
        rental_id=row.rental_id,
        by=by.name if by is not None else None,
        items=tuple(items),
        things=tuple((tx.session.get_one(Equipment, item.equipment_id).name, item.code) for item in items),
        at=tuple(tx.session.get(Location, i) if i is not None else None for i in ids),
        answered=row.put_away_at is not None,
        put_at=place.name if place is not None else None,
        back_at=back_at if back_at < row.returned_at else None,
    )


_AGAIN = aliases.kept(Claim, "next")
_OUT_AGAIN = select(_AGAIN.id).where(
    _AGAIN.item_id == Claim.item_id, _AGAIN.out_at > bindparam("returned_at")
)
_STILL_THERE = (
    select(Claim, Item)
    .join(Item, Item.id == Claim.item_id)
    .where(Claim.return_id == bindparam("return"), ~_OUT_AGAIN.exists())
    .order_by(Item.code)
)


def still_there(session: Session, row: Return) -> list[tuple[Claim, Item]]:
    """Return the claims and items of a return that have not gone out again since, by code.

    A late answer moves no item that is out again.
    """
    found = session.execute(_STILL_THERE, {"return": row.id, "returned_at": row.returned_at})
    return [(claim, item) for claim, item in found]


def require_may_say(tx: Tx, return_id: int) -> None:
    """Require a LENDER, or the member who returned the items without one.

    The member may answer for a day; after that others have moved the items. Raises NOT_ALLOWED, NOT_FOUND,
    OUTDATED.
    """
    if tx.actor.has_role(Role.LENDER):
        return
    rental = tx.session.get(Rental, rental_of_return(tx.session, return_id))
    row = tx.session.get_one(Return, return_id)
    if rental is None or {rental.user_id, row.returned_to} != {tx.actor.user_id}:
        tx.actor.require(Role.LENDER)
    elif row.returned_at <= periods.days_later(tx.now, -MEMBER_SAYS_DAYS, tx.of(row.organization_id).zone):
        raise Refusal(Refused.OUTDATED)


def put_away(tx: Tx, return_id: int, location_id: int | None) -> Returned:
    """Move the items of a return to this location; None leaves them. Requires as `require_may_say` does.

    Raises NOT_ALLOWED, NOT_FOUND, and OUTDATED where all of it went out again or the location is disabled.
    """
    require_may_say(tx, return_id)
    found = returned(tx, return_id)
    place = get(tx, location_id) if location_id is not None else None
    if not found.items or (place is not None and place.disabled_at is not None):
        raise Refusal(Refused.OUTDATED)
    row = get_return(tx, return_id)
    if place is not None:
        for claim, item in sorted(still_there(tx.session, row), key=lambda one: one[1].id):
            tx.session.refresh(item, with_for_update=True)
            _move(tx, item, place)
            claim.returned_location_id = place.id
    if row.put_away_at is None or row.location_id != location_id:
        row.location_id, row.put_away_at, row.put_away_by = location_id, tx.now, tx.actor.user_id
        audit.note(
            tx,
            "put_away",
            "rental",
            row.rental_id,
            place=place.name if place is not None else None,
            **{"return": return_id},
        )
    tx.session.flush()
    return found


def _move(tx: Tx, item: Item, place: Location) -> None:
    if item.location_id == place.id:
        return
    before = tx.session.get(Location, item.location_id) if item.location_id is not None else None
    item.location_id = place.id
    item.version += 1
    notifications.item_moved(tx, item, before.id if before is not None else None)
    audit.note(
        tx, "put_away", "item", item.id, location=[before.name if before is not None else None, place.name]
    )
