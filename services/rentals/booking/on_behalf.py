"""Renting on behalf of a member, also of one without Telegram: a LENDER enters it for them."""

from sqlalchemy import select

from db.models import Rental, User
from db.states import RentalStatus, Role
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.rentals.booking import request


def renter(tx: Tx, user_id: int) -> User:
    """Return the member, if one may rent for them.

    Raises NOT_ALLOWED, NOT_FOUND, RENTER_SUSPENDED, RENTER_LEFT.
    """
    tx.actor.require(Role.LENDER)
    user = tx.session.get(User, user_id)
    if user is None or user.organization_id != tx.actor.organization_id or user.forgotten_at is not None:
        raise Refusal(Refused.NOT_FOUND)
    identity.require_renter(tx, user.id)
    return user


def enter_for(tx: Tx, rental_id: int, user_id: int) -> User:
    """Make the basket this member's; with one's own id it becomes one's own again.

    There is one basket for others at a time, besides one's own: another one is discarded. Raises as `renter`,
    NOT_FOUND, ALREADY where it is no basket any more.
    """
    basket = request.open_basket(tx, rental_id)
    if basket.changes_id is not None:
        raise Refusal(Refused.OUTDATED)
    user = renter(tx, user_id)
    entered_by = tx.actor.user_id if user.id != tx.actor.user_id else None
    theirs = Rental.entered_by == entered_by
    if entered_by is None:
        theirs = Rental.entered_by.is_(None) & (Rental.user_id == user.id)
    theirs &= Rental.changes_id.is_(None)
    in_the_way = select(Rental.id).where(Rental.status == RentalStatus.DRAFT, Rental.id != basket.id, theirs)
    for other in tx.session.scalars(in_the_way).all():
        request.discard(tx, other)
    basket.user_id, basket.entered_by = user.id, entered_by
    tx.session.flush()
    return user
