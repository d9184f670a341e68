"""Check-in: a return that the member reports, that a lender confirms, or that the desk takes itself."""

from collections.abc import Collection

from db.models import Claim, Item, Rental, Return
from db.states import ClaimStatus, ExtensionStatus, RentalStatus, Role
from services.core import audit, state_machine
from services.core.errors import Refusal, Refused
from services.core.state_machine import move_claims, move_extension, move_rental
from services.core.tx import Tx
from services.desk.checkout import _locked, _where_it_lies, claims_of
from services.inventory import condition
from services.messaging import notifications
from services.rentals import request
from services.transfers import expiry

LONGEST_NOTE = 500


def give_back(tx: Tx, rental_id: int, *, only: Collection[int] | None = None) -> Rental:
    """Report a return, by the member: a claim until a LENDER confirms it; final where the policy asks for no
    confirmation.

    It stops the overdue messages. Former members may still return things. Raises ALREADY.
    """
    rental = request.own(tx, rental_id)
    tx.session.refresh(rental, with_for_update=True)
    claims = [c for c in claims_of(tx.session, rental, ClaimStatus.OUT, only) if c.return_claimed_at is None]
    if not claims:
        raise state_machine.already(tx.session, rental)
    if not tx.policy.return_confirmed:
        return _take(tx, rental, claims)
    for claim in claims:
        claim.return_claimed_at = tx.now
    audit.rental(tx, rental, "give_back", items=[c.item_id for c in claims])
    notifications.update_member_card(tx, rental)
    notifications.update_desk_card(tx, rental, notify=True)
    expiry.settle(tx, rental.id)
    return rental


def take_back(tx: Tx, rental_id: int, *, only: Collection[int] | None = None) -> Rental:
    """Check in, by a LENDER, what the member returned, or all that is out. Raises ALREADY."""
    rental = _locked(tx, rental_id)
    claims = claims_of(tx.session, rental, ClaimStatus.OUT, only)
    if not claims:
        raise state_machine.already(tx.session, rental)
    tx.actor.require(Role.LENDER)
    return _take(tx, rental, claims)


def confirm_return(tx: Tx, rental_id: int) -> Rental:
    """Confirm, by a LENDER, the returns that the member reported, and nothing else. Raises ALREADY."""
    rental = _locked(tx, rental_id)
    claims = [c for c in claims_of(tx.session, rental, ClaimStatus.OUT) if c.return_claimed_at is not None]
    if not claims:
        raise state_machine.already(tx.session, rental)
    tx.actor.require(Role.LENDER)
    return _take(tx, rental, claims)


def report_problem(tx: Tx, rental_id: int, *, note: str, only: Collection[int] | None = None) -> Rental:
    """Report a problem with all of it, or `only` these claims: missing, broken. By the member or a LENDER.

    By a LENDER while a return is reported, it undoes the report: the items count as out again. The note stays
    on the claims, and the other side is told. Raises ALREADY, TOO_MUCH_TEXT.
    """
    rental = _locked(tx, rental_id)
    claims = [c for c in require_problem(tx, rental) if only is None or c.id in only]
    if not claims:
        raise state_machine.already(tx.session, rental)
    by_member = rental.user_id == tx.actor.user_id
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_NOTE)
    for claim in claims:
        claim.problem = note
        if not by_member:
            claim.return_claimed_at = None
    audit.rental(tx, rental, "problem", items=[c.item_id for c in claims])
    notifications.update_member_card(tx, rental, notify=not by_member, by=tx.actor.user_id)
    # About a single item the desk reads more than the card says (services/maintenance/damage.py).
    notifications.update_desk_card(tx, rental, notify=by_member and only is None)
    return rental


def require_problem(tx: Tx, rental: Rental) -> list[Claim]:
    """Return the claims that a problem could be about. Raises ALREADY where nothing is out, NOT_ALLOWED."""
    claims = claims_of(tx.session, rental, ClaimStatus.OUT)
    if not claims:
        raise state_machine.already(tx.session, rental)
    if rental.user_id != tx.actor.user_id:
        tx.actor.require(Role.LENDER)
    return claims


def _take(tx: Tx, rental: Rental, claims: list[Claim]) -> Rental:
    back = Return(
        organization_id=rental.organization_id,
        rental_id=rental.id,
        returned_at=tx.now,
        returned_to=tx.actor.user_id,
    )
    tx.session.add(back)
    tx.session.flush()
    move_claims(
        tx.session,
        [c.id for c in claims],
        ClaimStatus.RETURNED,
        returned_at=tx.now,
        returned_to=tx.actor.user_id,
        return_id=back.id,
        returned_location_id=_where_it_lies(),
    )
    for claim in claims:
        if claim.problem:
            condition.mark_damaged(tx, tx.session.get_one(Item, claim.item_id))
    audit.rental(tx, rental, "take_back", items=[c.item_id for c in claims])
    end_if_done(tx, rental)
    by_member = rental.user_id == tx.actor.user_id
    notifications.update_member_card(tx, rental, notify=not by_member, by=tx.actor.user_id)
    notifications.update_desk_card(tx, rental)
    expiry.settle(tx, rental.id)
    return rental


def end_if_done(tx: Tx, rental: Rental) -> None:
    """End the rental if nothing is out any more, and release what was never picked up."""
    tx.session.flush()
    if claims_of(tx.session, rental, ClaimStatus.OUT):
        return
    move_claims(
        tx.session, [c.id for c in claims_of(tx.session, rental, ClaimStatus.HELD)], ClaimStatus.RELEASED
    )
    move_rental(tx.session, rental, RentalStatus.RETURNED, ended_at=tx.now)
    from_member = request.open_extension(tx.session, rental)
    if from_member is not None:
        move_extension(tx.session, from_member, ExtensionStatus.WITHDRAWN, decided_at=tx.now)
