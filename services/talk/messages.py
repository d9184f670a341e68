"""Messages between a rental's member and the desk. What they wrote is kept until it is sent."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db.models import Card, OutboxMessage, Rental, User
from db.states import Lane
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.text import is_seen, many_lines
from services.core.tx import Tx
from services.messaging import cards, notifications, outbox
from services.messaging.kinds import UNCONFIRMED

MESSAGE = "talk"
"""Kind of a message from one person to another, about a rental."""

LONGEST, LONGEST_BELOW_PHOTO = 3000, 800
"""Characters: with the name and the rental above them, they fit into a message, and below a photo."""

MOST_AN_HOUR = 20
"""Messages that one person may send: each rings, and a group takes twenty a minute from the bot."""

CARDS = (notifications.RENTAL_CARD, notifications.DESK_CARD, UNCONFIRMED)
"""Kinds of cards whose subject is a rental."""

_SHOWN = (
    select(OutboxMessage.params, Card.subject_id)
    .outerjoin(Card, (Card.id == OutboxMessage.card_id) & Card.kind.in_(CARDS))
    .where(OutboxMessage.chat_id == bindparam("chat"), OutboxMessage.message_id == bindparam("message"))
)


def rental_of(session: Session, chat_id: int, message_id: int) -> int | None:
    """Return the rental that a sent message is about: by the card that it showed, or what it said.

    None for messages about none, and for those about several.
    """
    rows = session.execute(_SHOWN, {"chat": chat_id, "message": message_id}).all()
    found = {subject or params.get("rental_id") for params, subject in rows}
    (one,) = found if len(found) == 1 else (None,)
    return one if isinstance(one, int) else None


def to_desk(tx: Tx, rental: Rental, text: str, photo: str | None) -> None:
    """Send the member's words to the admin group, or to the admins. `photo`: Telegram's id.

    Raises NOT_DELIVERED where there is nobody, TEXT_EXPECTED, TOO_MUCH_TEXT, TOO_MANY_MESSAGES.
    """
    chats = identity.desk_chats(tx, tx.organization)
    others = [(chat, thread) for chat, thread in chats if chat != tx.actor.account_id]
    _send(tx, rental, others, text, photo)


def to_member(tx: Tx, rental: Rental, text: str, photo: str | None) -> None:
    """Send the desk's words to the member. Raises as `to_desk` does; NOT_DELIVERED names the member."""
    accounts = identity.accounts_of(tx.session, rental.user_id)
    if not accounts:
        raise Refusal(Refused.NOT_DELIVERED, name=tx.session.get_one(User, rental.user_id).name_for_others())
    _send(tx, rental, [(account, None) for account in accounts], text, photo)


def _send(
    tx: Tx, rental: Rental, chats: Sequence[tuple[int, int | None]], text: str, photo: str | None
) -> None:
    if not chats:
        raise Refusal(Refused.NOT_DELIVERED, name=None)
    words = many_lines(text)
    most = LONGEST if photo is None else LONGEST_BELOW_PHOTO
    if len(words.encode("utf-16-le", "replace")) > 2 * most:  # as Telegram counts
        raise Refusal(Refused.TOO_MUCH_TEXT, most=most)
    if photo is None and not is_seen(words):
        raise Refusal(Refused.TEXT_EXPECTED)
    _require_patience(tx, chats[0][0])
    for chat, thread in chats:
        outbox.send(
            tx,
            MESSAGE,
            chat_id=chat,
            thread_id=thread,
            params={
                "rental_id": rental.id,
                "user_id": tx.actor.user_id,
                outbox.WROTE: words,
                outbox.PICTURE: photo,
            },
            organization_id=rental.organization_id,
            lane=Lane.REPLY,
        )


def _require_patience(tx: Tx, chat_id: int) -> None:
    """Raise TOO_MANY_MESSAGES for somebody who sends one after the other."""
    lately = tx.session.scalars(
        select(OutboxMessage.params).where(
            OutboxMessage.chat_id == chat_id,
            OutboxMessage.kind == MESSAGE,
            OutboxMessage.created_at > tx.now - timedelta(hours=1),
        )
    )
    if sum(params.get("user_id") == tx.actor.user_id for params in lately) >= MOST_AN_HOUR:
        raise Refusal(Refused.TOO_MANY_MESSAGES)


def sender(session: Session, message: OutboxMessage) -> tuple[User, int | None] | None:
    """Return who wrote a message, with an account for a link to them.

    None where they are gone since: a message without its sender is not delivered.
    """
    user = session.get(User, message.params["user_id"])
    if user is None or user.forgotten_at is not None:
        return None
    return user, next(iter(identity.accounts_of(session, user.id)), None)


def below(session: Session, message: OutboxMessage, kind: str) -> int | None:
    """Return the rental's card in the chat and topic of a message, to be shown as a reply to it."""
    card = cards.find(session, kind, message.params["rental_id"], message.chat_id)
    return card.message_id if card is not None and card.thread_id == message.thread_id else None
