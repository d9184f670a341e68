"""Waiting and trying again."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import structlog
from sqlalchemy.exc import IntegrityError

from db.session import is_passing

T = TypeVar("T")

LONGEST_PAUSE = 30.0

log = structlog.get_logger(__name__)


def pause(attempt: int) -> float:
    """Seconds to wait after so many failures in a row: at first a fifth of one, at most half a minute."""
    longest = min(LONGEST_PAUSE, 0.2 * 2.0 ** min(attempt - 1, 10))
    return random.uniform(longest / 2, longest)


def is_passing_database(error: BaseException) -> bool:
    """Whether the database was in trouble for a moment.

    What `Database.write` gave up after trying again is not passing: waiting would hold up the chat for ever.
    """
    return is_passing(error) and not isinstance(error, IntegrityError)


def brief(error: BaseException) -> str:
    """The error's first line: SQLAlchemy goes on with the statement and a link."""
    return (str(error) or type(error).__name__).splitlines()[0]


async def insist(call: Callable[[], Awaitable[T]], wait: Callable[[int], float] = pause) -> T:
    """Call until the database is there. Other errors are raised."""
    attempt = 0
    while True:
        try:
            return await call()
        except Exception as error:
            if not is_passing_database(error):
                raise
            attempt += 1
            log.warning("the database is in trouble; trying again", error=brief(error), attempt=attempt)
        await asyncio.sleep(wait(attempt))


async def rest(until: asyncio.Event, seconds: float) -> None:
    """Wait for so long, or until the event."""
    # Not `wait_for`: Python 3.11's swallows a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await until.wait()
