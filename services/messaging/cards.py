"""Cards: messages that are edited as what they show changes, each known by its chat and message id."""

from typing import Any, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from db.models import Card, OutboxMessage
from db.states import OutboxStatus


def shown_by(session: Session, chat_id: int, message_id: int) -> Card | None:
    """Return the card that this message shows; None for messages that show none."""
    return session.scalar(select(Card).filter_by(chat_id=chat_id, message_id=message_id))


def subject_of(session: Session, message: OutboxMessage) -> int:
    """Return the id of the row that a card is about, for an outbox message that draws the card."""
    return session.get_one(Card, message.card_id).subject_id


def find(session: Session, kind: str, subject_id: int, chat_id: int) -> Card | None:
    """Return the card of this kind and subject in a chat, if there is one."""
    return session.scalar(select(Card).filter_by(kind=kind, subject_id=subject_id, chat_id=chat_id))


def drop_pending(session: Session, card: Card) -> bool:
    """Delete the outbox messages that would draw this card; return whether there were any."""
    done = session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.card_id == card.id, OutboxMessage.status == OutboxStatus.PENDING
        )
    )
    return cast("CursorResult[Any]", done).rowcount > 0


def convert(session: Session, card: Card, kind: str, subject_id: int) -> None:
    """Make a card one of another kind and subject, and its pending outbox messages with it.

    Do nothing where the chat already has the card of that kind and subject.
    """
    if find(session, kind, subject_id, card.chat_id) is not None:
        return
    card.kind, card.subject_id = kind, subject_id
    pending = session.scalars(select(OutboxMessage).filter_by(card_id=card.id, status=OutboxStatus.PENDING))
    for message in pending:
        message.kind = kind
