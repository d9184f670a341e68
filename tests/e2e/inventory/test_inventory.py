"""`/inventory` on a phone: found, added, changed, retired, brought back."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import AuditEntry, ChatAccount, Equipment, Item, Location, Photo
from db.states import Condition
from handlers.imports import views
from handlers.inventory.views import add, cards, forms
from handlers.maintenance import block_views
from handlers.rentals.booking import views as booking_views
from handlers.rentals.late import views as late_conflicts_views
from services.core.errors import Refused
from tests.e2e.arrange import brings_list, requested, write
from tests.e2e.conftest import World
from tests.e2e.inventory.look_up import equipment, item, places
from tests.e2e.seen import asking, carrying, refusal, wording
from tests.e2e.telegram.hostile.double_taps import Fingers

# What it costs


@pytest.mark.both_databases(long=True)
async def test_an_item_with_a_photo_is_added_in_eight(world: World) -> None:
    """With type and place: seven messages and taps; and it can be rented at once, with its picture."""
    await places(world, "Cellar")
    await write(world, lambda s: setattr(s.scalars(select(Equipment)).first(), "type", "Camping"))
    anna = Fingers(world["Anna"])
    await anna.types("/inventory")
    await anna.sees("Inventory")
    await anna.taps(carrying("add"))
    await anna.sees(asking("inventory.name"))
    await anna.types("Kayak")
    await anna.sees(asking("inventory.picture"))
    await anna.sends_photo()
    card = await anna.sees("New: Kayak")
    assert "Code: KAYAK-001" in card.text and wording(add.new_thing, "photo") in card.text
    await anna.taps("Camping")
    await anna.sees("Type: Camping")
    await anna.taps("📍 Cellar")
    await anna.sees("Place: Cellar")
    await anna.taps(carrying("save"))
    card = await anna.sees("Added: KAYAK-001")
    assert card.photo is not None
    assert anna.used == 7

    found = item(world, "KAYAK-001")
    kayak = equipment(world, "Kayak")
    assert (found.equipment_id, kayak.type, kayak.photo_id is not None) == (kayak.id, "Camping", True)
    assert found.location_id is not None and found.label_token
    kari = world["Kari"]
    await kari.types("/rent kayak")
    assert (await kari.sees(asking("rent.first"))).photo is not None


async def test_an_item_is_retired_in_three(world: World) -> None:
    """`/inventory CODE`, Retire, Yes; nobody is offered it any more, and it comes back in two more taps."""
    anna = Fingers(world["Anna"])
    await anna.types("/inventory t2")
    await anna.sees("T2 · Tent")
    await anna.taps(carrying("retire"))
    await anna.sees("Retire T2?")
    await anna.taps(carrying("yes"))
    await anna.sees("Condition: retired")
    assert anna.used == 3
    assert item(world, "T2").condition is Condition.RETIRED
    await world["Kari"].types("/items tent")
    await world["Kari"].sees("found")
    assert any("2 of 2 free" in label for label in world["Kari"].button_labels())
    await anna.taps(carrying("set"))
    await anna.sees("Condition: fine")
    assert item(world, "T2").condition is Condition.OK


async def test_equipment_is_retired_and_brought_back(sqlite_world: World) -> None:
    """It leaves the catalogue with its items, is listed among the retired, and comes back as it was."""
    world = sqlite_world
    anna, kari = world["Anna"], world["Kari"]
    await anna.types("/inventory stove")
    await anna.sees(wording(cards.counted, "items", n=1) + ": " + wording(cards.counted, "free", n=1))
    await anna.taps(carrying("retire"))
    await anna.sees(wording(forms.surely_equipment, n=1))
    await anna.taps(carrying("yes"))
    await anna.sees(wording(cards.equipment_card))
    await kari.types("/items stove")
    await kari.sees(wording(booking_views.item_list, words="stove"))
    await anna.taps(carrying("list"))
    await anna.sees("Inventory")
    await anna.taps("Retired (1)")
    await anna.sees(wording(cards.equipment_list, "words"))
    await anna.taps("Stove")
    await anna.sees(wording(cards.equipment_card))
    await anna.types("/inventory stove")
    await anna.sees(wording(cards.equipment_card))
    await anna.taps(carrying("back_in_use"))
    await anna.sees(wording(cards.counted, "items", n=1) + ": " + wording(cards.counted, "free", n=1))
    await kari.types("/items stove")
    await kari.sees("1 found")


# Adding


async def test_a_name_that_there_is_means_one_more(sqlite_world: World) -> None:
    """It says so, and keeps the name as it is written; another code than the proposed may be written."""
    world = sqlite_world
    anna = world["Anna"]
    await anna.types("/inventory")
    await anna.taps(carrying("add"))
    await anna.types("tent")
    await anna.sees(asking("inventory.picture"))
    await anna.taps(carrying("skip"))
    card = await anna.sees(wording(add.new_thing, "not", name="Tent"))
    assert wording(add.new_thing, "there", n=3) in card.text
    await anna.types("t1")
    assert (
        refusal(Refused.CODE_TAKEN, code="T1", name="Tent")
        in (await anna.sees(wording(add.new_thing, "not", name=...))).text
    )
    await anna.types("T4 <b>")
    await anna.sees("Code: T4 <b>")
    await anna.taps(carrying("save"))
    await anna.sees("Added: T4 <b>")
    assert item(world, "T4 <b>").equipment_id == equipment(world, "Tent").id


async def test_what_was_sought_in_vain_is_added(sqlite_world: World) -> None:
    """A search that finds nothing offers to add just that, but for what is a question or a sentence."""
    anna = sqlite_world["Anna"]
    await anna.types("/inventory")
    for said in ("what do we own that floats?", "the map of the cabin that we lost last year"):
        await anna.types(said)
        found = await anna.sees(wording(cards.equipment_list, words=said))
        assert not any(carrying("addthis")(one) for one in found.buttons)
    await anna.types("/inventory Snow shovel")
    await anna.sees(wording(cards.equipment_list, words="Snow shovel"))
    await anna.taps("Add “Snow shovel”")
    await anna.taps(carrying("skip"))
    await anna.sees("New: Snow shovel")
    await anna.taps(carrying("save"))
    await anna.sees("Added: SNOW-001")


async def test_several_more_at_once(sqlite_world: World) -> None:
    """By a tap or a number; zero and a thousand are refused; a code makes one."""
    world = sqlite_world
    anna = world["Anna"]
    await anna.types("/inventory stove")
    await anna.taps(carrying("more"))
    await anna.sees(wording(add.ask_number, name="Stove"))
    for wrong in ("0", "1000", "99999999999"):
        await anna.types(wrong)
        await anna.sees(refusal(Refused.OUT_OF_RANGE, least=1, most=50))
    await anna.taps("3")
    await anna.sees("Added 3 items: STOVE-001 to STOVE-003")
    await anna.taps(carrying("more"))
    await anna.types("2")
    await anna.sees("Added 2 items: STOVE-004 to STOVE-005")
    await anna.taps(carrying("more"))
    await anna.types("Primus")
    card = await anna.sees("Added: Primus")
    assert wording(cards.counted, "items", n=7) + ": " + wording(cards.counted, "free", n=7) in card.text


async def test_more_of_it_go_where_the_others_are(sqlite_world: World) -> None:
    """Nobody says the same place again for each; one that is switched off is not chosen."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await places(world, "Cellar", "Attic")

    def put(session: Session) -> None:
        cellar, attic = session.scalars(select(Location).order_by(Location.id.desc()).limit(2)).all()[::-1]
        for code, place in (("T1", cellar), ("T2", cellar), ("T3", attic)):
            session.scalars(select(Item).filter_by(code=code)).one().location_id = place.id

    await write(world, put)
    await anna.types("/inventory tent")
    await anna.taps(carrying("more"))
    await anna.sees("Place: Cellar")
    await anna.taps("2")
    await anna.sees("Added 2 items: TENT-001 to TENT-002")
    assert item(world, "TENT-002").location_id == item(world, "T1").location_id
    await anna.types("/inventory")
    await anna.sees("Inventory")
    await anna.taps(carrying("add"))
    await anna.sees(asking("inventory.name"))
    await anna.types("tent")
    await anna.taps(carrying("skip"))
    await anna.sees("Place: Cellar")
    await write(world, lambda s: s.execute(update(Location).values(disabled_at=world.clock.now())))
    await anna.types("/inventory tent")
    await anna.sees(wording(cards.counted, "items", n=5) + ": " + wording(cards.counted, "free", n=5))
    await anna.taps(carrying("more"))
    assert "Place" not in (await anna.sees(wording(add.ask_number, name="Tent"))).text


