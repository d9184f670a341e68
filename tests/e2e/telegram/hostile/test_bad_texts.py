"""Texts nobody expected: too long, no text at all, with markup, from right to left, or a command instead."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, Organization
from db.states import RentalStatus, Role
from handlers.maintenance import damage_views, problem_report
from handlers.members import profile_questions
from handlers.plain_text import answers as plain_text
from handlers.rentals import lists
from handlers.rentals.booking import screens, views
from handlers.rentals.booking.basket import basket_views
from handlers.rentals.requests import approval
from handlers.telegram import answers
from handlers.ui.callbacks import Verb
from handlers.ui.form import short
from sandbox.person import Person, What, fits
from sandbox.world.records import Message
from services.core.errors import Refused
from services.core.tx import Tx
from services.members import invites
from tests.e2e.arrange import actor, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.replies import NO_CODE
from tests.e2e.seen import asking, by, carrying, of_kind, refusal, saying, showing, wording

LONG = "a" * 5000
MARKUP = "<b>Kari</b> &amp; <script> \"' </i>"
EMOJI = "🦊🏔️👩‍👩‍👧"
ARABIC = "خيمة للرحلة"
TEXT_EXPECTED = refusal(Refused.TEXT_EXPECTED)
NOT_UNDERSTOOD = wording(plain_text.not_understood)


async def invited(world: World, name: str = "Nora", role: Role = Role.USER) -> Person:
    """Somebody new, who opened an invite link and is asked for a name."""
    token = await write(
        world,
        lambda session: invites.make(Tx(session, world.clock.now(), actor(session, world, "Ada")), role=role),
    )
    newcomer = world[name]
    await newcomer.opens(token)
    await newcomer.sees(asking("join.ask"))
    return newcomer


async def asked_for_email(world: World) -> Person:
    """Somebody new, in an organisation that wants an email address."""

    def work(session: Session) -> None:
        session.get_one(Organization, world.organization_id).policy = {"ask_email": True}

    await write(world, work)
    nora = await invited(world)
    await nora.types("Nora Dahl")
    await nora.sees(wording(profile_questions.ask, "email"))
    return nora


async def at_basket(world: World) -> Message:
    """Kari has a tent in her basket."""
    await world["Kari"].types("/rent tent 3.12. 4.12.")
    return await world["Kari"].sees(asking("rent.basket"))


async def asked_for_purpose(world: World) -> Person:
    await at_basket(world)
    await world["Kari"].taps(carrying("purpose"))
    await world["Kari"].sees(asking("rent.purpose"))
    return world["Kari"]


async def asked_why(world: World) -> Person:
    """Anna is asked in private why she declines."""
    number = await requested(world)
    anna = world["Anna"]
    await anna.types("/pending")
    await anna.taps(by(Verb.SHOW_RENTAL, number))
    await anna.taps("Decline")
    await anna.sees(wording(approval._question, id=...))
    return anna


async def asked_what_is_wrong(world: World) -> Person:
    await handed_out(world)
    await world["Kari"].taps("Problem")
    await world["Kari"].sees(wording(damage_views.what_is_wrong, about=...))
    return world["Kari"]


async def searching(world: World) -> Person:
    await world["Kari"].types("/items")
    await world["Kari"].sees(asking("rent.pick"))
    return world["Kari"]


async def asked_from(world: World) -> Person:
    await world["Kari"].types("/rent tent")
    await world["Kari"].sees(asking("rent.first"))
    return world["Kari"]


async def asked_how_long(world: World) -> Person:
    await handed_out(world)
    await world["Kari"].taps("Extend")
    await world["Kari"].sees(asking("extend.ask"))
    return world["Kari"]


QUESTIONS: dict[str, tuple[Callable[[World], Awaitable[Person]], What]] = {
    "name": (invited, asking("join.ask")),
    "email": (asked_for_email, wording(profile_questions.ask, "email")),
    "purpose": (asked_for_purpose, asking("rent.purpose")),
    "reason": (asked_why, wording(approval._question, id=...)),
    "problem": (asked_what_is_wrong, wording(damage_views.what_is_wrong, about=...)),
    "search": (searching, asking("rent.pick")),
    "day": (asked_from, asking("rent.first")),
    "extension": (asked_how_long, asking("extend.ask")),
}
"""Every question that takes text: how one comes to it, and what it says."""


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question != "problem"])
async def test_something_else_where_text_was_asked(sqlite_world: World, question: str) -> None:
    """A sticker, a photo, a photo with a caption, a file: the question comes again and says what it wants."""
    ask, question_asked = QUESTIONS[question]
    person = await ask(sqlite_world)
    plain = person if person.user.first_name != "Anna" else None
    async with sqlite_world.unchanged():
        await person.sends_sticker()
        assert fits(await person.sees(TEXT_EXPECTED), question_asked)
        await person.sends_photo()
        assert fits(await person.sees(TEXT_EXPECTED), question_asked)
        await person.sends_photo(caption="scout trip")
        assert fits(await person.sees(TEXT_EXPECTED), question_asked)
        if plain is not None:  # from an admin it would be the inventory
            await person.sends_document("trip.pdf", b"%PDF-1.7")
            assert fits(await person.sees(TEXT_EXPECTED), question_asked)


async def test_a_problem_takes_a_photo_as_well(sqlite_world: World) -> None:
    """A sticker or a file is told what is wanted; a photo with words under it says all."""
    kari = await asked_what_is_wrong(sqlite_world)
    async with sqlite_world.unchanged():
        await kari.sends_sticker()
        assert wording(damage_views.what_is_wrong, about=...) in (await kari.sees(TEXT_EXPECTED)).text
        await kari.sends_document("trip.pdf", b"%PDF-1.7")
        assert wording(damage_views.what_is_wrong, about=...) in (await kari.sees(TEXT_EXPECTED)).text
    await kari.sends_photo(caption="scout trip")
    await kari.sees(wording(problem_report._over, code="T1"))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("name", refusal(Refused.TOO_MUCH_TEXT, most=100)),
        ("email", refusal(Refused.BAD_EMAIL)),
        ("purpose", refusal(Refused.TOO_MUCH_TEXT, most=500)),
        ("reason", refusal(Refused.TOO_MUCH_TEXT, most=300)),
        ("problem", refusal(Refused.TOO_MUCH_TEXT, most=500)),
        ("search", wording(views.item_list, words=...)),
        ("day", refusal(Refused.NOT_A_DATE)),
        ("extension", refusal(Refused.NOT_A_DATE)),
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
        if question in ("name", "email"):  # for them there is nothing like it
            await person.sees(wording(plain_text.not_understood, words="/rentl tent"))
        else:
            await person.sees(wording(plain_text.did_you_mean, command="/rentl"))


@pytest.mark.parametrize("question", QUESTIONS)
async def test_cancel_at_every_question(sqlite_world: World, question: str) -> None:
    """/cancel ends whatever is going on, says so, and what is written next is no answer any more."""
    person = await QUESTIONS[question][0](sqlite_world)
    await person.types("/cancel")
    await person.sees(wording(screens.over))
    async with sqlite_world.unchanged():
        await person.types("a zorb")
        strangers, unknown = ("name", "email"), wording(plain_text.not_understood, words="a zorb")
        await person.sees(refusal(Refused.NOT_A_MEMBER) if question in strangers else unknown)


async def test_cancel_empties_the_basket(sqlite_world: World) -> None:
    """/cancel throws the basket away as its Cancel button does: the next /rent begins anew."""
    kari = sqlite_world["Kari"]
    await at_basket(sqlite_world)
    await kari.types("/cancel")
    await kari.sees(asking("rent.over"))
    await kari.types("/rent")
    await kari.sees(asking("rent.pick"))
    assert not any(label.startswith("Basket") for label in kari.button_labels())


async def test_cancel_with_nothing_to_cancel(sqlite_world: World) -> None:
    """/cancel when nothing is going on says that there is nothing."""
    async with sqlite_world.unchanged():
        await sqlite_world["Kari"].types("/cancel")
        await sqlite_world["Kari"].sees(of_kind("list", which="cancel"))


async def test_text_where_a_button_is_expected(sqlite_world: World) -> None:
    """The basket comes again, says what it wants, and is as it was."""
    kari = sqlite_world["Kari"]
    await at_basket(sqlite_world)
    async with sqlite_world.unchanged():
        await kari.types("well, well")
        told = refusal(Refused.NOT_UNDERSTOOD_IN_LINE, words="well, well", is_all=True)
        assert wording(basket_views.basket) in (await kari.sees(told)).text
        await kari.sends_sticker()
        assert wording(basket_views.basket) in (await kari.sees(TEXT_EXPECTED)).text
    await kari.taps("Confirm")
    assert TEXT_EXPECTED not in (await kari.sees(showing(RentalStatus.REQUESTED))).text


async def test_a_complaint_about_the_last_answer_does_not_stick(sqlite_world: World) -> None:
    """After a sticker the list says what it wants; what is tapped then is not complained about."""
    kari = await searching(sqlite_world)
    await kari.sends_sticker()
    await kari.sees(TEXT_EXPECTED)
    await kari.taps("Tent")
    assert TEXT_EXPECTED not in (await kari.sees(asking("rent.first"))).text


async def test_a_list_of_types_says_what_it_wants(sqlite_world: World) -> None:
    """A photo while the types are shown is answered like one anywhere else."""

    def work(session: Session) -> None:
        for equipment in session.scalars(select(Equipment)):
            equipment.type = "Camping"

    await write(sqlite_world, work)
    kari = await searching(sqlite_world)
    await kari.taps(carrying("types"))
    await kari.sees(asking("rent.types"))
    async with sqlite_world.unchanged():
        await kari.sends_photo()
        assert wording(views._which_type) in (await kari.sees(TEXT_EXPECTED)).text


async def test_things_without_a_question(sqlite_world: World) -> None:
    """Text, sticker, photo, file or an unknown command, out of the blue: what can be done instead."""
    kari = sqlite_world["Kari"]
    async with sqlite_world.unchanged():
        await kari.types("hello?")
        await kari.sees(saying("small_talk", about="hello"))
        await kari.sends_sticker()
        await kari.sees(NOT_UNDERSTOOD)
        await kari.sends_photo(caption="/rent tent")
        await kari.sees(NO_CODE)
        await kari.sends_document("a.txt", b"x")
        await kari.sees(NOT_UNDERSTOOD)
        for text in ("/approve 1", MARKUP, LONG):
            await kari.types(text)
            await kari.sees(wording(plain_text.not_understood, words=short(text, 60)))


async def test_an_edited_message(sqlite_world: World) -> None:
    """A changed message changes nothing: neither an answer, nor a command."""
    kari = await asked_for_purpose(sqlite_world)
    purpose = await kari.types("scout trip")
    await kari.sees("Purpose: scout trip")
    command = await kari.types("/rentals")
    await kari.sees(wording(lists.mine, "not"))
    async with sqlite_world.unchanged():
        await kari.edits(purpose, "a party")
        await kari.sees(wording(answers.edited))
        await kari.edits(command, "/rent stove")
        await kari.sees(wording(answers.edited))


async def test_a_forwarded_command(sqlite_world: World) -> None:
    """A forwarded message is no command, nor an answer to a question."""
    kari, ola = sqlite_world["Kari"], sqlite_world["Ola"]
    written = await ola.types("/rent stove tomorrow")
    await ola.sees(asking("rent.last"))
    text = await ola.types("mine")
    await sqlite_world.settled()
    async with sqlite_world.unchanged():
        await kari.forwards(written)
        await kari.sees(refusal(Refused.FORWARDED))
    await asked_for_purpose(sqlite_world)
    async with sqlite_world.unchanged():
        await kari.forwards(text)
        await kari.sees(refusal(Refused.FORWARDED))
        await kari.forwards(written)
        await kari.sees(refusal(Refused.FORWARDED))


@pytest.mark.parametrize("text", [MARKUP, f"{EMOJI} ‮gnorts‬ {ARABIC}", "{name} {0} %s %(n)d"])
async def test_strange_purposes_are_shown_as_they_were_written(sqlite_world: World, text: str) -> None:
    """Markup, emoji, right to left, placeholders: in the basket, on the member's card and on the group's."""
    kari = await asked_for_purpose(sqlite_world)
    written = (await kari.types(text)).text
    assert f"Purpose: {written}" in (await kari.sees(asking("rent.basket"))).text
    await kari.taps("Confirm")
    assert f"Purpose: {written}" in (await kari.sees(showing(RentalStatus.REQUESTED))).text
    asked = await sqlite_world.in_group("Anna").sees("Kari Berg")
    assert f"Purpose: {written}" in asked.text


@pytest.mark.parametrize("name", [MARKUP, f"{EMOJI} {ARABIC} {{name}} {{0}}", "🦊" * 100])
async def test_strange_names_are_shown_as_they_were_written(sqlite_world: World, name: str) -> None:
    """On cards, in lists, and to the second admin, who reads who was first."""
    nora = await invited(sqlite_world, role=Role.ADMIN)
    await nora.types(name)
    assert name in (await nora.sees(saying("welcome", organization="Fjellklubben"))).text
    number = await requested(sqlite_world, "Nora")
    anna = sqlite_world.in_group("Anna")
    card = anna.last(showing(RentalStatus.REQUESTED))
    assert name in card.text
    await nora.types("/pending")
    await nora.taps(by(Verb.SHOW_RENTAL, number))
    await nora.taps("Approve")
    assert await nora.toast() == "Approved."
    await anna.sees(showing(RentalStatus.APPROVED))
    async with sqlite_world.unchanged():
        await anna.taps("Approve", message=card)
        toast = await anna.toast() or ""
        whole = refusal(Refused.ALREADY, rental_status="approved", by=name)
        assert len(toast) > 20 and whole.startswith(toast.removesuffix("…"))


@pytest.mark.parametrize("name", ["ㅤ", "‏‏", "⠀⠀", "­", "󠀠", "᠎"])
async def test_a_name_that_nobody_can_see(sqlite_world: World, name: str) -> None:
    """Blank characters are no name."""
    nora = await invited(sqlite_world)
    async with sqlite_world.unchanged():
        await nora.types(name)
        await nora.sees(refusal(Refused.NAME_EMPTY))


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
            await nora.sees(refusal(Refused.BAD_EMAIL))
    await nora.types("nora@club.example")
    await nora.sees(saying("welcome", organization="Fjellklubben"))
    per = await invited(sqlite_world, "Per")
    await per.types("Per Dahl")
    await per.sees(wording(profile_questions.ask, "email"))
    async with sqlite_world.unchanged():
        await per.types(" NORA@club.example ")
        await per.sees(refusal(Refused.EMAIL_TAKEN))


async def test_unknown_codes(sqlite_world: World) -> None:
    """A code that no item has finds nothing, whoever asks and for what."""
    kari, lars = sqlite_world["Kari"], sqlite_world["Lars"]
    await kari.types("/rent")
    await kari.sees(asking("rent.pick"))
    async with sqlite_world.unchanged():
        await kari.types("/rent XX99")
        await kari.sees(wording(views.item_list, words="XX99"))
        for command in (
            "/return XX99",
            "/extend XX99",
            "/return 999",
            "/extend " + "9" * 30,
            "/return " + LONG,
        ):
            await kari.types(command)
            await kari.sees(refusal(Refused.NOT_FOUND))
        for command in ("/handout XX99", "/takeback XX99", "/handout 999", "/takeback " + "9" * 18):
            await lars.types(command)
            await lars.sees(refusal(Refused.NOT_FOUND))
        await kari.opens("i_nothing")
        await kari.sees(refusal(Refused.NOT_FOUND))


async def test_none_and_a_thousand_pieces(sqlite_world: World) -> None:
    """The answer tells how many there are; none is one in the basket, and too many are all that there are."""
    kari = sqlite_world["Kari"]
    await kari.types("/rent tent 3.12. 4.12.")
    await kari.sees(asking("rent.basket"))
    async with sqlite_world.unchanged():
        for number in ("x0", "x-1"):
            await kari.types(f"/rent tent {number}")
            answer = await kari.sees(refusal(Refused.BAD_QUANTITY, most=3, name="Tent"))
            assert "1 × Tent" in answer.text
    for number in ("x1000", "x999999999", "1000x", "4 pcs"):
        await kari.types(f"/rent tent {number}")
        answer = await kari.sees(refusal(Refused.BAD_QUANTITY, most=3, name="Tent"))
        assert "3 × Tent" in answer.text
    await kari.types("/rent T1 x2")
    assert "1 × T1 · Tent" in (await kari.sees(refusal(Refused.BAD_QUANTITY, most=1, name="T1"))).text
