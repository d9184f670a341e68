"""Closing an organisation, for everybody in it; and opening it again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AccountLink, ChatAccount, Claim, Organization, OutboxMessage, Rental, User
from db.states import ClaimStatus, Lane, RentalStatus, Role
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.identity import Actor
from services.core.state_machine import move_rental
from services.messaging import group_chats, notifications
from services.organizations import management
from services.rentals import approval

CLOSED_NOTICE = "organization_closed"
"""The kind of the message that an organisation is closed; params: organization, now_in."""

_OPEN = (RentalStatus.REQUESTED, RentalStatus.APPROVED)


def pieces_out(session: Session, organization_id: int) -> int:
    """How many things are out: over those an organisation is not closed."""
    found = session.scalar(
        select(func.count(Claim.id)).filter_by(organization_id=organization_id, status=ClaimStatus.OUT)
    )
    return found or 0


def open_rentals(session: Session, organization_id: int) -> int:
    """How many requests and approved rentals closing would cancel."""
    waiting = Rental.status.in_(_OPEN) & (Rental.organization_id == organization_id)
    return session.scalar(select(func.count(Rental.id)).where(waiting)) or 0


def members(session: Session, organization_id: int, now: datetime) -> int:
    """How many active members it has."""
    found = session.scalars(select(User).filter_by(organization_id=organization_id))
    return sum(user.is_active(now) for user in found)


def require_closable(session: Session, actor: Actor) -> None:
    """Raise what speaks against closing it now: NOT_ALLOWED, THINGS_ARE_OUT."""
    actor.require(Role.LEADER)
    out = pieces_out(session, actor.organization_id)
    if out:
        raise Refusal(Refused.THINGS_ARE_OUT, pieces=out)


def close(session: Session, actor: Actor, now: datetime) -> Organization:
    """Nothing is done there from now on, until it is opened again.

    What is not out yet is cancelled, the group let go, every member told once. Whoever acted there acts in
    another of their organisations, where they have one. Raises NOT_ALLOWED, CLOSED, THINGS_ARE_OUT.
    """
    actor.require(Role.LEADER)
    organization = management.locked(session, actor.organization_id)
    # Whoever hands out takes the rental first: whoever comes second finds it cancelled, or out.
    rentals = session.scalars(
        select(Rental)
        .where(Rental.organization_id == organization.id, Rental.status.in_([*_OPEN, RentalStatus.OUT]))
        .order_by(Rental.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    require_closable(session, actor)
    organization.closed_at = now
    _tell(session, now, organization)
    for rental in rentals:
        _cancel(session, actor, rental, now)
    if organization.group_chat_id is not None:
        group_chats.unbind_group(session, now, chat_id=organization.group_chat_id)
    management.note(session, now, organization, actor.user_id, "close")
    session.flush()
    return organization


def _cancel(session: Session, actor: Actor, rental: Rental, now: datetime) -> None:
    """The cards say so; that it is closed, the members read in a message of its own."""
    moved = move_rental(
        session, rental, RentalStatus.CANCELLED, ended_at=now, decided_by=actor.user_id, decided_at=now
    )
    if not moved:
        return
    approval.release(session, rental)
    audit.rental(session, now, rental, actor.user_id, "cancel")
    notifications.show_member(session, now, rental)
    notifications.show_desk(session, now, rental)


def _tell(session: Session, now: datetime, organization: Organization) -> None:
    """One message to each chat of each active member, and one to the group; all in one go."""
    accounts = _accounts(session, organization, now)
    elsewhere = _elsewhere(session, organization, now)
    messages = []
    for account in accounts:
        other = elsewhere.get(account.id) if account.organization_id == organization.id else None
        if other is not None:
            account.organization_id = other.id
        messages.append(_notice(now, organization, account.id, None, other.name if other else None))
    if organization.group_chat_id is not None:
        group = organization.group_chat_id, organization.group_thread_id
        messages.append(_notice(now, organization, *group, None))
    session.add_all(messages)
    session.flush()


def _elsewhere(session: Session, organization: Organization, now: datetime) -> dict[int, Organization]:
    """For the accounts that act in this organisation another one where they are active, by name."""
    rows = session.execute(
        select(ChatAccount.id, Organization, User)
        .join(AccountLink, AccountLink.account_id == ChatAccount.id)
        .join(User, User.id == AccountLink.user_id)
        .join(Organization, Organization.id == AccountLink.organization_id)
        .where(
            ChatAccount.organization_id == organization.id,
            Organization.id != organization.id,
            Organization.closed_at.is_(None),
        )
        .order_by(func.lower(Organization.name), Organization.id)
    )
    found: dict[int, Organization] = {}
    for account_id, other, user in rows:
        if user.is_active(now):
            found.setdefault(account_id, other)
    return found


def _accounts(session: Session, organization: Organization, now: datetime) -> Sequence[ChatAccount]:
    rows = session.execute(
        select(ChatAccount, User)
        .join(AccountLink, AccountLink.account_id == ChatAccount.id)
        .join(User, User.id == AccountLink.user_id)
        .where(AccountLink.organization_id == organization.id)
        .order_by(ChatAccount.id)
    )
    return [account for account, user in rows if user.is_active(now) and account.blocked_at is None]


def _notice(
    now: datetime, organization: Organization, chat_id: int, thread_id: int | None, now_in: str | None
) -> OutboxMessage:
    return OutboxMessage(
        organization_id=organization.id,
        chat_id=chat_id,
        thread_id=thread_id,
        lane=Lane.NOTICE,
        kind=CLOSED_NOTICE,
        params={"organization": organization.name, "now_in": now_in},
        dedup_key=f"{CLOSED_NOTICE}:{organization.id}:{now.isoformat()}:{chat_id}",
        not_before=now,
        created_at=now,
    )


def reopen(session: Session, now: datetime, name: str) -> Organization | None:
    """Open again what was closed; None where it is open. By the operator, as nobody else acts there.

    Its group has to be bound anew. Raises NOT_FOUND.
    """
    organization = session.scalar(select(Organization).filter_by(name=name).with_for_update())
    if organization is None:
        raise Refusal(Refused.NOT_FOUND)
    if organization.closed_at is None:
        return None
    organization.closed_at = None
    session.flush()
    management.note(session, now, organization, None, "reopen")
    return organization
