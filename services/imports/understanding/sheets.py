"""The rows of a file's sheets, spooled to disk so that they can be read more than once."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Protocol

from services.core.text import key, one_line
from services.imports.readers.csv_reader import Record
from services.imports.readers.kept import Blocks
from services.imports.report import Reason
from services.imports.understanding.vocabulary import keys, units


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
        self._kept = Blocks()
        self._file_source = source
        self._source = iter(source) if source is not None else iter(())
        self._rows = self._read = 0
        self.skips = 0
        """Columns at the left that are passed over."""
        self.split: Callable[[list[str]], list[str]] | None = None
        """Parts the only cell of a row into several."""
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
        self._kept.put((record.line, record.cells, problem), sum(map(len, record.cells)))
        self._rows += 1

    def extend(self, records: Iterable[Record]) -> "Spool":
        for record in records:
            self.put(record)
        return self

    def __iter__(self) -> Iterator[Record]:
        """Yield all rows from the first on."""
        self._read = 0
        for number, cells, problem in self._kept:
            self._read += 1
            yield self._without(Record(number, cells, Reason(problem) if problem else None))
        for record in self._source:
            self.put(record)
            yield self._without(record)

    def _without(self, record: Record) -> Record:
        if not (self.skips or self.split) or record.problem is not None:
            return record
        cells = record.cells[self.skips :]
        return Record(record.line, self.split(cells) if self.split is not None else cells)

    def head(self, rows: int) -> list[Record]:
        return list(islice(self, rows))

    def close(self) -> None:
        self._kept.close()
        if self._file_source is not None:
            self._file_source.close()


class Window(Spool):
    """Some columns of another's rows, without what is blank in them below the header, the `row`th from 0.

    `whole`: the headers of all columns.
    """

    def __init__(self, rows: Spool, begin: int, end: int | None, row: int, whole: tuple[str, ...]) -> None:
        self._of, self._begin, self._end, self._row = rows, begin, end, row
        self.whole = whole
        self.skips = rows.skips + begin
        self.split = None

    @property
    def size(self) -> int:
        return self._of.size

    @property
    def done(self) -> int:
        return self._of.done

    def __iter__(self) -> Iterator[Record]:
        for number, record in enumerate(self._of):
            cells = record.cells[self._begin : self._end] if record.problem is None else record.cells
            if number <= self._row or any(map(str.strip, cells)):
                yield Record(record.line, cells, record.problem)

    def close(self) -> None:
        self._of.close()


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


# Lines that are each a number of pieces and a name

_LOOKED_AT = 60


@cache
def _counted() -> tuple[re.Pattern[str], re.Pattern[str]]:
    unit = rf"(?:{units()})"
    before = rf"[-*•]?\s*(?P<n>\d{{1,4}})\s*(?:[x×]\s*|{unit}\b\.?\s+|\s)\s*(?P<name>[^\W\d_].*)"
    behind = (
        rf"[-*•]?\s*(?P<name>.*?[^\W\d_].*?)\s*(?:\s[-–—]\s*|[:=]\s*|\s[x×]\s*|\s(?=\d+\s*{unit}\b))"
        rf"(?P<n>\d{{1,4}})\s*[x×]?\s*(?:{unit}\b\.?)?"
    )
    bracketed = rf"[-*•]?\s*(?P<name>.*?[^\W\d_].*?)\s*\(\s*(?P<n>\d{{1,4}})\s*[x×]?\s*(?:{unit}\b\.?)?\s*\)"
    both = "|".join([behind, re.sub("<(n|name)>", r"<\1_>", bracketed)])
    return re.compile(before, re.IGNORECASE), re.compile(both, re.IGNORECASE)


def split(text: str) -> tuple[str, str]:
    """Return the name and the number of pieces of a line: of `3 tents`, `2 x Tent`, `Tent – 4 pcs`; the
    number is empty where there is none, and where it is a measure: `10 mm spanner`.
    """
    text = one_line(text)
    before, behind = _counted()
    if (found := before.fullmatch(text)) is not None:
        word = key(found["name"]).split()[:1]
        return (text, "") if word and word[0] in keys("measures") else (found["name"], found["n"])
    if (found := behind.fullmatch(text)) is not None:
        return found["name"] or found["name_"], found["n"] or found["n_"]
    return text, ""


def _split_cells(cells: list[str]) -> list[str]:
    if len(cells) != 1:
        return cells
    name, count = split(cells[0])
    return [name, count or ("1" if name[:1].isdigit() else "")]  # `10 mm spanner` is one, and no section


def is_counted(sheet: Sheet, start: int) -> bool:
    """Return whether the rows from this one on, counted from 0, are each a number of pieces and a name; let
    them have both in cells of their own.
    """
    if sheet.rows.split is not None:
        return True
    rows = [record.cells for record in sheet.rows.head(_LOOKED_AT)[start:]]
    if any(len(cells) != 1 for cells in rows):
        return False
    counts = [n for cells in rows if (n := split(cells[0])[1])]
    is_numbering = len(counts) > 2 and counts == [str(n + 1) for n in range(len(counts))]
    if len(counts) < 2 or len(counts) * 5 < len(rows) * 3 or is_numbering:
        return False
    sheet.rows.split = _split_cells
    return True
