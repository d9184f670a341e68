"""Sends one message to Telegram, edits it in place, or replaces it."""

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto

import structlog
from markupsafe import Markup
from telegram import InputFile, ReplyParameters
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot import telegram_errors
from bot.telegram_errors import Kind
from db.states import Lane
from handlers.telegram.setup import menus
from handlers.ui import limits
from handlers.ui.message import Message

Bot = ExtBot[dict[str, Lane]]

_NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Old:
    """The message that currently shows a card; `refused_photo_id`: the photo that its chat did not take."""

    message_id: int
    photo_id: int | None
    refused_photo_id: int | None = None


class Part(Enum):
    """Parts of a message that Telegram may refuse: its photo or attachment, its formatting, its buttons."""

    FILE = auto()
    FORMAT = auto()
    BUTTONS = auto()


_HINTS = {
    Part.FORMAT: ("entities",),
    Part.BUTTONS: ("button", "reply markup", "reply_markup", "keyboard"),
}
"""Words of Telegram's that name a part; whatever else it says of a message with a file is about the file."""


@dataclass(frozen=True)
class Parcel:
    """A rendered message and its destination. `renew`: send a new message instead of editing the old one;
    `rings`: with a sound.

    `correlation`: what brought it about. `instead_of_file`: the line that stands for a photo or a file that
    the chat does not take.
    """

    chat_id: int
    thread_id: int | None
    lane: Lane
    message: Message
    old: Old | None = None
    renew: bool = False
    rings: bool = True
    correlation: str | None = None
    instead_of_file: Markup | None = None
    lacks: frozenset[Part] = frozenset()

    @property
    def text(self) -> str:
        text = self.message.text
        return limits.plain(text) if Part.FORMAT in self.lacks else str(text)

    @property
    def parse_mode(self) -> str | None:
        return None if Part.FORMAT in self.lacks else ParseMode.HTML

    @property
    def replied(self) -> ReplyParameters | None:
        replied = self.message.replies_to
        return ReplyParameters(replied, allow_sending_without_reply=True) if replied is not None else None

    def parts(self) -> list[Part]:
        """Return the parts without which it could be sent, the first to be left out first."""
        message = self.message
        has_file = message.picture is not None or message.attachment is not None
        there = {Part.FILE: has_file, Part.FORMAT: True, Part.BUTTONS: bool(message.buttons)}
        return [part for part in Part if there[part] and part not in self.lacks]

    def without(self, part: Part) -> "Parcel":
        """Return the same message without this part."""
        message = self.message
        if part is Part.FILE:
            text = Markup("\n").join(one for one in (message.text, self.instead_of_file) if one)
            message = replace(message, picture=None, attachment=None, text=text)
        elif part is Part.BUTTONS:
            message = replace(message, buttons=())
        return replace(self, message=message, lacks=self.lacks | {part})


@dataclass(frozen=True)
class Posted:
    """A sent message and the id of its photo. `photo`: the photo's id and new Telegram id; `leftover`: the
    message that it replaces; `refused_photo_id`: the photo that it had to be sent without. `message_id`: None
    for a menu on its own. `menu_after`: the pause until its menu is to be tried again.
    """

    message_id: int | None
    photo_id: int | None
    photo: tuple[int, str] | None = None
    leftover: Old | None = None
    refused_photo_id: int | None = None
    menu_after: timedelta | None = None


async def post(bot: Bot, parcel: Parcel) -> Posted:
    """Send the parcel, or edit the message that shows its card. Raises TelegramError."""
    menu = parcel.message.menu
    is_only_menu = menu is not None and not parcel.message.text
    posted = Posted(None, photo_id=None) if is_only_menu else await _post(bot, parcel)
    if menu is None:
        return posted
    wait = await menus.show_to(bot, parcel.chat_id, menu.role, menu.language)
    return replace(posted, menu_after=wait)


async def _post(bot: Bot, parcel: Parcel) -> Posted:
    """Send the parcel; where Telegram refuses a part of it, without that part."""
    picture, old = parcel.message.picture, parcel.old
    if picture is not None and old is not None and old.refused_photo_id == picture.photo_id:
        parcel = parcel if parcel.renew else parcel.without(Part.FILE)  # where it was refused before
    while True:
        try:
            posted = await _find_place(bot, parcel)
        except TelegramError as error:
            if telegram_errors.sort(error).kind is not Kind.OURS:
                raise
            part = _refused_part(parcel, error)
            if part is None:
                raise
            level = logging.INFO if part is Part.FILE else logging.ERROR
            log.log(level, "a part was refused", chat_id=parcel.chat_id, part=part.name, error=str(error))
            parcel = parcel.without(part)
            continue
        lost = picture.photo_id if picture is not None and Part.FILE in parcel.lacks else None
        return replace(posted, refused_photo_id=lost)


def _refused_part(parcel: Parcel, error: TelegramError) -> Part | None:
    """Return the part that Telegram probably means; None where nothing is left to do without."""
    parts, words = parcel.parts(), error.message.lower()
    named = (part for part, hints in _HINTS.items() if part in parts and any(one in words for one in hints))
    return next(named, parts[0] if parts else None)


async def _find_place(bot: Bot, parcel: Parcel) -> Posted:
    try:
        return await _place(bot, parcel)
    except BadRequest as error:
        if parcel.thread_id is None or telegram_errors.sort(error).kind is not Kind.NO_TOPIC:
            raise
        log.warning("a forum topic is gone; writing to the group itself", chat_id=parcel.chat_id)
        return await _place(bot, replace(parcel, thread_id=None))


