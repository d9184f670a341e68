"""One line after /rent: nothing else moves, and nothing is taken that was not understood."""

from db.states import RentalStatus
from sandbox.person import fits
from services.core.errors import Refused
from tests.e2e.conftest import World
from tests.e2e.seen import asking, refusal, saying, showing


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


async def test_what_was_said_before_stays(sqlite_world: World) -> None:
    """Days of the list, the hour of the first day, and the number of a thing; a command is none of a day."""
    kari = sqlite_world["Kari"]
    await kari.types("stove tonight")
    assert "18:00" in (await kari.sees(asking("rent.last"))).text
    await kari.types("avbryt")
    await kari.types("weekend")
    await kari.sees(asking("rent.pick"))
    await kari.types("2 tents")
    card = await kari.sees(asking("rent.basket"))
    assert "2 × Tent" in card.text and "4 Dec" in card.text and "6 Dec" in card.text
    await kari.types("just one")
    assert "1 × Tent" in (await kari.sees(asking("rent.basket"))).text
    await kari.types("confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))
    await kari.types("2 stoves")
    await kari.sees(asking("rent.first"))
    await kari.types("cancel my tent")
    await kari.sees(saying("surely"))
