"""Who did what to which thing: one row in the transaction of the change itself."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from db.models import AuditEntry, Rental


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
