"""Reallocation of claims on items that are withdrawn or blocked.

A claim that another item of the same equipment can serve moves without a message. The others lose their
piece, and their members are told why, with alternatives that are free on their days.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db.models import Claim, Equipment, HandOver, Item, Rental, RentalLine, User
from db.states import ClaimStatus, RentalStatus
from services.availability import reservations, schedules
from services.availability.allocation import Allocation, Pool
from services.availability.allocation_search import Wanted
from services.core import audit, identity, policy
from services.core.state_machine import move_claims, move_rental
from services.core.tx import Tx
from services.messaging import notifications
from services.transfers import expiry

WITHDRAWN = "withdrawn"
"""Kind of the message to a member whose rental loses an item."""

LONGEST_REASON = 300

OFFERS = 4
"""The largest number of alternatives that are offered."""


@dataclass(frozen=True)
class Effect:
    """Claims that move, with their new items, and claims that no other item can serve."""

    moves: Mapping[int, int]
    lost: tuple[int, ...]


@dataclass(frozen=True)
class Loss:
    """The pieces of each equipment that one rental loses. `is_all`: nothing is left of it."""

    rental_id: int
    number: int
    member: str
    starts_at: datetime
    due_at: datetime
    things: tuple[tuple[str, int], ...]
    is_all: bool


def effect(
    tx: Tx,
    organization_id: int,
    item_ids: Collection[int],
    *,
    starts_at: datetime,
    until: datetime | None = None,
) -> Effect:
    """Return the effect of these items being unavailable from `starts_at` until `until`, or for good.

    Approved rentals are served before requested ones, then by start. Items that are out are ignored.
    """
    moves: dict[int, int] = {}
    lost: list[int] = []
    for equipment_id, items in sorted(_by_equipment(tx.session, item_ids).items()):
        hit = _hit(tx.session, items, starts_at, until)
        schedule = schedules.load(
            tx,
            organization_id,
            [equipment_id],
            without_claims=[claim.id for claim, _, _ in hit],
            without_items=items if until is None else (),
        )
        if until is not None:
            schedule.take(equipment_id, items, starts_at, until)
        movable = [claim for claim, line, _ in hit if line.item_id is None]
        due = {claim.rental_id or 0: due_at for claim, _, due_at in hit}
        allocation, staying = _allocate(schedule.pool(equipment_id), movable, due, tx.now)
        moves |= allocation.moves
        moves |= {
            claim.id: item
            for claim, item in zip(staying, allocation.items, strict=True)
            if item != claim.item_id
        }
        lost += [claim.id for claim, _, _ in hit if claim not in staying]
    return Effect(moves, tuple(sorted(lost)))


def _by_equipment(session: Session, item_ids: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for item in session.scalars(select(Item).where(Item.id.in_(item_ids)).order_by(Item.id)):
        found.setdefault(item.equipment_id, []).append(item.id)
    return found


def _hit(
    session: Session, items: Sequence[int], starts_at: datetime, until: datetime | None
) -> list[tuple[Claim, RentalLine, datetime | None]]:
    """Return the claims on the items in that time that are not checked out, in the order they are served,
    each with its rental's line and due time.
    """
    query = (
        select(Claim, RentalLine, Rental.due_at)
        .join(Rental, Rental.id == Claim.rental_id)
        .join(RentalLine, RentalLine.id == Claim.line_id)
        .where(Claim.item_id.in_(items), Claim.status == ClaimStatus.HELD, Claim.blocked_until > starts_at)
        .order_by((Rental.status == RentalStatus.REQUESTED), Claim.starts_at, Claim.id)
    )
    if until is not None:
        query = query.where(Claim.starts_at < until)
    return [(claim, line, due_at) for claim, line, due_at in session.execute(query)]


def _allocate(
    pool: Pool, claims: Sequence[Claim], due: Mapping[int, datetime | None], now: datetime
) -> tuple[Allocation, list[Claim]]:
    """Allocate as many of the claims as possible, in order; return the allocation and the claims served."""
    assignments = {
        claim.id: Wanted(
            max(claim.starts_at, now),
            claim.blocked_until,
            due_at=due[claim.rental_id or 0],
            has_begun=claim.starts_at < now,
        )
        for claim in claims
    }
    every = pool.allocate(list(assignments.values()))
    if every is not None:
        return every, list(claims)
    best, staying = pool.allocate([]) or Allocation((), {}), list[Claim]()
    for claim in claims:
        found = pool.allocate([assignments[one.id] for one in [*staying, claim]])
        if found is not None:
            best, staying = found, [*staying, claim]
    return best, staying


def losses(session: Session, found: Effect) -> list[Loss]:
    """Return the losses of each affected rental, by start."""
    told = []
    for rental, claims in _by_rental(session, found.lost):
        assert rental.starts_at is not None and rental.due_at is not None
        told.append(
            Loss(
                rental_id=rental.id,
                number=rental.number or 0,
                member=identity.names(session, [rental.user_id])[rental.user_id],
                starts_at=rental.starts_at,
                due_at=rental.due_at,
                things=tuple((name, number) for _, name, number in _things(session, claims)),
                is_all=_is_all(session, rental, claims),
            )
        )
    return sorted(told, key=lambda loss: (loss.starts_at, loss.rental_id))


def _by_rental(session: Session, claim_ids: Collection[int]) -> list[tuple[Rental, list[Claim]]]:
    found: dict[int, list[Claim]] = {}
    for claim in session.scalars(select(Claim).where(Claim.id.in_(claim_ids)).order_by(Claim.id)):
        found.setdefault(claim.rental_id or 0, []).append(claim)
    return [(session.get_one(Rental, rental_id), claims) for rental_id, claims in sorted(found.items())]


def _things(session: Session, claims: Sequence[Claim]) -> list[tuple[int, str, int]]:
    """Return id, name and number of pieces of each equipment."""
    counted: dict[int, int] = {}
    for claim in claims:
        equipment_id = session.get_one(Item, claim.item_id).equipment_id
        counted[equipment_id] = counted.get(equipment_id, 0) + 1
    return [(i, session.get_one(Equipment, i).name, number) for i, number in sorted(counted.items())]


def _is_all(session: Session, rental: Rental, claims: Sequence[Claim]) -> bool:
    alive = [ClaimStatus.WANTED, ClaimStatus.HELD, ClaimStatus.OUT]
    left = session.scalars(
        select(Claim.id).where(Claim.rental_id == rental.id, Claim.status.in_(alive))
    ).all()
    return set(left) <= {claim.id for claim in claims}


def carry_out(tx: Tx, found: Effect, *, reason: str) -> None:
    """Move claims, release the lost ones and notify their members.

    Raises StaleDataError where one of them was checked out meanwhile.
    """
    by_rental = [
        (rental.id, [claim.id for claim in claims]) for rental, claims in _by_rental(tx.session, found.lost)
    ]
    # Released first: a moving claim may get the item of a lost one.
    if move_claims(tx.session, found.lost, ClaimStatus.RELEASED) != len(found.lost):
        raise StaleDataError("a claim that was to be released is not held any more")
    reservations.apply_allocation(tx, Allocation((), found.moves))
    for rental_id, claim_ids in by_rental:
        rental = tx.session.get_one(Rental, rental_id)
        claims = list(tx.session.scalars(select(Claim).where(Claim.id.in_(claim_ids)).order_by(Claim.id)))
        _take(tx, rental, claims, reason)


def _take(tx: Tx, rental: Rental, claims: Sequence[Claim], reason: str) -> None:
    expiry.settle(tx, rental.id)
    things = _things(tx.session, claims)
    items = [claim.item_id for claim in claims]
    cancelled = _is_all(tx.session, rental, claims) and move_rental(
        tx.session,
        rental,
        RentalStatus.CANCELLED,
        **tx.decided(tx.actor.user_id),
        ended_at=tx.now,
        reason=reason,
    )
    if not cancelled:
        shorten(tx.session, rental, [claim.line_id or 0 for claim in claims])
    audit.rental(tx, rental, "withdraw", items=items, reason=reason, cancelled=cancelled)
    notifications.tell_member(tx, rental, WITHDRAWN, things=things, reason=reason, cancelled=cancelled)
    notifications.update_member_card(tx, rental)
    notifications.update_desk_card(tx, rental)


def shorten(session: Session, rental: Rental, line_ids: Sequence[int]) -> None:
    """Remove one piece per mention of a line, and lines without pieces; the audit log keeps them."""
    kits = set()
    for line_id in sorted(set(line_ids)):
        line = session.get_one(RentalLine, line_id)
        kits.add(line.kit_id)
        if line.quantity > line_ids.count(line_id):
            line.quantity -= line_ids.count(line_id)
            continue
        claims = select(Claim.id).where(Claim.line_id == line_id)
        session.execute(delete(HandOver).where(HandOver.to_claim_id.in_(claims)))
        session.execute(delete(Claim).where(Claim.line_id == line_id))
        session.delete(line)
        session.flush()
    # A kit that lacks a piece is no longer a kit: the rest become ordinary lines.
    for line in session.scalars(
        select(RentalLine).where(RentalLine.rental_id == rental.id, RentalLine.kit_id.in_(kits - {None}))
    ):
        line.kit_id = line.kit_pieces = None
    session.flush()


def affected(tx: Tx, item_ids: Collection[int]) -> list[Loss]:
    """Return the losses that withdrawing these items for good would cause."""
    items = tx.session.scalars(select(Item).where(Item.id.in_(item_ids))).all()
    if not items:
        return []
    return losses(tx.session, effect(tx, items[0].organization_id, item_ids, starts_at=tx.now))


def withdraw(tx: Tx, item_ids: Collection[int], *, reason: str) -> list[Loss]:
    """Move or release all claims on items that are gone for good (retired, lost, in repair).

    Return the losses. Members with a loss are notified; items that are out stay out. The caller checks the
    permission and changes the items themselves.
    """
    reservations.lock(tx.session, _by_equipment(tx.session, item_ids))
    found = effect(tx, tx.actor.organization_id, item_ids, starts_at=tx.now)
    told = losses(tx.session, found)
    carry_out(tx, found, reason=reason[:LONGEST_REASON])
    return told


def instead(tx: Tx, rental: Rental, equipment_id: int, *, pieces: int = 1) -> list[tuple[int, str]]:
    """Return id and name, by name, of other equipment of the same type that the member may rent.

    At least `pieces` of it are free on the rental's days.
    """
    gone = tx.session.get_one(Equipment, equipment_id)
    if not gone.type or rental.starts_at is None or rental.due_at is None or rental.due_at <= tx.now:
        return []
    organization = tx.organization_of(rental.organization_id)
    role = tx.session.get_one(User, rental.user_id).role
    found = tx.session.scalars(
        select(Equipment)
        .where(
            Equipment.organization_id == rental.organization_id,
            Equipment.type == gone.type,
            Equipment.id != gone.id,
            Equipment.retired_at.is_(None),
        )
        .order_by(Equipment.name, Equipment.id)
        .limit(50)
    ).all()
    others = [one for one in found if role.covers(policy.of(organization, one).who_may_rent)]
    schedule = schedules.load(tx, rental.organization_id, [one.id for one in others])
    starts_at, due_at = max(rental.starts_at, tx.now), rental.due_at
    free = [
        (one.id, one.name)
        for one in others
        if schedule.count(one.id, starts_at, due_at, due_at=due_at) >= pieces
    ]
    return free[:OFFERS]
