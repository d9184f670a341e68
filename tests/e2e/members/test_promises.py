"""Promises to somebody who may not borrow any more, as people see it."""

from db.models import Rental
from db.states import RentalStatus
from handlers.ui.callbacks import Verb
from handlers.ui.sentences import obstacles
from sandbox.person import find
from tests.e2e.arrange import approved
from tests.e2e.conftest import World
from tests.e2e.members.test_members import opened
from tests.e2e.seen import by, carrying, showing, wording


async def test_a_suspension_asks_what_becomes_of_it(sqlite_world: World) -> None:
    """Kari reads it on her card, without Picked up; on hers Anna reads what is kept, and one tap frees it."""
    world = sqlite_world
    kari, anna = world["Kari"], world["Anna"]
    number = await approved(world)
    await kari.types("/rentals")
    await kari.taps(by(Verb.SHOW_RENTAL, number))
    await kari.sees(showing(RentalStatus.APPROVED, number))
    await opened(world, "Anna", "Kari")
    await anna.taps(carrying("suspend"))
    await anna.taps(carrying("why"))
    await anna.taps(carrying("days", 30))
    told = await anna.sees(wording(obstacles.of_member, "SUSPENDED", name="Kari Berg", day=...))
    # Not where the days were tapped, maybe twice.
    assert carrying("free")(told.buttons[-1])
    card = await kari.sees(wording(obstacles.for_member, "SUSPENDED", day=...))
    assert find(card, by(Verb.PICK_UP)) is None
    await anna.taps(carrying("free"))
    await kari.sees(showing(RentalStatus.CANCELLED, number))
    await world.settled()
    rental = await world.database.read(lambda session: session.get_one(Rental, number))
    assert rental.status is RentalStatus.CANCELLED
