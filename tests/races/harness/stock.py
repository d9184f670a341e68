"""The stock that is raced for: things of which one piece is left, and members who want it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.guards import OVERLAP
from db.models import Block, Claim, Item, Organization, Rental, RentalLine, User
from db.states import OCCUPYING, ClaimStatus, Role
from services.availability import schedules
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from tests import factories


@dataclass(frozen=True)
class Last:
    """An equipment with two items, of which one is in repair: `item_id` is the last.

    `baskets` are of as many members, each with one piece of it, not yet sent: member and rental id.
    """

    organization_id: int
    equipment_id: int
    item_id: int
    period: Period
    baskets: list[tuple[Actor, int]]


def things(session: Session, now: datetime, members: int, rounds: int) -> list[Last]:
    """As many things to race for, each with one piece left and so many members who want it."""
    of = factories.organization(session, now)
    of.group_chat_id = -100
    period = factories.days(now, 1, 3)
    repair = Block(organization_id=of.id, created_at=now)
    session.add(repair)
    return [thing(session, of, now, f"Tent {number}", period, repair, members) for number in range(rounds)]


def thing(
    session: Session,
    of: Organization,
    now: datetime,
    name: str,
    period: Period,
    repair: Block,
    members: int,
) -> Last:
    equipment = factories.equipment(session, of, now, name, f"{name} A", f"{name} B")
    broken, last = session.scalars(select(Item.id).filter_by(equipment_id=equipment.id).order_by(Item.code))
    users = [User(organization_id=of.id, first_name=f"M{one}", created_at=now) for one in range(members)]
    session.add_all([block_claim(of.id, broken, repair.id, period), *users])
    session.flush()
    baskets = [
        Rental(
            organization_id=of.id,
            user_id=user.id,
            created_at=now,
            starts_at=period.starts_at,
            due_at=period.due_at,
        )
        for user in users
    ]
    session.add_all(baskets)
    session.flush()
    session.add_all(
        RentalLine(rental_id=basket.id, equipment_id=equipment.id, quantity=1) for basket in baskets
    )
    actors = [Actor(of.id, user.id, 0, user.name, Role.USER) for user in users]
    sent = [(actor, basket.id) for actor, basket in zip(actors, baskets, strict=True)]
    return Last(of.id, equipment.id, last, period, sent)


def block_claim(organization_id: int, item_id: int, block_id: int, period: Period) -> Claim:
    return Claim(
        organization_id=organization_id,
        item_id=item_id,
        block_id=block_id,
        status=ClaimStatus.HELD,
        starts_at=period.starts_at,
        blocked_until=period.due_at,
    )


# As a program does that looks first, and then writes what it saw


def look(session: Session, thing: Last, now: datetime) -> None:
    schedule = schedules.load(Tx(session, now), thing.organization_id, [thing.equipment_id])
    if not schedule.free(thing.equipment_id, thing.period.starts_at, thing.period.due_at):
        raise Refusal(Refused.NOT_FREE)


def take_unseen(session: Session, thing: Last, now: datetime) -> None:
    """Write without a second look. Raises NOT_FREE where the database itself refuses."""
    block = Block(organization_id=thing.organization_id, created_at=now)
    session.add(block)
    session.flush()
    session.add(block_claim(thing.organization_id, thing.item_id, block.id, thing.period))
    try:
        session.flush()
    except IntegrityError as error:
        if OVERLAP not in str(error.orig):
            raise
        raise Refusal(Refused.NOT_FREE) from error


# What came of it


def bookings(session: Session, raced: list[Last]) -> list[int]:
    """Count the claims that occupy each of the last items."""
    query = (
        select(Claim.item_id, func.count())
        .where(Claim.status.in_(OCCUPYING), Claim.item_id.in_([thing.item_id for thing in raced]))
        .group_by(Claim.item_id)
    )
    found = {row[0]: row[1] for row in session.execute(query)}
    return [found.get(thing.item_id, 0) for thing in raced]
