"""Cards: messages that are edited as what they show changes, each known by its chat and message id."""

from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, delete, select, update
from sqlalchemy.orm import Session

from db.models import Card, OutboxMessage
from db.states import OutboxStatus

# Built once: these run for each tap and each answer.
_SHOWN = select(Card).where(Card.chat_id == bindparam("chat"), Card.message_id == bindparam("message"))
_KNOWN = select(Card).where(
    Card.kind == bindparam("kind"),
    Card.subject_id == bindparam("subject"),
    Card.chat_id == bindparam("chat"),
)
_DROP = delete(OutboxMessage).where(
    OutboxMessage.card_id == bindparam("card"), OutboxMessage.status == OutboxStatus.PENDING
)

_SHOW = (
    update(Card.__table__)  # type: ignore[arg-type]
    .where(Card.id == bindparam("card"))
    .values(
        message_id=bindparam("message"),
        photo_id=bindparam("photo"),
        refused_photo_id=bindparam("refused"),
    )
)


_CONVERT = (
    update(OutboxMessage.__table__)  # type: ignore[arg-type]
    .where(OutboxMessage.card_id == bindparam("card"), OutboxMessage.status == OutboxStatus.PENDING)
    .values(kind=bindparam("to"))
)


def shown_by(session: Session, chat_id: int, message_id: int) -> Card | None:
    """Return the card that this message shows; None for messages that show none."""
    return session.scalar(_SHOWN, {"chat": chat_id, "message": message_id})


def show(
    session: Session, card_id: int, message_id: int, photo_id: int | None, refused_photo_id: int | None
) -> None:
    """Note which message shows this card now, and with which photo; no object of the card sees it."""
    values = {"card": card_id, "message": message_id, "photo": photo_id, "refused": refused_photo_id}
    session.connection().execute(_SHOW, values)


def subject_of(session: Session, message: OutboxMessage) -> int:
    """Return the id of the row that a card is about, for an outbox message that draws the card."""
    return session.get_one(Card, message.card_id).subject_id


def find(session: Session, kind: str, subject_id: int, chat_id: int) -> Card | None:
    """Return the card of this kind and subject in a chat, if there is one."""
    return session.scalar(_KNOWN, {"kind": kind, "subject": subject_id, "chat": chat_id})


def drop_pending(session: Session, card: Card) -> bool:
    """Delete the outbox messages that would draw this card; return whether there were any."""
    done = session.execute(_DROP, {"card": card.id})
    return cast("CursorResult[Any]", done).rowcount > 0


def convert(session: Session, card: Card, kind: str, subject_id: int) -> None:
    """Make a card one of another kind and subject, and its pending outbox messages with it.

    Do nothing where the chat already has the card of that kind and subject.
    """
    if find(session, kind, subject_id, card.chat_id) is not None:
        return
    card.kind, card.subject_id = kind, subject_id
    session.connection().execute(_CONVERT, {"card": card.id, "to": kind})
