"""One import from beginning to end: chunk by chunk, with room for everybody else in between."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from db.models import AuditEntry, Organization, User
from db.session import Database
from db.states import Role
from services.errors import Refusal, Refused
from services.importing import mapping as mappings
from services.importing.apply import Outcome, apply
from services.importing.detection import is_workbook
from services.importing.reading import Record, Table
from services.importing.report import RefusedRow, Report
from services.importing.rows import Row, clean
from services.importing.seen import Kind, Seen
from services.importing.workbook import Workbook

CHUNK = 500
"""Rows per transaction."""

CHUNK_CHARACTERS = 1_000_000
"""Fewer rows, where they are so long that they would take memory, and others' time."""

PAUSE = 0.01
"""Seconds between two transactions. Without it another writer waits for more than a second."""


async def import_file(
    database: Database,
    organization_id: int,
    user_id: int | None,
    source: Path,
    overrides: dict[str, str],
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Bring the rows of a CSV file or a workbook into an organisation's inventory.

    `user_id` is who acts, None for the command line; `overrides` says for some of our fields (services.
    importing.Field, as text) which header of the file is meant, an empty one for none. `progress` is
    called with the bytes read so far and in all.

    Rows that cannot come in are in the report; the others are in, each chunk in a transaction of its own,
    so that a run that was broken off is simply run again. Raises FILE_EMPTY, FILE_NOT_CSV, FILE_NO_NAME,
    FILE_BAD_MAPPING, NOT_FOUND (the organisation), NOT_ALLOWED and MEMBERSHIP_ENDED (below ADMIN), before
    anything is written, and OSError where the file cannot be read.
    """
    await database.read(partial(_check, organization_id=organization_id, user_id=user_id, now=now))
    with closing(await asyncio.to_thread(_Run, source, overrides, organization_id, now)) as run:
        audit = await database.write(partial(_begin, run=run, user_id=user_id, file=source.name))
        while batch := await asyncio.to_thread(run.next_batch):
            run.take(batch, await database.write(partial(run.apply, batch)))
            if progress is not None:
                progress(run.table.done, run.table.size)
            await asyncio.sleep(PAUSE)
        await database.write(partial(_end, audit=audit, report=run.report))
    return run.report


@dataclass
class _Batch:
    rows: list[Row]
    refused: list[RefusedRow]


class _Run:
    """An import under way: the open file, what was understood of it, and what it has done so far."""

    def __init__(self, source: Path, overrides: dict[str, str], organization_id: int, now: datetime) -> None:
        self.organization_id, self.now = organization_id, now
        self.last: dict[str, int] = {}
        self.table: Table | Workbook = Workbook(source) if is_workbook(source) else Table(source)
        self.seen = Seen()
        try:
            self.mapping = mappings.match(self.table.headers, overrides)
            self._first: Record | None = self.table.next()
            if self._first is None:
                raise Refusal(Refused.FILE_EMPTY, header_only=True)
        except BaseException:
            self.close()
            raise
        self.report = Report(columns=self.mapping.understood())

    def close(self) -> None:
        self.table.close()
        self.seen.close()

    def next_batch(self) -> _Batch | None:
        """The next rows, cleaned, those aside that cannot come in whatever the database holds."""
        batch = _Batch([], [])
        characters = 0
        while len(batch.rows) + len(batch.refused) < CHUNK and characters < CHUNK_CHARACTERS:
            record = self._first or self.table.next()
            self._first = None
            if record is None:
                break
            characters += sum(map(len, record.cells))
            row = clean(record, self.mapping)
            if isinstance(row, RefusedRow):
                batch.refused.append(row)
            else:
                batch.rows.append(row)
        return batch if batch.rows or batch.refused else None

    def apply(self, batch: _Batch, session: Session) -> Outcome:
        """Runs in a transaction, which may be tried more than once: changes nothing but the database."""
        return apply(session, self.organization_id, self.now, batch.rows, self.mapping, self.seen, self.last)

    def take(self, batch: _Batch, outcome: Outcome) -> None:
        """Remember what was committed."""
        self.seen.put(Kind.CODE, outcome.codes)
        self.seen.put(Kind.EQUIPMENT, outcome.settled)
        self.last = outcome.last
        report = self.report
        report.rows += len(batch.rows) + len(batch.refused)
        report.items_new += outcome.items_new
        report.items_changed += outcome.items_changed
        report.items_unchanged += outcome.items_unchanged
        report.equipment_new += outcome.equipment_new
        report.equipment_changed += outcome.equipment_changed
        report.equipment = self.seen.count(Kind.EQUIPMENT)
        report.refuse(sorted([*batch.refused, *outcome.refused], key=lambda row: row.line))
        report.list_checked_out(outcome.checked_out)


def _check(session: Session, organization_id: int, user_id: int | None, now: datetime) -> None:
    if session.get(Organization, organization_id) is None:
        raise Refusal(Refused.NOT_FOUND)
    if user_id is None:
        return
    user = session.get(User, user_id)
    if user is None or user.organization_id != organization_id or not user.role.covers(Role.ADMIN):
        raise Refusal(Refused.NOT_ALLOWED, needed=Role.ADMIN)
    if not user.is_active(now):
        raise Refusal(Refused.MEMBERSHIP_ENDED)


def _begin(session: Session, run: _Run, user_id: int | None, file: str) -> int:
    """One line in the audit for the whole run, there from its start: a run may be broken off."""
    entry = AuditEntry(
        organization_id=run.organization_id,
        at=run.now,
        user_id=user_id,
        action="import",
        subject="organization",
        subject_id=run.organization_id,
        details={"file": file, "done": False},
    )
    session.add(entry)
    session.flush()
    return entry.id


def _end(session: Session, audit: int, report: Report) -> None:
    entry = session.get_one(AuditEntry, audit)
    entry.details = entry.details | {"done": True} | report.numbers()
