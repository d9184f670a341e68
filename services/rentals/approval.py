"""The outcome of a request: approved, declined, canceled, or expired."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db.models import Claim, Rental
from db.states import ClaimStatus, RentalStatus
from services.availability import reservations
from services.availability.reservations import Lines
from services.availability.schedules import Slots
from services.core import audit, identity, locks, state_machine
from services.core.errors import Refusal, Refused
from services.core.hours.periods import Period
from services.core.state_machine import move_claims, move_rental
from services.core.tx import Tx
from services.messaging import notifications, pending_requests
from services.rentals import obstacles
from services.rentals.booking import request
from services.rentals.changes import replacing
from services.rentals.late import conflicts as late_conflicts
from services.transfers import expiry

LONGEST_REASON = 300

NEVER_THERE = "never_there"
"""The reason of a rental that expired because an item of it was with somebody else until its end."""

NEVER_CONFIRMED = "never_confirmed"
"""The reason where it was only said to be back until then: no neglect of either member."""

MOST_AT_ONCE = 25
"""The most requests approved with one tap: others want to write to the database too."""

MOST_REFUSED = 50
"""After so many that cannot be approved, one tap has checked enough."""


def require_approver(tx: Tx) -> None:
    """Raise NOT_ALLOWED for somebody who may not approve in their organization."""
    tx.actor.require(tx.policy.approver)


def _to_decide(tx: Tx, rental_id: int, *, by_desk: bool = False) -> Rental:
    """Return the request, locked. Checks status before permission: the second admin reads who was first."""
    rental = tx.session.get(Rental, rental_id)
    if (
        rental is None
        or rental.organization_id != tx.actor.organization_id
        or rental.status is RentalStatus.DRAFT
    ):
        raise Refusal(Refused.NOT_FOUND)
    locks.lock_rental(tx.session, rental)
    if rental.status is not RentalStatus.REQUESTED:
        raise state_machine.already(tx.session, rental)
    if not by_desk:
        require_approver(tx)
    return rental


def require_open(tx: Tx, rental: Rental) -> None:
    """Raise ALREADY or NOT_ALLOWED if this person could not answer this request now."""
    _to_decide(tx, rental.id)


def is_open(tx: Tx, rental_id: int) -> bool:
    """Return whether a request still waits for an answer."""
    rental = tx.session.get(Rental, rental_id)
    return rental is not None and rental.status is RentalStatus.REQUESTED


def approve(tx: Tx, rental_id: int, *, by_desk: bool = False, revision: int | None = None) -> Rental:
    """Approve a request, if it is still available; a change takes the place of the rental that it changes.

    `by_desk`: the caller has checked that the desk may do without an approver. `revision`: that of the
    request as it was seen. Raises ALREADY, NOT_ALLOWED, NOT_FREE, IN_THE_PAST, CHANGED_MEANWHILE, PROPOSED
    (the member has not answered yet).
    """
    rental = _to_decide(tx, rental_id, by_desk=by_desk)
    if revision is not None and revision != rental.revision:
        raise audit.changed_meanwhile(tx.session, rental.organization_id, "rental", rental.id)
    if rental.proposed_by is not None:
        raise Refusal(Refused.PROPOSED)
    identity.require_renter(tx, rental.user_id)
    if rental.due_at is None or rental.starts_at is None or rental.due_at <= tx.now:
        raise Refusal(Refused.IN_THE_PAST)
    lines = reservations.lines_of(tx.session, rental.id)
    replacing.take_place(tx, rental)
    secure_items(tx, rental, lines)
    rule = request.rules(tx, rental, lines)
    moved = move_rental(
        tx.session,
        rental,
        RentalStatus.APPROVED,
        **tx.decided(tx.actor.user_id),
        expires_at=request.fetch_until(tx, rental, rule),
    )
    if not moved:
        raise state_machine.already(tx.session, rental)
    _decided(tx, rental, "approve")
    return rental


@dataclass(frozen=True)
class Answered:
    """The result of approving many: number approved, those refused with the reason, number left."""

    approved: int
    refused: tuple[tuple[int, Refusal], ...]
    left: int


def approve_all(tx: Tx, *, until: datetime) -> Answered:
    """Approve all requests made by `until`, each as `approve` does; at most MOST_AT_ONCE.

    Those that cannot be approved stay as they are. Raises NO_PENDING_REQUESTS, NOT_ALLOWED.
    """
    waiting = pending_requests.lock(tx.session, tx.actor.organization_id, until)
    if not waiting:
        raise Refusal(Refused.NO_PENDING_REQUESTS)
    require_approver(tx)
    approved, refused = 0, list[tuple[int, Refusal]]()
    for rental_id in waiting:
        if approved == MOST_AT_ONCE or len(refused) == MOST_REFUSED:
            break
        try:
            with tx.session.begin_nested():
                # One tap for all is no decision on somebody who could not fetch it.
                obstacles.require_clear(tx, tx.session.get_one(Rental, rental_id))
                approve(tx, rental_id)
        except Refusal as refusal:
            refused.append((rental_id, refusal))
        else:
            approved += 1
    pending_requests.follow(tx, tx.actor.organization_id, at_once=True)
    return Answered(approved, tuple(refused), len(waiting) - approved - len(refused))


def secure_items(tx: Tx, rental: Rental, lines: Lines) -> None:
    """Hold an item for each piece. The items of the request stay, unless broken, late or taken since."""
    if rental.starts_at is None or rental.due_at is None:
        raise Refusal(Refused.NO_PERIOD)
    reservations.lock(tx.session, [line.equipment_id for line in lines])
    claims = _open_claims(tx.session, rental)
    by_item = {
        s.item_id: s for group in reservations.schedule_for(tx, rental, lines).slots.values() for s in group
    }

    def is_fine(claim: Claim) -> bool:
        slots: Slots | None = by_item.get(claim.item_id)
        return slots is not None and slots.is_free(claim.starts_at, claim.blocked_until)

    if claims and all(is_fine(claim) for claim in claims):
        wanted = [claim for claim in claims if claim.status is ClaimStatus.WANTED]
        for claim in wanted:
            claim.starts_at = max(claim.starts_at, tx.now)
        move_claims(tx.session, [claim.id for claim in wanted], ClaimStatus.HELD)
        return
    period = Period(max(rental.starts_at, tx.now), rental.due_at)
    reservations.require_free(tx, rental, period, lines)
    move_claims(tx.session, [c.id for c in claims], ClaimStatus.RELEASED)
    reservations.reserve(tx, rental, ClaimStatus.HELD, lines)


_OPEN_CLAIMS = (
    select(Claim)
    .where(Claim.rental_id == bindparam("rental"), Claim.status.in_([ClaimStatus.WANTED, ClaimStatus.HELD]))
    .order_by(Claim.item_id)
    .execution_options(populate_existing=True)
)


def _open_claims(session: Session, rental: Rental) -> list[Claim]:
    """Return open claims, read anew: others may have moved them to other items."""
    return list(session.scalars(_OPEN_CLAIMS, {"rental": rental.id}))


def decline(tx: Tx, rental_id: int, *, reason: str = "") -> Rental:
    """Decline a request, with a reason. Raises ALREADY, NOT_ALLOWED, TOO_MUCH_TEXT."""
    rental = _to_decide(tx, rental_id)
    if len(reason) > LONGEST_REASON:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_REASON)
    moved = move_rental(
        tx.session,
        rental,
        RentalStatus.DECLINED,
        **tx.decided(tx.actor.user_id),
        reason=reason.strip(),
        ended_at=tx.now,
    )
    if not moved:
        raise state_machine.already(tx.session, rental)
    release(tx.session, rental)
    _decided(tx, rental, "decline")
    return rental


def require_cancellable(tx: Tx, rental_id: int) -> Rental:
    """Return the rental, if this person may cancel it now. Raises NOT_FOUND, ALREADY, NOT_ALLOWED."""
    rental = request.get(tx, rental_id)
    if rental.status not in (RentalStatus.REQUESTED, RentalStatus.APPROVED):
        raise state_machine.already(tx.session, rental)
    if tx.actor.user_id not in (rental.user_id, rental.entered_by):
        require_approver(tx)
    return rental


def cancel(tx: Tx, rental_id: int) -> Rental:
    """Cancel before anything is out: by the member, whoever entered it for them, or an approver.

    Raises as `require_cancellable`.
    """
    locks.lock_rental(tx.session, request.get(tx, rental_id))
    return call_off(tx, require_cancellable(tx, rental_id))


def call_off(tx: Tx, rental: Rental) -> Rental:
    """Cancel a locked rental of which nothing is out, for the actor; the caller checks the permission."""
    move_rental(
        tx.session,
        rental,
        RentalStatus.CANCELLED,
        **tx.decided(tx.actor.user_id),
        ended_at=tx.now,
    )
    release(tx.session, rental)
    audit.rental(tx, rental, "cancel")
    notifications.update_member_card(
        tx, rental, notify=rental.user_id != tx.actor.user_id, by=tx.actor.user_id
    )
    notifications.update_desk_card(tx, rental)
    late_conflicts.show_answer(tx, rental)
    replacing.lapse(tx, rental)
    expiry.settle(tx, rental.id)
    return rental


def expire(tx: Tx, rental: Rental, *, notify: bool = True) -> bool:
    """Expire an unanswered request, or an approved rental not picked up. Return whether it did.

    Without `notify` the member's card only changes where it is.
    """
    # It may have been answered or picked up since it was found.
    locks.lock_rental(tx.session, rental)
    if rental.expires_at is None or rental.expires_at > tx.now:
        return False
    is_over = rental.due_at is None or rental.due_at <= tx.now
    was_there = rental.status is not RentalStatus.APPROVED or not reservations.is_elsewhere(
        tx.session, rental.id
    )
    if not was_there and not is_over:
        # They could not pick it up. Once it is there, they have as long as anybody.
        rental.expires_at = request.fetch_until(tx, rental, request.rules(tx, rental))
        return False
    reason = "" if was_there else NEVER_THERE if _is_with_somebody(tx.session, rental.id) else NEVER_CONFIRMED
    if not move_rental(tx.session, rental, RentalStatus.EXPIRED, ended_at=tx.now, reason=reason):
        return False
    release(tx.session, rental)
    audit.rental(tx, rental, "expire", user_id=None)
    notifications.update_member_card(tx, rental, notify=notify)
    notifications.update_desk_card(tx, rental)
    late_conflicts.show_answer(tx, rental)
    replacing.lapse(tx, rental)
    expiry.settle(tx, rental.id)
    return True


def _is_with_somebody(session: Session, rental_id: int) -> bool:
    """Return whether an item allocated to the rental is out, and nobody says that it is back."""
    really = select(Rental.id).where(Rental.id == rental_id, reservations.elsewhere(said_back=False))
    return session.scalar(really) is not None


def release(session: Session, rental: Rental) -> None:
    """Release what the rental holds and has not got."""
    move_claims(session, [c.id for c in _open_claims(session, rental)], ClaimStatus.RELEASED)


def _decided(tx: Tx, rental: Rental, action: str) -> None:
    audit.rental(tx, rental, action)
    notifications.update_member_card(tx, rental, notify=True, by=tx.actor.user_id)
    notifications.update_desk_card(tx, rental)
