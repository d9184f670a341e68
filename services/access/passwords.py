"""Passwords: where an organization allows them, hashed by argon2, known to nobody.

To hash takes long on purpose: it is done outside of transactions, and the hash is stored afterwards.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select, update

from db.models import ApiToken, Organization, Password, User
from services.core import audit, policy
from services.core.errors import Refusal, Refused
from services.core.text import same_letters
from services.core.tx import Tx

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 200
_MOST_OF_A_NAME = 5
"""The most organizations in which one name is tried."""


@dataclass(frozen=True)
class Candidate:
    """A member whom a name may mean, and the hash of their password."""

    user_id: int
    hash: str


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    # The second of the settings that OWASP recommends: little memory, as many may sign in at once.
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str) -> str:
    """Return a password's hash; takes long. Raises PASSWORD_LENGTH."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refusal(Refused.PASSWORD_LENGTH, least=SHORTEST, most=LONGEST)
    return _hasher().hash(password.encode("utf-8", "replace"))


@cache
def nobodys() -> str:
    """Return the hash that is compared where there is no account: it takes as long."""
    return _hasher().hash("nobody has this password")


def is_right(hash_: str, password: str) -> bool:
    """Return whether the password has this hash; takes long."""
    from argon2.exceptions import VerificationError

    if len(password) > LONGEST:
        password = ""
    try:
        return _hasher().verify(hash_, password.encode("utf-8", "replace"))
    except VerificationError:
        return False


def candidates(tx: Tx, name: str, organization_id: int | None = None) -> list[Candidate]:
    """Return the members with this username or email and a password, where their organization allows it."""
    rows = tx.session.execute(_named(name, organization_id).join(Password, Password.user_id == User.id)).all()
    found = []
    for user, organization in rows:
        if _allows(organization):
            found.append(Candidate(user.id, tx.session.get_one(Password, user.id).hash))
    return found


def members(tx: Tx, name: str, organization_id: int | None = None) -> list[User]:
    """Return the members with this username or email who may have a password."""
    rows = tx.session.execute(_named(name, organization_id)).all()
    return [user for user, organization in rows if _allows(organization)]


def _named(name: str, organization_id: int | None) -> Select[Any, Any]:
    name = name.strip()
    query = (
        select(User, Organization)
        .join(Organization, Organization.id == User.organization_id)
        .where(
            same_letters(User.username, {name}) | same_letters(User.email, {name}),
            User.forgotten_at.is_(None),
            Organization.closed_at.is_(None),
        )
        .order_by(User.id)
        .limit(_MOST_OF_A_NAME)
    )
    return query if organization_id is None else query.where(User.organization_id == organization_id)


def _allows(organization: Organization) -> bool:
    return policy.of(organization).passwords


def user_of(tx: Tx, user_id: int, hash_: str) -> User | None:
    """Return the member whose password was proved, unless it, or the rules, changed meanwhile."""
    user, password = tx.session.get(User, user_id), tx.session.get(Password, user_id)
    if user is None or password is None or password.hash != hash_ or user.forgotten_at is not None:
        return None
    return user if _allows(tx.organization_of(user.organization_id)) else None


def own_hash(tx: Tx) -> str | None:
    """Return the hash of the actor's password; None where they have none. Raises PASSWORDS_OFF."""
    if not tx.policy.passwords:
        raise Refusal(Refused.PASSWORDS_OFF)
    row = tx.session.get(Password, tx.actor.user_id)
    return row.hash if row is not None else None


def store(tx: Tx, user: User, hash_: str) -> None:
    """Give a member this password; whoever is signed in with the old one is not any more.

    Raises PASSWORDS_OFF.
    """
    if not _allows(tx.organization_of(user.organization_id)):
        raise Refusal(Refused.PASSWORDS_OFF)
    row = tx.session.get(Password, user.id)
    if row is None:
        row = Password(user_id=user.id, hash=hash_, changed_at=tx.now)
        tx.session.add(row)
    row.hash, row.changed_at = hash_, tx.now
    tx.session.execute(
        update(ApiToken)
        .where(ApiToken.user_id == user.id, ApiToken.is_login.is_(True), ApiToken.revoked_at.is_(None))
        .values(revoked_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    tx.session.flush()
    audit.note(tx, "set_password", "user", user.id, organization_id=user.organization_id, user_id=user.id)
