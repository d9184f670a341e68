"""One line after /rent: nothing else moves, and nothing is taken that was not understood."""

from sandbox.person import fits
from services.core.errors import Refused
from tests.e2e.conftest import World
from tests.e2e.seen import asking, refusal


async def test_the_days_of_a_filled_basket_stay(sqlite_world: World) -> None:
    """Other days are asked about; a second rental is begun after the first one is sent."""
    kari = sqlite_world["Kari"]
    await kari.types("/rent 2 tents 4.12. 6.12.")
    await kari.sees(asking("rent.basket"))
    await kari.types("/rent stove 11.12. 13.12.")
    card = await kari.sees(asking("rent.other_days"))
    assert "Fri 11 Dec" in card.text
    await kari.taps("Back")
    card = await kari.sees(asking("rent.basket"))
    assert "Fri 4 Dec" in card.text and "Stove" not in card.text
    await kari.types("/rent stove 11.12. 13.12.")
    await kari.sees(asking("rent.other_days"))
    await kari.taps("Confirm it, then a second rental")
    card = await kari.sees(asking("rent.basket"))
    assert "Fri 11 Dec" in card.text and "Stove" in card.text and "Tent" not in card.text


async def test_several_things_and_what_is_left_over(sqlite_world: World) -> None:
    """All things of the line are in the basket; with a word too many none is, and neither are the days."""
    kari = sqlite_world["Kari"]
    await kari.types("/rent tent zorb saturday")
    card = await kari.sees(asking("rent.pick"))
    assert refusal(Refused.NOT_UNDERSTOOD_IN_LINE, words="zorb") in card.text and "5 Dec" not in card.text
    await kari.types("/rent stove and 2 tents fri-sun")
    card = await kari.sees(asking("rent.basket"))
    assert "2 × Tent" in card.text and "Stove" in card.text and "Fri 4 Dec" in card.text


async def test_a_length_begins_when_it_can(sqlite_world: World) -> None:
    """`for 3 days` is from today."""
    kari = sqlite_world["Kari"]
    await kari.types("/rent tent for 3 days")
    card = await kari.sees(asking("rent.basket"))
    assert "Tue 1 Dec" in card.text and "Thu 3 Dec" in card.text
    assert fits(card, asking("rent.basket"))
