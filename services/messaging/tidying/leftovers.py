"""Leftovers: messages to remove, since others took their place. Each is a row until it is gone for certain.

A message that was sent while the program died is found by its buttons, when one of them is tapped.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from db.models import Card, Leftover
from services.core.tx import Tx
from services.messaging import outbox

AT_ONCE = timedelta(seconds=60)
"""The time that whoever notes a leftover has to remove it, before it is looked for."""


@dataclass(frozen=True)
class Removal:
    """A message to remove, and the card that is shown by another one now."""

    id: int
    chat_id: int
    message_id: int
    photo_id: int | None
    card_id: int | None
    attempts: int = 0


# Built once, and no object for a row of which only the id is needed: they run with nearly every card.
_NOTE = insert(Leftover.__table__)  # type: ignore[arg-type]
_FORGET = delete(Leftover.__table__).where(  # type: ignore[arg-type]
    Leftover.id.in_(bindparam("ids", expanding=True))
)


def note(tx: Tx, chat_id: int, message_id: int, photo_id: int | None, card_id: int | None) -> Removal:
    """Note a message that is to be removed at once."""
    values = {
        "chat_id": chat_id,
        "message_id": message_id,
        "photo_id": photo_id,
        "card_id": card_id,
        "not_before": tx.now + AT_ONCE,
        "created_at": tx.now,
    }
    added = tx.session.connection().execute(_NOTE, values)
    assert added.inserted_primary_key is not None
    return Removal(int(added.inserted_primary_key[0]), chat_id, message_id, photo_id, card_id)


def _removal(row: Leftover, message_id: int) -> Removal:
    return Removal(row.id, row.chat_id, message_id, row.photo_id, row.card_id, row.attempts)


def due(session: Session, now: datetime | None, limit: int) -> list[Removal]:
    """Return the next messages to remove; with `now` None all, as after a start."""
    query = select(Leftover).where(Leftover.message_id.is_not(None)).order_by(Leftover.id).limit(limit)
    if now is not None:
        query = query.where(Leftover.not_before <= now)
    return [_removal(row, row.message_id) for row in session.scalars(query) if row.message_id is not None]


def removed(session: Session, ids: Collection[int]) -> None:
    """Forget messages that are gone."""
    session.execute(_FORGET, {"ids": list(ids)})


def retry_later(tx: Tx, removal: Removal, delay: timedelta) -> None:
    """Try again after `delay`."""
    tx.session.execute(
        update(Leftover)
        .where(Leftover.id == removal.id)
        .values(not_before=tx.now + delay, attempts=Leftover.attempts + 1)
        .execution_options(synchronize_session=False)
    )


def suspect(tx: Tx, card: Card, newer_id: int, buttons: str) -> None:
    """Note that a card may have been sent twice: before `newer_id`, with buttons of this fingerprint."""
    tx.session.add(
        Leftover(
            chat_id=card.chat_id,
            card_id=card.id,
            newer_id=newer_id,
            buttons=buttons,
            not_before=tx.now,
            created_at=tx.now,
        )
    )


def suspected_in(session: Session) -> set[int]:
    """Return the chats with a card that may have been sent twice."""
    return set(session.scalars(select(Leftover.chat_id).where(Leftover.message_id.is_(None)).distinct()))


def recognize(tx: Tx, chat_id: int, message_id: int, buttons: str) -> bool:
    """If this message is a card's that was sent twice, have it removed, and the card shown at the end of the
    chat; return whether it is.
    """
    row = tx.session.scalar(
        select(Leftover)
        .where(
            Leftover.chat_id == chat_id,
            Leftover.message_id.is_(None),
            Leftover.buttons == buttons,
            Leftover.newer_id > message_id,
        )
        .order_by(Leftover.id)
        .with_for_update()
    )
    card = tx.session.get(Card, row.card_id) if row is not None else None
    if row is None or card is None or _is_shown(tx.session, chat_id, message_id):
        return False
    row.message_id, row.not_before = message_id, tx.now
    outbox.render_card(
        tx,
        card.kind,
        card.subject_id,
        chat_id=chat_id,
        thread_id=card.thread_id,
        organization_id=card.organization_id,
        renew=True,
        rings=False,
    )
    return True


def meant(session: Session, chat_id: int, message_id: int, buttons: str | None) -> Card | None:
    """Return the card that this message showed before the one that shows it now: it waits to be removed, or
    was sent twice, and has these buttons.
    """
    twice = and_(Leftover.message_id.is_(None), Leftover.buttons == buttons, Leftover.newer_id > message_id)
    query = select(Card).join(Leftover, Leftover.card_id == Card.id)
    query = query.where(Leftover.chat_id == chat_id, or_(Leftover.message_id == message_id, twice))
    return session.scalar(query.order_by(Leftover.id).limit(1))


def _is_shown(session: Session, chat_id: int, message_id: int) -> bool:
    return session.scalar(select(Card.id).filter_by(chat_id=chat_id, message_id=message_id)) is not None


def tidy(session: Session, before: datetime) -> None:
    """Forget suspicions, and what could not be removed, from before then (UTC)."""
    session.execute(
        delete(Leftover)
        .where(Leftover.created_at < before, or_(Leftover.message_id.is_(None), Leftover.attempts > 0))
        .execution_options(synchronize_session=False)
    )
