"""An album of pictures is several messages to Telegram, and one to whoever sends it: it is answered once.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from sqlalchemy import select

from db.models import DamageNote
from handlers.maintenance import damage_views
from handlers.maintenance import problem_report as problems_screens
from sandbox.person import Person
from sandbox.world.records import Message
from services.talk import messages as talk
from tests.e2e.arrange import handed_out
from tests.e2e.conftest import World
from tests.e2e.replies import NO_CODE
from tests.e2e.seen import of_kind, saying, wording


async def answered(world: World, person: Person, caption: str = "") -> list[Message]:
    """The bot's words to four pictures."""
    await world.settled()
    before = person.chat.next_message_id
    await person.sends_album(4, caption)
    await world.settled()
    said = [m for m in world.sandbox.world.visible(person.chat) if m.sender is world.sandbox.world.bot]
    return [message for message in said if message.id >= before]


async def test_where_nothing_is_asked(sqlite_world: World) -> None:
    """One answer to each album, from a member and from an admin, and from a stranger."""
    world = sqlite_world
    for name in ("Kari", "Ada", "Nils"):
        for _ in range(2):
            assert len(await answered(world, world[name])) == 1, name
    assert NO_CODE in world["Kari"].last().text


async def test_where_a_photo_is_asked(sqlite_world: World) -> None:
    """The first picture is the one, and what is asked next stays asked without a word about the others."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await handed_out(world)
    await kari.taps("Problem")
    await kari.sees(wording(damage_views.what_is_wrong, about="T1"))
    assert len(await answered(world, kari)) == 1
    await kari.types("Torn")
    await kari.sees(wording(problems_screens._over, code="T1"))
    await world.settled()
    noted = world.database.read_now(lambda s: s.scalars(select(DamageNote)).all())
    assert [(note.note, note.photo_id is not None) for note in noted] == [("Torn", True)]


async def test_where_words_and_a_photo_are_asked(sqlite_world: World) -> None:
    """The caption is the words, and the whole album one report."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await handed_out(world)
    await kari.taps("Problem")
    await kari.sees(wording(damage_views.what_is_wrong, about="T1"))
    assert len(await answered(world, kari, "Torn")) == 1
    noted = world.database.read_now(lambda s: s.scalars(select(DamageNote)).all())
    assert [(note.note, note.photo_id is not None) for note in noted] == [("Torn", True)]


async def test_where_words_are_asked(sqlite_world: World) -> None:
    """It is said once that words are expected; the question stays."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await kari.types("/rent")
    await kari.sees(lambda message: bool(message.buttons))
    assert len(await answered(world, kari)) == 1
    await kari.types("stove")
    await world.settled()


async def test_in_the_group(sqlite_world: World) -> None:
    """In answer to a card, the first picture goes to the member, and it is said that it goes alone."""
    world = sqlite_world
    await handed_out(world)
    await world.settled()
    anna = world.in_group("Anna")
    card = anna.last("Rental ")
    count = len(world.group.messages)
    await anna.sends_album(4, reply_to=card)
    await world.settled()
    assert len(world.group.messages) == count + 4 + 1
    assert anna.last(saying("handed_on", is_first=True, name="Kari Berg"))
    assert world["Kari"].last(of_kind(talk.MESSAGE)).photo is not None
