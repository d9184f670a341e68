"""Undoing an import: what it made goes, and what it changed gets its former values; all or nothing."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import ImportEffect, ImportJob, ImportRun, User
from db.states import ImportStatus, Role
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import runs
from services.imports.afterwards import obstacles, restore
from services.imports.inventory import effects
from services.imports.inventory.effects import Whole
from services.messaging import outbox
from services.messaging.retention import RUNS_KEPT

MOST_NAMED = 10
"""Maximum number of things that a refusal names; all are counted."""


@dataclass(frozen=True)
class Extent:
    """The extent of an undoing: new items and equipment that go, and rows that get former values."""

    items: int
    equipment: int
    changed: int

    @property
    def is_empty(self) -> bool:
        return not (self.items or self.equipment or self.changed)


def extent(tx: Tx, run: ImportRun) -> Extent:
    return _extent(effects.of_run(tx, run.id))


def _extent(whole: Whole) -> Extent:
    items, equipment = len(whole.new(whole.items)), len(whole.new(whole.equipment))
    return Extent(items, equipment, len(whole.items) + len(whole.equipment) - items - equipment)


def get(tx: Tx, run_id: int) -> ImportRun:
    """Return a run of this organization that is not undone. Raises UNDO_OVER, IMPORT_UNDONE."""
    run = tx.session.get(ImportRun, run_id)
    if run is None or run.organization_id != tx.organization_id or run.created_at <= tx.now - RUNS_KEPT:
        raise Refusal(Refused.UNDO_OVER)
    if run.undone_at is not None:
        raise Refusal(Refused.IMPORT_UNDONE, by=_name(tx.session, run.undone_by))
    return run


def _name(session: Session, user_id: int | None) -> str | None:
    user = session.get(User, user_id) if user_id is not None else None
    return user.name if user is not None else None


def last(tx: Tx) -> ImportRun | None:
    """Return the organization's newest import that is not undone."""
    query = select(ImportRun).where(
        ImportRun.organization_id == tx.organization_id,
        ImportRun.undone_at.is_(None),
        ImportRun.created_at > tx.now - RUNS_KEPT,
    )
    return tx.session.scalar(query.order_by(ImportRun.id.desc()).limit(1))


def question(tx: Tx, run_id: int) -> Extent:
    """Return what undoing would do. Raises UNDO_OVER, IMPORT_UNDONE, NOT_ALLOWED, UNDO_TOO_LATE."""
    run = get(tx, run_id)
    _require_admin(tx)
    whole = effects.of_run(tx, run.id)
    _require_untouched(tx, run, whole, to_do=False)
    return _extent(whole)


def undo(tx: Tx, run_id: int) -> Extent:
    """Undo an import, and call it off where it is not over. Raises as `question` does."""
    run = tx.session.get(ImportRun, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise Refusal(Refused.UNDO_OVER)
    run = get(tx, run_id)
    _require_admin(tx)
    whole = effects.of_run(tx, run.id)
    obstacles.lock(tx, whole)
    _require_untouched(tx, run, whole, to_do=True)
    restore.restore(tx, whole)
    done = _extent(whole)
    run.undone_at, run.undone_by = tx.now, tx.acting.user_id if tx.acting is not None else None
    tx.session.execute(delete(ImportEffect).where(ImportEffect.run_id == run.id))
    _call_off(tx, run)
    audit.note(
        tx,
        "undo_import",
        "organization",
        run.organization_id,
        file=run.file_name,
        items=done.items,
        equipment=done.equipment,
        changed=done.changed,
    )
    outbox.refresh_card(tx, kind=runs.CARD, subject_id=run.id)
    return done


def _require_admin(tx: Tx) -> None:
    if tx.acting is not None:
        tx.acting.require(Role.ADMIN)


def _require_untouched(tx: Tx, run: ImportRun, whole: Whole, *, to_do: bool) -> None:
    found = obstacles.find(tx, run, whole, to_do=to_do)
    if found:
        named = [[one.name, one.code, one.why, one.by] for one in found[:MOST_NAMED]]
        raise Refusal(Refused.UNDO_TOO_LATE, things=named, total=len(found))


def _call_off(tx: Tx, run: ImportRun) -> None:
    """Let a file that is still read not go on: it would be imported anew."""
    kind, _, number = run.key.partition(":")
    job = tx.session.get(ImportJob, int(number), with_for_update=True) if kind == "job" else None
    if job is not None and job.status is not ImportStatus.OVER:
        job.cancelled_at = job.cancelled_at or tx.now
