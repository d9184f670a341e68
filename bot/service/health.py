"""The health of the running program: whether it does what it is there for."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import TelegramError

from bot.scheduler import EVERY, Scheduler
from bot.updates.raw import RawBot
from db.session import Database
from services.core.tx import Tx
from services.messaging.tidying import retention

OLDEST_SWEEP = 4 * EVERY
"""Seconds without a run of the periodic work after which something is wrong."""

OLDEST_NOTICE = timedelta(minutes=10)
"""The age of a message that is due after which something is wrong."""

ASK_AFTER = 60.0
"""Seconds without an answer of Telegram's after which it is asked for one."""

PATIENCE = 5.0
"""Seconds that each part has to answer."""


class Health:
    """Looks at the parts that the program depends on."""

    def __init__(
        self, database: Database, bot: RawBot, scheduler: Scheduler, clock: Callable[[], datetime]
    ) -> None:
        self._database, self._bot, self._scheduler, self._clock = database, bot, scheduler, clock

    def sweep_age(self) -> float | None:
        """Return the seconds since the last run of the periodic work; None before the first."""
        at = self._scheduler.swept_at
        return None if at is None else time.monotonic() - at

    def telegram_is_there(self) -> bool:
        """Return whether Telegram answered the last call."""
        return self._bot.contact.is_there

    async def ready(self) -> tuple[bool, Mapping[str, Any]]:
        """Return whether all is well, and what is how. It never raises, and tells nothing of people."""
        checks = {
            "database": await self._database_answers(),
            "telegram": await self._telegram_answers(),
            "sweep": self._sweeps(),
            "notices": await self._sends(),
        }
        return all(check["ok"] for check in checks.values()), checks

    async def _database_answers(self) -> dict[str, Any]:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._database.write(lambda session: session.execute(text("SELECT 1")), quietly=True)
        except (SQLAlchemyError, TimeoutError) as error:
            return {"ok": False, "error": type(error).__name__}
        return {"ok": True, "seconds": round(time.perf_counter() - began, 4)}

    async def _telegram_answers(self) -> dict[str, Any]:
        contact = self._bot.contact
        age = None if contact.answered_at is None else time.monotonic() - contact.answered_at
        if age is None or age > ASK_AFTER or not contact.is_there:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._bot.get_me()
                age = 0.0
            except (TelegramError, TimeoutError) as error:
                return {"ok": False, "error": type(error).__name__}
        return {"ok": True, "answered_seconds_ago": round(age, 1)}

    def _sweeps(self) -> dict[str, Any]:
        age = self.sweep_age()
        if age is None:
            return {"ok": False, "error": "not yet"}
        return {"ok": age <= OLDEST_SWEEP, "seconds_ago": round(age, 1)}

    async def _sends(self) -> dict[str, Any]:
        now = self._clock()
        try:
            async with asyncio.timeout(PATIENCE):
                due = await self._database.read(lambda session: retention.oldest_due(Tx(session, now)))
        except (SQLAlchemyError, TimeoutError) as error:
            return {"ok": False, "error": type(error).__name__}
        age = now - due if due is not None else timedelta(0)
        return {"ok": age <= OLDEST_NOTICE, "oldest_seconds": max(0, round(age.total_seconds()))}
