"""Keeping places, tags, fields and one equipment's rules; and what members see of it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import CustomField, Equipment, EquipmentTag, Location, Rental, Tag, User
from db.states import Described, RentalStatus, Role
from handlers.inventory import custom_fields as fields_screens
from handlers.inventory.field_names import screens as field_names
from handlers.inventory.lists import locations, named_lists
from handlers.inventory.lists import tags as tags_screens
from handlers.inventory.merging import places as place_merging
from handlers.inventory.views import equipment_policy as rules_views
from handlers.inventory.views import named_lists as named_views
from handlers.rentals.booking.basket import basket_views
from handlers.telegram import answers
from handlers.ui import refusals, routes
from services.core import custom_fields
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import equipment_policy, tags
from services.inventory import locations as places
from services.organizations import standard_labels
from tests.e2e.arrange import actor, write
from tests.e2e.conftest import World
from tests.e2e.inventory.inventory_steps import enters
from tests.e2e.seen import asking, carrying, refusal, rule_says, showing, value_says, wording

LONG = "x" * 201


async def test_a_place_is_added_renamed_and_switched_off(world: World) -> None:
    """Two taps or messages for each, on one card."""
    anna = world["Anna"]
    await enters(world, "Anna", routes.PLACES)
    await anna.sees(asking("places.places"))
    await anna.taps(carrying("new"))
    await anna.sees(asking("places.new"))
    await anna.types("Cellar")
    await anna.sees(wording(locations._about, n=0))
    await anna.taps(carrying("rename"))
    await anna.sees(wording(named_lists.conversation_of, name=...))
    await anna.types("Boat house <b>")
    await anna.sees("Boat house <b>")
    await anna.taps(carrying("off"))
    await anna.sees(wording(named_views.one))
    await anna.taps(carrying("back"))
    await anna.sees(wording(named_views.named_list, "any"))
    assert anna.button_labels() == ["⏸ Boat house <b> (0)", "Add", "Back"]
    await anna.taps("⏸ Boat house")
    await anna.taps(carrying("on"))
    await anna.sees(wording(locations._about, n=0))


async def test_what_was_searched_for_in_vain_is_added_with_a_tap(sqlite_world: World) -> None:
    """Writing searches; where nothing is found it can be made at once."""
    world = sqlite_world
    anna = world["Anna"]
    await enters(world, "Anna", routes.PLACES)
    await anna.types("Attic")
    await anna.sees(wording(named_views.named_list, words="Attic"))
    await anna.taps("Add “Attic”")
    await anna.sees(wording(locations._about, n=0))
    kept = world.database.read_now(lambda session: list(session.scalars(select(Location.name))))
    assert kept == ["Attic"]


@pytest.mark.parametrize("name", [routes.PLACES, routes.TAGS])
async def test_names_that_will_not_do(sqlite_world: World, name: str) -> None:
    """Taken, too long, or none: the card says so, and asks again."""
    world = sqlite_world
    anna = world["Anna"]
    await enters(world, "Anna", name)
    await anna.taps(carrying("new"))
    await anna.types("Cellar")
    await anna.taps(carrying("back"))
    await anna.taps(carrying("new"))
    await anna.types("CELLAR")
    await anna.sees(refusal(Refused.NAME_TAKEN))
    await anna.types(LONG)
    await anna.sees(wording(refusals, Refused.TOO_MUCH_TEXT, n=...))
    await anna.sends_sticker()
    await anna.sees(refusal(Refused.TEXT_EXPECTED))
    await anna.taps(carrying("back"))
    await anna.taps("#Cellar" if name == routes.TAGS else "Cellar")
    await anna.taps(carrying("off"))
    await anna.taps(carrying("back"))
    await anna.taps(carrying("new"))
    await anna.types("cellar")
    await anna.sees(refusal(Refused.NAME_TAKEN, off=True))


async def test_a_tag_gets_a_colour(sqlite_world: World) -> None:
    """A tap on a dot; it stands before the name on cards and lists, for members too."""
    world = sqlite_world

    def tag_tent(session: Session) -> int:
        tag = tags.add(Tx(session, world.clock.now(), actor(session, world, "Anna")), "winter")
        tent = session.scalars(select(Equipment).filter_by(name="Tent")).one()
        session.add(EquipmentTag(equipment_id=tent.id, tag_id=tag.id))
        return tag.id

    await write(world, tag_tent)
    anna, kari = world["Anna"], world["Kari"]
    await enters(world, "Anna", routes.TAGS)
    await anna.taps("#winter (1)")
    await anna.sees(wording(tags_screens._about, n=1))
    await anna.taps("🔵")
    await anna.sees("🔵 winter")
    await anna.taps(carrying("back"))
    await anna.taps("🔵 winter (1)")
    await kari.types("/items")
    await kari.sees(asking("rent.pick"))
    await kari.taps(carrying("types"))
    await kari.sees(asking("rent.types"))
    await kari.taps("🔵 winter (1)")
    await kari.taps("Tent")
    await kari.sees("🔵 winter")
    await anna.taps(carrying("paint", ""))
    await anna.sees("#winter")


async def test_fields_are_added_ordered_and_renamed(sqlite_world: World) -> None:
    """For what they describe, in the order that was tapped."""
    world = sqlite_world
    anna = world["Anna"]
    await enters(world, "Anna", routes.FIELDS)
    await anna.sees(asking("fields.fields"))
    await anna.taps(wording(fields_screens.described) + " (0)")
    for label in ("Size", "Colour"):
        await anna.taps(carrying("new"))
        await anna.sees(asking("fields.new"))
        await anna.types(label)
        await anna.sees(
            wording(fields_screens._about, n=1, place=..., what=wording(fields_screens.described))
        )
        await anna.taps(carrying("back"))
    await anna.taps("Colour")
    await anna.taps(carrying("move"))
    await anna.sees(wording(fields_screens._about, n=2, place=1, what=wording(fields_screens.described)))
    await anna.taps(carrying("rename"))
    await anna.types("Paint")
    await anna.sees("Paint")
    await anna.taps(carrying("back"))
    await anna.taps(carrying("back"))
    await anna.taps(wording(fields_screens.described) + " (2)")

    def order(session: Session) -> list[str]:
        found = session.scalars(select(CustomField).order_by(CustomField.position))
        return [field.label for field in found]

    await world.settled()
    assert world.database.read_now(order) == ["Paint", "Size"]


async def asked(world: World, *labels: str) -> None:
    """Rentals have these fields."""

    def work(session: Session) -> None:
        for label in labels:
            custom_fields.add(
                Tx(session, world.clock.now(), actor(session, world, "Anna")), Described.RENTAL, label
            )

    await write(world, work)


async def test_one_field_of_rentals_is_a_button_of_its_own(world: World) -> None:
    """The member's words stand on the cards of both sides."""
    await asked(world, "Where to")
    kari = world["Kari"]
    await kari.types("/rent tent 3.12. 4.12.")
    await kari.taps("Where to")
    await kari.sees(wording(basket_views.ask_detail, label="Where to"))
    await kari.types("Jotunheimen <3")
    await kari.sees("Where to: Jotunheimen <3")
    await kari.taps("Confirm")
    await kari.sees("Where to: Jotunheimen <3")
    await world.in_group("Anna").sees("Where to: Jotunheimen <3")


