"""Transactions: what survives, and who hears of it."""

import asyncio
import gc
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Event, Thread
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    NoResultFound,
    OperationalError,
    PendingRollbackError,
    SQLAlchemyError,
)
from sqlalchemy.orm import Session

from db.models import Location, Organization
from db.session import Database, is_passing
from tests import factories


def test_what_is_committed_survives_a_power_failure(sqlite_url: str) -> None:
    """SQLite waits for the disk at every commit, unless it is told that this need not be."""
    for durable, level in ((True, 2), (False, 1)):
        database = Database(sqlite_url, durable=durable)
        assert database.read_now(lambda s: s.scalar(text("PRAGMA synchronous"))) == level
        database.close()


def test_a_commit_is_heard_until_nobody_listens(database: Database, now: datetime) -> None:
    """A transaction that fails is not heard of, and nothing of it is left."""
    heard: list[str] = []
    stop = database.on_commit(lambda: heard.append("first"))
    stop_too = database.on_commit(lambda: heard.append("second"))

    def fails(session: Session) -> None:
        factories.organization(session, now)
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


def test_columns_are_read_as_the_transaction_has_set_them(database: Database, now: datetime) -> None:
    """Though they do not go through the session's objects."""
    name = select(Organization.name)

    def work(session: Session) -> None:
        of = factories.organization(session, now)
        of.name = "First"
        assert session.scalar(name) == "First"
        of.name = "Second"
        assert session.scalars(name).one() == "Second"
        of.name = "Third"
        assert session.execute(name).scalar_one() == "Third"

    database.write_now(work)


def test_what_a_transaction_refers_to_is_read_once(database: Database, now: datetime) -> None:
    """Though nobody in it holds the row; the next transaction reads it anew."""
    id_ = database.write_now(lambda session: factories.organization(session, now).id)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    def look(session: Session) -> None:
        for _ in range(3):
            gc.collect(1)
            session.get_one(Organization, id_)

    event.listen(database.bare_engine, "before_cursor_execute", note)
    try:
        database.read_now(look)
        assert len(asked) == 1
        database.write_now(look)
        assert len(asked) == 2
    finally:
        event.remove(database.bare_engine, "before_cursor_execute", note)


def test_a_row_is_got_as_it_is_now(database: Database, now: datetime) -> None:
    """From the session where it has one that holds, else from the database; None where there is none."""

    def work(session: Session) -> None:
        of = factories.organization(session, now)
        session.execute(update(Organization.__table__).values(name="Renamed"))  # type: ignore[arg-type]
        session.expire(of)
        assert session.get_one(Organization, of.id).name == "Renamed"
        assert session.get(Organization, of.id, with_for_update=True) is of
        assert session.get(Organization, of.id + 1) is None
        with pytest.raises(NoResultFound):
            session.get_one(Organization, of.id + 1)

    database.write_now(work)


def test_nothing_is_written_after_a_failure(database: Database, now: datetime) -> None:
    """Though code goes on regardless: the connection would write it outside of the transaction."""

    def work(session: Session) -> None:
        of = factories.organization(session, now)
        session.connection().execute(text("SELECT 1"))
        session.add(Location(organization_id=of.id + 1, name="Nobody's"))
        with pytest.raises(IntegrityError):
            session.flush()
        with pytest.raises(PendingRollbackError):
            session.connection()
        with pytest.raises(PendingRollbackError):
            session.scalar(select(Location.name))

    with pytest.raises(SQLAlchemyError):
        database.write_now(work)
    assert database.read_now(lambda s: s.scalars(select(Organization.id)).all()) == []


async def test_closing_waits_for_what_was_given_to_a_thread(database_url: str) -> None:
    """Also where none has begun it yet, and whoever asked was cancelled: else its connection stays open."""
    database, go_on = Database(database_url), Event()
    order: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    busy = loop.run_in_executor(None, go_on.wait)
    asked = asyncio.create_task(database.read(lambda session: order.append(session.scalar(text("SELECT 1")))))
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)

    def close() -> None:
        database.close()
        order.append("closed")

    closing_it = Thread(target=close)
    closing_it.start()
    go_on.set()
    await busy
    closing_it.join()
    assert order == [1, "closed"]


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
            factories.organization(session, datetime(2026, 12, 1, tzinfo=UTC))

        for trouble in (database.read_now, gone.read_now):
            with pytest.raises(OperationalError) as caught:
                trouble(write)
            assert is_passing(caught.value)
    database.close()
    gone.close()


