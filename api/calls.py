"""One call of an endpoint: its caller, its right, and the one transaction in which it is answered."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.models import HTTPBase
from fastapi.security.base import SecurityBase
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import conditional
from api.identity import auth
from api.identity.auth import Credentials
from api.identity.logins import Logins
from api.problems import ProblemError, invalid
from api.settings import ApiSettings
from db.models import ApiRequest
from db.session import Database, is_passing
from services.access import answered, rights, tokens
from services.access.answered import Answer
from services.access.rights import Right
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import directory

T = TypeVar("T")
R = TypeVar("R")

WRITING = 3
"""The number of calls that write at once.

SQLite has one writer: the bot's own writes wait behind no more than these.
"""

_KEY = re.compile(r"[\x21-\x7e]{1,100}")


@dataclass(frozen=True)
class Api:
    """The parts of the program that endpoints use."""

    database: Database
    now: Callable[[], datetime]
    settings: ApiSettings
    logins: Logins
    importing: asyncio.Lock = field(default_factory=asyncio.Lock)
    turns: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(WRITING))

    def write(self, work: Callable[[Session], T]) -> T:
        """Run a transaction that changes something, when it is its turn."""
        with self.turns:
            return self.database.write_now(work)


def api_of(request: Request) -> Api:
    api: Api = request.app.state.api
    return api


@dataclass
class Call:
    """One request by somebody known; `read` or `write` answers it."""

    api: Api
    request: Request
    credentials: Credentials
    right: Right
    if_match: str | None
    key: str | None
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def tx(self, session: Session) -> Tx:
        """Return the transaction with its caller, if they have the right. Raises as `admitted` does."""
        return admitted(session, self.api.now(), self.credentials, self.right)

    def read(self, work: Callable[[Tx], T]) -> T:
        """Answer with what `work` returns, in a transaction that changes nothing."""
        return cast("T", self._response(self.look(work)))

    def look(self, work: Callable[[Tx], T]) -> T:
        """Return what `work` returns, in a transaction that changes nothing."""

        def run(session: Session) -> tuple[T, bool]:
            self.headers.clear()
            tx = self.tx(session)
            return work(tx), tokens.needs_note(tx, tx.actor)

        with _trying():
            model, is_stale = self.api.database.read_now(run)
            if is_stale:
                self.api.database.write_now(self._note_use, quietly=True)
        return model

    def act(self, work: Callable[[Tx], T]) -> T:
        """Return what `work` returns, once it is committed: for answers that are no JSON."""
        with _trying():
            return self.api.write(lambda session: work(self.tx(session)))

    def _note_use(self, session: Session) -> None:
        tx = Tx(session, self.api.now())
        tokens.note_use(tx, self.credentials.actor(tx))

    def write(self, work: Callable[[Tx], T], *, once: str | None = None) -> T:
        """Answer with what `work` returns, once it is committed. `once`: a field that is never kept.

        With an Idempotency-Key the answer is kept in the same transaction, and given again to the same
        request. Transactions that meet each other are run again, so `work` does nothing else.
        """

        def run(session: Session) -> Response:
            self.headers.clear()
            tx = self.tx(session)
            tokens.note_use(tx, tx.actor)
            known = self._known(tx)
            if isinstance(known, Answer):
                headers = {**known.headers, "Idempotency-Replayed": "true"}
                return Response(known.body or None, known.status, headers, media_type=_media_type(known.body))
            model = work(tx)
            response = self._response(model)
            if known is not None:
                kept = (
                    model.model_copy(update={once: None}) if once and isinstance(model, BaseModel) else None
                )
                body = kept.model_dump_json() if kept is not None else bytes(response.body).decode()
                answered.finish(known, Answer(response.status_code, dict(self.headers), body))
            return response

        with _trying():
            return cast("T", self.api.write(run))

    def _known(self, tx: Tx) -> ApiRequest | Answer | None:
        if self.key is None:
            return None
        url = self.request.url
        of = answered.fingerprint(self.request.method, f"{url.path}?{url.query}", self.body)
        return answered.begin(tx, self.key, of)

    def _response(self, model: Any) -> Response:
        route = self.request.scope["route"]
        status: int = route.status_code or 200
        if isinstance(model, Response):
            model.headers.update(self.headers)
            return model
        if model is None:
            return Response(None, 204 if route.status_code is None else status, self.headers)
        assert isinstance(model, BaseModel)
        etag = self.headers.get("ETag")
        if (
            etag is not None
            and self.request.method == "GET"
            and etag == self.request.headers.get("if-none-match")
        ):
            return Response(None, 304, self.headers)
        body = model.model_dump_json()
        return Response(body, status, self.headers, media_type="application/json")

    def read_row(self, find: Callable[[Tx], R], show: Callable[[Tx, R], T]) -> T:
        """Answer with a row, and its version."""

        def run(tx: Tx) -> T:
            row = find(tx)
            self.tag(row)
            return show(tx, row)

        return self.read(run)

    def change_row(
        self, find: Callable[[Tx], R], change: Callable[[Tx, R], object], show: Callable[[Tx, R], T]
    ) -> T:
        """Change a row in the version that the caller has read; answer with it, and its new version."""

        def run(tx: Tx) -> T:
            row = find(tx)
            self.require_unchanged(row)
            change(tx, row)
            tx.session.flush()
            self.tag(row)
            return show(tx, row)

        return self.write(run)

    def tag(self, row: Any) -> None:
        """Let the answer say which version of this row it tells."""
        self.headers["ETag"] = conditional.tag(row)

    def require_unchanged(self, row: Any) -> None:
        """Raise a problem (412) where the row is not in the version that `If-Match` names."""
        conditional.require(self.if_match, row)

    def created(self, path: str) -> None:
        """Let the answer say where the new thing is."""
        self.headers["Location"] = f"{self.request.scope.get('root_path', '')}/{path}"


def admitted(session: Session, now: datetime, credentials: Credentials, right: Right) -> Tx:
    """Return a transaction with this caller, if they have the right.

    Where the rental or the organization's rules decide, its service does. Raises a problem (401),
    NOT_ALLOWED, SUSPENDED, MEMBERSHIP_ENDED, CLOSED.
    """
    tx = Tx(session, now)
    tx = tx.by(credentials.actor(tx))
    if not right.former:
        tx.actor.require_active()
    if right.role is not None and not (right.own or right.by_policy):
        tx.actor.require(right.role)
    return tx


def require_whole(tx: Tx) -> None:
    """Raise NOT_ALLOWED for a token that is limited below its member's role."""
    role = directory.user(tx.session, tx.actor.user_id).role
    if not tx.actor.role.covers(role):
        raise Refusal(Refused.NOT_ALLOWED, needed=role)


