"""The parts of the sandbox's Telegram."""

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sandbox.botapi.entities import Entity

ANONYMOUS_ADMIN = 1087968824
"""The user id under which Telegram delivers what an anonymous group administrator writes."""

ChatType = Literal["private", "group", "supergroup"]
MemberStatus = Literal["creator", "administrator", "member", "left", "kicked"]
PRESENT: frozenset[MemberStatus] = frozenset({"creator", "administrator", "member"})
ADMINISTRATORS: frozenset[MemberStatus] = frozenset({"creator", "administrator"})


@dataclass(eq=False)
class User:
    """A person or the bot. `started`, `blocked` and `deactivated` are about a person and the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str = "en"
    is_bot: bool = False
    role: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    @property
    def phone(self) -> str:
        """The telephone number, which the bot reads only where the person shares it."""
        return f"+47{self.id:08}"


@dataclass(frozen=True)
class StoredFile:
    """A file that was sent. `size` may be told larger than `content`, to try limits without the bytes."""

    id: str
    small_id: str
    """Telegram gives every size of a photo an id of its own."""
    kind: Literal["photo", "document"]
    path: str
    name: str
    mime_type: str
    content: bytes
    size: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Button:
    """An inline button: exactly one of `data`, `url` and `copy` is set. `style`: its colour, if any."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: str | None = None


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class ShareButton:
    """A button of a reply keyboard, that shares something with the bot. `request_id`: of people; else it is
    one's own telephone number.
    """

    text: str
    request_id: int | None = None
    with_name: bool = False


@dataclass(frozen=True)
class Service:
    """A service message: what the Bot API calls it, and what people read."""

    text: str
    fields: dict[str, object]


@dataclass(eq=False)
class Message:
    """A message as it stands now. `text` is the caption where there is a photo or a document."""

    id: int
    chat_id: int
    sender: User
    date: datetime
    text: str = ""
    entities: tuple[Entity, ...] = ()
    photo: StoredFile | None = None
    document: StoredFile | None = None
    sticker: str | None = None
    reply_to: "Message | None" = None
    thread_id: int | None = None
    anonymous: bool = False
    forward_of: "Message | None" = None
    album: str | None = None
    """The bond of the pictures of one album; each is a message."""
    service: Service | None = None
    keyboard: Keyboard = ()
    force_reply: bool = False
    shares: tuple[ShareButton, ...] = ()
    """The reply keyboard that the chat has from this message on, as long as the message is there."""
    ends_keyboard: bool = False
    fixed: bool = False
    """Sent with another markup than an inline keyboard: Telegram lets nobody edit it."""
    silent: bool = False
    """Sent with disable_notification: it made no sound."""
    edit_date: datetime | None = None
    deleted: bool = False
    touched: int = 0
    """The world's change number when the message came or was last edited."""

    def snapshot(self) -> "Message":
        """A copy that later edits leave alone."""
        return dataclasses.replace(self)

    @property
    def buttons(self) -> list[Button]:
        """All buttons, row by row."""
        return [button for row in self.keyboard for button in row]

    @property
    def has_media(self) -> bool:
        """Tell if the text is a caption."""
        return self.photo is not None or self.document is not None


@dataclass(eq=False)
class Chat:
    """A private chat (its id is the person's), a group or a supergroup."""

    id: int
    type: ChatType
    title: str
    members: dict[int, MemberStatus] = field(default_factory=dict)
    is_forum: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    muted: bool = False
    """Plain members, such as the bot, may not write here."""
    refused_kinds: set[str] = field(default_factory=set)
    """The kinds of files, photo and document, that plain members may not send here."""
    closed_topics: set[int | None] = field(default_factory=set)
    """The topics in which only administrators write; None is a forum's General topic."""
    migrated_to: int | None = None
    next_message_id: int = 1

    @property
    def is_group(self) -> bool:
        """Tell if several people write here."""
        return self.type != "private"

    def present(self, user_id: int) -> bool:
        """Tell if the user is in the chat now."""
        return self.members.get(user_id, "left") in PRESENT

    def administered_by(self, user_id: int) -> bool:
        """Tell if the user is an administrator here."""
        return self.members.get(user_id, "left") in ADMINISTRATORS


@dataclass(eq=False)
class Tap:
    """A callback query: a tap on a button, and the bot's answer to it."""

    id: str
    user: User
    chat_id: int
    message_id: int
    data: str
    at: float
    """Monotonic seconds, since the clock of the demo jumps."""
    answers: int = 0
    """The number of times the bot answered it: people see the first answer."""
    text: str | None = None
    alert: bool = False

    @property
    def answered(self) -> bool:
        """Tell if the button has stopped spinning."""
        return self.answers > 0


@dataclass(frozen=True)
class Happening:
    """Something that people at the page should see at once."""

    kind: Literal["message", "edited", "deleted", "answer", "clock", "state", "action"]
    chat_id: int | None = None
    message: Message | None = None
    person_id: int | None = None
    text: str | None = None
    alert: bool = False


@dataclass(frozen=True)
class Column:
    """One chat as one person sees it, for the page."""

    key: str
    person_id: int
    chat_id: int
    title: str
    subtitle: str
    example: str = ""
    """A text to begin with, offered until somebody has written here."""
