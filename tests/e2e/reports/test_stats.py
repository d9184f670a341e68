"""`/stats`: a picture with its numbers in words, or a sentence where there is nothing to show."""

from tests.e2e.arrange import handed_out
from tests.e2e.conftest import World
from tests.e2e.replies import ONLY_ADMINS, told


async def test_a_picture_of_the_lending(sqlite_world: World) -> None:
    """For admins; before anything was lent, and for another year, a sentence."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    assert "there is nothing to show yet" in await told(world, anna.types("/stats"))
    await handed_out(world)
    async with world.unchanged():
        await anna.types("/stats")
        card = await anna.sees("1 rental")
        assert card.photo
        assert "Most rented: Tent, 1 time." in card.text
        assert "there is nothing to show yet" in await told(world, anna.types("/stats 2025"))
        assert await told(world, sqlite_world["Lars"].types("/stats")) == ONLY_ADMINS
