"""A month without the program: what still matters is said, once and together, and nothing floods a phone."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Rental
from db.states import RentalStatus
from handlers.rentals import reminder_views
from services.core.tx import Tx
from services.messaging import notifications
from tests.e2e.arrange import approved, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.rentals.test_reminders import at, digests, reminded, without_program
from tests.e2e.seen import wording


async def test_a_month_off(sqlite_world: World) -> None:
    """Three things overdue are one message. Of five rentals that ended weeks ago the last one rings, and the
    cards of the others change where they are; the group reads one list. Then it is quiet.
    """
    world = sqlite_world
    for last in (2, 3, 5):
        await handed_out(world, "Kari", last=last)
    asked = [await requested(world, "Ola", first=first, last=first + 1) for first in (3, 9, 12, 14)]
    await write(world, partial(shown, world, asked))
    await approved(world, "Ola", first=2, last=4)
    await world.settled()
    before = len(world.sent)
    await without_program(world, at(32, 10))
    came = world.sent[before:]
    overdue = wording(reminder_views._sentence, moment="Thu 3 Dec 2026 20:00", what="Tent")
    assert [text for _, text in reminded(world, "Kari")] == [overdue]
    assert len(digests(world)) == 1
    chats = [world["Kari"].chat.id, world["Ola"].chat.id, world.group.id]
    assert sorted(message.chat_id for message in came) == sorted(chats)
    ended = await world.database.read(
        lambda s: s.scalars(select(Rental.id).filter_by(status=RentalStatus.EXPIRED)).all()
    )
    assert len(ended) == 5
    cards = [world.sandbox.transcript(world["Ola"].chat).count(f"Rental {number}\n") for number in ended]
    assert cards == [1] * 5
    before = len(world.sent)
    await world.clock.advance(world.clock.now() + timedelta(hours=2))
    await world.program.wake_sweep()
    await world.settled()
    assert world.sent[before:] == []


def shown(world: World, rentals: list[int], session: Session) -> None:
    """Their member has a card of each, as whoever asks in the chat."""
    for rental in rentals:
        tx = Tx(session, world.clock.now(), within=world.organization_id)
        notifications.update_member_card(tx, session.get_one(Rental, rental))
