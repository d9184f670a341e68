"""Commands about what is not one's own, and messages that are no text at all."""

from collections.abc import Awaitable

from db.states import RentalStatus
from handlers.desk.codes import views as code_views
from handlers.rentals import card_views
from handlers.rentals.booking import views
from sandbox.botapi.wire import message_json
from sandbox.person import Person, fits
from services.core.errors import Refused
from services.core.tx import Tx
from services.rentals import approval
from tests.e2e.arrange import FOREIGN, actor, another_club, approved, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.replies import NOT_FOUND, NOT_UNDERSTOOD, ONLY_LENDERS, told
from tests.e2e.seen import asking, refusal, showing, wording

TEXT_EXPECTED = refusal(Refused.TEXT_EXPECTED)

KINDS: dict[str, object] = {
    "voice": {"duration": 3, "file_id": "v", "file_unique_id": "v"},
    "location": {"latitude": 59.9, "longitude": 10.7},
    "contact": {"phone_number": "+47", "first_name": "Kari"},
    "dice": {"emoji": "🎲", "value": 6},
    "video_note": {"length": 240, "duration": 3, "file_id": "n", "file_unique_id": "n"},
    "poll": {
        "id": "1",
        "question": "When?",
        "options": [],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    },
    "something_new": {"of": "next year"},
}
"""Messages that are not texts, as Telegram tells them."""


async def sends(world: World, person: Person, kind: str) -> None:
    """Send what the sandbox knows no words for."""
    telegram = world.sandbox.world
    held, telegram.updates.add = telegram.updates.add, lambda *_: None  # type: ignore[method-assign]
    sticker = await person.sends_sticker()
    telegram.updates.add = held  # type: ignore[method-assign]
    told_as = message_json(telegram, telegram.chats[sticker.chat_id].messages[sticker.id])
    del told_as["sticker"]
    telegram.updates.add("message", {**told_as, kind: KINDS[kind]})


async def test_what_is_no_text(sqlite_world: World) -> None:
    """Voice, place, contact, dice: out of the blue, where text was asked, and where a day was asked."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    async with world.unchanged():
        for kind in KINDS:
            assert await told(world, sends(world, kari, kind)) == NOT_UNDERSTOOD, kind
    for begin, question in (
        ("/items", asking("rent.pick")),
        ("/rent tent", asking("rent.first")),
    ):
        await kari.types(begin)
        await kari.sees(question)
        async with world.unchanged():
            for kind in KINDS:
                said = await told(world, sends(world, kari, kind))
                assert TEXT_EXPECTED in said, kind
                assert fits(kari.last(), question)


async def test_things_of_another_club(sqlite_world: World) -> None:
    """By code, by label, by number: nobody here finds them, whatever for, and whoever asks."""
    world = sqlite_world
    await another_club(world)
    async with world.unchanged():
        for person in (world["Kari"], world["Anna"]):
            for words in ("K9", "k9", str(FOREIGN)):
                for command in ("return", "extend", "cancel"):
                    assert await told(world, person.types(f"/{command} {words}")) == NOT_FOUND
            # A label says whose the thing is, to whoever found it, and no more.
            found = await told(world, person.opens("i_label-of-k9"))
            assert found.startswith(wording(code_views.whose, name="Kayak", organization="Turlaget"))
        for words in ("K9", str(FOREIGN)):
            for command in ("handout", "takeback"):
                assert await told(world, world["Lars"].types(f"/{command} {words}")) == NOT_FOUND
                assert await told(world, world["Kari"].types(f"/{command} {words}")) == ONLY_LENDERS


async def test_another_clubs_things_are_not_rented(sqlite_world: World) -> None:
    """Neither its code nor its name leads anywhere."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await another_club(world)
    await kari.types("/rent")
    async with world.unchanged():
        for words in ("K9", "kayak", "kayak tomorrow"):
            assert wording(views.item_list, words=...) in await told(world, kari.types(f"/rent {words}"))


async def test_rentals_of_others(sqlite_world: World) -> None:
    """A number or code of somebody else's rental is nothing that one could return, extend or call off."""
    world, ola = sqlite_world, sqlite_world["Ola"]
    number = await handed_out(world)
    waiting = await requested(world)
    async with world.unchanged():
        for words in (str(number), "T1", str(waiting)):
            for command in ("return", "extend", "cancel"):
                said = await told(world, ola.types(f"/{command} {words}"))
                assert "Kari" not in said and "Tent" not in said, said


async def test_numbers_that_are_none(sqlite_world: World) -> None:
    """Zero, negative, halves, powers, other digits: not found, for whatever command takes a number."""
    world = sqlite_world
    await handed_out(world)
    numbers = ("0", "-1", "1.5", "²", "１", "1" * 18, "<b>1</b>")
    asks: list[tuple[Person, str]] = [(world["Kari"], c) for c in ("return", "extend", "cancel")]
    asks += [(world["Lars"], c) for c in ("handout", "takeback")]
    async with world.unchanged():
        for person, command in asks:
            for number in numbers:
                said = await told(world, person.types(f"/{command} {number}"))
                assert said == NOT_FOUND, (command, number)


async def test_the_wrong_moment(sqlite_world: World) -> None:
    """Extending what is not out, calling off what is out, handing out twice: how things stand."""
    world, kari, lars = sqlite_world, sqlite_world["Kari"], sqlite_world["Lars"]
    out, coming = await handed_out(world), await approved(world)
    waiting = await requested(world, "Ola", what="Stove")
    async with world.unchanged():
        await is_told(
            world,
            kari.types(f"/extend {coming}"),
            refusal(Refused.ALREADY, rental_status="approved", by="Anna Berg"),
        )
        await is_told(world, kari.types(f"/cancel {out}"), refusal(Refused.ALREADY, rental_status="out"))
        await lars.types(f"/handout {out}")
        await lars.sees(showing(RentalStatus.OUT, out))
        await lars.types(f"/takeback {coming}")
        await lars.sees(showing(RentalStatus.APPROVED, coming))
        assert wording(card_views.status_line, RentalStatus.REQUESTED) in await told(
            world, lars.types(f"/handout {waiting}")
        )
    await write(world, lambda s: approval.cancel(Tx(s, world.clock.now(), actor(s, world, "Kari")), coming))
    async with world.unchanged():
        await is_told(
            world,
            kari.types(f"/cancel {coming}"),
            refusal(Refused.ALREADY, rental_status="cancelled", by="Kari Berg"),
        )
        await is_told(
            world,
            kari.types(f"/extend {coming}"),
            refusal(Refused.ALREADY, rental_status="cancelled", by="Kari Berg"),
        )


async def is_told(world: World, doing: Awaitable[object], words: str) -> None:
    """Exactly that is said."""
    assert await told(world, doing) == words


async def test_the_list_says_which_days_were_understood(sqlite_world: World) -> None:
    """Before one of several is tapped, with the numbers of those days, and where only the end of the line
    shows that it is a day.
    """
    kari = sqlite_world["Kari"]
    await kari.types("/rent t")
    shown = await kari.sees(wording(views.item_list, "words"))
    assert any("free" in button.text for button in shown.buttons)
    await kari.types("/rent t this weekend")
    shown = await kari.sees(wording(views.item_list, "words"))
    assert "Fri 4 Dec – Sun 6 Dec" in shown.text
    assert any("free" in button.text for button in shown.buttons)
    await kari.types("/rent tent 12/24")
    await kari.sees("From Thu 24 Dec")
