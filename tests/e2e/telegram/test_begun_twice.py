"""A conversation that is begun twice, or replaced, while its question is on its way: one question stays.

That no question keeps its buttons without a conversation is seen after every story (tests/e2e/questions.py).
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import delete

from db.models import Conversation
from handlers.rentals.changes.views import Verb as ChangeVerb
from handlers.ui.callbacks import AnyVerb, Verb
from sandbox.person import Person
from sandbox.world.records import Message
from tests.e2e import questions
from tests.e2e.arrange import approved, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.replies import OUTDATED
from tests.e2e.seen import asking, by

Begin = Callable[[], Awaitable[object]]


async def hurries(world: World, person: Person, first: Begin, second: Begin) -> list[Message]:
    """Somebody begins one thing, and another before the first question is there; the questions after that."""
    await world.settled()
    held = world.sandbox.world.faults.add("sendMessage", chat_id=person.chat.id, hold=True)
    await first()
    await held.met()
    await second()
    await world.sandbox.world.updates.confirmed()
    held.release()
    await world.settled()
    assert not list(questions.dead(world.sandbox.world, world.database))
    return list(questions.asked(world.sandbox.world, person.chat))


def tapping(person: Person, verb: AnyVerb, id_: int | None = None) -> Begin:
    card = next(one for one in person.world.newest_first(person.chat) if any(map(by(verb, id_), one.buttons)))
    return lambda: person.taps(by(verb, id_), card.snapshot())


async def test_whatever_is_begun(sqlite_world: World) -> None:
    """By a button in private and in the group, and by a command: one question, and it works."""
    world = sqlite_world
    kari, anna, group = world["Kari"], world["Anna"], world.in_group("Anna")
    later, out = await approved(world, first=5, last=6), await handed_out(world, what="Stove")
    asked = await requested(world, "Ola", what="Tarpaulin 3×4")
    await world.settled()
    for person, verb, number in (
        (kari, ChangeVerb.CHANGE, later),
        (kari, Verb.PROBLEM, out),
        (kari, Verb.EXTEND, out),
        (group, Verb.DECLINE, asked),
        (group, ChangeVerb.PROPOSE, asked),
        (group, ChangeVerb.MORE_TIME, out),
        (group, Verb.PROBLEM, out),
    ):
        tap = tapping(person, verb, number)
        assert len(await hurries(world, person, tap, tap)) == 1, verb
    for command in ("/rent tent", "/inventory", "/members", "/export"):

        async def types(text: str = command) -> None:
            await anna.types(text)

        assert len(await hurries(world, anna, types, types)) == 1, command


async def test_another_one_is_begun(sqlite_world: World) -> None:
    """The first question stays to be read, without buttons; so it does where it was there long since."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    later, out = await approved(world, first=5, last=6), await handed_out(world, what="Stove")
    await world.settled()
    change, problem = tapping(kari, ChangeVerb.CHANGE, later), tapping(kari, Verb.PROBLEM, out)
    (question,) = await hurries(world, kari, change, problem)
    assert asking("problem.ask")(question)
    assert any(map(asking("rent.basket"), kari.world.newest_first(kari.chat)))
    await kari.types("/me")
    await world.settled()
    (question,) = questions.asked(world.sandbox.world, kari.chat)
    assert asking("me.home")(question)


async def test_an_end_that_was_not_shown(sqlite_world: World) -> None:
    """Cancelled, and something else begun before Telegram took the outcome: no buttons are left."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await kari.types("/rent tent")
    question = await kari.sees(asking("rent.first"))
    world.sandbox.world.faults.add("editMessageText", 500)
    await kari.taps("Cancel", question)
    await kari.toast()
    await kari.types("/me")
    await world.settled()
    await world.clock.advance(world.clock.now() + timedelta(minutes=1))
    await world.settled()
    assert [asking("me.home")(one) for one in questions.asked(world.sandbox.world, kari.chat)] == [True]


async def test_a_question_of_which_nobody_knows(sqlite_world: World) -> None:
    """As of a program that was killed: its first tap is told so, and takes all its buttons."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await kari.types("/me")
    question = await kari.sees(asking("me.home"))
    await world.settled()
    await write(world, lambda session: session.execute(delete(Conversation)))
    await kari.taps(question.buttons[0].text, question)
    assert await kari.toast() == OUTDATED
    await world.settled()
    assert kari.last().id == question.id and not kari.last().buttons
