"""The inbox and the outbox in the long run: what is forgotten, and what the operator has to see."""

from datetime import timedelta

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from db.models import InboxUpdate, OutboxMessage
from db.states import InboxStatus, OutboxStatus
from services.core.tx import Tx

UPDATES_KEPT = timedelta(days=3)
"""Telegram delivers again within 24 hours at the most, and after a week without updates it numbers anew, at
random: between the two, an old id can only be in the way."""

MESSAGES_KEPT = timedelta(days=30)

KEYS_KEPT = timedelta(days=400)
"""A message with a key stands for "this was said": as long as that could be asked again."""


def tidy(tx: Tx) -> None:
    """Forget updates that are done and messages that have ended. What was set aside stays to be seen."""
    tx.session.execute(
        delete(InboxUpdate)
        .where(InboxUpdate.status == InboxStatus.DONE, InboxUpdate.received_at < tx.now - UPDATES_KEPT)
        .execution_options(synchronize_session=False)
    )
    said = OutboxMessage.status.in_([OutboxStatus.SENT, OutboxStatus.DROPPED])
    tx.session.execute(
        delete(OutboxMessage)
        .where(
            or_(
                and_(
                    said, OutboxMessage.dedup_key.is_(None), OutboxMessage.created_at < tx.now - MESSAGES_KEPT
                ),
                and_(
                    or_(said, OutboxMessage.status == OutboxStatus.FAILED),
                    OutboxMessage.created_at < tx.now - KEYS_KEPT,
                ),
            )
        )
        .execution_options(synchronize_session=False)
    )


def updates(session: Session) -> dict[InboxStatus, int]:
    """How many updates there are of each status."""
    query = select(InboxUpdate.status, func.count()).group_by(InboxUpdate.status)
    return {row[0]: row[1] for row in session.execute(query)}


def messages(session: Session) -> dict[OutboxStatus, int]:
    """How many messages there are of each status."""
    query = select(OutboxMessage.status, func.count()).group_by(OutboxMessage.status)
    return {row[0]: row[1] for row in session.execute(query)}


def set_aside(session: Session, limit: int) -> list[InboxUpdate]:
    """The newest updates that failed by our own fault."""
    return list(
        session.scalars(
            select(InboxUpdate)
            .where(InboxUpdate.status == InboxStatus.SET_ASIDE)
            .order_by(InboxUpdate.id.desc())
            .limit(limit)
        )
    )


def given_up(session: Session, limit: int) -> list[OutboxMessage]:
    """The newest messages that could not be made, or that Telegram refused."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.status == OutboxStatus.FAILED)
            .order_by(OutboxMessage.id.desc())
            .limit(limit)
        )
    )
