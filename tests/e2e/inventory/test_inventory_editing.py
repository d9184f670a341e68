"""The fields of equipment and items, changed in the chat; and texts and numbers that nobody expected."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import CustomField, Equipment, EquipmentTag, Item, ItemCode, Location, Tag
from db.states import Described
from handlers.i18n import field_names
from handlers.imports import views
from handlers.inventory import edit
from handlers.inventory.views import cards, forms
from sandbox.world.records import Message
from services.core.errors import Refused
from services.core.text import search_text
from tests.e2e.arrange import brings_list, write
from tests.e2e.conftest import World
from tests.e2e.inventory.look_up import equipment, item, places
from tests.e2e.seen import asking, carrying, refusal, wording

LONG = "a" * 5000
MARKUP = "<b>Tent</b> &amp; <script>"
EMOJI = "🦊🏔️👩‍👩‍👧"
ARABIC = "خيمة للرحلة"


async def at(world: World, who: str, words: str, sees: str) -> None:
    await world[who].types(f"/inventory {words}")
    await world[who].sees(sees)


async def edits(world: World, field: str, text: str, *, sees: str, who: str = "Anna") -> None:
    """From the card: Edit, the field, the value."""
    person = world[who]
    await person.taps(carrying("edit"))
    await person.sees(asking("inventory.fields"))
    await person.taps(f"{field}:")
    await person.sees(asking("inventory.value"))
    await person.types(text)
    await person.sees(sees)


async def test_every_field_of_equipment(sqlite_world: World) -> None:
    """Each is typed and shown, and what is searched follows."""
    world = sqlite_world
    await at(world, "Anna", "tent", "3 items")
    await edits(world, "Brand", "Helsport", sees="Helsport")
    await edits(world, "Model", "Fjellheimen 2", sees="Helsport Fjellheimen 2")
    await edits(world, "Description", "Two poles.\nDry it.", sees="Two poles.\nDry it.")
    await edits(world, "Name", "Mountain tent", sees="Mountain tent")
    found = equipment(world, "Mountain tent")
    assert found.search_text == search_text("Mountain tent", "Helsport", "Fjellheimen 2", "", ())
    await world["Kari"].types("/items fjellheimen")
    await world["Kari"].sees("1 found")
    anna = world["Anna"]
    await anna.taps(carrying("edit"))
    await anna.taps("Brand: Helsport")
    assert "Now: Helsport" in (await anna.sees(asking("inventory.value"))).text
    await anna.taps(carrying("clear"))
    await anna.sees("3 items")
    assert equipment(world, "Mountain tent").brand == ""


async def test_every_field_of_an_item(sqlite_world: World) -> None:
    """Code, serial number, label, comment, place; and what the organisation and a file added."""
    world = sqlite_world
    await places(world, "Cellar", "Attic")
    field = CustomField(
        organization_id=world.organization_id, describes=Described.ITEM, label="Weight", position=1
    )
    await write(world, lambda s: s.add(field))
    await brings_list(world, "Anna", "a.csv", b"name,code,Nr. im {Haus}\nTent,T1,12\n")
    await world["Anna"].sees(wording(views.summary, n=1))
    await at(world, "Anna", "T1", "T1 · Tent")
    await edits(world, "Code", "TELT-1", sees="TELT-1 · Tent")
    await edits(world, "Serial number", "SN 1", sees=f"{field_names.USUAL['item.serial_number']}: SN 1")
    await edits(world, "Label", "The old one", sees="The old one")
    await edits(world, "Comment", "Pole is bent", sees="Pole is bent")
    await edits(world, "Weight", "2,1 kg", sees="Weight: 2,1 kg")
    await edits(world, "Nr. im {Haus}", "13", sees="Nr. im {Haus}: 13")
    anna = world["Anna"]
    await anna.taps(carrying("edit"))
    await anna.taps("Place:")
    await anna.sees("Place of TELT-1 · Tent")
    await anna.taps("Cellar")
    await anna.sees("Place: Cellar")
    await anna.taps(carrying("edit"))
    await anna.taps("Place: Cellar")
    await anna.types("attic")
    await anna.sees("Place: Attic")
    await anna.taps(carrying("edit"))
    await anna.taps("Place: Attic")
    await anna.taps(carrying("pick", "-"))
    await anna.sees("Nr. im {Haus}: 13")
    found = item(world, "TELT-1")
    assert (found.location_id, found.custom) == (None, {"Weight": "2,1 kg", "Nr. im {Haus}": "13"})


async def test_codes_of_stickers_come_and_go(sqlite_world: World) -> None:
    """Written one by one, removed with a tap; that of another thing is refused. The card shows them."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await at(world, "Anna", "T1", "T1 · Tent")
    await anna.taps(carrying("edit"))
    await anna.taps(carrying("field", "other_codes"))
    for code, problem in (("4006381333931", None), ("S1", Refused.CODE_TAKEN), ("<b>7</b>", None)):
        await anna.types(code)
        await world.settled()
        assert anna.last(asking("inventory.choice", problem))
    seen = anna.last()
    await anna.taps("✓ 4006381333931", message=seen)
    await anna.taps("✓ 4006381333931", message=seen)
    await anna.taps(carrying("card"))
    assert "<b>7</b>" in (await anna.sees(asking("inventory.item"))).text
    rows = world.database.read_now(lambda s: s.scalars(select(ItemCode.code)).all())
    assert rows == ["<b>7</b>"]


