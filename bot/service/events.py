"""The events of the log: what was done, once it is committed, without anybody's words or names."""

from typing import Any

import structlog
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from db.models import AuditEntry
from db.transaction import Transaction

_NOTED = "equiplib_noted"

MOST_LINES = 10
"""Of one kind of event in one transaction; more, as of an import, are one line with their number."""

log = structlog.get_logger("equiplib")


def listen() -> None:
    """Log each entry of the audit once its transaction is committed. Called again, it changes nothing."""
    if not event.contains(Transaction, "after_flush", _collect):
        event.listen(Transaction, "after_flush", _collect)
        event.listen(Transaction, "after_commit", _tell)


def _collect(session: Session, _: UOWTransaction) -> None:
    # Read now: a savepoint that is rolled back expires all rows, and after the commit none can be read.
    new = [
        (row, f"{row.subject}: {row.action}", _of(row)) for row in session.new if isinstance(row, AuditEntry)
    ]
    if new:
        session.info.setdefault(_NOTED, []).extend(new)


def _tell(session: Session) -> None:
    """Log what was collected; a savepoint's end is none, and what it took back did not happen."""
    if session.in_nested_transaction():
        return
    told: dict[str, list[dict[str, Any]]] = {}
    for entry, what, numbers in session.info.pop(_NOTED, ()):
        if inspect(entry).persistent:
            told.setdefault(what, []).append(numbers)
    for what, all_ in told.items():
        if len(all_) > MOST_LINES:
            log.info(
                what, times=len(all_), **{k: v for k, v in all_[0].items() if k in ("organization", "user")}
            )
            continue
        for numbers in all_:
            log.info(what, **numbers)


def _of(entry: AuditEntry) -> dict[str, Any]:
    """Return what may be known of an entry: numbers. Its details have reasons, names and addresses."""
    numbers = {
        entry.subject: entry.subject_id,
        "organization": entry.organization_id,
        "user": entry.user_id,
    }
    return {name: number for name, number in numbers.items() if number is not None}
