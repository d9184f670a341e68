"""Access by HTTP: tokens, passwords, one-time links, failed logins, and requests that were answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import NEVER_REUSE_IDS, Base, one_of
from db.states import LoginLinkKind, Role


class ApiToken(Base):
    """A token of a member for programs; `role` is the most that it may do. Only its hash is stored.

    `is_login`: it was given for a password or a QR code, not made by `/token`.
    """

    __tablename__ = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_user_id", "user_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    is_login: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Password(Base):
    """A member's password, as argon2 hashes it."""

    __tablename__ = "passwords"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]


class LoginLink(Base):
    """A one-time link: a login by QR code that somebody confirms in the chat, or a forgotten password.

    `link_hash` is of what the link carries, `poll_hash` of what the page asks with, whether it is confirmed.
    `user_id`: the member who confirmed it, or whose password it is.
    """

    __tablename__ = "login_links"
    __table_args__ = (Index("ix_login_links_user_id", "user_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LoginLinkKind] = mapped_column(one_of(LoginLinkKind, "kind"))
    name: Mapped[str] = mapped_column(String(60), default="")
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    poll_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class LoginFailure(Base):
    """Failed logins in a row, of one account or from one address; `subject` is a hash of either."""

    __tablename__ = "login_failures"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]


class ApiRequest(Base):
    """A writing request with an Idempotency-Key, and its answer, which is given again to the same request."""

    __tablename__ = "api_requests"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_api_requests_created_at", "created_at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    key: Mapped[str] = mapped_column(String(100))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    headers: Mapped[str] = mapped_column(Text, default="{}")
    body: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
