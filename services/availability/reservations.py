"""Reservations: checks a rental's demand against the stock and claims items for it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import Session

from db.aliases import kept
from db.models import Claim, Equipment, Item, Location, Organization, Rental, RentalLine
from db.states import ClaimStatus
from services.availability import next_available, schedules
from services.availability.allocation import Allocation
from services.availability.schedules import Demand, Schedule
from services.core import audit, policy
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours
from services.core.hours.opening_hours import Place
from services.core.hours.periods import FOREVER, Period
from services.core.state_machine import change_items
from services.core.tx import Tx
from services.messaging import notifications

SEARCH_AHEAD_DAYS = 60
"""The number of days in which a refusal looks for another period."""


Lines = Sequence[RentalLine]
"""The lines of one rental, passed on so that they are read once."""


_LINES = (
    select(RentalLine, Equipment)
    .join(Equipment, Equipment.id == RentalLine.equipment_id)
    .where(RentalLine.rental_id == bindparam("rental"))
    .order_by(RentalLine.id)
)


def lines_of(session: Session, rental_id: int) -> Lines:
    """Return a rental's lines with their equipment loaded, which their users need."""
    rows = session.execute(_LINES, {"rental": rental_id})
    return [line for line, _ in rows]


def demands(session: Session, rental: Rental, lines: Lines | None = None) -> list[Demand]:
    """Return the rental's demands, with each equipment's own turnaround."""
    organization = session.get_one(Organization, rental.organization_id)
    return [
        Demand(
            line.equipment_id,
            line.quantity,
            policy.of(organization, session.get_one(Equipment, line.equipment_id)).turnaround,
            line.item_id,
        )
        for line in (lines_of(session, rental.id) if lines is None else lines)
    ]


def schedule_for(tx: Tx, rental: Rental, lines: Lines | None = None) -> Schedule:
    """Return the schedule of all equipment in the rental, without its own claims and those it takes over."""
    ids = [line.equipment_id for line in (lines_of(tx.session, rental.id) if lines is None else lines)]
    return schedules.load(tx, rental.organization_id, ids, without_rentals=replaced(tx.session, rental))


def replaced(session: Session, rental: Rental) -> list[int]:
    """Return this rental's id, and those of the rentals whose place it takes: their claims end with it."""
    found, one = [rental.id], rental
    while one.changes_id is not None:
        one = session.get_one(Rental, one.changes_id)
        found.append(one.id)
    return found


def is_elsewhere(session: Session, rental_id: int) -> bool:
    """Return whether an item allocated to the rental is still out with somebody else."""
    return session.scalar(select(Rental.id).where(Rental.id == rental_id, elsewhere())) is not None


_PROMISED, _OUT = kept(Claim, "promised"), kept(Claim, "out")


@cache
def elsewhere(*, said_back: bool | None = None) -> ColumnElement[bool]:
    """Build the condition that an item allocated to a rental is out with somebody else.

    `said_back`: only where they say that it is back, or only where they do not.
    """
    query = (
        select(_PROMISED.id)
        .join(_OUT, and_(_OUT.item_id == _PROMISED.item_id, _OUT.status == ClaimStatus.OUT))
        .where(_PROMISED.rental_id == Rental.id, _PROMISED.status == ClaimStatus.HELD)
        .correlate(Rental)
    )
    if said_back is not None:
        query = query.where(_OUT.return_claimed_at.is_not(None) == said_back)
    return query.exists()


_SAID_BACK_AT = (
    select(_PROMISED.rental_id, func.max(_OUT.return_claimed_at))
    .join(_OUT, and_(_OUT.item_id == _PROMISED.item_id, _OUT.status == ClaimStatus.OUT))
    .where(
        _PROMISED.rental_id.in_(bindparam("rentals", expanding=True)),
        _PROMISED.status == ClaimStatus.HELD,
        _OUT.return_claimed_at.is_not(None),
    )
    .group_by(_PROMISED.rental_id)
)


def said_back_at(session: Session, rental_ids: Sequence[int]) -> dict[int, datetime]:
    """Return, of these rentals, when the last of their items that others have was said to be back."""
    rows = session.execute(_SAID_BACK_AT, {"rentals": list(rental_ids)})
    return {rental_id: at for rental_id, at in rows if rental_id is not None and at is not None}


def require_free(tx: Tx, rental: Rental, period: Period, lines: Lines | None = None) -> None:
    """Raise NOT_FREE, with alternatives, where the stock cannot serve the rental in this period."""
    lines = lines_of(tx.session, rental.id) if lines is None else lines
    schedule = schedule_for(tx, rental, lines)
    _require_served(tx, rental, period, schedule, demands(tx.session, rental, lines))


def _require_served(
    tx: Tx, rental: Rental, period: Period, schedule: Schedule, asked: Sequence[Demand]
) -> None:
    shortage = schedule.shortage(asked, period.starts_at, period.due_at)
    if shortage is None:
        return
    equipment = tx.session.get_one(Equipment, shortage.demand.equipment_id)
    later, closed = None, set[Place]()
    if period.due_at < FOREVER:
        later = next_available.next_free(
            schedule,
            asked,
            period.starts_at,
            period.due_at,
            policy.zone_of(tx.organization_of(rental.organization_id)),
            days=SEARCH_AHEAD_DAYS,
            timetable=opening_hours.for_rental(tx, rental, anew=True),
        )
        closed = schedule.closed_places(equipment.id, period.starts_at, period.due_at)
    raise Refusal(
        Refused.NOT_FREE,
        equipment_id=equipment.id,
        name=equipment.name,
        wanted=shortage.demand.quantity,
        free=shortage.free,
        item_id=shortage.demand.item_id,
        next_free=later,
        closed=_names(tx, closed),
    )


