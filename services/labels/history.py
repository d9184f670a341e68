"""What was printed last, as the audit knows it: the sheet is proposed again, and where it goes on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry
from services.core import audit
from services.core.identity import Actor
from services.labels.sheets import DEFAULT, SHEETS, Sheet


@dataclass(frozen=True)
class Proposal:
    """The sheet used last, and the position, from 0, at which the last print of it ended."""

    sheet: Sheet
    next: int


def last(session: Session, organization_id: int) -> Proposal:
    """Of the organisation; the usual sheet where nothing was printed yet."""
    entry = session.scalar(
        select(AuditEntry)
        .filter_by(
            organization_id=organization_id,
            subject="organization",
            subject_id=organization_id,
            action="labels",
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    details = entry.details if entry is not None else {}
    sheet = SHEETS.get(details.get("sheet", DEFAULT))
    if sheet is None:
        return Proposal(SHEETS[DEFAULT], 0)
    return Proposal(sheet, (details.get("first", 0) + details.get("labels", 0)) % sheet.per_sheet)


def note(session: Session, actor: Actor, now: datetime, *, sheet: Sheet, first: int, labels: int) -> None:
    """Labels were printed: who, on what, and how many."""
    audit.note(
        session,
        now,
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        action="labels",
        subject="organization",
        subject_id=actor.organization_id,
        sheet=sheet.key,
        first=first,
        labels=labels,
    )
