"""`/stats`: a picture with its numbers in words, or a sentence where there is nothing to show."""

from sqlalchemy.orm import Session

from handlers.reports import stats
from services.core.tx import Tx
from services.reports import nightly
from tests.e2e.arrange import handed_out, write
from tests.e2e.conftest import World
from tests.e2e.replies import ONLY_ADMINS, told
from tests.e2e.seen import wording


async def test_a_picture_of_the_lending(sqlite_world: World) -> None:
    """For admins; before anything was lent, and for another year, a sentence."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    assert wording(stats.command, first=..., last=...) in await told(world, anna.types("/stats"))
    await handed_out(world)
    async with world.unchanged():
        await anna.types("/stats")
        card = await anna.sees("1 rental")
        assert card.photo
        assert wording(stats._caption, n=1, name="Tent") in card.text
        assert wording(stats.command, first=..., last=...) in await told(world, anna.types("/stats 2025"))
        assert await told(world, sqlite_world["Lars"].types("/stats")) == ONLY_ADMINS


async def test_it_says_of_when_it_is(sqlite_world: World) -> None:
    """The figures of the night say so, also where there is nothing to show."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await handed_out(world)

    def count(session: Session) -> None:
        tx = Tx(session, world.clock.now(), within=world.organization_id)
        store = nightly.count(tx)
        assert store is not None
        store(tx)

    await write(world, count)
    await anna.types("/stats")
    card = await anna.sees("1 rental")
    assert card.photo
    assert wording(stats._as_of, time=...) in card.text
    last_year = f"/stats {world.clock.now().year - 1}"
    assert wording(stats._as_of, time=...) in await told(world, anna.types(last_year))


async def test_words_go_alone_where_the_picture_is_refused(sqlite_world: World) -> None:
    """As by a server that cannot read it: the numbers arrive, once."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await handed_out(world)
    world.sandbox.world.faults.add("sendPhoto", 400, description="Bad Request: IMAGE_PROCESS_FAILED")
    said = await told(world, anna.types("/stats"))
    assert wording(stats._caption, n=1, name="Tent") in said
    assert not anna.last().photo
