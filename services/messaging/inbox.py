"""The inbox: updates from Telegram, stored verbatim before they are confirmed, and handled once."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from db.models import InboxUpdate
from db.states import InboxStatus
from services.core.text import clean, cleaned, without_secrets
from services.core.tx import Tx

_MOST_OF_ALBUM = 20
"""Updates before an album's picture among which its first is: it has ten, and others write meanwhile."""

MOST_ATTEMPTS = 5
"""Own failures after which an update is set aside."""


class Arrival(NamedTuple):
    """An update as Telegram sent it: `payload` is its JSON, in ASCII, valid or not.

    `chat_key` identifies its queue: the chat's id, or the user's.
    """

    update_id: int
    chat_key: int
    payload: str


def parsed(payload: str) -> dict[str, Any]:
    """Return an update's content, with texts that every database accepts.

    Raises ValueError where it is no JSON object or has a number that no database accepts, and RecursionError.
    """
    found = json.loads(payload, parse_int=_number, parse_constant=_no_number)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return _cleaned(payload, found)


def content(payload: str) -> dict[str, Any]:
    """Return an update's content as far as it can be read; empty where it is no JSON object."""
    try:
        found = json.loads(payload, parse_int=_any_number)
        return _cleaned(payload, found) if isinstance(found, dict) else {}
    except (ValueError, RecursionError):
        return {}


_MAY_BE_REFUSED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""The escapes that may stand for a character that no database takes."""


def _cleaned(payload: str, found: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a payload cleaned; in ASCII only an escape can stand for what has to be."""
    needs_it = not payload.isascii() or _MAY_BE_REFUSED.search(payload)
    return dict(cleaned(found)) if needs_it else found


def _number(digits: str) -> int:
    number = _any_number(digits)
    if number is None or not -(2**63) <= number < 2**63:
        raise ValueError("a number beyond 64 bits")
    return number


def _any_number(digits: str) -> int | None:
    """Return None beyond the digits that Python can read."""
    return int(digits) if len(digits) < 1000 else None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


_GIVEN = (*Arrival._fields, "received_at")
# Built once: they run for each update.
_NEW = select(
    *(bindparam(name, type_=InboxUpdate.__table__.c[name].type) for name in _GIVEN),
).where(~exists().where(InboxUpdate.update_id == bindparam("update_id")))
_STORE = insert(InboxUpdate.__table__).from_select(_GIVEN, _NEW).returning(InboxUpdate.id)  # type: ignore[arg-type]
_IS_WAITING = (InboxUpdate.id == bindparam("inbox")) & (InboxUpdate.status == InboxStatus.WAITING)
_PAYLOAD = select(InboxUpdate.payload).where(_IS_WAITING)
_FINISH = (
    update(InboxUpdate.__table__)  # type: ignore[arg-type]
    .where(_IS_WAITING)
    .values(status=InboxStatus.DONE, done_at=bindparam("now"))
)


def store(tx: Tx, updates: Sequence[Arrival]) -> list[tuple[int, Arrival]]:
    """Store new updates in the given order; return those not stored before, with their inbox ids."""
    connection = tx.session.connection()
    stored = []
    for arrival in updates:
        values = {**arrival._asdict(), "received_at": tx.now}
        inbox_id = connection.execute(_STORE, values).scalar_one_or_none()
        if inbox_id is not None:
            stored.append((inbox_id, arrival))
    return stored


def waiting(session: Session) -> list[tuple[int, int]]:
    """Return inbox id and chat key of all updates to be handled, in order of arrival."""
    rows = session.execute(
        select(InboxUpdate.id, InboxUpdate.chat_key)
        .where(InboxUpdate.status == InboxStatus.WAITING)
        .order_by(InboxUpdate.id)
    )
    return [(row.id, row.chat_key) for row in rows]


def load(session: Session, inbox_id: int) -> str | None:
    """Return an update's payload; None where it was handled already."""
    return session.scalar(_PAYLOAD, {"inbox": inbox_id})


def is_rest_of_album(session: Session, inbox_id: int) -> bool:
    """Return whether this update brings a picture of an album of which another one came before."""
    row = session.get_one(InboxUpdate, inbox_id)
    album = _album(row.payload)
    if album is None:
        return False
    before = (
        select(InboxUpdate.payload)
        .where(InboxUpdate.chat_key == row.chat_key, InboxUpdate.id < inbox_id)
        .order_by(InboxUpdate.id.desc())
        .limit(_MOST_OF_ALBUM)
    )
    return any(_album(payload) == album for payload in session.scalars(before))


def album(session: Session, inbox_id: int) -> list[str]:
    """Return this update's payload, and those of the rest of its album, as far as they are here."""
    row = session.get_one(InboxUpdate, inbox_id)
    number = _album(row.payload)
    if number is None:
        return [row.payload]
    after = (
        select(InboxUpdate.payload)
        .where(InboxUpdate.chat_key == row.chat_key, InboxUpdate.id > inbox_id)
        .order_by(InboxUpdate.id)
        .limit(_MOST_OF_ALBUM)
    )
    return [row.payload, *(payload for payload in session.scalars(after) if _album(payload) == number)]


def _album(payload: str) -> str | None:
    message = content(payload).get("message")
    found = message.get("media_group_id") if isinstance(message, dict) else None
    return str(found) if found is not None else None


def last_taps(session: Session, since: datetime, most: int) -> list[str]:
    """Return the ids of the taps handled last, of those that came since then (UTC)."""
    rows = session.execute(
        select(InboxUpdate.payload, InboxUpdate.received_at)
        .where(InboxUpdate.status == InboxStatus.DONE)
        .order_by(InboxUpdate.id.desc())
        .limit(most)
    )
    payloads = [row.payload for row in rows if row.received_at >= since and '"callback_query"' in row.payload]
    taps = [content(payload).get("callback_query") for payload in payloads]
    return [str(tap["id"]) for tap in taps if isinstance(tap, dict) and "id" in tap]


def finish(tx: Tx, inbox_id: int, payload: str | None = None) -> bool:
    """Mark an update as done; return False where it was before, so that nothing takes effect twice.

    `payload`: what `load` returned. A link in it, which lets somebody in, is not kept.
    """
    done = tx.session.connection().execute(_FINISH, {"inbox": inbox_id, "now": tx.now})
    if payload and (kept := without_secrets(payload)) != payload:
        of = update(InboxUpdate).where(InboxUpdate.id == inbox_id).values(payload=kept)
        tx.session.execute(of.execution_options(synchronize_session=False))
    return done.rowcount == 1


def failed(tx: Tx, inbox_id: int, error: str, *, for_good: bool = False) -> InboxUpdate | None:
    """Count a failure; after the last one, or with `for_good`, set the update aside and return it."""
    row = tx.session.get_one(InboxUpdate, inbox_id, with_for_update=True)
    if row.status is not InboxStatus.WAITING:
        return None
    row.attempts += 1
    row.error = without_secrets(clean(error))
    if row.attempts < MOST_ATTEMPTS and not for_good:
        return None
    row.status = InboxStatus.SET_ASIDE
    row.payload = without_secrets(row.payload)
    row.done_at = tx.now
    return row
