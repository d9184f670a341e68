"""Keys of earlier rows of the same file, kept outside the program's memory.

A file may have any number of rows. SQLite's own temporary database keeps a few pages of this in memory and
the rest in a file that is deleted when it is closed.
"""

import sqlite3
from collections.abc import Iterable
from enum import StrEnum


class Kind(StrEnum):
    CODE = "code"  # -> the line where it was first
    USERNAME = "username"  # -> the line where it was first
    EMAIL = "email"  # the same
    NUMBER = "number"  # the same, of a membership number that a member is known by, or of our own: `#7`
    EQUIPMENT = "equipment"  # -> which of its fields an earlier row has settled, as bits


class Seen:
    """Numbers by kind and key. Used by one thread at a time, not always the same."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.execute(
            "CREATE TABLE seen (kind TEXT, key TEXT, number INTEGER, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )
        self._connection.execute("BEGIN")

    def find(self, kind: Kind, keys: Iterable[str]) -> dict[str, int]:
        wanted = list(keys)
        marks = ", ".join("?" * len(wanted))
        query = f"SELECT key, number FROM seen WHERE kind = ? AND key IN ({marks})"
        return dict(self._connection.execute(query, [kind.value, *wanted]))

    def put(self, kind: Kind, numbers: dict[str, int]) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO seen (kind, key, number) VALUES (?, ?, ?)",
            [(kind.value, key, number) for key, number in numbers.items()],
        )

    def count(self, kind: Kind) -> int:
        query = "SELECT count(*) FROM seen WHERE kind = ?"
        return int(self._connection.execute(query, [kind.value]).fetchone()[0])

    def close(self) -> None:
        self._connection.close()
