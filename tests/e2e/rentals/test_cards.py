"""A rental's messages to its member: few that ring, and none that offers what is over."""

from datetime import timedelta

from sqlalchemy.orm import Session

from db.states import RentalStatus
from handlers.ui.callbacks import Verb
from sandbox.person import find
from sandbox.world.records import Message
from services.core.tx import Tx
from services.desk import checkin
from services.messaging import kinds
from services.rentals.changes import due_dates
from tests.e2e.arrange import actor, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.rentals.test_reminders import at, stops
from tests.e2e.seen import asking, by, of_kind, showing
from tests.factories import OSLO


def offered(message: Message) -> list[list[str]]:
    return [[button.text for button in row] for row in message.keyboard]


async def test_a_story_rings_four_times(sqlite_world: World) -> None:
    """Approved, ready, due, all done; what only answers a tap is an edit, or comes without a sound."""
    world = sqlite_world
    stops(world)
    kari, lars = world["Kari"], world.in_group("Lars")
    await kari.types("/rent tent 3.12. 5.12.")
    await kari.sees(asking("rent.basket"))
    basket = kari.last(asking("rent.basket"))
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))
    await kari.taps("Confirm", message=basket)
    assert await kari.toast() is None, "the first tap counted"
    await world.in_group("Anna").taps("Approve")
    card = await kari.sees(showing(RentalStatus.APPROVED))
    assert find(card, by(Verb.PICK_UP)) is None, "it cannot be tapped yet"
    await world.clock.advance(at(3, 8))
    assert find(await kari.sees(showing(RentalStatus.APPROVED)), by(Verb.PICK_UP)), "the same card"
    await kari.taps("Picked up", message=kari.last(of_kind(kinds.REMINDER)))
    await kari.sees(showing(RentalStatus.OUT))
    await world.settled()
    await world.clock.advance(at(5, 20))
    await kari.taps("Return", message=kari.last(of_kind(kinds.REMINDER)))
    await world.settled()
    assert all(not one.keyboard for one in world.sandbox.world.visible(kari.chat))
    await lars.taps("Confirm return")
    await kari.sees(showing(RentalStatus.RETURNED))
    await world.settled()
    to_kari = [one for one in world.sent if one.chat_id == kari.chat.id and one.sender.is_bot]
    assert [(f"{one.date.astimezone(OSLO):%a %-d %H:%M}", one.silent) for one in to_kari] == [
        ("Tue 1 09:00", True),  # the basket, which becomes the card of the request
        ("Tue 1 09:00", False),  # approved
        ("Thu 3 08:00", False),  # ready
        ("Thu 3 08:00", True),  # picked up
        ("Fri 4 09:00", True),  # the day before
        ("Sat 5 20:00", False),  # due, in place of the day before
        ("Sat 5 20:00", True),  # returned
        ("Sat 5 20:00", False),  # all done
    ]
    # What is too old to be deleted is a line; the reminder tells how it ended, the card all.
    shown = [one.text.split("\n") for one in world.sandbox.world.visible(kari.chat) if one.sender.is_bot]
    assert [len(lines) for lines in shown] == [1, 1, 4]


async def test_a_reminder_shows_what_is_left(sqlite_world: World) -> None:
    """The buttons of a rental go once it is settled, by anybody, anywhere; others stay in their rows."""
    world = sqlite_world
    stops(world)
    first, second = await handed_out(world, last=2), await handed_out(world, last=2)
    await world.clock.advance(at(3, 20))
    reminder = world["Kari"].last(of_kind(kinds.REMINDER))
    both = offered(reminder)
    assert len(both) == 4
    rings = len(world.rings("Kari"))

    def back(session: Session) -> None:
        checkin.take_back(Tx(session, world.clock.now(), actor(session, world, "Lars")), first)

    def longer(session: Session) -> None:
        tx = Tx(session, world.clock.now(), actor(session, world, "Anna"))
        due_dates.give(tx, second, world.clock.now() + timedelta(days=2))

    await write(world, back)
    left = world["Kari"].chat.messages[reminder.id]
    name = f"Tent · Tue 1 Dec ({first})"
    assert offered(left) == [[f"✓ {name}"], [f"Show: {name}"], *both[2:]]
    assert len(world.rings("Kari")) == rings + 1
    await write(world, longer)
    assert offered(left) == []
    assert not left.deleted
    # It is due again, and so reminded of anew: the old message goes, with all that it told.
    await world.clock.advance(at(5, 20))
    assert left.deleted
    assert offered(world["Kari"].last(of_kind(kinds.REMINDER))) == [["Return", "Extend", "Problem"]]