def _names(tx: Tx, places: Collection[int | None]) -> list[str]:
    """Return the names of locations; items without one have none."""
    names = select(Location.name).where(Location.id.in_(places)).order_by(Location.name)
    return list(tx.session.scalars(names)) if places else []


_LOCKED = (
    select(Equipment)
    .where(Equipment.id.in_(bindparam("ids", expanding=True)))
    .order_by(Equipment.id)
    .with_for_update(key_share=True)
)


def lock(session: Session, equipment_ids: Iterable[int]) -> None:
    """Lock this equipment against other allocations until the transaction ends.

    The database's constraint prevents double bookings anyway; the lock spares the second transaction repeated
    attempts. Rows are locked in order to prevent deadlocks. The equipment is refreshed; callers refresh
    claims that they read before.
    """
    those = {"ids": sorted(set(equipment_ids))}
    session.scalars(_LOCKED, those, execution_options={"populate_existing": True}).all()


def reserve(tx: Tx, rental: Rental, status: ClaimStatus, lines: Lines | None = None) -> None:
    """Allocate items to each line and claim them, from now at the earliest. Raises NO_PERIOD, NOT_FREE.

    Others' claims that are in the way change items, unless these claims are only WANTED. Check and choice use
    one schedule, since others may book in between. The database's constraint decides.
    """
    if rental.starts_at is None or rental.due_at is None:
        raise Refusal(Refused.NO_PERIOD)
    period = Period(max(rental.starts_at, tx.now), rental.due_at)
    lines = lines_of(tx.session, rental.id) if lines is None else lines
    lock(tx.session, [line.equipment_id for line in lines])
    asked = list(zip(lines, demands(tx.session, rental, lines), strict=True))
    # In the order of `shortage`, so that the answer is the same.
    asked.sort(key=lambda pair: pair[1].item_id is None)
    schedule = schedule_for(tx, rental, lines)
    _require_served(tx, rental, period, schedule, [demand for _, demand in asked])
    chosen = []
    for equipment_id in sorted({line.equipment_id for line, _ in asked}):
        pieces = [
            (line, one)
            for line, demand in asked
            if line.equipment_id == equipment_id
            for one in demand.wanted(period.starts_at, period.due_at)
        ]
        allocation = schedule.allocate(equipment_id, [one for _, one in pieces])
        assert allocation is not None, "the schedule was just found to serve it"
        if status is ClaimStatus.HELD:
            apply_allocation(tx, allocation)
        chosen += [(line, one, item) for (line, one), item in zip(pieces, allocation.items, strict=True)]
    for line, one, item_id in sorted(chosen, key=lambda piece: piece[0].id):
        tx.session.add(
            Claim(
                organization_id=rental.organization_id,
                item_id=item_id,
                rental_id=rental.id,
                line_id=line.id,
                status=status,
                starts_at=one.starts_at,
                blocked_until=one.until,
            )
        )
    tx.session.flush()


def apply_allocation(tx: Tx, allocation: Allocation, own: Mapping[int, int] | None = None) -> None:
    """Move claims to the items that an allocation gives them; nobody is notified, only cards are updated.

    `own` has the new items of the caller's own claims, which the caller reports itself. Raises StaleDataError
    where one was checked out meanwhile.
    """
    to = {**allocation.moves, **(own or {})}
    if not to:
        return
    query = select(Claim).where(Claim.id.in_(to)).order_by(Claim.id)
    claims = tx.session.scalars(query, execution_options={"populate_existing": True}).all()
    moves = {claim.id: (claim.item_id, to[claim.id]) for claim in claims}
    by_rental: dict[int, list[list[int]]] = {}
    for claim in claims:
        if claim.id in allocation.moves:
            by_rental.setdefault(claim.rental_id or 0, []).append([*moves[claim.id]])
    change_items(tx, moves)
    tell_places(tx, {claim: moves[claim] for claim in allocation.moves})
    for rental_id, items in sorted(by_rental.items()):
        rental = tx.session.get_one(Rental, rental_id)
        audit.rental(tx, rental, "reseat", user_id=None, items=items)
        notifications.redraw(tx, rental)


def tell_places(tx: Tx, moves: Mapping[int, tuple[int, int]]) -> None:
    """Tell members whose approved item was replaced by one that lies elsewhere.

    `moves`: as for `change_items`. Their card has told them a place, and they may be on the way.
    """
    if not moves:
        return
    rows = tx.session.execute(
        select(Item.id, Item.location_id, Item.code, Equipment.name, Location.name.label("place"))
        .join(Equipment, Equipment.id == Item.equipment_id)
        .outerjoin(Location, Location.id == Item.location_id)
        .where(Item.id.in_({item for pair in moves.values() for item in pair}))
    )
    items = {row.id: row for row in rows}
    elsewhere = {
        claim: items[after]
        for claim, (before, after) in moves.items()
        if items[before].location_id not in (None, items[after].location_id)
    }
    if not elsewhere:
        return
    claims = tx.session.scalars(select(Claim).where(Claim.id.in_(elsewhere)).order_by(Claim.id)).all()
    by_rental: dict[int, list[list[str | None]]] = {}
    for claim in claims:
        item = elsewhere[claim.id]
        by_rental.setdefault(claim.rental_id or 0, []).append([item.name, item.code, item.place])
    for rental_id, things in sorted(by_rental.items()):
        notifications.tell_places(tx, tx.session.get_one(Rental, rental_id), things)
