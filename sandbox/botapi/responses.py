"""The sandbox's answers over HTTP."""

import json
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send


class Verbatim(str):
    """JSON that is written as it is, however wrong it may be."""

    __slots__ = ()


class PlainJSON(JSONResponse):
    """JSON in ASCII, as Telegram writes it: half an emoji that somebody sent cannot break it."""

    def render(self, content: Any) -> bytes:
        """The content as bytes."""
        return _plain(content)


class Elements(PlainJSON):
    """The answer whose result is a list, with what is verbatim in it."""

    def render(self, content: Any) -> bytes:
        """The list's answer as bytes."""
        written = [
            one.encode("utf-8", "surrogatepass") if isinstance(one, Verbatim) else _plain(one)
            for one in content
        ]
        return b'{"ok":true,"result":[' + b",".join(written) + b"]}"


def _plain(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode("ascii")


class Dropped(Response):
    """An answer that never comes whole: the client sees the connection break."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
