"""Items on a phone: found by code or label, their card, and what losing one means to others."""

import pytest
from sqlalchemy import select

from db.models import Equipment, Item
from db.states import Condition
from handlers.inventory.views import cards, forms, items
from handlers.maintenance import damage_views
from handlers.rentals.late import views as late_conflicts_views
from handlers.ui import refusals
from services.core.errors import Refused
from tests.e2e.arrange import approved, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.inventory.look_up import item
from tests.e2e.seen import asking, carrying, refusal, wording


@pytest.mark.parametrize("words", ["T1", "t1", "  t1 "])
async def test_a_code_leads_to_the_item(sqlite_world: World, words: str) -> None:
    """As it is written, or with other capitals."""
    anna = sqlite_world["Anna"]
    await anna.types(f"/inventory {words}")
    await anna.sees("T1 · Tent")


async def test_an_item_tells_where_it_is(sqlite_world: World) -> None:
    """With whom and until when; who gets it next; and the list of items says so in short."""
    world = sqlite_world
    await handed_out(world, pieces=1)
    await approved(world, "Ola", first=5, last=7, pieces=1)
    anna = world["Anna"]
    await anna.types("/inventory tent")
    card = await anna.sees("3 items")
    assert wording(cards.counted, "free", n=2) + ", " + wording(cards.counted, n=1) in card.text
    await anna.taps("Items (3)")
    await anna.sees("3 items")
    await anna.taps("T1 · Kari Berg until Thu 3 Dec")
    card = await anna.sees("T1 · Tent")
    assert "With Kari Berg until Thu 3 Dec 20:00 (rental 1)" in card.text
    await anna.taps(carrying("items"))
    await anna.sees("3 items")


async def test_what_is_out_is_not_retired(world: World) -> None:
    """Nor taken to repair, nor its equipment retired: the card says who has it, and until when."""
    await handed_out(world, pieces=1)
    anna = world["Anna"]
    await anna.types("/inventory T1")
    await anna.taps(carrying("retire"))
    told = refusal(Refused.ITEM_IS_WITH, code="T1", name="Kari Berg", due_at="2026-12-03T19:00:00+00:00")
    await anna.sees(told)
    await anna.taps("In repair")
    await world.settled()
    assert told in anna.last().text
    assert item(world, "T1").condition is Condition.OK
    await anna.taps(carrying("equipment"))
    await anna.sees("3 items")
    await anna.taps(carrying("retire"))
    await anna.sees(told)
    await anna.types("T1")
    await anna.taps("Damaged")
    await anna.sees("Condition: damaged")


async def test_what_is_out_is_lost_on_its_card(world: World) -> None:
    """After reading who has it; found again with a tap on its condition."""
    number = await handed_out(world, pieces=1)
    anna = world["Anna"]
    await anna.types("/inventory T1")
    await anna.taps(carrying("set", "lost"))
    await anna.sees(wording(forms.surely_item, id=number, name="Kari Berg"))
    await anna.taps(carrying("card"))
    await world.settled()
    assert item(world, "T1").condition is Condition.OK
    await anna.taps(carrying("set", "lost"))
    await anna.taps(carrying("yes"))
    await anna.sees("Condition: lost")
    await world.settled()
    assert "✖️ Lost" in world["Kari"].last(f"Rental {number}").text
    await anna.taps("Damaged")
    await anna.sees("Condition: damaged")
    await world.settled()
    assert item(world, "T1").condition is Condition.DAMAGED


async def test_damages_are_on_the_card(world: World) -> None:
    """Problem, what is wrong, a photo: on the card of the thing until Repaired; the picture is a tap away."""
    anna = world["Anna"]
    await anna.types("/inventory T1")
    await anna.taps("Problem")
    await anna.sees(wording(damage_views.what_is_wrong, about="T1"))
    await anna.types("Torn <b>")
    await anna.sees(asking("problem.photo"))
    await anna.sends_photo()
    await anna.sees("“Torn <b>” (Anna Berg, Tue 1 Dec)")
    await world.settled()
    assert item(world, "T1").condition is Condition.DAMAGED
    await anna.taps("📷")
    await world.settled()
    assert anna.last("“Torn <b>”").photo is not None
    await anna.taps("Repaired: Torn <b>")
    await anna.sees("Condition: fine")
    await world.settled()
    assert item(world, "T1").condition is Condition.OK
    await anna.taps("Problem")
    await anna.taps("Cancel")
    await anna.sees("Condition: fine")


