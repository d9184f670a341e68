"""What becomes of an organisation's group chat: the bot is thrown out of it, or it moves to a new id."""

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, aliased

from db.models import Card, Conversation, Extension, JoinRequest, Organization, OutboxMessage, Rental
from db.states import ExtensionStatus, JoinStatus, OutboxStatus, RentalStatus, Role
from services.core import audit, identity
from services.core.errors import Refusal, Refused
from services.core.text import clean
from services.core.tx import Tx
from services.messaging import notifications, outbox

LOST = "group_lost"
"""Kind of the message that tells the admins that requests come to them in private from now on."""


def lost(tx: Tx, chat_id: int) -> None:
    """The bot is not in this group any more. Its admins are told once, if it was bound."""
    organization = unbind_group(tx, chat_id=chat_id)
    if organization is None:
        return
    for chat, _ in identity.desk_chats(tx, organization):
        outbox.send(
            tx,
            chat_id=chat,
            kind=LOST,
            params={"title": organization.group_title or ""},
            organization_id=organization.id,
        )


def moved(tx: Tx, old: int, new: int) -> None:
    """A group became a supergroup: what was for the old chat goes to the new one.

    Its cards are sent anew there, those that wait for an answer at once: the old messages cannot be edited
    any more, and their buttons lead nowhere. May be called again.
    """
    organization = tx.session.scalar(select(Organization).filter_by(group_chat_id=old))
    if organization is not None and not tx.session.scalar(
        select(Organization.id).filter_by(group_chat_id=new)
    ):
        organization.group_chat_id = new
        tx.session.flush()
        audit.note(
            tx,
            organization_id=organization.id,
            user_id=None,
            action="move_group",
            subject="organization",
            subject_id=organization.id,
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
    """What the old chat was told once, as today's digest, counts as said in the new one; and what waits to be
    said together with other things stays with them.
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
    """The same with the new chat, where it ends in the old one."""
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
    """Make this chat the organisation's admin group, if it is not. Raises NOT_ALLOWED, GROUP_TAKEN."""
    tx.actor.require(Role.ADMIN)
    other = tx.session.scalar(select(Organization).filter_by(group_chat_id=chat_id))
    if other is not None and other.id != tx.actor.organization_id:
        raise Refusal(Refused.GROUP_TAKEN)
    organization = tx.organization
    organization.group_title = clean(title)[:255]
    if (organization.group_chat_id, organization.group_thread_id) == (chat_id, thread_id):
        return organization
    organization.group_chat_id, organization.group_thread_id = chat_id, thread_id
    audit.note(
        tx,
        organization_id=organization.id,
        user_id=tx.actor.user_id,
        action="bind_group",
        subject="organization",
        subject_id=organization.id,
        chat_id=chat_id,
    )
    return organization


def unbind_group(tx: Tx, *, chat_id: int) -> Organization | None:
    """The bot was removed from a group: requests go to the admins in private from now on."""
    organization = tx.session.scalar(select(Organization).filter_by(group_chat_id=chat_id))
    if organization is None:
        return None
    organization.group_chat_id = None
    organization.group_thread_id = None
    audit.note(
        tx,
        organization_id=organization.id,
        user_id=None,
        action="unbind_group",
        subject="organization",
        subject_id=organization.id,
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