async def _place(bot: Bot, parcel: Parcel) -> Posted:
    old = parcel.old
    if old is None:
        return await _send(bot, parcel)
    if parcel.message.only_strips:
        await _strip(bot, parcel, old)
        return Posted(old.message_id, old.photo_id)
    if _fits(parcel, old):
        try:
            await _edit(bot, parcel, old)
        except BadRequest as error:
            match telegram_errors.sort(error).kind:
                case Kind.GONE:
                    return await _send(bot, parcel, leftover=old)
                case Kind.UNCHANGED:
                    pass
                case _:
                    raise
        return Posted(old.message_id, old.photo_id)
    return await _send(bot, parcel, leftover=old)


def _fits(parcel: Parcel, old: Old) -> bool:
    """Return whether the old message can be edited into this one: same picture or none, no forced reply."""
    message = parcel.message
    return (
        not parcel.renew
        and not message.force_reply
        and message.shares is None
        and message.attachment is None
        and (message.picture.photo_id if message.picture else None) == old.photo_id
    )


async def delete(bot: Bot, chat_id: int, message_id: int) -> bool:
    """Delete a message; return False where it is there and cannot be deleted, as after 48 hours. Raises
    TelegramError.
    """
    try:
        await bot.delete_message(chat_id, message_id, rate_limit_args={"lane": Lane.NOTICE})
    except BadRequest as error:
        if telegram_errors.sort(error).kind is Kind.UNREACHABLE:
            raise
        return "not found" in error.message.lower()
    return True


async def wind_up(bot: Bot, chat_id: int, old: Old, instead: Message | None) -> None:
    """Take the buttons from an old message, and give it the text of the one `instead` of it. Raises
    TelegramError.
    """
    if instead is not None:
        with suppress(BadRequest):  # too long beside a photo, or too old to be edited
            await _edit(bot, Parcel(chat_id, None, Lane.NOTICE, Message(instead.text)), old)
            return
    lane = {"lane": Lane.NOTICE}
    await bot.edit_message_reply_markup(chat_id=chat_id, message_id=old.message_id, rate_limit_args=lane)


async def _strip(bot: Bot, parcel: Parcel, old: Old) -> None:
    """Take the buttons from a message, if it is still there. Raises TelegramError."""
    try:
        await wind_up(bot, parcel.chat_id, old, None)
    except BadRequest as error:
        if telegram_errors.sort(error).kind not in (Kind.GONE, Kind.UNCHANGED):
            raise


async def _edit(bot: Bot, parcel: Parcel, old: Old) -> None:
    keyboard = parcel.message.markup(edits=True)
    lane = {"lane": parcel.lane}
    if old.photo_id is not None:
        await bot.edit_message_caption(
            chat_id=parcel.chat_id,
            message_id=old.message_id,
            caption=parcel.text,
            parse_mode=parcel.parse_mode,
            api_kwargs=keyboard,
            rate_limit_args=lane,
        )
    else:
        await bot.edit_message_text(
            parcel.text,
            chat_id=parcel.chat_id,
            message_id=old.message_id,
            parse_mode=parcel.parse_mode,
            api_kwargs={**_NO_PREVIEW, **keyboard},
            rate_limit_args=lane,
        )


async def _send(bot: Bot, parcel: Parcel, leftover: Old | None = None) -> Posted:
    message = parcel.message
    if message.picture is not None:
        return await _send_picture(bot, parcel, leftover)
    return await _send_words(bot, parcel, leftover)


async def _send_words(bot: Bot, parcel: Parcel, leftover: Old | None) -> Posted:
    message = parcel.message
    if message.attachment is not None:
        sent = await bot.send_document(
            parcel.chat_id,
            InputFile(message.attachment.content, filename=message.attachment.name),
            caption=parcel.text,
            parse_mode=parcel.parse_mode,
            message_thread_id=parcel.thread_id,
            disable_notification=not parcel.rings,
            api_kwargs=message.markup(),
            rate_limit_args={"lane": parcel.lane},
        )
    else:
        sent = await bot.send_message(
            parcel.chat_id,
            parcel.text,
            parse_mode=parcel.parse_mode,
            message_thread_id=parcel.thread_id,
            reply_parameters=parcel.replied,
            disable_notification=message.silent or not parcel.rings,
            api_kwargs={**_NO_PREVIEW, **message.markup()},
            rate_limit_args={"lane": parcel.lane},
        )
    return Posted(sent.message_id, photo_id=None, leftover=leftover)


async def _send_picture(bot: Bot, parcel: Parcel, leftover: Old | None) -> Posted:
    """Send a picture by its Telegram id if known, or by its bytes where Telegram refuses another bot's id.

    A photo that people sent has no stored bytes: then it is refused. Raises TelegramError.
    """
    picture = parcel.message.picture
    assert picture is not None
    if picture.file_id is not None:
        try:
            sent = await _send_photo(bot, parcel, picture.file_id)
            return Posted(sent.message_id, photo_id=picture.photo_id, leftover=leftover)
        except BadRequest as error:
            if "file" not in error.message.lower() or picture.content is None:
                raise
    if picture.content is None:
        raise BadRequest(f"photo {picture.photo_id} has neither an id nor bytes")
    sent = await _send_photo(bot, parcel, InputFile(picture.content, filename="photo.jpg"))
    photo = (picture.photo_id, sent.photo[-1].file_id)
    return Posted(sent.message_id, photo_id=picture.photo_id, photo=photo, leftover=leftover)


async def _send_photo(bot: Bot, parcel: Parcel, photo: str | InputFile) -> TelegramMessage:
    return await bot.send_photo(
        parcel.chat_id,
        photo,
        caption=parcel.text,
        parse_mode=parcel.parse_mode,
        message_thread_id=parcel.thread_id,
        reply_parameters=parcel.replied,
        disable_notification=parcel.message.silent or not parcel.rings,
        api_kwargs=parcel.message.markup(),
        rate_limit_args={"lane": parcel.lane},
    )
