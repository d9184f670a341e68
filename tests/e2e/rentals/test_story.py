"""The whole story, as its people live it: typed, tapped, read."""

from datetime import timedelta

import pytest

from tests.e2e.conftest import World


@pytest.mark.both_databases
async def test_a_tent_is_rented_and_comes_back(world: World) -> None:
    """Kari asks, Anna approves, Kari picks up and returns, Lars confirms; everybody reads what they need."""
    kari, ola = world["Kari"], world["Ola"]
    await kari.types("/rent tent")
    await kari.sees("From which day?")
    await kari.taps("3")
    await kari.sees("Until which day?")
    await kari.taps("5")
    await kari.sees("Your basket")
    await kari.taps("Confirm")
    await kari.sees("Waiting for an answer")

    anna = world.in_group("Anna")
    asked = await anna.sees("Kari Berg")
    assert "Tent" in asked.text
    assert "never late" in asked.text
    await anna.taps("Approve")
    await anna.sees("Approved by Anna Berg")
    await kari.sees("Approved by Anna Berg")

    await world.clock.advance(world.clock.now() + timedelta(days=2))
    await kari.sees("is ready for you")
    await kari.taps("Picked up")
    await kari.sees("Out, due")
    await kari.taps("Return")
    await kari.sees("waiting for a lender")
    lars = world.in_group("Lars")
    await lars.sees("Returned, waiting")
    await lars.taps("Confirm return")
    await lars.sees("Returned, all done")
    await kari.sees("Returned, all done")
    await ola.types("/rentals")
    await ola.sees("You have no rentals now")