async def test_who_would_lose_it_is_named_first(world: World) -> None:
    """In repair in two taps more, after reading whom it hits; they are told why. No leaves all as it was."""
    await requested(world, "Kari", what="Stove")
    anna = world["Anna"]
    await anna.types("/inventory S1")
    await anna.taps("In repair")
    asked = await anna.sees(
        wording(
            forms.surely_item,
            code="S1",
            condition=wording(refusals.condition_name, Condition.IN_REPAIR),
            name=...,
        )
    )
    assert "Rental 1, Kari Berg" in asked.text
    async with world.unchanged():
        await anna.taps(carrying("card"))
        await anna.sees("Condition: fine")
    await requested(world, "Ola", what="Stove", first=6, last=7)
    await anna.taps("In repair")
    asked = await anna.sees(
        wording(
            forms.surely_item,
            code="S1",
            condition=wording(refusals.condition_name, Condition.IN_REPAIR),
            name=...,
        )
    )
    assert "Rental 1, Kari Berg" in asked.text and "Rental 2, Ola Berg" in asked.text
    await requested(world, "Lars", what="Stove", first=9, last=10)
    await anna.taps(carrying("yes"), message=asked)
    await anna.taps(carrying("yes"), message=asked)
    await anna.sees("Rental 3, Lars Berg")
    await world.settled()
    assert item(world, "S1").condition is Condition.OK
    await anna.taps(carrying("yes"))
    await anna.sees(wording(items.item_card, condition=wording(refusals.condition_name, Condition.IN_REPAIR)))
    await world.settled()
    for who in ("Kari", "Ola", "Lars"):
        assert (
            "Reason: In repair"
            in world[who].last(wording(late_conflicts_views.withdrawn, id=..., period=..., what=...)).text
        )


async def test_who_can_have_another_is_not_troubled(sqlite_world: World) -> None:
    """A tent is promised, there are three: one tap takes it to repair, and the member keeps a tent."""
    world = sqlite_world
    await requested(world, "Kari")
    anna = world["Anna"]
    await anna.types("/inventory T1")
    await anna.sees(wording(items.where_lines, id=..., name="Kari Berg", period=...))
    await anna.taps("In repair")
    card = await anna.sees(
        wording(items.item_card, condition=wording(refusals.condition_name, Condition.IN_REPAIR))
    )
    assert "Promised" not in card.text
    assert (
        wording(refusals, Refused.ITEM_NOT_LENDABLE, code=..., condition=...)
        not in world["Kari"].transcript()
    )


async def test_a_label_leads_an_admin_to_the_items_card(sqlite_world: World) -> None:
    """One more button for them, on the screen that everybody gets; the basket stays empty."""
    world = sqlite_world
    token = item(world, "S1").label_token
    await world["Kari"].opens(f"i_{token}")
    await world["Kari"].sees(asking("rent.first"))
    assert "Inventory" not in world["Kari"].button_labels()
    anna = world["Anna"]
    await anna.opens(f"i_{token}")
    await anna.sees("S1 · Stove")
    await anna.taps("Inventory")
    await anna.sees("S1 · Stove")
    await anna.taps("In repair")
    await anna.sees(wording(items.item_card, condition=wording(refusals.condition_name, Condition.IN_REPAIR)))
    await anna.taps(carrying("equipment"))
    await anna.sees(
        wording(cards.counted, "items", n=1) + ": " + wording(cards.counted, Condition.IN_REPAIR, n=1)
    )
    await anna.types("/rent")
    await anna.sees(asking("rent.pick"))


@pytest.mark.parametrize("what", ["item", "equipment"])
async def test_a_label_of_what_cannot_be_lent(sqlite_world: World, what: str) -> None:
    """Leads an admin straight to the item's card, which is where something can be done about it."""
    world = sqlite_world
    token = item(world, "S1").label_token
    if what == "item":
        await write(
            world,
            lambda s: setattr(
                s.scalars(select(Item).filter_by(code="S1")).one(), "condition", Condition.LOST
            ),
        )
    else:
        now = world.clock.now()
        await write(
            world,
            lambda s: setattr(s.scalars(select(Equipment).filter_by(name="Stove")).one(), "retired_at", now),
        )
    await world["Anna"].opens(f"i_{token}")
    told = {"item": "Condition: lost", "equipment": wording(items.item_card, "equipment_retired")}
    await world["Anna"].sees(told[what])
