"""Files made on request: written to disk, sent from there, and deleted."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from telegram import InputFile
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from handlers.telegram.context import Context
from handlers.ui import limits
from handlers.ui.message import Document
from handlers.ui.request import Place
from services import temporary_folders
from services.core.errors import Refusal, Refused

LARGEST = 50_000_000
"""Bytes of the largest file that a bot can send (Bot API, sendDocument)."""

_UPLOAD_SECONDS = 300
_SHOWN_SECONDS = 4.5


log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sent:
    """A file that was made: the number of things in it. `is_refused`: Telegram took it in no form."""

    count: int
    is_refused: bool = False


async def send(context: Context, place: Place, document: Document) -> Sent:
    """Make and send a file, without its formatting where Telegram refuses that. Raises PAPER_TOO_LARGE."""
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


async def _made_and_sent(context: Context, place: Place, document: Document) -> Sent:
    with temporary_folders.made("document") as folder:
        path = folder / "document"
        count = await document.make(context.wiring.database, path)
        if path.stat().st_size > LARGEST:
            raise Refusal(Refused.PAPER_TOO_LARGE, megabytes=LARGEST // 1_000_000)
        caption = document.caption(count)
        try:
            await _upload(context, place, document.name, path, caption, ParseMode.HTML)
        except TelegramError as error:
            if not _is_refused(error):
                raise
            log.info("a part was refused", chat_id=place.chat_id, error=str(error))
        else:
            return Sent(count)
        try:
            await _upload(context, place, document.name, path, limits.plain(caption), None)
        except TelegramError as error:
            if not _is_refused(error):
                raise
            return Sent(count, is_refused=True)
    return Sent(count)


async def _upload(
    context: Context, place: Place, name: str, path: Path, caption: str, parse_mode: str | None
) -> None:
    with path.open("rb") as file:
        await context.bot.send_document(
            place.chat_id,
            InputFile(file, filename=name, read_file_handle=False),
            caption=caption,
            parse_mode=parse_mode,
            write_timeout=_UPLOAD_SECONDS,
            read_timeout=_UPLOAD_SECONDS,
        )


def _is_refused(error: TelegramError) -> bool:
    """Return whether Telegram refuses the file or its caption for good, and might take words."""
    words = error.message.lower()
    if isinstance(error, Forbidden):
        return "chat_send" in words
    return isinstance(error, BadRequest) or "entity too large" in words
