"""An event loop whose clock jumps: waiting takes no time, and everything comes at its exact moment."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Jumping(selectors.SelectSelector):
    """Instead of waiting for the next timer, moves the clock to it."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if timeout is None and not ready:
            raise RuntimeError("everything waits for something that will never come")
        # A microsecond goes by in any case, as in life: who rounds badly must not wait for ever.
        self.now += max(timeout or 0.0, 1e-6) if not ready else 1e-6
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run(main: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` on a clock that begins at 0 and never waits; without threads and network."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main)
