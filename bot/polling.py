"""Long polling: what Telegram has for us is stored first and confirmed after."""

import asyncio
from collections.abc import Callable, Sequence

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot import telegram_errors
from bot.retry import insist, pause
from db.session import Database
from handlers.telegram.context import Clock
from services.messaging import inbox
from services.messaging.inbox import Arrival

ALLOWED = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.CHAT_MEMBER,
)

POLL_SECONDS = 30

log = structlog.get_logger(__name__)


class Intake:
    """Fetches updates and hands each that is stored to `take` (inbox id, chat key)."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Clock,
        take: Callable[[int, int], None],
        *,
        wait: Callable[[int], float] = pause,
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._take = take
        self._wait = wait
        self._poll_seconds = poll_seconds
        self._offset: int | None = None
        """Confirms what is stored, by the next call. Never kept longer than that: after a quiet week
        Telegram counts anew, and an old offset would confirm what nobody has seen."""

    async def run(self) -> None:
        """Poll until cancelled. Raises InvalidToken."""
        attempt = 0
        while True:
            try:
                updates = await self._fetch()
                attempt = 0
            except InvalidToken:
                raise
            except TelegramError as error:
                attempt += 1
                await asyncio.sleep(self._after(error, attempt))
                continue
            if updates:
                await self._store(updates)
            self._offset = updates[-1].update_id + 1 if updates else None

    async def _fetch(self) -> Sequence[Update]:
        return await self._bot.get_updates(
            offset=self._offset, timeout=self._poll_seconds, allowed_updates=list(ALLOWED)
        )

    def _after(self, error: TelegramError, attempt: int) -> float:
        """Seconds to wait after an error."""
        wait = self._wait(attempt)
        if isinstance(error, RetryAfter):
            return max(wait, telegram_errors.seconds(error).total_seconds())
        if isinstance(error, Conflict):
            log.error(
                "another program fetches this bot's updates; stop it, or give this one a bot of its own",
                error=error.message,
                seconds=wait,
            )
        elif isinstance(error, NetworkError):
            log.warning("Telegram cannot be reached", error=error.message, seconds=wait)
        else:
            log.error("Telegram refused to give updates", error=error.message, seconds=wait)
        return wait

    async def _store(self, updates: Sequence[Update]) -> None:
        arrivals = [Arrival(update.update_id, _chat_key(update), update.to_dict()) for update in updates]
        ids = await insist(
            lambda: self._database.write(lambda s: inbox.store(s, self._clock(), arrivals), quietly=True),
            self._wait,
        )
        for inbox_id, chat_key in ids:
            self._take(inbox_id, chat_key)


def _chat_key(update: Update) -> int:
    """The line an update waits in: its chat's, or its sender's where there is no chat."""
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else 0
