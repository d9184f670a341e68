"""Transactions: what survives, and who hears of it."""

from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db.models import Organization
from db.session import Database
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
