"""The webhook: updates are stored verbatim, without parsing, before Telegram is told that they came."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

import structlog
from telegram.error import InvalidToken, TelegramError

from bot import telegram_errors, trouble
from bot.polling import ALLOWED, Doubt
from bot.retry import pause
from bot.updates import raw
from bot.updates.raw import RawBot
from db.session import Database
from handlers.telegram.context import Clock
from services.core.tx import Tx
from services.messaging import inbox

CONNECTIONS = 20
"""The number of updates that Telegram delivers at once."""

LOOK_EVERY = 300.0
"""Seconds between two looks at whether the webhook is still there."""

log = structlog.get_logger(__name__)


def secret_of(token: str) -> str:
    """Return the word by which Telegram is known: made of the token, so that there is nothing to set."""
    return hmac.new(token.encode(), b"equiplib webhook", hashlib.sha256).hexdigest()


class Webhook:
    """Takes what Telegram delivers to `url`, stores it, and passes each to `take` (inbox id, chat key)."""

    def __init__(
        self,
        bot: RawBot,
        database: Database,
        clock: Clock,
        take: Callable[[int, int, str], None],
        *,
        url: str,
        wait: Callable[[int], float] = pause,
        look_every: float = LOOK_EVERY,
        doubt: Doubt | None = None,
        is_open: bool = True,
    ) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._take = take
        self._url = url
        self._secret = secret_of(bot.token)
        self._wait = wait
        self._look_every = look_every
        self._doubt = doubt or Doubt(0)
        self.is_open = is_open
        """While the program begins it takes nothing: Telegram delivers it again."""
        self._is_set = False
        self._told_of: datetime | None = None

    def knows(self, secret: str) -> bool:
        """Return whether this is the secret that Telegram was given."""
        return hmac.compare_digest(secret.encode(), self._secret.encode())

    async def take(self, body: bytes) -> bool:
        """Store an update, whatever is in it; return False where Telegram has to deliver it again."""
        if not self.is_open:
            return False
        arrival = raw.read(body.decode("utf-8", "replace")).arrival
        try:
            stored = await self._database.write(
                lambda session: inbox.store(Tx(session, self._clock()), [arrival]), quietly=True
            )
        except Exception as error:  # noqa: BLE001 - the boundary: Telegram delivers it again
            # Without its text, which may contain a person's words.
            trouble.STORING.met(type(error).__name__)
            return False
        trouble.STORING.fine()
        for inbox_id, arrival in stored:
            self._take(inbox_id, arrival.chat_key, arrival.payload)
        return True

    async def run(self) -> None:
        """Set the webhook, and again where it was taken away, until cancelled.

        Raises InvalidToken when there is no doubt in it.
        """
        attempt = 0
        while True:
            try:
                await self._see_to_it()
                attempt, seconds = 0, self._look_every
                self._doubt.clear()
                for one in (trouble.TELEGRAM, trouble.WEBHOOK):
                    one.fine()
            except InvalidToken:
                if self._doubt.is_over():
                    raise
                attempt += 1
                seconds = self._wait(attempt)
            except TelegramError as error:
                attempt += 1
                trouble.WEBHOOK.met(telegram_errors.words(error))
                seconds = max(self._wait(attempt), telegram_errors.told_to_wait(error))
            await asyncio.sleep(seconds)

    async def _see_to_it(self) -> None:
        there = await self._bot.get_webhook_info()
        is_ours = self._is_set and there.url == self._url
        if not is_ours:
            await self._bot.set_webhook(
                self._url,
                secret_token=self._secret,
                allowed_updates=list(ALLOWED),
                max_connections=CONNECTIONS,
            )
            self._is_set = True
            log.info("the webhook is set", url=self._url)
        elif there.last_error_date not in (None, self._told_of):
            log.error(
                "Telegram could not deliver",
                error=there.last_error_message,
                waiting=there.pending_update_count,
                url=self._url,
            )
        self._told_of = there.last_error_date
