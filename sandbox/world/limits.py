"""Telegram's rate limits: what counts and which bursts pass is told in docs/sandbox.md."""

import math
import time
from collections import deque
from collections.abc import Callable

from sandbox.botapi.refusals import too_many_requests

ALL_PER_SECOND = 30
CHAT_BURST = 5
GROUP_PER_MINUTE = 20


class Limits:
    """Counts sends and edits on a monotonic clock (in seconds), since the demo's clock jumps."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.enabled = True
        self.monotonic = monotonic
        self._all: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._chats: dict[int, tuple[float, float]] = {}

    def spend(self, chat_id: int, *, group: bool, edit: bool = False) -> None:
        """Count one request, or raise 429 with the seconds to wait; what is refused does not count."""
        if not self.enabled:
            return
        now = self.monotonic()
        per_minute = self._groups.setdefault(chat_id, deque()) if group else deque[float]()
        wait = max(_wait(self._all, now, 1.0, ALL_PER_SECOND), _wait(per_minute, now, 60.0, GROUP_PER_MINUTE))
        # Edits wear on the group's minute and on the bot's second, not on the chat's one a second.
        left = CHAT_BURST if edit else self._left(chat_id, now)
        wait = max(wait, 1.0 - left)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._all.append(now)
        per_minute.append(now)
        if not edit:
            self._chats[chat_id] = (left - 1, now)

    def _left(self, chat_id: int, now: float) -> float:
        left, at = self._chats.get(chat_id, (float(CHAT_BURST), now))
        return min(float(CHAT_BURST), left + (now - at))


def _wait(times: deque[float], now: float, window: float, most: int) -> float:
    """Seconds until another one fits into the window; 0 or less if it does now."""
    while times and times[0] <= now - window:
        times.popleft()
    return times[-most] + window - now if len(times) >= most else 0.0
