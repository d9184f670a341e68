"""Rate limiting below Telegram's limits: about 30 messages a second in total, one a second per chat, 20 a
minute per group. Replies go first; notices take what is left.

Times are the event loop's monotonic clock, since the limits apply in real time.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot import telegram_errors
from db.states import Lane

JSON = dict[str, Any]

BURST, PER_SECOND = 4, 25
"""The total limit. A leaky bucket lets its burst through and then its rate: 29 in the worst second."""

NOTICES_PER_SECOND = 20
"""Below the total rate: while thousands of notices are sent, a reply need not wait."""

CHAT = (4, 4.0)
"""Messages and seconds of a chat's window: one a second, with a small burst after a pause."""

GROUP = (20, 61.0)
"""Messages, including edits, and seconds of a group's window; the 61st second allows for transit."""

LONGEST_WAIT = {Lane.REPLY: 20.0, Lane.NOTICE: 1.0}
"""The longest wait for a chat, in seconds; a longer one raises RetryAfter, so that other work goes on."""

_TIDY_AT = 1_000


class Paced(RetryAfter):
    """A call that was not made, since it would have gone beyond the limits: no trouble with Telegram."""


class Window:
    """A sliding window: at most `count` starts in any `seconds`, with the next wait known in advance."""

    def __init__(self, count: int, seconds: float) -> None:
        self._starts: deque[float] = deque(maxlen=count)
        self._count, self._seconds = count, seconds

    def wait(self, now: float) -> float:
        """Return the seconds that another start has to wait; 0 or less if none."""
        return self._starts[0] + self._seconds - now if len(self._starts) == self._count else 0.0

    def book(self, at: float) -> None:
        """Record a start at this time."""
        self._starts.append(at)

    def is_idle(self, now: float) -> bool:
        return not self._starts or self._starts[-1] + self._seconds < now


class TwoLanes(BaseRateLimiter[dict[str, Lane]]):
    """The limiter of one bot. `rate_limit_args={"lane": Lane.NOTICE}` names the lane; REPLY by default."""

    def __init__(self) -> None:
        self._over_all = AsyncLimiter(BURST, BURST / PER_SECOND)
        self._windows: dict[tuple[str, bool], Window] = {}
        self._replies_waiting = 0
        self._no_reply_waits = asyncio.Event()
        self._no_reply_waits.set()
        self._notice_turn = asyncio.Lock()
        self._notices = AsyncLimiter(1, 1 / NOTICES_PER_SECOND)
        self._quiet_until: dict[str | None, float] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | JSON | list[JSON]]],
        args: Any,
        kwargs: JSON,
        endpoint: str,
        data: JSON,
        rate_limit_args: dict[str, Lane] | None,
    ) -> bool | JSON | list[JSON]:
        """Call Telegram within its limits. Raises RetryAfter beyond LONGEST_WAIT."""
        chat = str(data.get("chat_id", ""))
        if not chat or not _counts(endpoint):
            return await callback(*args, **kwargs)
        lane = (rate_limit_args or {}).get("lane", Lane.REPLY)
        await self._wait_for_chat(chat, lane, is_edit=endpoint.startswith("edit"))
        await self._wait_for_turn(lane)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            self._keep_quiet(chat, telegram_errors.seconds(error).total_seconds())
            raise

    async def _wait_for_chat(self, chat: str, lane: Lane, *, is_edit: bool) -> None:
        now = asyncio.get_running_loop().time()
        windows = self._windows_of(chat, is_edit, now)
        quiet = [self._quiet_until.get(who, now) - now for who in (chat, None)]
        wait = max([0.0, *quiet, *(window.wait(now) for window in windows)])
        if wait > LONGEST_WAIT[lane]:
            raise Paced(timedelta(seconds=wait))
        for window in windows:
            window.book(now + wait)
        if wait > 0:
            await asyncio.sleep(wait)

    def _windows_of(self, chat: str, is_edit: bool, now: float) -> list[Window]:
        if len(self._windows) > _TIDY_AT:
            self._windows = {key: one for key, one in self._windows.items() if not one.is_idle(now)}
        windows = []
        if not is_edit:
            windows.append(self._windows.setdefault((chat, False), Window(*CHAT)))
        if chat.startswith(("-", "@")):
            windows.append(self._windows.setdefault((chat, True), Window(*GROUP)))
        return windows

    async def _wait_for_turn(self, lane: Lane) -> None:
        """Wait for the total limit. At most one notice waits there, and only while no reply does."""
        if lane is Lane.REPLY:
            self._replies_waiting += 1
            self._no_reply_waits.clear()
            try:
                await self._over_all.acquire()
            finally:
                self._replies_waiting -= 1
                if not self._replies_waiting:
                    self._no_reply_waits.set()
        else:
            async with self._notice_turn:
                await self._notices.acquire()
                await self._no_reply_waits.wait()
                await self._over_all.acquire()

    def _keep_quiet(self, chat: str, seconds: float) -> None:
        """Pause a chat, or all chats: Telegram does not say which it means, so two at once mean all."""
        now = asyncio.get_running_loop().time()
        self._quiet_until = {who: until for who, until in self._quiet_until.items() if until > now}
        over_all = any(who not in (chat, None) for who in self._quiet_until)
        self._quiet_until[chat] = now + seconds
        if over_all:
            self._quiet_until[None] = now + seconds


def _counts(endpoint: str) -> bool:
    """Return whether Telegram counts a call as a message: sent, edited, copied or forwarded."""
    return endpoint.startswith(("send", "edit", "copy", "forward")) and endpoint != "sendChatAction"


class Unpaced(BaseRateLimiter[dict[str, Lane]]):
    """No limits: for a simulated Telegram whose clock is moved by weeks in seconds."""

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | JSON | list[JSON]]],
        args: Any,
        kwargs: JSON,
        endpoint: str,
        data: JSON,
        rate_limit_args: dict[str, Lane] | None,
    ) -> bool | JSON | list[JSON]:
        """Call Telegram at once."""
        return await callback(*args, **kwargs)
