"""Faults on demand: what a test or the demo wants to go wrong, by method, chat and count."""

from dataclasses import dataclass

WORDS = {
    400: "Bad Request",
    403: "Forbidden",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass
class Fault:
    """One thing to go wrong `count` times.

    `code` is answered, after `delay` real seconds. Without a code the connection is dropped, or, if there
    is a delay, the request is only slow. With `after_effect` the method does its work first.
    """

    method: str
    code: int | None = None
    count: int = 1
    chat_id: int | None = None
    after_effect: bool = False
    delay: float = 0.0
    retry_after: int = 1
    description: str | None = None

    @property
    def drops(self) -> bool:
        """Whether the connection ends without an answer."""
        return self.code is None and (self.after_effect or not self.delay)

    def answer(self) -> dict[str, object]:
        """The error as the Bot API would write it."""
        code = self.code or 500
        if code == 429:
            return {
                "ok": False,
                "error_code": 429,
                "description": f"Too Many Requests: retry after {self.retry_after}",
                "parameters": {"retry_after": self.retry_after},
            }
        return {"ok": False, "error_code": code, "description": self.description or WORDS.get(code, "Error")}


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
        retry_after: int = 1,
        description: str | None = None,
    ) -> Fault:
        """Let the next `count` calls of a method ("*" for any) fail, in one chat or in all."""
        fault = Fault(method, code, count, chat_id, after_effect, delay, retry_after, description)
        self._coming.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything work again."""
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
