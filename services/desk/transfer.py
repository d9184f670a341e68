"""Transfers: an item goes from the member who has it to the next member, without passing the desk.

One member offers, the other confirms that they have it; only then both rentals change, in one transaction:
it is a return that the next member has confirmed. Candidates: services/transfers/candidates.py.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db import aliases
from db.models import Claim, HandOver, Item, Rental
from db.states import ClaimStatus, HandOverStatus, RentalStatus
from services.availability import reservations, schedules
from services.availability.allocation import Allocation
from services.availability.allocation_search import Wanted
from services.core import audit, identity, state_machine
from services.core.errors import Refusal, Refused
from services.core.state_machine import move_claims, move_hand_overs, move_rental
from services.core.tx import Tx
from services.inventory import condition
from services.messaging import notifications, outbox
from services.rentals import returns
from services.rentals.booking import request
from services.transfers import candidates, expiry, offers
from services.transfers.offers import Offer

_FROM, _TO = aliases.kept(Claim, "now"), aliases.kept(Claim, "next")

DECLINED = "hand_over_declined"
"""Outbox kind of the message to a member whose offer was declined."""


def offer(tx: Tx, rental_id: int, to_rental_id: int, *, only: Collection[int] | None = None) -> Rental:
    """Offer items to the next member, who is asked to confirm; `only`: these claims of the rental.

    Former members too may pass on what they have. Offering twice has the effect of once. Raises ALREADY
    (nothing is with them any more), NOBODY_NEXT, NOT_FREE.
    """
    rental = request.own(tx, rental_id)
    _lock(tx.session, rental.organization_id, rental.id, to_rental_id)
    if all(c.return_claimed_at for c in returns.claims_of(tx.session, rental, ClaimStatus.OUT)):
        raise state_machine.already(tx.session, rental)
    expiry.settle(tx, rental.id)
    following = [one for one in candidates.find(tx, rental) if one.rental_id == to_rental_id]
    pairs = [pair for one in following for pair in one.pairs if only is None or pair.claim_id in only]
    if not pairs:
        if _is_offered(tx.session, rental.id, to_rental_id, only):
            return rental
        raise Refusal(Refused.NOBODY_NEXT)
    _allocate(tx, [(pair.claim_id, pair.to_claim_id) for pair in pairs])
    # Its time identifies what was offered together: no two offers of a rental have the same.
    last = tx.session.scalar(
        select(func.max(HandOver.offered_at))
        .join(Claim, Claim.id == HandOver.claim_id)
        .where(Claim.rental_id == rental.id)
    )
    offered_at = tx.now if last is None else max(tx.now, last + timedelta(microseconds=1))
    rows = [
        HandOver(
            organization_id=rental.organization_id,
            claim_id=pair.claim_id,
            to_claim_id=pair.to_claim_id,
            offered_at=offered_at,
        )
        for pair in pairs
    ]
    tx.session.add_all(rows)
    tx.session.flush()
    items = [pair.item_id for pair in pairs]
    to_rental = tx.session.get_one(Rental, to_rental_id)
    audit.rental(tx, rental, "offer", items=items, to=to_rental.number)
    for account in identity.accounts_of(tx.session, to_rental.user_id):
        outbox.render_card(tx, expiry.CARD, min(row.id for row in rows), chat_id=account, renew=True)
    notifications.update_member_card(tx, rental)
    notifications.update_reminders(tx, rental)
    return rental


def _lock(session: Session, organization_id: int, *rental_ids: int) -> None:
    """Lock rentals in the order of their ids, so that two transactions never wait for each other."""
    query = select(Rental).where(Rental.organization_id == organization_id, Rental.id.in_(rental_ids))
    query = query.order_by(Rental.id).with_for_update()
    session.scalars(query.execution_options(populate_existing=True)).all()


def _is_offered(session: Session, rental_id: int, to_rental_id: int, only: Collection[int] | None) -> bool:
    found = session.scalars(
        select(HandOver.claim_id)
        .join(_FROM, _FROM.id == HandOver.claim_id)
        .join(_TO, _TO.id == HandOver.to_claim_id)
        .where(
            HandOver.status == HandOverStatus.OFFERED,
            _FROM.rental_id == rental_id,
            _TO.rental_id == to_rental_id,
        )
    ).all()
    return bool(found) and (only is None or set(only) <= set(found))


def accept(tx: Tx, hand_over_id: int) -> Rental:
    """Accept an offer: returned for one member, out for the other. Return the next member's rental.

    Items that are no longer available are left out. Raises NOT_FOUND, HAND_OVER_ANSWERED, MEMBERSHIP_ENDED,
    IN_THE_PAST, NOT_FREE (somebody else is promised it by now).
    """
    found = _asked(tx, hand_over_id)
    tx.actor.require_active()
    source, target = found.from_rental, found.to_rental
    alive = [row for row in found.rows if row.status is HandOverStatus.OFFERED and _holds(tx.session, row)]
    if not alive:
        raise Refusal(Refused.HAND_OVER_ANSWERED, hand_over_status=HandOverStatus.WITHDRAWN)
    if target.due_at is None or target.due_at <= tx.now:
        raise Refusal(Refused.IN_THE_PAST)
    pairs = {row.claim_id: row.to_claim_id for row in alive}
    reservations.lock(tx.session, _equipment(tx.session, pairs))
    allocations = _allocate(tx, list(pairs.items()))
    giver = tx.session.get_one(Rental, source.id).user_id
    items = [tx.session.get_one(Claim, claim_id).item_id for claim_id in pairs]
    _returned(tx, list(pairs))
    for allocation, own in allocations:
        reservations.apply_allocation(tx, allocation, own=own)
    for claim in _claims(tx.session, list(pairs.values())):
        claim.starts_at = min(claim.starts_at, tx.now)
    tx.session.flush()
    if move_claims(tx.session, pairs.values(), ClaimStatus.OUT, out_at=tx.now, out_by=giver) != len(pairs):
        raise StaleDataError("a claim that was to go out is not held any more")
    if target.status is RentalStatus.APPROVED:
        move_rental(tx.session, target, RentalStatus.OUT, expires_at=None)
    move_hand_overs(tx.session, [row.id for row in alive], HandOverStatus.DONE, decided_at=tx.now)
    audit.rental(tx, source, "hand_over", items=items, to=target.number)
    audit.rental(tx, target, "take_over", items=items, by=source.number)
    returns.end_if_done(tx, source)
    expiry.settle(tx, source.id)
    expiry.redraw(tx, found)
    notifications.update_member_card(tx, source, notify=True, by=tx.actor.user_id)
    notifications.update_member_card(tx, target, notify=True, by=tx.actor.user_id)
    for rental in (source, target):
        notifications.update_desk_card(tx, rental)
    return target


def _returned(tx: Tx, claim_ids: Sequence[int]) -> None:
    moved = move_claims(
        tx.session, claim_ids, ClaimStatus.RETURNED, returned_at=tx.now, returned_to=tx.actor.user_id
    )
    if moved != len(claim_ids):
        raise StaleDataError("a claim that was handed over is not out any more")
    for claim in _claims(tx.session, claim_ids):
        if claim.problem:
            condition.mark_damaged(tx, tx.session.get_one(Item, claim.item_id))


def _claims(session: Session, ids: Collection[int]) -> Sequence[Claim]:
    """Read claims anew: until the equipment is locked, others may move them to other items."""
    query = select(Claim).where(Claim.id.in_(ids)).order_by(Claim.id)
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def _equipment(session: Session, claim_ids: Collection[int]) -> Sequence[int]:
    return session.scalars(
        select(Item.equipment_id).join(Claim, Claim.item_id == Item.id).where(Claim.id.in_(claim_ids))
    ).all()


def _allocate(tx: Tx, pairs: Sequence[tuple[int, int]]) -> list[tuple[Allocation, dict[int, int]]]:
    """Return for each equipment the allocation of all others, and which of the next claims change items.

    Raises NOT_FREE.
    """
    claims = {claim.id: claim for claim in _claims(tx.session, [one for pair in pairs for one in pair])}
    by_equipment: dict[int, list[tuple[Claim, Claim]]] = {}
    for from_id, to_id in pairs:
        item = tx.session.get_one(Item, claims[from_id].item_id)
        by_equipment.setdefault(item.equipment_id, []).append((claims[from_id], claims[to_id]))
    allocations = []
    for equipment_id, both in sorted(by_equipment.items()):
        late = _waiting_for_late(tx, equipment_id, [source.item_id for source, _ in both])
        without = [*claims, *late]
        schedule = schedules.load(tx, both[0][0].organization_id, [equipment_id], without_claims=without)
        wanted = [Wanted(tx.now, to.blocked_until, item_id=source.item_id) for source, to in both]
        allocation = schedule.allocate(equipment_id, wanted)
        if allocation is None:
            item = tx.session.get_one(Item, both[0][0].item_id)
            raise Refusal(
                Refused.NOT_FREE,
                equipment_id=equipment_id,
                name=item.code,
                wanted=1,
                free=0,
                item_id=item.id,
                next_free=None,
            )
        own = {to.id: source.item_id for source, to in both if to.item_id != source.item_id}
        allocations.append((allocation, own))
    return allocations


def _waiting_for_late(tx: Tx, equipment_id: int, passed_on: Collection[int]) -> Sequence[int]:
    """Return the claims on items that somebody else is late with: what is passed on does not go to them."""
    query = (
        select(_TO.id)
        .join(_FROM, _FROM.item_id == _TO.item_id)
        .join(Rental, Rental.id == _FROM.rental_id)
        .join(Item, Item.id == _FROM.item_id)
        .where(
            _TO.status == ClaimStatus.HELD,
            _FROM.status == ClaimStatus.OUT,
            Rental.due_at <= tx.now,
            Item.equipment_id == equipment_id,
            Item.id.not_in(passed_on),
        )
    )
    return tx.session.scalars(query).all()


def _asked(tx: Tx, hand_over_id: int) -> Offer:
    """Return the open offer to this member, both rentals locked. Raises NOT_FOUND, HAND_OVER_ANSWERED."""
    found = offers.find(tx, hand_over_id)
    if found.to_rental.user_id != tx.actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    return _locked(tx.session, found)


def _locked(session: Session, found: Offer) -> Offer:
    _lock(session, found.from_rental.organization_id, found.from_rental.id, found.to_rental.id)
    for row in found.rows:
        session.refresh(row)
    if not found.is_open:
        raise Refusal(Refused.HAND_OVER_ANSWERED, hand_over_status=found.rows[0].status)
    return found


def decline(tx: Tx, hand_over_id: int) -> None:
    """Decline an offer; the member who made it is told. Raises NOT_FOUND, HAND_OVER_ANSWERED."""
    found = _asked(tx, hand_over_id)
    _close(tx, found, HandOverStatus.DECLINED)
    notifications.tell_member(tx, found.from_rental, DECLINED, hand_over_id=found.id)


def withdraw(tx: Tx, hand_over_id: int) -> None:
    """Withdraw one's own offer. Raises NOT_FOUND, HAND_OVER_ANSWERED."""
    found = offers.find(tx, hand_over_id)
    if found.from_rental.user_id != tx.actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    _close(tx, _locked(tx.session, found), HandOverStatus.WITHDRAWN)


def _close(tx: Tx, found: Offer, to: HandOverStatus) -> None:
    move_hand_overs(tx.session, [row.id for row in found.rows], to, decided_at=tx.now)
    action = "decline_offer" if to is HandOverStatus.DECLINED else "withdraw_offer"
    audit.rental(tx, found.from_rental, action, to=found.to_rental.number)
    expiry.redraw(tx, found)
    notifications.update_member_card(tx, found.from_rental)


def _holds(session: Session, row: HandOver) -> bool:
    source = session.get_one(Claim, row.claim_id, populate_existing=True)
    target = session.get_one(Claim, row.to_claim_id, populate_existing=True)
    is_there = source.status is ClaimStatus.OUT and source.return_claimed_at is None
    return is_there and target.status is ClaimStatus.HELD