@contextmanager
def _trying() -> Iterator[None]:
    """Turn a database that is briefly unavailable, or too busy, into a problem (503)."""
    try:
        yield
    except Exception as error:
        if not is_passing(error):
            raise
        raise ProblemError(
            503, "unavailable", "Try again in a moment.", headers={"Retry-After": "2"}
        ) from error


def _media_type(body: str) -> str | None:
    return "application/json" if body else None


class _Scheme(SecurityBase):
    """A way to sign in, for the document; api/identity/auth.py reads the header."""

    def __init__(self, scheme: str, description: str) -> None:
        self.model = HTTPBase(scheme=scheme, description=description)
        self.scheme_name = scheme.capitalize()

    async def __call__(self) -> None:
        return None


_bearer = _Scheme("bearer", "A token from /token in the chat, or from /login.")
_basic = _Scheme("basic", "A name and password; or any name, and a token as the password.")

Match = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=1000,
        description="The `ETag` that was read: with another version by now the answer is 412.",
    ),
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=100,
        description="Any text of your own: the same request with the same key acts once, for two days.",
    ),
]


class Reads:
    """The dependency of an endpoint that reads; it declares who may.

    `most_bytes`: of a body, where it may be larger than others.
    """

    most_bytes: int | None = None

    def __init__(self, right: Right) -> None:
        self.right = right

    async def admit(self, request: Request) -> None:
        """Note who calls, if they may: before anything else of the request is looked at. Raises as
        `auth.credentials` and `admitted` do.
        """
        api = api_of(request)
        known = await auth.credentials(request, api.logins)
        with _trying():
            # In the threads of requests: those of the bot's own work stay free.
            await run_in_threadpool(
                api.database.read_now, lambda session: admitted(session, api.now(), known, self.right)
            )
        request.state.credentials = known

    async def __call__(
        self,
        request: Request,
        _by_token: Annotated[None, Depends(_bearer)],
        _by_password: Annotated[None, Depends(_basic)],
    ) -> Call:
        return await _call(request, self.right)


class Writes(Reads):
    """The dependency of an endpoint that changes something."""

    async def __call__(
        self,
        request: Request,
        _by_token: Annotated[None, Depends(_bearer)],
        _by_password: Annotated[None, Depends(_basic)],
        key: Key = None,
    ) -> Call:
        return await _call(request, self.right, key=key)


class Changes(Reads):
    """The dependency of an endpoint that changes something that has versions."""

    async def __call__(
        self,
        request: Request,
        _by_token: Annotated[None, Depends(_bearer)],
        _by_password: Annotated[None, Depends(_basic)],
        if_match: Match = None,
        key: Key = None,
    ) -> Call:
        return await _call(request, self.right, if_match=if_match, key=key)


class Uploads(Reads):
    """The dependency of an endpoint that takes a file, of at most so many bytes."""

    def __init__(self, right: Right, most_bytes: int) -> None:
        super().__init__(right)
        self.most_bytes = most_bytes

    async def __call__(
        self,
        request: Request,
        _by_token: Annotated[None, Depends(_bearer)],
        _by_password: Annotated[None, Depends(_basic)],
        if_match: Match = None,
    ) -> Call:
        return await _call(request, self.right, if_match=if_match)


async def _call(
    request: Request, right: Right, *, if_match: str | None = None, key: str | None = None
) -> Call:
    if key is not None and not _KEY.fullmatch(key):
        raise invalid(["header", "Idempotency-Key"], "Between 1 and 100 visible characters.")
    known: Credentials = request.state.credentials
    return Call(api_of(request), request, known, right, if_match, key, request.state.body)


def words(right: Right) -> str:
    """Return who may call an endpoint, in words, for its documentation."""
    said = rights.in_words(right)
    return f"{said}, or whom the organization's rules name" if right.by_policy else said


__all__ = [
    "Api",
    "Call",
    "Changes",
    "ProblemError",
    "Reads",
    "Uploads",
    "Writes",
    "api_of",
    "require_whole",
    "words",
]
