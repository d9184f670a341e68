"""Direct answers: messages, files, and toasts. Only for updates that changed nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog
from markupsafe import Markup
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from handlers.telegram.context import Context
from handlers.ui.callbacks import Verb, pack
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

_ANSWERABLE = 15.0
"""Seconds for which Telegram takes an answer to a tap."""

_LEAST_PAUSE = 0.2

_TOO_LATE = ("query is too old", "query_id_invalid")

_answering: set["asyncio.Task[None]"] = set()
"""The answers that wait; the event loop itself keeps no hold of them."""

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
    """Send a message with what is attached to it, or without, where the chat does not take that.

    `answers`: the id of the message that it replies to.
    """
    message = sendable(message)
    answered = ReplyParameters(answers) if answers else None
    attachment, picture = message.attachment, message.picture
    is_picture = picture is not None and picture.content is not None
    is_short = len(message.text) <= _LONGEST_CAPTION
    if is_picture or (attachment is not None and is_short):
        if await _sent_with_file(bot, chat_id, message, thread_id):
            return
        attachment = None
    await bot.send_message(
        chat_id,
        message.text,
        parse_mode=ParseMode.HTML,
        api_kwargs=message.markup(),
        message_thread_id=thread_id,
        disable_notification=is_answer(chat_id),
        reply_parameters=answered,
    )
    if attachment is not None:
        await _sent_with_file(bot, chat_id, replace(message, text=Markup(), buttons=()), thread_id)


def is_answer(chat_id: int) -> bool:
    """Return whether an answer goes to whoever waits for it, with the chat open, and need not ring."""
    return chat_id > 0


async def _sent_with_file(bot: Bot, chat_id: int, message: Message, thread_id: int | None) -> bool:
    """Send a message on its picture or file; return False where that was refused: its words may go alone.

    Raises TelegramError for what passes.
    """
    picture, attachment = message.picture, message.attachment
    try:
        if picture is not None and picture.content is not None:
            await bot.send_photo(
                chat_id,
                picture.content,
                caption=message.text,
                parse_mode=ParseMode.HTML,
                api_kwargs=message.markup(),
                message_thread_id=thread_id,
                disable_notification=is_answer(chat_id),
            )
        elif attachment is not None:
            await bot.send_document(
                chat_id,
                attachment.content,
                filename=attachment.name,
                caption=message.text or None,
                parse_mode=ParseMode.HTML,
                api_kwargs=message.markup(),
                message_thread_id=thread_id,
                disable_notification=is_answer(chat_id),
            )
    except (BadRequest, Forbidden) as error:
        log.info("a file was refused", chat_id=chat_id, error=str(error))
        return False
    return True


async def answer_tap(update: Update, toast: str | None, *, alert: bool = False) -> None:
    """Answer a tap, so that its button stops spinning. What it did is not repeated for this."""
    query = update.callback_query
    if query is None:
        return
    words = _cut(toast) if toast else None
    for pause in _PAUSES:
        try:
            await query.answer(words, show_alert=alert)
            return
        except RetryAfter as error:
            _answer_later(query, words, alert=alert, seconds=_seconds(error))
            return
        except BadRequest as error:
            # A tap that waited for us longer than Telegram waits: what it did is on the card.
            if not any(known in str(error).lower() for known in _TOO_LATE):
                raise
            return
        except NetworkError as error:
            log.debug("a tap could not be answered", error=str(error))
            await asyncio.sleep(pause)


def _answer_later(query: CallbackQuery, words: str | None, *, alert: bool, seconds: float) -> None:
    """Answer a tap when Telegram takes it, while its chat goes on; or not at all, where that is too late."""
    if seconds > _ANSWERABLE:
        log.debug("a tap stays unanswered", seconds=seconds)
        return
    task = asyncio.create_task(_answer(query, words, alert=alert, seconds=seconds))
    _answering.add(task)
    task.add_done_callback(_answering.discard)


async def _answer(query: CallbackQuery, words: str | None, *, alert: bool, seconds: float) -> None:
    left = _ANSWERABLE
    while seconds <= left:
        left -= max(seconds, _LEAST_PAUSE)
        await asyncio.sleep(seconds)
        try:
            await query.answer(words, show_alert=alert)
        except RetryAfter as error:
            seconds = _seconds(error)
        except (TelegramError, RuntimeError) as error:  # the latter after the end of the program
            log.debug("a tap stays unanswered", error=str(error))
            return
        else:
            return


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


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
                message.text, parse_mode=ParseMode.HTML, api_kwargs=message.markup(edits=True)
            )
        else:
            await query.edit_message_text(
                message.text, parse_mode=ParseMode.HTML, api_kwargs=message.markup(edits=True)
            )
    except BadRequest as error:
        words = str(error).lower()
        if any(known in words for known in _CANNOT_BE_EDITED):
            await reply(update, context, message)
        elif "not modified" not in words:
            raise


async def drop_buttons(update: Update, rental_id: int) -> None:
    """Remove the buttons about a rental from the tapped message, as far as possible.

    Between those of others a row that only shows the rental stays: the next one is not to come under the
    same finger.
    """
    query = update.callback_query
    message = query.message if query is not None else None
    if not isinstance(message, TelegramMessage) or message.reply_markup is None:
        return
    keyboard = message.reply_markup.inline_keyboard
    about = [row for row in keyboard if _is_about(row, rental_id)]
    shows = pack(Verb.SHOW_RENTAL, rental_id)
    rows = [
        (InlineKeyboardButton(_done(row[0].text), callback_data=shows),) if row in about else row
        for row in keyboard
        if row not in about[1:]
    ]
    others = any(_is_open(row) for row in rows)
    try:
        await message.edit_reply_markup(InlineKeyboardMarkup(rows) if others else None)
    except TelegramError as error:
        log.debug("the buttons of a reminder stay", error=str(error))


async def strip(update: Update) -> None:
    """Remove all buttons from the tapped message, as far as possible, if the tapped one is among them."""
    query = update.callback_query
    message = query.message if query is not None else None
    if query is None or not isinstance(message, TelegramMessage) or message.reply_markup is None:
        return
    if all(
        button.callback_data != query.data for row in message.reply_markup.inline_keyboard for button in row
    ):
        return  # nobody was shown such a button
    try:
        await message.edit_reply_markup(None)
    except TelegramError as error:
        log.debug("the buttons of a question stay", error=str(error))


def _done(label: str) -> str:
    """Return the label of what is done: the thing after the colon, or all of it."""
    return f"✓ {label.partition(': ')[2] or label}"


def _is_about(row: Sequence[InlineKeyboardButton], rental_id: int) -> bool:
    tap = REGISTRY.unpack(str(row[0].callback_data))
    return tap is not None and tap.id == rental_id


def _is_open(row: Sequence[InlineKeyboardButton]) -> bool:
    """Return whether a row does more than show what was done."""
    return not row[0].text.startswith("✓ ")
