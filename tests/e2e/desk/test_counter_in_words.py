"""The counter in a lender's own words: to the last question, and never further.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

import pytest

from handlers.desk.item_card_views import Verb as ItemVerb
from handlers.ui.callbacks import Verb
from services.messaging import notifications
from tests.e2e.arrange import approved, handed_out
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, of_kind, saying

CHECK, UNTIL, CARD = (asking(f"hand_out_now.{state}") for state in ("check", "until", "card"))
PIECES = of_kind(notifications.PIECES_CARD)
DESK, ITEM = of_kind(notifications.DESK_CARD), of_kind(notifications.ITEM_CARD)


async def test_what_is_given(sqlite_world: World) -> None:
    """In full it is one tap; of several pieces one is tapped; what waits for the member is shown."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await lars.types("give Ola the stove until friday")
    assert "4 Dec" in (await lars.sees(CHECK)).text
    await lars.types("cancel")
    await lars.types("Ola needs T2")
    await lars.sees(UNTIL)
    await lars.types("cancel")
    await lars.types("hand out a tent to Ola Berg for 3 days")
    await lars.sees(PIECES)
    await lars.taps(by(ItemVerb.HAND_OUT_NOW))
    assert "Ola" in (await lars.sees(CHECK)).text
    await lars.types("cancel")
    kari = await approved(world, first=0, last=2)
    await lars.types("give Kari her tent")
    assert any(by(Verb.HAND_OUT, kari)(one) for one in (await lars.sees(DESK)).buttons)
    await lars.types("give Kari a stove from friday to sunday")
    assert "Kari" in (await lars.sees(asking("rent.basket"))).text


async def test_what_comes_back(sqlite_world: World) -> None:
    """The rental, the thing or the member that it is about, with what can be done."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    kari = await handed_out(world)
    for said in (
        *("Kari is back with the tent", "the tent from Kari is back", "the tent is back"),
        *("Kari's tent is back", "received the tent from Kari", "Kari is returning the tent"),
    ):
        await lars.types(said)
        assert any(by(Verb.TAKE_BACK, kari)(one) for one in (await lars.sees(DESK)).buttons)
    await lars.types("Kari returned T1")
    assert any(by(Verb.TAKE_BACK)(one) for one in (await lars.sees(ITEM)).buttons)
    await lars.types("Kari is back")
    await lars.sees(CARD)
    await lars.types("Ola brought back the tent")
    assert "Ola" in (await lars.sees(CARD)).text


@pytest.mark.parametrize("said", ["give Ola a tent", "Ola is back with the tent", "I returned the tent"])
async def test_members_have_no_counter(sqlite_world: World, said: str) -> None:
    """Nobody hands out to others, or learns what they have, without the role."""
    kari = sqlite_world["Kari"]
    await kari.types(said)
    await sqlite_world.settled()
    assert not any(look(kari.last()) for look in (CHECK, UNTIL, CARD, PIECES, DESK, ITEM))


async def test_nobody_of_that_name(sqlite_world: World) -> None:
    lars = sqlite_world["Lars"]
    await lars.types("give Nobody a flurble")
    await lars.sees(saying("not_understood"))
