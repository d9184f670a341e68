"""Check-out: the member picks up, or a lender hands out, all of a rental or single items of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from db.models import Claim, Item, Rental
from db.states import LENDABLE, ClaimStatus, RentalStatus, Role
from services.availability import reservations, schedules
from services.availability.allocation_search import Wanted
from services.core import audit, identity, state_machine
from services.core.errors import Refusal, Refused
from services.core.state_machine import move_claims, move_rental
from services.core.tx import Tx
from services.desk import earlier
from services.inventory import catalog
from services.messaging import notifications
from services.rentals import numbers, returns
from services.rentals.booking import request
from services.rentals.changes import replacing
from services.rentals.returns import claims_of as claims_of
from services.rentals.returns import where_it_lies
from services.transfers import expiry


def current_claim(tx: Tx, item_id: int) -> Claim | None:
    """Return the current claim of an item in somebody's hand: the one that is out, else the next to begin."""
    return tx.session.scalar(
        select(Claim)
        .where(
            Claim.item_id == item_id,
            Claim.rental_id.is_not(None),
            (Claim.status == ClaimStatus.OUT)
            | ((Claim.status == ClaimStatus.HELD) & (Claim.blocked_until > tx.now)),
        )
        .order_by(Claim.status.desc(), Claim.starts_at)
        .limit(1)
    )


def rental_by_words(tx: Tx, words: str) -> Rental | None:
    """Return the rental with this number, or the current one of the item with this code; None for neither."""
    rental = numbers.find(tx, words)
    if rental is not None:
        return rental
    item = catalog.item_by_code(tx, words)
    claim = current_claim(tx, item.id) if item is not None else None
    return tx.session.get(Rental, claim.rental_id) if claim is not None and claim.rental_id else None


def _locked(tx: Tx, rental_id: int) -> Rental:
    rental = request.get(tx, rental_id)
    tx.session.refresh(rental, with_for_update=True)
    return rental


def hand_out(
    tx: Tx, rental_id: int, *, only: Collection[int] | None = None, at: datetime | None = None
) -> Rental:
    """Check out a rental: by a LENDER, or by the member where the policy lets members pick up.

    A member picks up on the first day at the earliest; a LENDER hands out earlier too, if nobody has it then.
    Raises ALREADY (nothing left to hand out), NOT_ALLOWED, NOT_YET, TOO_EARLY, IN_THE_PAST (it would be late
    at once), ITEM_IS_OUT, ITEM_NOT_LENDABLE. Items that the member before says are back are confirmed by it.

    `at`: a LENDER handed it out then, and only enters it now. Raises NOT_THEN.
    """
    rental = request.get(tx, rental_id)
    returns.lock_with_sources(tx.session, rental.id)
    if rental.status not in (RentalStatus.APPROVED, RentalStatus.OUT):
        raise state_machine.already(tx.session, rental)
    reservations.lock(
        tx.session, [line.equipment_id for line in reservations.lines_of(tx.session, rental.id)]
    )
    # From here on nobody moves them to other items.
    claims = claims_of(tx.session, rental, ClaimStatus.HELD, only)
    if not claims:
        raise state_machine.already(tx.session, rental)
    if not (rental.user_id == tx.actor.user_id and tx.policy.member_picks_up):
        tx.actor.require(Role.LENDER)
    tx.actor.require_active()
    identity.require_renter(tx, rental.user_id)
    if rental.due_at is None or rental.due_at <= (at or tx.now):
        raise Refusal(Refused.IN_THE_PAST)
    if not tx.actor.has_role(Role.LENDER):
        _require_first_day(tx, rental)
    said_back = [said for claim in claims if (said := _require_here(tx, claim)) is not None]
    if at is not None:
        tx.actor.require(Role.LENDER)
        earlier.require_between(at, earlier.out_since(said_back), tx.now)
    _confirm_returns(tx, rental, said_back, at)
    _begin_now(tx, claims)
    if at is not None:
        earlier.require_between(at, earlier.free_since(tx, claims), tx.now)
        earlier.begin_at(rental, claims, at)
        tx.session.flush()
    move_claims(
        tx.session,
        [c.id for c in claims],
        ClaimStatus.OUT,
        out_at=at or tx.now,
        out_by=tx.actor.user_id,
        out_location_id=where_it_lies(),
    )
    if rental.status is RentalStatus.APPROVED:
        move_rental(tx.session, rental, RentalStatus.OUT, expires_at=None)
        replacing.lapse(tx, rental)
    when: dict[str, Any] = {"at": at.isoformat()} if at is not None else {}
    audit.rental(tx, rental, "hand_out", items=[c.item_id for c in claims], **when)
    by_member = rental.user_id == tx.actor.user_id
    # Who gets it stands by.
    notifications.update_member_card(tx, rental, notify=not by_member, rings=False, by=tx.actor.user_id)
    notifications.update_desk_card(tx, rental)
    expiry.settle(tx, rental.id)
    return rental


def _require_first_day(tx: Tx, rental: Rental) -> None:
    since = request.fetch_from(tx, rental)
    if since is not None and tx.now < since:
        raise Refusal(Refused.NOT_YET, starts_at=rental.starts_at)


_OUT_NOW = (
    select(Claim)
    .where(Claim.item_id == bindparam("item"), Claim.status == ClaimStatus.OUT)
    .execution_options(populate_existing=True)
)


def _require_here(tx: Tx, claim: Claim) -> Claim | None:
    """Return the claim of a former member that is said to be back, if the item is still out with one."""
    item = tx.session.get_one(Item, claim.item_id)
    if item.condition not in LENDABLE:
        raise Refusal(Refused.ITEM_NOT_LENDABLE, code=item.code, condition=item.condition)
    out = tx.session.scalar(_OUT_NOW, {"item": claim.item_id})
    if out is not None and out.return_claimed_at is None:
        raise Refusal(Refused.ITEM_IS_OUT, code=item.code, for_lender=tx.actor.has_role(Role.LENDER))
    return out


def _confirm_returns(tx: Tx, rental: Rental, said_back: Sequence[Claim], at: datetime | None) -> None:
    """Take back what is said to be back: whoever has it now confirms it."""
    by_source: dict[int, list[Claim]] = {}
    for claim in said_back:
        by_source.setdefault(claim.rental_id or 0, []).append(claim)
    for source_id, claims in sorted(by_source.items()):
        returns.take(tx, tx.session.get_one(Rental, source_id), claims, passed_to=rental.id, at=at)


def _begin_now(tx: Tx, claims: Sequence[Claim]) -> None:
    """Begin claims that are handed out ahead of time now; whoever has the items until then gets others."""
    early = [claim for claim in claims if tx.now < claim.starts_at]
    by_equipment: dict[int, list[Claim]] = {}
    for claim in early:
        by_equipment.setdefault(tx.session.get_one(Item, claim.item_id).equipment_id, []).append(claim)
    for equipment_id, some in sorted(by_equipment.items()):
        schedule = schedules.load(
            tx, some[0].organization_id, [equipment_id], without_claims=[c.id for c in claims]
        )
        # The others that go out now stay as well.
        together = [
            Wanted(tx.now, claim.blocked_until, item_id=claim.item_id)
            for claim in claims
            if claim in some or tx.session.get_one(Item, claim.item_id).equipment_id == equipment_id
        ]
        allocation = schedule.allocate(equipment_id, together)
        if allocation is None:
            raise Refusal(Refused.TOO_EARLY, starts_at=max(claim.starts_at for claim in some))
        reservations.apply_allocation(tx, allocation)
    for claim in early:
        claim.starts_at = tx.now
    tx.session.flush()
