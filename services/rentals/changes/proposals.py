"""Other days that an approver proposes instead of those asked for: the member takes them, or does not.

They hold the stock from the moment they are proposed, for as long as a request waits for an answer, and at
the latest until they begin. Meanwhile the rental has the proposed days, and keeps those asked for aside.
"""

from db.models import Rental
from db.states import ClaimStatus, RentalStatus, Role
from services.availability import reservations
from services.availability.reservations import Lines, lines_of
from services.core import audit, identity, state_machine
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours
from services.core.hours.periods import Period
from services.core.state_machine import move_rental
from services.core.tx import Tx
from services.messaging import notifications
from services.rentals import approval, waiting
from services.rentals.booking import request
from services.rentals.changes import contents, replacing


def propose(tx: Tx, rental: Rental, draft: Rental) -> Rental:
    """Propose the basket's days, and what it has, for a locked request; the member is asked.

    Raises NOT_ALLOWED, NOT_FREE, and as `request.check_period`.
    """
    approval.require_approver(tx)
    assert draft.starts_at and draft.due_at
    replacing.require_still(tx, rental)
    request.check_period(tx, draft, Period(draft.starts_at, draft.due_at))
    asked = rental.starts_at, rental.due_at
    less = contents.removed(lines_of(tx.session, draft.id), lines_of(tx.session, rental.id))
    lines = contents.replace_all(tx, rental, draft)
    _hold(tx, rental, lines, holds=True)
    rental.asked_starts_at, rental.asked_due_at = asked
    rental.proposed_by, rental.remind_desk_at = tx.actor.user_id, None
    rental.proposed_token = tx.token_of(tx.actor.user_id)
    rental.expires_at = request.answer_until(tx, rental, request.rules(tx, rental, lines))
    tx.session.flush()
    audit.rental(tx, rental, "propose", less=less, period=_days(rental))
    notifications.update_member_card(tx, rental, notify=True, by=tx.actor.user_id)
    notifications.update_desk_card(tx, rental)
    return rental


def _hold(tx: Tx, rental: Rental, lines: Lines, *, holds: bool) -> None:
    """Claim the days; of a change, what they want beyond the rental that stands until the answer."""
    if rental.changes_id is None:
        reservations.reserve(tx, rental, ClaimStatus.HELD if holds else ClaimStatus.WANTED, lines)
    else:
        base = tx.session.get_one(Rental, rental.changes_id)
        replacing.hold(tx, rental, base, lines, holds=holds)


def _days(rental: Rental) -> list[str]:
    return [at.isoformat() for at in (rental.starts_at, rental.due_at) if at is not None]


def _to_answer(tx: Tx, rental_id: int, revision: int | None) -> Rental:
    rental = request.get(tx, rental_id)
    tx.session.refresh(rental, with_for_update=True)
    if rental.status is not RentalStatus.REQUESTED or rental.proposed_by is None:
        raise state_machine.already(tx.session, rental)
    if rental.user_id != tx.actor.user_id:
        tx.actor.require(Role.LENDER)
    tx.actor.require_active()
    contents.require_revision(tx, rental, revision)
    return rental


def take(tx: Tx, rental_id: int, *, revision: int | None = None) -> Rental:
    """Take the proposed days, by the member, or a LENDER whom they told: the rental is approved.

    A change takes the place of the rental that it changes. Raises NOT_FOUND, ALREADY, CHANGED_MEANWHILE,
    IN_THE_PAST, and for a change NOT_FREE.
    """
    rental = _to_answer(tx, rental_id, revision)
    identity.require_renter(tx, rental.user_id)
    if rental.due_at is None or rental.due_at <= tx.now:
        raise Refusal(Refused.IN_THE_PAST)
    by, token = rental.proposed_by, rental.proposed_token
    if rental.changes_id is not None:
        replacing.take_place(tx, rental)
        approval.secure_items(tx, rental, lines_of(tx.session, rental.id))
    rental.proposed_by = rental.proposed_token = rental.asked_starts_at = rental.asked_due_at = None
    moved = move_rental(
        tx.session,
        rental,
        RentalStatus.APPROVED,
        decided_at=tx.now,
        decided_by=by,
        decided_token=token,
        expires_at=request.fetch_until(tx, rental, request.rules(tx, rental)),
    )
    if not moved:
        raise state_machine.already(tx.session, rental)
    audit.rental(tx, rental, "take_proposal", period=_days(rental))
    _told(tx, rental, ring=True)
    return rental


def refuse(tx: Tx, rental_id: int, *, revision: int | None = None) -> Rental:
    """Say no to the proposed days: the request waits again as it was asked. Raises as `take`."""
    rental = _to_answer(tx, rental_id, revision)
    approval.release(tx.session, rental)
    rental.starts_at, rental.due_at = rental.asked_starts_at, rental.asked_due_at
    rental.proposed_by = rental.proposed_token = rental.asked_starts_at = rental.asked_due_at = None
    rental.revision += 1
    lines = lines_of(tx.session, rental.id)
    rule = request.rules(tx, rental, lines)
    rental.expires_at = until = request.answer_until(tx, rental, rule)
    rental.remind_desk_at = waiting.next_reminder(
        tx, rental, until, timetable=opening_hours.for_rental(tx, rental)
    )
    tx.session.flush()
    try:
        with tx.session.begin_nested():
            _hold(tx, rental, lines, holds=rule.request_holds)
    except Refusal:
        pass  # taken meanwhile: the approver reads so on Approve
    audit.rental(tx, rental, "refuse_proposal")
    _told(tx, rental, ring=True)
    return rental


def _told(tx: Tx, rental: Rental, *, ring: bool) -> None:
    by_other = rental.user_id != tx.actor.user_id
    notifications.update_member_card(tx, rental, notify=by_other, by=tx.actor.user_id)
    notifications.update_desk_card(tx, rental, notify=ring)
