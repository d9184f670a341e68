"""Endpoints: who calls is known before anything that was sent is read, or judged."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import limits
from api.calls import Reads, api_of
from api.problems import invalid

_ANYBODYS = 10_000
"""Bytes that are read of a request by somebody unknown."""
_LONGEST_NAME = 100


class Endpoint(APIRoute):
    """An endpoint with its guard in front: 401 and 403 come before the body is read, and before 422."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer, guard = super().get_route_handler(), guard_of(self)
        known = set(_parameters(self.dependant))
        takes_json = self.body_field is not None and not isinstance(self.body_field.field_info, Form)

        async def handle(request: Request) -> Response:
            if guard is not None:
                await guard.admit(request)
            _require_known(request, known)
            most = guard.most_bytes if guard is not None else _ANYBODYS
            most = most or api_of(request).settings.body_limit
            body = await limits.take(request, most, patient=guard is not None)
            if body and takes_json:
                _require_json(request)
            request.state.body = body
            return await answer(Request(request.scope, limits.given(body, request.receive)))

        return handle


def _parameters(dependant: Dependant) -> Iterator[str]:
    yield from (one.alias for one in dependant.query_params)
    for one in dependant.dependencies:
        yield from _parameters(one)


def _require_known(request: Request, names: set[str]) -> None:
    """Refuse a parameter that there is not: a misspelt filter would let everything through."""
    for name in request.query_params:
        if name not in names:
            raise invalid(["query", name[:_LONGEST_NAME]], "There is no such parameter.", "extra_forbidden")


def _require_json(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise invalid(
            ["header", "Content-Type"], "The body has to be JSON: send Content-Type: application/json."
        )


def router(prefix: str = "", *, tag: str) -> APIRouter:
    """Return a router whose routes are all endpoints with a guard in front."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=Endpoint)


def guard_of(route: APIRoute) -> Reads | None:
    """Return the dependency that says who may call this endpoint; None where anybody may."""
    return next((one for one in _calls(route.dependant) if isinstance(one, Reads)), None)


def _calls(dependant: Dependant) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


def file(*types: str) -> dict[int | str, dict[str, Any]]:
    """Return how the document describes an answer that is a file of one of these types."""
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in types}
    return {200: {"description": "The file.", "content": content}}


class Heads:
    """Answers HEAD like GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, headed)
