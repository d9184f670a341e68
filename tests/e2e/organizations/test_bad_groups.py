"""Groups that are not as they should be: unbound, taken, left, moved; and people who hide who they are."""

import pytest

from db.models import Organization
from db.states import RentalStatus
from handlers.features import REGISTRY
from handlers.onboarding import help
from handlers.rentals import card_views
from handlers.rentals.requests import approval
from handlers.telegram import answers
from handlers.ui.callbacks import Verb
from handlers.ui.registry import Where
from sandbox.person import Person
from sandbox.world import people
from sandbox.world.records import ANONYMOUS_ADMIN, Chat
from services.core.errors import Refused
from tests.e2e.arrange import another_club, handed_out, requested
from tests.e2e.conftest import World
from tests.e2e.replies import (
    ANONYMOUS,
    GROUP_NOT_BOUND,
    NOT_A_MEMBER,
    ONLY_ADMINS,
    OUTDATED,
    asked,
    heard,
    told,
)
from tests.e2e.seen import by, carrying, of_kind, refusal, saying, wording

IN_PRIVATE = wording(answers.private_only)
IN_GROUP = wording(answers.group_only)
TAKEN = refusal(Refused.GROUP_TAKEN)
GREETING = wording(help.group_greeting)
BOUND = saying("group_bound", organization="Fjellklubben")
LEFT = wording(answers.group_lost, title="Utstyr")
FORWARDED = refusal(Refused.FORWARDED)

AT_THE_GROUP = ("pending", "out", "overdue")


def command(world: World, name: str) -> str:
    """As it is tapped in a group's menu."""
    return f"/{name}@{world.sandbox.world.bot.username}"


async def bound_to(world: World) -> int | None:
    """The chat that decides for the club."""
    return await world.database.read(lambda s: s.get_one(Organization, world.organization_id).group_chat_id)


def strange_group(world: World, *names: str) -> Chat:
    """Another group that the bot is in, and that is bound to nothing."""
    return world.sandbox.add_group("Kafé", members=[world[name] for name in names], bot=True)


async def test_commands_in_the_wrong_chat(sqlite_world: World) -> None:
    """Every command that is for private is sent there, every one for the group there, whoever writes it."""
    world = sqlite_world
    async with world.unchanged():
        for c in REGISTRY.commands.values():
            if c.where is Where.PRIVATE:
                for person in (world.in_group("Anna"), world.in_group("Lars")):
                    assert await told(world, person.types(command(world, c.name))) == IN_PRIVATE
            elif c.where is Where.GROUP:
                for name in ("Kari", "Anna", "Nobody"):
                    assert await told(world, world[name].types(f"/{c.name}")) == IN_GROUP


async def test_a_group_that_is_bound_to_nothing(sqlite_world: World) -> None:
    """Its commands say so, and only an admin changes it."""
    world = sqlite_world
    group = strange_group(world, "Ada", "Kari", "Lars", "Nobody")
    async with world.unchanged():
        for name in ("Ada", "Kari", "Nobody"):
            for asks in AT_THE_GROUP:
                person = world[name].in_group(group)
                assert await told(world, person.types(command(world, asks))) == GROUP_NOT_BOUND
        for name, says in (("Kari", ONLY_ADMINS), ("Lars", ONLY_ADMINS), ("Nobody", NOT_A_MEMBER)):
            person = world[name].in_group(group)
            assert await told(world, person.types(command(world, "setup"))) == says
            await person.types(command(world, "start"))
            assert await told(world, person.taps(by(Verb.BIND))) == says


async def test_an_admin_who_is_anonymous(sqlite_world: World) -> None:
    """Every command for which a role counts tells how to act as oneself; so does an answer to a question."""
    world, number = sqlite_world, await requested(sqlite_world)
    ada = world["Ada"].in_group(world.group, anonymous=True)
    async with world.unchanged():
        for name in (*AT_THE_GROUP, "setup"):
            assert await told(world, ada.types(command(world, name))) == ANONYMOUS
        await world.in_group("Anna").taps("Decline")
        question = await world.in_group("Anna").sees(wording(approval._question, id=number))
        assert await told(world, ada.replies(question, "We need it ourselves")) == ANONYMOUS


async def test_a_tap_as_the_group(sqlite_world: World) -> None:
    """Every button of the card, tapped by nobody in particular."""
    world = sqlite_world
    await requested(world)
    group = world.sandbox.add_person("Group", id=ANONYMOUS_ADMIN)
    world.sandbox.add_member(world.group, group)
    as_group = group.in_group(world.group)
    await asked(world, world.in_group("Ada"))
    async with world.unchanged():
        for label in ("Approve", "Decline"):
            assert await told(world, as_group.taps(label)) == ANONYMOUS


async def test_another_club_in_a_group_that_is_taken(sqlite_world: World) -> None:
    """Neither /setup nor the button gives it away, and the other club is not told whose it is."""
    world = sqlite_world
    await another_club(world)
    world.sandbox.add_member(world.group, world["Petra"])
    petra = world.in_group("Petra")
    async with world.unchanged():
        assert await told(world, petra.types(command(world, "setup"))) == TAKEN
        await petra.types(command(world, "start"))
        assert await told(world, petra.taps(by(Verb.BIND))) == TAKEN
        for name in AT_THE_GROUP:
            assert await told(world, petra.types(command(world, name))) == NOT_A_MEMBER


