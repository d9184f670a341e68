"""Invite links to an organization: tokens are random, stored as hashes, and expire."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session

from db.models import AccountLink, Invite, Organization, User
from db.states import Role
from services.core import audit, identity
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.tx import Tx


@dataclass(frozen=True, slots=True)
class Invited:
    """A new member, and the token of their invite, which is known only now."""

    name: str
    email: str
    phone: str
    token: str


DAYS = 14
"""Days until an invite expires, by default."""

PERSONAL_DAYS = 30
"""Days until a personal invite expires: an admin has to send them all first."""

_CHUNK = 500


def make(tx: Tx, *, role: Role, uses: int = 1, days: int = DAYS) -> str:
    """Return a token that makes its bearer a member with `role`, at most the actor's own.

    Only a hash is stored: the link cannot be shown a second time. Raises NOT_ALLOWED.
    """
    tx.actor.require(Role.ADMIN)
    if not tx.actor.role.covers(role):
        raise Refusal(Refused.NOT_ALLOWED, needed=role)
    return new(
        tx,
        role=role,
        uses=uses,
        days=days,
        created_by=tx.actor.user_id,
    )


def new(
    tx: Tx,
    *,
    role: Role,
    first_name: str | None = None,
    last_name: str | None = None,
    user_id: int | None = None,
    uses: int = 1,
    days: int = DAYS,
    created_by: int | None = None,
) -> str:
    """Return a token without checking the actor's role; for the existing member `user_id`, where given."""
    token = _token()
    row = Invite(
        organization_id=tx.organization_id,
        token_hash=hash_of(token),
        role=role,
        first_name=first_name,
        last_name=last_name,
        user_id=user_id,
        uses_left=uses,
        expires_at=periods.days_later(tx.now, days, tx.zone),
        created_by=created_by,
        created_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    details = {"member_id": user_id} if user_id is not None else {}
    audit.note(
        tx,
        "invite",
        "invite",
        row.id,
        organization_id=tx.organization_id,
        user_id=created_by,
        role=role,
        **details,
    )
    return token


def personal(
    tx: Tx, members: Sequence[tuple[int, Role]], *, created_by: int | None, delivered: bool = True
) -> list[str]:
    """Return a token for each of these members (id and role), in their order; earlier invites are void.

    `delivered`: they are handed over in one piece with this transaction, or after it by `note_delivered`.
    """
    for start in range(0, len(members), _CHUNK):
        withdraw(tx.session, [user_id for user_id, _ in members[start : start + _CHUNK]])
    tokens = [_token() for _ in members]
    rows = [
        {
            "organization_id": tx.organization_id,
            "token_hash": hash_of(token),
            "role": role,
            "user_id": user_id,
            "uses_left": 1,
            "delivered": delivered,
            "expires_at": periods.days_later(tx.now, PERSONAL_DAYS, tx.zone),
            "created_by": created_by,
            "created_at": tx.now,
        }
        for token, (user_id, role) in zip(tokens, members, strict=True)
    ]
    if rows:
        tx.session.execute(insert(Invite), rows)
    return tokens


def note_delivered(session: Session, tokens: Sequence[str]) -> None:
    """Note that somebody has these links now: no import replaces them unasked."""
    for start in range(0, len(tokens), _CHUNK):
        hashes = [hash_of(token) for token in tokens[start : start + _CHUNK]]
        session.execute(
            update(Invite)
            .where(Invite.token_hash.in_(hashes))
            .values(delivered=True)
            .execution_options(synchronize_session=False)
        )


def undelivered(tx: Tx, user_ids: Iterable[int]) -> set[int]:
    """Return those of these members who are in no chat yet, and whose link nobody ever got."""
    linked = select(AccountLink.id).where(AccountLink.user_id == Invite.user_id).exists()
    query = select(Invite.user_id).where(
        Invite.user_id.in_(list(user_ids)), Invite.uses_left > 0, Invite.delivered.is_(False), ~linked
    )
    return {user_id for user_id in tx.session.scalars(query) if user_id is not None}


def withdraw(session: Session, user_ids: Iterable[int]) -> None:
    """Void the invites of these members."""
    session.execute(
        update(Invite)
        .where(Invite.user_id.in_(list(user_ids)), Invite.uses_left > 0)
        .values(uses_left=0)
        .execution_options(synchronize_session=False)
    )


def look_at(tx: Tx, account_id: int, token: str) -> Invite:
    """Return the invite of a token, if this account may still use it.

    Raises INVITE_UNKNOWN, INVITE_USED, INVITE_EXPIRED, CLOSED, ALREADY_A_MEMBER, MEMBERSHIP_ENDED, SUSPENDED.
    """
    found = tx.session.scalar(select(Invite).filter_by(token_hash=hash_of(token)))
    if found is None:
        raise Refusal(Refused.INVITE_UNKNOWN)
    require_stranger(tx, account_id, found.organization_id)
    if found.uses_left < 1:
        raise Refusal(Refused.INVITE_USED)
    if found.expires_at <= tx.now:
        raise Refusal(Refused.INVITE_EXPIRED)
    return found


def get(session: Session, invite_id: int) -> Invite:
    """Return an invite by its id. Raises NoResultFound."""
    return session.get_one(Invite, invite_id)


def require_stranger(tx: Tx, account_id: int, organization_id: int) -> None:
    """Raise ALREADY_A_MEMBER, MEMBERSHIP_ENDED, SUSPENDED or CLOSED where the account cannot join."""
    organization = tx.session.get_one(Organization, organization_id)
    member = tx.session.scalar(
        select(User)
        .join(AccountLink, AccountLink.user_id == User.id)
        .where(AccountLink.account_id == account_id, AccountLink.organization_id == organization_id)
    )
    if member is not None:
        identity.as_actor(member, account_id, tx.now).require_active()
        raise Refusal(Refused.ALREADY_A_MEMBER, organization=organization.name)
    if organization.closed_at is not None:
        raise Refusal(Refused.CLOSED, organization=organization.name)


def _token() -> str:
    return "j_" + secrets.token_urlsafe(24)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def count(tx: Tx, highest: Role = Role.LEADER) -> int:
    """Return the number of active members up to this role without a linked account."""
    query = select(func.count(User.id)).where(*_waiting(tx, highest))
    return tx.session.scalar(query) or 0


def _waiting(tx: Tx, highest: Role) -> list[ColumnElement[bool]]:
    """Return SQL conditions: active as in `User.is_active`, without an account, at most this role."""
    linked = select(AccountLink.id).where(AccountLink.user_id == User.id).exists()
    return [
        User.organization_id == tx.organization_id,
        User.forgotten_at.is_(None),
        User.role.in_([role for role in Role if highest.covers(role)]),
        or_(User.active_from.is_(None), User.active_from <= tx.now),
        or_(User.active_until.is_(None), User.active_until > tx.now),
        or_(User.suspended_at.is_(None), User.suspended_until <= tx.now),
        ~linked,
    ]


def renew(tx: Tx) -> list[Invited]:
    """Return a new invite for each of them; earlier ones are void. On the command line nobody acts.

    Nobody makes an invite for a member above their own role. Raises NOT_ALLOWED.
    """
    if tx.acting is not None:
        tx.acting.require(Role.ADMIN)
    highest = tx.acting.role if tx.acting is not None else Role.LEADER
    conditions = _waiting(tx, highest)
    users = tx.session.scalars(select(User).where(*conditions).order_by(User.id)).all()
    if not users:
        return []
    user_id = tx.acting.user_id if tx.acting is not None else None
    members = [(user.id, user.role) for user in users]
    tokens = personal(tx, members, created_by=user_id)
    audit.note(
        tx,
        "invite_all",
        "organization",
        tx.organization_id,
        user_id=user_id,
        members=len(users),
    )
    return [
        Invited(user.name, user.email or "", user.phone or "", token)
        for user, token in zip(users, tokens, strict=True)
    ]
