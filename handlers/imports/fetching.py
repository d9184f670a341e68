"""Fetching a file that was sent to the bot."""

from pathlib import Path

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken

from services.core.errors import Refusal, Refused

LARGEST = 20_000_000
"""Maximum size in bytes that a bot can fetch (Bot API, getFile)."""


async def fetch(bot: Bot, file_id: str, path: Path) -> Path:
    """Download a file. Raises FILE_TOO_LARGE, FILE_NOT_FETCHED, and TelegramError for passing trouble."""
    try:
        file = await bot.get_file(file_id)
        return await file.download_to_drive(path)
    except BadRequest as error:
        if "too big" in str(error).lower():
            raise too_large() from None
        raise Refusal(Refused.FILE_NOT_FETCHED) from None
    except (Forbidden, InvalidToken):
        # python-telegram-bot raises these for a 404 too: getFile's path leads to nothing.
        raise Refusal(Refused.FILE_NOT_FETCHED) from None


def too_large() -> Refusal:
    return Refusal(Refused.FILE_TOO_LARGE, megabytes=LARGEST // 1_000_000)