async def test_saving_twice_adds_once(sqlite_world: World) -> None:
    """Impatient fingers on every button: one item comes of it."""
    world = sqlite_world
    anna = world["Anna"]
    await anna.types("/inventory")
    await anna.sees("Inventory")
    for label in ("Add", "Skip", "Save"):
        if label == "Skip":
            await anna.types("Sledge")
        await world.settled()
        seen = anna.last()
        await anna.taps(label, message=seen)
        await anna.taps(label, message=seen)
    await anna.sees("Added: SLEDGE-001")
    sledge = equipment(world, "Sledge").id
    codes = world.database.read_now(
        lambda s: s.scalars(select(Item.code).filter_by(equipment_id=sledge)).all()
    )
    assert list(codes) == ["SLEDGE-001"]


async def test_a_new_type_and_a_new_place_are_written(sqlite_world: World) -> None:
    """A new type or place is written once and offered from then on; known ones keep their capitals."""
    world = sqlite_world
    await places(world, "Cellar")
    anna = world["Anna"]
    await anna.types("/inventory")
    await anna.taps(carrying("add"))
    await anna.types("Kayak")
    await anna.taps(carrying("skip"))
    await anna.taps(carrying("types"))
    await anna.sees("Type of Kayak")
    await anna.types("Boats")
    await anna.sees("Type: Boats")
    await anna.taps(carrying("places"))
    await anna.types("cellar")
    await anna.sees("Place: Cellar")
    await anna.taps(carrying("places"))
    await anna.types("Boat house")
    await anna.sees("Place: Boat house")
    await anna.taps(carrying("save"))
    await anna.sees("Added: KAYAK-001")
    names = world.database.read_now(lambda s: s.scalars(select(Location.name).order_by(Location.id)).all())
    assert list(names) == ["Cellar", "Boat house"]