async def test_several_fields_are_behind_one_button(sqlite_world: World) -> None:
    """Each answered is marked; an answer can be taken away again."""
    world = sqlite_world
    await asked(world, "Where to", "Leader")
    kari = world["Kari"]
    await kari.types("/rent tent 3.12. 4.12.")
    await kari.taps(carrying("details"))
    await kari.sees(asking("rent.details"))
    await kari.taps("Leader")
    await kari.types("Ola")
    await kari.sees("Leader: Ola")
    assert kari.button_labels() == ["Where to", "✓ Leader", "Back", "Cancel"]
    await kari.taps("✓ Leader")
    await kari.sees("Now: Ola")
    await kari.taps(carrying("nothing"))
    await kari.sees(asking("rent.details"))
    assert kari.button_labels()[1] == "Leader"
    await kari.taps("Where to")
    await kari.types("x" * 501)
    await kari.sees(refusal(Refused.TOO_MUCH_TEXT, most=500))
    await kari.types("Rondane")
    await kari.taps(carrying("basket"))
    await kari.sees("Where to: Rondane")
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))
    custom = world.database.read_now(lambda session: session.scalars(select(Rental.custom)).one())
    assert custom == {"Where to": "Rondane"}


async def test_a_field_is_switched_off_while_it_is_asked(sqlite_world: World) -> None:
    """The member reads so, nothing is stored, and the basket is a tap away."""
    world = sqlite_world
    await asked(world, "Where to")
    kari = world["Kari"]
    await kari.types("/rent tent 3.12. 4.12.")
    await kari.taps("Where to")
    await kari.sees(wording(basket_views.ask_detail, label=...))

    def switch_off(session: Session) -> None:
        anna, field = actor(session, world, "Anna"), session.scalars(select(CustomField)).one()
        custom_fields.switch(Tx(session, world.clock.now(), anna), field.id, on=False)

    await write(world, switch_off)
    await kari.types("Rondane")
    await kari.sees(wording(basket_views.not_asked))
    await kari.taps(carrying("basket"))
    await kari.sees(asking("rent.basket"))
    await kari.taps("Confirm")
    await kari.sees(showing(RentalStatus.REQUESTED))


