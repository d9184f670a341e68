"""The state of the sandbox's Telegram: people, chats, messages. Synchronous, in memory, without HTTP.

What people do is in `people`, what the bot does in `botapi`; both change the world through here.
"""

import re
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.world.changes import Changes
from sandbox.world.clock import MovableClock
from sandbox.world.faults import Faults
from sandbox.world.files import Files
from sandbox.world.limits import Limits
from sandbox.world.records import Chat, Column, Happening, MemberStatus, Message, Tap, User
from sandbox.world.updates import Updates

DEFAULT_TOKEN = "7000000001:sandbox"


@dataclass
class BotProfile:
    """All that the bot told Telegram about itself."""

    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    """By scope (as `commands.scope_key` writes it) and language."""
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    """Name, description and short description, by kind and language."""


class World:
    """One Telegram with one bot. Not safe for threads: all calls come from the server's event loop."""

    def __init__(
        self,
        clock: MovableClock | None = None,
        *,
        token: str = DEFAULT_TOKEN,
        username: str = "equiplib_demo_bot",
        first_name: str = "Equiplib",
        zone: str = "Europe/Oslo",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", token):
            raise ValueError("A bot token looks like 7000000001:sandbox.")
        self.clock = clock or MovableClock()
        self.monotonic = monotonic
        self.token = token
        self.zone = zone
        self.bot = User(int(token.split(":")[0]), first_name, username=username, is_bot=True)
        self.privacy = True
        """Group privacy mode: in groups the bot sees what is meant for it, as administrator everything."""
        self.profile = BotProfile()
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.columns: list[Column] = []
        self.files = Files()
        self.updates = Updates(self.now)
        self.limits = Limits(monotonic)
        self.faults = Faults()
        self.changes = Changes()
        """Woken after every happening; for those who wait for a text to appear."""
        self.listeners: list[Callable[[Happening], None]] = []
        self.change_number = 0
        self.born = secrets.token_hex(8)
        """Tells this world from the one before it, after a restart on the same port."""
        self.on_new_person: Callable[[str], Awaitable[None]] | None = None
        """Set by a demo: lets somebody of this name in, with a column of their own."""
        self.on_start_over: Callable[[], None] | None = None
        """Set by a demo: ends this world and begins another."""
        self.clock.listeners.append(lambda _: self.tell(Happening("clock")))

    def now(self) -> datetime:
        """The sandbox's time, in UTC."""
        return self.clock.now()

    def tell(self, happening: Happening) -> None:
        """Show a happening to everybody who watches."""
        for listener in list(self.listeners):
            listener(happening)
        self.changes.notify()

    def touch(self, message: Message) -> None:
        """Mark a message as changed just now."""
        self.change_number += 1
        message.touched = self.change_number

    def post(self, chat: Chat, message: Message) -> Message:
        """Put a new message into a chat under the chat's next number."""
        message.id = chat.next_message_id
        chat.next_message_id += 1
        chat.messages[message.id] = message
        self.touch(message)
        self.tell(Happening("message", chat.id, message.snapshot()))
        return message

    def edited(self, message: Message) -> None:
        """Tell that a message was edited."""
        self.touch(message)
        self.tell(Happening("edited", message.chat_id, message.snapshot()))

    def delete(self, message: Message) -> None:
        """Take a message out of sight."""
        message.deleted = True
        self.touch(message)
        self.tell(Happening("deleted", message.chat_id, message.snapshot()))

    def new_message(self, chat: Chat, sender: User) -> Message:
        """An empty message for `post`, dated now to the second, as Telegram dates."""
        return Message(0, chat.id, sender, self.now().replace(microsecond=0))

    def visible(self, chat: Chat) -> list[Message]:
        """The chat's messages that were not deleted, oldest first."""
        return [one for one in chat.messages.values() if not one.deleted]

    def newest_first(self, chat: Chat) -> Iterator[Message]:
        """The chat's messages that were not deleted, newest first."""
        return (one for one in reversed(chat.messages.values()) if not one.deleted)

    def chat(self, chat_id: int) -> Chat | None:
        """A group, or a person's chat with the bot."""
        user = self.users.get(chat_id)
        return self.private_chat(user) if user and not user.is_bot else self.chats.get(chat_id)

    def private_chat(self, user: User) -> Chat:
        """The person's chat with the bot."""
        if user.id not in self.chats:
            both: dict[int, MemberStatus] = {user.id: "member", self.bot.id: "member"}
            self.chats[user.id] = Chat(user.id, "private", user.name, both)
        return self.chats[user.id]

    def commands_changed(self) -> None:
        """Tell the page that menus are to be drawn anew."""
        self.tell(Happening("state"))
