"""Retries with growing delays."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from bot import trouble
from db.session import is_passing

T = TypeVar("T")

LONGEST_PAUSE = 30.0


def pause(attempt: int) -> float:
    """Return the seconds to wait after so many failures in a row: from a fifth of one to half a minute."""
    longest = min(LONGEST_PAUSE, 0.2 * 2.0 ** min(attempt - 1, 10))
    return random.uniform(longest / 2, longest)


def is_passing_database(error: BaseException) -> bool:
    """Return whether the database was briefly unavailable.

    Conflicts that `Database.write` gave up on do not count: waiting would block the chat for ever.
    """
    return is_passing(error) and not isinstance(error, IntegrityError)


def brief(error: BaseException) -> str:
    """Return the error's first line: SQLAlchemy adds the statement and a link."""
    return (str(error) or type(error).__name__).splitlines()[0]


async def insist(
    call: Callable[[], Awaitable[T]],
    wait: Callable[[int], float] = pause,
    meanwhile: Callable[[], Awaitable[None]] | None = None,
) -> T:
    """Call until the database is available; do something at each failure. Raises other errors."""
    attempt = 0
    while True:
        try:
            found = await call()
            trouble.DATABASE.fine()
            return found
        except Exception as error:
            if not is_passing_database(error):
                raise
            attempt += 1
            trouble.DATABASE.met(brief(error))
        if meanwhile is not None:
            await meanwhile()
        await asyncio.sleep(wait(attempt))


async def rest(until: asyncio.Event, seconds: float) -> None:
    """Wait so many seconds, or until the event is set."""
    # Not `wait_for`: Python 3.11's swallows a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await until.wait()
