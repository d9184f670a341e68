"""Promises to somebody who may not borrow any more, as people see it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from db.models import Rental
from db.states import RentalStatus
from handlers.desk import worklist_views
from handlers.ui.callbacks import Verb
from handlers.ui.sentences import obstacles
from sandbox.person import find
from sandbox.world.records import Message
from services.core.tx import Tx
from services.desk.worklist import Task
from services.members import suspensions
from services.messaging import notifications
from tests.e2e.arrange import actor, approved, write
from tests.e2e.conftest import World
from tests.e2e.members.test_members import opened
from tests.e2e.seen import by, carrying, of_kind, showing, wording


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


async def test_the_desk_is_not_offered_what_would_be_refused(sqlite_world: World) -> None:
    """The group's card, the day's list and the thing's card say why, and none of them offers Hand out."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number = await approved(world, first=0)

    def suspend(session: Session) -> None:
        tx = Tx(session, world.clock.now(), actor(session, world, "Anna"))
        kari = actor(session, world, "Kari").user_id
        suspensions.suspend(tx, kari, reason="", until=tx.now + timedelta(days=30))

    def says_why(message: Message) -> None:
        assert wording(obstacles.of_member, "SUSPENDED", name="Kari Berg", day=...) in message.text
        offers = (Verb.HAND_OUT, Verb.ITEM_OUT, Verb.SOME_OUT, Verb.DESK)
        assert not any(by(verb)(button) for verb in offers for button in message.buttons)

    before = world.in_group("Lars").last(showing(RentalStatus.APPROVED, number))
    assert find(before, by(Verb.HAND_OUT)) is not None
    await write(world, suspend)
    says_why(world.in_group("Lars").last(showing(RentalStatus.APPROVED, number)))
    await lars.types("/desk")
    says_why(await lars.sees(wording(worklist_views._heading, Task.HAND_OUT, n=1)))
    await lars.types("/handout T1")
    says_why(await lars.sees(of_kind(notifications.ITEM_CARD)))
