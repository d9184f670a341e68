"""Files made on request: written to disk, sent from there, and deleted."""

import asyncio
from contextlib import suppress

from telegram import InputFile
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError

from handlers.telegram.context import Context
from handlers.ui.message import Document
from handlers.ui.request import Place
from services import temporary_folders
from services.core.errors import Refusal, Refused

LARGEST = 50_000_000
"""Bytes of the largest file that a bot can send (Bot API, sendDocument)."""

_UPLOAD_SECONDS = 300
_SHOWN_SECONDS = 4.5


async def send(context: Context, place: Place, document: Document) -> int:
    """Make and send a file; return the number of things in it. Raises PAPER_TOO_LARGE."""
    await context.bot.send_chat_action(place.chat_id, ChatAction.UPLOAD_DOCUMENT)
    going_on = asyncio.create_task(_say_so(context, place))
    try:
        return await _made_and_sent(context, place, document)
    finally:
        going_on.cancel()


async def _say_so(context: Context, place: Place) -> None:
    """Keep showing that a file is on its way: Telegram shows it for some seconds only."""
    while True:
        await asyncio.sleep(_SHOWN_SECONDS)
        with suppress(TelegramError):
            await context.bot.send_chat_action(place.chat_id, ChatAction.UPLOAD_DOCUMENT)


async def _made_and_sent(context: Context, place: Place, document: Document) -> int:
    with temporary_folders.made("document") as folder:
        path = folder / "document"
        count = await document.make(context.wiring.database, path)
        if path.stat().st_size > LARGEST:
            raise Refusal(Refused.PAPER_TOO_LARGE, megabytes=LARGEST // 1_000_000)
        with path.open("rb") as file:
            await context.bot.send_document(
                place.chat_id,
                InputFile(file, filename=document.name, read_file_handle=False),
                caption=document.caption(count),
                parse_mode=ParseMode.HTML,
                write_timeout=_UPLOAD_SECONDS,
                read_timeout=_UPLOAD_SECONDS,
            )
    return count
