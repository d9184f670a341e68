"""Words that were asked for are the answer, however much they sound like a sentence of the desk.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization, User
from db.states import RentalStatus
from handlers.ui.callbacks import Verb
from services.core.errors import Refused
from services.messaging import notifications
from tests import factories
from tests.e2e.arrange import handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, carrying, of_kind, showing


async def test_answers(sqlite_world: World) -> None:
    """Reasons, names, a purpose: each is kept as it was written, and nothing else is begun."""
    world, anna, kari = sqlite_world, sqlite_world["Anna"], sqlite_world["Kari"]
    await handed_out(world)
    number = await requested(world, "Ola")
    await anna.types("/pending")
    await anna.taps(by(Verb.SHOW_RENTAL, number))
    await anna.taps(by(Verb.DECLINE, number))
    await anna.sees(asking("decline.ask"))
    await anna.types("T1 is broken")
    assert "T1 is broken" in (await anna.sees(showing(RentalStatus.DECLINED, number))).text
    await anna.types("block T3 from sunday to monday")
    await anna.sees(asking("block.check"))
    await anna.types("extend Kari's tent to sunday")
    assert "extend Kari's tent to sunday" in (await anna.sees(asking("block.blocks"))).text
    await anna.types("/members Ola")
    await anna.taps(carrying("suspend"))
    await anna.sees(asking("members.why"))
    await anna.types("everything is broken")
    assert "everything is broken" in (await anna.sees(asking("members.until"))).text
    await anna.types("/members Ola")
    await anna.taps(carrying("fields"))
    await anna.taps(carrying("field", "first_name"))
    await anna.sees(asking("members.value"))
    await anna.types("Ola Cancel")
    await anna.sees(asking("members.card"))
    await kari.types("/rent tent friday sunday")
    await kari.taps(carrying("purpose"))
    await kari.sees(asking("rent.purpose"))
    await kari.types("cancel my tent")
    assert "cancel my tent" in (await kari.sees(asking("rent.basket"))).text
    await world.settled()
    names = await world.database.read(lambda session: set(session.scalars(select(User.first_name))))
    assert "Ola Cancel" in names


async def test_names_of_things_that_sound_like_sentences(sqlite_world: World) -> None:
    """A book that is called so is borrowed, whoever asks for it."""
    world = sqlite_world

    def books(session: Session) -> None:
        of = session.get_one(Organization, world.organization_id)
        for name, code in (("History of Norway", "B1"), ("Block and tackle", "B2")):
            factories.equipment(session, of, world.clock.now(), name, code)

    await write(world, books)
    for name, said in (
        ("Kari", "History of Norway"),
        ("Lars", "block and tackle"),
        ("Anna", "Block and tackle"),
    ):
        await world[name].types(said)
        await world[name].sees(asking("rent.first"))


async def test_a_time_that_is_none(sqlite_world: World) -> None:
    """It is called a time, as that is what was asked for; a sentence is followed."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    number = await handed_out(world)
    await lars.types("Kari is back with the tent")
    await lars.taps(by(Verb.OUT_EARLIER, number))
    await lars.sees(asking("earlier.out"))
    for said in ("25:99", "<b>", "everything is broken"):
        await lars.types(said)
        await lars.sees(asking("earlier.out", Refused.NOT_A_TIME))
    await lars.types("where is T2")
    await lars.sees(of_kind(notifications.ITEM_CARD))
