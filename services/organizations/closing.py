"""Closing an organization for all its members; and reopening it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from db.models import AccountLink, ChatAccount, Claim, Organization, OutboxMessage, Rental, User
from db.states import ClaimStatus, Lane, RentalStatus, Role
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.state_machine import move_rental
from services.core.tx import Tx
from services.messaging import group_chats, notifications
from services.organizations import management
from services.rentals import approval

CLOSED_NOTICE = "organization_closed"
"""The kind of the message that an organization was closed; params: organization, now_in."""

_OPEN = (RentalStatus.REQUESTED, RentalStatus.APPROVED)


def items_out(tx: Tx) -> int:
    """Return the number of items that are out: an organization with any cannot be closed."""
    found = tx.session.scalar(
        select(func.count(Claim.id)).filter_by(organization_id=tx.organization_id, status=ClaimStatus.OUT)
    )
    return found or 0


def open_rentals(tx: Tx) -> int:
    """Return the number of requests and approved rentals that closing would cancel."""
    waiting = Rental.status.in_(_OPEN) & (Rental.organization_id == tx.organization_id)
    return tx.session.scalar(select(func.count(Rental.id)).where(waiting)) or 0


def members(tx: Tx) -> int:
    """Return the number of active members."""
    found = tx.session.scalars(select(User).filter_by(organization_id=tx.organization_id))
    return sum(user.is_active(tx.now) for user in found)


def require_closable(tx: Tx) -> None:
    """Raise NOT_ALLOWED or ITEMS_STILL_OUT where it cannot be closed now."""
    tx.actor.require(Role.LEADER)
    out = items_out(tx)
    if out:
        raise Refusal(Refused.ITEMS_STILL_OUT, pieces=out)


def close(tx: Tx) -> Organization:
    """Close the organization; nothing can be done in it until it is reopened.

    Rentals that are not out yet are cancelled, the group is unbound, every member told once. Accounts that
    acted there act in another of their organizations, where they have one. Raises NOT_ALLOWED, CLOSED,
    ITEMS_STILL_OUT.
    """
    tx.actor.require(Role.LEADER)
    organization = management.locked(tx)
    # A concurrent check-out locks the rental first: the second finds it cancelled, or out.
    rentals = tx.session.scalars(
        select(Rental)
        .where(Rental.organization_id == organization.id, Rental.status.in_([*_OPEN, RentalStatus.OUT]))
        .order_by(Rental.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    require_closable(tx)
    organization.closed_at = tx.now
    _tell(tx, organization)
    for rental in rentals:
        _cancel(tx, rental)
    if organization.group_chat_id is not None:
        group_chats.unbind_group(tx, chat_id=organization.group_chat_id)
    management.note(tx, organization, tx.actor.user_id, "close")
    tx.session.flush()
    return organization


def _cancel(tx: Tx, rental: Rental) -> None:
    """Cancel a rental and update its cards; of the closing, a message of its own tells the members."""
    moved = move_rental(
        tx.session,
        rental,
        RentalStatus.CANCELLED,
        ended_at=tx.now,
        **tx.decided(tx.actor.user_id),
    )
    if not moved:
        return
    approval.release(tx.session, rental)
    audit.rental(tx, rental, "cancel")
    notifications.update_member_card(tx, rental)
    notifications.update_desk_card(tx, rental)


def _tell(tx: Tx, organization: Organization) -> None:
    """Send one message to each chat of each active member, and one to the group; all in one go."""
    accounts = _accounts(tx, organization)
    elsewhere = _elsewhere(tx, organization)
    messages = []
    for account in accounts:
        other = elsewhere.get(account.id) if account.organization_id == organization.id else None
        if other is not None:
            account.organization_id = other.id
        messages.append(_notice(tx.now, organization, account.id, None, other.name if other else None))
    if organization.group_chat_id is not None:
        group = organization.group_chat_id, organization.group_thread_id
        messages.append(_notice(tx.now, organization, *group, None))
    tx.session.add_all(messages)
    tx.session.flush()


def _elsewhere(tx: Tx, organization: Organization) -> dict[int, Organization]:
    """Return, for the accounts that act in this organization, another one where they are active, by name."""
    rows = tx.session.execute(
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
        if user.is_active(tx.now):
            found.setdefault(account_id, other)
    return found


def _accounts(tx: Tx, organization: Organization) -> Sequence[ChatAccount]:
    rows = tx.session.execute(
        select(ChatAccount, User)
        .join(AccountLink, AccountLink.account_id == ChatAccount.id)
        .join(User, User.id == AccountLink.user_id)
        .where(AccountLink.organization_id == organization.id)
        .order_by(ChatAccount.id)
    )
    return [account for account, user in rows if user.is_active(tx.now) and account.blocked_at is None]


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


def reopen(tx: Tx, name: str) -> Organization | None:
    """Reopen a closed organization, for the operator; return None where it is open.

    Its group has to be bound anew. Raises NOT_FOUND.
    """
    organization = tx.session.scalar(select(Organization).filter_by(name=name).with_for_update())
    if organization is None:
        raise Refusal(Refused.NOT_FOUND)
    if organization.closed_at is None:
        return None
    organization.closed_at = None
    tx.session.flush()
    management.note(tx, organization, None, "reopen")
    return organization
