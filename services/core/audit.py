"""Who did what to which thing: one row in the transaction of the change itself.

It tells, and no rule rests on it (docs/adr/0014): what is decided or shown elsewhere has rows of its own.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Rental, User
from services.core.errors import Refusal, Refused
from services.core.tx import Tx


def note(
    tx: Tx,
    *,
    organization_id: int,
    user_id: int | None,
    action: str,
    subject: str,
    subject_id: int,
    **details: Any,
) -> None:
    """`user_id` is None where the bot itself acted, as when a request expires."""
    tx.session.add(
        AuditEntry(
            organization_id=organization_id,
            at=tx.now,
            user_id=user_id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            details=details,
        )
    )


def by(tx: Tx, action: str, subject: str, subject_id: int, **details: Any) -> None:
    """`note` for what somebody did to a thing of their own organisation."""
    note(
        tx,
        organization_id=tx.actor.organization_id,
        user_id=tx.actor.user_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        **details,
    )


def rental(tx: Tx, rental: Rental, user_id: int | None, action: str, **details: Any) -> None:
    """`note` for a step in a rental's life."""
    note(
        tx,
        organization_id=rental.organization_id,
        user_id=user_id,
        action=action,
        subject="rental",
        subject_id=rental.id,
        **details,
    )


def begin(
    tx: Tx,
    *,
    organization_id: int,
    user_id: int | None,
    action: str,
    subject: str,
    subject_id: int,
    **details: Any,
) -> int:
    """`note` for what takes many transactions: there from its start, to `complete` by this number."""
    entry = AuditEntry(
        organization_id=organization_id,
        at=tx.now,
        user_id=user_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        details=details,
    )
    tx.session.add(entry)
    tx.session.flush()
    return entry.id


def complete(session: Session, entry_id: int, **details: Any) -> None:
    """Add how it ended, where the entry is still there."""
    entry = session.get(AuditEntry, entry_id)
    if entry is not None:
        entry.details = entry.details | details


def changed_meanwhile(session: Session, organization_id: int, subject: str, subject_id: int) -> Refusal:
    """Return CHANGED_MEANWHILE for whoever comes second, with who was first, where the audit can tell."""
    entry = session.scalar(
        select(AuditEntry)
        .filter_by(organization_id=organization_id, subject=subject, subject_id=subject_id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    user = session.get(User, entry.user_id) if entry is not None and entry.user_id is not None else None
    return Refusal(Refused.CHANGED_MEANWHILE, by=user.name if user is not None else None)
