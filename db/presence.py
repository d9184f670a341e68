"""The presence of programs: each shows the others on its database that it lives, and ceases to with its end.

On PostgreSQL that is a lock of a connection of its own, which the server gives up as soon as the connection
is gone, whatever the program died of. A SQLite file has a single program.
"""

import random
from contextlib import suppress

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from db.session import Database

_PROGRAMS = 7_045_002
"""The first half of the locks' keys; the second is the program's number."""

_TAKE = text("SELECT pg_try_advisory_lock(:programs, :number)")
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
                self._shown = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                self._shown.execute(_TAKE, {"programs": _PROGRAMS, "number": self.number})
            return set(self._shown.scalars(_LOOK))
        except DBAPIError:
            self.end()  # the connection is gone, and the lock with it: the next call takes it again
            raise

    def end(self) -> None:
        """Cease to show that this program lives."""
        shown, self._shown = self._shown, None
        if shown is not None:
            with suppress(SQLAlchemyError):  # where the connection is gone already
                shown.execute(_GIVE_UP)
            shown.invalidate()  # whatever it still holds
            shown.close()
