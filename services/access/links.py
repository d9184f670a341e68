"""One-time links: a login by QR code, confirmed in the chat; and the code for a forgotten password."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from db.models import LoginLink, User
from db.states import LoginLinkKind
from services.access import tokens
from services.access.tokens import LONGEST_NAME, Made, hash_of
from services.core.errors import Refusal, Refused
from services.core.text import is_seen, one_line
from services.core.tx import Tx

KEPT = timedelta(days=1)
"""For links that are over."""

VALID = {LoginLinkKind.QR: timedelta(minutes=5), LoginLinkKind.PASSWORD: timedelta(minutes=15)}
PREFIX = "l_"
"""The beginning of what a link for the chat carries."""

CODE_PREFIX = "p_"
"""The beginning of a code for a password: it is struck out of what is kept of the chat."""


@dataclass(frozen=True)
class Begun:
    """A login by QR code: `link` is for the chat, `poll` for the page that waits."""

    link: str
    poll: str
    expires_at: datetime


def begin(tx: Tx, name: str) -> Begun:
    """Begin a login by QR code, for somebody who is not known yet. `name` tells them what asks."""
    name = one_line(name)[:LONGEST_NAME]
    begun = Begun(
        PREFIX + secrets.token_urlsafe(24), secrets.token_urlsafe(32), tx.now + VALID[LoginLinkKind.QR]
    )
    tx.session.add(
        LoginLink(
            kind=LoginLinkKind.QR,
            name=name if is_seen(name) else "QR",
            link_hash=hash_of(begun.link),
            poll_hash=hash_of(begun.poll),
            created_at=tx.now,
            expires_at=begun.expires_at,
        )
    )
    tx.session.flush()
    return begun


def opened(tx: Tx, link: str) -> LoginLink:
    """Return the login that a link is about, which from now on only the actor can confirm.

    Raises LINK_OVER, also where somebody else opened it first.
    """
    tx.actor.require_active()
    row = tx.session.scalar(
        select(LoginLink).filter_by(link_hash=hash_of(link), kind=LoginLinkKind.QR).with_for_update()
    )
    if row is None or _is_over(row, tx.now) or row.user_id not in (None, tx.actor.user_id):
        raise Refusal(Refused.LINK_OVER)
    row.user_id = tx.actor.user_id
    tx.session.flush()
    return row


def _is_over(row: LoginLink, now: datetime) -> bool:
    return row.expires_at <= now or row.used_at is not None or row.confirmed_at is not None


def _own(tx: Tx, link_id: int) -> LoginLink:
    row = tx.session.get(LoginLink, link_id)
    if row is None or row.user_id != tx.actor.user_id or row.kind is not LoginLinkKind.QR:
        raise Refusal(Refused.NOT_FOUND)
    tx.session.refresh(row, with_for_update=True)
    if _is_over(row, tx.now):
        raise Refusal(Refused.LINK_OVER)
    return row


def confirm(tx: Tx, link_id: int) -> None:
    """Let whoever waits sign in as the actor. Raises NOT_FOUND, LINK_OVER, SUSPENDED, MEMBERSHIP_ENDED."""
    tx.actor.require_active()
    _own(tx, link_id).confirmed_at = tx.now
    tx.session.flush()


def refuse(tx: Tx, link_id: int) -> None:
    """Let nobody sign in by this link. Raises NOT_FOUND, LINK_OVER."""
    _own(tx, link_id).used_at = tx.now
    tx.session.flush()


def poll(tx: Tx, secret: str) -> Made | None:
    """Return the token of a login that was confirmed, once; None while it waits. Raises LINK_OVER."""
    row = tx.session.scalar(select(LoginLink).filter_by(poll_hash=hash_of(secret)).with_for_update())
    if row is None or row.used_at is not None or row.expires_at <= tx.now:
        raise Refusal(Refused.LINK_OVER)
    if row.confirmed_at is None or row.user_id is None:
        return None
    row.used_at = tx.now
    return tokens.make_for_login(tx, tx.session.get_one(User, row.user_id), row.name)


def for_password(tx: Tx, user: User) -> str:
    """Return a code with which this member can set a password; earlier ones are void."""
    tx.session.execute(delete(LoginLink).filter_by(user_id=user.id, kind=LoginLinkKind.PASSWORD))
    code = CODE_PREFIX + secrets.token_urlsafe(24)
    tx.session.add(
        LoginLink(
            kind=LoginLinkKind.PASSWORD,
            link_hash=hash_of(code),
            user_id=user.id,
            created_at=tx.now,
            expires_at=tx.now + VALID[LoginLinkKind.PASSWORD],
        )
    )
    tx.session.flush()
    return code


def use_for_password(tx: Tx, code: str) -> User:
    """Return the member whose code this is, and void it. Raises LINK_OVER."""
    row = tx.session.scalar(
        select(LoginLink).filter_by(link_hash=hash_of(code), kind=LoginLinkKind.PASSWORD).with_for_update()
    )
    if row is None or row.user_id is None or _is_over(row, tx.now):
        raise Refusal(Refused.LINK_OVER)
    row.used_at = tx.now
    user = tx.session.get_one(User, row.user_id)
    if user.forgotten_at is not None:
        raise Refusal(Refused.LINK_OVER)
    return user


def tidy(tx: Tx) -> None:
    """Delete links that are over since yesterday."""
    tx.session.execute(
        delete(LoginLink)
        .where(LoginLink.expires_at < tx.now - KEPT)
        .execution_options(synchronize_session=False)
    )


PASSWORD_ASKED = "password_asked"
"""Kind of the message with the button for a new password."""
