"""Takes over what another program was at when it died, such as this one's predecessor."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

import structlog
from sqlalchemy.orm import Session

from bot.retry import insist, is_passing_database, rest
from db.presence import Presence
from db.session import Database
from handlers.telegram.context import Clock
from services.core.tx import Tx
from services.imports import jobs
from services.messaging import delivery_queue

SOON = 0.5
"""Seconds after the start until the second look: the server may not have noticed a death just now."""

LOOK_EVERY = 2.0
"""Seconds between looks. A program counts as dead when it is away at two: its connection may have broken."""

log = structlog.get_logger(__name__)


class Takeover:
    """Voids the leases of programs that are gone. Each living program does so for all others.

    `taken`: called when there is something to send, or to import. `died`: called when a program is gone
    that was seen before: there may be updates that it had stored.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        taken: Callable[[], None],
        died: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._taken = taken
        self._died = died
        self._presence = Presence(database)
        self._missed: set[int | None] = set()
        self._seen: set[int | None] = set()
        self._stopping = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None

    @property
    def number(self) -> int:
        """The number of this program."""
        return self._presence.number

    async def start(self) -> None:
        """Void what is left from before, and look on for other programs' deaths."""
        await insist(lambda: self._look(at_once=True))
        if not self._database.is_sqlite:  # nobody else is there
            self._runner = asyncio.create_task(self._run(), name="takeover")

    async def stop(self) -> None:
        self._stopping.set()
        if self._runner is not None:
            await asyncio.gather(self._runner, return_exceptions=True)
        await asyncio.to_thread(self._presence.end)

    async def _run(self) -> None:
        await rest(self._stopping, SOON)
        at_once = True
        while not self._stopping.is_set():
            try:
                await self._look(at_once=at_once)
                at_once = False
            except Exception as error:  # the boundary: the next look has its own chance
                if not is_passing_database(error):
                    log.exception("other programs could not be looked for")
            await rest(self._stopping, LOOK_EVERY)

    async def _look(self, *, at_once: bool) -> None:
        """Void the leases of programs that are away; `at_once`: at the first look."""
        holders = await self._database.read(_holders)
        # Asked for after the leases were read: whoever leases shows that it lives before.
        living = await asyncio.to_thread(self._presence.living)
        away = (holders | self._seen) - living
        dead = away if at_once else away & self._missed
        self._missed = away - dead
        if dead & holders:
            await self._void(dead)
        has_died = bool(dead & self._seen)
        self._seen = (self._seen | living) - dead
        if has_died:
            await self._died()

    async def _void(self, dead: Collection[int | None]) -> None:
        def work(session: Session) -> tuple[int, int]:
            tx = Tx(session, self._clock())
            return delivery_queue.release(tx, dead), jobs.release(tx, dead)

        messages, imports = await self._database.write(work, quietly=True)
        log.info("taking over what a program left", messages=messages, imports=imports)
        self._taken()


def _holders(session: Session) -> set[int | None]:
    return delivery_queue.holders(session) | jobs.holders(session)
