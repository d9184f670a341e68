"""Steps of the tests of an organisation: what it is now, taps in a row, the days of a calendar."""

import re
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from db.models import Organization
from sandbox.person import Person, Which
from sandbox.world.records import Message
from services.core.errors import Refused
from tests.e2e.conftest import World
from tests.e2e.seen import refusal

T = TypeVar("T")

ONLY_LEADERS = refusal(Refused.NOT_ALLOWED, needed="leader")
CLOSED = refusal(Refused.CLOSED, organization="Fjellklubben")


async def look(world: World, work: Callable[[Session], T]) -> T:
    await world.settled()
    return world.database.read_now(work)


async def organization(world: World) -> Organization:
    return await look(world, lambda session: session.get_one(Organization, world.organization_id))


async def rules(world: World) -> dict[str, object]:
    return dict((await organization(world)).policy)


async def taps(person: Person, *buttons: Which) -> None:
    """One after the other, each on the newest card that has it."""
    for button in buttons:
        await person.taps(button)


def days_of(message: Message) -> dict[str, str]:
    """The calendar's days with what is on their buttons' other side."""
    return {b.text: b.data or "" for b in message.buttons if re.fullmatch(r"\[?\d+\]?", b.text)}
