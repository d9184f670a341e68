"""Retention of the inbox and the outbox, and their numbers and failures for the operator."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from db.models import ImportJob, ImportRun, InboxUpdate, OutboxMessage
from db.states import ImportStatus, InboxStatus, OutboxStatus
from services.access import answered, links, throttle
from services.core.tx import Tx
from services.messaging.tidying import leftovers

UPDATES_KEPT = timedelta(days=3)
"""Telegram redelivers within 24 hours at most, and after a week without updates it restarts at a random id:
an id kept that long could collide with a new one."""

ASIDE_KEPT = timedelta(days=90)
"""For updates that were set aside: the operator's time to report the fault, and to try them again."""

MESSAGES_KEPT = timedelta(days=30)

RUNS_KEPT = timedelta(days=30)
"""The time in which an import can be undone."""

KEYS_KEPT = timedelta(days=400)
"""A message with a deduplication key proves that it was sent, for as long as its event could recur."""


_SETTLED = (ImportStatus.OVER, ImportStatus.ASKS)
"""States in which an import goes on only by a tap, if at all."""


def tidy(tx: Tx) -> None:
    """Delete old updates and messages that are completed, and what access needs no more."""
    for of_access in (answered, links, throttle):
        of_access.tidy(tx)
    tx.session.execute(
        delete(InboxUpdate)
        .where(
            or_(
                and_(InboxUpdate.status == InboxStatus.DONE, InboxUpdate.received_at < tx.now - UPDATES_KEPT),
                and_(
                    InboxUpdate.status == InboxStatus.SET_ASIDE,
                    InboxUpdate.received_at < tx.now - ASIDE_KEPT,
                ),
            )
        )
        .execution_options(synchronize_session=False)
    )
    leftovers.tidy(tx.session, tx.now - UPDATES_KEPT)
    tx.session.execute(
        delete(ImportJob)
        .where(ImportJob.status.in_(_SETTLED), ImportJob.created_at < tx.now - UPDATES_KEPT)
        .execution_options(synchronize_session=False)
    )
    tx.session.execute(
        delete(ImportRun)
        .where(ImportRun.created_at < tx.now - RUNS_KEPT)
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


def drop_due(tx: Tx, why: str) -> int:
    """Drop the messages that are due, or on their way: they are stale. Return how many."""
    waits = OutboxMessage.status.in_([OutboxStatus.PENDING, OutboxStatus.SENDING])
    dropped = tx.session.execute(
        update(OutboxMessage)
        .where(waits, OutboxMessage.not_before <= tx.now)
        .values(status=OutboxStatus.DROPPED, error=why, leased_until=None, leased_by=None)
        .execution_options(synchronize_session=False)
        .returning(OutboxMessage.id)
    )
    return len(dropped.all())


def updates(session: Session) -> dict[InboxStatus, int]:
    """Count the updates by status."""
    query = select(InboxUpdate.status, func.count()).group_by(InboxUpdate.status)
    return {row[0]: row[1] for row in session.execute(query)}


def messages(session: Session) -> dict[OutboxStatus, int]:
    """Count the messages by status."""
    query = select(OutboxMessage.status, func.count()).group_by(OutboxMessage.status)
    return {row[0]: row[1] for row in session.execute(query)}


def oldest_due(tx: Tx) -> datetime | None:
    """Return since when (UTC) the message that has been due longest waits; None where none does."""
    return tx.session.scalar(
        select(func.min(OutboxMessage.not_before)).where(
            OutboxMessage.status.in_([OutboxStatus.PENDING, OutboxStatus.SENDING]),
            OutboxMessage.not_before <= tx.now,
        )
    )


def set_aside(session: Session, limit: int) -> list[InboxUpdate]:
    """Return the newest updates that were set aside, up to `limit`."""
    return list(
        session.scalars(
            select(InboxUpdate)
            .where(InboxUpdate.status == InboxStatus.SET_ASIDE)
            .order_by(InboxUpdate.id.desc())
            .limit(limit)
        )
    )


def given_up(session: Session, limit: int) -> list[OutboxMessage]:
    """Return the newest messages that failed to render or that Telegram refused, up to `limit`."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.status == OutboxStatus.FAILED)
            .order_by(OutboxMessage.id.desc())
            .limit(limit)
        )
    )
