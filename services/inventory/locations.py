"""Where things lie: the organisation's locations, and where a thing was put when it came back.

A place that is switched off is not offered any more, and still shown where something lies there.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from db.models import Claim, Equipment, Item, Location, Rental, Return, User
from db.states import Condition, Role
from services.core import audit, naming
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import named_lists

LONGEST_NAME = 200

MEMBER_SAYS = timedelta(days=1)
"""So long members who brought something back without a lender may say where they put it."""

_GONE = (Condition.LOST, Condition.RETIRED)


@dataclass(frozen=True)
class Place:
    """A location with how many items lie there; lost and retired ones do not count."""

    id: int
    name: str
    off: bool
    items: int


def listed(tx: Tx, *, switched_off: bool = False) -> list[Place]:
    """Those that are offered, by name; with `switched_off` the others too, at the end."""
    lying = (
        select(Item.location_id, func.count(Item.id).label("number"))
        .where(Item.organization_id == tx.organization_id, Item.condition.not_in(_GONE))
        .group_by(Item.location_id)
        .subquery()
    )
    query = (
        select(
            Location.id, Location.name, Location.disabled_at, func.coalesce(lying.c.number, 0).label("items")
        )
        .outerjoin(lying, lying.c.location_id == Location.id)
        .where(Location.organization_id == tx.organization_id)
        .order_by(Location.disabled_at.is_not(None), func.lower(Location.name), Location.id)
    )
    if not switched_off:
        query = query.where(Location.disabled_at.is_(None))
    return [Place(r.id, r.name, r.disabled_at is not None, r.items) for r in tx.session.execute(query)]


def get(tx: Tx, location_id: int) -> Location:
    """Raises NOT_FOUND, also for another organisation's."""
    return named_lists.get(tx, Location, location_id)


def name_of(tx: Tx, location_id: int | None) -> str | None:
    """Return a location's name; None without a location."""
    place = tx.session.get(Location, location_id) if location_id is not None else None
    return place.name if place is not None else None


def add(tx: Tx, name: str) -> Location:
    """Raises NOT_ALLOWED, NAME_EMPTY, TOO_MUCH_TEXT, NAME_TAKEN."""
    tx.actor.require(Role.ADMIN)
    name = naming.clean(name, LONGEST_NAME)
    return named_lists.add(tx, Location, name, subject="location")


def rename(tx: Tx, location_id: int, name: str) -> Location:
    """What lies there, lies there. Raises as `add` does, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    place = get(tx, location_id)
    named_lists.rename(tx, place, naming.clean(name, LONGEST_NAME), subject="location")
    return place


def switch(tx: Tx, location_id: int, *, on: bool) -> Location:
    """Offer it, or not any more; what lies there stays. Raises NOT_ALLOWED, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    place = get(tx, location_id)
    named_lists.switch(tx, place, on=on, subject="location")
    return place


# Where it was put


@dataclass(frozen=True)
class Returned:
    """Things that came back together.

    `things`: their names and codes. `at`: where they are, each place once, None for nowhere. `answered`:
    somebody has said where.
    """

    return_id: int
    rental_id: int
    by: str | None
    items: tuple[Item, ...]
    things: tuple[tuple[str, str], ...]
    at: tuple[Location | None, ...]
    answered: bool
    put_at: str | None


def last_return(session: Session, rental_id: int) -> int | None:
    """The newest return of something of this rental."""
    return session.scalar(
        select(Return.id).filter_by(rental_id=rental_id).order_by(Return.id.desc()).limit(1)
    )


def rental_of_return(session: Session, return_id: int) -> int:
    """The rental that this return belongs to. Raises NOT_FOUND."""
    found = session.get(Return, return_id)
    if found is None:
        raise Refusal(Refused.NOT_FOUND)
    return found.rental_id


def get_return(tx: Tx, return_id: int) -> Return:
    """Return it, if it is this organisation's. Raises NOT_FOUND."""
    found = tx.session.get(Return, return_id)
    if found is None or found.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return found


def returned(tx: Tx, return_id: int) -> Returned:
    """What came back then. Raises NOT_FOUND, also for another organisation's."""
    row = get_return(tx, return_id)
    items = [item for _, item in still_there(tx.session, row)]
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
    )


def still_there(session: Session, row: Return) -> list[tuple[Claim, Item]]:
    """What came back and has not gone out again since, by code: an old answer does not move the others."""
    again = aliased(Claim)
    gone = select(again.id).where(again.item_id == Claim.item_id, again.out_at > row.returned_at)
    found = session.execute(
        select(Claim, Item)
        .join(Item, Item.id == Claim.item_id)
        .where(Claim.return_id == row.id, ~gone.exists())
        .order_by(Item.code)
    )
    return [(claim, item) for claim, item in found]


def require_may_say(tx: Tx, return_id: int) -> None:
    """Whether they may say where it was put: a LENDER, or the member who brought it back without one.

    The member for a day: then others have moved it. Raises NOT_ALLOWED, NOT_FOUND, OUTDATED.
    """
    if tx.actor.has_role(Role.LENDER):
        return
    rental = tx.session.get(Rental, rental_of_return(tx.session, return_id))
    row = tx.session.get_one(Return, return_id)
    if rental is None or {rental.user_id, row.returned_to} != {tx.actor.user_id}:
        tx.actor.require(Role.LENDER)
    elif row.returned_at <= tx.now - MEMBER_SAYS:
        raise Refusal(Refused.OUTDATED)


def put_away(tx: Tx, return_id: int, location_id: int | None) -> Returned:
    """What came back then lies there now; None: where it was before. By whom `require_may_say` lets.

    Raises NOT_ALLOWED, NOT_FOUND, and OUTDATED when all of it went out again, or the place is switched off.
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
            organization_id=tx.actor.organization_id,
            user_id=tx.actor.user_id,
            action="put_away",
            subject="rental",
            subject_id=row.rental_id,
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
    audit.note(
        tx,
        organization_id=tx.actor.organization_id,
        user_id=tx.actor.user_id,
        action="put_away",
        subject="item",
        subject_id=item.id,
        location=[before.name if before is not None else None, place.name],
    )
