"""`/items` narrowed by several conditions together, on one card."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, Item
from handlers.rentals.booking import narrowing
from services.core.tx import Tx
from services.inventory import attributes, locations, tags
from tests.e2e.arrange import actor, requested, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, carrying, wording


async def test_each_choice_counts_at_once(sqlite_world: World) -> None:
    """Place, tag and days hold together, on one message that is edited; Clear shows everything again."""
    world = sqlite_world
    kari = world["Kari"]

    def arrange(session: Session) -> tuple[int, int, int]:
        tx = Tx(session, world.clock.now(), actor(session, world, "Anna"))
        loft, winter = locations.add(tx, "Loft"), tags.add(tx, "winter")
        tent = session.scalars(select(Equipment).filter_by(name="Tent")).one()
        attributes.tag_equipment(tx, tent.id, tag_id=winter.id, on=True)
        for item in session.scalars(select(Item).filter_by(equipment_id=tent.id)):
            item.location_id = loft.id
        return tent.id, loft.id, winter.id

    tent, loft, winter = await write(world, arrange)
    await kari.types("/items")
    await kari.taps(carrying("types"))
    await kari.taps(carrying("narrowing"))
    first = await kari.sees(wording(narrowing._screen, n=...))
    await kari.taps(carrying("by", "place"))
    await kari.taps(carrying("chosen", loft))
    await kari.taps(carrying("by", "tags"))
    await kari.taps(carrying("chosen", winter))
    await kari.taps(carrying("by", ""))
    await kari.taps(carrying("by", "days"))
    await kari.types("friday to sunday")
    card = await kari.sees(wording(narrowing._screen, n=1))
    assert [carrying("pick", tent)(button) for button in card.buttons[:1]] == [True]
    await kari.taps(carrying("clear"))
    await kari.sees(wording(narrowing._screen, n=first.text.split()[0]))
    await kari.taps(carrying("by", "days"))
    await kari.types("friday to sunday")
    await kari.taps(carrying("pick", tent))
    await kari.sees(asking("rent.basket"))


async def test_places_alone_narrow(sqlite_world: World) -> None:
    """Without types and tags the list leads there at once; with days, what is kept there is free then."""
    world, kari = sqlite_world, sqlite_world["Kari"]

    def arrange(session: Session) -> tuple[int, int]:
        tx = Tx(session, world.clock.now(), actor(session, world, "Anna"))
        loft, cellar = locations.add(tx, "Loft"), locations.add(tx, "Cellar")
        for item in session.scalars(select(Item)):
            item.location_id = loft.id if item.code in ("T1", "S1") else cellar.id
        return loft.id, session.scalars(select(Equipment.id).filter_by(name="Stove")).one()

    loft, stove = await write(world, arrange)
    await kari.types("/items")
    await kari.taps(carrying("narrowing"))
    await kari.sees(wording(narrowing._screen, n=3))
    await kari.taps(carrying("by", "place"))
    await kari.taps(carrying("chosen", loft))
    await kari.sees(wording(narrowing._screen, n=2))
    await requested(world, "Ola", first=3, last=5, what="Stove")
    await kari.types("friday to sunday")
    await kari.sees(wording(narrowing._screen, n=1))
    await kari.types("stove")
    await kari.sees(wording(narrowing._screen, n=0))
    await kari.taps(carrying("clear"))
    await kari.types("stove")
    card = await kari.sees(wording(narrowing._screen, n=1))
    assert [carrying("pick", stove)(button) for button in card.buttons[:1]] == [True]
