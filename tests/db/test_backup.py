"""Backups under load, and back into a database of either kind."""

import sqlite3
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.backup import backup, restore
from db.copying import CannotCopy
from db.migrations import upgrade
from db.models import InboxUpdate
from db.session import Database

PAIRS_BEFORE = 20


class Writer(threading.Thread):
    """Writes pairs of rows, each pair in one transaction, until it is told to end."""

    def __init__(self, database: Database, now: datetime) -> None:
        super().__init__(daemon=True)
        self._database, self._now = database, now
        self.written, self.enough, self.over = 0, threading.Event(), threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            self._database.write_now(self._pair)
            self.written += 1
            if self.written == PAIRS_BEFORE:
                self.enough.set()

    def _pair(self, session: Session) -> None:
        for number in (2 * self.written, 2 * self.written + 1):
            session.add(InboxUpdate(update_id=number, chat_key=1, payload="{}", received_at=self._now))


def numbers(database: Database) -> list[int]:
    query = select(InboxUpdate.update_id).order_by(InboxUpdate.update_id)
    return database.read_now(lambda session: list(session.scalars(query)))


def test_a_backup_under_load_is_of_one_moment(database: Database, tmp_path: Path, now: datetime) -> None:
    """No half of a transaction is in it; it goes into a file, and back over what was written since. Numbers
    that were given out meanwhile are not given out again.
    """
    file = tmp_path / "one.backup"
    writer = Writer(database, now)
    writer.start()
    try:
        assert writer.enough.wait(60)
        backup(database, file)
    finally:
        writer.over.set()
        writer.join(60)
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    with closing(sqlite3.connect(file)) as connection:
        kept = [row[0] for row in connection.execute("SELECT update_id FROM inbox ORDER BY update_id")]
    assert len(kept) >= 2 * PAIRS_BEFORE and kept == list(range(len(kept))) and len(kept) % 2 == 0

    other = Database(f"sqlite:///{tmp_path}/other.db", durable=False)
    upgrade(other)
    assert restore(file, other)["inbox"] == len(kept) and numbers(other) == kept
    other.close()

    database.write_now(writer._pair)
    last = database.read_now(lambda session: session.scalar(select(func.max(InboxUpdate.id)))) or 0
    with pytest.raises(CannotCopy, match="not empty"):
        restore(file, database)
    restore(file, database, replace=True)
    assert numbers(database) == kept
    database.write_now(writer._pair)
    assert (
        database.read_now(
            lambda session: session.scalar(
                select(func.min(InboxUpdate.id)).where(InboxUpdate.update_id >= len(kept))
            )
        )
        == last + 1
    )


def test_what_is_no_backup_is_refused(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    """By a sentence: a newer version's, a damaged one, another file. What is there is left as it is."""
    sqlite.write_now(
        lambda session: session.add(
            InboxUpdate(update_id=1, chat_key=1, payload="x" * 50_000, received_at=now)
        )
    )
    newer, damaged, other = (tmp_path / name for name in ("newer", "damaged", "other"))
    for file in (newer, damaged):
        backup(sqlite, file)
    with pytest.raises(FileExistsError):
        backup(sqlite, newer)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[: len(whole) // 2])
    other.write_text("Dear diary")
    for file, reason in ((newer, "newer version"), (damaged, "damaged|malformed"), (other, "no backup")):
        with pytest.raises(CannotCopy, match=reason):
            restore(file, sqlite, replace=True)
    assert numbers(sqlite) == [1]
