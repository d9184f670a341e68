"""The scheduler of periodic work. It only triggers it; the database decides what is due."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.orm import Session

from bot.retry import brief, is_passing_database
from bot.service.observer import NOBODY, Observer
from bot.trouble import DATABASE
from db import correlation
from db.session import Database
from handlers.telegram.context import Clock
from services import periodic, stoppages
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.messaging.tidying import retention
from services.periodic import Job, Work

EVERY = 30.0
"""Seconds between runs of the periodic work."""

TIDY_EVERY = 3600.0
"""Seconds between cleanups of the inbox and the outbox, and the work of periodic.HOURLY."""

_BROKEN_OFF = "a sweep was broken off by the end of the program; it is due again at the next start"

log = structlog.get_logger(__name__)


class Scheduler:
    """Runs the periodic work at intervals of real time; the work itself uses the program's clock.

    Each job is a transaction of its own, and one that fails stops no other.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        work: Mapping[str, Work] = periodic.WORK,
        *,
        every: float = EVERY,
        operator_chat_id: int | None = None,
        observer: Observer = NOBODY,
    ) -> None:
        self._database = database
        self._clock = clock
        self._work = work
        self._every = every
        self._operator_chat_id = operator_chat_id
        self._told: set[tuple[int, str]] | None = None
        self._logged: set[tuple[int, str]] = set()
        self.observer = observer
        self.swept_at: float | None = None
        """When the work was last done, by the monotonic clock."""
        self._one_at_a_time = asyncio.Lock()
        self._stopping = False
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
        """Wait so many seconds for a running job; what only reads is broken off."""
        if self._watchdog is None:
            return
        self._stopping = True
        breaking_off = asyncio.create_task(self._database.keep_interrupting(), name="breaking off")
        self._watchdog.cancel()
        await asyncio.gather(self._watchdog, return_exceptions=True)
        self._watchdog = None
        self._scheduler.pause()
        # The scheduler's own shutdown cancels what runs.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._one_at_a_time:
                pass
        breaking_off.cancel()
        self._scheduler.shutdown(wait=False)

    async def sweep(self, work: Mapping[str, Work] | None = None) -> None:
        """Do all jobs now, of these kinds or the usual ones, and return when they are done.

        Raises an ExceptionGroup of what stopped some of them, which has been logged and told by then; and at
        once what says that the database is away.
        """
        async with self._one_at_a_time:
            correlation.begin(f"s{self._clock():%Y%m%d%H%M%S}")
            began, result = time.monotonic(), "failed"
            try:
                found = await self._do_all(self._work if work is None else work)
                self.swept_at = time.monotonic()
                result = "partly" if found else "done"
            finally:
                self.observer.swept(result, time.monotonic() - began)
        if found:
            raise ExceptionGroup("some of the periodic work stopped", found)

    async def _do_all(self, work: Mapping[str, Work]) -> list[Exception]:
        """Do all jobs; return what stopped some. Raises what says that the database is away."""
        found: list[Exception] = []
        if self._told is None:
            self._told = await self._database.read(stoppages.told)
        for job in await self._database.read(partial(self._jobs, work)):
            try:
                await self._do(job)
                await self._works(job)
            except Exception as error:
                if is_passing_database(error):
                    raise
                found.append(error)
                await self._stopped(job, error)
        return found

    async def _do(self, job: Job) -> None:
        left: Job | None = job
        if job.reads:
            left = await self._database.read_long(lambda session: job.read(Tx(session, self._clock())))
        if left is not None:
            await self._write(left.do)

    def _jobs(self, work: Mapping[str, Work], session: Session) -> list[Job]:
        return periodic.jobs(Tx(session, self._clock()), work, stopped=self._told or ())

    async def _write(self, work: Callable[[Tx], object]) -> None:
        await self._database.write(lambda session: work(Tx(session, self._clock())))

    async def _stopped(self, job: Job, error: Exception) -> None:
        """Log and tell that a job failed, the first time."""
        key = (job.organization_id, job.work)
        settings = isinstance(error, Refusal) and error.code is Refused.SETTINGS_WRONG
        if key not in self._logged:
            self._logged.add(key)
            # Impossible settings are no fault of the program.
            log.log(
                logging.WARNING if settings else logging.ERROR,
                "periodic work stopped for an organization; it is tried again each time",
                organization_id=job.organization_id,
                work=job.work,
                error=brief(error),
                exc_info=None if settings else error,
            )
        if self._told is None or key in self._told:
            return
        why: dict[str, Any] = {"error": f"{type(error).__name__}: {brief(error)}"[:300]}
        if isinstance(error, Refusal) and settings:
            why = {"settings": error.data}
        operator = self._operator_chat_id
        try:
            await self._write(
                lambda tx: stoppages.stopped(tx.of(job.organization_id), job.work, why, operator=operator)
            )
            self._told.add(key)
        except Exception:  # what is told must not stop the others: tried again with the next sweep
            log.exception("a stoppage could not be told", organization_id=job.organization_id, work=job.work)

    async def _works(self, job: Job) -> None:
        key = (job.organization_id, job.work)
        self._logged.discard(key)
        if self._told and key in self._told:
            await self._write(lambda tx: stoppages.resumed(tx.of(job.organization_id), job.work))
            self._told.discard(key)
            log.info("periodic work goes on", organization_id=job.organization_id, work=job.work)

    async def _tick(self) -> None:
        now = asyncio.get_running_loop().time()
        self._last_tick = now
        try:
            with suppress(ExceptionGroup):  # told and logged where it happened
                await self.sweep()
            if now - self._last_tidying >= TIDY_EVERY:
                self._last_tidying = now
                async with self._one_at_a_time:
                    await self._write(retention.tidy)
                with suppress(ExceptionGroup):
                    await self.sweep(periodic.HOURLY)
        except asyncio.CancelledError:
            # Only `stop` breaks it off; APScheduler would log that as a fault.
            log.info(_BROKEN_OFF)
        except Exception as error:  # the boundary of the scheduler's job: the next tick has its own chance
            if self._stopping and is_passing_database(error):
                log.info(_BROKEN_OFF)
            elif is_passing_database(error):
                DATABASE.met(brief(error))
            else:
                log.exception("a sweep failed; the next one tries again", seconds=self._every)

    async def _watch(self) -> None:
        """Wake the scheduler after the wall clock was set back: it would sleep for that long."""
        while True:
            await asyncio.sleep(self._every)
            if asyncio.get_running_loop().time() - self._last_tick > 2 * self._every:
                log.warning("the sweep is late, as after a change of the wall clock; waking it")
                self._job.modify(next_run_time=datetime.now(UTC))
