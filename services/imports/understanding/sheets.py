"""The rows of a file's sheets, spooled to disk so that they can be read more than once."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from services.imports.readers.csv_reader import Record
from services.imports.report import Reason


class Spool:
    """Rows in a temporary file, deleted when closed. Written once, then read any number of times."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", prefix="equiplib-")  # noqa: SIM115 - closed by `close`
        self.rows = 0

    def put(self, record: Record) -> None:
        problem = record.problem.value if record.problem is not None else None
        self._file.write(json.dumps([record.line, record.cells, problem]) + "\n")
        self.rows += 1

    def extend(self, records: Iterable[Record]) -> "Spool":
        for record in records:
            self.put(record)
        return self

    def __iter__(self) -> Iterator[Record]:
        """Yield all rows from the first on; one reader at a time."""
        self._file.seek(0)
        while line := self._file.readline():
            number, cells, problem = json.loads(line)
            yield Record(number, cells, Reason(problem) if problem else None)

    def head(self, rows: int) -> list[Record]:
        return list(islice(self, rows))

    def close(self) -> None:
        self._file.close()


@dataclass
class Sheet:
    """One sheet of a workbook, or the only one of a text file. `hidden`: its keeper does not show it."""

    title: str
    rows: Spool
    hidden: bool = False
    ragged: bool = True
    """Whether rows may be wider than the header, as in a workbook; a wider line of text lacks quotes."""

    def close(self) -> None:
        self.rows.close()
