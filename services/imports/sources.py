"""Rows of a file, parsed one after the other for an import."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.imports.readers.csv_reader import Record
from services.imports.report import RefusedRow
from services.imports.understanding.body import Body, Line
from services.imports.understanding.header import Header
from services.imports.understanding.sheets import Sheet

R = TypeVar("R")
"""A parsed row."""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[R]):
    """What one row of the file became: a row for each piece, or a refusal. `size`: its characters."""

    rows: Sequence[R | RefusedRow]
    size: int


class Source(ABC, Generic[R]):
    """An open file. `size` and `done` count its rows: in all, and read so far."""

    size: int
    done: int = 0

    def __init__(self) -> None:
        self._rows = self._read()

    @abstractmethod
    def _read(self) -> Iterator[Parsed[R]]: ...

    @abstractmethod
    def close(self) -> None: ...

    def next(self) -> Parsed[R] | None:
        """Return the next row; None at the end."""
        found = next(self._rows, None)
        self.done += found is not None
        return found


class SheetSource(Source[R]):
    """The rows below the header of one sheet."""

    def __init__(
        self, sheet: Sheet, header: Header | None, clean: Callable[[Record], R | RefusedRow]
    ) -> None:
        self._sheet, self._header, self._clean = sheet, header, clean
        self.size = sheet.rows.rows - (0 if header is None else header.row + 1)
        super().__init__()

    def _read(self) -> Iterator[Parsed[R]]:
        for line in Body(self._sheet, self._header):
            if isinstance(line, Line):
                yield Parsed([self._clean(line.record)], sum(map(len, line.record.cells)))

    def close(self) -> None:
        self._sheet.close()
