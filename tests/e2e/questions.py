"""Questions in the chats of the sandbox: those whose buttons nobody asks about any more."""

from collections.abc import Iterator

from sqlalchemy import select

from db.models import Conversation
from db.session import Database
from handlers.features import REGISTRY
from handlers.ui.callbacks import Verb
from handlers.ui.conversation import OVER
from sandbox.world.records import Chat, Message
from sandbox.world.state import World


def dead(world: World, database: Database) -> Iterator[str]:
    """The texts of messages with a button of a conversation that has ended or is gone; not those of a group
    that has become another, whose messages nobody sees.
    """
    going_on = select(Conversation.id).where(Conversation.state != OVER)
    alive = database.read_now(lambda session: set(session.scalars(going_on)))
    for chat in world.chats.values():
        for message in asked(world, chat) if chat.migrated_to is None else ():
            taps = [REGISTRY.unpack(button.data) for button in message.buttons]
            if any(tap and tap.verb is Verb.CONVERSATION and tap.id not in alive for tap in taps):
                yield message.text


def asked(world: World, chat: Chat) -> Iterator[Message]:
    """The messages of a chat with buttons of a conversation, the newest first."""
    for message in world.newest_first(chat):
        taps = [REGISTRY.unpack(button.data) for button in message.buttons]
        if any(tap and tap.verb is Verb.CONVERSATION for tap in taps):
            yield message.snapshot()
