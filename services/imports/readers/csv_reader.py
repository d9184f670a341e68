"""The rows of a CSV file, one after the other, with the number of the line on which each begins."""

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from services.core.errors import Refusal, Refused
from services.core.text import one_line
from services.imports.readers import bounds
from services.imports.readers.bounds import Bound, too_much
from services.imports.readers.cells import readable
from services.imports.readers.dialect import detect
from services.imports.report import Reason

MOST_LINES = 200
MOST_CHARACTERS = 100_000
"""Maximum length of a row, in characters: a longer one has an unclosed quotation mark."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file. With a `problem`, its only cell is the line on which it begins."""

    line: int
    cells: list[str]
    problem: Reason | None = None


class Table:
    """An open CSV file. Reads the header when made; raises FILE_EMPTY, FILE_NOT_CSV,
    FILE_TOO_MUCH, OSError.

    `size` and `done` are in bytes: of the whole file, and read so far.
    """

    def __init__(self, path: Path, encoding: str = "") -> None:
        layout = detect(path, encoding)
        self.size = path.stat().st_size
        self._bytes = path.open("rb")
        self._text = io.TextIOWrapper(self._bytes, encoding=layout.encoding, errors=layout.errors, newline="")
        self._lines = _Lines(self._text)
        self._layout = layout
        self._again = 0
        if layout.skip:
            self._lines.next()
        header = self.next()
        if header is None or header.problem is not None:
            self.close()
            if header is None:
                raise Refusal(Refused.FILE_EMPTY, header_only=False)
            raise Refusal(Refused.FILE_NOT_CSV, kind="text")
        self.first = header
        self.headers = [one_line(readable(cell)) for cell in header.cells]

    @property
    def done(self) -> int:
        return self._bytes.tell()

    def close(self) -> None:
        self._text.close()

    def __iter__(self) -> Iterator[Record]:
        return iter(self.next, None)

    def next(self) -> Record | None:
        """Return the next row that is not blank; None at the end. Raises FILE_TOO_MUCH, at any row."""
        for _ in range(bounds.MOST_BLANK_ROWS):
            record = self._record()
            if record is None or record.problem is not None or any(map(str.strip, record.cells)):
                return record
        raise too_much(Bound.ROWS, bounds.MOST_BLANK_ROWS)

    def _record(self) -> Record | None:
        line = self._lines.number + 1
        taken: list[str] = []
        try:
            reader = csv.reader(
                self._until_too_long(taken),
                delimiter=self._layout.delimiter,
                quotechar=self._layout.quote,
                skipinitialspace=True,
                strict=True,
            )
            cells = next(reader, None)
        except (csv.Error, _TooLong):
            # Nobody knows where it should have closed: give up its first line only.
            self._again += sum(map(len, taken[1:]))
            if self._again > bounds.MOST_READ_AGAIN:
                raise too_much(Bound.QUOTES) from None
            self._lines.hand_back(taken[1:])
            return Record(line, [taken[0].strip()], Reason.BAD_QUOTES)
        return None if cells is None else Record(line, cells)

    def _until_too_long(self, taken: list[str]) -> Iterator[str]:
        characters = 0
        while line := self._lines.next():
            taken.append(line)
            characters += len(line)
            if characters > MOST_CHARACTERS or len(taken) > MOST_LINES:
                raise _TooLong
            yield line


class _TooLong(Exception):
    """Raised for a row that is too long."""


class _Lines:
    """Physical lines, counted from 1; some may be handed back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self.number = 0

    def next(self) -> str:
        """Return the next line with its end, or the start of a very long one; empty at the end."""
        line = self._back.popleft() if self._back else self._text.readline(MOST_CHARACTERS + 1)
        if line:
            self.number += 1
        rest = line
        while len(rest) > MOST_CHARACTERS and not rest.endswith(("\n", "\r")):
            rest = self._text.readline(MOST_CHARACTERS + 1)
        return line

    def hand_back(self, lines: Sequence[str]) -> None:
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)
