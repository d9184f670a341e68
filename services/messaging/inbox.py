"""What came in from Telegram: stored before it is confirmed, done once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from db.models import InboxUpdate
from db.states import InboxStatus

MOST_ATTEMPTS = 5
"""After so many failures of our own an update is set aside."""


class Arrival(NamedTuple):
    """An update as Telegram sent it. `chat_key` names the line it waits in: the chat's id, or the user's."""

    update_id: int
    chat_key: int
    payload: dict[str, Any]


def store(session: Session, now: datetime, updates: Sequence[Arrival]) -> list[tuple[int, int]]:
    """Keep new updates in the order given; returns inbox id and chat key of those not known already."""
    known = set(
        session.scalars(
            select(InboxUpdate.update_id).where(InboxUpdate.update_id.in_([u.update_id for u in updates]))
        )
    )
    rows = []
    for arrival in updates:
        if arrival.update_id not in known:
            known.add(arrival.update_id)
            rows.append(InboxUpdate(**arrival._asdict(), received_at=now))
            session.add(rows[-1])
    session.flush()
    return [(row.id, row.chat_key) for row in rows]


def waiting(session: Session) -> list[tuple[int, int]]:
    """Inbox id and chat key of everything that is still to be handled, in order of arrival."""
    rows = session.execute(
        select(InboxUpdate.id, InboxUpdate.chat_key)
        .where(InboxUpdate.status == InboxStatus.WAITING)
        .order_by(InboxUpdate.id)
    )
    return [(row.id, row.chat_key) for row in rows]


def load(session: Session, inbox_id: int) -> dict[str, Any] | None:
    """The update's payload, or None when it does not wait any more."""
    return session.scalar(
        select(InboxUpdate.payload).where(
            InboxUpdate.id == inbox_id, InboxUpdate.status == InboxStatus.WAITING
        )
    )


def finish(session: Session, inbox_id: int, now: datetime) -> bool:
    """Mark the update done; False when it was before: then nothing may take effect again."""
    done = session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.id == inbox_id, InboxUpdate.status == InboxStatus.WAITING)
        .values(status=InboxStatus.DONE, done_at=now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", done).rowcount == 1


def failed(session: Session, inbox_id: int, error: str, now: datetime) -> InboxUpdate | None:
    """Count a failure of our own; the update, when that was the last one and it is set aside now."""
    row = session.get_one(InboxUpdate, inbox_id, with_for_update=True)
    if row.status is not InboxStatus.WAITING:
        return None
    row.attempts += 1
    row.error = error
    if row.attempts < MOST_ATTEMPTS:
        return None
    row.status = InboxStatus.SET_ASIDE
    row.done_at = now
    return row
