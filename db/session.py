"""Sessions and transactions. The only module of the program that commits.

Services are plain functions over a `Session`; one call of `write` or `read` is one transaction in a worker
thread. A transaction that conflicts with another one is run again from the start, so `work` must be free of
side effects outside the database.
"""

import asyncio
import contextvars
import random
import re
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from db.guards import OVERLAP
from db.models.base import tell_postgresql
from db.transaction import Transaction

T = TypeVar("T")

ATTEMPTS = 6
"""The number of attempts for a transaction that conflicts with others."""

_SERIALIZATION_FAILURE, _DEADLOCK = "40001", "40P01"
_READ_ONLY = "25006"
"""PostgreSQL's code while it only follows another server, as in the minutes in which one takes over."""
_TOO_MUCH = "54"
"""PostgreSQL's error class for exceeded limits, such as too many columns."""
_BUSY_TIMEOUT_MS = 20_000
_LOOK_AGAIN_SECONDS = 0.003
_SQLITE_CONNECTIONS = 32
"""As many are kept open as threads may use: a new one has to prepare all its statements again."""
_CLOSING_SECONDS = 5
_INTERRUPTING_SECONDS = 0.05


def met_another(error: Exception) -> bool:
    """Return whether a transaction failed because of a concurrent one, so that a retry may succeed.

    That includes an overlapping claim, where the retry sees the other's claim and can say what is left, a
    unique key that another transaction took first, and a row that changed meanwhile.
    """
    if isinstance(error, StaleDataError):
        return True
    if isinstance(error, IntegrityError):
        reason = str(error.orig)
        return OVERLAP in reason or "UNIQUE" in reason.upper()
    if isinstance(error, DBAPIError):
        sqlstate = getattr(error.orig, "sqlstate", None)
        return sqlstate in {_SERIALIZATION_FAILURE, _DEADLOCK}
    return False


def is_passing(error: BaseException) -> bool:
    """Return whether the database was briefly unavailable (locked, full, gone, restarting): retry later."""
    if isinstance(error, OperationalError) and not _is_wrong(error):
        return True
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _READ_ONLY:
        return True
    return isinstance(error, DBAPIError) and (error.connection_invalidated or met_another(error))


_OTHERS_LOCKS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_PASSES = {*_OTHERS_LOCKS, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM}
_REFUSED = re.compile(
    r"authentication failed|no pg_hba\.conf entry|(database|role) .* does not exist|permission denied"
    r"|not permitted to log in|no password supplied|invalid (connection option|URI|port|sslmode)"
)
"""The words of PostgreSQL, or its client, for a wrong address, name or password, for which it has no code."""


def is_hopeless(error: BaseException) -> bool:
    """Return whether a database cannot be opened for a reason that no waiting mends: its address, a password,
    permissions, a file that is no database.
    """
    original = getattr(error, "orig", error)
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        return (code & 0xFF) not in _PASSES
    if isinstance(error, OperationalError):
        return _REFUSED.search(str(original)) is not None
    return not (isinstance(error, DBAPIError) and error.connection_invalidated)


def _is_wrong(error: OperationalError) -> bool:
    """Return whether the statement itself is wrong and would always fail: too large for this database, or for
    SQLite a missing table. Both report it as if it were temporary.
    """
    code = getattr(error.orig, "sqlite_errorcode", None)
    sqlstate = getattr(error.orig, "sqlstate", None) or ""
    return code == sqlite3.SQLITE_ERROR or sqlstate.startswith(_TOO_MUCH)


