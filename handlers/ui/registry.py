"""Declarations of features, and the tables derived from them.

Each feature's `__init__.py` has a FEATURE; handlers/features.py lists them, and fills REGISTRY. Modules that
need all features, wherever they are on the ladder, use REGISTRY.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from markupsafe import Markup
from telegram import Message as TelegramMessage
from telegram import Update

from db.models import Conversation as Row
from db.models import OutboxMessage
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.ui import callbacks
from handlers.ui.callbacks import AnyVerb, Tap
from handlers.ui.conversation import Conversation, State
from handlers.ui.message import Document, Message
from handlers.ui.request import Request
from services.access.rights import ADMIN as ADMIN
from services.access.rights import ANYBODY as ANYBODY
from services.access.rights import LEADER as LEADER
from services.access.rights import LENDER as LENDER
from services.access.rights import MEMBER as MEMBER
from services.access.rights import OWN as OWN
from services.access.rights import OWN_OR_ADMIN as OWN_OR_ADMIN
from services.access.rights import OWN_OR_LENDER as OWN_OR_LENDER
from services.access.rights import OWN_STILL as OWN_STILL
from services.access.rights import Right as Right
from services.core.errors import Refused
from services.core.tx import Tx


class Where(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    BOTH = "both"

    def includes(self, *, is_group: bool) -> bool:
        return self is not (Where.PRIVATE if is_group else Where.GROUP)


# Commands


@dataclass(frozen=True)
class Command:
    """A command. `role`: the minimum to see it, and to use it unless `may` says otherwise; None: everybody.

    `acts`: it may change something, or a function that tells so from its words. `is_for_unbound`: in a group
    without an organization it is about the one that the person acts in in private.
    """

    name: str
    about: str
    where: Where
    role: Role | None
    acts: bool | Callable[[str], bool]
    run: Callable[[Request, str], Message | Document | None]
    may: Right | None = None
    is_for_unbound: bool = False

    @property
    def right(self) -> Right:
        return self.may or (ANYBODY if self.role is None else Right(self.role))

    def acts_with(self, words: str) -> bool:
        """Return whether it may change something with these words."""
        return self.acts if isinstance(self.acts, bool) else self.acts(words)


# Buttons

Run = TypeVar("Run", bound=Callable[..., object])


@dataclass(frozen=True)
class OnButton(Generic[Run]):
    """The handling of a verb, and the right for it. `where`: elsewhere its button is outdated.

    A button is about something with a state, and the state comes before the permission ("approved already"
    helps more than "only an admin may"): the services check the right, and a test walks all buttons to see
    that they check the declared one. `in_group`: where a group is stricter.
    """

    verb: AnyVerb
    run: Run
    right: Right
    where: Where = Where.BOTH
    in_group: Right | None = None


@dataclass(frozen=True)
class Act(OnButton[Callable[[Request, Tap], Markup | None]]):
    """Changes something, in one transaction, and returns a toast.

    `ends_reminder`: once it is done for the whole rental, the buttons about it go from a message that is no
    card. `wakes_imports`: a file may wait to be imported afterwards.
    """

    ends_reminder: bool = False
    wakes_imports: bool = False


@dataclass(frozen=True)
class Look(OnButton[Callable[[Request, Tap], Message | Document]]):
    """Changes nothing; a message replaces the tapped one, a file is sent below it."""


@dataclass(frozen=True)
class Hint(OnButton[Callable[[Request, Tap], str | None]]):
    """Changes nothing, and returns a toast."""


Handler = Callable[[Update, Any], Coroutine[Any, Any, None]]
"""A handler of python-telegram-bot; the context is that of handlers/telegram/context.py."""


ReadPicture = Callable[[Update, Any], Coroutine[Any, Any, Callable[[Request], bool] | None]]
"""A reader of pictures; what it returns tells whether the picture was for it."""


@dataclass(frozen=True)
class Handle(OnButton[Handler]):
    """Takes several transactions, or sends a file, and answers the tap itself."""


AnyButton = Act | Look | Hint | Handle

# Messages

Render = Callable[[Tx, Sequence[OutboxMessage], Texts], Message | None]
"""Renders the outbox rows of one bundle. None: they are obsolete and are dropped."""


@dataclass(frozen=True)
class MessageKind:
    """A kind of message.

    `names_organization`: readers in more than one see the organization's name above it.
    """

    kind: str
    render: Render
    names_organization: bool = False


@dataclass(frozen=True)
class ListOfRentals:
    """A list whose pages Verb.LIST turns. `is_shared`: groups can show it, too."""

    name: str
    page: Callable[[Request, int], Message]
    right: Right
    is_shared: bool = False


Follow = Callable[[], Message | Document | None]
"""Follows what a text means: returns what is to be shown, None where that follows."""

Params = Mapping[str, Any]
Words = Callable[[Texts, Params], Markup]
Answer = Callable[[Texts, Params], Message]


@dataclass(frozen=True)
class Feature:
    """All parts of one feature; absent ones are left out.

    `conversations`: each with the right to continue it, as a role may end meanwhile. `refusals`: their texts.
    `answers`: those that `Request.say` names.

    `on_reply` takes a message that answers something of the feature; returns False for others. `on_stranger`
    shows a person without membership the way in; returns False where there is none. `on_file` takes a file
    that was sent in private. `on_message`, of one feature, answers what else a member sends in private, and
    `meant` returns what a text means that is written in the middle of this conversation, but is not surely
    an answer; None where it means nothing else.
    `on_picture` reads a picture that was sent in private, and returns what to do with it, or None.
    """

    commands: tuple[Command, ...] = ()
    buttons: tuple[AnyButton, ...] = ()
    conversations: tuple[tuple[Conversation, Right], ...] = ()
    messages: tuple[MessageKind, ...] = ()
    lists: tuple[ListOfRentals, ...] = ()
    refusals: Mapping[Refused, Words] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    on_reply: Callable[[Request, TelegramMessage], bool] | None = None
    on_stranger: Callable[[Request], bool] | None = None
    on_file: Handler | None = None
    on_message: Callable[[Request, TelegramMessage], Message | Document | None] | None = None
    meant: Callable[[Request, Row, str], Follow | None] | None = None
    on_picture: ReadPicture | None = None


# The tables

Key = TypeVar("Key", bound=str)
Entry = TypeVar("Entry")


def _add(table: dict[Key, Entry], entries: Iterable[tuple[Key, Entry]]) -> None:
    for key, entry in entries:
        if key in table:
            raise ValueError(f"declared twice: {key!r}")
        table[key] = entry


class Registry:
    """The declarations of all features, by the name that is stored, typed or tapped."""

    def __init__(self) -> None:
        self.commands: dict[str, Command] = {}
        self.verbs: dict[str, AnyVerb] = {}
        self.buttons: dict[AnyVerb, AnyButton] = {}
        self.conversations: dict[str, Conversation] = {}
        self.rights_in_conversations: dict[str, Right] = {}
        self.messages: dict[str, MessageKind] = {}
        self.lists: dict[str, ListOfRentals] = {}
        self.refusals: dict[Refused, Words] = {}
        self.answers: dict[str, Answer] = {}
        self._features: list[Feature] = []

    def add(self, feature: Feature) -> None:
        """Add a feature. Raises ValueError for duplicates, such as two verbs of one value."""
        _add(self.commands, ((one.name, one) for one in feature.commands))
        _add(self.verbs, ((one.verb.value, one.verb) for one in feature.buttons))
        self.buttons.update((one.verb, one) for one in feature.buttons)
        _add(self.conversations, ((one.name, one) for one, _ in feature.conversations))
        _add(self.rights_in_conversations, ((one.name, right) for one, right in feature.conversations))
        _add(self.messages, ((one.kind, one) for one in feature.messages))
        _add(self.lists, ((one.name, one) for one in feature.lists))
        _add(self.refusals, feature.refusals.items())
        _add(self.answers, feature.answers.items())
        self._features.append(feature)

    def unpack(self, data: str | None) -> Tap | None:
        """Parse callback data; None for unknown verbs, and for data that is no number."""
        return callbacks.unpack(data, self.verbs)

    def state(self, row: Row) -> State | None:
        """Return the state of a conversation; None for one of an earlier version."""
        return self.conversations[row.name].state(row)

    def takes_reply(self, step: Request, message: TelegramMessage) -> bool:
        """Return whether a feature took the message as an answer to something of its own."""
        return any(one.on_reply(step, message) for one in self._features if one.on_reply is not None)

    def welcomes(self, step: Request) -> bool:
        """Return whether a person without membership was shown a way in."""
        return any(one.on_stranger(step) for one in self._features if one.on_stranger is not None)

    def answer(self, step: Request, message: TelegramMessage) -> Message | Document | None:
        """Answer a member's message in private that belongs to nothing else; None: what is said follows."""
        return next(one.on_message(step, message) for one in self._features if one.on_message is not None)

    def meant(self, step: Request, row: Row, text: str) -> Follow | None:
        """Return what a text means if it is no answer to what was asked; None where it is the answer."""
        state = self.state(row)
        if not text or state is None or state.is_answered(step, row, text):
            return None
        found = (one.meant(step, row, text) for one in self._features if one.meant is not None)
        return next((follow for follow in found if follow is not None), None)

    async def picture(self, update: Update, context: Any) -> Callable[[Request], bool]:
        """Return what takes the picture; it returns False where the picture is for none of the features."""
        for one in self._features:
            if one.on_picture is not None and (take := await one.on_picture(update, context)) is not None:
                return take
        return lambda step: False

    def file_handlers(self) -> list[Handler]:
        return [one.on_file for one in self._features if one.on_file is not None]


REGISTRY = Registry()
"""Filled by handlers/features.py, and by nothing else."""