# The photo


async def test_a_picture_as_a_file_is_asked_for_as_a_photo(sqlite_world: World) -> None:
    """It is not taken for the inventory; a table sent meanwhile still is."""
    world = sqlite_world
    anna = world["Anna"]
    await anna.types("/inventory stove")
    await anna.taps(carrying("photo"))
    await anna.sees(asking("inventory.photo"))
    await anna.sends_document("stove.png", b"\x89PNG\r\n\x1a\n0000")
    await anna.sees(refusal(Refused.PHOTO_AS_FILE))
    await anna.sends_sticker()
    await anna.sees(refusal(Refused.PHOTO_EXPECTED))
    await anna.types("no")
    await anna.sees(refusal(Refused.PHOTO_EXPECTED))
    await brings_list(world, "Anna", "more.csv", b"name,code\nLamp,L1\n")
    await anna.sees(wording(views.summary, n=1))
    await anna.sends_photo()
    card = await anna.sees(wording(cards.counted, "items", n=1) + ": " + wording(cards.counted, "free", n=1))
    assert card.photo is not None


async def test_a_photo_is_replaced_and_removed(sqlite_world: World) -> None:
    """One row is kept for the picture that is shown, and none for those before."""
    world = sqlite_world
    anna = world["Anna"]
    await anna.types("/inventory stove")
    for _ in range(2):
        await anna.taps(carrying("photo"))
        await anna.sees(asking("inventory.photo"))
        await anna.sends_photo()
        await anna.sees("1 item")
    assert len(world.database.read_now(lambda s: s.scalars(select(Photo)).all())) == 1
    await anna.taps(carrying("photo"))
    await anna.sees(asking("inventory.photo"))
    await anna.taps(carrying("no_photo"))
    card = await anna.sees(wording(cards.counted, "items", n=1) + ": " + wording(cards.counted, "free", n=1))
    assert card.photo is None
    assert equipment(world, "Stove").photo_id is None
    assert world.database.read_now(lambda s: s.scalars(select(Photo)).all()) == []


