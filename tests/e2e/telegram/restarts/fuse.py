"""Dying right after a commit: before anything that follows from it, in this process, could happen."""

import os
import re
import signal
import threading

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor

from db.session import Database

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b")
_KEEPS = re.compile(r"\s*(INSERT INTO inbox|DELETE FROM (inbox|outbox))\b")
"""An update is stored; what is old is cleared away."""


class Fuse:
    """Once lit, it kills this process after the next commit of a change."""

    def __init__(self, database: Database, *, lit: bool = False) -> None:
        self._lit = lit
        self._wrote = threading.local()
        # Before the program's own listeners: nobody else hears of that commit.
        database.on_commit(self._committed)
        event.listen(Engine, "begin", self._begun)
        event.listen(Engine, "after_cursor_execute", self._executed)

    def light(self) -> None:
        self._lit = True

    def _begun(self, _connection: Connection) -> None:
        self._wrote.any = False

    def _executed(self, _connection: Connection, cursor: DBAPICursor, statement: str, *_: object) -> None:
        if cursor.rowcount and _WRITES.match(statement) and not _KEEPS.match(statement):
            self._wrote.any = True

    def _committed(self) -> None:
        if self._lit and getattr(self._wrote, "any", False):
            os.kill(os.getpid(), signal.SIGKILL)
