"""A way to wait, without polling, until something changed."""

import asyncio


class Changes:
    """Wakes everybody who waits, each time `notify` is called."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def notify(self) -> None:
        """Wake all who wait now."""
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Wait for the next change; False if none came in that time."""
        event = self._next
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        return True