# Who may


@pytest.mark.parametrize("who", ["Kari", "Lars"])
async def test_only_admins_keep_the_inventory(sqlite_world: World, who: str) -> None:
    """Members and lenders are told so, and nothing changes."""
    async with sqlite_world.unchanged():
        await sqlite_world[who].types("/inventory T1")
        await sqlite_world[who].sees(refusal(Refused.NOT_ALLOWED, needed="admin"))


async def test_who_is_no_admin_any_more_changes_nothing(sqlite_world: World) -> None:
    """The card was opened in time; the button is not."""
    world = sqlite_world
    anna = world["Anna"]
    await anna.types("/inventory T1")
    await anna.sees("T1 · Tent")
    from_now_on = "update users set role = 'lender' where first_name = 'Anna'"
    await write(world, lambda s: s.connection().exec_driver_sql(from_now_on))
    async with world.unchanged():
        await anna.taps("Damaged")
        assert refusal(Refused.NOT_ALLOWED, needed="admin") in (await anna.toast() or "")
        await anna.types("T2")
        await anna.sees(refusal(Refused.NOT_ALLOWED, needed="admin"))


async def test_everything_is_audited(sqlite_world: World) -> None:
    """A change leaves an entry of what was changed, by whom, from what and to what."""
    world = sqlite_world
    anna = world["Anna"]
    await anna.types("/inventory T1")
    await anna.taps("Damaged")
    await anna.sees("Condition: damaged")
    entries = world.database.read_now(lambda s: s.scalars(select(AuditEntry).filter_by(subject="item")).all())
    assert [(e.action, e.details) for e in entries] == [("condition", {"condition": ["ok", "damaged"]})]


# From here to others, and back


async def test_three_items_are_blocked_for_a_week_in_seven(sqlite_world: World) -> None:
    """`/inventory tent`, Block, how many, from when, until when, why: six; and the card counts them."""
    world = sqlite_world
    anna = Fingers(world["Anna"])
    await anna.types("/inventory tent")
    await anna.sees(wording(cards.counted, "items", n=3) + ": " + wording(cards.counted, "free", n=3))
    await anna.taps("Block")
    await anna.sees("Tent")
    await anna.taps("3")
    await anna.sees(wording(block_views.first_day))
    await anna.types("today")
    await anna.sees(asking("block.last"))
    await anna.types("7.12.")
    await anna.sees("Why?")
    await anna.taps(carrying("why"))
    await anna.sees("Repair")
    assert anna.used == 6
    await anna.types("/inventory tent")
    await anna.sees(wording(cards.counted, "items", n=3) + ": " + wording(cards.counted, "promised", n=3))
    await anna.types("T1")
    await anna.sees("Blocked: ")


@pytest.mark.parametrize("card", ["tent", "T1"])
async def test_back_from_another_conversation(sqlite_world: World, card: str) -> None:
    """To the card that one came from."""
    anna = sqlite_world["Anna"]
    await anna.types(f"/inventory {card}")
    first = await anna.sees("Tent")
    await anna.taps("Block")
    await sqlite_world.settled()
    await anna.taps(carrying("back"))
    await sqlite_world.settled()
    assert anna.last().text == first.text
    await anna.taps(carrying("edit"))
    await anna.sees(asking("inventory.fields"))


async def test_in_norwegian(sqlite_world: World) -> None:
    """The same three, in the reader's language; a member is told the reason in the organisation's."""
    world = sqlite_world
    await requested(world, "Kari", what="Stove")
    await write(world, lambda s: setattr(s.get_one(ChatAccount, world["Anna"].id), "language", "nb"))
    anna = Fingers(world["Anna"])
    await anna.types("/inventory s1")
    await anna.sees("Tilstand: i orden")
    await anna.taps("Ta ut av bruk")
    asked = await anna.sees("Ta S1 ut av bruk?")
    assert "Kari Berg" in asked.text
    await anna.taps("Ja")
    await anna.sees("Tilstand: tatt ut av bruk")
    assert anna.used == 3
    await world.settled()
    assert (
        "Reason: Retired"
        in world["Kari"].last(wording(late_conflicts_views.withdrawn, id=..., period=..., what=...)).text
    )
