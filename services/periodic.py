"""What time alone brings about. Run as often as one likes: a second run finds nothing to do."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization, Rental
from db.states import RentalStatus
from services.rentals import approval, late_conflicts, reminders
from services.transfers import expiry


def run(session: Session, now: datetime) -> None:
    """Let run out what nobody answered or fetched, or can be handed over no more; queue what has fallen due:
    reminders, digests.
    """
    expired = session.scalars(
        select(Rental).where(
            Rental.status.in_([RentalStatus.REQUESTED, RentalStatus.APPROVED]), Rental.expires_at <= now
        )
    ).all()
    for rental in expired:
        approval.expire(session, rental, now)
    expiry.settle(session, now)
    for organization in session.scalars(select(Organization).where(Organization.closed_at.is_(None))).all():
        late_conflicts.queue(session, organization, now)
        seen = reminders.watched(session, organization, now)
        reminders.queue(session, organization, now, seen)
        reminders.queue_digest(session, organization, now, seen)


def upcoming(session: Session, now: datetime) -> datetime | None:
    """The next moment at which something falls due anywhere: where a movable clock stops."""
    found = [moment for moment in (reminders.upcoming(session, now),) if moment is not None]
    for organization in session.scalars(select(Organization).where(Organization.closed_at.is_(None))):
        found += late_conflicts.moments(session, organization, now)
    return min(found, default=None)