async def test_type_and_tags_are_chosen(sqlite_world: World) -> None:
    """From what there is, or written; several tags one after the other, and a double tap is one."""
    world = sqlite_world
    await at(world, "Anna", "tent", "3 items")
    anna = world["Anna"]
    await anna.taps(carrying("edit"))
    await anna.taps("Type:")
    await anna.types("Camping")
    await anna.sees("Camping")
    await at(world, "Anna", "stove", "1 item")
    await anna.taps(carrying("edit"))
    await anna.taps("Type:")
    await anna.taps("Camping")
    await anna.sees("Camping")
    assert equipment(world, "Stove").type == "Camping"
    await anna.taps(carrying("edit"))
    await anna.taps("Tags:")
    await anna.types("#winter")
    await anna.sees(wording(edit._choice_screen))
    await anna.types("gas")
    await anna.sees(wording(edit._choice_screen))
    await world.settled()
    seen = anna.last()
    assert {"✓ gas", "✓ winter"} <= set(anna.button_labels())
    await anna.taps("✓ gas", message=seen)
    await anna.taps("✓ gas", message=seen)
    await anna.taps(carrying("card"))
    await anna.sees("#winter")
    links = world.database.read_now(
        lambda s: s.scalars(select(Tag.name).join(EquipmentTag, EquipmentTag.tag_id == Tag.id)).all()
    )
    assert list(links) == ["winter"]


@pytest.mark.both_databases
async def test_two_admins_at_one_thing(world: World) -> None:
    """The second sees what the first did, and overwrites it only by sending it once more."""
    for who in ("Anna", "Ada"):
        await at(world, who, "T1", "T1 · Tent")
        await world[who].taps(carrying("edit"))
        await world[who].taps("Comment:")
        await world[who].sees(asking("inventory.value"))
    await world["Anna"].types("It is wet")
    await world["Anna"].sees("It is wet")
    await world["Ada"].types("It is torn")
    told = await world["Ada"].sees(refusal(Refused.CHANGED_MEANWHILE, by="Anna Berg"))
    assert "Now: It is wet" in told.text
    assert item(world, "T1").comment == "It is wet"
    await world["Ada"].types("It is torn")
    await world["Ada"].sees("It is torn")
    assert item(world, "T1").comment == "It is torn"
    # A button of a card that is not how things are any more.
    await world["Anna"].taps(carrying("set", "lost"))
    await world["Anna"].sees(refusal(Refused.CHANGED_MEANWHILE, by="Ada Berg"))
    await world["Anna"].taps(carrying("set", "lost"))
    await world["Anna"].sees("Condition: lost")


# Texts and numbers


@pytest.mark.parametrize("text", [MARKUP, ARABIC, "🦊" * 200])
async def test_any_name_is_shown_everywhere(sqlite_world: World, text: str) -> None:
    """On every screen that has it, whole or cut short, never as markup; and it is found again."""
    world = sqlite_world
    anna = world["Anna"]
    await anna.types("/inventory")
    await anna.taps(carrying("add"))
    await anna.types(text)
    await anna.sees(asking("inventory.picture"))
    await anna.sends_photo()
    card = await anna.sees("New: ")
    assert text[:20] in card.text
    await anna.taps(carrying("save"))
    card = await anna.sees("Added: ")
    assert card.photo is not None
    made = world.database.read_now(
        lambda s: s.scalars(select(Equipment).order_by(Equipment.id.desc())).first()
    )
    assert made is not None and made.name == text
    await edits(world, "Description", "🦊" * 1900, sees="1 item")
    await edits(world, "Brand", text[:90], sees="1 item")
    code = world.database.read_now(
        lambda s: s.scalars(select(Item.code).filter_by(equipment_id=made.id)).one()
    )
    for button, sees in (
        ("Items", "1 item"),
        (code, "Condition"),
        ("Retire", wording(forms.surely_item)),
    ):
        await anna.taps(button)
        await anna.sees(sees)
    await anna.taps(carrying("card"))
    await edits(world, "Comment", text, sees="Condition")
    await anna.types(f"/inventory {text[:60]}")
    await anna.sees("1 item")


@pytest.mark.parametrize(
    ("field", "told"),
    [("Name", "at most 200"), ("Brand", "at most 100"), ("Description", "at most 2000")],
)
async def test_five_thousand_characters(sqlite_world: World, field: str, told: str) -> None:
    """Told in a sentence; nothing is cut, nothing is kept."""
    world = sqlite_world
    await at(world, "Anna", "tent", "3 items")
    async with world.unchanged():
        await edits(world, field, LONG, sees=told)


