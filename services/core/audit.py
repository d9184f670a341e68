"""Who did what to which thing: one row in the transaction of the change itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Rental, User
from services.core.identity import Actor


def note(
    session: Session,
    now: datetime,
    *,
    organization_id: int,
    user_id: int | None,
    action: str,
    subject: str,
    subject_id: int,
    **details: Any,
) -> None:
    """`user_id` is None where the bot itself acted, as when a request expires."""
    session.add(
        AuditEntry(
            organization_id=organization_id,
            at=now,
            user_id=user_id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            details=details,
        )
    )


def by(
    session: Session, now: datetime, actor: Actor, action: str, subject: str, subject_id: int, **details: Any
) -> None:
    """`note` for what somebody did to a thing of their own organisation."""
    note(
        session,
        now,
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        **details,
    )


def rental(
    session: Session, now: datetime, rental: Rental, user_id: int | None, action: str, **details: Any
) -> None:
    """`note` for a step in a rental's life."""
    note(
        session,
        now,
        organization_id=rental.organization_id,
        user_id=user_id,
        action=action,
        subject="rental",
        subject_id=rental.id,
        **details,
    )


def last_by(session: Session, organization_id: int, subject: str, subject_id: int) -> str | None:
    """The name of whoever did something to this thing last; None where it was nobody, or the bot."""
    entry = session.scalar(
        select(AuditEntry)
        .filter_by(organization_id=organization_id, subject=subject, subject_id=subject_id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    user = session.get(User, entry.user_id) if entry is not None and entry.user_id is not None else None
    return user.name if user is not None else None
