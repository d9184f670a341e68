"""A return that nobody confirms, as people see it."""

import pytest

from db.states import RentalStatus
from handlers.rentals import lists
from handlers.ui.callbacks import Verb
from services.desk import checkin
from services.messaging import kinds
from services.rentals import reminders
from tests.e2e.conftest import World
from tests.e2e.rentals.test_late_conflicts import only_stove, passes, status
from tests.e2e.seen import by, of_kind, showing, wording


async def kari_returns(world: World, number: int) -> None:
    await world["Kari"].types("/rentals")
    await world["Kari"].sees(wording(lists.mine))
    await world["Kari"].taps(by(Verb.SHOW_RENTAL, number))
    await world["Kari"].taps(by(Verb.RETURN, number))
    await world.settled()


@pytest.mark.both_databases(long=True)
async def test_the_next_member_says_that_she_has_it(world: World) -> None:
    """The group is asked because Ola has it next; one tap of hers, when her time begins, settles that."""
    kari, ola = await only_stove(world)
    await passes(world, 33)
    await kari_returns(world, kari)
    await passes(world, 1)
    asked = await world.in_group("Lars").sees(of_kind(kinds.UNCONFIRMED))
    assert asked.buttons
    await passes(world, 1)
    await world["Ola"].sees(of_kind(kinds.REMINDER, moment=reminders.SAID_BACK))
    await world["Ola"].taps(by(Verb.PICK_UP, ola))
    await world["Ola"].sees(showing(RentalStatus.OUT, ola))
    await world["Kari"].sees(showing(RentalStatus.RETURNED, kari))
    await world.settled()
    assert (status(world, kari), status(world, ola)) == (RentalStatus.RETURNED, RentalStatus.OUT)
    # The group's question is settled with it.
    assert not world.group.messages[asked.id].buttons


async def test_a_lender_does_not_find_it(sqlite_world: World) -> None:
    """One tap, and Kari reads so, with Return on the message."""
    world = sqlite_world
    kari, _ = await only_stove(world)
    await passes(world, 33)
    await kari_returns(world, kari)
    await passes(world, 1)
    await world.in_group("Lars").sees(of_kind(kinds.UNCONFIRMED))
    await world.in_group("Lars").taps(by(Verb.NOT_BACK, kari))
    await world["Kari"].sees(of_kind(checkin.CONTRADICTED))
    await world["Kari"].taps(by(Verb.RETURN, kari))
    await world.settled()
    assert status(world, kari) is RentalStatus.OUT
