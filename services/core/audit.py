"""The audit log: one row per change, in the transaction of the change itself.

It only records; no rule depends on it (docs/adr/0014). State that is decided on or shown elsewhere has rows
of its own.
"""

from types import EllipsisType
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import AuditEntry, Rental, User
from services.core.errors import Refusal, Refused
from services.core.tx import Tx

BY_TOKEN = "api_token"
"""The detail with the API token's id where somebody acted by a program; 0: with their password."""

CALLED = "called"
"""The detail with the name that a subject had then, where it was merged into another since."""

NAMES = {"equipment": "name", "kit": "name", "location": "name", "tag": "name", "field": "label"}
"""By subject: the detail that has the old name and the new one where it was renamed."""
RENAMES = frozenset({"edit", "rename"})
"""The actions that may rename a subject."""


def note(
    tx: Tx,
    action: str,
    subject: str,
    subject_id: int,
    /,
    *,
    organization_id: int | EllipsisType = ...,
    user_id: int | EllipsisType | None = ...,
    **details: Any,
) -> None:
    """Record that the actor did this to a thing of their organization; without an actor, that the bot did.

    `organization_id` and `user_id` name another organization, another person or nobody.
    """
    tx.session.add(_entry(tx, action, subject, subject_id, organization_id, user_id, details))


def rental(
    tx: Tx, rental: Rental, action: str, /, *, user_id: int | EllipsisType | None = ..., **details: Any
) -> None:
    """Record a step in a rental's life, like `note`."""
    note(
        tx,
        action,
        "rental",
        rental.id,
        organization_id=rental.organization_id,
        user_id=user_id,
        **details,
    )


def begin(
    tx: Tx,
    action: str,
    subject: str,
    subject_id: int,
    /,
    *,
    organization_id: int | EllipsisType = ...,
    user_id: int | EllipsisType | None = ...,
    **details: Any,
) -> int:
    """Record the start of work that takes many transactions; return the id with which to `complete` it."""
    entry = _entry(tx, action, subject, subject_id, organization_id, user_id, details)
    tx.session.add(entry)
    tx.session.flush()
    return entry.id


def _entry(
    tx: Tx,
    action: str,
    subject: str,
    subject_id: int,
    organization_id: int | EllipsisType,
    user_id: int | EllipsisType | None,
    details: dict[str, Any],
) -> AuditEntry:
    if isinstance(user_id, EllipsisType):
        user_id = tx.acting.user_id if tx.acting is not None else None
    if isinstance(organization_id, EllipsisType):
        organization_id = tx.organization_id
    if tx.acting is not None and tx.acting.token_id is not None and user_id == tx.acting.user_id:
        details = {**details, BY_TOKEN: tx.acting.token_id}
    return AuditEntry(
        organization_id=organization_id,
        at=tx.now,
        user_id=user_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        details=details,
    )


def old_name(entry: AuditEntry) -> str | None:
    """Return the name that the subject had until this entry, if it was renamed by it."""
    change = entry.details.get(NAMES.get(entry.subject, "")) if entry.action in RENAMES else None
    return str(change[0]) if isinstance(change, list) and len(change) == 2 else None


def hand_on(tx: Tx, subject: str, gone: int, kept: int, *, name: str | None = None) -> None:
    """Let the entries about one subject be about another, with which it was merged.

    `name`: of the one that goes, which its entries keep, where the two were not one all along.
    """
    about = (AuditEntry.subject == subject) & (AuditEntry.subject_id == gone)
    about &= AuditEntry.organization_id == tx.organization_id
    if name is not None:
        for entry in tx.session.scalars(select(AuditEntry).where(about).order_by(AuditEntry.id.desc())):
            if CALLED not in entry.details:
                name = old_name(entry) or name
                entry.details = {**entry.details, CALLED: name}
        tx.session.flush()
    moving = update(AuditEntry).where(about).values(subject_id=kept)
    tx.session.execute(moving.execution_options(synchronize_session="fetch"))


def complete(session: Session, entry_id: int, **details: Any) -> None:
    """Add the outcome to an entry that `begin` made, if it still exists."""
    entry = session.get(AuditEntry, entry_id)
    if entry is not None:
        entry.details = entry.details | details


def changed_meanwhile(session: Session, organization_id: int, subject: str, subject_id: int) -> Refusal:
    """Return CHANGED_MEANWHILE for the second of two edits, with the name of who made the first, if known."""
    entry = session.scalar(
        select(AuditEntry)
        .filter_by(organization_id=organization_id, subject=subject, subject_id=subject_id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    user = session.get(User, entry.user_id) if entry is not None and entry.user_id is not None else None
    return Refusal(Refused.CHANGED_MEANWHILE, by=user.name if user is not None else None)