def test_a_write_goes_on_as_soon_as_another_process_is_done(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks every 3 ms, not ever more seldom as SQLite does, and gives up after 20 seconds.

    Only the beginning looks: any other statement waits as SQLite does.
    """
    database, waited = Database(sqlite_url), [0.0]
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)

    def sleep(seconds: float) -> None:
        waited[0] += seconds
        if done_after and waited[0] >= done_after:
            other.execute("COMMIT")

    clock = SimpleNamespace(monotonic=lambda: waited[0], sleep=sleep)
    monkeypatch.setattr("db.session.time", clock)

    def write() -> object:
        return database.write_now(lambda session: session.scalar(text("PRAGMA busy_timeout")))

    done_after = 0.2
    for _ in range(2):
        waited[0] = 0.0
        other.execute("BEGIN IMMEDIATE")
        assert write() == 20_000
        assert 0.2 <= waited[0] < 0.206
    waited[0] = done_after = 0.0
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError) as caught:
        write()
    assert is_passing(caught.value)
    assert 20 <= waited[0] < 20.006
    assert database.read_now(lambda session: session.scalar(text("PRAGMA busy_timeout"))) == 20_000
    other.close()
    assert write() == 20_000
    database.close()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    database = Database(postgresql_url)
    yield database
    database.close()


def rename(session: Session, organization_id: int) -> None:
    session.execute(
        update(Organization).where(Organization.id == organization_id).values(city=Organization.city + "x")
    )


def named(database: Database) -> list[str | None]:
    return database.read_now(lambda s: list(s.scalars(select(Organization.city).order_by(Organization.id))))


def two(session: Session, now: datetime) -> list[int]:
    found = [factories.organization(session, now, name) for name in ("First", "Second")]
    for one in found:
        one.city = ""
    return [one.id for one in found]


def test_who_waits_for_each_other_is_run_again(postgresql: Database, now: datetime) -> None:
    """Two transactions that need the same two rows in another order: both are done in the end."""
    first, second = postgresql.write_now(lambda session: two(session, now))
    together, runs = Barrier(2), Counter[int]()

    def change(one: int, other: int) -> None:
        def work(session: Session) -> None:
            runs[one] += 1
            session.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
            rename(session, one)
            if runs[one] == 1:
                together.wait(10)
            rename(session, other)

        postgresql.write_now(work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(change, (first, second), (second, first)))
    assert named(postgresql) == ["xx", "xx"]
    assert sorted(runs.values()) == [1, 2]


def test_who_saw_what_is_no_more_is_run_again(postgresql: Database, now: datetime) -> None:
    """A transaction under repeatable read is run again if somebody has changed a row that it saw."""
    first, _ = postgresql.write_now(lambda session: two(session, now))
    runs = 0

    def work(session: Session) -> None:
        nonlocal runs
        runs += 1
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        session.scalar(select(Organization.city).filter_by(id=first))
        if runs == 1:
            postgresql.write_now(lambda other: rename(other, first))
        rename(session, first)

    postgresql.write_now(work)
    assert (named(postgresql), runs) == (["xx", ""], 2)


def test_what_was_added_after_a_savepoint_is_gone_with_it(database: Database, now: datetime) -> None:
    """Also where it was read again since: the next row may get its number."""

    def work(session: Session) -> None:
        with pytest.raises(ValueError, match="changed"), session.begin_nested():
            session.add(Location(organization_id=factories.organization(session, now).id, name="Cellar"))
            session.flush()
            gc.collect(1)  # it is young
            read = session.scalars(select(Location)).one()
            raise ValueError("changed my mind")
        assert read not in session
        place = Location(organization_id=factories.organization(session, now).id, name="Loft")
        session.add(place)
        session.flush()
        assert session.get_one(Location, place.id).name == "Loft"

    database.write_now(work)
