"""A group in which the bot may not write: what is said there waits, and comes when it may."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from telegram.error import BadRequest, Forbidden

from bot import telegram_errors
from bot.program import Program
from bot.sending.rate_limiter import Unpaced
from bot.telegram_errors import Kind
from db.models import MutedChat
from db.states import OutboxStatus
from sandbox import Sandbox
from sandbox.person import Person
from sandbox.world.records import Chat
from services.messaging.group_chats import MOST_ATTEMPTS
from tests.bot.conftest import Outbox, messages, text

REFUSALS = [
    "not enough rights to send text messages to the chat",
    "have no rights to send a message",
    "have no write access to the chat",
    "need administrator rights in the channel chat",
    "CHAT_RESTRICTED",
    "CHAT_ADMIN_REQUIRED",
    "USER_BANNED_IN_CHANNEL",
    "USER_RESTRICTED",
    "CHAT_WRITE_FORBIDDEN",
    "CHAT_SEND_PLAIN_FORBIDDEN",
    "CHAT_GUEST_SEND_FORBIDDEN",
    "ALLOW_PAYMENT_REQUIRED_5",
]
"""As Telegram's API and its server for bots word it."""


@pytest.fixture
async def program(make_program: Callable[..., Program], sandbox: Sandbox) -> AsyncIterator[Program]:
    """The program, without pauses between messages."""
    sandbox.world.limits.enabled = False
    program = make_program(limiter=Unpaced())
    await program.start()
    yield program
    await program.stop()


async def later(box: Outbox, minutes: float) -> None:
    """The clock is moved, and what is due then is sent."""
    clock = box.sandbox.clock
    await clock.advance(clock.now() + timedelta(minutes=minutes))
    await box.program.idle()


@pytest.mark.parametrize("kind", [BadRequest, Forbidden])
def test_whatever_telegram_calls_it(kind: type[BadRequest | Forbidden]) -> None:
    """In whatever case and with whichever code: it is no fault of ours, and the group is not lost."""
    for words in REFUSALS:
        for written in (words, words.lower(), words.capitalize()):
            assert telegram_errors.sort(kind(written)).kind is Kind.MUTED, written


async def test_what_waits_arrives_in_order_and_as_things_are_then(
    box: Outbox, group: Chat, sandbox: Sandbox
) -> None:
    """A card that changed meanwhile is drawn as it is; what no longer holds is dropped."""
    group.muted = True
    await box.draw(group.id, text("Kari asks for a tent"))
    await box.say(group.id, "Ola asks for a stove")
    await box.program.idle()
    await box.draw(group.id, text("Kari has the tent"))
    for minutes in (1, 2, 4, 8, 15, 15):
        await later(box, minutes)
    assert "Kari" not in sandbox.transcript(group)
    group.muted = False
    await later(box, 15)
    assert sandbox.transcript(group) == "Bot: Kari has the tent [Confirm]\nBot: Ola asks for a stove"


async def test_the_admins_are_told_once_in_private(box: Outbox, group: Chat, sandbox: Sandbox) -> None:
    """However many messages wait and however often they are tried; and again only at the next time."""
    ada, kari = sandbox.person("Ada"), sandbox.person("Kari")
    for episode in (1, 2):
        group.muted = True
        for words in ("Kari asks for a tent", "Ola asks for a stove"):
            await box.say(group.id, f"{words}, {episode}")
            await box.program.idle()
        for minutes in (1, 2, 4):
            await later(box, minutes)
        told = [row for row in messages(box.database) if row.kind == "group_muted"]
        assert [row.chat_id for row in told] == [ada.id] * episode
        assert "group_muted" in ada.transcript() and "group_muted" not in kari.transcript()
        group.muted = False
        await later(box, 15)
        assert f"Ola asks for a stove, {episode}" in sandbox.transcript(group)


async def test_an_edit_that_is_refused_waits_too(box: Outbox, group: Chat, sandbox: Sandbox) -> None:
    """The card stays where it is, and changes when it may."""
    await box.draw(group.id, text("Kari asks for a tent"))
    group.muted = True
    await box.draw(group.id, text("Approved"))
    group.muted = False
    await later(box, 1)
    assert sandbox.transcript(group) == "Bot: Approved [Confirm]"


async def test_a_forum_of_which_every_way_in_is_closed(
    box: Outbox, group: Chat, sandbox: Sandbox, kari: Person
) -> None:
    """A closed topic is done without, as one that is gone; where General is closed too, the message waits."""
    forum = sandbox.add_group("Forum", [kari], forum=True)
    topic = sandbox.add_topic(forum, "Equipment", kari)
    forum.closed_topics = {topic, None}
    await box.say(forum.id, "Kari asks for a tent", thread_id=topic)
    await box.program.idle()
    assert messages(box.database)[0].status is OutboxStatus.PENDING
    forum.closed_topics = {topic}
    await later(box, 1)
    assert messages(box.database)[0].status is OutboxStatus.SENT


async def test_other_chats_go_on_meanwhile(box: Outbox, group: Chat, kari: Person) -> None:
    """Nobody waits for a group."""
    group.muted = True
    await box.say(group.id, "Kari asks for a tent")
    await box.say(kari.id, "You have it")
    await kari.sees("You have it")


async def test_a_chat_that_is_nobodys_waits_without_a_word(
    box: Outbox, sandbox: Sandbox, kari: Person
) -> None:
    """As the greeting in a group that is not bound to an organisation."""
    other = sandbox.add_group("Somewhere", [kari])
    other.muted = True
    await box.say(other.id, "Hello")
    await box.program.idle()
    assert [row.status for row in messages(box.database)] == [OutboxStatus.PENDING]
    assert box.database.read_now(lambda s: s.get_one(MutedChat, other.id)).attempts == 1


async def test_a_chat_that_is_nobodys_is_not_tried_for_ever(
    box: Outbox, sandbox: Sandbox, kari: Person, group: Chat
) -> None:
    """After about a day what waits is given up; what waits for an organisation's group never is."""
    other = sandbox.add_group("Somewhere", [kari])
    other.muted = group.muted = True
    for chat in (other, group):
        await box.say(chat.id, "Hello")
    await box.program.idle()
    box.database.write_now(lambda s: s.execute(update(MutedChat).values(attempts=MOST_ATTEMPTS)))
    await later(box, 15)
    by_chat = {row.chat_id: row.status for row in messages(box.database)}
    assert by_chat[other.id] is OutboxStatus.FAILED
    assert by_chat[group.id] is OutboxStatus.PENDING
