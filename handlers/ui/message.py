"""A message as the views make it: data, not yet Telegram's."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup
from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from db.session import Database
from db.states import Role
from handlers.ui.request import Step


@dataclass(frozen=True)
class Button:
    """Leads to a callback (`data`, at most 64 bytes; see handlers/ui/callbacks.py) or to a link."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Picture:
    """A stored photo: sent by Telegram's id where that is known, else by its bytes."""

    photo_id: int
    file_id: str | None
    content: bytes | None


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes


@dataclass(frozen=True)
class Menu:
    """The commands that whoever reads the message sees from then on; `role` is None for no member."""

    role: Role | None
    language: str


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Message:
    """Text in Telegram's HTML, escaped by construction; buttons row by row."""

    text: Markup
    buttons: Rows = ()
    picture: Picture | None = None
    attachment: Attachment | None = None
    force_reply: bool = False
    menu: Menu | None = None

    def markup(self) -> InlineKeyboardMarkup | ForceReply | None:
        if self.force_reply:
            return ForceReply(selective=True)
        if not self.buttons:
            return None
        return InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(b.label, callback_data=b.data, url=b.url) for b in row]
                for row in self.buttons
            ]
        )


@dataclass(frozen=True)
class Document:
    """`make` writes the file, and says how many things are in it; `caption` is told that number.

    `after` runs in a transaction of its own, once the file is sent: what it was, who wanted it.
    """

    name: str
    make: Callable[[Database, Path], Coroutine[Any, Any, int]]
    caption: Callable[[int], Markup]
    after: Callable[[Step, int], None]
