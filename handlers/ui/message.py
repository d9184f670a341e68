"""Messages as views make them: data, independent of Telegram."""

import hashlib
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from markupsafe import Markup
from telegram import ForceReply, KeyboardButton, KeyboardButtonRequestUsers, ReplyKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from db.session import Database
from db.states import Role
from handlers.ui.request import Request


class Style(StrEnum):
    """The colour of a button: green for what goes on, red for what ends something."""

    GO_ON = KeyboardButtonStyle.SUCCESS
    END = KeyboardButtonStyle.DANGER


@dataclass(frozen=True)
class Button:
    """A button with callback `data` (at most 64 bytes; see handlers/ui/callbacks.py), a link, or a text to
    `copy`, of at most 256 characters. Without a `style` it is as all others.
    """

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: Style | None = None

    def inline(self) -> dict[str, Any]:
        """Return the button as Telegram takes it."""
        copied = {"text": self.copy} if self.copy is not None else None
        found = {
            "text": self.label,
            "callback_data": self.data,
            "url": self.url,
            "copy_text": copied,
            "style": self.style,
        }
        return {name: value for name, value in found.items() if value is not None}


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
    """The menu of commands that the reader gets with the message; `role` is None for no member."""

    role: Role | None
    language: str


class Share(StrEnum):
    """Something that a person shares with a button below the input, in private."""

    CONTACT = "contact"
    PERSON = "person"


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Message:
    """Text in Telegram's HTML, escaped by construction; buttons row by row.

    `replies_to`: the message of the same chat that it is shown as a reply to, while that is there. `silent`:
    no phone rings. Not `is_news`: what was to be told no longer holds, so a card is only edited. `shares`:
    the button below the input, by its label; it is there as long as the message, which cannot be edited.
    `only_strips`: nothing but the buttons of the message that is there goes.
    """

    text: Markup
    buttons: Rows = ()
    picture: Picture | None = None
    attachment: Attachment | None = None
    force_reply: bool = False
    menu: Menu | None = None
    replies_to: int | None = None
    silent: bool = False
    is_news: bool = True
    shares: tuple[Share, str] | None = None
    only_strips: bool = False

    def fingerprint(self) -> str | None:
        """Return what tells this message's buttons from others'; None without buttons."""
        return fingerprint(button.data or "" for row in self.buttons for button in row)

    def markup(self, *, edits: bool = False) -> dict[str, Any]:
        """Return what goes with the text as `api_kwargs`: the buttons, or what is below the input, which a
        message that is edited (`edits`) cannot have.

        As Telegram takes it: the library's objects for it take as long as the rest of the message.
        """
        if self.shares is not None and not edits:
            return {"reply_markup": _below_input(*self.shares).to_dict()}
        if self.force_reply and not edits:
            return {"reply_markup": ForceReply(selective=True).to_dict()}
        if not self.buttons:
            return {}
        rows = [[button.inline() for button in row] for row in self.buttons]
        return {"reply_markup": {"inline_keyboard": rows}}


STRIPPED = Message(Markup(), is_news=False, only_strips=True)
"""A question that nobody asks any more: its text stays, without buttons."""


def _below_input(share: Share, label: str) -> ReplyKeyboardMarkup:
    asked = KeyboardButtonRequestUsers(1, user_is_bot=False, max_quantity=1, request_name=True)
    button = (
        KeyboardButton(label, request_contact=True)
        if share is Share.CONTACT
        else KeyboardButton(label, request_users=asked)
    )
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


def fingerprint(data: Iterable[str]) -> str | None:
    """Return the fingerprint of buttons with this callback data, in order; None without buttons."""
    found = list(data)
    return hashlib.sha256("\n".join(found).encode()).hexdigest() if found else None


@dataclass(frozen=True)
class Document:
    """A file. `make` writes it, and returns the number of things in it; `caption` gets that number.

    `after` runs in a transaction of its own, once the file is sent, for the audit.
    """

    name: str
    make: Callable[[Database, Path], Coroutine[Any, Any, int]]
    caption: Callable[[int], Markup]
    after: Callable[[Request, int], None]
