"""Plain words in private: a code, a search, a command, or something that is repeated with ways on."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import DamageNote
from db.states import RentalStatus
from handlers.maintenance import problem_report
from handlers.plain_text import answers
from handlers.plain_text.answers import Verb
from handlers.rentals import lists
from handlers.rentals.booking import views
from handlers.reports import stats
from services.core.errors import Refused
from services.messaging import notifications
from tests.e2e.arrange import approved, handed_out
from tests.e2e.conftest import World
from tests.e2e.replies import heard
from tests.e2e.seen import asking, by, of_kind, refusal, saying, showing, wording
from tests.e2e.statements import counted


async def test_a_rental_in_plain_words(sqlite_world: World) -> None:
    """Asked for, changed in the basket, confirmed, brought back: without one command."""
    kari = sqlite_world["Kari"]
    await kari.types("can I borrow a tent this weekend?")
    await kari.sees(asking("rent.basket"))
    for typed, shown in (
        ("2", "2 × Tent"),
        ("stove", "1 × Stove"),
        ("3 tents", "3 × Tent"),
        ("until tuesday", "8 Dec"),
    ):
        await kari.types(typed)
        assert shown in (await kari.sees(shown)).text
        assert asking("rent.basket")(kari.last())
    await kari.types("3")  # of which of the two?
    await kari.sees(asking("rent.basket", Refused.TAP_EXPECTED))
    await kari.types("help")
    await kari.sees("/rentals")
    await kari.types("bekreft")
    await kari.sees(showing(RentalStatus.REQUESTED))
    await kari.types("cancel")
    await kari.sees(saying("surely"))
    await kari.types("tusen takk")
    await kari.sees(saying("small_talk", about="thanks"))


async def test_a_basket_is_corrected_in_words(sqlite_world: World) -> None:
    """Numbers, things and days, as people take back what they said; the unknown thing is asked about."""
    kari = sqlite_world["Kari"]
    await kari.types("hi, could my friend and I borrow a tent, a flurble and a stove fri-sun?")
    await kari.sees("flurble")
    await kari.taps("Basket (2)")
    assert "6 Dec" in (await kari.sees(asking("rent.basket"))).text
    for typed, there, gone in (
        ("not the stove", "1 × Tent", "Stove"),
        ("two tents instead", "2 × Tent", "1 ×"),
        ("another tent", "3 × Tent", "2 ×"),
        ("to tent i stedet", "2 × Tent", "3 ×"),
        ("en tent til", "3 × Tent", "2 ×"),
        ("actually just one tent", "1 × Tent", "3 ×"),
        ("another", "2 × Tent", "1 ×"),
        ("no, make it three", "3 × Tent", "2 ×"),
        ("not three, just one", "1 × Tent", "3 ×"),
        ("a stove instead of the tent", "1 × Stove", "Tent"),
        ("two more days", "8 Dec", "6 Dec"),
        ("not tuesday, but monday", "7 Dec", "8 Dec"),
        ("sorry, i meant next weekend", "11 Dec", "7 Dec"),
        ("actually from saturday", "12 Dec", "11 Dec"),
        ("until monday 10:00", "14 Dec 10:00", "13 Dec"),
        ("start on sunday", "13 Dec", "12 Dec"),
        ("from 11 am on saturday", "14 Dec 10:00", "13 Dec"),
    ):
        await kari.types(typed)
        shown = (await kari.sees(there)).text
        assert gone not in shown
        assert asking("rent.basket")(kari.last())


async def test_what_is_asked_beside_the_days(sqlite_world: World) -> None:
    """A number is the number that is asked for, also where a day is; a time is on the day of the basket."""
    kari = sqlite_world["Kari"]
    await kari.types("tents for everyone on friday")
    await kari.sees(asking("rent.last", Refused.HOW_MANY))
    await kari.types("three")
    await kari.sees(asking("rent.last"))
    await kari.types("sunday")
    await kari.sees("3 × Tent")
    for typed, shown in (
        ("until 18:00", "6 Dec 18:00"),
        ("from 2pm", "4 Dec 14:00"),
        ("kano til lørdag", "kano til lørdag"),  # unknown here, and repeated as it was written
    ):
        await kari.types(typed)
        await kari.sees(shown)
    for typed, asks in (("tent til lørdag", "rent.first"), ("tent until saturday", "rent.basket")):
        await kari.types("/cancel")
        await kari.types(typed)
        await kari.sees(asking(asks))
    await kari.types("/cancel")
    await kari.types("/rent a tent for an hour tomorrow")
    await kari.sees(asking("rent.basket", Refused.FROM_WHAT_TIME))
    await kari.types("10")
    await kari.sees("2 Dec 10:00–11:00")


async def test_more_time_in_words(sqlite_world: World) -> None:
    """The day that was said is one tap away, also where a problem is asked about; other days and things for
    what is one's own lead to one's rentals.
    """
    world, kari = sqlite_world, sqlite_world["Kari"]
    await handed_out(world)
    for said, day in (
        ("can i keep it until saturday", "5 Dec"),
        ("jeg får ikke levert før fredag", "4 Dec"),
        ("two more days with the tent", "5 Dec"),
    ):
        await kari.types(said)
        asked = await kari.sees(asking("extend.ask"))
        assert day in asked.buttons[0].text, said
    await kari.taps("Problem")
    await kari.sees(asking("problem.ask"))
    await kari.types("can i keep it till next week")
    await kari.sees(asking("extend.ask"))
    for said in ("can i swap the tent for a stove", "move my tent booking to next weekend"):
        await kari.types("/cancel")
        await kari.types(said)
        await kari.sees("Tent")
        assert not asking("rent.basket")(kari.last())


async def test_what_is_told_of_harm_is_the_report(sqlite_world: World) -> None:
    """The words are its note; without anything out there is nothing to report."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await kari.types("i lost the tent")
    await kari.sees(of_kind(lists.LIST, which="harm"))
    number = await handed_out(world)
    await kari.types("when are you open?")
    await kari.sees("08:00")
    for said in ("my tent has a hole", "teltet har blitt stjålet", "a pole got stolen"):
        await kari.types(said)
        await kari.sees(said)
        await kari.sees(asking("problem.photo"))
        await kari.types("cancel")
    await world.in_group("Lars").sees(showing(RentalStatus.OUT, number))


