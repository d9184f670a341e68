"""The club's group forbids the bot to write: nothing is lost, and the admins know.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from sqlalchemy.orm import Session

from db.states import RentalStatus
from handlers.ui.callbacks import Verb
from services.core.tx import Tx
from services.messaging.group_chats import MUTED
from services.rentals import approval
from tests.e2e.arrange import actor, requested, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, of_kind, showing


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


async def test_a_question_that_waits_until_somebody_else_decides(sqlite_world: World) -> None:
    """Anna's is dropped once Ada approves; Ada's, about a request that is still open, is asked."""
    world, anna = sqlite_world, sqlite_world.in_group("Anna")
    first, second = [await requested(world), await requested(world)]
    world.group.muted = True
    await anna.taps(by(Verb.DECLINE, first))
    await world.in_group("Ada").taps(by(Verb.DECLINE, second))
    await world.settled()

    def approve(session: Session) -> None:
        approval.approve(Tx(session, world.clock.now(), actor(session, world, "Ada")), first)

    await write(world, approve)
    world.sandbox.promote_bot(world.group, by=world["Ada"])
    await anna.sees(showing(RentalStatus.APPROVED, first))
    await anna.sees(asking("decline.ask"))
    await world.settled()
    asked = [m for m in world.sandbox.world.visible(world.group) if asking("decline.ask")(m)]
    assert len(asked) == 1 and str(second) in asked[0].text
