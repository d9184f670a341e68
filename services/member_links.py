"""Links for all who are members and not in Telegram yet."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from db.models import AccountLink, User
from db.states import Role
from services import audit, invites
from services.importing.report import Invited
from services.people import Actor


def count(session: Session, organization_id: int, now: datetime, highest: Role = Role.LEADER) -> int:
    """How many active members up to this role no account leads to."""
    query = select(func.count(User.id)).where(*_waiting(organization_id, now, highest))
    return session.scalar(query) or 0


def _waiting(organization_id: int, now: datetime, highest: Role) -> list[ColumnElement[bool]]:
    """User.is_active, for the database; and no account."""
    linked = select(AccountLink.id).where(AccountLink.user_id == User.id).exists()
    return [
        User.organization_id == organization_id,
        User.forgotten_at.is_(None),
        User.role.in_([role for role in Role if highest.covers(role)]),
        or_(User.active_from.is_(None), User.active_from <= now),
        or_(User.active_until.is_(None), User.active_until > now),
        or_(User.suspended_at.is_(None), User.suspended_until <= now),
        ~linked,
    ]


def renew(
    session: Session, organization_id: int, now: datetime, *, actor: Actor | None = None
) -> list[Invited]:
    """A new link for each of them, in place of those before; `actor` is None for the command line.

    Raises NOT_ALLOWED. Nobody makes a link to a member above their own role.
    """
    if actor is not None:
        actor.require(Role.ADMIN)
    highest = actor.role if actor is not None else Role.LEADER
    conditions = _waiting(organization_id, now, highest)
    users = session.scalars(select(User).where(*conditions).order_by(User.id)).all()
    if not users:
        return []
    user_id = actor.user_id if actor is not None else None
    members = [(user.id, user.role) for user in users]
    tokens = invites.personal(session, now, organization_id, members, created_by=user_id)
    audit.note(
        session,
        now,
        organization_id=organization_id,
        user_id=user_id,
        action="invite_all",
        subject="organization",
        subject_id=organization_id,
        members=len(users),
    )
    return [
        Invited(user.name, user.email or "", user.phone or "", token)
        for user, token in zip(users, tokens, strict=True)
    ]
