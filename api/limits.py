"""Limits of requests: rate, size, and text that no database takes."""

import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import InputError, ProblemError, answer
from api.settings import ApiSettings
from services.core.text import cleaned

_SUSPECT = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")
_DEEPEST = 50
_READ_AWAY = 20_000_000
"""The number of bytes beyond the limit that are read and thrown away: many clients hear no
answer before they have sent everything.
"""
_MOST_CALLERS = 20_000
_TOKENS_OF_AN_ADDRESS = 5
"""The number of callers behind one address who may be as busy as each of them may be."""


class Limits:
    """Refuses requests that come too fast, or ask for what is no text. Bodies are read by `take`, later."""

    def __init__(
        self, app: ASGIApp, settings: ApiSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app, self._settings = app, settings
        self._rate = Rate(settings.rate_per_minute, clock)
        self._of_addresses = Rate(settings.rate_per_minute * _TOKENS_OF_AN_ADDRESS, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._of_addresses.require(address_of(scope))
            self._rate.require(caller_of(scope))
            _require_plain(scope)
        except ProblemError as error:
            await answer(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def take(request: Request, most: int, *, patient: bool) -> bytes:
    """Return the body, of at most so many bytes. Raises a problem (413), and (422) for JSON that is none.

    `patient`: of one that is too large more is read, for who is known.
    """
    away = _READ_AWAY if patient else 0
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 18 or int(length) > most + away):
        raise _too_large(most)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size <= most:
            parts.append(part)
        elif size > most + away:
            break
    if size > most:
        raise _too_large(most)
    body = b"".join(parts)
    require_readable(request.headers.get("content-type", "application/json"), body)
    return body


def _too_large(limit: int) -> ProblemError:
    # What may be left of the body is not read: the connection is of no more use.
    return ProblemError(
        413, "too_large", f"A request has at most {limit} bytes.", headers={"Connection": "close"}
    )


def given(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """Return the body that was read, then what the server says."""
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def caller_of(scope: Scope) -> str:
    """Return by what requests are counted: the credentials, or the address."""
    return _header(scope, b"authorization") or address_of(scope)


def address_of(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _require_plain(scope: Scope) -> None:
    """Refuse the character that ends a text for PostgreSQL, and bytes that are no text."""
    if "\x00" in scope["path"] or "\ufffd" in scope["path"]:
        raise ProblemError(404, "not_found", "There is no such thing here.")
    query = scope.get("query_string", b"")
    if b"%00" in query or b"\x00" in query:
        raise _invalid(["query"], "A text has a character that no text has.")


def require_readable(kind: str, body: bytes) -> None:
    """Refuse JSON that is too deep, has halves of characters, or is none."""
    if not body or "json" not in kind:
        return
    try:
        value = json.loads(body)
        if _depth(value) > _DEEPEST:
            raise _invalid(["body"], "The JSON is too deep.")
        if (_SUSPECT.search(body) or b"\x00" in body) and cleaned(value) != value:
            raise _invalid(["body"], "A text has a character that no text has.")
    except (ValueError, RecursionError):
        raise _invalid(["body"], "The body is no JSON.") from None


def _depth(value: Any) -> int:
    """Return how deep lists and objects stand in each other, without recursion."""
    deepest, level = 0, [value]
    while level and deepest <= _DEEPEST:
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
        deepest += 1
    return deepest


def _invalid(loc: list[str | int], msg: str) -> ProblemError:
    return ProblemError(
        422,
        "invalid_input",
        "The input is not valid.",
        errors=[InputError(loc=loc, msg=msg, type="value_error")],
    )


class Rate:
    """Requests a minute, for each caller: a bucket that fills evenly, a tenth of a minute's worth at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._per_second = per_minute / 60
        self._most = max(10.0, per_minute / 10)
        self._clock = clock
        self._callers: dict[int, tuple[float, float]] = {}

    def require(self, caller: str) -> None:
        """Raise a problem (429) for more than that."""
        if not self._per_second:
            return
        key, now = hash(caller), self._clock()
        room, since = self._callers.pop(key, (self._most, now))
        room = min(self._most, room + (now - since) * self._per_second)
        if room < 1:
            self._callers[key] = room, now
            wait = max(1, int((1 - room) / self._per_second + 0.999))
            raise ProblemError(
                429, "too_many_requests", "Too many requests: wait.", headers={"Retry-After": str(wait)}
            )
        self._callers[key] = room - 1, now
        while len(self._callers) > _MOST_CALLERS:
            # The one that has been quiet for longest.
            del self._callers[next(iter(self._callers))]