class Database:
    """One database, SQLite or PostgreSQL, by its SQLAlchemy URL.

    `durable`: commits survive a power failure too, at the cost of some milliseconds each. Without it SQLite's
    survive only the end of the program. PostgreSQL has its own setting.

    `engine` is for whoever needs a connection: it begins its transactions. Those of `write` and `read` are on
    `bare_engine`, which has no listeners, so that SQLAlchemy looks for none at each statement; one that is
    added to it hears of both engines' statements.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.bare_engine = _sqlite_engine(url, durable) if self.is_sqlite else _postgresql_engine(url)
        self.engine = _beginning(self.bare_engine) if self.is_sqlite else self.bare_engine
        # SQLite has a single writer: waiting here is fair, its busy handler is not.
        self._one_writer = threading.Lock() if self.is_sqlite else None
        self._listeners: list[Callable[[], None]] = []
        self._long_reads: dict[Any, bool] = {}  # whether one was interrupted
        self._interrupting = threading.Lock()
        self._under_way = 0
        self._changed = threading.Condition()

    def on_commit(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each committed write that is not quiet, in the writing thread; return the
        function that stops it.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def write(self, work: Callable[[Session], T], *, quietly: bool = False) -> T:
        """Run `work` in one transaction of its own and commit it; any exception rolls it back.

        `quietly`: it queues no message, so listeners are not called. If the caller is cancelled, the thread
        finishes the transaction.
        """
        return await self._in_thread(partial(self.write_now, work, quietly=quietly))

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction that is rolled back afterwards."""
        return await self._in_thread(partial(self.read_now, work))

    async def read_long(self, work: Callable[[Session], T]) -> T:
        """Run `read` with statements that may take so long that `keep_interrupting` has to end them."""
        return await self._in_thread(partial(self.read_now, partial(self._long, work)))

    def _long(self, work: Callable[[Session], T], session: Session) -> T:
        connection = session.connection()
        driver = connection.connection.driver_connection
        with self._interrupting:
            self._long_reads[driver] = False
        try:
            return work(session)
        finally:
            with self._interrupting:
                interrupted = self._long_reads.pop(driver)
            if interrupted:
                # PostgreSQL may hear of it late: it would end a statement of whoever had the connection next.
                connection.invalidate()

    async def keep_interrupting(self) -> None:
        """Let long reads fail until cancelled: also those that have yet to begin their statement."""
        while True:
            if self._long_reads:
                await asyncio.to_thread(self._interrupt)
            await asyncio.sleep(_INTERRUPTING_SECONDS)

    def _interrupt(self) -> None:
        with self._interrupting:
            for driver in self._long_reads:
                self._long_reads[driver] = True
                if self.is_sqlite:
                    driver.interrupt()
                else:
                    driver.cancel_safe(timeout=_CLOSING_SECONDS)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        """Run a call in a worker thread; it counts as running from now on, even before a thread is free."""
        context = contextvars.copy_context()

        def whole() -> T:
            try:
                return context.run(call)
            finally:
                self._count(-1)

        self._count(1)
        try:
            done = asyncio.get_running_loop().run_in_executor(None, whole)
        except BaseException:
            self._count(-1)
            raise
        return await asyncio.shield(done)

    def write_now(self, work: Callable[[Session], T], *, quietly: bool = False) -> T:
        """Run `write` without an event loop, for the command line and tests."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                result = self._write_once(work)
            except (DBAPIError, StaleDataError) as error:
                if attempt == ATTEMPTS or not met_another(error):
                    raise
                time.sleep(random.uniform(0, 0.01 * 2**attempt))
            else:
                for listener in () if quietly else tuple(self._listeners):
                    listener()
                return result
        raise AssertionError("unreachable")

    def _write_once(self, work: Callable[[Session], T]) -> T:
        if self._one_writer is None:
            return self._transaction(work)
        with self._one_writer:
            return self._transaction(work)

    def _transaction(self, work: Callable[[Session], T]) -> T:
        self._count(1)
        try:
            with self._session() as session, session.begin():
                self._begin(session, writes=True)
                return work(session)
        finally:
            self._count(-1)

    def read_now(self, work: Callable[[Session], T]) -> T:
        """Run `read` without an event loop."""
        self._count(1)
        try:
            with self._session(autoflush=False) as session:
                self._begin(session, writes=False)
                return work(session)
        finally:
            self._count(-1)

    def _session(self, *, autoflush: bool = True) -> Transaction:
        return Transaction(self.bare_engine, expire_on_commit=False, autoflush=autoflush)

    def _begin(self, session: Session, *, writes: bool) -> None:
        """Begin on SQLite, through the driver: SQLAlchemy makes much of each statement."""
        if self.is_sqlite and writes:
            _begin_writing(session.connection())
        elif self.is_sqlite:
            _begin_reading(session.connection())

    def _count(self, more: int) -> None:
        """Count what runs, for `settle`."""
        with self._changed:
            self._under_way += more
            if not self._under_way:
                self._changed.notify_all()

    def settle(self) -> None:
        """Wait for running transactions, such as those of cancelled callers."""
        with self._changed:
            self._changed.wait_for(lambda: self._under_way == 0, timeout=_CLOSING_SECONDS)

    def close(self) -> None:
        """Wait for running transactions, then close all connections."""
        self.settle()
        self.engine.dispose()


def _postgresql_engine(url: str) -> Engine:
    tell_postgresql()
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": "-c timezone=UTC"},
    )


def _sqlite_engine(url: str, durable: bool) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000, "cached_statements": 500},
        pool_size=_SQLITE_CONNECTIONS,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # Python 3.11's sqlite3 begins transactions late and by itself; we begin them ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        # SQLite's own default; in WAL mode NORMAL may lose the last commits when the power fails.
        cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
        cursor.close()

    return engine


def _beginning(bare: Engine) -> Engine:
    """Return a SQLite engine on the same connections that begins their transactions."""
    engine = bare.execution_options()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("equiplib_writes", False)
        connection.exec_driver_sql(_begins(writes=writes))

    return engine


def _begin_reading(connection: Connection) -> None:
    try:
        _driver(connection).execute(_begins(writes=False))
    except sqlite3.Error:
        connection.exec_driver_sql(_begins(writes=False))  # fails again, with SQLAlchemy's error


def _begin_writing(connection: Connection) -> None:
    """Begin to write as soon as no other process does.

    SQLite's own busy handler sleeps for up to 100 ms at a time: beside a program that writes portion after
    portion it misses the moments between them, for seconds.
    """
    driver = _driver(connection)
    until = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        if not _began(driver, until):
            connection.exec_driver_sql(_begins(writes=True))  # fails again, with SQLAlchemy's error
    finally:
        driver.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")


def _began(driver: sqlite3.Connection, until: float) -> bool:
    """Begin to write, again and again while others do; return whether that succeeded."""
    while True:
        try:
            driver.execute(_begins(writes=True))
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() >= until:
                return False
        else:
            return True
        time.sleep(_LOOK_AGAIN_SECONDS)


def _driver(connection: Connection) -> sqlite3.Connection:
    driver: Any = connection.connection.driver_connection
    return cast(sqlite3.Connection, driver)


def _is_busy(error: BaseException | None) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_BUSY


def _begins(*, writes: bool) -> str:
    # A transaction that begins by reading and then writes fails at once when another wrote meanwhile.
    return "BEGIN IMMEDIATE" if writes else "BEGIN"
