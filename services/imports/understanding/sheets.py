"""The rows of a file's sheets, spooled to disk so that they can be read more than once."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from services.imports.readers.csv_reader import Record
from services.imports.report import Reason

_encoded = json.JSONEncoder(ensure_ascii=False).encode
_decoded = json.JSONDecoder().decode


class Source(Protocol):
    """An open file that yields its rows, and knows how many of its bytes are read."""

    size: int

    @property
    def done(self) -> int: ...

    def __iter__(self) -> Iterator[Record]: ...

    def close(self) -> None: ...


class Spool:
    """Rows in a temporary file, deleted when closed. Read any number of times, by one reader at a time.

    `source`: a file whose rows are fetched as far as somebody reads them; `first`: rows it gave already.
    """

    def __init__(self, source: Source | None = None, first: Sequence[Record] = ()) -> None:
        self._file = tempfile.TemporaryFile(  # noqa: SIM115 - closed by `close`
            "w+", encoding="utf-8", newline="\n", prefix="equiplib-", errors="surrogatepass"
        )
        self._file_source = source
        self._source = iter(source) if source is not None else iter(())
        self._rows = self._read = 0
        self.skips = 0
        """Columns at the left that are passed over."""
        self.extend(first)

    @property
    def size(self) -> int:
        """The amount to read, in bytes of the source or in rows."""
        return self._file_source.size if self._file_source is not None else self._rows

    @property
    def done(self) -> int:
        """The part of `size` that was read."""
        return self._file_source.done if self._file_source is not None else self._read

    def put(self, record: Record) -> None:
        problem = record.problem.value if record.problem is not None else None
        self._file.write(_encoded([record.line, record.cells, problem]) + "\n")
        self._rows += 1

    def extend(self, records: Iterable[Record]) -> "Spool":
        for record in records:
            self.put(record)
        return self

    def __iter__(self) -> Iterator[Record]:
        """Yield all rows from the first on."""
        self._file.seek(0)
        self._read = 0
        while line := self._file.readline():
            number, cells, problem = _decoded(line)
            self._read += 1
            yield self._without(Record(number, cells, Reason(problem) if problem else None))
        for record in self._source:
            self.put(record)
            yield self._without(record)

    def _without(self, record: Record) -> Record:
        if not self.skips or record.problem is not None:
            return record
        return Record(record.line, record.cells[self.skips :])

    def head(self, rows: int) -> list[Record]:
        return list(islice(self, rows))

    def close(self) -> None:
        self._file.close()
        if self._file_source is not None:
            self._file_source.close()


@dataclass
class Sheet:
    """One sheet of a workbook, or the only one of a text file. `hidden`: its keeper does not show it."""

    title: str
    rows: Spool
    hidden: bool = False
    ragged: bool = True
    """True where rows may be wider than the header, as in a workbook; a wider line of text lacks quotes."""
    hidden_columns: set[int] = field(default_factory=set)
    """The columns that its keeper does not show, counted from the first of the file."""

    def close(self) -> None:
        self.rows.close()
