"""Rentals made by the services, where the way there is not what a test is about."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, User
from services import decisions, handovers, people, rentals
from services.people import Actor
from services.periods import Period
from tests.e2e.conftest import World

T = TypeVar("T")


async def write(world: World, work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction, and wait until all that it has to say is said."""
    result = await world.database.write(work)
    await world.settled()
    return result


def actor(session: Session, world: World, name: str) -> Actor:
    return people.identify(session, world.clock.now(), account_id=world[name].id)


async def requested(
    world: World, who: str = "Kari", *, first: int = 2, last: int = 4, what: str = "Tent", pieces: int = 1
) -> int:
    """A request for so many pieces, from 20:00 so many days ahead until 20:00 of another day; its number."""
    return await write(world, lambda session: _request(session, world, who, first, last, what, pieces))


async def approved(world: World, who: str = "Kari", *, first: int = 2, last: int = 4, pieces: int = 1) -> int:
    """The same, and Anna said yes."""

    def work(session: Session) -> int:
        number = _request(session, world, who, first, last, "Tent", pieces)
        decisions.approve(session, actor(session, world, "Anna"), number, world.clock.now())
        return number

    return await write(world, work)


async def handed_out(world: World, who: str = "Kari", *, last: int = 2, pieces: int = 1) -> int:
    """Out since now, handed out by Lars, and due at 20:00 in so many days."""

    def work(session: Session) -> int:
        now = world.clock.now()
        number = _request(session, world, who, 0, last, "Tent", pieces)
        decisions.approve(session, actor(session, world, "Anna"), number, now)
        handovers.hand_out(session, actor(session, world, "Lars"), number, now)
        return number

    return await write(world, work)


def _request(session: Session, world: World, who: str, first: int, last: int, what: str, pieces: int) -> int:
    now = world.clock.now()
    member = actor(session, world, who)
    draft = rentals.open_draft(session, member, now)
    equipment = session.scalars(
        select(Equipment).filter_by(name=what, organization_id=world.organization_id)
    ).one()
    rentals.put(session, member, draft, equipment.id, pieces)
    evening = datetime(now.year, now.month, now.day, 19, tzinfo=now.tzinfo)
    begin = now if first == 0 else evening + timedelta(days=first)
    rentals.set_period(session, draft, Period(begin, evening + timedelta(days=last)), now)
    rentals.request(session, member, draft.id, now)
    return draft.id


async def leaves(world: World, who: str) -> None:
    """Somebody's membership ends now."""

    def work(session: Session) -> None:
        user = session.get_one(User, actor(session, world, who).user_id)
        user.active_until = world.clock.now()

    await write(world, work)
