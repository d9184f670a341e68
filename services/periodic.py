"""Periodic work: expiry, reminders, digests. Idempotent: a second run finds nothing to do."""

from datetime import datetime

from sqlalchemy import select

from db.models import Organization, Rental
from db.states import RentalStatus
from services.core.tx import Tx
from services.rentals import approval, late_conflicts, reminders, returns
from services.transfers import expiry


def run(tx: Tx) -> None:
    """Expire unanswered requests, rentals not picked up and impossible transfers; queue due reminders and
    digests.
    """
    expired = tx.session.scalars(
        select(Rental).where(
            Rental.status.in_([RentalStatus.REQUESTED, RentalStatus.APPROVED]), Rental.expires_at <= tx.now
        )
    ).all()
    for rental in expired:
        approval.expire(tx, rental)
    expiry.settle(tx)
    for organization in tx.session.scalars(
        select(Organization).where(Organization.closed_at.is_(None))
    ).all():
        own = tx.of(organization.id)
        late_conflicts.queue(own)
        seen = reminders.watched(own)
        unconfirmed = returns.count_as_back(own, seen.said_back)
        returns.ask_lenders(own, unconfirmed)
        reminders.queue(own, seen)
        reminders.queue_digest(own, seen, unconfirmed)


def upcoming(tx: Tx) -> datetime | None:
    """Return the next moment (UTC) at which periodic work is due anywhere: where a simulated clock stops."""
    found = [moment for moment in (reminders.upcoming(tx),) if moment is not None]
    for organization in tx.session.scalars(select(Organization).where(Organization.closed_at.is_(None))):
        found += late_conflicts.moments(tx.of(organization.id))
    return min(found, default=None)
