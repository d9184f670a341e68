"""What a rental wants, held against the stock: is it there, and which items shall it be?"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Organization, Rental, RentalLine
from db.states import ClaimStatus
from services import availability, organizations, policy
from services.availability import Schedule, Wish
from services.errors import Refusal, Refused
from services.periods import Period

SEARCH_AHEAD_DAYS = 60
"""How far a refusal looks for another period."""


def lines_of(session: Session, rental_id: int) -> Sequence[RentalLine]:
    return session.scalars(select(RentalLine).filter_by(rental_id=rental_id).order_by(RentalLine.id)).all()


def wishes(session: Session, rental: Rental) -> list[Wish]:
    """What the rental asks for, with each equipment's own turnaround."""
    organization = session.get_one(Organization, rental.organization_id)
    return [
        Wish(
            line.equipment_id,
            line.quantity,
            policy.of(organization, session.get_one(Equipment, line.equipment_id)).turnaround,
            line.item_id,
        )
        for line in lines_of(session, rental.id)
    ]


def schedule_for(session: Session, rental: Rental, now: datetime) -> Schedule:
    """The schedule of all equipment in the rental, without the rental's own claims."""
    ids = [line.equipment_id for line in lines_of(session, rental.id)]
    return availability.load(session, rental.organization_id, ids, now, without_rental=rental.id)


def require_free(session: Session, rental: Rental, period: Period, now: datetime) -> None:
    """Raise NOT_FREE with a way on, where the stock cannot serve the rental in this period."""
    _require_served(session, rental, period, schedule_for(session, rental, now))


def _require_served(session: Session, rental: Rental, period: Period, schedule: Schedule) -> None:
    asked = wishes(session, rental)
    shortage = schedule.shortage(asked, period.starts_at, period.due_at)
    if shortage is None:
        return
    equipment = session.get_one(Equipment, shortage.wish.equipment_id)
    zone = organizations.zone(session.get_one(Organization, rental.organization_id))
    later = availability.next_free(
        schedule, asked, period.starts_at, period.due_at, zone, days=SEARCH_AHEAD_DAYS
    )
    raise Refusal(
        Refused.NOT_FREE,
        equipment_id=equipment.id,
        name=equipment.name,
        wanted=shortage.wish.quantity,
        free=shortage.free,
        item_id=shortage.wish.item_id,
        next_free=later,
    )


def place_claims(session: Session, rental: Rental, now: datetime, status: ClaimStatus) -> None:
    """Choose items for each line and claim them, from now at the earliest. Raises NOT_FREE.

    Looking and choosing is one look: between two, others may have booked. The constraint has the last word.
    """
    if rental.starts_at is None or rental.due_at is None:
        raise Refusal(Refused.NO_PERIOD)
    period = Period(max(rental.starts_at, now), rental.due_at)
    schedule = schedule_for(session, rental, now)
    _require_served(session, rental, period, schedule)
    for line, wish in zip(lines_of(session, rental.id), wishes(session, rental), strict=True):
        blocked_until = period.blocked_until(wish.turnaround)
        free = schedule.free(line.equipment_id, period.starts_at, blocked_until, item_id=line.item_id)
        for slots in free[: line.quantity]:
            session.add(
                Claim(
                    organization_id=rental.organization_id,
                    item_id=slots.item_id,
                    rental_id=rental.id,
                    line_id=line.id,
                    status=status,
                    starts_at=period.starts_at,
                    blocked_until=blocked_until,
                )
            )
    session.flush()
