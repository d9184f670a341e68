"""What time alone brings about. Run as often as one likes: a second run finds nothing to do."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization, Rental
from db.states import RentalStatus
from services import decisions, reminders


def run(session: Session, now: datetime) -> None:
    """Let run out what nobody answered or fetched; queue the reminders and digests that have fallen due."""
    expired = session.scalars(
        select(Rental).where(
            Rental.status.in_([RentalStatus.REQUESTED, RentalStatus.APPROVED]), Rental.expires_at <= now
        )
    ).all()
    for rental in expired:
        decisions.expire(session, rental, now)
    for organization in session.scalars(select(Organization).where(Organization.closed_at.is_(None))).all():
        reminders.queue(session, organization, now)
        reminders.queue_digest(session, organization, now)
