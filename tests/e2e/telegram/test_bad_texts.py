"""Texts nobody expected: too long, no text at all, with markup, from right to left, or a command instead."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, Organization
from db.states import Role
from sandbox.person import Person
from sandbox.records import Message
from services.members import invites
from tests.e2e.arrange import actor, handed_out, requested, write
from tests.e2e.conftest import World

LONG = "a" * 5000
MARKUP = "<b>Kari</b> &amp; <script> \"' </i>"
EMOJI = "🦊🏔️👩‍👩‍👧"
ARABIC = "خيمة للرحلة"
TEXT_EXPECTED = "Please answer with text, or tap a button."
TAP_EXPECTED = "Please tap one of the buttons."
NOT_UNDERSTOOD = "I did not understand that. Borrow with /rent, see yours with /rentals, or see /help."


async def invited(world: World, name: str = "Nora", role: Role = Role.USER) -> Person:
    """Somebody new, who opened an invite link and is asked for a name."""
    token = await write(
        world,
        lambda session: invites.make(session, actor(session, world, "Ada"), world.clock.now(), role=role),
    )
    newcomer = world[name]
    await newcomer.opens(token)
    await newcomer.sees("What is your name?")
    return newcomer


async def asked_for_email(world: World) -> Person:
    """Somebody new, in an organisation that wants an email address."""

    def work(session: Session) -> None:
        session.get_one(Organization, world.organization_id).policy = {"ask_email": True}

    await write(world, work)
    nora = await invited(world)
    await nora.types("Nora Dahl")
    await nora.sees("What is your email address")
    return nora


async def at_basket(world: World) -> Message:
    """Kari has a tent in her basket."""
    await world["Kari"].types("/rent tent 3.12. 4.12.")
    return await world["Kari"].sees("Your basket")


async def asked_for_purpose(world: World) -> Person:
    await at_basket(world)
    await world["Kari"].taps("Purpose")
    await world["Kari"].sees("What is it for?")
    return world["Kari"]


async def asked_why(world: World) -> Person:
    """Anna is asked in private why she declines."""
    number = await requested(world)
    anna = world["Anna"]
    await anna.types("/pending")
    await anna.taps(f"{number} ·")
    await anna.taps("Decline")
    await anna.sees("Why is rental")
    return anna


async def asked_what_is_wrong(world: World) -> Person:
    await handed_out(world)
    await world["Kari"].taps("Problem")
    await world["Kari"].sees("What is wrong")
    return world["Kari"]


async def searching(world: World) -> Person:
    await world["Kari"].types("/items")
    await world["Kari"].sees("What do you need?")
    return world["Kari"]


async def asked_from(world: World) -> Person:
    await world["Kari"].types("/rent tent")
    await world["Kari"].sees("From which day?")
    return world["Kari"]


async def asked_how_long(world: World) -> Person:
    await handed_out(world)
    await world["Kari"].taps("Extend")
    await world["Kari"].sees("Until which day do you need it?")
    return world["Kari"]


QUESTIONS = {
    "name": (invited, "What is your name?"),
    "email": (asked_for_email, "What is your email address"),
    "purpose": (asked_for_purpose, "What is it for?"),
    "reason": (asked_why, "Why is rental"),
    "problem": (asked_what_is_wrong, "What is wrong"),
    "search": (searching, "What do you need?"),
    "day": (asked_from, "From which day?"),
    "extension": (asked_how_long, "Until which day do you need it?"),
}
"""Every question that takes text: how one comes to it, and what it says."""


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question != "problem"])
async def test_something_else_where_text_was_asked(sqlite_world: World, question: str) -> None:
    """A sticker, a photo, a photo with a caption, a file: the question comes again and says what it wants."""
    ask, words = QUESTIONS[question]
    person = await ask(sqlite_world)
    plain = person if person.user.first_name != "Anna" else None
    async with sqlite_world.unchanged():
        await person.sends_sticker()
        assert words in (await person.sees(TEXT_EXPECTED)).text
        await person.sends_photo()
        assert words in (await person.sees(TEXT_EXPECTED)).text
        await person.sends_photo(caption="scout trip")
        assert words in (await person.sees(TEXT_EXPECTED)).text
        if plain is not None:  # from an admin it would be the inventory
            await person.sends_document("trip.pdf", b"%PDF-1.7")
            assert words in (await person.sees(TEXT_EXPECTED)).text


async def test_a_problem_takes_a_photo_as_well(sqlite_world: World) -> None:
    """A sticker or a file is told what is wanted; a photo with words under it says all."""
    kari = await asked_what_is_wrong(sqlite_world)
    async with sqlite_world.unchanged():
        await kari.sends_sticker()
        assert "What is wrong" in (await kari.sees(TEXT_EXPECTED)).text
        await kari.sends_document("trip.pdf", b"%PDF-1.7")
        assert "What is wrong" in (await kari.sees(TEXT_EXPECTED)).text
    await kari.sends_photo(caption="scout trip")
    await kari.sees("Noted on T1. Thank you!")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("name", "That is too long: at most 100 characters."),
        ("email", "That does not look like an email address."),
        ("purpose", "That is too long: at most 500 characters."),
        ("reason", "That is too long: at most 300 characters."),
        ("problem", "That is too long: at most 500 characters."),
        ("search", "Nothing found for “aaa"),
        ("day", "I did not understand the day."),
        ("extension", "I did not understand the day."),
    ],
)
async def test_five_thousand_characters(sqlite_world: World, question: str, told: str) -> None:
    """Every question says that it is too much, or finds nothing by it."""
    person = await QUESTIONS[question][0](sqlite_world)
    async with sqlite_world.unchanged():
        await person.types(LONG)
        await person.sees(told)
        await person.types("🦊" * 5000)
        await sqlite_world.settled()
        assert person.last().text


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_command_that_there_is_not(sqlite_world: World, question: str) -> None:
    """A mistyped command is nobody's name, purpose or reason; the question stands."""
    person = await QUESTIONS[question][0](sqlite_world)
    async with sqlite_world.unchanged():
        await person.types("/rentl tent")
        await person.sees(NOT_UNDERSTOOD)