@pytest.mark.parametrize("how", ["told by Telegram", "found out"])
async def test_the_bot_is_removed(sqlite_world: World, how: str) -> None:
    """The admins are told once, and decide in private; added again, the group gets its cards again."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    first = await requested(world)
    if how == "told by Telegram":
        said = await heard(world, removed(world))
        assert said == [LEFT, LEFT]
        await requested(world)
    else:
        world.group.members[world.sandbox.world.bot.id] = "kicked"
        await requested(world)
        assert ada.last().text == LEFT
        await removed(world)
        await requested(world)
    assert await bound_to(world) is None
    for name in ("Ada", "Anna"):
        told_so = [m for m in world.sandbox.world.visible(world[name].chat) if m.text == LEFT]
        assert len(told_so) == 1
        assert wording(card_views.status_line, RentalStatus.REQUESTED) in world[name].last("Rental ").text
    await ada.taps("Approve")
    assert await ada.toast() == "Approved."
    await ada.types("/pending")
    await ada.sees(f"{first} ")
    assert await told(world, added(world)) == GREETING
    await world.in_group("Ada").taps(by(Verb.BIND))
    await world.in_group("Ada").sees(BOUND)
    await requested(world, "Ola", what="Stove")
    await world.in_group("Anna").sees("Ola Berg")


async def added(world: World) -> None:
    """Ada brings the bot back."""
    world.sandbox.add_bot_to_group(world.group, by=world["Ada"])


async def removed(world: World) -> None:
    """Ada takes the bot out of the group."""
    world.sandbox.remove_bot(world.group, by=world["Ada"])


async def test_the_group_becomes_a_supergroup(sqlite_world: World) -> None:
    """It has a new id: what waits is sent there, a question goes on there, old buttons say one sentence."""
    world = sqlite_world
    number = await requested(world)
    old = world.in_group("Anna").last("Rental ")
    await world.in_group("Anna").taps("Decline")
    question = await world.in_group("Anna").sees(wording(approval._question, id=...))
    new = world.sandbox.migrate(world.group, by=world["Ada"])
    await world.settled()
    assert await bound_to(world) == new.id
    anna = world["Anna"].in_group(new)
    async with world.unchanged():
        for card in (old, question):
            for button in card.buttons:
                said = await old_button(world, anna, button.data or "", card.chat_id, card.id)
                assert said in (GROUP_NOT_BOUND, OUTDATED), button.text
    await requested(world, "Ola", what="Stove")
    anna.last("Ola Berg")
    assert f"Rental {number} · Kari Berg" in anna.last("Kari Berg").text
    await anna.taps("Decline", anna.last("Kari Berg"))
    await anna.taps(carrying("why", 2))
    await world["Kari"].sees("Declined by Anna Berg")


async def old_button(world: World, person: Person, data: str, chat_id: int, message_id: int) -> str:
    """Tap a button on a message of the group as it was before it moved."""
    telegram = world.sandbox.world
    message = telegram.chats[chat_id].messages[message_id]

    async def tap() -> None:
        people.tap(telegram, person.user, message, data)

    return await told(world, tap())


async def test_a_topic_that_was_deleted(sqlite_world: World) -> None:
    """Requests go to the group itself, and are decided there."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    forum = world.sandbox.add_group("Forum", members=[ada, world["Anna"]], bot=True, forum=True)
    topic = world.sandbox.add_topic(forum, "Requests", by=ada)
    await ada.in_group(forum, thread=topic).types(command(world, "setup"))
    await ada.in_group(forum).sees(BOUND)
    await requested(world)
    first = ada.in_group(forum).last("Kari Berg")
    assert first.thread_id == topic
    del forum.topics[topic]
    await requested(world, "Ola", what="Stove")
    card = ada.in_group(forum).last("Ola Berg")
    assert card.thread_id is None
    await ada.in_group(forum).taps("Approve", card)
    assert await ada.toast() == "Approved."


async def test_what_is_no_command_in_a_group(sqlite_world: World) -> None:
    """Chatter, files, edits: nothing is said. A forwarded command is named as one."""
    world = sqlite_world
    world.sandbox.promote_bot(world.group, by=world["Ada"])
    await handed_out(world)
    anna = world.in_group("Anna")
    written = await world["Kari"].types("/rentals")
    async with world.unchanged():
        typed = await anna.types(command(world, "out"))
        await world.settled()
        assert await heard(world, anna.types("who has the tent?")) == []
        assert await heard(world, anna.sends_document("inventory.csv", b"name,code\nTent,T9\n")) == []
        assert await heard(world, anna.sends_photo(caption="the tent")) == []
        assert await heard(world, anna.edits(typed, "/overdue")) == []
        assert await heard(world, anna.types("/unknown")) == []
        assert await told(world, anna.forwards(written)) == FORWARDED


async def test_the_admin_group_is_not_moved_in_secret(sqlite_world: World) -> None:
    """The former group and the leaders are told who moved it where to; one tap there moves it back."""
    world = sqlite_world
    former = await bound_to(world)
    other = strange_group(world, "Anna", "Ada")
    await world["Anna"].in_group(other).types(command(world, "setup"))
    await world.settled()
    assert await bound_to(world) == other.id
    moved = of_kind("group_replaced", title="Kafé", by="Anna Berg")
    await world["Ada"].sees(moved)
    await world.in_group("Lars").sees(moved)
    assert await told(world, world.in_group("Lars").taps(by(Verb.BIND))) == ONLY_ADMINS
    assert await bound_to(world) == other.id
    await world.in_group("Ada").taps(by(Verb.BIND))
    await world.settled()
    assert await bound_to(world) == former
    await world["Anna"].in_group(other).sees(of_kind("group_replaced", title="Utstyr", by="Ada Berg"))
