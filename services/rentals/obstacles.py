"""Obstacles: who may not fetch what they were promised, because they are suspended or no member then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select

from db.models import Rental, User
from db.states import RentalStatus
from services.core.errors import Refusal, Refused
from services.core.hours.periods import FOREVER
from services.core.tx import Tx
from services.messaging import notifications

OPEN = (RentalStatus.REQUESTED, RentalStatus.APPROVED)
SOON_DAYS = 2
"""The number of days ahead in which the desk is reminded of what is promised in vain."""


class Why(StrEnum):
    SUSPENDED = "suspended"
    ENDED = "ended"  # the membership ends before the rental begins
    NOT_BEGUN = "not_begun"  # the membership begins after it
    ENDS = "ends"  # it ends before the rental does, which can be fetched all the same
    ROLE = "role"  # the equipment is for higher roles


@dataclass(frozen=True)
class Obstacle:
    """An obstacle, and the moment that it lasts until, or that it begins at; None without an end."""

    why: Why
    at: datetime | None = None

    @property
    def bars(self) -> bool:
        """Return whether the member cannot fetch the rental."""
        return self.why is not Why.ENDS


def of(user: User, rental: Rental, now: datetime, *, is_rest_kept: bool = False) -> Obstacle | None:
    """Return what stands between a member and a rental that is not over; None where nothing does.

    `is_rest_kept`: of what is out, some pieces are still kept for the member.
    """
    if rental.starts_at is None or rental.status not in (*OPEN, RentalStatus.OUT):
        return None
    if rental.status is not RentalStatus.OUT or is_rest_kept:
        begin = max(now, rental.starts_at)
        if user.is_suspended(begin):
            return Obstacle(Why.SUSPENDED, user.suspended_until)
        if user.active_until is not None and user.active_until <= begin:
            return Obstacle(Why.ENDED, user.active_until)
        if user.active_from is not None and user.active_from > begin:
            return Obstacle(Why.NOT_BEGUN, user.active_from)
    end = rental.due_at or FOREVER
    if user.active_until is not None and now < user.active_until < end:
        return Obstacle(Why.ENDS, user.active_until)
    return None


def require_clear(tx: Tx, rental: Rental) -> None:
    """Raise RENTER_BARRED where a member, active now, could not fetch the rental when it begins."""
    user = tx.session.get_one(User, rental.user_id)
    found = of(user, rental, tx.now)
    if found is not None and found.bars and user.is_active(tx.now):
        raise Refusal(Refused.RENTER_BARRED, name=user.name_for_others())


def open_rentals(tx: Tx, user: User) -> list[Rental]:
    """Return what a member asked for or is promised, and has not got."""
    query = select(Rental).where(Rental.user_id == user.id, Rental.status.in_(OPEN))
    return list(tx.session.scalars(query.order_by(Rental.starts_at, Rental.id)))


def redraw(tx: Tx, user: User) -> None:
    """Update the cards of a member's open rentals, which tell how they stand, and of what is out."""
    alive = select(Rental).where(Rental.user_id == user.id, Rental.status.in_([*OPEN, RentalStatus.OUT]))
    for rental in tx.session.scalars(alive.order_by(Rental.id)).all():
        notifications.redraw(tx, rental)


def may_be_in_vain(now: datetime) -> ColumnElement[bool]:
    """Build the condition that a rental, joined with its member, is promised soon and might be in vain."""
    return and_(
        Rental.status == RentalStatus.APPROVED,
        Rental.starts_at < now + timedelta(days=SOON_DAYS),
        or_(User.suspended_at.is_not(None), User.active_until.is_not(None), User.active_from.is_not(None)),
    )


def is_in_vain(user: User, rental: Rental, now: datetime) -> bool:
    """Return whether the rental is promised to a member who cannot fetch it."""
    found = of(user, rental, now)
    return rental.status is RentalStatus.APPROVED and found is not None and found.bars


def in_vain(tx: Tx) -> Sequence[Rental]:
    """Return what is promised soon to members who cannot fetch it, the soonest first."""
    query = (
        select(Rental, User)
        .join(User, User.id == Rental.user_id)
        .where(Rental.organization_id == tx.organization_id, may_be_in_vain(tx.now))
        .order_by(Rental.starts_at, Rental.id)
    )
    return [rental for rental, user in tx.session.execute(query) if is_in_vain(user, rental, tx.now)]
