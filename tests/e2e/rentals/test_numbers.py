"""The number of a rental, as its people meet it."""

from sqlalchemy import select

from db.models import Rental
from db.states import RentalStatus
from handlers.rentals.requests import approval
from tests.e2e.conftest import World
from tests.e2e.seen import asking, of_kind, showing, wording


async def test_shown_and_typed(sqlite_world: World) -> None:
    """After a basket that was discarded the first rental is number 1, for all who read and write of it."""
    world, kari, lars = sqlite_world, sqlite_world["Kari"], sqlite_world["Lars"]
    await kari.types("/rent tent 1.12. 3.12.")
    await kari.sees(asking("rent.basket"))
    await kari.types("/cancel")
    await kari.types("/rent tent 1.12. 3.12.")
    await kari.sees(asking("rent.basket"))
    await kari.taps("Confirm")
    asked = await kari.sees(showing(RentalStatus.REQUESTED))
    await world.settled()
    known = world.database.read_now(
        lambda session: session.execute(select(Rental.id, Rental.number).order_by(Rental.id)).all()
    )
    assert [tuple(one) for one in known] == [(1, None), (2, 1)]
    assert "Rental 1" in asked.text
    assert "Rental 1 " in world.in_group("Anna").last(showing(RentalStatus.REQUESTED)).text
    await kari.types("/cancel 1")
    await kari.sees(wording(approval.surely, id=1))
    await world.in_group("Anna").taps("Approve")
    await kari.sees(showing(RentalStatus.APPROVED))
    await lars.types("/handout 1")
    await lars.sees(of_kind("desk"))
    await lars.taps("Hand out")
    await kari.sees(showing(RentalStatus.OUT))
    await kari.types("/return #1")
    await kari.taps("Return")
    await world.settled()
    assert world.database.read_now(lambda session: session.get_one(Rental, 2).number) == 1
