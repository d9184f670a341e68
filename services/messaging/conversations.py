"""Rows of conversations: one for each account in each chat."""

from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from db.models import Card, Conversation
from db.states import Lane
from services.core.tx import Tx
from services.messaging import cards, outbox

CARD = "conversation"
"""The kind of a conversation's card."""

OVER = "over"
"""The state of a conversation that has ended; its card shows the outcome."""

KEYBOARD = "keyboard"
"""The kind of the message with a button below the input, one in each chat; and that there is one now."""


def get(session: Session, conversation_id: int) -> Conversation | None:
    """Return a conversation by its id; None where it is gone."""
    return session.get(Conversation, conversation_id)


_OF_ACCOUNT = select(Conversation).where(
    Conversation.chat_id == bindparam("chat"), Conversation.account_id == bindparam("account")
)


_DELETE = delete(Conversation.__table__).where(  # type: ignore[arg-type]
    Conversation.id == bindparam("row"), Conversation.version == bindparam("was")
)


def find(session: Session, chat_id: int, account_id: int) -> Conversation | None:
    """Return the conversation of an account in a chat, going on or over."""
    return session.scalar(_OF_ACCOUNT, {"chat": chat_id, "account": account_id})


def exists(session: Session, conversation_id: int) -> bool:
    """Return whether the row is still in the database, whatever the session has loaded."""
    found = session.scalar(select(Conversation.id).where(Conversation.id == conversation_id))
    return found is not None


def replace(
    tx: Tx,
    *,
    chat_id: int,
    thread_id: int | None,
    account_id: int,
    organization_id: int | None,
    name: str,
    state: str,
    data: dict[str, Any],
) -> Conversation:
    """Add a conversation in place of the one that this account had in this chat.

    Begun once more, it takes over the question of the first, which moves to the end of the chat. Another
    conversation's question stays to be read, without its buttons.
    """
    old = find(tx.session, chat_id, account_id)
    if old is not None:
        _delete(tx, old)
    row = Conversation(
        chat_id=chat_id,
        account_id=account_id,
        organization_id=organization_id,
        name=name,
        state=state,
        data=data,
        updated_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    card = cards.find(tx.session, CARD, old.id, chat_id) if old is not None else None
    if old is not None and card is not None and old.state != OVER and old.name == name:
        cards.drop_pending(tx.session, card)
        card.subject_id, card.organization_id, card.thread_id = row.id, organization_id, thread_id
        _render(tx, card, lane=Lane.REPLY, renew=True)
    elif old is not None and card is not None:
        _strip(tx, old, card)
    return row


def remove(tx: Tx, row: Conversation) -> None:
    """Delete a conversation that nothing takes the place of; its question loses its buttons."""
    _delete(tx, row)
    card = cards.find(tx.session, CARD, row.id, row.chat_id)
    if card is not None:
        _strip(tx, row, card)


def _delete(tx: Tx, row: Conversation) -> None:
    # No flush of its own, which takes longer. It may have changed since, as a flush would tell.
    tx.session.expunge(row)
    done = tx.session.connection().execute(_DELETE, {"row": row.id, "was": row.version})
    if done.rowcount != 1:
        raise StaleDataError("the conversation changed")
    if KEYBOARD in row.data:
        render_keyboard(tx, row.chat_id, row.organization_id)


def _strip(tx: Tx, gone: Conversation, card: Card) -> None:
    """Have the buttons of a deleted conversation's question removed, after the answer to what was done."""
    was_pending = cards.drop_pending(tx.session, card)
    if gone.state != OVER or was_pending:
        _render(tx, card, lane=Lane.NOTICE, renew=False)


def _render(tx: Tx, card: Card, *, lane: Lane, renew: bool) -> None:
    """Queue a card whose pending messages were just dropped."""
    outbox.render_card(
        tx,
        CARD,
        card.subject_id,
        chat_id=card.chat_id,
        thread_id=card.thread_id,
        organization_id=card.organization_id,
        lane=lane,
        renew=renew,
        rings=False,
        known=outbox.Known({card.chat_id: card}, {}),
    )


def render_keyboard(tx: Tx, chat_id: int, organization_id: int | None) -> None:
    """Queue the message with the button below the input; where none is wanted any more, it goes."""
    outbox.render_card(tx, KEYBOARD, chat_id, chat_id=chat_id, organization_id=organization_id, renew=True)
