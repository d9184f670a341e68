"""Groups in which the bot may not write at present: their messages wait, and the admins are told once.

Telegram says so of each message, and of its end only in answer to another attempt.
"""

from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from db.models import MutedChat, OutboxMessage
from db.states import Lane, OutboxStatus
from services.core import identity
from services.core.tx import Tx
from services.messaging import group_chats, outbox

MUTED = "group_muted"
"""Kind of the message to the admins that the bot may not write in their group."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
"""The pause after each attempt; the last one stays."""

OVER = timedelta(days=1)
"""Without an attempt for so long, the next refusal is news again."""


def refused(tx: Tx, chat_id: int) -> timedelta:
    """Note that a message was refused there, and tell the admins about the first; return the next pause."""
    chat = tx.session.get(MutedChat, chat_id, with_for_update=True)
    if chat is not None and chat.refused_at < tx.now - OVER:
        tx.session.delete(chat)
        tx.session.flush()
        chat = None
    if chat is None:
        chat = MutedChat(chat_id=chat_id, refused_at=tx.now, attempts=0)
        tx.session.add(chat)
        _tell_admins(tx, chat_id)
    chat.refused_at = tx.now
    chat.attempts += 1
    tx.session.flush()
    return PAUSES[min(chat.attempts, len(PAUSES)) - 1]


def _tell_admins(tx: Tx, chat_id: int) -> None:
    organization = group_chats.bound_to(tx.session, chat_id)
    if organization is None:
        return
    for account in identity.admin_accounts(tx, organization):
        outbox.send(
            tx,
            MUTED,
            chat_id=account,
            params={"title": organization.group_title or ""},
            organization_id=organization.id,
            lane=Lane.REPLY,
        )


def over(session: Session, chat_id: int) -> None:
    """Note that a message arrived there."""
    session.execute(
        delete(MutedChat).where(MutedChat.chat_id == chat_id).execution_options(synchronize_session=False)
    )


def retry_now(tx: Tx, chat_id: int) -> None:
    """Try what waits at once, as after a change of the bot's rights."""
    if tx.session.get(MutedChat, chat_id) is None:
        return
    tx.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.chat_id == chat_id,
            OutboxMessage.status == OutboxStatus.PENDING,
            OutboxMessage.leased_until.is_not(None),
        )
        .values(not_before=tx.now, leased_until=None)
        .execution_options(synchronize_session=False)
    )
