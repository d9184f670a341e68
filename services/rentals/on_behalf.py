"""Renting on behalf of a member, also of one without Telegram: a LENDER enters it for them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Rental, User
from db.states import RentalStatus, Role
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.identity import Actor
from services.rentals import request


def renter(session: Session, actor: Actor, user_id: int, now: datetime) -> User:
    """The member, if one may rent for them. Raises NOT_ALLOWED, NOT_FOUND, RENTER_SUSPENDED, RENTER_LEFT."""
    actor.require(Role.LENDER)
    user = session.get(User, user_id)
    if user is None or user.organization_id != actor.organization_id or user.forgotten_at is not None:
        raise Refusal(Refused.NOT_FOUND)
    identity.require_renter(session, user.id, now)
    return user


def enter_for(session: Session, actor: Actor, rental_id: int, user_id: int, now: datetime) -> User:
    """The basket is for this member from now on; one's own name makes it one's own again.

    One basket for others at a time, beside one's own: what was in the way of it is thrown away.
    Raises as `renter` does, NOT_FOUND, ALREADY for what is no basket any more.
    """
    basket = request.open_basket(session, actor, rental_id)
    user = renter(session, actor, user_id, now)
    entered_by = actor.user_id if user.id != actor.user_id else None
    theirs = Rental.entered_by == entered_by
    if entered_by is None:
        theirs = Rental.entered_by.is_(None) & (Rental.user_id == user.id)
    in_the_way = select(Rental.id).where(Rental.status == RentalStatus.DRAFT, Rental.id != basket.id, theirs)
    for other in session.scalars(in_the_way).all():
        request.discard(session, actor, other, now)
    basket.user_id, basket.entered_by = user.id, entered_by
    session.flush()
    return user
