"""Organisations, the links that lead into them, and the group where their admins decide."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from db.models import AccountLink, ChatAccount, Invite, Organization, User
from db.states import Role
from services import audit
from services.errors import Refusal, Refused
from services.people import Actor
from services.searching import is_seen

INVITE_DAYS = 14
"""How long a link leads in, unless said otherwise."""

LONGEST_NAME = 100
LONGEST_EMAIL = 254
"""Characters: RFC 5321, 4.5.3.1.3, less the angle brackets."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def create(
    session: Session,
    now: datetime,
    *,
    name: str,
    timezone: str,
    leader_first: str,
    leader_last: str = "",
    language: str = "en",
) -> str:
    """A new organisation; returns the token whose bearer becomes its first LEADER.

    Raises NAME_EMPTY, NAME_TAKEN, UNKNOWN_TIME_ZONE.
    """
    name = name.strip()
    if not name or not leader_first.strip():
        raise Refusal(Refused.NAME_EMPTY)
    if session.scalar(select(Organization.id).filter_by(name=name)):
        raise Refusal(Refused.NAME_TAKEN)
    if timezone not in available_timezones():
        raise Refusal(Refused.UNKNOWN_TIME_ZONE)
    organization = Organization(name=name, timezone=timezone, language=language, created_at=now)
    session.add(organization)
    session.flush()
    audit.note(
        session,
        now,
        organization_id=organization.id,
        user_id=None,
        action="create",
        subject="organization",
        subject_id=organization.id,
    )
    return _new_invite(
        session,
        now,
        organization_id=organization.id,
        role=Role.LEADER,
        first_name=leader_first.strip(),
        last_name=leader_last.strip(),
    )


def zone(organization: Organization) -> ZoneInfo:
    return ZoneInfo(organization.timezone)


def invite(
    session: Session, actor: Actor, now: datetime, *, role: Role, uses: int = 1, days: int = INVITE_DAYS
) -> str:
    """A token that makes its bearer a member with `role`; never above the inviter's own.

    Raises NOT_ALLOWED. Only a hash is kept: the link cannot be shown a second time.
    """
    actor.require(Role.ADMIN)
    if not actor.role.covers(role):
        raise Refusal(Refused.NOT_ALLOWED, needed=role)
    return _new_invite(
        session,
        now,
        organization_id=actor.organization_id,
        role=role,
        uses=uses,
        days=days,
        created_by=actor.user_id,
    )


def _new_invite(
    session: Session,
    now: datetime,
    *,
    organization_id: int,
    role: Role,
    first_name: str | None = None,
    last_name: str | None = None,
    uses: int = 1,
    days: int = INVITE_DAYS,
    created_by: int | None = None,
) -> str:
    token = "j_" + secrets.token_urlsafe(24)
    row = Invite(
        organization_id=organization_id,
        token_hash=_hash(token),
        role=role,
        first_name=first_name,
        last_name=last_name,
        uses_left=uses,
        expires_at=now + timedelta(days=days),
        created_by=created_by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    audit.note(
        session,
        now,
        organization_id=organization_id,
        user_id=created_by,
        action="invite",
        subject="invite",
        subject_id=row.id,
        role=role,
    )
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def look_at_invite(session: Session, account_id: int, token: str, now: datetime) -> Invite:
    """The invite behind a token, if this account may still use it.

    Raises INVITE_UNKNOWN, INVITE_USED, INVITE_EXPIRED, CLOSED, ALREADY_A_MEMBER, MEMBERSHIP_ENDED.
    """
    found = session.scalar(select(Invite).filter_by(token_hash=_hash(token)))
    if found is None:
        raise Refusal(Refused.INVITE_UNKNOWN)
    _require_outside(session, account_id, found.organization_id, now)
    if found.uses_left < 1:
        raise Refusal(Refused.INVITE_USED)
    if found.expires_at <= now:
        raise Refusal(Refused.INVITE_EXPIRED)
    return found


def _require_outside(session: Session, account_id: int, organization_id: int, now: datetime) -> None:
    """Raise what speaks against joining this organisation at all."""
    organization = session.get_one(Organization, organization_id)
    member = session.scalar(
        select(User)
        .join(AccountLink, AccountLink.user_id == User.id)
        .where(AccountLink.account_id == account_id, AccountLink.organization_id == organization_id)
    )
    if member is not None and not member.is_active(now):
        raise Refusal(Refused.MEMBERSHIP_ENDED)
    if member is not None:
        raise Refusal(Refused.ALREADY_A_MEMBER, organization=organization.name)
    if organization.closed_at is not None:
        raise Refusal(Refused.CLOSED, organization=organization.name)


def check_name(first_name: str, last_name: str) -> None:
    """Raises NAME_EMPTY, TOO_MUCH_TEXT."""
    if not is_seen(first_name):
        raise Refusal(Refused.NAME_EMPTY)
    if len(first_name) > LONGEST_NAME or len(last_name) > LONGEST_NAME:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_NAME)


