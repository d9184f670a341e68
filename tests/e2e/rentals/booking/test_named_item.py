"""`/rent` with a code: the item that was named is on everybody's card."""

from db.states import RentalStatus
from services.core.tx import Tx
from services.desk import checkout
from tests.e2e.arrange import actor, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, showing


async def test_the_code_is_on_the_members_and_the_groups_card(sqlite_world: World) -> None:
    """In the basket, on both cards of the request, and once it is out: T2, and nothing but T2."""
    world, kari, group = sqlite_world, sqlite_world["Kari"], sqlite_world.in_group("Anna")
    await kari.types("/rent T2 1.12. 3.12.")
    assert "T2" in (await kari.sees(asking("rent.basket"))).text
    await kari.taps("Confirm")
    await world.settled()
    for person in (kari, group):
        assert "T2" in person.last(showing(RentalStatus.REQUESTED)).text
    await group.taps("Approve")
    await world.settled()
    number = int(kari.last(showing(RentalStatus.APPROVED)).text.split()[1])
    await write(world, lambda s: checkout.hand_out(Tx(s, world.clock.now(), actor(s, world, "Lars")), number))
    for person in (kari, group):
        assert "T2" in person.last(showing(RentalStatus.OUT)).text
