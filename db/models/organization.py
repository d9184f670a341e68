"""Organizations, their members, and the Telegram accounts linked to them."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
    inspect,
    text,
    true,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from db.folding import fold
from db.models.base import NEVER_REUSE_IDS, Base, one_of, unique_where
from db.states import CalendarScope, JoinStatus, Role

FORMER_MEMBER = "Former member"
"""The stored name of an erased member; it is shown in the reader's language."""


LONGEST_TEXT = 640
"""Letters of `User.search_text`; PostgreSQL's indexes take no longer ones, whatever the letters."""

_WORDS = ("first_name", "last_name", "username", "email", "membership_id", "phone")

SEARCHED = (*_WORDS, "forgotten_at")
"""The columns that `User.search_text` follows from."""


def searched(values: Mapping[str, Any]) -> str:
    """Return the text that a member is found by, the name first, from the values of SEARCHED.

    Empty for an erased one.
    """
    if values.get("forgotten_at") is not None:
        return ""
    first, last, *others, phone = (values.get(name) or "" for name in _WORDS)
    digits = "".join(c for c in phone if c.isdigit())
    return "\n".join(fold(one) for one in (f"{first} {last}", *others, phone, digits))[:LONGEST_TEXT]


def _searched(context: DefaultExecutionContext) -> str:
    values: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return searched(values)


class Organization(Base):
    """The owner of equipment. `policy` holds what differs from the defaults (services/core/policy.py).

    `labels`: what it calls the fields that all have (services/organizations/standard_labels.py).
    """

    __tablename__ = "organizations"
    __table_args__ = (Index("uq_organizations_number", "number", unique=True), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    number: Mapped[str | None] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(Text)
    postal_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(100))
    other_id: Mapped[str | None] = mapped_column(String(100))
    comment: Mapped[str | None] = mapped_column(Text)
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    labels: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    timezone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8), default="en")
    policy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    group_chat_id: Mapped[int | None] = mapped_column(unique=True)
    group_thread_id: Mapped[int | None]
    group_title: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class User(Base):
    """A member of one organization, active from `active_from` until `active_until` where those are set.

    Not while suspended, which ends at `suspended_until` or never. `forgotten_at`: personal data was erased.
    `note` is for admins. `name_is_shared`: another member has the same name (services/members/namesakes.py).
    `is_anonymous`: nobody, in whose place stand all whose rentals were made anonymous; one per organization.
    `search_text`: what they are found by, kept whenever one is added, or changed as a row; a statement that
    changes many sets it too (`searched`).
    `card_token`, unique across organizations, is in the QR code of their card, once they asked for one.
    """

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("organization_id", "email"),
        UniqueConstraint("organization_id", "username"),
        unique_where("uq_users_one_anonymous", "organization_id", where="is_anonymous"),
        Index("ix_users_search_text", "organization_id", "search_text"),
        Index(
            "ix_users_by_name",
            "organization_id",
            "forgotten_at",
            text("lower(first_name)"),
            text("lower(last_name)"),
            "id",
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100), default="")
    username: Mapped[str | None] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    membership_id: Mapped[str | None] = mapped_column(String(100))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(100))
    born_on: Mapped[date | None]
    other_id: Mapped[str | None] = mapped_column(String(100))
    note: Mapped[str | None] = mapped_column(Text)
    role: Mapped[Role] = mapped_column(one_of(Role, "role"), default=Role.USER)
    active_from: Mapped[datetime | None]
    active_until: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    suspended_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    suspended_reason: Mapped[str | None] = mapped_column(Text)
    forgotten_at: Mapped[datetime | None]
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    name_is_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())
    card_token: Mapped[str | None] = mapped_column(String(32), unique=True, index=True)
    search_text: Mapped[str] = mapped_column(
        String(LONGEST_TEXT).with_variant(String(LONGEST_TEXT, collation="C"), "postgresql"),
        default=_searched,
        server_default=text("''"),
        deferred=True,
    )

    @property
    def name(self) -> str:
        if self.forgotten_at is not None:
            return FORMER_MEMBER
        return f"{self.first_name} {self.last_name}".strip()

    def name_for_others(self, *, admins: bool = False) -> str:
        """Return the name as others read it: told apart from a member of the same name.

        By the membership number, and where there is none by the end of the telephone number; to `admins` by
        the email or the telephone.
        """
        if not self.name_is_shared or self.forgotten_at is not None:
            return self.name
        digits = "".join(c for c in self.phone or "" if c.isdigit())
        contact = self.email or self.phone if admins else digits and f"…{digits[-4:]}"
        return f"{self.name} ({self.membership_id or contact or f'#{self.id}'})"

    def is_suspended(self, now: datetime) -> bool:
        over = self.suspended_until is not None and self.suspended_until <= now
        return self.suspended_at is not None and not over

    def is_active(self, now: datetime) -> bool:
        begun = self.active_from is None or self.active_from <= now
        ended = self.active_until is not None and self.active_until <= now
        return begun and not ended and not self.is_suspended(now)


