"""An organization's admin group: bound, unbound, moved to a new chat id by Telegram, and muted.

In a muted group the bot may not write at present: its messages wait, and the admins are told once. Telegram
says so of each message, and of its end only in answer to another attempt.
"""

from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from db.models import (
    Card,
    Conversation,
    Extension,
    JoinRequest,
    MutedChat,
    Organization,
    OutboxMessage,
    Rental,
)
from db.states import ExtensionStatus, JoinStatus, Lane, OutboxStatus, RentalStatus, Role
from services.core import audit, identity
from services.core.errors import Refusal, Refused
from services.core.text import clean
from services.core.tx import Tx
from services.messaging import notifications, outbox

LOST = "group_lost"
"""Kind of the message to the admins that requests come to them in private from now on."""

REPLACED = "group_replaced"
"""Kind of the message to the former admin group, and to the leaders, that another group decides now."""


MUTED = "group_muted"
"""Kind of the message to the admins that the bot may not write in their group."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
"""The pause after each attempt; the last one stays."""

MOST_ATTEMPTS = 100
"""The attempts in a chat that is no organization's: about a day."""

OVER = timedelta(days=1)
"""Without an attempt for so long, the next refusal is news again."""


def lost(tx: Tx, chat_id: int) -> None:
    """Unbind a group that the bot was removed from, and tell the admins once."""
    organization = unbind_group(tx, chat_id=chat_id)
    if organization is None:
        return
    for chat, _ in identity.desk_chats(tx, organization):
        outbox.send(
            tx,
            LOST,
            chat_id=chat,
            params={"title": organization.group_title or ""},
            organization_id=organization.id,
        )


def moved(tx: Tx, old: int, new: int) -> None:
    """Move everything from a group to the supergroup that it became. Idempotent.

    Its cards are sent again there, those that need an answer at once: the old messages can no longer be
    edited, and their buttons no longer work.
    """
    organization = tx.session.scalar(select(Organization).filter_by(group_chat_id=old))
    if organization is not None and not tx.session.scalar(
        select(Organization.id).filter_by(group_chat_id=new)
    ):
        organization.group_chat_id = new
        tx.session.flush()
        audit.note(
            tx,
            "move_group",
            "organization",
            organization.id,
            organization_id=organization.id,
            user_id=None,
            chat_id=new,
        )
    there = aliased(Card)
    tx.session.execute(
        update(Card)
        .where(
            Card.chat_id == old,
            ~select(there.id)
            .where(there.chat_id == new, there.kind == Card.kind, there.subject_id == Card.subject_id)
            .exists(),
        )
        .values(chat_id=new, message_id=None)
        .execution_options(synchronize_session="fetch")
    )
    asked = aliased(Conversation)
    tx.session.execute(
        update(Conversation)
        .where(
            Conversation.chat_id == old,
            ~select(asked.id)
            .where(asked.chat_id == new, asked.account_id == Conversation.account_id)
            .exists(),
        )
        .values(chat_id=new)
        .execution_options(synchronize_session="fetch")
    )
    _remember_what_was_said(tx.session, old, new)
    tx.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.chat_id == old,
            OutboxMessage.status.in_([OutboxStatus.PENDING, OutboxStatus.SENDING]),
        )
        .values(chat_id=new)
        .execution_options(synchronize_session="fetch")
    )
    if organization is not None and organization.group_chat_id == new:
        _show_what_waits(tx, organization)


def _remember_what_was_said(session: Session, old: int, new: int) -> None:
    """Move deduplication keys and bundles to the new chat: messages of the old one, such as today's digest,
    are not repeated there, and bundled messages stay together.
    """
    for row in session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.chat_id == old,
            or_(OutboxMessage.dedup_key.endswith(f":{old}"), OutboxMessage.bundle.endswith(f":{old}")),
        )
    ).all():
        row.bundle = _renamed(row.bundle, old, new)
        key = _renamed(row.dedup_key, old, new)
        if key is not None and not outbox.was_said(session, key):
            row.dedup_key = key
    session.flush()


def _renamed(name: str | None, old: int, new: int) -> str | None:
    """Return a key or bundle with the new chat id in place of the old one at its end."""
    return f"{name.removesuffix(str(old))}{new}" if name is not None and name.endswith(f":{old}") else name


