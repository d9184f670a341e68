"""One import from beginning to end: in chunks, with pauses for other transactions.

A `Content` says how rows are parsed and written: for the inventory, or for members.
"""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import Organization, User
from db.session import Database
from db.states import Role
from services.core import audit, identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports.lookups.seen_keys import Seen
from services.imports.readers import bounds
from services.imports.readers.bounds import Bound, too_much
from services.imports.report import BaseReport, RefusedRow
from services.imports.sources import Source

R = TypeVar("R")
"""A parsed row."""
O = TypeVar("O")  # noqa: E741 - beside R
"""The outcome of one chunk of rows."""

CHUNK = 500
"""Rows per transaction, where the machine is quick."""

FEWEST = 50
"""Rows per transaction, however slow it is: each has a cost of its own. Others are a multiple of it, since
SQLite keeps a statement for each number of rows.
"""

HELD = 0.03
"""Seconds for which a transaction may hold others up: where one took longer, the next has fewer rows."""

CHUNK_CHARACTERS = 1_000_000
"""Characters per transaction, where rows are long; bounds memory, and the wait of other writers."""

CHUNK_CELLS = 20_000
"""Cells with a value per transaction, where rows are wide: each custom field is kept several times over."""

PAUSE = 0.01
"""Seconds between two transactions. Without it another writer waits for more than a second."""


class Watch:
    """Follows an import, and may stop it. This one lets it go on."""

    def reading(self) -> None:
        """Note that a workbook is being read, in its thread. Raises the Refusal to stop with."""

    def within(self, tx: Tx) -> None:
        """Look, in each transaction of the import, whether it may go on; what this raises ends it at once."""

    def written(self, report: BaseReport, done: int, size: int) -> None:
        """Note a chunk, with how much is read so far and in all. Raises the Refusal to stop with."""


class _Progress(Watch):
    def __init__(self, tell: Callable[[int, int], None]) -> None:
        self._tell = tell

    def written(self, report: BaseReport, done: int, size: int) -> None:
        self._tell(done, size)


def watch(progress: Callable[[int, int], None] | None) -> Watch:
    """Return a watch that tells how much is read so far and in all."""
    return Watch() if progress is None else _Progress(progress)


class Content(ABC, Generic[R, O]):
    """The content of a file: parses its rows, and writes them.

    `seen` holds keys of earlier rows of the file. Only `take` changes state that is remembered.
    """

    action: str
    """The import's audit action."""

    def __init__(self, organization_id: int, user_id: int | None, now: datetime) -> None:
        self.organization_id, self.user_id, self.now = organization_id, user_id, now
        self.seen = Seen()
        self.token_id: int | None = None
        """The API token with which somebody imports; 0: with their password, None: not by a program."""
        self.name = ""
        """The file's, where its path has another one."""
        self.labels: Mapping[str, Any] = {}
        """The organization's own names for its fields; read before the file is opened."""

    @property
    @abstractmethod
    def report(self) -> BaseReport: ...

    @abstractmethod
    def open(self, source: Path, overrides: dict[str, str], reading: Callable[[], None]) -> Source[R]:
        """Open the file, its columns matched with our fields; `reading` is called now and then.

        Raises the refusals of a file as a whole, and what `reading` raises.
        """

    def begin(self, tx: Tx, file: str) -> None:
        """Note the beginning, in a transaction that may be retried."""

    def end(self, tx: Tx) -> None:
        """Note the end: all rows are read, or what stopped it is in the report."""

    @abstractmethod
    def apply(self, tx: Tx, rows: Sequence[R]) -> O:
        """Write a chunk in a transaction that may be retried: changes nothing but the database."""

    @abstractmethod
    def take(self, outcome: O) -> Sequence[RefusedRow]:
        """Remember a committed outcome; return its refused rows."""


async def run(
    database: Database,
    content: Content[R, O],
    source: Path,
    overrides: dict[str, str],
    watch: Watch | None = None,
) -> None:
    """Import a file's rows.

    Refused rows are in the report; the others are imported, each chunk in a transaction of its own, so that
    an interrupted import can be run again. What stops it after that is `stopped` in the report: the watch,
    FILE_TOO_MUCH; what `Watch.within` raises is raised here. Before anything is written, raises that,
    FILE_EMPTY, FILE_NOT_CSV, NOT_FOUND (the organization), NOT_ALLOWED, MEMBERSHIP_ENDED and SUSPENDED (below
    ADMIN), as `Content.open` does, and OSError where the file cannot be read.
    """
    watch = watch or Watch()
    with closing(content.seen):
        await database.read(partial(_check, content=content))
        with closing(await asyncio.to_thread(_Run, content, source, overrides, watch)) as under_way:
            batch = await asyncio.to_thread(under_way.next_batch)
            file = content.name or source.name
            entry_id = await database.write(partial(_begin, content=content, file=file, watch=watch))
            try:
                while batch:
                    if batch.rows:
                        under_way.take(batch, await _write(database, content, batch, watch))
                    else:
                        under_way.refuse(batch, ())
                    watch.written(content.report, under_way.source.done, under_way.source.size)
                    under_way.require_sense()
                    await asyncio.sleep(PAUSE)
                    batch = await asyncio.to_thread(under_way.next_batch)
            except Refusal as refusal:
                content.report.stopped = refusal
            await database.write(partial(_end, entry_id=entry_id, content=content, watch=watch))


