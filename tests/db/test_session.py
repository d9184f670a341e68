"""Transactions: what survives, and who hears of it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from db.models import Organization
from db.session import Database, is_passing
from tests import support


def test_what_is_committed_survives_a_power_failure(sqlite_url: str) -> None:
    """SQLite waits for the disk at every commit, unless it is told that this need not be."""
    for durable, level in ((True, 2), (False, 1)):
        database = Database(sqlite_url, durable=durable)
        assert database.read_now(lambda s: s.scalar(text("PRAGMA synchronous"))) == level
        database.close()


def test_a_commit_is_heard_until_nobody_listens(database: Database, now: datetime) -> None:
    """What fails is not heard of, and of what it did nothing is left."""
    heard: list[str] = []
    stop = database.on_commit(lambda: heard.append("first"))
    stop_too = database.on_commit(lambda: heard.append("second"))

    def fails(session: Session) -> None:
        support.organization(session, now)
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed"):
        database.write_now(fails)
    assert heard == []
    database.write_now(lambda session: None)
    stop()
    database.write_now(lambda session: None)
    stop_too()
    assert heard == ["first", "second", "second"]
    assert database.read_now(lambda s: s.scalars(select(Organization)).all()) == []


@pytest.mark.parametrize("statement", ["SELECT " + ", ".join("1" * 3000), "SELECT * FROM nowhere"])
def test_a_statement_that_always_fails_is_not_waited_out(database: Database, statement: str) -> None:
    """Too much for the database, or no such table: reported as if it were in trouble, but never better."""
    with pytest.raises(DBAPIError) as caught:
        database.read_now(lambda s: s.execute(text(statement)))
    assert not is_passing(caught.value)


def test_a_database_that_is_locked_or_gone_is_waited_for(sqlite_url: str, tmp_path: Path) -> None:
    """Both are in trouble for a while only, as far as one can tell."""
    database = Database(sqlite_url)
    gone = Database(f"sqlite:///{tmp_path / 'nowhere' / 'equiplib.db'}")
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def write(session: Session) -> None:
            session.execute(text("PRAGMA busy_timeout = 0"))
            support.organization(session, datetime(2026, 12, 1, tzinfo=UTC))

        for trouble in (database.read_now, gone.read_now):
            with pytest.raises(OperationalError) as caught:
                trouble(write)
            assert is_passing(caught.value)
    database.close()
    gone.close()
