"""Direct answers: messages, files, and toasts. Only for updates that changed nothing."""

import asyncio
from collections.abc import Sequence

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters, Update
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, TelegramError

from handlers.telegram.context import Context
from handlers.ui.limits import sendable
from handlers.ui.message import Message
from handlers.ui.registry import REGISTRY
from handlers.ui.request import place_of

log = structlog.get_logger()

_LONGEST_TOAST = 200
"""Telegram's limit for the text that answers a tap."""

_LONGEST_CAPTION = 1024
"""Telegram's limit for the text on a file; longer ones are messages of their own."""

_PAUSES = (0.2, 1.0, 0.0)
"""Seconds after each attempt to answer a tap."""

_CANNOT_BE_EDITED = ("message can't be edited", "message to edit not found", "message_id_invalid")


async def reply(update: Update, context: Context, message: Message, *, answers: bool = False) -> None:
    """Answer directly: only for what changed nothing, so that a repeated update is answered again.

    `answers`: send it as a reply to the message that the update is about.
    """
    place = place_of(update)
    if place is None:
        return
    answered = place.message_id if answers else None
    await send(context.bot, place.chat_id, message, thread_id=place.thread_id, answers=answered)


async def send(
    bot: Bot, chat_id: int, message: Message, *, thread_id: int | None = None, answers: int | None = None
) -> None:
    """Send a message with what is attached to it. `answers`: the id of the message that it replies to."""
    message = sendable(message)
    answered = ReplyParameters(answers) if answers else None
    attachment, picture = message.attachment, message.picture
    if picture is not None and picture.content is not None:
        await bot.send_photo(
            chat_id,
            picture.content,
            caption=message.text,
            parse_mode=ParseMode.HTML,
            reply_markup=message.markup(),
            message_thread_id=thread_id,
        )
        return
    if attachment is None or len(message.text) > _LONGEST_CAPTION:
        await bot.send_message(
            chat_id,
            message.text,
            parse_mode=ParseMode.HTML,
            reply_markup=message.markup(),
            message_thread_id=thread_id,
            reply_parameters=answered,
        )
    if attachment is not None:
        short = len(message.text) <= _LONGEST_CAPTION
        await bot.send_document(
            chat_id,
            attachment.content,
            filename=attachment.name,
            caption=message.text if short else None,
            parse_mode=ParseMode.HTML,
            reply_markup=message.markup() if short else None,
            message_thread_id=thread_id,
        )


async def answer_tap(update: Update, toast: str | None, *, alert: bool = False) -> None:
    query = update.callback_query
    if query is None:
        return
    for pause in _PAUSES:
        try:
            await query.answer(_cut(toast) if toast else None, show_alert=alert)
            return
        except BadRequest as error:
            # A tap that waited for us longer than Telegram waits: what it did is on the card.
            if "query is too old" not in str(error).lower():
                raise
            return
        except NetworkError as error:
            # The effect is committed and not repeated; only this answer stops the button's spinning.
            log.warning("a tap could not be answered", error=str(error))
            await asyncio.sleep(pause)


def _cut(toast: str) -> str:
    """Cut a toast to Telegram's limit, which counts UTF-16 units: most emoji are two."""
    whole = toast.encode("utf-16-le")
    if len(whole) <= 2 * _LONGEST_TOAST:
        return toast
    return whole[: 2 * (_LONGEST_TOAST - 1)].decode("utf-16-le", "ignore") + "…"


async def take_place(update: Update, context: Context, message: Message) -> None:
    """Show a message in place of the tapped one; below it, where that cannot be edited any more."""
    query = update.callback_query
    if query is None:
        return
    message = sendable(message)
    if not isinstance(query.message, TelegramMessage):
        await reply(update, context, message)
        return
    try:
        if query.message.photo:
            await query.edit_message_caption(
                message.text, parse_mode=ParseMode.HTML, reply_markup=_inline(message)
            )
        else:
            await query.edit_message_text(
                message.text, parse_mode=ParseMode.HTML, reply_markup=_inline(message)
            )
    except BadRequest as error:
        words = str(error).lower()
        if any(known in words for known in _CANNOT_BE_EDITED):
            await reply(update, context, message)
        elif "not modified" not in words:
            raise


async def drop_buttons(update: Update, rental_id: int) -> None:
    """Remove the buttons about a rental from the tapped message, as far as possible."""
    query = update.callback_query
    message = query.message if query is not None else None
    if not isinstance(message, TelegramMessage) or message.reply_markup is None:
        return
    rows = [row for row in message.reply_markup.inline_keyboard if not _is_about(row, rental_id)]
    try:
        await message.edit_reply_markup(InlineKeyboardMarkup(rows) if rows else None)
    except TelegramError as error:
        log.debug("the buttons of a reminder stay", error=str(error))


def _is_about(row: Sequence[InlineKeyboardButton], rental_id: int) -> bool:
    tap = REGISTRY.unpack(str(row[0].callback_data))
    return tap is not None and tap.id == rental_id


def _inline(message: Message) -> InlineKeyboardMarkup | None:
    markup = message.markup()
    return markup if isinstance(markup, InlineKeyboardMarkup) else None
