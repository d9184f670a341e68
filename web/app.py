"""The web application, assembled of the parts that are on."""

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db import correlation
from web.bodies import TooLarge, read

WEBHOOK = "/telegram/webhook"
SECRET = "x-telegram-bot-api-secret-token"

LARGEST_UPDATE = 1_000_000
"""Bytes of an update: Telegram's own have some tens of thousands at most."""

_AGAIN_SECONDS = 3600
"""The pause after which a calendar that cannot be given is to be asked for again."""

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

log = structlog.get_logger(__name__)


class Receiver(Protocol):
    """The receiver of what Telegram delivers."""

    def knows(self, secret: str) -> bool:
        """Return whether this is the secret that Telegram was given."""

    async def take(self, body: bytes) -> bool:
        """Store an update; return False where it has to be delivered again."""


class Unavailable(Exception):
    """Raised where the thing asked for exists, and cannot be given now."""


Observe = Callable[[str, str, int, float], None]
"""Notes a request: the part it was for, its method, the status of the answer, and the seconds it took."""


@dataclass(frozen=True)
class Parts:
    """The parts of the application; None: switched off.

    `ready` returns whether all is well, and what is how; `calendar` returns the calendar behind a secret, or
    raises Unavailable.
    """

    telegram: Receiver | None = None
    ready: Callable[[], Awaitable[tuple[bool, Mapping[str, Any]]]] | None = None
    metrics: Callable[[], Awaitable[bytes]] | None = None
    calendar: Callable[[str], Awaitable[bytes | None]] | None = None
    api: ASGIApp | None = None
    observe: Observe | None = None


def create_app(parts: Parts) -> ASGIApp:
    """Return the application of these parts; what is off is not found."""
    routes: list[BaseRoute] = []
    if parts.telegram is not None:
        routes.append(Route(WEBHOOK, _webhook(parts.telegram), methods=["POST"]))
    if parts.ready is not None:
        routes += [Route("/health/live", _live), Route("/health/ready", _ready(parts.ready))]
    if parts.metrics is not None:
        routes.append(Route("/metrics", _metrics(parts.metrics)))
    if parts.calendar is not None:
        routes.append(Route("/calendar/{secret:str}.ics", _calendar(parts.calendar)))
    if parts.api is not None:
        routes += [Route("/api", _to_api), Mount("/api", parts.api)]
    return Attended(Starlette(routes=routes, exception_handlers={Exception: _broken}), parts.observe)


async def _to_api(request: Request) -> Response:
    return RedirectResponse("/api/docs")


class Attended:
    """Gives each request its correlation id, tells it in the answer, and notes how it went."""

    def __init__(self, app: ASGIApp, observe: Observe | None) -> None:
        self._app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, began, status = f"r{secrets.token_hex(8)}", time.perf_counter(), 500
        correlation.begin(name)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", name.encode())]}
            await send(message)

        part = _part(scope["path"])
        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            log.debug("whoever asked has gone", part=part)
        except Exception:  # the boundary of all that is served; the answer was given where it happened
            log.exception("a request was not handled", part=part)
        finally:
            seconds = time.perf_counter() - began
            log.debug("answered", part=part, method=scope["method"], status=status, seconds=round(seconds, 4))
            if self._observe is not None:
                self._observe(part, scope["method"], status, seconds)


PARTS = ("api", "calendar", "health", "metrics", "telegram")


def _part(path: str) -> str:
    """Return which part a path is of, and no more of it: an address of a calendar is a secret."""
    first = path.split("/")[1] if path.startswith("/") else ""
    return first if first in PARTS else "other"


async def _broken(request: Request, error: Exception) -> Response:
    return JSONResponse({"title": "Internal Server Error", "status": 500}, 500)


def _webhook(receiver: Receiver) -> Callable[[Request], Awaitable[Response]]:
    async def receive(request: Request) -> Response:
        if not receiver.knows(request.headers.get(SECRET, "")):
            log.warning("somebody else than Telegram called the webhook")
            return Response(status_code=403)
        try:
            body = await read(request, LARGEST_UPDATE)
        except TooLarge:
            log.error("an update was too large", most=LARGEST_UPDATE)
            return Response(status_code=413)
        return Response(status_code=200 if await receiver.take(body) else 503)

    return receive


async def _live(request: Request) -> Response:
    return PlainTextResponse("ok")


def _ready(
    ready: Callable[[], Awaitable[tuple[bool, Mapping[str, Any]]]],
) -> Callable[[Request], Awaitable[Response]]:
    async def tell(request: Request) -> Response:
        is_ready, checks = await ready()
        return JSONResponse({"ready": is_ready, "checks": checks}, 200 if is_ready else 503)

    return tell


def _metrics(collect: Callable[[], Awaitable[bytes]]) -> Callable[[Request], Awaitable[Response]]:
    async def tell(request: Request) -> Response:
        return Response(await collect(), headers={"content-type": METRICS_TYPE})

    return tell


def _calendar(find: Callable[[str], Awaitable[bytes | None]]) -> Callable[[Request], Awaitable[Response]]:
    async def give(request: Request) -> Response:
        try:
            found = await find(request.path_params["secret"])
        except Unavailable:
            # Not 404, which ends a subscription for good.
            return Response(status_code=503, headers={"retry-after": str(_AGAIN_SECONDS)})
        if found is None:
            return Response(status_code=404)
        return Response(found, media_type="text/calendar", headers={"cache-control": "private, max-age=300"})

    return give
