"""Where things lie: the organisation's locations, and where a thing was put when it came back.

A place that is switched off is not offered any more, and still shown where something lies there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Claim, Equipment, Item, Location, Rental, User
from db.states import Condition, Role
from services.core import audit, naming
from services.core.errors import Refusal, Refused
from services.core.identity import Actor
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


def listed(session: Session, organization_id: int, *, switched_off: bool = False) -> list[Place]:
    """Those that are offered, by name; with `switched_off` the others too, at the end."""
    lying = (
        select(Item.location_id, func.count(Item.id).label("number"))
        .where(Item.organization_id == organization_id, Item.condition.not_in(_GONE))
        .group_by(Item.location_id)
        .subquery()
    )
    query = (
        select(
            Location.id, Location.name, Location.disabled_at, func.coalesce(lying.c.number, 0).label("items")
        )
        .outerjoin(lying, lying.c.location_id == Location.id)
        .where(Location.organization_id == organization_id)
        .order_by(Location.disabled_at.is_not(None), func.lower(Location.name), Location.id)
    )
    if not switched_off:
        query = query.where(Location.disabled_at.is_(None))
    return [Place(r.id, r.name, r.disabled_at is not None, r.items) for r in session.execute(query)]


def get(session: Session, organization_id: int, location_id: int) -> Location:
    """Raises NOT_FOUND, also for another organisation's."""
    return named_lists.get(session, Location, organization_id, location_id)


def add(session: Session, actor: Actor, now: datetime, name: str) -> Location:
    """Raises NOT_ALLOWED, NAME_EMPTY, TOO_MUCH_TEXT, NAME_TAKEN."""
    actor.require(Role.ADMIN)
    name = naming.clean(name, LONGEST_NAME)
    return named_lists.add(session, actor, now, Location, name, subject="location")


def rename(session: Session, actor: Actor, now: datetime, location_id: int, name: str) -> Location:
    """What lies there, lies there. Raises as `add` does, NOT_FOUND."""
    actor.require(Role.ADMIN)
    place = get(session, actor.organization_id, location_id)
    named_lists.rename(session, actor, now, place, naming.clean(name, LONGEST_NAME), subject="location")
    return place


def switch(session: Session, actor: Actor, now: datetime, location_id: int, *, on: bool) -> Location:
    """Offer it, or not any more; what lies there stays. Raises NOT_ALLOWED, NOT_FOUND."""
    actor.require(Role.ADMIN)
    place = get(session, actor.organization_id, location_id)
    named_lists.switch(session, actor, now, place, on=on, subject="location")
    return place


# Where it was put


@dataclass(frozen=True)
class Returned:
    """Things that one hand-over brought back; `entry_id` is what the audit calls it.

    `things`: their names and codes. `at`: where they are, each place once, None for nowhere. `answered`:
    somebody has said where.
    """

    entry_id: int
    rental_id: int
    by: str | None
    items: tuple[Item, ...]
    things: tuple[tuple[str, str], ...]
    at: tuple[Location | None, ...]
    answered: bool
    put_at: str | None


def last_return(session: Session, rental_id: int) -> int | None:
    """The newest hand-over that brought something of this rental back."""
    return session.scalar(
        select(AuditEntry.id)
        .filter_by(subject="rental", subject_id=rental_id, action="take_back")
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )


def rental_of_return(session: Session, entry_id: int) -> int:
    """The rental that this hand-over belongs to. Raises NOT_FOUND."""
    entry = session.get(AuditEntry, entry_id)
    if entry is None or entry.subject != "rental" or entry.action != "take_back":
        raise Refusal(Refused.NOT_FOUND)
    return entry.subject_id


def returned(session: Session, organization_id: int, entry_id: int) -> Returned:
    """What came back then. Raises NOT_FOUND, also for another organisation's."""
    entry = session.get(AuditEntry, entry_id)
    if entry is None or entry.organization_id != organization_id or entry.action != "take_back":
        raise Refusal(Refused.NOT_FOUND)
    items = _still_there(session, entry)
    by = session.get(User, entry.user_id) if entry.user_id is not None else None
    ids = list(dict.fromkeys(item.location_id for item in items))
    answers = session.scalars(
        select(AuditEntry)
        .filter_by(
            organization_id=organization_id, subject="rental", subject_id=entry.subject_id, action="put_away"
        )
        .order_by(AuditEntry.id.desc())
    )
    answer = next((one for one in answers if one.details.get("return") == entry_id), None)
    return Returned(
        entry_id=entry_id,
        rental_id=entry.subject_id,
        by=by.name if by is not None else None,
        items=tuple(items),
        things=tuple((session.get_one(Equipment, item.equipment_id).name, item.code) for item in items),
        at=tuple(session.get(Location, i) if i is not None else None for i in ids),
        answered=answer is not None,
        put_at=answer.details.get("place") if answer is not None else None,
    )


def _still_there(session: Session, entry: AuditEntry) -> Sequence[Item]:
    """The items of a hand-over without those that went out again since: an old answer does not move them."""
    gone = select(Claim.item_id).where(Claim.out_at > entry.at)
    return session.scalars(
        select(Item).where(Item.id.in_(entry.details["items"]), Item.id.not_in(gone)).order_by(Item.code)
    ).all()


def require_may_say(session: Session, actor: Actor, now: datetime, entry_id: int) -> None:
    """Whether they may say where it was put: a LENDER, or the member who brought it back without one.

    The member for a day: then others have moved it. Raises NOT_ALLOWED, NOT_FOUND, OUTDATED.
    """
    if actor.may(Role.LENDER):
        return
    rental = session.get(Rental, rental_of_return(session, entry_id))
    entry = session.get_one(AuditEntry, entry_id)
    if rental is None or {rental.user_id, entry.user_id} != {actor.user_id}:
        actor.require(Role.LENDER)
    elif entry.at <= now - MEMBER_SAYS:
        raise Refusal(Refused.OUTDATED)


def put_away(
    session: Session, actor: Actor, now: datetime, entry_id: int, location_id: int | None
) -> Returned:
    """What came back then lies there now; None: where it was before. By whom `require_may_say` lets.

    Raises NOT_ALLOWED, NOT_FOUND, and OUTDATED when all of it went out again, or the place is switched off.
    """
    require_may_say(session, actor, now, entry_id)
    found = returned(session, actor.organization_id, entry_id)
    place = get(session, actor.organization_id, location_id) if location_id is not None else None
    if not found.items or (place is not None and place.disabled_at is not None):
        raise Refusal(Refused.OUTDATED)
    if place is not None:
        for item in sorted(found.items, key=lambda item: item.id):
            session.refresh(item, with_for_update=True)
            _move(session, actor, now, item, place)
    name = place.name if place is not None else None
    if not found.answered or found.put_at != name:
        audit.note(
            session,
            now,
            organization_id=actor.organization_id,
            user_id=actor.user_id,
            action="put_away",
            subject="rental",
            subject_id=found.rental_id,
            place=name,
            **{"return": entry_id},
        )
    session.flush()
    return found


def _move(session: Session, actor: Actor, now: datetime, item: Item, place: Location) -> None:
    if item.location_id == place.id:
        return
    before = session.get(Location, item.location_id) if item.location_id is not None else None
    item.location_id = place.id
    item.version += 1
    audit.note(
        session,
        now,
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        action="put_away",
        subject="item",
        subject_id=item.id,
        location=[before.name if before is not None else None, place.name],
    )
