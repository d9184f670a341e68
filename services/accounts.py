"""One Telegram account in several organisations: where it is a member, and where it acts in private."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AccountLink, ChatAccount, Organization
from services.errors import Refusal, Refused


def organizations_of(session: Session, account_id: int) -> list[Organization]:
    """Those in which this account is somebody, by name; without those that are closed."""
    return list(
        session.scalars(
            select(Organization)
            .join(AccountLink, AccountLink.organization_id == Organization.id)
            .where(AccountLink.account_id == account_id, Organization.closed_at.is_(None))
            .order_by(func.lower(Organization.name), Organization.id)
        )
    )


def is_in_several(session: Session, account_id: int) -> bool:
    return len(organizations_of(session, account_id)) > 1


def is_linked(session: Session, account_id: int, organization_id: int) -> bool:
    found = select(AccountLink.id).filter_by(account_id=account_id, organization_id=organization_id)
    return session.scalar(found) is not None


def leads_to(session: Session, account_id: int, user_id: int) -> bool:
    """Whether this account is that user."""
    found = select(AccountLink.id).filter_by(account_id=account_id, user_id=user_id)
    return session.scalar(found) is not None


def current(session: Session, account_id: int) -> int | None:
    """The organisation in which this account acts when in private."""
    return session.scalar(select(ChatAccount.organization_id).filter_by(id=account_id))


def switch(session: Session, account_id: int, organization_id: int) -> Organization:
    """Act in this organisation from now on. Raises NOT_FOUND where the account is nobody there."""
    chosen = next((o for o in organizations_of(session, account_id) if o.id == organization_id), None)
    if chosen is None:
        raise Refusal(Refused.NOT_FOUND)
    session.get_one(ChatAccount, account_id).organization_id = chosen.id
    session.flush()
    return chosen


def move_on(session: Session, account_id: int, left_id: int) -> None:
    """The account is nobody in that organisation any more: it acts in another of its own, if there is one."""
    account = session.get_one(ChatAccount, account_id)
    if account.organization_id == left_id:
        others = [one.id for one in organizations_of(session, account_id) if one.id != left_id]
        account.organization_id = others[0] if others else None
        session.flush()
