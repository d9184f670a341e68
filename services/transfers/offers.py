"""Transfer offers as they stand. services/desk/transfer.py changes them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from db import aliases
from db.models import Claim, Equipment, HandOver, Item, Rental, User
from db.states import ClaimStatus, HandOverStatus
from services.core.errors import Refusal, Refused
from services.core.tx import Tx

_FROM, _TO = aliases.kept(Claim, "now"), aliases.kept(Claim, "next")
_GIVER, _TAKER = aliases.kept(Rental, "now"), aliases.kept(Rental, "next")


@dataclass(frozen=True)
class Offer:
    """The transfers offered together, from one rental to another."""

    rows: tuple[HandOver, ...]
    from_rental: Rental
    to_rental: Rental

    @property
    def id(self) -> int:
        return self.rows[0].id

    @property
    def is_open(self) -> bool:
        return any(row.status is HandOverStatus.OFFERED for row in self.rows)


@dataclass(frozen=True)
class Thing:
    """One item of an offer with its status. `is_with_giver`: the giver still has it."""

    name: str
    code: str
    status: HandOverStatus
    is_with_giver: bool


def organization_of(tx: Tx, hand_over_id: int) -> int | None:
    """Return the organization of a hand-over; None where it does not exist any more."""
    found = tx.session.get(HandOver, hand_over_id)
    return found.organization_id if found is not None else None


def find(tx: Tx, hand_over_id: int) -> Offer:
    """Return the offer that this hand-over is part of. Raises NOT_FOUND."""
    session = tx.session
    one = session.get(HandOver, hand_over_id)
    if one is None or one.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    source = session.get_one(Claim, one.claim_id)
    target = session.get_one(Claim, one.to_claim_id)
    rows = session.scalars(
        select(HandOver)
        .join(_FROM, _FROM.id == HandOver.claim_id)
        .join(_TO, _TO.id == HandOver.to_claim_id)
        .where(
            _FROM.rental_id == source.rental_id,
            _TO.rental_id == target.rental_id,
            HandOver.offered_at == one.offered_at,
        )
        .order_by(HandOver.id)
    ).all()
    return Offer(
        tuple(rows),
        session.get_one(Rental, source.rental_id),
        session.get_one(Rental, target.rental_id),
    )


def own(tx: Tx, hand_over_id: int) -> Offer:
    """Return an offer that the actor made, or got. Raises NOT_FOUND."""
    found = find(tx, hand_over_id)
    if tx.actor.user_id not in (found.from_rental.user_id, found.to_rental.user_id):
        raise Refusal(Refused.NOT_FOUND)
    return found


def open_ones(tx: Tx) -> list[Offer]:
    """Return the open offers that the actor made or got, in the order in which they were made."""
    ids = tx.session.scalars(
        select(HandOver.id)
        .join(_FROM, _FROM.id == HandOver.claim_id)
        .join(_TO, _TO.id == HandOver.to_claim_id)
        .join(_GIVER, _GIVER.id == _FROM.rental_id)
        .join(_TAKER, _TAKER.id == _TO.rental_id)
        .where(
            HandOver.organization_id == tx.organization_id,
            HandOver.status == HandOverStatus.OFFERED,
            or_(_GIVER.user_id == tx.actor.user_id, _TAKER.user_id == tx.actor.user_id),
        )
        .order_by(HandOver.id)
    ).all()
    found: dict[int, Offer] = {}
    for id_ in ids:
        offer = find(tx, id_)
        found.setdefault(offer.id, offer)
    return list(found.values())


def latest(tx: Tx, rental_id: int, to_rental_id: int) -> Offer:
    """Return the latest open offer from one rental to another. Raises NOT_FOUND."""
    between = [
        one for one in open_ones(tx) if (one.from_rental.id, one.to_rental.id) == (rental_id, to_rental_id)
    ]
    if not between:
        raise Refusal(Refused.NOT_FOUND)
    return between[-1]


def things(session: Session, offer: Offer, *, of: Collection[int] | None = None) -> list[Thing]:
    """Return the items of an offer, or of those of its transfers in `of`, sorted by name and code."""
    rows = session.execute(
        select(Equipment.name, Item.code, HandOver.status, Claim.status, Claim.return_claimed_at)
        .join(Item, Item.equipment_id == Equipment.id)
        .join(Claim, Claim.item_id == Item.id)
        .join(HandOver, HandOver.claim_id == Claim.id)
        .where(HandOver.id.in_([row.id for row in offer.rows] if of is None else of))
        .order_by(Equipment.name, Item.code)
    )
    return [
        Thing(name, code, status, claim_status is ClaimStatus.OUT and claimed_at is None)
        for name, code, status, claim_status, claimed_at in rows
    ]


def taken(session: Session, offer: Offer) -> list[int]:
    """Return the next member's claims on items that they accepted and still have."""
    done = [row.to_claim_id for row in offer.rows if row.status is HandOverStatus.DONE]
    query = select(Claim.id).where(Claim.id.in_(done), Claim.status == ClaimStatus.OUT)
    return list(session.scalars(query.order_by(Claim.id)))


@dataclass(frozen=True)
class Origin:
    """The source of a transferred item: member, the rental's number, and moment (UTC)."""

    member: str
    number: int
    at: datetime


def origin(session: Session, claim_id: int) -> Origin | None:
    """Return the source of the item transferred to this claim; None where it came from the desk."""
    row = session.execute(
        select(Rental.number, Rental.user_id, HandOver.decided_at)
        .join(Claim, Claim.rental_id == Rental.id)
        .join(HandOver, HandOver.claim_id == Claim.id)
        .where(HandOver.to_claim_id == claim_id, HandOver.status == HandOverStatus.DONE)
    ).one_or_none()
    if row is None:
        return None
    return Origin(session.get_one(User, row.user_id).name, row.number, row.decided_at)


@dataclass(frozen=True)
class Passed:
    """One item transferred or offered: to `other` where `is_outgoing`, else from them."""

    hand_over_id: int
    other: str
    code: str
    is_outgoing: bool
    is_open: bool


_OF_RENTAL = (
    select(HandOver.id, HandOver.status, Item.code, _GIVER.id, _GIVER.user_id, _TAKER.user_id)
    .join(_FROM, _FROM.id == HandOver.claim_id)
    .join(_TO, _TO.id == HandOver.to_claim_id)
    .join(Item, Item.id == _FROM.item_id)
    .join(_GIVER, _GIVER.id == _FROM.rental_id)
    .join(_TAKER, _TAKER.id == _TO.rental_id)
    .where(
        or_(_FROM.rental_id == bindparam("rental"), _TO.rental_id == bindparam("rental")),
        HandOver.status.in_([HandOverStatus.OFFERED, HandOverStatus.DONE]),
    )
    .order_by(HandOver.id)
)


def of_rental(session: Session, rental_id: int) -> tuple[Passed, ...]:
    """Return the items that this rental gave, received, or offers."""
    rows = session.execute(_OF_RENTAL, {"rental": rental_id}).all()
    found = []
    for id_, status, code, giver_id, giver_user, taker_user in rows:
        is_outgoing = giver_id == rental_id
        is_open = status is HandOverStatus.OFFERED
        if is_outgoing or not is_open:
            other = session.get_one(User, taker_user if is_outgoing else giver_user).name
            found.append(Passed(id_, other, code, is_outgoing, is_open))
    return tuple(found)
