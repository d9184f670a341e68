"""Rentals made by the services, where the way there is not what a test is about."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Conversation, Equipment, Extension, Item, Organization, Rental, RentalLine, User
from db.states import ClaimStatus, ExtensionStatus, RentalStatus, Role
from handlers.imports.plan_views import Verb as Asked
from services.core import identity
from services.core.actor import Actor
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkout
from services.rentals import approval
from services.rentals.booking import baskets, request
from tests import factories
from tests.e2e.conftest import World
from tests.e2e.seen import by

T = TypeVar("T")


async def brings_list(world: World, who: str, name: str, content: bytes) -> None:
    """An admin sends a list of their own making, and has it imported as it was understood."""
    await world[who].sends_document(name, content)
    await world.settled()
    await world[who].taps(by(Asked.IMPORT_LIST))


async def write(world: World, work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction, and wait until all that it has to say is said."""
    result = await world.database.write(work)
    await world.settled()
    return result


def actor(session: Session, world: World, name: str) -> Actor:
    return identity.resolve(Tx(session, world.clock.now()), account_id=world[name].id)


async def requested(
    world: World, who: str = "Kari", *, first: int = 2, last: int = 4, what: str = "Tent", pieces: int = 1
) -> int:
    """A request for so many pieces, from 20:00 so many days ahead until 20:00 of another day; its number."""
    return await write(world, lambda session: _request(session, world, who, first, last, what, pieces))


async def approved(world: World, who: str = "Kari", *, first: int = 2, last: int = 4, pieces: int = 1) -> int:
    """The same, and Anna said yes."""

    def work(session: Session) -> int:
        number = _request(session, world, who, first, last, "Tent", pieces)
        approval.approve(Tx(session, world.clock.now(), actor(session, world, "Anna")), number)
        return number

    return await write(world, work)


async def handed_out(
    world: World, who: str = "Kari", *, last: int = 2, what: str = "Tent", pieces: int = 1
) -> int:
    """Out since now, handed out by Lars, and due at 20:00 in so many days."""

    def work(session: Session) -> int:
        now = world.clock.now()
        number = _request(session, world, who, 0, last, what, pieces)
        approval.approve(Tx(session, now, actor(session, world, "Anna")), number)
        checkout.hand_out(Tx(session, now, actor(session, world, "Lars")), number)
        return number

    return await write(world, work)


def _request(session: Session, world: World, who: str, first: int, last: int, what: str, pieces: int) -> int:
    now = world.clock.now()
    member = actor(session, world, who)
    draft = request.open_draft(Tx(session, now, member))
    equipment = session.scalars(
        select(Equipment).filter_by(name=what, organization_id=world.organization_id)
    ).one()
    baskets.put(Tx(session, now, member), draft, equipment.id, pieces)
    evening = datetime(now.year, now.month, now.day, 19, tzinfo=now.tzinfo)
    begin = now if first == 0 else evening + timedelta(days=first)
    request.set_period(Tx(session, now), draft, Period(begin, evening + timedelta(days=last)))
    request.request(Tx(session, now, member), draft.id)
    return draft.id


async def leaves(world: World, who: str) -> None:
    """Somebody's membership ends now."""

    def work(session: Session) -> None:
        user = session.get_one(User, actor(session, world, who).user_id)
        user.active_until = world.clock.now()

    await write(world, work)


FOREIGN = 900_000_001
"""The number of each of another club's rows: its kayak, the rental, claim and question about it, ..."""


async def another_club(world: World) -> None:
    """Turlaget: Petra (ADMIN) has a kayak K9 out, asks for more time, and stands in the middle of renting."""
    world.sandbox.add_person("Petra", id=FOREIGN)

    def work(session: Session) -> None:
        now, due_at = world.clock.now(), world.clock.now() + timedelta(days=3)
        of = Organization(id=FOREIGN, name="Turlaget", timezone="Europe/Oslo", created_at=now)
        session.add(of)
        session.flush()
        petra = factories.member(session, of, now, "Petra Vik", Role.ADMIN, FOREIGN)
        rows = [
            Equipment(id=FOREIGN, organization_id=of.id, name="Kayak", search_text="kayak", created_at=now),
            Item(
                id=FOREIGN,
                organization_id=of.id,
                equipment_id=FOREIGN,
                code="K9",
                label_token="label-of-k9",
                created_at=now,
            ),
            Rental(
                id=FOREIGN,
                organization_id=of.id,
                number=FOREIGN,
                user_id=petra.user_id,
                status=RentalStatus.OUT,
                starts_at=now,
                due_at=due_at,
                created_at=now,
                requested_at=now,
            ),
            RentalLine(id=FOREIGN, rental_id=FOREIGN, equipment_id=FOREIGN, quantity=1),
            Claim(
                id=FOREIGN,
                organization_id=of.id,
                item_id=FOREIGN,
                rental_id=FOREIGN,
                line_id=FOREIGN,
                status=ClaimStatus.OUT,
                starts_at=now,
                blocked_until=due_at,
                out_at=now,
            ),
            Extension(
                id=FOREIGN,
                rental_id=FOREIGN,
                due_at=due_at + timedelta(days=1),
                status=ExtensionStatus.ASKED,
                asked_at=now,
            ),
            Conversation(
                id=FOREIGN,
                organization_id=of.id,
                chat_id=FOREIGN,
                account_id=FOREIGN,
                name="extend",
                state="ask",
                data={"rental_id": FOREIGN},
                updated_at=now,
            ),
        ]
        for row in rows:
            session.add(row)
            session.flush()

    await write(world, work)