async def test_words_for_what_one_has(sqlite_world: World) -> None:
    """The only rental, or its list; by a code, and by the words of its buttons."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    number = await approved(world)
    await kari.types("hentet")
    await kari.sees(showing(RentalStatus.APPROVED, number))
    number = await handed_out(world)
    for text in ("return", "lever T1", "give it back", "T1"):
        await kari.types(text)
        await kari.sees(showing(RentalStatus.OUT, number))
    await kari.types("mine lån")
    await kari.sees(wording(lists.mine, "found"))
    await kari.types("forleng")
    await kari.sees(asking("extend.ask"))
    await kari.types("avbryt")
    await kari.types("it is broken")
    await kari.sees(asking("problem.ask"))
    await world["Lars"].types("T2")
    await world["Lars"].sees(of_kind(notifications.ITEM_CARD))


@pytest.mark.parametrize(
    ("opened", "screen"),
    [("/handout Kari", "hand_out_now.card"), ("/members", "members.list"), ("/inventory", "inventory.list")],
)
async def test_a_list_that_is_open_holds_nothing_up(sqlite_world: World, opened: str, screen: str) -> None:
    """A sentence that means something wherever it is written is no search there."""
    anna = sqlite_world["Anna"]
    await handed_out(sqlite_world)
    await anna.types(opened)
    await anna.sees(asking(screen))
    await anna.types("who has the tent?")
    await anna.sees("Kari Berg: Tent")
    await anna.types(opened)
    await anna.sees(asking(screen))
    await anna.types("can I borrow a stove on saturday?")
    await anna.sees(asking("rent.last"))


async def test_words_for_a_problem_before_the_piece_is_chosen(sqlite_world: World) -> None:
    """They are kept, with the photo, and used once it is clear what they are about."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await handed_out(world, pieces=2)
    await kari.types("problem")
    await kari.sees(asking("problem.which"))
    await kari.types("a pole is bent")
    await kari.sees(refusal(Refused.TAP_EXPECTED, kept=True))
    await kari.sends_photo(caption="and the bag torn")
    await world.settled()
    await kari.types("t2")
    await kari.sees(wording(problem_report._over, code="T2"))
    await world.settled()
    await world.clock.advance(world.clock.now() + problem_report.PHOTO_PATIENCE)
    card = await world.in_group("Lars").sees("a pole is bent\nand the bag torn")
    assert card.photo


