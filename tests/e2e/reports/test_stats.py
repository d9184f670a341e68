"""`/stats`: a picture with its numbers in words, or a sentence where there is nothing to show."""

from handlers.reports import stats
from tests.e2e.arrange import handed_out
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


async def test_words_go_alone_where_the_picture_is_refused(sqlite_world: World) -> None:
    """As by a server that cannot read it: the numbers arrive, once."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await handed_out(world)
    world.sandbox.world.faults.add("sendPhoto", 400, description="Bad Request: IMAGE_PROCESS_FAILED")
    said = await told(world, anna.types("/stats"))
    assert wording(stats._caption, n=1, name="Tent") in said
    assert not anna.last().photo