@event.listens_for(User, "before_update")
def _found_as_changed(_mapper: Mapper[User], _connection: Connection, row: User) -> None:
    attributes = inspect(row).attrs
    if any(attributes[name].history.has_changes() for name in SEARCHED):
        row.search_text = searched({name: getattr(row, name) for name in SEARCHED})


class ChatAccount(Base):
    """A Telegram user who has written to the bot; the id is Telegram's.

    `language` was chosen by the person, `telegram_language` is that of their app. `organization_id` is their
    current organization in private. `blocked_at`: they blocked the bot or were deactivated.
    """

    __tablename__ = "chat_accounts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_name: Mapped[str] = mapped_column(String(100), default="")
    telegram_language: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[str | None] = mapped_column(String(8))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    blocked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class AccountLink(Base):
    """The link of an account to its member of an organization: one per account and organization."""

    __tablename__ = "account_links"
    __table_args__ = (
        UniqueConstraint("account_id", "organization_id"),
        Index("ix_account_links_user_id", "user_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("chat_accounts.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class FormerLink(Base):
    """The former link of an account to a member who left, who may still read their stored data."""

    __tablename__ = "former_links"
    __table_args__ = (
        UniqueConstraint("account_id", "user_id"),
        Index("ix_former_links_user_id", "user_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("chat_accounts.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    left_at: Mapped[datetime]


class Invite(Base):
    """An invite link, for a new member or for the existing member `user_id`.

    Only the token's hash is stored. `delivered`: whoever made it has got it; an import that is broken off
    leaves some that nobody knows.
    """

    __tablename__ = "invites"
    __table_args__ = NEVER_REUSE_IDS

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    first_name: Mapped[str | None] = mapped_column(String(100))
    last_name: Mapped[str | None] = mapped_column(String(100))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    uses_left: Mapped[int]
    delivered: Mapped[bool] = mapped_column(default=True, server_default=true())
    expires_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class CalendarFeed(Base):
    """The secret address of a member's calendar, until they renew it. `scope`: whose rentals are in it."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (UniqueConstraint("user_id", "scope"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    scope: Mapped[CalendarScope] = mapped_column(one_of(CalendarScope, "scope"))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class JoinRequest(Base):
    """A request to join without an invite; one open request per account."""

    __tablename__ = "join_requests"
    __table_args__ = (
        unique_where(
            "uq_join_requests_one_asked",
            "organization_id",
            "account_id",
            where="status = 'asked'",
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("chat_accounts.id"))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100), default="")
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[JoinStatus] = mapped_column(one_of(JoinStatus, "status"), default=JoinStatus.ASKED)
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


class OpeningHours(Base):
    """The hours of check-outs and check-ins on one day of the week (0 is Monday), local time.

    For one location, or for all where it is None. An organization without any is always open.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="hours"),
        Index("ix_opening_hours_organization_id", "organization_id", "weekday"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    hands_out: Mapped[bool] = mapped_column(default=True)
    takes_back: Mapped[bool] = mapped_column(default=True)


class ClosedDays(Base):
    """Days from `first` to `last`, inclusive, on which the week does not hold, and the reason.

    Without `hours` there are neither check-outs nor check-ins; with hours, such as `10:00-12:00,16:00-18:00`,
    it is open then. `yearly`: in every year from then on.
    """

    __tablename__ = "closed_days"
    __table_args__ = (
        CheckConstraint("first <= last", name="days"),
        Index("ix_closed_days_organization_id", "organization_id", "last"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    first: Mapped[date]
    last: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200), default="")
    yearly: Mapped[bool] = mapped_column(default=False, server_default=false())
    hours: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))


class AuditEntry(Base):
    """An audit entry: the actor, action and subject of a change, written in its transaction.

    Nothing depends on it: rows may be deleted at any time (docs/adr/0014).
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_subject", "organization_id", "subject", "subject_id"),
        Index("ix_audit_at", "organization_id", "at"),
        Index("ix_audit_user_id", "user_id", "at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
