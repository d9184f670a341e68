"""Links for all who are members and not in Telegram yet."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AccountLink, User
from db.states import Role
from services import audit, invites
from services.importing.report import Invited
from services.people import Actor


def waiting(session: Session, organization_id: int, now: datetime, highest: Role = Role.LEADER) -> list[User]:
    """Active members whom no account leads to, up to this role."""
    linked = select(AccountLink.id).where(AccountLink.user_id == User.id).exists()
    found = session.scalars(
        select(User)
        .where(User.organization_id == organization_id, User.forgotten_at.is_(None), ~linked)
        .order_by(User.id)
    )
    return [user for user in found if user.is_active(now) and highest.covers(user.role)]


def renew(
    session: Session, organization_id: int, now: datetime, *, actor: Actor | None = None
) -> list[Invited]:
    """A new link for each of them, in place of those before; `actor` is None for the command line.

    Raises NOT_ALLOWED. Nobody makes a link to a member above their own role.
    """
    if actor is not None:
        actor.require(Role.ADMIN)
    users = waiting(session, organization_id, now, actor.role if actor is not None else Role.LEADER)
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
