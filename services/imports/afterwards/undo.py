"""Undoing an import: what it made goes, and what it changed gets its former values; all or nothing."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import ImportEffect, ImportJob, ImportRun, Item, User
from db.states import ImportStatus, Role
from services.core import audit
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import runs
from services.imports.afterwards import obstacles, people, restore
from services.imports.inventory import effects
from services.imports.inventory.effects import Whole
from services.messaging import outbox
from services.messaging.tidying.retention import RUNS_KEPT

MOST_NAMED = 10
"""Maximum number of things that a refusal names; all are counted."""


@dataclass(frozen=True)
class Extent:
    """The extent of an undoing: new items that go, of so many kinds, and rows that get former values.

    New equipment without items is among the kinds. `members`: the new ones, who go.
    """

    items: int
    kinds: int
    changed: int
    members: int = 0


def extent(tx: Tx, whole: Whole) -> Extent:
    items, kinds = whole.new(whole.items), set(whole.new(whole.equipment))
    changed = len(whole.items) - len(items) + len(whole.equipment) - len(kinds)
    for some in obstacles.parts(items):
        kinds.update(tx.session.scalars(select(Item.equipment_id).where(Item.id.in_(some)).distinct()))
    return Extent(len(items), len(kinds), changed, len(whole.users))


def get(tx: Tx, run_id: int) -> ImportRun:
    """Return a run of this organization that is not undone. Raises UNDO_OVER, NOT_FOUND, IMPORT_UNDONE."""
    run = tx.session.get(ImportRun, run_id)
    if run is None or run.created_at <= tx.now - RUNS_KEPT:
        raise Refusal(Refused.UNDO_OVER)
    if run.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    if run.undone_at is not None:
        raise Refusal(Refused.IMPORT_UNDONE, by=undone_by(tx.session, run))
    return run


def undone_by(session: Session, run: ImportRun) -> str | None:
    """Return the name of who has undone an import; None where it was the operator."""
    user = session.get(User, run.undone_by) if run.undone_by is not None else None
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
    """Return what undoing would do. Raises as `get`, NOT_ALLOWED, UNDO_TOO_LATE."""
    run = get(tx, run_id)
    _require_admin(tx)
    whole = effects.of_run(tx, run.id)
    _require_untouched(tx, run, whole, to_do=False)
    return extent(tx, whole)


def undo(tx: Tx, run_id: int) -> Extent:
    """Undo an import, and call it off where it is not over. Raises as `question` does."""
    tx.session.get(ImportRun, run_id, with_for_update=True, populate_existing=True)
    run = get(tx, run_id)
    _require_admin(tx)
    whole = effects.of_run(tx, run.id)
    obstacles.lock(tx, whole)
    people.lock(tx, whole)
    _require_untouched(tx, run, whole, to_do=True)
    done = extent(tx, whole)
    people.take_out(tx, whole)
    restore.restore(tx, whole)
    effects.note_undone(tx, run, whole)
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
        equipment=len(whole.new(whole.equipment)),
        changed=done.changed,
        members=done.members,
    )
    outbox.refresh_card(tx, kind=runs.CARD, subject_id=run.id)
    return done


def _require_admin(tx: Tx) -> None:
    if tx.acting is not None:
        tx.acting.require(Role.ADMIN)


def _require_untouched(tx: Tx, run: ImportRun, whole: Whole, *, to_do: bool) -> None:
    found = [*obstacles.find(tx, run, whole, to_do=to_do), *people.obstacles(tx, whole)]
    if found:
        named = [[one.name, one.code, one.why, one.by] for one in found[:MOST_NAMED]]
        raise Refusal(Refused.UNDO_TOO_LATE, things=named, total=len(found))


def _call_off(tx: Tx, run: ImportRun) -> None:
    """Let a file that is still read not go on: it would be imported anew."""
    kind, _, number = run.key.partition(":")
    job = tx.session.get(ImportJob, int(number), with_for_update=True) if kind == "job" else None
    if job is not None and job.status is not ImportStatus.OVER:
        job.cancelled_at = job.cancelled_at or tx.now
