"""Renting kits, by hand and on one line; and keeping them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Kit, Rental
from db.states import RentalStatus
from handlers.ui import routes
from services.inventory import kits
from tests.e2e.arrange import actor, requested, write
from tests.e2e.conftest import World
from tests.e2e.inventory.inventory_steps import enters, made_kit


async def test_a_kit_on_one_line_and_one_tap(world: World) -> None:
    """A message and a tap: both see the kit, and what belongs to it."""
    await made_kit(world)
    kari = world["Kari"]
    await kari.types("/rent camping kit tomorrow 3 days")
    basket = await kari.sees("Your basket")
    assert "• 1 × 🧰 Camping kit: 2 × Tent, 1 × Stove" in basket.text
    await kari.taps("Confirm")
    await kari.sees("• 1 × 🧰 Camping kit: 2 × Tent, 1 × Stove")
    group = await world.in_group("Anna").sees("• 1 × 🧰 Camping kit: 2 × Tent, 1 × Stove")
    assert "Codes" not in group.text
    await world.in_group("Anna").taps("Approve")
    await kari.sees("Codes: T1, T2, S1")


async def test_several_kits_on_one_line(sqlite_world: World) -> None:
    """As many as were written; too many are refused by the part that is missing, and one is in the basket."""
    world = sqlite_world
    await made_kit(world, {"Tent": 1, "Tarpaulin 3×4": 1})
    kari = world["Kari"]
    await kari.types("/rent camping kit x2 tomorrow 3 days")
    assert "• 2 × 🧰 Camping kit: 2 × Tent, 2 × Tarpaulin 3×4" in (await kari.sees("Your basket")).text
    await kari.types("/rent x3 Camping Kit tomorrow 3 days")
    basket = await kari.sees("Camping kit: that takes 3 × Tarpaulin 3×4, and there are 2.")
    assert "• 1 × 🧰 Camping kit" in basket.text
    await kari.types("/rent camping kit x0 tomorrow 3 days")
    await kari.sees("Write a number from 1 to 2.")


async def test_a_kit_is_tapped_in_the_list(sqlite_world: World) -> None:
    """It is marked there, with how many can be had; its card tells what belongs to it, before the days."""
    world = sqlite_world
    await made_kit(world)
    kari = world["Kari"]
    await kari.types("/rent")
    await kari.sees("What do you need?")
    assert kari.button_labels()[:2] == ["🧰 Camping kit · 1 of 1 free", "Stove · 1 of 1 free"]
    await kari.taps("🧰 Camping kit")
    question = await kari.sees("From which day?")
    assert "🧰 Camping kit\n• 2 × Tent\n• 1 × Stove\n1 of 1 free now" in question.text
    await kari.taps("Back")
    await kari.types("stove")
    await kari.sees("From which day?")


async def test_more_and_fewer_of_a_kit_are_of_all_its_parts(sqlite_world: World) -> None:
    """Beside the same equipment by itself, whose number stays; the last one takes the kit out."""
    world = sqlite_world
    await made_kit(world, {"Tent": 1, "Tarpaulin 3×4": 1})
    kari = world["Kari"]
    await kari.types("/rent camping kit tomorrow 3 days")
    await kari.sees("Your basket")
    await kari.taps("Add more")
    await kari.sees("What do you need?")
    await kari.types("tent")
    await kari.sees("• 1 × Tent")
    await kari.taps("+")
    basket = await kari.sees("• 2 × 🧰 Camping kit: 2 × Tent, 2 × Tarpaulin 3×4")
    assert "• 1 × Tent" in basket.text
    assert "+" not in kari.button_labels()
    await kari.taps("−")
    await kari.sees("• 1 × 🧰 Camping kit: 1 × Tent, 1 × Tarpaulin 3×4")
    await kari.taps("🗑")
    left = await kari.sees("• 1 × Tent")
    assert "Camping kit" not in left.text


async def test_a_kit_whose_name_begins_like_a_length(sqlite_world: World) -> None:
    """`weekend` is no day to begin on: what is called so is meant, and what is not is said as before."""
    world = sqlite_world
    await made_kit(world, name="Weekend for two")
    kari = world["Kari"]
    await kari.types("/rent weekend")
    await kari.sees("🧰 Weekend for two\n• 2 × Tent")
    await kari.types("/rent weekend for two tomorrow 3 days")
    await kari.sees("• 1 × 🧰 Weekend for two")
    await kari.types("/rent 31.2.")
    await kari.sees("There is no 31.2.")


async def test_the_missing_part_is_named(sqlite_world: World) -> None:
    """A kit whose stove is promised to Ola is not to be had then, and the next days are a tap away."""
    world = sqlite_world
    await made_kit(world)
    await requested(world, "Ola", first=1, last=3, what="Stove")
    kari = world["Kari"]
    await kari.types("/rent camping kit 3.12. 4.12.")
    await kari.sees("Stove: none is free then.")
    await kari.taps("→")
    await kari.taps("Confirm")
    await kari.sees("Waiting for an answer")


async def test_a_retired_kit_is_not_found(sqlite_world: World) -> None:
    """Not by its name, and not by an old button; whoever had it in the basket reads that it is gone."""
    world = sqlite_world
    kit_id = await made_kit(world)
    kari = world["Kari"]
    await kari.types("/rent")
    listed = await kari.sees("What do you need?")

    def retire(session: Session) -> None:
        kit = session.get_one(Kit, kit_id)
        kits.retire(session, actor(session, world, "Anna"), world.clock.now(), kit_id, seen=kit.version)

    await write(world, retire)
    await kari.taps("🧰 Camping kit", message=listed)
    await kari.sees("I cannot find that here.")
    await kari.types("/rent camping kit")
    await kari.sees("Nothing found for “camping kit”.")


async def test_an_admin_makes_a_kit(world: World) -> None:
    """Add, its name, a part and how many, another part: nine messages and taps, and members find it."""
    anna = world["Anna"]
    await enters(world, "Anna", routes.KITS)
    await anna.sees("There are none yet. A kit is")
    await anna.taps("Add")
    await anna.sees("What is the kit called?")
    await anna.types("Camping kit")
    await anna.sees("What belongs to Camping kit?")
    await anna.taps("Tent")
    await anna.sees("How many Tent in one Camping kit?")
    await anna.taps("2")
    card = await anna.sees("• 2 × Tent")
    assert "1 of 1 free now" in card.text
    await anna.taps("Add a part")
    await anna.sees("What belongs to")
    await anna.types("stove")
    await anna.sees("How many Stove")
    await anna.types("many")
    await anna.sees("Write a number from 1 to 999.")
    await anna.types("1")
    await anna.sees("• 1 × Stove")
    await world["Kari"].types("/items camping")
    await world["Kari"].sees("1 found for “camping”.")
    await anna.taps("+")
    await anna.sees("• 3 × Tent")
    await anna.taps("Rename")
    await anna.types("Big kit")
    await anna.sees("🧰 Big kit")
    await anna.taps("Retire")
    await anna.sees("It is retired: members do not find it.")
    await anna.taps("Bring back")
    await anna.sees("1 of 1 free now")
    await anna.taps("Back")
    await anna.sees("Tap one to change it")
    assert anna.button_labels()[0] == "🧰 Big kit · 2 parts"


async def test_two_admins_change_one_kit(sqlite_world: World) -> None:
    """The second reads who was first, sees how things stand, and can tap again."""
    world = sqlite_world
    kit_id = await made_kit(world)
    for who in ("Anna", "Ada"):
        await enters(world, who, routes.KITS)
        await world[who].taps("🧰 Camping kit")
        await world[who].sees("• 2 × Tent")
    await world["Ada"].taps("+")
    await world["Ada"].sees("• 3 × Tent")
    await world["Anna"].taps("−")
    card = await world["Anna"].sees("Ada Berg has changed this meanwhile.")
    assert "• 3 × Tent" in card.text
    await world["Anna"].taps("−")
    await world["Anna"].sees("• 2 × Tent")
    version = world.database.read_now(lambda session: session.get_one(Kit, kit_id).version)
    assert version == 5


async def test_only_admins_keep_kits(sqlite_world: World) -> None:
    """Somebody whose role was taken away finds that the buttons do nothing for them."""
    world = sqlite_world
    await made_kit(world)
    async with world.unchanged():
        await enters(world, "Lars", routes.KITS)
        await world["Lars"].taps("Add")
        assert await world["Lars"].toast() == "Only an admin may do that."


async def test_lists_of_kits_page_and_are_searched(sqlite_world: World) -> None:
    """Of thirty, eight are shown at a time, and a word finds one."""
    world = sqlite_world
    for number in range(30):
        await made_kit(world, {"Tent": 1}, f"Kit {number:02}")
    anna = world["Anna"]
    await enters(world, "Anna", routes.KITS)
    await anna.sees("Tap one to change it")
    assert anna.button_labels()[:11] == [*(f"🧰 Kit {n:02} · 1 part" for n in range(8)), "‹", "1/4", "›"]
    await anna.taps("›")
    await anna.sees("Tap one")
    assert anna.button_labels()[0] == "🧰 Kit 08 · 1 part"
    await anna.types("29")
    await anna.sees("Tap one")
    assert anna.button_labels()[:2] == ["🧰 Kit 29 · 1 part", "Everything"]


@pytest.mark.both_databases
async def test_a_kit_goes_out_and_comes_back(world: World) -> None:
    """As any rental: its parts are handed out and taken back together."""
    await made_kit(world)
    kari, lars = world["Kari"], world.in_group("Lars")
    await kari.types("/rent camping kit today tomorrow")
    await kari.taps("Confirm")
    await kari.sees("Waiting for an answer")
    await world.in_group("Anna").taps("Approve")
    await kari.sees("Approved by")
    await lars.taps("Hand out")
    await kari.sees("Out, due")
    await lars.taps("Take back")
    await kari.sees("Returned, all done")
    statuses = world.database.read_now(lambda session: list(session.scalars(select(Rental.status))))
    assert statuses == [RentalStatus.RETURNED]


async def test_a_kit_in_a_basket_may_be_retired_meanwhile(sqlite_world: World) -> None:
    """Then it is not asked for; its things are kept with a tap, and can be."""
    world = sqlite_world
    kit_id = await made_kit(world)
    kari = world["Kari"]
    await kari.types("/rent camping kit tomorrow 3 days")
    await kari.sees("Your basket")

    def retire(session: Session) -> None:
        kit = session.get_one(Kit, kit_id)
        kits.retire(session, actor(session, world, "Anna"), world.clock.now(), kit_id, seen=kit.version)

    await write(world, retire)
    await kari.taps("Confirm")
    refused = await kari.sees("The kit Camping kit is not rented any more. Take it out, or keep its things")
    await kari.taps("Keep the single things")
    loose = await kari.sees("• 2 × Tent\n• 1 × Stove")
    assert "Keep the single things" not in kari.button_labels() and "not rented" not in loose.text
    await kari.taps("Keep the single things", message=refused)
    await kari.taps("Confirm")
    await kari.sees("Waiting for an answer")


async def test_retiring_names_the_kits_that_lack_it(sqlite_world: World) -> None:
    """Before it is done, and on the cards of the item and the equipment afterwards."""
    world = sqlite_world
    await made_kit(world, {"Tent": 3, "Stove": 1})
    await made_kit(world, {"Tent": 1}, "Solo")
    anna = world["Anna"]
    await anna.types("/inventory T2")
    await anna.sees("Condition: fine")
    await anna.taps("Retire")
    asked = await anna.sees("This kit cannot be rented any more then: Camping kit")
    assert "Solo" not in asked.text
    await anna.taps("Yes")
    await anna.sees("Too few for this kit: Camping kit")
    assert "Block" not in anna.button_labels()
    await anna.taps("Equipment")
    await anna.sees("Too few for this kit: Camping kit")
    await anna.taps("Retire")
    asked = await anna.sees("This kit cannot be rented any more then: Solo")
    assert "Camping kit" not in asked.text
    await anna.taps("Yes")
    await anna.sees("Too few for these kits: Camping kit, Solo")
