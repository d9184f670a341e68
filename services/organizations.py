"""Organisations, and the group where their admins decide."""

from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization
from db.states import Role
from services import audit, invites
from services.errors import Refusal, Refused
from services.people import Actor
from services.searching import is_seen

LONGEST_NAME = 100


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

    Raises NAME_EMPTY, NAME_TAKEN, TOO_MUCH_TEXT, UNKNOWN_TIME_ZONE.
    """
    if not leader_first.strip():
        raise Refusal(Refused.NAME_EMPTY)
    organization = add(session, now, name=name, timezone=timezone, language=language)
    audit.note(
        session,
        now,
        organization_id=organization.id,
        user_id=None,
        action="create",
        subject="organization",
        subject_id=organization.id,
    )
    return invites.new(
        session,
        now,
        organization_id=organization.id,
        role=Role.LEADER,
        first_name=leader_first.strip(),
        last_name=leader_last.strip(),
    )


def add(session: Session, now: datetime, *, name: str, timezone: str, language: str) -> Organization:
    """The bare row. Raises NAME_EMPTY, NAME_TAKEN, TOO_MUCH_TEXT, UNKNOWN_TIME_ZONE."""
    organization = Organization(
        name=checked_name(session, name),
        timezone=checked_timezone(timezone),
        language=language,
        created_at=now,
    )
    session.add(organization)
    session.flush()
    return organization


def checked_name(session: Session, name: str, *, of: int | None = None) -> str:
    """The name without blanks around it, if no other organisation than `of` has it, in any capitals."""
    name = " ".join(name.split())
    if not is_seen(name):
        raise Refusal(Refused.NAME_EMPTY)
    if len(name) > LONGEST_NAME:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_NAME)
    others = session.execute(select(Organization.id, Organization.name))
    if any(row.id != of and row.name.casefold() == name.casefold() for row in others):
        raise Refusal(Refused.NAME_TAKEN)
    return name


def checked_timezone(timezone: str) -> str:
    if timezone not in available_timezones():
        raise Refusal(Refused.UNKNOWN_TIME_ZONE)
    return timezone


def check_name(first_name: str, last_name: str) -> None:
    """Raises NAME_EMPTY, TOO_MUCH_TEXT."""
    if not is_seen(first_name):
        raise Refusal(Refused.NAME_EMPTY)
    if len(first_name) > LONGEST_NAME or len(last_name) > LONGEST_NAME:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_NAME)


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
