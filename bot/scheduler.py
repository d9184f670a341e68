"""The scheduler of periodic work. It only triggers it; the database decides what is due."""

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.service.observer import NOBODY, Observer
from db import correlation
from db.session import Database
from handlers.telegram.context import Clock
from services import periodic
from services.core.tx import Tx
from services.messaging import retention

EVERY = 30.0
"""Seconds between runs of the periodic work."""

TIDY_EVERY = 3600.0
"""Seconds between cleanups of the inbox and the outbox."""

log = structlog.get_logger(__name__)


class Sweeper:
    """Runs the periodic work at intervals of real time; the work itself uses the program's clock."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        run: Callable[[Tx], None] = periodic.run,
        *,
        every: float = EVERY,
        observer: Observer = NOBODY,
    ) -> None:
        self._database = database
        self._clock = clock
        self._run = run
        self._every = every
        self.observer = observer
        self.swept_at: float | None = None
        """When the work was last done, by the monotonic clock."""
        self._one_at_a_time = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._last_tick = float("-inf")
        self._last_tidying = float("-inf")
        self._watchdog: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._job = self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=self._every,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        self._watchdog = asyncio.create_task(self._watch(), name="sweep watchdog")

    async def stop(self, seconds: float) -> None:
        """Wait so many seconds for a running job."""
        if self._watchdog is None:
            return
        self._watchdog.cancel()
        await asyncio.gather(self._watchdog, return_exceptions=True)
        self._watchdog = None
        self._scheduler.pause()
        # The scheduler's own shutdown cancels what runs.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._one_at_a_time:
                pass
        self._scheduler.shutdown(wait=False)

    async def sweep(self) -> None:
        """Run the periodic work now and return when it is done. Raises its errors."""
        async with self._one_at_a_time:
            correlation.begin(f"s{secrets.token_hex(8)}")
            began, result = time.monotonic(), "failed"
            try:
                await self._database.write(lambda session: self._run(Tx(session, self._clock())))
                self.swept_at, result = time.monotonic(), "done"
            finally:
                self.observer.swept(result, time.monotonic() - began)

    async def _tick(self) -> None:
        now = asyncio.get_running_loop().time()
        self._last_tick = now
        try:
            await self.sweep()
            if now - self._last_tidying >= TIDY_EVERY:
                self._last_tidying = now
                async with self._one_at_a_time:
                    await self._database.write(lambda session: retention.tidy(Tx(session, self._clock())))
        except Exception:  # the boundary of the scheduler's job: the next tick has its own chance
            log.exception("a sweep failed; the next one tries again", seconds=self._every)

    async def _watch(self) -> None:
        """Wake the scheduler after the wall clock was set back: it would sleep for that long."""
        while True:
            await asyncio.sleep(self._every)
            if asyncio.get_running_loop().time() - self._last_tick > 2 * self._every:
                log.warning("the sweep is late, as after a change of the wall clock; waking it")
                self._job.modify(next_run_time=datetime.now(UTC))
