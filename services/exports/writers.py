"""Tables as the runner reads them: a header, then chunks of rows; and the files that they are written to."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from services.core.text import defuse, is_dangerous, kept_as_text
from services.exports.custom_columns import Labels

Cell = str | int | date | datetime | None
"""A cell's value. Moments are local and without time zone: spreadsheets know none."""


@dataclass(frozen=True)
class Chunk:
    """Some rows. `last` identifies where the next chunk begins, such as by an id; None after the last one."""

    rows: Sequence[Sequence[Cell]]
    last: int | None


class Table(Protocol):
    """A table to export. `labels` are scanned first; then come the header and the chunks."""

    labels: Sequence[Labels]

    def header(self, session: Session) -> list[str]:
        """Return the names of the columns."""

    def chunk(self, session: Session, after: int) -> Chunk:
        """Return the rows after this end of a chunk; 0 is the beginning."""


LONGEST_CELL = 32_767
"""Characters that a cell of a workbook can hold; longer text is cut there."""

_LOOKS_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_MOMENT, _DAY = "yyyy-mm-dd hh:mm", "yyyy-mm-dd"
_ROWS_MEASURED = 200
_NARROWEST, _WIDEST = 8, 50
_BOLDER = 1.2
"""The width of a bold letter, as a part of another's."""


class Writer(Protocol):
    """A file that takes rows, and is complete once it is finished."""

    def row(self, cells: Sequence[Cell]) -> None:
        """Write one row."""

    def finish(self) -> None:
        """Complete the file."""

    def abandon(self) -> None:
        """Close the file, incomplete."""


@dataclass(frozen=True)
class Look:
    """The separator of CSV, and the title of a workbook's sheet, in the reader's language."""

    separator: str = ","
    title: str = "Sheet"


class CsvWriter:
    """UTF-8 with a byte order mark, so that Excel recognizes it, and quotation marks where needed."""

    def __init__(self, path: Path, look: Look) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file, delimiter=look.separator)

    def finish(self) -> None:
        self._file.close()

    abandon = finish

    def row(self, cells: Sequence[Cell]) -> None:
        self._csv.writerow([_plain(cell) for cell in cells])


def _plain(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case str():
            return defuse(cell)
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case _:
            return cell


class XlsxWriter:
    """A workbook of one sheet, its header bold and always in sight.

    Text stays text, with leading zeros and whatever looks like a number or a formula, also when its cell is
    edited. Columns are as wide as the first rows need.
    """

    def __init__(self, path: Path, look: Look) -> None:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
        from openpyxl.styles import Font

        self._path = path
        self._cell, self._illegal, self._bold = WriteOnlyCell, ILLEGAL_CHARACTERS_RE, Font(bold=True)
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(look.title)
        self._sheet.freeze_panes = "A2"
        self._first: list[Sequence[Cell]] | None = []

    def finish(self) -> None:
        self._begin()
        self._book.save(self._path)

    def abandon(self) -> None:
        self._sheet.close()

    def row(self, cells: Sequence[Cell]) -> None:
        if self._first is None:
            self._sheet.append([self._typed(cell) for cell in cells])
            return
        self._first.append(cells)
        if len(self._first) == _ROWS_MEASURED:
            self._begin()

    def _begin(self) -> None:
        """Write the first rows: the widths of columns stand before them."""
        from openpyxl.utils import get_column_letter

        rows, self._first = self._first or [], None
        for column in range(len(rows[0]) if rows else 0):
            width = max(_width(row[column], bold=number == 0) for number, row in enumerate(rows))
            self._sheet.column_dimensions[get_column_letter(column + 1)].width = width
        for number, row in enumerate(rows):
            cells = [self._typed(cell) for cell in row]
            for cell in cells if number == 0 else ():
                if cell is not None:
                    cell.font = self._bold
            self._sheet.append(cells)

    def _typed(self, cell: Cell) -> Any:
        match cell:
            case None | "":
                return None
            case str():
                made = self._cell(self._sheet, self._within_xml(kept_as_text(cell)))
                made.data_type = "s"  # also "#N/A", which would otherwise become an error
                if not cell[0].isalpha():
                    made.number_format = "@"  # 007 stays 007 where somebody edits the cell
                    made.quotePrefix = is_dangerous(cell)
                return made
            case date():
                made = self._cell(self._sheet)
                made.value = cell
                made.number_format = _MOMENT if isinstance(cell, datetime) else _DAY
                return made
            case _:
                return cell

    def _within_xml(self, text: str) -> str:
        """Return text that XML can hold. `_x0041_` means `A` in a workbook, so its first sign is escaped."""
        text = self._illegal.sub(" ", text)
        return _LOOKS_CODED.sub("_x005F_", text)[:LONGEST_CELL]


def _width(cell: Cell, *, bold: bool) -> int:
    """Return the width of a cell, in characters: of a text of several lines that of the longest."""
    match cell:
        case str():
            longest = max(map(len, cell.splitlines()), default=0)
        case datetime():
            longest = 16
        case date():
            longest = 10
        case _:
            longest = len(str(cell or ""))
    longest = round(longest * _BOLDER) if bold else longest
    return min(max(longest + 2, _NARROWEST), _WIDEST)
