"""Renting kits, by hand and on one line; and keeping them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Kit, Rental
from db.states import RentalStatus
from handlers.inventory.views import cards, forms
from handlers.inventory.views import kits as kits_views
from handlers.rentals.booking import views
from handlers.rentals.booking.basket import basket_views
from handlers.ui import refusals, routes
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import kits
from tests.e2e.arrange import actor, requested, write
from tests.e2e.conftest import World
from tests.e2e.inventory.inventory_steps import enters, made_kit
from tests.e2e.seen import asking, carrying, refusal, showing, wording


async def test_a_kit_on_one_line_and_one_tap(world: World) -> None:
    """A message and a tap: both see the kit, and what belongs to it."""
    await made_kit(world)
    kari = world["Kari"]
    await kari.types("/rent camping kit tomorrow 3 days")
    basket = await kari.sees(asking("rent.basket"))
    assert "• 1 × 🧰 Camping kit: 2 × Tent, 1 × Stove" in basket.text
    await kari.taps("Confirm")
    await kari.sees("• 1 × 🧰 Camping kit: 2 × Tent, 1 × Stove")
    group = await world.in_group("Anna").sees("• 1 × 🧰 Camping kit: 2 × Tent, 1 × Stove")
    assert "Codes" not in group.text
    await world.in_group("Anna").taps("Approve")
    await kari.sees("Codes: T1, T2, S1")


async def test_several_kits_on_one_line(sqlite_world: World) -> None:
    """As many as were written; the part that is missing for more is named, and two are in it."""
    world = sqlite_world
    await made_kit(world, {"Tent": 1, "Tarpaulin 3×4": 1})
    kari = world["Kari"]
    await kari.types("/rent camping kit x2 tomorrow 3 days")
    assert (
        "• 2 × 🧰 Camping kit: 2 × Tent, 2 × Tarpaulin 3×4" in (await kari.sees(asking("rent.basket"))).text
    )
    await kari.types("/rent x3 Camping Kit tomorrow 3 days")
    basket = await kari.sees(
        refusal(Refused.NOT_ENOUGH, name="Tarpaulin 3×4", wanted=3, pieces=2, kit="Camping kit")
    )
    assert "• 2 × 🧰 Camping kit" in basket.text
    await kari.types("/rent camping kit x0 tomorrow 3 days")
    await kari.sees(refusal(Refused.OUT_OF_RANGE, least=1, most=2))


async def test_a_kit_is_tapped_in_the_list(sqlite_world: World) -> None:
    """It is marked there, with how many can be had; its card tells what belongs to it, before the days."""
    world = sqlite_world
    await made_kit(world)
    kari = world["Kari"]
    await kari.types("/rent")
    await kari.sees(asking("rent.pick"))
    assert kari.button_labels()[:2] == ["🧰 Camping kit · 1 of 1 free", "Stove · 1 of 1 free"]
    await kari.taps("🧰 Camping kit")
    question = await kari.sees(asking("rent.first"))
    assert (
        "🧰 Camping kit\n• 2 × Tent\n• 1 × Stove\n" + wording(views.kit_text, free=1, pieces=1)
        in question.text
    )
    await kari.taps(carrying("back"))
    await kari.types("stove")
    await kari.sees(asking("rent.first"))


async def test_more_and_fewer_of_a_kit_are_of_all_its_parts(sqlite_world: World) -> None:
    """Beside the same equipment by itself, whose number stays; the last one takes the kit out."""
    world = sqlite_world
    await made_kit(world, {"Tent": 1, "Tarpaulin 3×4": 1})
    kari = world["Kari"]
    await kari.types("/rent camping kit tomorrow 3 days")
    await kari.sees(asking("rent.basket"))
    await kari.taps(carrying("more"))
    await kari.sees(asking("rent.pick"))
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
    await kari.sees(refusal(Refused.NO_SUCH_DAY, day=31, month=2))


async def test_the_missing_part_is_named(sqlite_world: World) -> None:
    """A kit whose stove is promised to Ola is not to be had then, and the next days are a tap away."""
    world = sqlite_world
    await made_kit(world)
    await requested(world, "Ola", first=1, last=3, what="Stove")
    kari = world["Kari"]
    await kari.types("/rent camping kit 3.12. 4.12.")
    await kari.sees(
        refusal(
            Refused.NOT_FREE,
            name="Stove",
            free=0,
            next_free=["2026-12-05T07:00:00+00:00", "2026-12-06T19:00:00+00:00"],
        )
    )
    await kari.taps("→")
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))


async def test_a_retired_kit_is_not_found(sqlite_world: World) -> None:
    """Not by its name, and not by an old button; whoever had it in the basket reads that it is gone."""
    world = sqlite_world
    kit_id = await made_kit(world)
    kari = world["Kari"]
    await kari.types("/rent")
    listed = await kari.sees(asking("rent.pick"))

    def retire(session: Session) -> None:
        kit = session.get_one(Kit, kit_id)
        kits.retire(Tx(session, world.clock.now(), actor(session, world, "Anna")), kit_id, seen=kit.version)

    await write(world, retire)
    await kari.taps("🧰 Camping kit", message=listed)
    await kari.sees(refusal(Refused.NOT_FOUND))
    await kari.types("/rent camping kit")
    await kari.sees(wording(views.item_list, words="camping kit"))


async def test_an_admin_makes_a_kit(world: World) -> None:
    """Add, its name, a part and how many, another part: nine messages and taps, and members find it."""
    anna = world["Anna"]
    await enters(world, "Anna", routes.KITS)
    await anna.sees(wording(kits_views.kit_list, "words"))
    await anna.taps(carrying("new"))
    await anna.sees(asking("kits.new"))
    await anna.types("Camping kit")
    await anna.sees(wording(kits_views.pick_part, name="Camping kit"))
    await anna.taps("Tent")
    await anna.sees(wording(kits_views.ask_pieces, kit="Camping kit", name="Tent"))
    await anna.taps("2")
    card = await anna.sees("• 2 × Tent")
    assert wording(views.kit_text, free=1, pieces=1) in card.text
    await anna.taps(carrying("parts"))
    await anna.sees(wording(kits_views.pick_part, name=...))
    await anna.types("stove")
    await anna.sees(wording(kits_views.ask_pieces, kit=..., name="Stove"))
    await anna.types("many")
    await anna.sees(refusal(Refused.OUT_OF_RANGE, least=1, most=999))
    await anna.types("1")
    await anna.sees("• 1 × Stove")
    await world["Kari"].types("/items camping")
    await world["Kari"].sees(wording(views.item_list, "found", n=1, words="camping"))
    await anna.taps("+")
    await anna.sees("• 3 × Tent")
    await anna.taps(carrying("rename"))
    await anna.types("Big kit")
    await anna.sees("🧰 Big kit")
    await anna.taps(carrying("retire"))
    await anna.sees(wording(kits_views._how_many))
    await anna.taps(carrying("bring"))
    await anna.sees(wording(views.kit_text, free=1, pieces=1))
    await anna.taps(carrying("back"))
    await anna.sees(asking("kits.kits"))
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
    card = await world["Anna"].sees(refusal(Refused.CHANGED_MEANWHILE, by="Ada Berg"))
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
        await world["Lars"].taps(carrying("new"))
        assert await world["Lars"].toast() == refusal(Refused.NOT_ALLOWED, needed="admin")


async def test_lists_of_kits_page_and_are_searched(sqlite_world: World) -> None:
    """Of thirty, eight are shown at a time, and a word finds one."""
    world = sqlite_world
    for number in range(30):
        await made_kit(world, {"Tent": 1}, f"Kit {number:02}")
    anna = world["Anna"]
    await enters(world, "Anna", routes.KITS)
    await anna.sees(asking("kits.kits"))
    assert anna.button_labels()[:11] == [*(f"🧰 Kit {n:02} · 1 part" for n in range(8)), "‹", "1/4", "›"]
    await anna.taps("›")
    await anna.sees(asking("kits.kits"))
    assert anna.button_labels()[0] == "🧰 Kit 08 · 1 part"
    await anna.types("29")
    await anna.sees(asking("kits.kits"))
    assert anna.button_labels()[:2] == ["🧰 Kit 29 · 1 part", "Everything"]


@pytest.mark.both_databases
async def test_a_kit_goes_out_and_comes_back(world: World) -> None:
    """As any rental: its parts are handed out and taken back together."""
    await made_kit(world)
    kari, lars = world["Kari"], world.in_group("Lars")
    await kari.types("/rent camping kit today tomorrow")
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))
    await world.in_group("Anna").taps("Approve")
    await kari.sees(showing(RentalStatus.APPROVED))
    await lars.taps("Hand out")
    await kari.sees(showing(RentalStatus.OUT))
    await lars.taps("Take back")
    await kari.sees(showing(RentalStatus.RETURNED))
    statuses = world.database.read_now(lambda session: list(session.scalars(select(Rental.status))))
    assert statuses == [RentalStatus.RETURNED]


async def test_a_kit_in_a_basket_may_be_retired_meanwhile(sqlite_world: World) -> None:
    """Then it is not asked for; its things are kept with a tap, and can be."""
    world = sqlite_world
    kit_id = await made_kit(world)
    kari = world["Kari"]
    await kari.types("/rent camping kit tomorrow 3 days")
    await kari.sees(asking("rent.basket"))

    def retire(session: Session) -> None:
        kit = session.get_one(Kit, kit_id)
        kits.retire(Tx(session, world.clock.now(), actor(session, world, "Anna")), kit_id, seen=kit.version)

    await write(world, retire)
    await kari.taps("Confirm")
    refused = await kari.sees(refusal(Refused.KIT_RETIRED, name="Camping kit"))
    await kari.taps(carrying("loosen"))
    loose = await kari.sees("• 2 × Tent\n• 1 × Stove")
    assert (
        wording(basket_views.basket, "loosen") not in kari.button_labels()
        and wording(refusals, Refused.KIT_RETIRED, name=...) not in loose.text
    )
    await kari.taps(carrying("loosen"), message=refused)
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))


async def test_retiring_names_the_kits_that_lack_it(sqlite_world: World) -> None:
    """Before it is done, and on the cards of the item and the equipment afterwards."""
    world = sqlite_world
    await made_kit(world, {"Tent": 3, "Stove": 1})
    await made_kit(world, {"Tent": 1}, "Solo")
    anna = world["Anna"]
    await anna.types("/inventory T2")
    await anna.sees("Condition: fine")
    await anna.taps(carrying("retire"))
    asked = await anna.sees(wording(forms._kits_lost, kits="Camping kit", n=1))
    assert "Solo" not in asked.text
    await anna.taps(carrying("yes"))
    await anna.sees(wording(cards.too_few, kits="Camping kit", n=1))
    assert "Block" not in anna.button_labels()
    await anna.taps(carrying("equipment"))
    await anna.sees(wording(cards.too_few, kits="Camping kit", n=1))
    await anna.taps(carrying("retire"))
    asked = await anna.sees(wording(forms._kits_lost, kits="Solo", n=1))
    assert "Camping kit" not in asked.text
    await anna.taps(carrying("yes"))
    await anna.sees(wording(cards.too_few, kits="Camping kit, Solo", n=2))