async def test_own_fields_of_members_are_in_me(sqlite_world: World) -> None:
    """Whatever is stored about a person, they can read."""
    world = sqlite_world

    def work(session: Session) -> None:
        kari = session.get_one(User, actor(session, world, "Kari").user_id)
        kari.custom = {"Shoe size": "39", "Course": "Glacier"}
        custom_fields.add(
            Tx(session, world.clock.now(), actor(session, world, "Anna")), Described.USER, "Course"
        )

    await write(world, work)
    await world["Kari"].types("/me")
    assert "Course: Glacier\nShoe size: 39" in (await world["Kari"].sees("Kari Berg")).text


async def tent_of(world: World) -> int:
    return world.database.read_now(
        lambda session: session.scalars(select(Equipment.id).filter_by(name="Tent")).one()
    )


def common(rule: str, value: object) -> str:
    """The line of a rule that is as everywhere."""
    name, _, said = rule_says(rule, value, of_one=True).partition(": ")
    return f"{name}: {wording(rules_views._common, value=said)}"


@pytest.mark.both_databases(long=True)
async def test_one_equipments_rules(world: World) -> None:
    """Each is two taps, and says what it does and what holds elsewhere; a number may be written."""
    anna, tent = world["Anna"], await tent_of(world)
    await enters(world, "Anna", routes.RULES, equipment_id=tent)
    card = await anna.sees(wording(rules_views.card, name="Tent"))
    usual = {"approval": True, "longest_days": 30, "turnaround_hours": 0, "who_may_rent": Role.USER}
    assert card.text.splitlines()[1:] == [common(rule, value) for rule, value in usual.items()]
    await anna.taps(carrying("rule", "approval"))
    await anna.sees(asking("rules.rule"))
    await anna.taps(carrying("set", "no"))
    await anna.sees(rule_says("approval", False, of_one=True))
    await anna.taps(carrying("rule", "longest_days"))
    await anna.types("5 days")
    await anna.sees(rule_says("longest_days", 5, of_one=True))
    await anna.taps(carrying("rule", "turnaround_hours"))
    await anna.types("1000")
    await anna.sees(refusal(Refused.OUT_OF_RANGE, least=0, most=720))
    await anna.taps("24 hours")
    await anna.sees("Turnaround: 24 hours")
    await anna.taps(carrying("rule", "who_may_rent"))
    await anna.types("lenders")
    await anna.sees(refusal(Refused.TAP_EXPECTED))
    await anna.taps(value_says("who_may_rent", Role.LENDER))
    await anna.sees(rule_says("who_may_rent", Role.LENDER, of_one=True))
    await anna.taps(carrying("rule", "approval"))
    await anna.sees(asking("rules.rule"))
    assert anna.button_labels()[:3] == [wording(rules_views._common, value="always"), "always", "✓ never"]
    await anna.taps(carrying("set", "common"))
    await anna.sees(common("approval", True))
    kept = world.database.read_now(lambda session: session.get_one(Equipment, tent).policy)
    assert kept == {"longest_days": 5, "turnaround_hours": 24, "who_may_rent": "lender"}


async def test_two_admins_change_one_equipments_rules(sqlite_world: World) -> None:
    """The second reads who was first, sees what holds now, and can send it again."""
    world = sqlite_world
    tent = await tent_of(world)
    for who in ("Anna", "Ada"):
        await enters(world, who, routes.RULES, equipment_id=tent)
        await world[who].taps(carrying("rule", "longest_days"))
    await world["Ada"].taps("7 days")
    await world["Ada"].sees(rule_says("longest_days", 7, of_one=True))
    await world["Anna"].taps("14 days")
    await world["Anna"].sees(refusal(Refused.CHANGED_MEANWHILE, by="Ada Berg"))
    assert "✓ 7 days" in world["Anna"].button_labels()
    await world["Anna"].taps("14 days")
    await world["Anna"].sees(rule_says("longest_days", 14, of_one=True))


async def test_what_is_for_lenders_alone(sqlite_world: World) -> None:
    """A member sees it with a lock, and is told who may; a lender rents it."""
    world = sqlite_world
    tent = await tent_of(world)

    def work(session: Session) -> None:
        equipment_policy.change(
            Tx(session, world.clock.now(), actor(session, world, "Anna")),
            tent,
            "who_may_rent",
            "lender",
            seen=1,
        )

    await write(world, work)
    kari, lars = world["Kari"], world["Lars"]
    await kari.types("/items")
    await kari.sees(asking("rent.pick"))
    await kari.taps("🔒 Tent")
    await kari.sees(refusal(Refused.NOT_FOR_YOU, needed="lender", name="Tent"))
    await lars.types("/rent tent 3.12. 4.12.")
    await lars.taps("Confirm")
    await lars.sees(showing(RentalStatus.REQUESTED))