async def _write(database: Database, content: Content[R, O], batch: "_Batch[R]", watch: Watch) -> O:
    """Write a chunk, trying again once so that concurrent inserts are seen."""

    def work(session: Session) -> O:
        began = time.monotonic()
        tx = Tx(session, content.now, within=content.organization_id)
        watch.within(tx)
        outcome = content.apply(tx, batch.rows)
        batch.seconds = time.monotonic() - began
        return outcome

    try:
        return await database.write(work)
    except IntegrityError:
        return await database.write(work)


@dataclass
class _Batch(Generic[R]):
    rows: list[R]
    refused: list[RefusedRow]
    read: int = 0
    """Rows of the file: each may be several pieces."""
    seconds: float = 0.0
    """For which its transaction held others up."""


class _Run(Generic[R, O]):
    """An import in progress: the open file and its content."""

    def __init__(self, content: Content[R, O], source: Path, overrides: dict[str, str], watch: Watch) -> None:
        self.content = content
        self.source = content.open(source, overrides, watch.reading)
        self._first = self.source.next()
        self._pace = CHUNK
        if self._first is None:
            self.close()
            raise Refusal(Refused.FILE_EMPTY, header_only=True)

    def close(self) -> None:
        self.source.close()

    def next_batch(self) -> _Batch[R] | None:
        """Return the next parsed rows, with those that are refused without the database set apart."""
        batch: _Batch[R] = _Batch([], [])
        characters = cells = 0
        while (
            len(batch.rows) + len(batch.refused) < min(self._pace, CHUNK)
            and characters < CHUNK_CHARACTERS
            and cells < CHUNK_CELLS
        ):
            parsed = self._first or self.source.next()
            self._first = None
            if parsed is None:
                break
            batch.read += 1
            characters += parsed.characters * len(parsed.rows)
            cells += parsed.cells * len(parsed.rows)
            for row in parsed.rows:
                if isinstance(row, RefusedRow):
                    batch.refused.append(row)
                else:
                    batch.rows.append(row)
        return batch if batch.rows or batch.refused else None

    def take(self, batch: _Batch[R], outcome: O) -> None:
        self.refuse(batch, self.content.take(outcome))
        fair = len(batch.rows) * HELD / max(batch.seconds, HELD / CHUNK)
        self._pace = max(FEWEST, min(CHUNK, int(fair) // FEWEST * FEWEST))

    def refuse(self, batch: _Batch[R], refused: Sequence[RefusedRow]) -> None:
        report = self.content.report
        report.rows += batch.read
        report.refuse(sorted([*batch.refused, *refused], key=lambda row: row.line))

    def require_sense(self) -> None:
        """Raise FILE_TOO_MUCH where most rows are refused: reading on would tell nothing new."""
        report = self.content.report
        if report.refused_total >= bounds.MOST_REFUSED and 2 * report.refused_total > report.rows:
            raise too_much(Bound.REFUSED, report.rows)


def _check(session: Session, content: Content[Any, Any]) -> None:
    organization = session.get(Organization, content.organization_id)
    if organization is None:
        raise Refusal(Refused.NOT_FOUND)
    content.labels = organization.labels
    if content.user_id is None:
        return
    user = session.get(User, content.user_id)
    if user is None or user.organization_id != content.organization_id:
        raise Refusal(Refused.NOT_ALLOWED, needed=Role.ADMIN)
    identity.as_actor(user, 0, content.now).require(Role.ADMIN)


def _begin(session: Session, content: Content[Any, Any], file: str, watch: Watch) -> int:
    """Write one audit entry for the whole import at its start: an import may be interrupted."""
    tx = Tx(session, content.now, within=content.organization_id)
    watch.within(tx)
    content.begin(tx, file)
    return audit.begin(
        tx,
        content.action,
        "organization",
        content.organization_id,
        organization_id=content.organization_id,
        user_id=content.user_id,
        file=file,
        done=False,
        **({audit.BY_TOKEN: content.token_id} if content.token_id is not None else {}),
    )


def _end(session: Session, entry_id: int, content: Content[Any, Any], watch: Watch) -> None:
    report = content.report
    tx = Tx(session, content.now, within=content.organization_id)
    watch.within(tx)
    content.end(tx)
    audit.complete(session, entry_id, done=report.stopped is None, **report.numbers())
