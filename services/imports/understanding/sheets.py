"""The rows of a file's sheets, spooled to disk so that they can be read more than once."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Protocol

from services.core.text import key, one_line
from services.imports.readers.csv_reader import Record
from services.imports.readers.kept import Blocks
from services.imports.report import Reason
from services.imports.understanding.cells.values import pieces
from services.imports.understanding.vocabulary import is_nothing, is_total, keys, units


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


class View(Spool):
    """Another's rows as other rows; read as far as these."""

    def __init__(self, rows: Spool, skips: int) -> None:
        self._of, self.skips, self.split = rows, skips, None

    @property
    def size(self) -> int:
        return self._of.size

    @property
    def done(self) -> int:
        return self._of.done

    def close(self) -> None:
        self._of.close()


class Window(View):
    """Some columns of another's rows, without what is blank in them below the header, the `row`th from 0.

    `whole`: the headers of all columns.
    """

    def __init__(self, rows: Spool, begin: int, end: int | None, row: int, whole: tuple[str, ...]) -> None:
        super().__init__(rows, rows.skips + begin)
        self._begin, self._end, self._row = begin, end, row
        self.whole = whole

    def __iter__(self) -> Iterator[Record]:
        for number, record in enumerate(self._of):
            cells = record.cells[self._begin : self._end] if record.problem is None else record.cells
            if number <= self._row or any(map(str.strip, cells)):
                yield Record(record.line, cells, record.problem)


class Sizes(View):
    """Another's rows with a row for each size of a thing: below the header, the `row`th from 0, of `width`
    columns, those of `sizes` count its pieces of one size each, and `sums` add them up. `label`: of sizes.
    """

    def __init__(
        self, rows: Spool, row: int, width: int, sizes: dict[int, str], sums: set[int], label: str
    ) -> None:
        super().__init__(rows, rows.skips)
        self._row, self._sizes, self._label = row, sizes, label
        self._others = [column for column in range(width) if column not in sums | sizes.keys()]

    def __iter__(self) -> Iterator[Record]:
        for number, record in enumerate(self._of):
            if number < self._row or record.problem is not None or not any(map(str.strip, record.cells)):
                yield record
                continue
            cells = [record.cells[c] if c < len(record.cells) else "" for c in self._others]
            for more in self._counted(record.cells) if number > self._row else [(self._label, _QUANTITY)]:
                yield Record(record.line, [*cells, *more], None)

    def _counted(self, cells: Sequence[str]) -> list[tuple[str, str]]:
        """Return each size with its number of pieces; one that is blank where there is none at all."""
        if is_total(next(filter(str.strip, cells), "")):
            return [("", "")]
        found = [(size, "".join(cells[column : column + 1]).strip()) for column, size in self._sizes.items()]
        return [(size, n) for size, n in found if not is_nothing(n) and n != "0"] or [("", found[0][1])]

    def header(self, cells: Sequence[str]) -> tuple[str, ...]:
        return *(cells[column] for column in self._others), self._label, _QUANTITY


_QUANTITY, _SIZE = "Quantity", "Size"
_FEWEST_SIZES = 2


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


# Columns that each count the pieces of one size


def sized(sheet: Sheet, row: int, cells: Sequence[str]) -> tuple[Sheet, tuple[str, ...]] | None:
    """Return the sheet with a row for each size, and its header; None where no columns are sizes."""
    sizes: dict[int, str] = {}
    labels = set()
    for column, text in enumerate(cells):
        label, _, size = text.rpartition(" ")
        if key(size) in keys("sizes"):
            sizes[column] = size
            labels.add(label)
    if len(sizes) < _FEWEST_SIZES or len(labels) > 1:
        return None
    below = [record.cells for record in sheet.rows.head(_LOOKED_AT)[row + 1 :] if record.problem is None]
    if any(_count(one, column) is None for one in below for column in sizes):
        return None
    totals = [sum(_count(one, column) or 0 for column in sizes) for one in below]
    sums = {
        column
        for column in range(len(cells))
        if column not in sizes and any(totals)
        if all(_count(one, column) == total for one, total in zip(below, totals, strict=True))
    }
    rows = Sizes(sheet.rows, row, len(cells), sizes, sums, labels.pop() or _SIZE)
    return replace(sheet, rows=rows), rows.header(cells)


def _count(cells: Sequence[str], column: int) -> int | None:
    """Return the number of pieces in a cell, 0 where it is blank; None where it says something else."""
    text = one_line(cells[column]) if column < len(cells) else ""
    return 0 if is_nothing(text) else pieces(text)


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


_MANY_COUNTS = 3
"""Lines with a number from which on fewer of the others need one."""


def is_counted(sheet: Sheet, start: int, end: int | None = None) -> bool:
    """Return whether the rows from this one on, counted from 0, are each a number of pieces and a name; let
    them have both in cells of their own. `end`: only whether any above this one is.
    """
    if sheet.rows.split is not None:
        return True
    rows = [record.cells for record in sheet.rows.head(_LOOKED_AT)[start:end]]
    if any(len(cells) != 1 for cells in rows):
        return False
    if end is not None:
        return any(split(cells[0])[1] for cells in rows)
    rows = [cells for cells in rows if not cells[0].isupper() and not cells[0].rstrip().endswith(":")]
    counts = [n for cells in rows if (n := split(cells[0])[1])]
    is_numbering = len(counts) > 2 and counts == [str(n + 1) for n in range(len(counts))]
    is_enough = len(counts) * 5 >= len(rows) * (3 if len(counts) < _MANY_COUNTS else 2)
    if len(counts) < 2 or not is_enough or is_numbering:
        return False
    sheet.rows.split = _split_cells
    return True
