"""Quiet hours, asked once more right before sending: what was held up may come into them only then."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Organization, OutboxMessage
from services import policy, reminders, waiting

KEEP_QUIET = (reminders.REMINDER, reminders.DIGEST, waiting.LATE, waiting.LATE_DESK)
"""What goes out by itself. Everything else follows from what somebody does at that moment."""


def until(session: Session, rows: Sequence[OutboxMessage], now: datetime) -> datetime | None:
    """When the quiet hours end that these rows of one message have to wait for; None where there are none."""
    if rows[0].kind not in KEEP_QUIET or rows[0].organization_id is None:
        return None
    organization = session.get_one(Organization, rows[0].organization_id)
    end = reminders.after_quiet_hours(now, policy.of(organization), organization.zone)
    return end if end > now else None