async def test_buttons_made_by_hand_change_nothing(sqlite_world: World) -> None:
    """Colours, places in a list, rules and numbers that no button of ours says."""
    world = sqlite_world

    def work(session: Session) -> tuple[int, int]:
        anna, now = actor(session, world, "Anna"), world.clock.now()
        return tags.add(Tx(session, now, anna), "winter").id, custom_fields.add(
            Tx(session, now, anna), Described.ITEM, "Size"
        ).id

    tag, field = await write(world, work)
    tent, anna = await tent_of(world), world["Anna"]
    async with world.unchanged():
        for name, state, data, words in (
            (routes.TAGS, "one", {"id": tag}, ("paint pink", "open x", "open 99")),
            (routes.FIELDS, "one", {"id": field, "describes": "item"}, ("move up", "move", "of nothing")),
            (routes.RULES, "rule", {"equipment_id": tent, "rule": "approval", "seen": 1}, ("set maybe",)),
            (routes.RULES, routes.RULES, {"equipment_id": tent}, ("rule most_items", "rule")),
            (routes.KITS, routes.KITS, {}, ("open -1", "open 99", "put 1/x", "page ½")),
        ):
            for said in words:
                await enters(world, "Anna", name, state, **data)
                card = anna.last()
                prefix = next(b.data for b in card.buttons if b.data).split(":", 3)
                await anna.taps_data(":".join([*prefix[:3], said]), card)
                await world.settled()
    assert world.database.read_now(lambda session: session.scalars(select(Tag.color)).all()) == [None]
    assert wording(answers.fault) not in anna.transcript()


@pytest.mark.parametrize("label", ["Kits", "Places", "Tags", "Fields"])
async def test_from_the_inventory_and_back(sqlite_world: World, label: str) -> None:
    """Each list is a tap from `/inventory`, on the same card, and leads back to it."""
    anna = sqlite_world["Anna"]
    await anna.types("/inventory")
    card = await anna.sees("Inventory")
    await anna.taps(label)
    await anna.sees(asking("fields.fields") if label == "Fields" else wording(fields_screens._words))
    await anna.taps(carrying("back"))
    assert (await anna.sees("Inventory")).id == card.id


async def test_from_an_equipment_to_its_rules_and_back(sqlite_world: World) -> None:
    """A tap there, a tap back."""
    anna = sqlite_world["Anna"]
    await anna.types("/inventory tent")
    await anna.taps("Rules")
    await anna.sees(wording(rules_views.card, name="Tent"))
    await anna.taps(carrying("back"))
    await anna.sees("Tent")
    assert "Rules" in anna.button_labels()


async def test_two_places_are_merged_by_tapping(sqlite_world: World) -> None:
    """A description is written; the other place is chosen, what goes where is seen, and one is left."""
    world = sqlite_world
    anna = world["Anna"]

    def add(session: Session) -> None:
        tx = Tx(session, world.clock.now(), actor(session, world, "Anna"))
        for name in ("Loft", "The loft"):
            places.add(tx, name)

    await write(world, add)
    await enters(world, "Anna", routes.PLACES)
    await anna.taps("Loft (0)")
    await anna.taps(carrying("describe"))
    await anna.types("Up the ladder")
    await anna.sees(wording(locations._about, n=0))
    await anna.taps(carrying("merging"))
    await anna.taps(carrying("goes"))
    await anna.sees(wording(place_merging.question, kept="Loft", gone="The loft"))
    await anna.taps(carrying("merge"))
    await world.settled()
    names = await world.database.read(lambda s: list(s.scalars(select(Location.name))))
    assert "Loft" in names and "The loft" not in names


async def test_a_usual_field_is_renamed_by_tapping(sqlite_world: World) -> None:
    """With a hint; both are there where the field is asked for."""
    world = sqlite_world
    anna = world["Anna"]
    await enters(world, "Anna", routes.FIELDS)
    await anna.taps(carrying("usuals"))
    place = standard_labels.NAMES.index("item.serial_number") + 1
    await anna.taps(carrying("usual", place))
    await anna.taps(carrying("label"))
    await anna.types("Chassis")
    await anna.sees(wording(field_names._one_screen, label="Chassis"))
    await anna.taps(carrying("hint"))
    await anna.types("Below the saddle")
    await anna.sees(wording(field_names._one_screen, hint="Below the saddle"))
