"""The organization's imports of the last weeks: who brought in what, when, and what it came to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from db.models import ImportEffect, ImportRun, User
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports.afterwards import undo
from services.imports.inventory.effects import Table
from services.messaging.tidying.retention import RUNS_KEPT


@dataclass
class _Rows:
    new: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Listed:
    """An import, and the numbers of what it made and changed; they are gone once it is undone."""

    run: ImportRun
    by: User | None
    undone_by: User | None
    items: int
    equipment: int
    members: int
    changed: int

    @property
    def undo_until(self) -> datetime | None:
        """Return the end of the time in which it can be undone; None once it is undone."""
        return self.run.created_at + RUNS_KEPT if self.run.undone_at is None else None


def newest(tx: Tx, *, before: int | None, limit: int) -> list[Listed]:
    """Return the imports that are kept, the newest first; those older than one with this id."""
    query = select(ImportRun).where(
        ImportRun.organization_id == tx.organization_id, ImportRun.created_at > tx.now - RUNS_KEPT
    )
    if before is not None:
        query = query.where(ImportRun.id < before)
    return _listed(tx, tx.session.scalars(query.order_by(ImportRun.id.desc()).limit(limit)).all())


def one(tx: Tx, run_id: int) -> Listed:
    """Return an import, also one that is undone. Raises NOT_FOUND."""
    run = tx.session.get(ImportRun, run_id)
    if run is None or run.organization_id != tx.organization_id or run.created_at <= tx.now - RUNS_KEPT:
        raise Refusal(Refused.NOT_FOUND)
    return _listed(tx, [run])[0]


def obstacles(tx: Tx, listed: Listed) -> int | None:
    """Return the number of things that are in the way of undoing it; None where it is undone."""
    if listed.run.undone_at is not None:
        return None
    try:
        undo.question(tx, listed.run.id)
    except Refusal as refusal:
        if refusal.code is not Refused.UNDO_TOO_LATE:
            raise
        return int(refusal.data["total"])
    return 0


def _listed(tx: Tx, found: Sequence[ImportRun]) -> list[Listed]:
    rows = _rows(tx, [run.id for run in found])
    named = {id_ for run in found for id_ in (run.user_id, run.undone_by)} - {None}
    users = {user.id: user for user in tx.session.scalars(select(User).where(User.id.in_(named)))}
    listed = []
    for run in found:
        items, kinds, members = (rows[run.id, table] for table in _COUNTED)
        listed.append(
            Listed(
                run,
                users.get(run.user_id or 0),
                users.get(run.undone_by or 0),
                items=len(items.new),
                equipment=len(kinds.new),
                members=len(members.new),
                changed=len(items.touched - items.new) + len(kinds.touched - kinds.new),
            )
        )
    return listed


_COUNTED = (Table.ITEM, Table.EQUIPMENT, Table.USER)


def _rows(tx: Tx, run_ids: Collection[int]) -> dict[tuple[int, Table], _Rows]:
    """Return the new and the changed rows of these runs, by table, read in one go."""
    found = {(run_id, table): _Rows() for run_id in run_ids for table in _COUNTED}
    chunks = select(ImportEffect.run_id, ImportEffect.made, ImportEffect.changed)
    for run_id, made, changed in tx.session.execute(chunks.where(ImportEffect.run_id.in_(run_ids))):
        for table in _COUNTED:
            of = found[run_id, table]
            # Members are noted with a digest of their values.
            of.new.update(one[0] if isinstance(one, list) else one for one in made.get(table, ()))
            of.touched.update(one[0] for one in changed.get(table, ()))
    return found
