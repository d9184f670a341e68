"""The whole story, as its people live it: typed, tapped, read."""

from datetime import timedelta

import pytest

from db.states import RentalStatus
from handlers.rentals import card_views, lists, reminder_views
from tests.e2e.conftest import World
from tests.e2e.seen import asking, showing, wording


@pytest.mark.both_databases
async def test_a_tent_is_rented_and_comes_back(world: World) -> None:
    """Kari asks, Anna approves, Kari picks up and returns, Lars confirms; everybody reads what they need."""
    kari, ola = world["Kari"], world["Ola"]
    await kari.types("/rent tent")
    await kari.sees(asking("rent.first"))
    await kari.taps("3")
    await kari.sees(asking("rent.last"))
    await kari.taps("5")
    await kari.sees(asking("rent.basket"))
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))

    anna = world.in_group("Anna")
    asked = await anna.sees("Kari Berg")
    assert "Tent" in asked.text
    assert wording(card_views._record, "not") in asked.text
    await anna.taps("Approve")
    await anna.sees("Approved by Anna Berg")
    await kari.sees("Approved by Anna Berg")

    await world.clock.advance(world.clock.now() + timedelta(days=2))
    await kari.sees(wording(reminder_views._sentence, what=...))
    await kari.taps("Picked up")
    await kari.sees(showing(RentalStatus.OUT))
    await kari.taps("Return")
    await kari.sees(wording(card_views.status_line, "waiting_back"))
    lars = world.in_group("Lars")
    await lars.sees(wording(card_views.status_line, "waiting_back"))
    await lars.taps("Confirm return")
    await lars.sees(showing(RentalStatus.RETURNED))
    await kari.sees(showing(RentalStatus.RETURNED))
    await ola.types("/rentals")
    await ola.sees(wording(lists.mine, "not"))
