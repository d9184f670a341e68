"""Rows that were read of a file, kept in a temporary file so that they can be read again."""

import marshal
import tempfile
from collections.abc import Iterator
from typing import Any

_ROWS, _CHARACTERS = 128, 200_000
"""The most that is written, and read again, at once."""

_LENGTH = 8
"""Bytes that say how long a block is."""


class Blocks:
    """Rows of plain values, in blocks; the file is deleted when it is closed.

    Read from the beginning any number of times, by one reader at a time, and added to at the end.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="equiplib-")  # noqa: SIM115 - closed by `close`
        self._pending: list[Any] = []
        self._characters = 0

    def put(self, row: Any, characters: int) -> None:
        """Add a row of so many characters."""
        self._pending.append(row)
        self._characters += characters
        if len(self._pending) >= _ROWS or self._characters >= _CHARACTERS:
            block = marshal.dumps(self._pending)
            self._file.seek(0, 2)
            self._file.write(len(block).to_bytes(_LENGTH, "big") + block)
            self._pending, self._characters = [], 0

    def __iter__(self) -> Iterator[Any]:
        at = 0
        while True:
            self._file.seek(at)
            length = int.from_bytes(self._file.read(_LENGTH), "big")
            if not length:
                break
            yield from marshal.loads(self._file.read(length))
            at += _LENGTH + length
        yield from self._pending

    def close(self) -> None:
        self._file.close()
