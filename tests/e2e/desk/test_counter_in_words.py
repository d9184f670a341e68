"""The counter in a lender's own words: to the last question, and never further.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

import pytest

from handlers.desk.item_card_views import Verb as ItemVerb
from handlers.ui.callbacks import Verb
from services.core.errors import Refused
from services.messaging import notifications
from tests.e2e.arrange import approved, handed_out
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, carrying, of_kind, saying

CHECK, UNTIL, CARD, WHO, THING = (
    asking(f"hand_out_now.{state}") for state in ("check", "until", "card", "who", "thing")
)
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
    await lars.sees(THING)  # and nothing else to tap
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


async def test_hand_out_now_on_the_worklist(sqlite_world: World) -> None:
    """The member is the first question; a hand-out that has begun comes back."""
    lars = sqlite_world["Lars"]
    await lars.types("/handout")
    await lars.sees(of_kind(notifications.DAY_CARD))
    await lars.taps(by(ItemVerb.HAND_OUT_NOW, 0))
    await lars.sees(WHO)
    await lars.types("Ola")
    await lars.sees(CARD)
    await lars.taps(carrying("thing"))
    await lars.sees(THING)
    await lars.types("T2")
    await lars.sees(UNTIL)
    await lars.types("/desk")
    await lars.taps(by(ItemVerb.HAND_OUT_NOW, 0))
    assert "T2" in (await lars.sees(UNTIL)).text
    await lars.types("cancel")
    await lars.types("/desk")
    await lars.taps(by(ItemVerb.HAND_OUT_NOW, 0))
    await lars.types("T2")
    assert "T2" in (await lars.sees(WHO)).text
    await lars.types("Ola")
    await lars.sees(UNTIL)


async def test_in_the_middle_of_something(sqlite_world: World) -> None:
    """A sentence of the counter is followed, whatever was asked; for the same member, it joins."""
    lars = sqlite_world["Lars"]
    await lars.types("give Ola T1 until friday")
    await lars.sees(CHECK)
    await lars.types("give Ola T2")
    both = (await lars.sees(CHECK)).text
    assert "T1" in both and "T2" in both and "4 Dec" in both
    await lars.types("give Kari T3 until further notice")
    other = (await lars.sees(CHECK)).text
    assert "Kari" in other and "T1" not in other
    await lars.types("/rent")
    await lars.types("give Ola T1 until friday")
    assert "Ola" in (await lars.sees(CHECK)).text


async def test_somebody_who_is_no_member(sqlite_world: World) -> None:
    """The thing and the day are kept, and the card says that nobody is called so."""
    lars = sqlite_world["Lars"]
    for said in (
        *("give Per Hansen the T1 until friday", "hand out T1 to Per Hansen until friday"),
        "give Per Hansen T1 until friday",
    ):
        await lars.types(said)
        asked = await lars.sees(WHO)
        assert "T1" in asked.text and "Per Hansen" in asked.text
        await lars.types("Ola")
        assert "4 Dec" in (await lars.sees(CHECK)).text
        await lars.types("cancel")
    await lars.types("give Per Hansen a tent")
    await lars.sees(PIECES)
    await lars.taps(by(ItemVerb.HAND_OUT_NOW))
    assert "Per Hansen" in (await lars.sees(WHO)).text


async def test_what_came_back_with_harm(sqlite_world: World) -> None:
    """It is shown with its button for a problem; a member's report is one in the middle of other things."""
    world, lars, kari = sqlite_world, sqlite_world["Lars"], sqlite_world["Kari"]
    rental = await handed_out(world)
    for said in ("Kari is back with the tent, a pole is broken", "Kari brought the tent but it is torn"):
        await lars.types(said)
        assert any(by(Verb.TAKE_BACK, rental)(one) for one in (await lars.sees(DESK)).buttons)
    await kari.types("/extend")
    await kari.sees(asking("extend.ask"))
    await kari.types("a pole is broken")
    await kari.sees(asking("problem.photo"))


async def test_several_things_at_once(sqlite_world: World) -> None:
    """Sure pieces are on the card at once; which of several it is, is tapped; what waits stays."""
    lars = sqlite_world["Lars"]
    await lars.types("give Ola two tents and a stove until friday")
    asked, pieces = await lars.sees(CHECK), await lars.sees(PIECES)
    assert "S1" in asked.text and "T1" not in asked.text and "4 Dec" in asked.text
    for code in ("T1 · Tent", "T3 · Tent"):
        await lars.taps(code, pieces)
        await sqlite_world.settled()
    shown = (await lars.sees(CHECK)).text
    assert all(code in shown for code in ("S1", "T1", "T3"))
    await lars.types("cancel")
    await lars.types("give Kari T1 and T2 and P1")
    shown = (await lars.sees(UNTIL)).text
    assert all(code in shown for code in ("T1", "T2", "P1"))
    await lars.types("cancel")
    await lars.types("T3")
    await lars.taps(by(ItemVerb.HAND_OUT_NOW), await lars.sees(ITEM))
    await lars.sees(WHO)
    await lars.types("give Ola the stove until sunday")
    both = (await lars.sees(CHECK)).text
    assert "T3" in both and "S1" in both and "Ola" in both


async def test_what_is_not_known_beside_it(sqlite_world: World) -> None:
    """It is named, and the rest goes on: things of a sentence, and codes below each other."""
    lars = sqlite_world["Lars"]
    await lars.types("give Ola two ropes and a stove until sunday")
    asked = (await lars.sees(CHECK)).text
    assert all(one in asked for one in ("S1", "ropes", "6 Dec"))
    await lars.types("T2, T3 K9")
    asked = (await lars.sees(CHECK)).text
    assert all(one in asked for one in ("S1", "T2", "T3", "K9"))
    await lars.types("cancel")
    for said in ("T2 T3 K9", "T2\nT3\nK9", "T2 K9"):
        await lars.types(said)
        asked = (await lars.sees(asking("hand_out_now.things"))).text
        assert "T2" in asked and "K9" in asked
        await lars.types("cancel")


async def test_no_thanks_for_an_answer_that_was_none(sqlite_world: World) -> None:
    """`ok` hands nothing out, and nobody may believe that it did; a command is heard."""
    lars = sqlite_world["Lars"]
    await lars.types("give Ola T1 until friday")
    await lars.sees(CHECK)
    await lars.types("ok")
    await lars.sees(asking("hand_out_now.check", Refused.NOT_FOUND))
    await lars.types("what needs doing?")
    await lars.sees(of_kind(notifications.DAY_CARD))
