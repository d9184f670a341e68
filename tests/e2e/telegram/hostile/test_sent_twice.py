"""A card that was sent while the connection broke is there twice: both work, and one tap leaves one.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import timedelta

from sqlalchemy import select

from db.models import Leftover, Rental
from db.states import RentalStatus
from sandbox.world.records import Message
from tests.e2e.arrange import requested
from tests.e2e.conftest import World, start
from tests.e2e.seen import showing


def cards(world: World) -> list[Message]:
    """The bot's messages in the group, the oldest first."""
    shown = world.sandbox.world.visible(world.group)
    return [message for message in shown if message.sender is world.sandbox.world.bot]


async def twice(world: World) -> int:
    """Have the group's card of a request sent twice; the rental's number."""
    world.sandbox.world.faults.add("sendMessage", chat_id=world.group.id, after_effect=True)
    number = await requested(world)
    await world.settled()
    await world.clock.advance(world.clock.now() + timedelta(minutes=1))
    await world.settled()
    assert len(cards(world)) == 2
    return number


async def test_a_tap_on_the_copy(sqlite_world: World) -> None:
    """It approves, the copy goes, and the card is the newest message and says so."""
    world, group = sqlite_world, sqlite_world.in_group("Anna")
    number = await twice(world)
    copy = cards(world)[0]
    await group.taps("Approve", copy)
    await group.sees(showing(RentalStatus.APPROVED, number))
    await world.settled()
    await world.ends()
    assert len(cards(world)) == 1 and cards(world)[0].id > copy.id
    assert world.database.read_now(lambda s: s.get_one(Rental, number)).status is RentalStatus.APPROVED


async def test_a_tap_on_the_card_and_then_on_the_copy(sqlite_world: World) -> None:
    """Also after a new start: whoever taps the copy hears how things stand, and it goes."""
    world, group = sqlite_world, sqlite_world.in_group("Anna")
    number = await twice(world)
    copy = cards(world)[0].snapshot()
    await group.taps("Approve", cards(world)[1])
    await world.settled()
    await world.program.stop()
    world.program = await start(world.sandbox, world.database, world.clock)
    assert world.group.id in world.program.delivery.doubtful, "before anything is handled"
    await group.taps("Decline", copy)
    await world.settled()
    await world.ends()
    assert [card.id > copy.id for card in cards(world)] == [True]
    assert world.database.read_now(lambda s: s.get_one(Rental, number)).status is RentalStatus.APPROVED
    assert world.database.read_now(lambda s: s.scalars(select(Leftover)).all()) == []
