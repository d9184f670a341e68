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
    """The outcome of one row of the file: a row for each piece, or a refusal; and how large it is."""

    rows: Sequence[R | RefusedRow]
    characters: int
    cells: int

    @classmethod
    def of(cls, record: Record, rows: Sequence[R | RefusedRow]) -> "Parsed[R]":
        return cls(rows, sum(map(len, record.cells)), sum(map(bool, record.cells)))


class Source(ABC, Generic[R]):
    """The rows of an open file, parsed one after the other."""

    def __init__(self) -> None:
        self._rows = self._read()

    @abstractmethod
    def _read(self) -> Iterator[Parsed[R]]: ...

    @abstractmethod
    def close(self) -> None: ...

    @property
    @abstractmethod
    def size(self) -> int:
        """The amount to read, in rows or bytes."""

    @property
    @abstractmethod
    def done(self) -> int:
        """The part of `size` that is read."""

    def next(self) -> Parsed[R] | None:
        """Return the next row; None at the end."""
        return next(self._rows, None)


class SheetSource(Source[R]):
    """The rows below the header of one sheet."""

    def __init__(
        self, sheet: Sheet, header: Header | None, clean: Callable[[Record], R | RefusedRow]
    ) -> None:
        self._sheet, self._header, self._clean = sheet, header, clean
        super().__init__()

    @property
    def size(self) -> int:
        return self._sheet.rows.size

    @property
    def done(self) -> int:
        return self._sheet.rows.done

    def _read(self) -> Iterator[Parsed[R]]:
        for line in Body(self._sheet, self._header):
            if isinstance(line, Line):
                yield Parsed.of(line.record, [self._clean(line.record)])

    def close(self) -> None:
        self._sheet.close()
