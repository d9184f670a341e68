"""One of several programs on a PostgreSQL database fetches updates; the others stand by until it is gone."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot import trouble
from bot.retry import brief, insist, is_passing_database
from db.presence import Turn
from db.session import Database

LOOK_EVERY = 1.0
"""Seconds between two looks, for who stands by and for who fetches."""

log = structlog.get_logger(__name__)


class Standby:
    """Waits for this program's turn, and has it fetch as long as that lasts."""

    def __init__(self, database: Database, begin: Callable[[], Awaitable[None]]) -> None:
        """`begin`: what to do first when the turn comes, such as to handle what the last program left."""
        self._turn = Turn(database)
        self._begin = begin
        self._ready = asyncio.Event()
        self.stands_by = False

    async def ready(self) -> None:
        """Wait until this program stands by, or has begun what comes first in its turn."""
        await self._ready.wait()

    async def run(self, fetch: Callable[[], Awaitable[None]]) -> None:
        """Fetch whenever it is this program's turn, until cancelled. Raises what `fetch` raises."""
        while True:
            await self._wait()
            fetching = asyncio.ensure_future(self._fetch(fetch))
            try:
                while not fetching.done() and await self._is_ours():
                    await asyncio.wait([fetching], timeout=LOOK_EVERY)
                if fetching.done():
                    return fetching.result()
            finally:
                fetching.cancel()
                await asyncio.gather(fetching, return_exceptions=True)

    async def end(self) -> None:
        """Let another program have the turn."""
        await asyncio.to_thread(self._turn.end)

    async def _fetch(self, fetch: Callable[[], Awaitable[None]]) -> None:
        try:
            await self._begin()
        finally:
            self._ready.set()
        await fetch()

    async def _wait(self) -> None:
        while not await insist(lambda: asyncio.to_thread(self._turn.take)):
            if not self.stands_by:
                log.info("another program fetches the updates; standing by")
            self.stands_by = True
            self._ready.set()
            await asyncio.sleep(LOOK_EVERY)
        if self.stands_by:
            log.info("fetching the updates from now on")
        self.stands_by = False

    async def _is_ours(self) -> bool:
        """Return whether it still is this program's turn: another may have it once its connection broke."""
        try:
            return await asyncio.to_thread(self._turn.take)
        except Exception as error:
            if not is_passing_database(error):
                raise
            trouble.DATABASE.met(brief(error))
            return True  # nobody else reaches the database either; what comes waits until it can be stored
