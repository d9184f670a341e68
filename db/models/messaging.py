"""The inbox, the outbox with its cards, and conversations."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from db.correlation import LONGEST, current
from db.models.base import NEVER_REUSE_IDS, Base, one_of, unique_where
from db.states import InboxStatus, Lane, OutboxStatus


class InboxUpdate(Base):
    """An update, stored before it is confirmed to Telegram. `id` gives the order of arrival in a chat.

    Update ids are compared for equality only: after a quiet week they restart. A negative one was generated
    for an update without. `payload` is the original JSON, in ASCII, as text: databases' JSON types accept
    less than Telegram may send.
    """

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_status", "status", "chat_key", "id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(unique=True)
    chat_key: Mapped[int]
    payload: Mapped[str] = mapped_column(Text)
    status: Mapped[InboxStatus] = mapped_column(one_of(InboxStatus, "status"), default=InboxStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Conversation(Base):
    """The conversation of one person in one chat; `version` guards against concurrent writers.

    Buttons carry the row's id: once a conversation ended, they no longer work.
    """

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("chat_id", "account_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int]
    account_id: Mapped[int]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own protocol


class Card(Base):
    """A message that is updated in place, rendered from its subject's state when it is sent.

    `message_id` and `photo_id` are what Telegram shows now; `photo_id` stays when the photo is deleted.
    `refused_photo_id`: the photo that this chat did not take, so that the message is without it.
    """

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "chat_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    chat_id: Mapped[int]
    thread_id: Mapped[int | None]
    message_id: Mapped[int | None]
    photo_id: Mapped[int | None]
    refused_photo_id: Mapped[int | None]


class Leftover(Base):
    """A message to remove: another one took its place.

    Or one that may be there: sent by a program that did not hear so, and sent again as `newer_id`. It is told
    by its buttons, of which `buttons` is the digest, once one of them is tapped.
    """

    __tablename__ = "leftovers"
    __table_args__ = (Index("ix_leftovers_chat_id", "chat_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int]
    card_id: Mapped[int | None]
    message_id: Mapped[int | None]
    photo_id: Mapped[int | None]
    newer_id: Mapped[int | None]
    buttons: Mapped[str | None] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]


class MutedChat(Base):
    """A chat in which the bot may not write at present; its messages wait. `refused_at`: the last one."""

    __tablename__ = "muted_chats"

    chat_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    refused_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)


class OutboxMessage(Base):
    """A message to send, written in the transaction that calls for it.

    Either a card to render (`card_id`; at most one pending per card) or a notice (`kind` and `params`).
    `dedup_key` prevents a second one. `bundle`: pending rows of one bundle are sent as one message. `renew`:
    the card is sent as a new message, and the old one goes. `rings`: a new message makes a sound.
    `leased_by`: the number of the
    program that sends it. `unsure_at`: the moment of an attempt that may have arrived without our hearing so.
    `correlation`: what brought it about.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_status", "status", "lane", "not_before", "id"),
        Index("ix_outbox_bundle", "bundle", "status"),
        Index("ix_outbox_message", "chat_id", "message_id"),
        Index("ix_outbox_card_id", "card_id", "not_before"),
        unique_where(
            "uq_outbox_one_pending_per_card",
            "card_id",
            where="status = 'pending'",
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    chat_id: Mapped[int]
    thread_id: Mapped[int | None]
    lane: Mapped[Lane] = mapped_column(one_of(Lane, "lane"))
    kind: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    card_id: Mapped[int | None] = mapped_column(ForeignKey("cards.id"))
    renew: Mapped[bool] = mapped_column(default=False)
    rings: Mapped[bool] = mapped_column(default=True, server_default=true())
    bundle: Mapped[str | None] = mapped_column(String(100))
    dedup_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    status: Mapped[OutboxStatus] = mapped_column(one_of(OutboxStatus, "status"), default=OutboxStatus.PENDING)
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[int | None]
    unsure_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[int | None]
    correlation: Mapped[str | None] = mapped_column(String(LONGEST), default=current)