@pytest.mark.parametrize("where", ["search", "name", "code"])
async def test_five_thousand_characters_elsewhere(sqlite_world: World, where: str) -> None:
    """Searched in vain, or too long for a name or a code."""
    world = sqlite_world
    anna = world["Anna"]
    await anna.types("/inventory")
    await anna.sees("Inventory")
    async with world.unchanged():
        if where != "search":
            await anna.taps(carrying("add"))
            await anna.sees(asking("inventory.name"))
        if where == "code":
            await anna.types("Kayak")
            await anna.taps(carrying("skip"))
            await anna.sees("New: Kayak")
        await anna.types(LONG)
        await anna.sees(
            {
                "search": wording(cards.equipment_list, words=...),
                "name": "at most 200",
                "code": "at most 100",
            }[where]
        )


def far_from_the_limits(message: Message) -> bool:
    """Telegram's are 4096 and 1024 characters and 100 buttons; labels are read on a phone."""
    labels = [button.text for button in message.buttons]
    room = 1024 if message.photo is not None else 1500
    return len(message.text) < room and len(labels) <= 40 and all(len(one) <= 64 for one in labels)


async def test_a_long_inventory_of_long_words(sqlite_world: World) -> None:
    """Names, tags, places and fields of the longest, and many: no screen comes near Telegram's limits."""
    world = sqlite_world
    anna = world["Anna"]

    def fill(s: Session) -> None:
        now = world.clock.now()
        s.add_all(
            Equipment(
                organization_id=world.organization_id,
                name=f"Projector {i} " + "x" * 150,
                type=f"Type {i % 300} " + "y" * 80,
                search_text=f"projector {i} " + "x" * 150,
                created_at=now,
            )
            for i in range(1_000)
        )
        s.add_all(
            Location(organization_id=world.organization_id, name=f"Room {i} " + "z" * 180) for i in range(300)
        )
        s.add_all(Tag(organization_id=world.organization_id, name=f"tag {i} " + "t" * 80) for i in range(300))
        s.flush()
        of = s.scalars(select(Equipment).filter_by(name="Tent")).one()
        s.add_all(EquipmentTag(equipment_id=of.id, tag_id=tag.id) for tag in s.scalars(select(Tag)))
        of.custom = {f"Field {i} " + "f" * 80: "v" * 400 for i in range(60)}
        s.add_all(
            Item(
                organization_id=world.organization_id,
                equipment_id=of.id,
                code=f"M{i:03}",
                label_token=f"m{i}",
                created_at=now - timedelta(days=1),
            )
            for i in range(104)
        )

    await write(world, fill)
    seen = []
    await anna.types("/inventory")
    seen.append(await anna.sees("Page 1 of 126"))
    await anna.taps("‹")
    seen.append(await anna.sees("Page 126 of 126"))
    await anna.types("projector 99")
    seen.append(await anna.sees(wording(cards.equipment_list, "found", n=19, words="projector 99")))
    await anna.types("tent")
    seen.append(
        await anna.sees(wording(cards.counted, "items", n=107) + ": " + wording(cards.counted, "free", n=107))
    )
    await anna.taps("Items (107)")
    seen.append(await anna.sees("107 items"))
    await anna.taps("‹")
    seen.append(await anna.sees("107 items"))
    await anna.types("m077")
    seen.append(await anna.sees("M077 · Tent"))
    await anna.taps(carrying("edit"))
    await anna.taps("Place:")
    seen.append(await anna.sees(wording(edit._choice_screen, "not")))
    await anna.taps("›")
    seen.append(await anna.sees(wording(edit._choice_screen, "not")))
    await anna.taps("Room")
    seen.append(await anna.sees("M077 · Tent"))
    await anna.taps(carrying("equipment"))
    await anna.sees("107 items")
    for field in ("Type:", "Tags:"):
        await anna.taps(carrying("edit"))
        seen.append(await anna.sees(asking("inventory.fields")))
        await anna.taps(field)
        seen.append(await anna.sees(asking("inventory.choice")))
        if field == "Type:":
            await anna.taps(carrying("edit"))
            await anna.sees(asking("inventory.fields"))
            await anna.taps(carrying("card"))
            await anna.sees("107 items")
    await anna.taps(carrying("card"))
    await anna.sees("107 items")
    await anna.taps(carrying("list"))
    await anna.sees("Inventory")
    await anna.taps(carrying("add"))
    await anna.sees(asking("inventory.name"))
    await anna.types("Kayak")
    await anna.taps(carrying("skip"))
    seen.append(await anna.sees("New: Kayak"))
    assert [message.text for message in seen if not far_from_the_limits(message)] == []


async def test_nothing_at_all(sqlite_world: World) -> None:
    """An organisation with no equipment is told so, and how to add some."""
    world = sqlite_world

    def clear(s: Session) -> None:
        s.execute(delete(Item))
        s.execute(delete(Equipment))

    await write(world, clear)
    await world["Anna"].types("/inventory")
    await world["Anna"].sees(wording(cards.equipment_list))
    assert "Add" in world["Anna"].button_labels()
