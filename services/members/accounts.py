"""One Telegram account in several organizations: its memberships, and where it acts in private."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from db.models import AccountLink, ChatAccount, Claim, Organization, Rental, User
from db.states import ClaimStatus, Role
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx

SWITCHED = "switched"
"""Kind of the message that says where the account acts from now on."""


@dataclass(frozen=True)
class Membership:
    """An open organization in which an account can do something. `acts_here`: in private, it acts here.

    Not `active`: only to return what is still out.
    """

    organization_id: int
    name: str
    role: Role
    active: bool
    acts_here: bool


def memberships(tx: Tx, account_id: int) -> list[Membership]:
    """Return where this account is an active member, or has something to return, by name."""
    has_things = exists().where(
        Rental.user_id == User.id, Claim.rental_id == Rental.id, Claim.status == ClaimStatus.OUT
    )
    rows = tx.session.execute(
        select(Organization, User, has_things)
        .join(AccountLink, AccountLink.organization_id == Organization.id)
        .join(User, User.id == AccountLink.user_id)
        .where(AccountLink.account_id == account_id, Organization.closed_at.is_(None))
        .order_by(func.lower(Organization.name), Organization.id)
    )
    acts_in = current(tx.session, account_id)
    return [
        Membership(of.id, of.name, user.role, user.is_active(tx.now), of.id == acts_in)
        for of, user, has in rows
        if has or user.is_active(tx.now)
    ]


def is_in_several(session: Session, account_id: int) -> bool:
    """Return whether messages to it have to name their organization, also counting former memberships."""
    known: dict[int, int] = session.info.get(identity.LINKED, {})
    return (known[account_id] if account_id in known else len(_linked(session, account_id))) > 1


def _linked(session: Session, account_id: int) -> list[int]:
    """Return all open organizations that know this account, by name."""
    return list(
        session.scalars(
            select(Organization.id)
            .join(AccountLink, AccountLink.organization_id == Organization.id)
            .where(AccountLink.account_id == account_id, Organization.closed_at.is_(None))
            .order_by(func.lower(Organization.name), Organization.id)
        )
    )


def is_linked(session: Session, account_id: int, organization_id: int) -> bool:
    found = select(AccountLink.id).filter_by(account_id=account_id, organization_id=organization_id)
    return session.scalar(found) is not None


def leads_to(session: Session, account_id: int, user_id: int) -> bool:
    """Return whether this account is linked to that user."""
    found = select(AccountLink.id).filter_by(account_id=account_id, user_id=user_id)
    return session.scalar(found) is not None


def account(session: Session, account_id: int) -> ChatAccount | None:
    """Return a Telegram account that has written to the bot; None for any other."""
    return session.get(ChatAccount, account_id)


def known_as(session: Session, account_id: int, user_id: int | None) -> str:
    """Return the name of this user, or else of the account; empty where both are gone."""
    user = session.get(User, user_id) if user_id is not None else None
    if user is not None:
        return user.name_for_others()
    found = account(session, account_id)
    return found.first_name if found is not None else ""


def choose_language(session: Session, account_id: int, language: str) -> bool:
    """Set the language in which this account is written to; return False where it was set already."""
    row = session.get_one(ChatAccount, account_id)
    if row.language == language:
        return False
    row.language = language
    session.flush()
    return True


def current(session: Session, account_id: int) -> int | None:
    """Return the organization in which this account acts in private."""
    found = account(session, account_id)
    return found.organization_id if found is not None else None


def switch(tx: Tx, account_id: int, organization_id: int) -> Membership:
    """Act in this organization from now on. Raises NOT_FOUND where the account can do nothing there."""
    known = memberships(tx, account_id)
    chosen = next((one for one in known if one.organization_id == organization_id), None)
    if chosen is None:
        raise Refusal(Refused.NOT_FOUND)
    tx.session.get_one(ChatAccount, account_id).organization_id = organization_id
    tx.session.flush()
    return chosen


def move_on(tx: Tx, account_id: int, left_id: int) -> None:
    """Let an account that left an organization act in another of its own, if there is one."""
    row = tx.session.get_one(ChatAccount, account_id)
    if row.organization_id == left_id:
        known = [one.organization_id for one in memberships(tx, account_id)]
        others = [one for one in [*known, *_linked(tx.session, account_id)] if one != left_id]
        row.organization_id = others[0] if others else None
        tx.session.flush()