async def test_what_is_not_understood_leads_on(sqlite_world: World) -> None:
    """The words are repeated, and three buttons lead on; in a group there is no answer at all."""
    world, kari, lars = sqlite_world, sqlite_world["Kari"], sqlite_world["Lars"]
    async with world.unchanged():
        await kari.types("<b>zorb</b> " * 5)
        card = await kari.sees("<b>zorb</b> <b>zorb</b>")
        for command, sight in (("help", "/rentals"), ("rentals", wording(lists.mine, "not"))):
            await kari.taps(by(Verb.RUN, arg=command), message=card)
            await kari.sees(sight)
        await lars.types("zorb")
        await lars.taps(by(Verb.RUN, arg="desk"))
        await lars.sees(of_kind(notifications.DAY_CARD))
        assert await heard(world, world.in_group("Anna").types("can I borrow a tent?")) == []
    await kari.taps(by(Verb.RUN, arg="rent"), message=card)
    await kari.sees(asking("rent.pick"))
    await kari.types("zorb")
    await world.settled()
    await world["Anna"].types("/stats")
    await world["Anna"].sees(wording(stats._missed, words="zorb (2)"))


async def test_a_typo_is_asked_about(sqlite_world: World) -> None:
    """The right one is tapped, or written right; the number and the days of the line are kept."""
    kari = sqlite_world["Kari"]
    await kari.types("can I borrow 2 tnets this weekend?")
    await kari.sees(wording(views.item_list, "is_near", words="tnets"))
    await kari.taps("Tent")
    assert "2 × Tent" in (await kari.sees(asking("rent.basket"))).text
    await kari.types("stvoe")
    await kari.sees(wording(views.item_list, "is_near", words="stvoe"))
    await kari.types("stove")
    card = await kari.sees("1 × Stove")
    assert "2 × Tent" in card.text and "6 Dec" in card.text


@pytest.mark.parametrize(
    ("who", "typed", "command"),
    [
        ("Kari", "/rentl tent x2", "rent"),
        ("Kari", "/retnals", "rentals"),
        ("Kari", "/hjelp", "help"),
        ("Lars", "/dsek", "desk"),
    ],
)
async def test_mistyped_commands_offer_the_nearest(
    sqlite_world: World, who: str, typed: str, command: str
) -> None:
    """As a button that runs it, with all that was written after it."""
    person = sqlite_world[who]
    await person.types(typed)
    await person.sees(wording(answers.did_you_mean, command=typed.split()[0]))
    await person.taps(by(Verb.RUN, arg=command))
    sights = {"rent": "2 × Tent", "rentals": wording(lists.mine, "not"), "help": "/rentals"}
    if command == "rent":
        await person.sees(asking("rent.first"))
        await person.types("fri-sun")
    await person.sees(sights.get(command, of_kind(notifications.DAY_CARD)))


async def test_a_bare_thing_asks_no_more_of_the_database(sqlite_world: World) -> None:
    """Than with the command, but whether a question is open, and whether it is a code."""
    world, found, listings = sqlite_world, [], []
    for name, text in (("Kari", "/rent tent"), ("Ola", "tent")):
        await world.settled()
        with counted(world.database) as one:
            await world[name].types(text)
            await world[name].sees(asking("rent.first"))
            await world.settled()
        found.append(one.parts)
        listings.append(one.listing())
    command, bare = found
    assert bare["handler"] <= command["handler"] + 3, "\n".join(listings)


async def test_a_second_report_while_a_photo_is_asked_for(sqlite_world: World) -> None:
    """It is a report of its own; the first is kept."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await handed_out(world)
    await kari.types("a pole is broken")
    await kari.sees(asking("problem.photo"))
    await kari.types("the tent has a hole")
    await kari.sees(asking("problem.photo"))
    await world.settled()

    def notes(session: Session) -> list[str]:
        return sorted(session.scalars(select(DamageNote.note)))

    assert await world.database.read(notes) == ["a pole is broken", "the tent has a hole"]
