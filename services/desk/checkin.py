"""Check-in: a return that the member reports, that a lender confirms, or that the desk takes itself."""

from collections.abc import Collection
from datetime import datetime

from db.models import Claim, Rental
from db.states import ClaimStatus, Role
from services.core import audit, state_machine
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import earlier
from services.desk.checkout import _locked
from services.messaging import notifications
from services.rentals import returns
from services.rentals.booking import request
from services.rentals.returns import claims_of
from services.transfers import expiry

LONGEST_NOTE = 500

CONTRADICTED = "return_contradicted"
"""Kind of the message to a member whose return a lender did not find."""


def give_back(tx: Tx, rental_id: int, *, only: Collection[int] | None = None) -> Rental:
    """Report a return, by the member: a claim until a LENDER confirms it, or whoever has it next, or time
    (services/rentals/returns.py); final where the policy asks for no confirmation.

    It stops the overdue messages. Former members may still return things. Raises ALREADY.
    """
    rental = request.own(tx, rental_id)
    tx.session.refresh(rental, with_for_update=True)
    claims = [c for c in claims_of(tx.session, rental, ClaimStatus.OUT, only) if c.return_claimed_at is None]
    if not claims:
        raise state_machine.already(tx.session, rental)
    if not tx.policy.return_confirmed:
        return returns.take(tx, rental, claims)
    for claim in claims:
        claim.return_claimed_at = tx.now
    audit.rental(tx, rental, "give_back", items=[c.item_id for c in claims])
    notifications.update_member_card(tx, rental)
    notifications.update_desk_card(tx, rental, notify=True)
    expiry.settle(tx, rental.id)
    return rental


def take_back(
    tx: Tx, rental_id: int, *, only: Collection[int] | None = None, at: datetime | None = None
) -> Rental:
    """Check in, by a LENDER, what the member returned, or all that is out. Raises ALREADY, NOT_THEN.

    `at`: it came back then, and is only entered now.
    """
    rental = _locked(tx, rental_id)
    claims = claims_of(tx.session, rental, ClaimStatus.OUT, only)
    if not claims:
        raise state_machine.already(tx.session, rental)
    tx.actor.require(Role.LENDER)
    if at is not None:
        earlier.require_between(at, earlier.out_since(claims), tx.now)
    return returns.take(tx, rental, claims, at=at)


def confirm_return(tx: Tx, rental_id: int, *, at: datetime | None = None) -> Rental:
    """Confirm, by a LENDER, the returns that the member reported, and nothing else. Raises ALREADY, NOT_THEN.

    `at`: as for `take_back`.
    """
    rental = _locked(tx, rental_id)
    claims = [c for c in claims_of(tx.session, rental, ClaimStatus.OUT) if c.return_claimed_at is not None]
    if not claims:
        raise state_machine.already(tx.session, rental)
    tx.actor.require(Role.LENDER)
    if at is not None:
        earlier.require_between(at, earlier.out_since(claims), tx.now)
    return returns.take(tx, rental, claims, at=at)


def contradict_return(tx: Tx, rental_id: int) -> Rental:
    """Say, by a LENDER, that what the member reported as returned is not there: it counts as out again.

    The member is told. Raises ALREADY.
    """
    rental = _locked(tx, rental_id)
    claims = [c for c in claims_of(tx.session, rental, ClaimStatus.OUT) if c.return_claimed_at is not None]
    if not claims:
        raise state_machine.already(tx.session, rental)
    tx.actor.require(Role.LENDER)
    for claim in claims:
        claim.return_claimed_at = None
    audit.rental(tx, rental, "contradict", items=[c.item_id for c in claims])
    notifications.tell_member(tx, rental, CONTRADICTED, by=tx.actor.name, claims=[c.id for c in claims])
    notifications.update_member_card(tx, rental)
    notifications.update_desk_card(tx, rental)
    return rental


def report_problem(tx: Tx, rental_id: int, *, note: str, only: Collection[int] | None = None) -> Rental:
    """Report a problem with all of it, or `only` these claims: missing, broken. By the member or a LENDER.

    By a LENDER while a return is reported, it undoes the report: the items count as out again. The note stays
    on the claims, below those of before, and the other side is told. Raises ALREADY, TOO_MUCH_TEXT.
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
        if note not in claim.problem.split("\n"):
            claim.problem = f"{claim.problem}\n{note}".strip()
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