@pytest.mark.parametrize("question", QUESTIONS)
async def test_cancel_at_every_question(sqlite_world: World, question: str) -> None:
    """/cancel ends whatever is going on, says so, and what is written next is no answer any more."""
    person = await QUESTIONS[question][0](sqlite_world)
    await person.types("/cancel")
    await person.sees("Cancelled. Nothing was sent.")
    async with sqlite_world.unchanged():
        await person.types("tomorrow")
        strangers = ("name", "email")
        await person.sees("You are not a member yet." if question in strangers else NOT_UNDERSTOOD)


async def test_cancel_empties_the_basket(sqlite_world: World) -> None:
    """/cancel throws the basket away as its Cancel button does: the next /rent begins anew."""
    kari = sqlite_world["Kari"]
    await at_basket(sqlite_world)
    await kari.types("/cancel")
    await kari.sees("Cancelled. Nothing was sent.")
    await kari.types("/rent")
    await kari.sees("What do you need?")
    assert not any(label.startswith("Basket") for label in kari.button_labels())


async def test_cancel_with_nothing_to_cancel(sqlite_world: World) -> None:
    """/cancel when nothing is going on says that there is nothing."""
    async with sqlite_world.unchanged():
        await sqlite_world["Kari"].types("/cancel")
        await sqlite_world["Kari"].sees("There is nothing to cancel.")


async def test_text_where_a_button_is_expected(sqlite_world: World) -> None:
    """The basket comes again, says what it wants, and is as it was."""
    kari = sqlite_world["Kari"]
    await at_basket(sqlite_world)
    async with sqlite_world.unchanged():
        await kari.types("yes please")
        assert "Your basket" in (await kari.sees(TAP_EXPECTED)).text
        await kari.sends_sticker()
        assert "Your basket" in (await kari.sees(TAP_EXPECTED)).text
    await kari.taps("Confirm")
    assert TAP_EXPECTED not in (await kari.sees("Waiting for an answer")).text


