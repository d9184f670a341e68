"""The club's group forbids the bot to write: nothing is lost, and the admins know.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from db.states import RentalStatus
from services.messaging.group_chats import MUTED
from tests.e2e.arrange import requested
from tests.e2e.conftest import World
from tests.e2e.seen import of_kind, showing


async def test_a_request_that_the_group_may_not_read(sqlite_world: World) -> None:
    """Anna and Ada are told in private, once each; made an administrator, the bot shows it at once."""
    world = sqlite_world
    world.group.muted = True
    number = await requested(world)
    for name in ("Anna", "Ada"):
        await world[name].sees(of_kind(MUTED))
    await world.settled()
    assert world.sandbox.world.visible(world.group) == []
    told = len(world["Ada"].chat.messages)
    world.sandbox.promote_bot(world.group, by=world["Ada"])
    await world.in_group("Anna").sees(showing(RentalStatus.REQUESTED, number))
    await world.in_group("Anna").taps("Approve")
    await world.settled()
    assert len(world["Ada"].chat.messages) == told
