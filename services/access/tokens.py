"""API tokens: made by a member in the chat or by a login, shown once, stored as hashes, revocable."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from db.models import AccountLink, ApiRequest, ApiToken, LoginLink, Password, User
from db.states import Role
from services.core import audit, identity
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.text import is_seen, one_line
from services.core.tx import Tx

PREFIX = "eql_"
"""The beginning of each token, by which secret scanners know it."""

LONGEST_NAME = 60
MOST = 20
"""Valid tokens of one member."""

USUAL_DAYS, MOST_DAYS = 90, 366
LOGIN_HOURS = 12
_USED_EVERY = timedelta(hours=1)
"""The precision of the moment at which a token was used last."""


@dataclass(frozen=True)
class Made:
    """A new token; `secret` is known only now."""

    id: int
    secret: str
    name: str
    role: Role
    expires_at: datetime


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def make(tx: Tx, *, name: str, role: Role | None = None, days: int = USUAL_DAYS) -> Made:
    """Make a token for the actor; `role` is the most that it may do, by default the actor's own.

    Raises SUSPENDED, MEMBERSHIP_ENDED, NAME_EMPTY, TOO_MUCH_TEXT, NOT_ALLOWED for a role above the actor's,
    OUT_OF_RANGE, TOO_MANY_TOKENS.
    """
    tx.actor.require_active()
    name = one_line(name)
    if not is_seen(name):
        raise Refusal(Refused.NAME_EMPTY)
    if len(name) > LONGEST_NAME:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_NAME)
    role = tx.actor.role if role is None else role
    if not tx.actor.role.covers(role):
        raise Refusal(Refused.NOT_ALLOWED, needed=role)
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(Refused.OUT_OF_RANGE, least=1, most=MOST_DAYS)
    tx.session.execute(select(User.id).where(User.id == tx.actor.user_id).with_for_update(key_share=True))
    if len(listed(tx)) >= MOST:
        raise Refusal(Refused.TOO_MANY_TOKENS, most=MOST)
    return _add(tx, tx.actor, name, role, timedelta(days=days), is_login=False)


def make_for_login(tx: Tx, user: User, name: str) -> Made:
    """Make a token for somebody who has just proved who they are."""
    actor = identity.as_actor(user, 0, tx.now)
    return _add(tx.by(actor), actor, name, user.role, timedelta(hours=LOGIN_HOURS), is_login=True)


def _add(tx: Tx, actor: Actor, name: str, role: Role, valid: timedelta, *, is_login: bool) -> Made:
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        name=name,
        token_hash=hash_of(secret),
        role=role,
        is_login=is_login,
        created_at=tx.now,
        expires_at=tx.now + valid,
    )
    tx.session.add(row)
    tx.session.flush()
    audit.note(tx, "login" if is_login else "make_token", "user", actor.user_id, role=role)
    return Made(row.id, secret, name, role, row.expires_at)


def actor_of(tx: Tx, secret: str) -> Actor | None:
    """Return who acts with this token: with its name, and at most with its role; None where it is not valid.

    A suspended or former member is an inactive actor. Raises CLOSED.
    """
    found = tx.session.execute(
        select(ApiToken, User)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == hash_of(secret), ApiToken.revoked_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    token, user = found
    if token.expires_at <= tx.now or user.forgotten_at is not None:
        return None
    actor = actor_by_password(tx, user)
    role = min(user.role, token.role, key=lambda role: role.rank)
    name = identity.with_program(actor.name, None if token.is_login else token.name)
    return replace(actor, role=role, name=name, token_id=token.id)


def actor_by_password(tx: Tx, user: User) -> Actor:
    """Return the actor of a member who has proved their password. Raises CLOSED."""
    identity.require_open(tx.session, user.organization_id)
    account = tx.session.scalar(
        select(AccountLink.account_id).where(AccountLink.user_id == user.id).order_by(AccountLink.id).limit(1)
    )
    return replace(identity.as_actor(user, account or 0, tx.now), token_id=0)


def note_use(tx: Tx, actor: Actor) -> None:
    """Remember when a token was used, to the hour."""
    row = tx.session.get(ApiToken, actor.token_id) if actor.token_id else None
    if row is not None and is_stale(row, tx.now):
        row.used_at = tx.now


def is_stale(row: ApiToken, now: datetime) -> bool:
    return row.used_at is None or row.used_at < now - _USED_EVERY


def needs_note(tx: Tx, actor: Actor) -> bool:
    """Return whether the last use known of this token is long ago."""
    row = tx.session.get(ApiToken, actor.token_id) if actor.token_id else None
    return row is not None and is_stale(row, tx.now)


def listed(tx: Tx) -> Sequence[ApiToken]:
    """Return the actor's own valid tokens, without those of logins, the newest first."""
    return tx.session.scalars(
        select(ApiToken)
        .where(
            ApiToken.user_id == tx.actor.user_id,
            ApiToken.is_login.is_(False),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > tx.now,
        )
        .order_by(ApiToken.id.desc())
    ).all()


def revoke(tx: Tx, token_id: int) -> ApiToken:
    """End one of the actor's own tokens; one that has ended stays so. Raises NOT_FOUND."""
    row = tx.session.get(ApiToken, token_id)
    if row is None or row.user_id != tx.actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    if row.revoked_at is None:
        row.revoked_at = tx.now
        tx.session.flush()
        audit.note(tx, "revoke_token", "user", tx.actor.user_id)
    return row


def revoke_all(session: Session, user_id: int, now: datetime) -> None:
    """End all tokens of a member, and the links that could give them one."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session="fetch")
    )
    session.execute(delete(LoginLink).where(LoginLink.user_id == user_id))


def erase(session: Session, user_id: int) -> None:
    """Delete all that is stored for the access of an erased member."""
    for table in (ApiToken, LoginLink, Password, ApiRequest):
        session.execute(
            delete(table).where(table.user_id == user_id).execution_options(synchronize_session=False)
        )


def names(session: Session, token_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of tokens by id, also of those that have ended."""
    rows = session.execute(select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(token_ids)))
    return dict(rows.all())
