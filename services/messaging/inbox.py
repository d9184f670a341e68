"""What came in from Telegram: stored before it is confirmed, as it came, and done once."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from db.models import InboxUpdate
from db.states import InboxStatus
from services.core.text import clean, cleaned
from services.core.tx import Tx

MOST_ATTEMPTS = 5
"""After so many failures of our own an update is set aside."""


class Arrival(NamedTuple):
    """An update as Telegram sent it: `payload` is its JSON, in ASCII, whatever it holds.

    `chat_key` names the line it waits in: the chat's id, or the user's.
    """

    update_id: int
    chat_key: int
    payload: str


def parsed(payload: str) -> dict[str, Any]:
    """Return what an update holds, with texts that every database takes.

    Raises ValueError for what is no JSON object or has a number that no database takes, and RecursionError.
    """
    found = json.loads(payload, parse_int=_number, parse_constant=_no_number)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return dict(cleaned(found))


def content(payload: str) -> dict[str, Any]:
    """Return what an update holds as far as it can be read: nothing of what is no JSON object."""
    try:
        found = json.loads(payload, parse_int=_any_number)
        return dict(cleaned(found)) if isinstance(found, dict) else {}
    except (ValueError, RecursionError):
        return {}


def _number(digits: str) -> int:
    number = _any_number(digits)
    if number is None or not -(2**63) <= number < 2**63:
        raise ValueError("a number beyond 64 bits")
    return number


def _any_number(digits: str) -> int | None:
    """Python reads no number of more than some thousand digits."""
    return int(digits) if len(digits) < 1000 else None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def store(tx: Tx, updates: Sequence[Arrival]) -> list[tuple[int, int]]:
    """Keep new updates in the order given; returns inbox id and chat key of those not known already."""
    known = set(
        tx.session.scalars(
            select(InboxUpdate.update_id).where(InboxUpdate.update_id.in_([u.update_id for u in updates]))
        )
    )
    rows = []
    for arrival in updates:
        if arrival.update_id not in known:
            known.add(arrival.update_id)
            rows.append(InboxUpdate(**arrival._asdict(), received_at=tx.now))
            tx.session.add(rows[-1])
    tx.session.flush()
    return [(row.id, row.chat_key) for row in rows]


def waiting(session: Session) -> list[tuple[int, int]]:
    """Inbox id and chat key of everything that is still to be handled, in order of arrival."""
    rows = session.execute(
        select(InboxUpdate.id, InboxUpdate.chat_key)
        .where(InboxUpdate.status == InboxStatus.WAITING)
        .order_by(InboxUpdate.id)
    )
    return [(row.id, row.chat_key) for row in rows]


def load(session: Session, inbox_id: int) -> str | None:
    """The update's payload, or None when it does not wait any more."""
    return session.scalar(
        select(InboxUpdate.payload).where(
            InboxUpdate.id == inbox_id, InboxUpdate.status == InboxStatus.WAITING
        )
    )


def finish(tx: Tx, inbox_id: int) -> bool:
    """Mark the update done; False when it was before: then nothing may take effect again."""
    done = tx.session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.id == inbox_id, InboxUpdate.status == InboxStatus.WAITING)
        .values(status=InboxStatus.DONE, done_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", done).rowcount == 1


def failed(tx: Tx, inbox_id: int, error: str, *, for_good: bool = False) -> InboxUpdate | None:
    """Count a failure; return the update when that was the last one, or `for_good`: it is set aside now."""
    row = tx.session.get_one(InboxUpdate, inbox_id, with_for_update=True)
    if row.status is not InboxStatus.WAITING:
        return None
    row.attempts += 1
    row.error = clean(error)
    if row.attempts < MOST_ATTEMPTS and not for_good:
        return None
    row.status = InboxStatus.SET_ASIDE
    row.done_at = tx.now
    return row
