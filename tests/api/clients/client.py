"""Programs that call the API: over ASGI, in the thread of the test, with a token each."""

import json
from collections.abc import Callable, Mapping
from dataclasses import InitVar, dataclass
from datetime import datetime
from typing import Any

import httpx
from fastapi import FastAPI

from api.app import create_app
from api.calls import Api
from api.identity.logins import Logins
from api.settings import ApiSettings
from db.session import Database
from services.access import tokens
from services.core.actor import Actor
from services.core.tx import Tx

BOT = "equiplib_bot"

_UNLIMITED = ApiSettings(rate_per_minute=0, bot_username=BOT)
_prepared: list[FastAPI] = []


def unlimited(database: Database, now: Callable[[], datetime]) -> FastAPI:
    """Return the API over this database, without a limit of requests.

    It is one application for test after test: to prepare all routes takes longer than most tests.
    """
    if not _prepared:
        _prepared.append(create_app(database, now, _UNLIMITED))
    app = _prepared[0]
    app.state.api = Api(database, now, _UNLIMITED, Logins(database, now))
    return app


class Clock:
    """The program's clock, moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Upload:
    """A file that is sent as a form has it."""

    name: str
    content: bytes


@dataclass
class Program:
    """A caller: its `token` is sent with each request, where there is one."""

    app: FastAPI
    token: str | None = None
    address: str = "127.0.0.1"

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        sent = dict(headers or {})
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if isinstance(body, Upload):
            more["files"] = {body.name: ("file", body.content)}
        elif body is not None:
            more["content"] = body if isinstance(body, bytes) else json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(self.address, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.request(method, path, headers=sent, **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.send("GET", path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.send("POST", path, {} if body is None else body, **more)

    async def patch(self, path: str, body: Any, **more: Any) -> httpx.Response:
        return await self.send("PATCH", path, body, **more)


@dataclass
class Server:
    """The API over a database."""

    database: Database
    clock: Clock
    settings: InitVar[ApiSettings | None] = None

    def __post_init__(self, settings: ApiSettings | None) -> None:
        if settings is None:
            self.app = unlimited(self.database, self.clock)
        else:
            self.app = create_app(self.database, self.clock, settings)

    def of(self, actor: Actor, **given: Any) -> Program:
        """Return a program of this person, with a token that was made for it."""
        made = self.does(lambda tx: tokens.make(tx, name="Kiosk", **given), actor)
        return Program(self.app, made.secret)

    def nobody(self) -> Program:
        return Program(self.app)

    def does(self, work: Callable[[Tx], Any], actor: Actor | None = None) -> Any:
        """Do something in a transaction of its own, as in the chat."""
        return self.database.write_now(lambda session: work(Tx(session, self.clock.now, actor)))
