"""Faults on demand: what a test or the demo wants to go wrong, by method, chat and count."""

import asyncio
from dataclasses import dataclass, field

WORDS = {
    400: "Bad Request",
    403: "Forbidden",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass
class Fault:
    """One thing to go wrong `count` times.

    `code` is answered, after `delay` real seconds. Without a code the connection is dropped; with a delay or
    `hold` alone, the request is only slow. With `after_effect` the method does its work before all that.
    `body`: what is answered with the code instead of Telegram's own words, as a gateway would.
    """

    method: str
    code: int | None = None
    count: int = 1
    chat_id: int | None = None
    after_effect: bool = False
    delay: float = 0.0
    hold: bool = False
    retry_after: int = 1
    description: str | None = None
    body: str | None = None
    _met: asyncio.Event = field(default_factory=asyncio.Event)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def drops(self) -> bool:
        """Tell if the connection ends without an answer."""
        return (
            self.code is None and self.body is None and (self.after_effect or not (self.delay or self.hold))
        )

    def answer(self) -> dict[str, object]:
        """The error as the Bot API would write it."""
        if self.code == 429:
            return {
                "ok": False,
                "error_code": 429,
                "description": f"Too Many Requests: retry after {self.retry_after}",
                "parameters": {"retry_after": self.retry_after},
            }
        words = self.description or WORDS.get(self.code or 500, "Error")
        return {"ok": False, "error_code": self.code, "description": words}

    async def met(self) -> None:
        """Wait until a call met this fault; one with `after_effect` has done its work by then."""
        await self._met.wait()

    def release(self) -> None:
        """Let the calls go on that `hold` keeps waiting."""
        self._released.set()

    async def wait(self) -> None:
        """Hold up a call that met this fault."""
        self._met.set()
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.hold:
            await self._released.wait()


class Faults:
    """The faults still to come, first added first."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def add(
        self,
        method: str,
        code: int | None = None,
        count: int = 1,
        chat_id: int | None = None,
        after_effect: bool = False,
        delay: float = 0.0,
        hold: bool = False,
        retry_after: int = 1,
        description: str | None = None,
        body: str | None = None,
    ) -> Fault:
        """Let the next `count` calls of a method ("*" for any) fail, in one chat or in all."""
        fault = Fault(method, code, count, chat_id, after_effect, delay, hold, retry_after, description, body)
        self._coming.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything work again, also the calls that are held."""
        for fault in self._coming:
            fault.release()
        self._coming.clear()

    def take(self, method: str, chat_id: str) -> Fault | None:
        """The fault that meets this call, if any; it is used up by one."""
        for fault in self._coming:
            if fault.count < 1 or fault.method.lower() not in ("*", method.lower()):
                continue
            if fault.chat_id is None or str(fault.chat_id) == chat_id:
                fault.count -= 1
                return fault
        return None
