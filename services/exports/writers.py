"""Tables as the runner reads them: a header, then chunks of rows; and the files that they are written to."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from services.core.text import defuse
from services.exports.custom_columns import Labels

Cell = str | int | datetime | None
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
_MOMENT = "yyyy-mm-dd hh:mm"


class Writer(Protocol):
    """A file that takes rows, and is complete once it is finished."""

    def row(self, cells: Sequence[Cell]) -> None:
        """Write one row."""

    def finish(self) -> None:
        """Complete the file."""

    def abandon(self) -> None:
        """Close the file, incomplete."""


class CsvWriter:
    """UTF-8 with a byte order mark, so that Excel recognizes it; commas, and quotation marks where needed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)

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
        case _:
            return cell


class XlsxWriter:
    """A workbook of one sheet. Text stays text, with leading zeros and whatever looks like a number."""

    def __init__(self, path: Path) -> None:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        self._path = path
        self._cell, self._illegal = WriteOnlyCell, ILLEGAL_CHARACTERS_RE
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet()

    def finish(self) -> None:
        self._book.save(self._path)

    def abandon(self) -> None:
        self._sheet.close()

    def row(self, cells: Sequence[Cell]) -> None:
        self._sheet.append([self._typed(cell) for cell in cells])

    def _typed(self, cell: Cell) -> Any:
        match cell:
            case None | "":
                return None
            case str():
                made = self._cell(self._sheet, self._within_xml(defuse(cell)))
                made.data_type = "s"  # also "#N/A", which would otherwise become an error
                return made
            case datetime():
                made = self._cell(self._sheet, cell)
                made.number_format = _MOMENT
                return made
            case _:
                return cell

    def _within_xml(self, text: str) -> str:
        """Return text that XML can hold. `_x0041_` means `A` in a workbook, so its first sign is escaped."""
        text = self._illegal.sub(" ", text)
        return _LOOKS_CODED.sub("_x005F_", text)[:LONGEST_CELL]
