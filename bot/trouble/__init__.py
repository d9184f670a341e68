"""Trouble with something outside: a line when it begins, a count while it lasts, a line when it ends.

Kept per process, as the log is.
"""

import time
from collections.abc import Callable

import structlog

QUIET = 60.0
"""Seconds without a failure after which something works again: what fails now and then is one trouble."""

FIRST, LONGEST = 300.0, 3600.0
"""Seconds until trouble that lasts is counted in the log: each time twice as long, up to an hour."""

log = structlog.get_logger(__name__)


class Trouble:
    """The trouble with one thing, such as Telegram; `begins`: its first line in the log."""

    def __init__(self, what: str, begins: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._what = what
        self._begins = begins
        self._clock = clock
        self.clear()

    def clear(self) -> None:
        """Forget what was, as a program does that begins."""
        self._failures = 0
        self._began = self._last = self._next = 0.0
        self._interval = FIRST

    def met(self, error: str, *, fault: BaseException | None = None) -> None:
        """Note a failure; `fault`: one of our own, whose traceback is logged when the trouble begins."""
        now = self._clock()
        self._failures += 1
        self._last = now
        if self._failures == 1:
            self._began, self._next, self._interval = now, now + FIRST, FIRST
            log.warning(self._begins, error=error, exc_info=fault)
        elif now >= self._next:
            self._interval = min(2 * self._interval, LONGEST)
            self._next = now + self._interval
            log.warning(
                f"{self._what} is still in trouble",
                error=error,
                failures=self._failures,
                minutes=round((now - self._began) / 60),
            )

    def fine(self) -> None:
        """Note a success: the end of the trouble, if there was none for QUIET seconds."""
        if self._failures and self._clock() - self._last >= QUIET:
            minutes = round((self._last - self._began) / 60)
            log.info(f"{self._what} is out of trouble", failures=self._failures, minutes=minutes)
            self.clear()


TELEGRAM = Trouble("Telegram", "Telegram is in trouble; trying again")
DATABASE = Trouble("the database", "the database is in trouble; trying again")
CONFLICT = Trouble(
    "fetching updates",
    "another program fetches this bot's updates; stop it, or give this one a bot of its own",
)
STORING = Trouble("the inbox", "what came could not be stored; polling again")
OUTBOX = Trouble("the outbox", "the outbox could not be read; trying again")
ALL = (TELEGRAM, DATABASE, CONFLICT, STORING, OUTBOX)
