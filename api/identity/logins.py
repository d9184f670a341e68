"""Passwords, checked in threads of their own: a flood of them stalls nobody else."""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from api.problems import ProblemError, unauthorized
from db.session import Database
from services.access import passwords, throttle
from services.access.passwords import Candidate
from services.core.tx import Tx

log = structlog.get_logger()

T = TypeVar("T")

THREADS, MOST_WAITING = 2, 40
REMEMBERED, REMEMBERED_SECONDS = 1000, 300


class Logins:
    """Checks names and passwords. Right ones are remembered for some minutes, by a digest with a secret that
    ends with the process: a program that sends its password with each request is not slow each time.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._waiting = 0
        self._secret = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, tuple[float, Candidate]] = OrderedDict()

    async def in_pool(self, work: Callable[[], T]) -> T:
        """Hash or compare. Raises a problem (503) where too many wait."""
        if self._waiting >= MOST_WAITING:
            raise ProblemError(503, "unavailable", "Try again in a moment.", headers={"Retry-After": "2"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1

    async def check(
        self, name: str, password: str, host: str, organization_id: int | None = None
    ) -> Candidate:
        """Return whose name and password these are.

        Raises a problem (401) for an unknown name as for a wrong password, LOGIN_SLOWED, and a problem (409)
        where they are right in more than one organization.
        """
        digest = self._digest(name, password, organization_id)
        at, known = self._known.get(digest, (0.0, None))
        if known is not None and at > time.monotonic() - REMEMBERED_SECONDS:
            return known
        counted = throttle.account(name), throttle.address(host)
        look = partial(self._begin, counted=counted, name=name, organization_id=organization_id)
        found = await self._database.write(look, quietly=True)
        right = await self.in_pool(partial(_right_ones, found, password))
        if not right:
            log.info("refused", reason="wrong_password")
            raise unauthorized("This name and password are not right.")
        if len(right) > 1:
            raise ProblemError(
                409, "several_organizations", "Name the organization.", field="organization_id"
            )
        await self._database.write(
            lambda session: throttle.succeeded(Tx(session, self._now()), *counted), quietly=True
        )
        self._known[digest] = time.monotonic(), right[0]
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return right[0]

    def _begin(
        self,
        session: Session,
        *,
        counted: tuple[throttle.Counted, throttle.Counted],
        name: str,
        organization_id: int | None,
    ) -> list[Candidate]:
        tx = Tx(session, self._now())
        throttle.begin(tx, counted)
        return passwords.candidates(tx, name, organization_id)

    def _digest(self, name: str, password: str, organization_id: int | None) -> bytes:
        words = f"{name}\0{password}\0{organization_id}".encode("utf-8", "replace")
        return hmac.new(self._secret, words, hashlib.sha256).digest()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _right_ones(found: list[Candidate], password: str) -> list[Candidate]:
    """Compare with each; as long where there is none."""
    if not found:
        passwords.is_right(passwords.nobodys(), password)
    return [one for one in found if passwords.is_right(one.hash, password)]
