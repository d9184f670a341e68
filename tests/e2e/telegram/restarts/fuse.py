"""Dying right after a commit: before anything that follows from it, in this process, could happen."""

import os
import re
import signal
import threading
from enum import Enum

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor

from db.session import Database

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b")
_KEEPS = re.compile(r"\s*(INSERT INTO inbox|DELETE FROM (inbox|outbox))\b")
"""An update is stored; what is old is cleared away."""
_HANDLED = re.compile(r"\s*UPDATE inbox\b")


class Dies(Enum):
    """The commit after which a process dies."""

    NEVER = "never"
    OF_AN_UPDATE = "of an update"
    """An update is handled: not what a start or a sweep finds to do meanwhile."""
    OF_ANYTHING = "of anything"


class Fuse:
    """Once lit, it kills this process after the next such commit."""

    def __init__(self, database: Database, after: Dies = Dies.NEVER) -> None:
        self._after = after
        self._wrote = threading.local()
        # Before the program's own listeners: nobody else hears of that commit.
        database.on_commit(self._committed)
        event.listen(Engine, "begin", self._begun)
        event.listen(Engine, "after_cursor_execute", self._executed)

    def light(self, after: Dies) -> None:
        self._after = after

    def _begun(self, _connection: Connection) -> None:
        self._wrote.any = False

    def _executed(self, _connection: Connection, cursor: DBAPICursor, statement: str, *_: object) -> None:
        if not cursor.rowcount or self._after is Dies.NEVER:
            return
        if self._after is Dies.OF_AN_UPDATE:
            matters = _HANDLED.match(statement) is not None
        else:
            matters = _WRITES.match(statement) is not None and _KEEPS.match(statement) is None
        if matters:
            self._wrote.any = True

    def _committed(self) -> None:
        if getattr(self._wrote, "any", False):
            os.kill(os.getpid(), signal.SIGKILL)
