"""Long polling: updates are stored verbatim, without parsing, and confirmed afterwards."""

import asyncio
import math
from collections.abc import Callable, Sequence

import structlog
from telegram import Update
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot import telegram_errors, trouble
from bot.retry import insist, pause
from bot.updates import raw
from bot.updates.apologies import Apologies
from bot.updates.raw import RawBot
from db.session import Database
from handlers.telegram.context import Clock
from services.core.tx import Tx
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

LONGEST_REPEAT = 2.0
"""Seconds between two polls that return only updates stored already."""

log = structlog.get_logger(__name__)


class Doubt:
    """The doubt in a refused token: over when Telegram has refused it, and nothing else, for some seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: float | None = None

    def is_over(self) -> bool:
        """Note a refusal; return whether the token is wrong by now."""
        now = asyncio.get_running_loop().time()
        if self._since is None:
            self._since = now
            log.warning("Telegram does not know this token; asking again", seconds=self._seconds)
        return now - self._since >= self._seconds

    def clear(self) -> None:
        self._since = None


FEWEST_CONFLICTS = 5
"""Fewer than so many may come of a single program that was started and stopped."""

FORGET_CONFLICTS = 120.0
"""Seconds without a conflict after which they are forgotten: two programs that poll meet once a minute."""


class Rival:
    """Another program that fetches this bot's updates: believed in when it goes on for some seconds.

    What is fetched in between proves nothing: each of the two gets something now and then.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._met = 0
        self._since = self._last = 0.0

    def stays(self) -> bool:
        """Note a conflict; return whether the other one is there to stay."""
        now = asyncio.get_running_loop().time()
        if not self._met or now - self._last > FORGET_CONFLICTS:
            self._met, self._since = 0, now
        self._met, self._last = self._met + 1, now
        return self._met >= FEWEST_CONFLICTS and now - self._since >= self._seconds


class Poller:
    """Fetches updates, stores them and passes each to `take` (inbox id, chat key, text)."""

    def __init__(
        self,
        bot: RawBot,
        database: Database,
        clock: Clock,
        take: Callable[[int, int, str], None],
        *,
        wait: Callable[[int], float] = pause,
        poll_seconds: int = POLL_SECONDS,
        doubt: Doubt | None = None,
        apologies: Apologies | None = None,
        rival: Rival | None = None,
    ) -> None:
        self._bot = bot
        self._apologies = apologies or Apologies(bot)
        self._database = database
        self._clock = clock
        self._take = take
        self._wait = wait
        self._poll_seconds = poll_seconds
        self._doubt = doubt or Doubt(0)
        self._rival = rival or Rival(math.inf)
        self._offset: int | None = None
        """The offset by which the next call confirms stored updates. Not kept longer: after a quiet week
        Telegram restarts its ids, and an old offset would confirm unseen updates."""
        self._repeats = 0
        self._storing: asyncio.Task[bool] | None = None

    async def run(self) -> None:
        """Poll until cancelled.

        Raises InvalidToken when there is no doubt in it, Conflict when another program stays, nothing else.
        """
        attempt = 0
        while True:
            try:
                await self._poll()
                attempt = 0
                self._doubt.clear()
                for one in (trouble.TELEGRAM, trouble.CONFLICT, trouble.STORING):
                    one.fine()
                continue
            except InvalidToken:
                if self._doubt.is_over():
                    raise
                attempt += 1
                seconds = self._wait(attempt)
            except TelegramError as error:
                if isinstance(error, Conflict) and self._rival.stays():
                    raise
                attempt += 1
                seconds = self._after(error, attempt)
            except Exception as error:  # noqa: BLE001 - the boundary: the next poll has its own chance
                attempt += 1
                seconds = self._wait(attempt)
                # Without its text, which may contain a person's words.
                trouble.STORING.met(type(error).__name__)
            await asyncio.sleep(seconds)

    async def _poll(self) -> None:
        texts = await self._bot.fetch(offset=self._offset, seconds=self._poll_seconds, allowed=list(ALLOWED))
        updates = [raw.read(text) for text in texts]
        is_news = not updates or await self._store_whole([update.arrival for update in updates])
        confirmed = [update.confirms for update in updates if update.confirms is not None]
        self._offset = confirmed[-1] + 1 if confirmed else None
        self._repeats = 0 if is_news else self._repeats + 1
        if self._repeats > 1:
            # Updates that cannot be confirmed are returned at once, repeatedly, until Telegram drops them.
            await asyncio.sleep(min(self._wait(self._repeats), LONGEST_REPEAT))

    def _after(self, error: TelegramError, attempt: int) -> float:
        """Return the seconds to wait after an error."""
        wait = self._wait(attempt)
        if isinstance(error, BadRequest):
            self._offset = None  # maybe a number that this server does not take: then it sends all again
        if isinstance(error, RetryAfter):
            trouble.TELEGRAM.met(telegram_errors.words(error))
            return max(wait, telegram_errors.seconds(error).total_seconds())
        if isinstance(error, Conflict):
            trouble.CONFLICT.met(error.message)
        else:
            trouble.TELEGRAM.met(telegram_errors.words(error))
        return wait

    async def _store_whole(self, arrivals: Sequence[Arrival]) -> bool:
        """Store updates also where polling is cancelled meanwhile: what is in the inbox has to be handled."""
        self._storing = asyncio.create_task(self._store(arrivals), name="storing")
        return await asyncio.shield(self._storing)

    async def settle(self, seconds: float) -> None:
        """Wait so many seconds for what is being stored, once polling is cancelled."""
        if self._storing is not None:
            _, late = await asyncio.wait([self._storing], timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(self._storing, return_exceptions=True)

    async def _store(self, arrivals: Sequence[Arrival]) -> bool:
        """Store new updates and have them handled; return whether there were any."""
        since = self._apologies.now()

        async def apologize() -> None:
            for one in arrivals:
                await self._apologies.tell(one.chat_key, one.payload, since)

        stored = await insist(
            lambda: self._database.write(lambda s: inbox.store(Tx(s, self._clock()), arrivals), quietly=True),
            self._wait,
            apologize,
        )
        for inbox_id, arrival in stored:
            self._take(inbox_id, arrival.chat_key, arrival.payload)
        return bool(stored)
