"""A word to people who wait while the database is in trouble. It asks the database nothing."""

import asyncio
import time
from collections.abc import Callable

import structlog
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from handlers.telegram import errors
from services.messaging import inbox

AFTER = 5.0
"""Seconds that somebody waits before they are told: most trouble is over by then."""

EVERY = 600.0
"""Seconds until the same person is told again."""

LONGEST = 5.0
"""Seconds that telling may take: what is tried again meanwhile matters more."""

_MOST = 10_000
"""People who are remembered."""

log = structlog.get_logger(__name__)


class Apologies:
    """Tells people in private, each once in a while, that their message waits."""

    def __init__(
        self, bot: Bot, *, after: float = AFTER, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bot = bot
        self._after = after
        self._clock = clock
        self._told: dict[int, float] = {}

    def now(self) -> float:
        return self._clock()

    async def tell(self, chat_key: int, payload: str | None, since: float) -> None:
        """Tell whoever has waited for an answer since then. Raises nothing: it is a courtesy."""
        now = self._clock()
        lately = self._told.get(chat_key)
        if chat_key <= 0 or now - since < self._after or (lately is not None and now - lately < EVERY):
            return
        if len(self._told) >= _MOST:
            self._told.clear()
        self._told[chat_key] = now
        text = errors.in_trouble(_language(payload))
        try:
            async with asyncio.timeout(LONGEST):
                await self._bot.send_message(
                    chat_key, text, parse_mode=ParseMode.HTML, disable_notification=True
                )
        except (TelegramError, TimeoutError) as error:
            log.debug("nobody could be told to wait", error=type(error).__name__)


def _language(payload: str | None) -> str | None:
    """Return the language of the sender's app, from an update's raw text."""
    for part in inbox.content(payload).values() if payload else ():
        sender = part.get("from") if isinstance(part, dict) else None
        found = sender.get("language_code") if isinstance(sender, dict) else None
        if isinstance(found, str):
            return found
    return None
