"""Candidates for a transfer: members who have a rented item next and could take it over directly."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from db.aliases import kept
from db.models import Claim, Equipment, HandOver, Item, Rental, RentalLine, User
from db.states import LENDABLE, ClaimStatus, HandOverStatus, RentalStatus
from services.core import identity, policy
from services.core.hours import periods
from services.core.tx import Tx

REACH_DAYS = 1
"""The number of days before their rental from which the next member may have an item."""

MOST = 3
"""The largest number of next members that are offered, earliest first."""


@dataclass(frozen=True)
class Pair:
    """A checked-out item, and the claim that it would serve next."""

    claim_id: int
    to_claim_id: int
    item_id: int
    name: str
    code: str


@dataclass(frozen=True)
class Successor:
    """A next member of some of these items, with their rental. `is_offered`: they are asked already."""

    rental_id: int
    member: str
    pairs: tuple[Pair, ...]
    is_offered: bool = False


@dataclass(frozen=True)
class _Out:
    claim_id: int
    item_id: int
    equipment_id: int
    name: str
    code: str


@dataclass(frozen=True)
class _Waiting:
    claim_id: int
    item_id: int
    equipment_id: int
    demanded_item_id: int | None
    rental_id: int
    user_id: int


def find(tx: Tx, rental: Rental) -> list[Successor]:
    """Return the members that a rental's items could be transferred to; none where the policy forbids it.

    Only items without turnaround: the others are maintained at the desk in between.
    """
    return _find(tx, rental, offered=False)


def in_place(tx: Tx, rental: Rental, beside: Collection[int] = ()) -> list[Successor]:
    """Return the same, and in their places those who were found before an offer was made, or who were asked
    since: with the pairs that are left to be offered to them, if any.

    `beside`: the rentals shown with this one, from which the same members may have been offered it.
    """
    asked, elsewhere = _asked(tx.session, [rental.id]), _asked(tx.session, beside)
    if not asked and not elsewhere:
        return find(tx, rental)
    found: dict[int | None, Successor] = {one.rental_id: one for one in _find(tx, rental, offered=True)}
    now: dict[int | None, tuple[Pair, ...]] = {one.rental_id: one.pairs for one in find(tx, rental)}
    gone = Successor(rental.id, "", ())
    shown = {*found, *asked} if asked else now.keys() | (found.keys() & elsewhere.keys())
    return [
        replace(found.get(id_, gone), rental_id=id_, pairs=now.get(id_, ()), is_offered=asked.get(id_, False))
        for id_ in tx.session.scalars(
            select(Rental.id).where(Rental.id.in_(shown)).order_by(Rental.starts_at, Rental.id)
        )
    ]


def _asked(session: Session, rental_ids: Collection[int]) -> dict[int | None, bool]:
    """Return the rentals whose members were offered something of these, but for those who took it, and
    whether they still are.
    """
    if not rental_ids:
        return {}
    given, taken = aliased(Claim), aliased(Claim)
    rows = session.execute(
        select(taken.rental_id, HandOver.status)
        .join(HandOver, HandOver.to_claim_id == taken.id)
        .join(given, given.id == HandOver.claim_id)
        .where(given.rental_id.in_(rental_ids), HandOver.status != HandOverStatus.DONE)
        .order_by(HandOver.id)
    )
    return {number: status is HandOverStatus.OFFERED for number, status in rows}


def _find(tx: Tx, rental: Rental, *, offered: bool) -> list[Successor]:
    organization = tx.organization_of(rental.organization_id)
    rule = policy.of(organization)
    if rental.status is not RentalStatus.OUT or not (rule.hand_overs and rule.member_picks_up):
        return []
    # Mostly nobody waits; then nothing else is asked.
    waiting_for_any = _waiting(tx, rental, offered=offered)
    if not waiting_for_any:
        return []
    out = [
        one
        for one in with_member(tx.session, rental.id, offered=offered)
        if not policy.of(organization, tx.session.get_one(Equipment, one.equipment_id)).turnaround
    ]
    found = []
    for waiting in waiting_for_any:
        user = tx.session.get_one(User, waiting[0].user_id)
        # A member who cannot be reached cannot accept.
        if not user.is_active(tx.now) or not identity.accounts_of(tx.session, user.id):
            continue
        pairs = _pairs(out, waiting)
        if pairs:
            found.append(Successor(waiting[0].rental_id, user.name_for_others(), pairs))
        if len(found) == MOST:
            break
    return found


_OFFERED = select(HandOver.id).where(HandOver.claim_id == Claim.id, HandOver.status == HandOverStatus.OFFERED)

# The equipment is loaded too: its rules are needed next.
_WITH_MEMBER = (
    select(Equipment, Claim.id, Item.id, Item.code)
    .join(Item, Item.id == Claim.item_id)
    .join(Equipment, Equipment.id == Item.equipment_id)
    .where(
        Claim.rental_id == bindparam("rental"),
        Claim.status == ClaimStatus.OUT,
        Claim.return_claimed_at.is_(None),
        Item.condition.in_(LENDABLE),
    )
    .order_by(Claim.line_id, Item.code)
)

_WITH_MEMBER_NOT_OFFERED = _WITH_MEMBER.where(~_OFFERED.exists())


def with_member(session: Session, rental_id: int, *, offered: bool) -> list[_Out]:
    """Return the items that the rental's member has, in lendable condition; `offered`: also those offered to
    somebody.
    """
    rows = session.execute(_WITH_MEMBER if offered else _WITH_MEMBER_NOT_OFFERED, {"rental": rental_id})
    return [
        _Out(claim_id, item_id, equipment.id, equipment.name, code)
        for equipment, claim_id, item_id, code in rows
    ]


_given, _given_item = kept(Claim, "given"), kept(Item, "given")
_GIVEN = (
    select(_given_item.equipment_id)
    .join(_given, _given.item_id == _given_item.id)
    .where(_given.rental_id == bindparam("rental"), _given.status == ClaimStatus.OUT)
)
_NEXT = (
    select(Claim.id, Claim.item_id, Item.equipment_id, RentalLine.item_id, Rental.id, Rental.user_id)
    .join(Item, Item.id == Claim.item_id)
    .join(Rental, Rental.id == Claim.rental_id)
    .join(RentalLine, RentalLine.id == Claim.line_id)
    .where(
        Item.equipment_id.in_(_GIVEN),
        Claim.organization_id == bindparam("organization"),
        Claim.status == ClaimStatus.HELD,
        Claim.starts_at < bindparam("until"),
        Rental.status.in_([RentalStatus.APPROVED, RentalStatus.OUT]),
        Rental.due_at > bindparam("now"),
        Rental.user_id != bindparam("user"),
    )
    .order_by(Rental.starts_at, Rental.id, Claim.id)
)
_OFFERED_TO = select(HandOver.id).where(
    HandOver.to_claim_id == Claim.id, HandOver.status == HandOverStatus.OFFERED
)
_NEXT_NOT_OFFERED = _NEXT.where(~_OFFERED_TO.exists())


def _waiting(tx: Tx, rental: Rental, *, offered: bool) -> list[list[_Waiting]]:
    """Return others' claims on the equipment that the rental's member has, which begin within REACH_DAYS, by
    rental; `offered`: also those to which something is offered.
    """
    organization = tx.organization_of(rental.organization_id)
    zone = policy.zone_of(organization)
    today = periods.local_today(tx.now, zone)
    until = periods.start_of_day(today + timedelta(days=REACH_DAYS + 1), zone)
    asked = {
        "rental": rental.id,
        "organization": organization.id,
        "until": until,
        "now": tx.now,
        "user": rental.user_id,
    }
    rows = tx.session.execute(_NEXT if offered else _NEXT_NOT_OFFERED, asked)
    by_rental: dict[int, list[_Waiting]] = {}
    for row in rows:
        one = _Waiting(*row)
        by_rental.setdefault(one.rental_id, []).append(one)
    return list(by_rental.values())


def _pairs(out: Sequence[_Out], waiting: Sequence[_Waiting]) -> tuple[Pair, ...]:
    """Pair each of these claims with an item: the allocated one, else another one not yet paired."""
    left = list(out)
    pairs = []
    # Claims on that very item come before claims on any.
    for to in sorted(waiting, key=lambda to: (to.item_id not in {o.item_id for o in out}, to.claim_id)):
        fitting = [
            o for o in left if o.equipment_id == to.equipment_id and to.demanded_item_id in (None, o.item_id)
        ]
        if fitting:
            one = min(fitting, key=lambda o: o.item_id != to.item_id)
            left.remove(one)
            pairs.append(Pair(one.claim_id, to.claim_id, one.item_id, one.name, one.code))
    return tuple(pairs)