async def test_a_complaint_about_the_last_answer_does_not_stick(sqlite_world: World) -> None:
    """After a sticker the list says what it wants; what is tapped then is not complained about."""
    kari = await searching(sqlite_world)
    await kari.sends_sticker()
    await kari.sees(TEXT_EXPECTED)
    await kari.taps("Tent")
    assert TEXT_EXPECTED not in (await kari.sees("From which day?")).text


async def test_a_list_of_types_says_what_it_wants(sqlite_world: World) -> None:
    """A photo while the types are shown is answered like one anywhere else."""

    def work(session: Session) -> None:
        for equipment in session.scalars(select(Equipment)):
            equipment.type = "Camping"

    await write(sqlite_world, work)
    kari = await searching(sqlite_world)
    await kari.taps("By type")
    await kari.sees("Which type?")
    async with sqlite_world.unchanged():
        await kari.sends_photo()
        assert "Which type?" in (await kari.sees(TEXT_EXPECTED)).text


async def test_things_without_a_question(sqlite_world: World) -> None:
    """Text, sticker, photo, file or an unknown command, out of the blue: what can be done instead."""
    kari = sqlite_world["Kari"]
    async with sqlite_world.unchanged():
        await kari.types("hello?")
        await kari.sees(NOT_UNDERSTOOD)
        await kari.sends_sticker()
        await kari.sees(NOT_UNDERSTOOD)
        await kari.sends_photo(caption="/rent tent")
        await kari.sees(NOT_UNDERSTOOD)
        await kari.sends_document("a.txt", b"x")
        await kari.sees(NOT_UNDERSTOOD)
        await kari.types("/approve 1")
        await kari.sees(NOT_UNDERSTOOD)
        await kari.types(LONG)
        await kari.sees(NOT_UNDERSTOOD)


async def test_an_edited_message(sqlite_world: World) -> None:
    """A changed message changes nothing: neither an answer, nor a command."""
    kari = await asked_for_purpose(sqlite_world)
    purpose = await kari.types("scout trip")
    await kari.sees("Purpose: scout trip")
    command = await kari.types("/rentals")
    await kari.sees("You have no rentals now")
    async with sqlite_world.unchanged():
        await kari.edits(purpose, "a party")
        await kari.sees("I do not follow edits. Please write it again as a new message.")
        await kari.edits(command, "/rent stove")
        await kari.sees("I do not follow edits. Please write it again as a new message.")


async def test_a_forwarded_command(sqlite_world: World) -> None:
    """What somebody else wrote is no command, nor an answer to a question."""
    kari, ola = sqlite_world["Kari"], sqlite_world["Ola"]
    written = await ola.types("/rent stove tomorrow")
    await ola.sees("Until which day?")
    text = await ola.types("mine")
    await sqlite_world.settled()
    async with sqlite_world.unchanged():
        await kari.forwards(written)
        await kari.sees("That was forwarded. If you mean it, write it yourself.")
    await asked_for_purpose(sqlite_world)
    async with sqlite_world.unchanged():
        await kari.forwards(text)
        await kari.sees("That was forwarded. If you mean it, write it yourself.")
        await kari.forwards(written)
        await kari.sees("That was forwarded. If you mean it, write it yourself.")


@pytest.mark.parametrize("text", [MARKUP, EMOJI, ARABIC, "‮gnorts‬", "{name} {0} %s %(n)d"])
async def test_strange_purposes_are_shown_as_they_were_written(sqlite_world: World, text: str) -> None:
    """Markup, emoji, right to left, placeholders: in the basket, on the member's card and on the group's."""
    kari = await asked_for_purpose(sqlite_world)
    written = (await kari.types(text)).text
    assert f"Purpose: {written}" in (await kari.sees("Your basket")).text
    await kari.taps("Confirm")
    assert f"Purpose: {written}" in (await kari.sees("Waiting for an answer")).text
    asked = await sqlite_world.in_group("Anna").sees("Kari Berg")
    assert f"Purpose: {written}" in asked.text


