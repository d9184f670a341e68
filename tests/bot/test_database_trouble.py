"""A database that is full, read-only, locked or cut off: nothing is lost or half done, and it goes on."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from bot import trouble
from bot.program import Program
from db import session as sessions
from db.session import Database
from db.states import InboxStatus, OutboxStatus
from handlers.telegram import errors
from sandbox import Sandbox
from services.core.tx import Tx
from services.messaging import inbox, outbox
from tests.bot.conftest import messages, settled, until, updates

LONG = "x" * 4000
"""A text that needs a new page of SQLite's file."""

Harm = Callable[[Database], AbstractContextManager[None]]


@contextmanager
def each_connection(database: Database, *statements: str) -> Iterator[None]:
    """Have every connection of an engine say this first, and the next ones not any more."""

    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        for one in statements:
            connection.execute(one)

    event.listen(database.engine, "connect", prepare)
    database.engine.dispose()
    try:
        yield
    finally:
        event.remove(database.engine, "connect", prepare)
        database.engine.dispose()


@contextmanager
def full_file(database: Database) -> Iterator[None]:
    """Let SQLite's file grow no more: no page is left, also none that was free."""
    with closing(sqlite3.connect(str(database.url.database), isolation_level=None)) as other:
        other.execute("VACUUM")
    pages = database.read_now(lambda s: s.scalar(text("PRAGMA page_count")))
    with each_connection(database, f"PRAGMA max_page_count = {pages}"):
        yield


@contextmanager
def read_only_file(database: Database) -> Iterator[None]:
    """Have SQLite refuse each write, as on a disk that is mounted so."""
    with each_connection(database, "PRAGMA query_only = ON"):
        yield


@contextmanager
def locked_file(database: Database) -> Iterator[None]:
    """Hold SQLite's lock, as another program does that writes for long; nobody waits for it."""
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(sqlite3.connect(str(database.url.database), isolation_level=None)) as other,
    ):
        patch.setattr(sessions, "_BUSY_TIMEOUT_MS", 1)
        database.engine.dispose()
        other.execute("BEGIN IMMEDIATE")
        yield
    database.engine.dispose()


def served(database: Database, name: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
    """Connect as somebody else, to the same database or another one of its server."""
    url = database.url.set(drivername="postgresql", database=name or database.url.database)
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@contextmanager
def full_server(database: Database) -> Iterator[None]:
    """Have PostgreSQL refuse each new message, as with a full disk, though not each new update."""
    with served(database) as other:
        other.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        other.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
        try:
            yield
        finally:
            other.execute("DROP FUNCTION full_disk CASCADE")


@contextmanager
def read_only_server(database: Database) -> Iterator[None]:
    """Have PostgreSQL refuse each write, as one does that takes over."""
    with served(database) as other:
        name = other.info.dbname
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        other.execute(CUT)
        try:
            yield
        finally:
            other.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
            other.execute(CUT)


@contextmanager
def restarting_server(database: Database) -> Iterator[None]:
    """Cut every connection, and let no new one in: as a server that restarts."""
    with served(database, "postgres") as outside:
        name = database.url.database
        outside.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        outside.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            yield
        finally:
            outside.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


ON_SQLITE = (full_file, read_only_file, locked_file)
ON_POSTGRESQL = (full_server, read_only_server, restarting_server)


@pytest.fixture(params=[*ON_SQLITE, *ON_POSTGRESQL], ids=lambda harm: harm.__name__)
def harmed(request: pytest.FixtureRequest) -> Iterator[tuple[Database, Harm]]:
    """A database of its own engine, and what goes wrong with it."""
    kind = "sqlite" if request.param in ON_SQLITE else "postgresql"
    database = Database(request.getfixturevalue(f"{kind}_url"), durable=False)
    yield database, request.param
    database.close()


async def test_what_was_asked_meanwhile_is_done_afterwards(
    sandbox: Sandbox,
    make_program: Callable[..., Program],
    harmed: tuple[Database, Harm],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Once, in order, by the program itself, without a traceback; none of it counts as a fault of ours."""
    database, harm = harmed
    program = make_program(database, apologizes_after=0.0)
    await program.start()
    kari = sandbox.add_person("Kari")
    await kari.types("/write before")
    await kari.sees("before")
    await settled(sandbox, program)
    with harm(database):
        await kari.types(f"/write {LONG[:-1]}1")
        await kari.types("/write after")
        await until(lambda: trouble.DATABASE._failures + trouble.STORING._failures > 3)
        await kari.sees(errors.in_trouble("en"))
        assert "Bot: after" not in sandbox.transcript(kari.chat)
    await kari.sees("after")
    await settled(sandbox, program)
    said = sandbox.transcript(kari.chat)
    once = ("Bot: before", f"Bot: {LONG[:-1]}1", "Bot: after", errors.in_trouble("en"))
    assert [said.count(words) for words in once] == [1, 1, 1, 1]
    assert {row.status for row in updates(database)} == {InboxStatus.DONE}
    assert {row.attempts for row in updates(database)} == {0}
    assert [row.status for row in messages(database)] == [OutboxStatus.SENT] * 3
    await program.stop()
    printed = capsys.readouterr()
    assert "Traceback" not in printed.out + printed.err


def test_nothing_of_a_transaction_that_met_it_is_kept(harmed: tuple[Database, Harm], now: datetime) -> None:
    """Whatever it had written before; the next one is a whole one."""
    database, harm = harmed

    def two(session: Session) -> None:
        tx = Tx(session, now)
        inbox.store(tx, [inbox.Arrival(number, 1, LONG * 9) for number in (1, 2)])
        for number in (1, 2):
            outbox.send(tx, "text", chat_id=number, params={"text": LONG * 9})
        session.flush()

    count = text("SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM inbox)")
    with harm(database), pytest.raises(DBAPIError) as met:
        database.write_now(two)
    assert sessions.is_passing(met.value), met.value
    assert database.read_now(lambda s: s.scalar(count)) == 0
    database.write_now(two)
    assert database.read_now(lambda s: s.scalar(count)) == 4
