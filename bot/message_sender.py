"""Sends one message to Telegram, edits it in place, or replaces it."""

from contextlib import suppress
from dataclasses import dataclass, replace

import structlog
from telegram import InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot import telegram_errors
from bot.telegram_errors import Kind
from db.states import Lane
from handlers.telegram import menus
from handlers.ui.message import Message

Bot = ExtBot[dict[str, Lane]]

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_HTML = ParseMode.HTML

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Old:
    """The message that currently shows a card."""

    message_id: int
    photo_id: int | None


@dataclass(frozen=True)
class Parcel:
    """A rendered message and its destination. `renew`: send a new message instead of editing the old one.

    `is_dialog`: it asks a question and shows no state that can become outdated. `correlation`: what brought
    it about.
    """

    chat_id: int
    thread_id: int | None
    lane: Lane
    message: Message
    old: Old | None = None
    renew: bool = False
    is_dialog: bool = False
    correlation: str | None = None


@dataclass(frozen=True)
class Posted:
    """A sent message and the id of its photo. `photo`: the photo's id and new Telegram id; `leftover`: the
    message that it replaces.
    """

    message_id: int
    photo_id: int | None
    photo: tuple[int, str] | None = None
    leftover: Old | None = None


async def post(bot: Bot, parcel: Parcel) -> Posted:
    """Send the parcel, or edit the message that shows its card. Raises TelegramError."""
    posted = await _post(bot, parcel)
    menu = parcel.message.menu
    if menu is not None:
        await menus.show_to(bot, parcel.chat_id, menu.role, menu.language)
    return posted


async def _post(bot: Bot, parcel: Parcel) -> Posted:
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
        and message.attachment is None
        and (message.picture.photo_id if message.picture else None) == old.photo_id
    )


async def remove(bot: Bot, chat_id: int, old: Old, instead: Message | None = None) -> None:
    """Delete a message that another one has replaced.

    Best effort: it may be gone, and Telegram lets bots delete for 48 hours only. Otherwise it loses its
    buttons and gets the text of the one `instead` of it, so that it shows nothing outdated.
    """
    try:
        try:
            await bot.delete_message(chat_id, old.message_id, rate_limit_args={"lane": Lane.NOTICE})
        except BadRequest:
            await _wind_up(bot, chat_id, old, instead)
    except TelegramError as error:
        log.debug("an old message stays", chat_id=chat_id, error=str(error))


async def _wind_up(bot: Bot, chat_id: int, old: Old, instead: Message | None) -> None:
    if instead is not None:
        with suppress(BadRequest):  # too long beside a photo, or too old to be edited
            await _edit(bot, Parcel(chat_id, None, Lane.NOTICE, Message(instead.text)), old)
            return
    lane = {"lane": Lane.NOTICE}
    await bot.edit_message_reply_markup(chat_id=chat_id, message_id=old.message_id, rate_limit_args=lane)


async def _edit(bot: Bot, parcel: Parcel, old: Old) -> None:
    markup = parcel.message.markup()
    keyboard = markup if isinstance(markup, InlineKeyboardMarkup) else None
    lane = {"lane": parcel.lane}
    if old.photo_id is not None:
        await bot.edit_message_caption(
            chat_id=parcel.chat_id,
            message_id=old.message_id,
            caption=str(parcel.message.text),
            parse_mode=_HTML,
            reply_markup=keyboard,
            rate_limit_args=lane,
        )
    else:
        await bot.edit_message_text(
            str(parcel.message.text),
            chat_id=parcel.chat_id,
            message_id=old.message_id,
            parse_mode=_HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard,
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
            caption=str(message.text),
            parse_mode=_HTML,
            message_thread_id=parcel.thread_id,
            reply_markup=message.markup(),
            rate_limit_args={"lane": parcel.lane},
        )
    else:
        sent = await bot.send_message(
            parcel.chat_id,
            str(message.text),
            parse_mode=_HTML,
            link_preview_options=_NO_PREVIEW,
            message_thread_id=parcel.thread_id,
            reply_markup=message.markup(),
            rate_limit_args={"lane": parcel.lane},
        )
    return Posted(sent.message_id, photo_id=None, leftover=leftover)


async def _send_picture(bot: Bot, parcel: Parcel, leftover: Old | None) -> Posted:
    """Send a picture by its Telegram id if known, or by its bytes where Telegram refuses another bot's id.

    A photo that people sent has no stored bytes: then the text is sent alone.
    """
    picture = parcel.message.picture
    assert picture is not None
    if picture.file_id is not None:
        try:
            sent = await _send_photo(bot, parcel, picture.file_id)
            return Posted(sent.message_id, photo_id=picture.photo_id, leftover=leftover)
        except BadRequest as error:
            if "file" not in error.message.lower():
                raise
            if picture.content is None:
                log.warning("a photo is not known to Telegram any more", photo_id=picture.photo_id)
                return await _send_words(bot, parcel, leftover)
    if picture.content is None:
        raise ValueError(f"photo {picture.photo_id} has neither an id nor bytes")
    sent = await _send_photo(bot, parcel, InputFile(picture.content, filename="photo.jpg"))
    photo = (picture.photo_id, sent.photo[-1].file_id)
    return Posted(sent.message_id, photo_id=picture.photo_id, photo=photo, leftover=leftover)


async def _send_photo(bot: Bot, parcel: Parcel, photo: str | InputFile) -> TelegramMessage:
    return await bot.send_photo(
        parcel.chat_id,
        photo,
        caption=str(parcel.message.text),
        parse_mode=_HTML,
        message_thread_id=parcel.thread_id,
        reply_markup=parcel.message.markup(),
        rate_limit_args={"lane": parcel.lane},
    )
