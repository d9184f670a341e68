"""Former members: their data is still theirs to read, and to have erased.

An account stays linked where a membership ended. Where somebody left, the link is gone; a former link
remembers it, for this purpose only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import CompoundSelect, delete, func, select, union
from sqlalchemy.orm import Session

from db.models import AccountLink, FormerLink, Organization, User
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import accounts


@dataclass(frozen=True)
class Stored:
    """A user that an account was linked to, or is linked to without being able to do anything there."""

    user_id: int
    organization_id: int
    organization: str


def of(tx: Tx, account_id: int) -> list[Stored]:
    """Return the users stored for this account, except where they may act; by the organization's name."""
    found = tx.session.execute(
        select(User.id, Organization.id, Organization.name)
        .join(Organization, Organization.id == User.organization_id)
        .where(User.id.in_(_users(account_id)), User.forgotten_at.is_(None), Organization.closed_at.is_(None))
        .order_by(func.lower(Organization.name), User.id)
    )
    acting = {one.organization_id for one in accounts.memberships(tx, account_id)}
    linked = set(tx.session.scalars(select(AccountLink.user_id).filter_by(account_id=account_id)))
    return [Stored(*row) for row in found if row[0] not in linked or row[1] not in acting]


def _users(account_id: int) -> CompoundSelect[int]:
    return union(
        select(AccountLink.user_id).where(AccountLink.account_id == account_id),
        select(FormerLink.user_id).where(FormerLink.account_id == account_id),
    )


def is_of(session: Session, account_id: int, user_id: int) -> bool:
    """Return whether this account is linked to that user, or was when they left."""
    return user_id in session.scalars(_users(account_id)).all()


def identify(tx: Tx, account_id: int, user_id: int) -> Actor:
    """Return the current or former member behind this account, able only to see and erase their data.

    Raises NOT_FOUND for anybody else, also for an erased user, and CLOSED.
    """
    user = tx.session.get(User, user_id)
    if user is None or user.forgotten_at is not None or not is_of(tx.session, account_id, user_id):
        raise Refusal(Refused.NOT_FOUND)
    identity.require_open(tx.session, user.organization_id)
    return replace(identity.as_actor(user, account_id, tx.now), active=False)


def remember(tx: Tx, user: User, account_ids: Iterable[int]) -> None:
    """Remember which accounts were linked to a user who leaves now."""
    tx.session.add_all(FormerLink(account_id=one, user_id=user.id, left_at=tx.now) for one in account_ids)
    tx.session.flush()


def accounts_of(session: Session, user_id: int) -> list[int]:
    """Return the accounts that were linked to a user who has left."""
    query = select(FormerLink.account_id).filter_by(user_id=user_id).order_by(FormerLink.id)
    return list(session.scalars(query))


def drop(session: Session, user_id: int) -> None:
    """Delete the former links of a user who is back, or erased."""
    session.execute(delete(FormerLink).where(FormerLink.user_id == user_id))
    session.flush()
