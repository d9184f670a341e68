"""When it really was: a hand-out or a return that happened before it was entered.

A thing that lay in the box since Friday came back on Friday, and whoever brought it was not late. Neither is
in the future, nor before it could be: a hand-out not before the item was free, a return not before its
hand-out. The audit keeps the moment that was entered first, and that of the entry itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from db.models import Claim, Rental, Return
from db.states import OCCUPYING, ClaimStatus, RentalStatus, Role
from services.core import audit, state_machine
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import locations
from services.messaging import notifications, outbox
from services.rentals import returns
from services.rentals.booking import request
from services.rentals.returns import claims_of


@dataclass(frozen=True)
class Entered:
    """An entry: its rental and claims, the moment that counts now, and the earliest possible one.

    Without anything before, `earliest` is None. `due_at`: of a return that counts as late, when it was due.
    """

    rental: Rental
    claims: Sequence[Claim]
    at: datetime
    earliest: datetime | None
    due_at: datetime | None = None


def require_between(at: datetime, earliest: datetime | None, latest: datetime) -> None:
    """Raise NOT_THEN for a moment before `earliest` or after `latest`."""
    if at > latest or (earliest is not None and at < earliest):
        raise Refusal(Refused.NOT_THEN, earliest=earliest, latest=latest)


def free_since(tx: Tx, claims: Sequence[Claim]) -> datetime | None:
    """Return since when all of these items could have been handed out; None where nothing was before.

    It is when they last came back from somebody else, or what else they were kept for ended.
    """
    items, own = [claim.item_id for claim in claims], [claim.id for claim in claims]
    before = select(
        func.max(Claim.returned_at).filter(Claim.status.in_([ClaimStatus.RETURNED, ClaimStatus.LOST])),
        func.max(Claim.blocked_until).filter(Claim.status.in_(OCCUPYING), Claim.blocked_until <= tx.now),
    ).where(Claim.item_id.in_(items), Claim.id.not_in(own))
    found = tx.session.execute(before).one()
    return max((moment for moment in found if moment is not None), default=None)


def out_since(claims: Sequence[Claim]) -> datetime | None:
    """Return when the last of these items was handed out."""
    return max((claim.out_at for claim in claims if claim.out_at is not None), default=None)


def begin_at(rental: Rental, claims: Sequence[Claim], at: datetime) -> None:
    """Let what is handed out have begun at an earlier moment, which is its own and the rental's."""
    for claim in claims:
        claim.starts_at = min(claim.starts_at, at)
    if rental.starts_at is not None:
        rental.starts_at = min(rental.starts_at, at)


# What was entered already


def returned(tx: Tx, return_id: int) -> Entered:
    """Return what a return is about. Raises NOT_FOUND."""
    row = locations.get_return(tx, return_id)
    rental = tx.session.get_one(Rental, row.rental_id)
    claims = tx.session.scalars(select(Claim).filter_by(return_id=row.id).order_by(Claim.id)).all()
    at = max((claim.return_claimed_at or claim.returned_at or row.returned_at for claim in claims),
             default=row.returned_at)  # fmt: skip
    is_late = rental.due_at is not None and at > rental.due_at
    return Entered(rental, claims, at, out_since(claims), rental.due_at if is_late else None)


def handed_out(tx: Tx, rental_id: int) -> Entered:
    """Return what of a rental was handed out last, and is out; the caller checks who asks. Raises ALREADY."""
    rental = tx.session.get_one(Rental, rental_id)
    out = claims_of(tx.session, rental, ClaimStatus.OUT)
    if not out:
        raise state_machine.already(tx.session, rental)
    at = out_since(out) or tx.now
    claims = [claim for claim in out if claim.out_at == at]
    return Entered(rental, claims, at, free_since(tx, claims))


def return_was(tx: Tx, return_id: int, at: datetime) -> Rental:
    """Correct, by a LENDER, when a return was. Raises NOT_FOUND, NOT_ALLOWED, NOT_THEN."""
    tx.session.refresh(locations.get_return(tx, return_id), with_for_update=True)
    found = returned(tx, return_id)
    tx.actor.require(Role.LENDER)
    tx.actor.require_active()
    require_between(at, found.earliest, _noted_at(tx, return_id))
    returns.came_back(found.claims, at)
    returns.end_when(tx, found.rental)
    _note(tx, found, "back_earlier", at)
    outbox.refresh_card(tx, kind=notifications.PUT_AWAY_CARD, subject_id=return_id)
    return found.rental


def _noted_at(tx: Tx, return_id: int) -> datetime:
    return tx.session.get_one(Return, return_id).returned_at


def hand_out_was(tx: Tx, rental_id: int, at: datetime) -> Rental:
    """Correct, by a LENDER, when the last hand-out of a rental was.

    Raises NOT_FOUND, ALREADY, NOT_ALLOWED, NOT_THEN.
    """
    rental = request.get(tx, rental_id)
    tx.session.refresh(rental, with_for_update=True)
    if rental.status is not RentalStatus.OUT:
        raise state_machine.already(tx.session, rental)
    found = handed_out(tx, rental_id)
    tx.actor.require(Role.LENDER)
    tx.actor.require_active()
    said = [claim.return_claimed_at for claim in found.claims if claim.return_claimed_at is not None]
    require_between(at, found.earliest, min([tx.now, *said]))
    begin_at(rental, found.claims, at)
    for claim in found.claims:
        claim.out_at = at
    _note(tx, found, "out_earlier", at)
    return rental


def _note(tx: Tx, found: Entered, action: str, at: datetime) -> None:
    tx.session.flush()
    items = [claim.item_id for claim in found.claims]
    audit.rental(tx, found.rental, action, items=items, at=[found.at.isoformat(), at.isoformat()])
    notifications.update_member_card(tx, found.rental)
    notifications.update_desk_card(tx, found.rental)
