"""A new member, and the account that leads to them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AccountLink, ChatAccount, Organization, User
from db.states import Role
from services.core import text
from services.members import former_members
from services.messaging import notifications


def new_user(
    session: Session, now: datetime, organization: Organization, role: Role, first_name: str, last_name: str
) -> User:
    """Raises NAME_EMPTY, TOO_MUCH_TEXT."""
    first_name, last_name = first_name.strip(), last_name.strip()
    text.check_person_name(first_name, last_name)
    user = User(
        organization_id=organization.id,
        first_name=first_name,
        last_name=last_name,
        role=role,
        custom={},
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def link(session: Session, now: datetime, user: User, account_id: int) -> None:
    """This account is that user, and acts there from now on.

    Whoever was linked before is told: it may not have been they who did it.
    """
    before = session.scalars(select(AccountLink.account_id).filter_by(user_id=user.id)).all()
    session.add(
        AccountLink(
            account_id=account_id, organization_id=user.organization_id, user_id=user.id, created_at=now
        )
    )
    former_members.drop(session, user.id)
    session.get_one(ChatAccount, account_id).organization_id = user.organization_id
    session.flush()
    if before:
        notifications.tell_user(session, now, user, "account_linked", accounts=before)
