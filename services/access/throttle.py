"""Logins are slowed after failures in a row: of one account, and from one address."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from db.models import LoginFailure
from services.core.errors import Refusal, Refused
from services.core.tx import Tx

FORGOTTEN_AFTER = timedelta(hours=24)
_LONGEST = timedelta(minutes=15)


@dataclass(frozen=True)
class Counted:
    """Something whose failures are counted, and how many of them cost no time."""

    subject: str
    free: int


def account(name: str) -> Counted:
    """Count by the name that is tried, whether there is such an account or not."""
    return Counted(_hash(f"account:{name.strip().casefold()}"), 5)


def address(host: str) -> Counted:
    return Counted(_hash(f"address:{host}"), 20)


def asking(name: str) -> Counted:
    """Count how often a new password is asked for."""
    return Counted(_hash(f"asking:{name.strip().casefold()}"), 3)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def begin(tx: Tx, counted: Sequence[Counted]) -> None:
    """Count an attempt as failed before it is made, so that many at once are as slow as one by one.

    Raises LOGIN_SLOWED with the seconds to wait; such attempts are not counted.
    """
    rows = []
    for one in sorted(counted, key=lambda one: one.subject):
        row = tx.session.scalar(select(LoginFailure).filter_by(subject=one.subject).with_for_update())
        if row is None:
            row = LoginFailure(subject=one.subject, failures=0, last_at=tx.now)
            tx.session.add(row)
            tx.session.flush()
        if row.last_at <= tx.now - FORGOTTEN_AFTER:
            row.failures = 0
        wait = _wait(row, one.free, tx.now)
        if wait > timedelta(0):
            raise Refusal(Refused.LOGIN_SLOWED, seconds=max(1, int(wait.total_seconds() + 0.999)))
        rows.append(row)
    for row in rows:
        row.failures, row.last_at = row.failures + 1, tx.now
    tx.session.flush()


def _wait(row: LoginFailure, free: int, now: datetime) -> timedelta:
    """Return how long to wait: a second after the first failure that is not free, then twice as long each."""
    beyond = row.failures - free
    if beyond < 0:
        return timedelta(0)
    pause = min(_LONGEST, timedelta(seconds=2 ** min(beyond, 12)))
    return row.last_at + pause - now


def succeeded(tx: Tx, of_account: Counted, of_address: Counted) -> None:
    """Forget the failures of an account, and take the attempt from those of the address."""
    tx.session.execute(delete(LoginFailure).where(LoginFailure.subject == of_account.subject))
    row = tx.session.get(LoginFailure, of_address.subject)
    if row is not None and row.failures > 0:
        row.failures -= 1
    tx.session.flush()


def tidy(tx: Tx) -> None:
    """Delete what is forgotten."""
    tx.session.execute(
        delete(LoginFailure)
        .where(LoginFailure.last_at < tx.now - FORGOTTEN_AFTER)
        .execution_options(synchronize_session=False)
    )
