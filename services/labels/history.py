"""The history of prints: proposes the sheet used last, and the position after it."""

from dataclasses import dataclass

from sqlalchemy import select

from db.models import LabelPrint
from services.core import audit
from services.core.tx import Tx
from services.labels.sheets import DEFAULT, SHEETS, Sheet


@dataclass(frozen=True)
class Proposal:
    """The sheet used last, and the position, from 0, at which its last print ended."""

    sheet: Sheet
    next: int


def last(tx: Tx) -> Proposal:
    """Return the organization's proposal; the default sheet before the first print."""
    found = tx.session.scalar(
        select(LabelPrint)
        .filter_by(organization_id=tx.organization_id)
        .order_by(LabelPrint.id.desc())
        .limit(1)
    )
    sheet = SHEETS.get(found.sheet) if found is not None else None
    if found is None or sheet is None:
        return Proposal(SHEETS[DEFAULT], 0)
    return Proposal(sheet, (found.first + found.labels) % sheet.per_sheet)


def note(tx: Tx, *, sheet: Sheet, first: int, labels: int) -> None:
    """Record a print of labels."""
    tx.session.add(
        LabelPrint(
            organization_id=tx.actor.organization_id,
            sheet=sheet.key,
            first=first,
            labels=labels,
            printed_at=tx.now,
            printed_by=tx.actor.user_id,
        )
    )
    audit.note(
        tx, "labels", "organization", tx.actor.organization_id, sheet=sheet.key, first=first, labels=labels
    )
