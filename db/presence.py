"""The presence of programs: each shows the others on its database that it lives; one has the turn to fetch.

On PostgreSQL that is a lock of a connection of its own, which the server gives up as soon as the connection
is gone, whatever the program died of. A SQLite file has a single program (db/sole_program.py).
"""

import random
import threading
from contextlib import suppress

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from db.session import Database

_PROGRAMS = 7_045_002
"""The first half of the locks' keys; the second is the program's number."""

_TURN = 7_045_003
"""The lock of the program that fetches updates."""

_TAKE_TURN = text("SELECT pg_try_advisory_lock(:key)").bindparams(bindparam("key", _TURN))
_STILL_THERE = text("SELECT 1")
_TAKE = text("SELECT pg_try_advisory_lock(:programs, :number)")
_NOTICE_SOON = text(
    "SELECT set_config('tcp_keepalives_idle', '3', false), "
    "set_config('tcp_keepalives_interval', '2', false), set_config('tcp_keepalives_count', '3', false)"
)
"""Without it a server takes hours to notice that a machine has lost its power."""

_GIVE_UP = text("SELECT pg_advisory_unlock_all()")
_LOOK = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 "
    "AND classid::bigint = :programs "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
).bindparams(bindparam("programs", _PROGRAMS))


class Presence:
    """One program's own presence, and its view of the others'. Its methods block."""

    def __init__(self, database: Database) -> None:
        self.number = random.getrandbits(31)
        """The name of this program among all, never used again."""
        self._database = database
        self._shown: Connection | None = None

    def living(self) -> set[int]:
        """Show that this program lives, and return the numbers of all that do. Raises DBAPIError."""
        if self._database.is_sqlite:
            return {self.number}
        try:
            if self._shown is None:
                self._shown = _connect(self._database)
                self._shown.execute(_TAKE, {"programs": _PROGRAMS, "number": self.number})
            return set(self._shown.scalars(_LOOK))
        except DBAPIError:
            self.end()  # the connection is gone, and the lock with it: the next call takes it again
            raise

    def end(self) -> None:
        """Cease to show that this program lives."""
        shown, self._shown = self._shown, None
        if shown is not None:
            _disconnect(shown)


class Turn:
    """The turn to fetch updates, which one program on a PostgreSQL database has. Its methods block."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ours: Connection | None = None
        self._one_at_a_time = threading.Lock()

    def take(self) -> bool:
        """Return whether this program has the turn, which it takes where nobody has it. Raises DBAPIError."""
        with self._one_at_a_time:
            try:
                return self._database.is_sqlite or self._take()
            except DBAPIError:
                self._end()  # the connection is gone, and the turn with it
                raise

    def _take(self) -> bool:
        if self._ours is not None:
            self._ours.execute(_STILL_THERE)
            return True
        found = _connect(self._database)
        if not found.scalar(_TAKE_TURN):
            found.close()
            return False
        self._ours = found
        return True

    def end(self) -> None:
        """Leave the turn to another program."""
        with self._one_at_a_time:
            self._end()

    def _end(self) -> None:
        ours, self._ours = self._ours, None
        if ours is not None:
            _disconnect(ours)


def _connect(database: Database) -> Connection:
    """Return a connection to hold locks, which the server gives up soon if this machine is cut off."""
    found = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    found.execute(_NOTICE_SOON)
    return found


def _disconnect(connection: Connection) -> None:
    with suppress(SQLAlchemyError):  # where the connection is gone already
        connection.execute(_GIVE_UP)
    connection.invalidate()  # whatever it still holds
    connection.close()