def join(
    session: Session,
    now: datetime,
    *,
    account_id: int,
    invite_id: int,
    first_name: str,
    last_name: str = "",
    email: str | None = None,
) -> User:
    """Use an invite: a new user with its role, linked to the account, which now acts in that organisation.

    Raises as `look_at_invite` does, and NAME_EMPTY, TOO_MUCH_TEXT, BAD_EMAIL, EMAIL_TAKEN.
    """
    first_name, last_name = first_name.strip(), last_name.strip()
    check_name(first_name, last_name)
    if email is not None:
        email = checked_email(session, session.get_one(Invite, invite_id).organization_id, email)
    row = session.get_one(Invite, invite_id)
    _require_outside(session, account_id, row.organization_id, now)
    if row.expires_at <= now:
        raise Refusal(Refused.INVITE_EXPIRED)
    taken = session.execute(
        update(Invite)
        .where(Invite.id == invite_id, Invite.uses_left > 0)
        .values(uses_left=Invite.uses_left - 1)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", taken).rowcount != 1:
        raise Refusal(Refused.INVITE_USED)
    user = User(
        organization_id=row.organization_id,
        first_name=first_name,
        last_name=last_name,
        email=email,
        role=row.role,
        created_at=now,
    )
    session.add(user)
    session.flush()
    session.add(
        AccountLink(
            account_id=account_id, organization_id=row.organization_id, user_id=user.id, created_at=now
        )
    )
    session.get_one(ChatAccount, account_id).organization_id = row.organization_id
    audit.note(
        session,
        now,
        organization_id=row.organization_id,
        user_id=user.id,
        action="join",
        subject="user",
        subject_id=user.id,
        role=row.role,
    )
    return user


def checked_email(session: Session, organization_id: int, email: str) -> str:
    """The address in lower case. Raises BAD_EMAIL, EMAIL_TAKEN: each address belongs to one member.

    The shape is checked, no more: whether mail arrives there only mail can tell.
    """
    email = email.strip().lower()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise Refusal(Refused.BAD_EMAIL)
    if session.scalar(select(User.id).filter_by(organization_id=organization_id, email=email)):
        raise Refusal(Refused.EMAIL_TAKEN)
    return email


def bind_group(
    session: Session, actor: Actor, now: datetime, *, chat_id: int, thread_id: int | None, title: str
) -> Organization:
    """Make this chat the organisation's admin group, if it is not. Raises NOT_ALLOWED, GROUP_TAKEN."""
    actor.require(Role.ADMIN)
    other = session.scalar(select(Organization).filter_by(group_chat_id=chat_id))
    if other is not None and other.id != actor.organization_id:
        raise Refusal(Refused.GROUP_TAKEN)
    organization = session.get_one(Organization, actor.organization_id)
    organization.group_title = title[:255]
    if (organization.group_chat_id, organization.group_thread_id) == (chat_id, thread_id):
        return organization
    organization.group_chat_id, organization.group_thread_id = chat_id, thread_id
    audit.note(
        session,
        now,
        organization_id=organization.id,
        user_id=actor.user_id,
        action="bind_group",
        subject="organization",
        subject_id=organization.id,
        chat_id=chat_id,
    )
    return organization


def unbind_group(session: Session, now: datetime, *, chat_id: int) -> Organization | None:
    """The bot was removed from a group: requests go to the admins in private from now on."""
    organization = session.scalar(select(Organization).filter_by(group_chat_id=chat_id))
    if organization is None:
        return None
    organization.group_chat_id = None
    organization.group_thread_id = None
    audit.note(
        session,
        now,
        organization_id=organization.id,
        user_id=None,
        action="unbind_group",
        subject="organization",
        subject_id=organization.id,
        chat_id=chat_id,
    )
    return organization


def of_group(session: Session, chat_id: int) -> Organization:
    """The organisation whose admin group this chat is. Raises GROUP_NOT_BOUND."""
    organization = session.scalar(select(Organization).filter_by(group_chat_id=chat_id))
    if organization is None:
        raise Refusal(Refused.GROUP_NOT_BOUND)
    return organization