@pytest.mark.parametrize("name", [MARKUP, f"{EMOJI} {EMOJI}", f"{ARABIC}", "{name} {0}", "🦊" * 100])
async def test_strange_names_are_shown_as_they_were_written(sqlite_world: World, name: str) -> None:
    """On cards, in lists, and to the second admin, who reads who was first."""
    nora = await invited(sqlite_world, role=Role.ADMIN)
    await nora.types(name)
    assert name in (await nora.sees("Welcome to Fjellklubben")).text
    number = await requested(sqlite_world, "Nora")
    anna = sqlite_world.in_group("Anna")
    card = anna.last("Waiting for an answer")
    assert name in card.text
    await nora.types("/pending")
    await nora.taps(f"{number} ·")
    await nora.taps("Approve")
    assert await nora.toast() == "Approved."
    await anna.sees("Approved by")
    async with sqlite_world.unchanged():
        await anna.taps("Approve", message=card)
        toast = await anna.toast() or ""
        assert toast.startswith("Already approved by ")
        assert toast.removeprefix("Already approved by ")[:20] in f"{name}."


@pytest.mark.parametrize("name", ["ㅤ", "‏‏", "⠀⠀", "­", "󠀠", "᠎"])
async def test_a_name_that_nobody_can_see(sqlite_world: World, name: str) -> None:
    """Blank characters are no name."""
    nora = await invited(sqlite_world)
    async with sqlite_world.unchanged():
        await nora.types(name)
        await nora.sees("Please write a name.")


async def test_addresses_that_are_none(sqlite_world: World) -> None:
    """The question comes again until it gets an email address; somebody else's is taken."""
    nora = await asked_for_email(sqlite_world)
    async with sqlite_world.unchanged():
        for typed in (
            "nora",
            "nora@",
            "@club.example",
            "nora@club",
            "a b@club.example",
            EMOJI,
            "x@y..z",
            "a@b@c.no",
        ):
            await nora.types(typed)
            await nora.sees("That does not look like an email address.")
    await nora.types("nora@club.example")
    await nora.sees("Welcome to Fjellklubben")
    per = await invited(sqlite_world, "Per")
    await per.types("Per Dahl")
    await per.sees("What is your email address")
    async with sqlite_world.unchanged():
        await per.types(" NORA@club.example ")
        await per.sees("Somebody here uses that email address already.")


async def test_unknown_codes(sqlite_world: World) -> None:
    """A code that no item has finds nothing, whoever asks and for what."""
    kari, lars = sqlite_world["Kari"], sqlite_world["Lars"]
    await kari.types("/rent")
    await kari.sees("What do you need?")
    async with sqlite_world.unchanged():
        await kari.types("/rent XX99")
        await kari.sees("Nothing found for “XX99”.")
        for command in (
            "/return XX99",
            "/extend XX99",
            "/return 999",
            "/extend " + "9" * 30,
            "/return " + LONG,
        ):
            await kari.types(command)
            await kari.sees("I cannot find that here.")
        for command in ("/handout XX99", "/takeback XX99", "/handout 999", "/takeback " + "9" * 18):
            await lars.types(command)
            await lars.sees("I cannot find that here.")
        await kari.opens("i_nothing")
        await kari.sees("I cannot find that here.")


async def test_none_and_a_thousand_pieces(sqlite_world: World) -> None:
    """How many there are is said, and one is put in the basket."""
    kari = sqlite_world["Kari"]
    await kari.types("/rent tent 3.12. 4.12.")
    await kari.sees("Your basket")
    async with sqlite_world.unchanged():
        for number in ("x0", "x-1", "x1000", "x999999999", "1000x", "4 pcs"):
            await kari.types(f"/rent tent {number}")
            answer = await kari.sees("There are 3 pieces of Tent. Choose from 1 to 3.")
            assert "1 × Tent" in answer.text
    await kari.types("/rent T1 x2")
    assert "1 × Tent" in (await kari.sees("There is 1 piece of T1")).text