def _show_what_waits(tx: Tx, organization: Organization) -> None:
    asks = select(Extension.id).where(
        Extension.rental_id == Rental.id, Extension.status == ExtensionStatus.ASKED
    )
    waiting = tx.session.scalars(
        select(Rental)
        .where(
            Rental.organization_id == organization.id,
            or_(Rental.status == RentalStatus.REQUESTED, asks.exists()),
        )
        .order_by(Rental.id)
    ).all()
    for rental in waiting:
        notifications.update_desk_card(tx, rental, notify=True)
    asking = select(JoinRequest).filter_by(organization_id=organization.id, status=JoinStatus.ASKED)
    for request in tx.session.scalars(asking.order_by(JoinRequest.id)).all():
        notifications.update_join_request_card(tx, request, notify=True)


def bind_group(tx: Tx, *, chat_id: int, thread_id: int | None, title: str) -> Organization:
    """Make this chat the organization's admin group. Raises NOT_ALLOWED, GROUP_TAKEN."""
    tx.actor.require(Role.ADMIN)
    other = tx.session.scalar(select(Organization).filter_by(group_chat_id=chat_id))
    if other is not None and other.id != tx.actor.organization_id:
        raise Refusal(Refused.GROUP_TAKEN)
    organization = tx.organization
    organization.group_title = clean(title)[:255]
    if (organization.group_chat_id, organization.group_thread_id) == (chat_id, thread_id):
        return organization
    before = (organization.group_chat_id, organization.group_thread_id)
    organization.group_chat_id, organization.group_thread_id = chat_id, thread_id
    audit.note(tx, "bind_group", "organization", organization.id, chat_id=chat_id)
    if before[0] is not None and before[0] != chat_id:
        _tell_of_move(tx, before[0], before[1], organization.group_title)
    return organization


def _tell_of_move(tx: Tx, old: int, old_thread: int | None, title: str) -> None:
    """Tell the former admin group and the leaders who moved it where to."""
    others = [account for account in identity.leaders(tx) if account != tx.actor.account_id]
    chats: list[tuple[int, int | None]] = [(old, old_thread), *((account, None) for account in others)]
    for chat, thread in chats:
        params = {"title": title, "by": tx.actor.name, "organization_id": tx.organization_id}
        outbox.send(tx, REPLACED, chat_id=chat, thread_id=thread, params=params, lane=Lane.REPLY)


def unbind_group(tx: Tx, *, chat_id: int) -> Organization | None:
    """Unbind a group; requests go to the admins in private from now on. None where it was not bound."""
    organization = tx.session.scalar(select(Organization).filter_by(group_chat_id=chat_id))
    if organization is None:
        return None
    organization.group_chat_id = None
    organization.group_thread_id = None
    audit.note(
        tx,
        "unbind_group",
        "organization",
        organization.id,
        organization_id=organization.id,
        user_id=None,
        chat_id=chat_id,
    )
    return organization


def bound_to(session: Session, chat_id: int) -> Organization | None:
    """Return the organization whose admin group this chat is; None where it is nobody's."""
    return session.scalar(select(Organization).filter_by(group_chat_id=chat_id))


def of_group(session: Session, chat_id: int) -> Organization:
    """Return the organization whose admin group this chat is. Raises GROUP_NOT_BOUND."""
    organization = bound_to(session, chat_id)
    if organization is None:
        raise Refusal(Refused.GROUP_NOT_BOUND)
    return organization


def muted(tx: Tx, chat_id: int) -> timedelta | None:
    """Note that a message was refused there, and tell the admins about the first; return the next pause.

    None for a chat that is no organization's and has refused for about a day: nobody waits for it.
    """
    chat = tx.session.get(MutedChat, chat_id, with_for_update=True)
    if chat is not None and chat.refused_at < tx.now - OVER:
        tx.session.delete(chat)
        tx.session.flush()
        chat = None
    if chat is None:
        chat = MutedChat(chat_id=chat_id, refused_at=tx.now, attempts=0)
        tx.session.add(chat)
        _tell_of_mute(tx, chat_id)
    chat.refused_at = tx.now
    chat.attempts += 1
    tx.session.flush()
    if chat.attempts > MOST_ATTEMPTS and bound_to(tx.session, chat_id) is None:
        return None
    return PAUSES[min(chat.attempts, len(PAUSES)) - 1]


def _tell_of_mute(tx: Tx, chat_id: int) -> None:
    organization = bound_to(tx.session, chat_id)
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


def unmuted(session: Session, chat_id: int) -> None:
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
