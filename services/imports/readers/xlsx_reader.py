"""The rows of an Excel workbook as text: cached values of formulas, ISO dates, numbers as shown."""

import errno
import json
import math
import re
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from services.core.errors import Refusal, Refused
from services.core.text import one_line
from services.imports.readers import bounds
from services.imports.readers.bounds import MOST_ROWS, Archive, Bound, too_much
from services.imports.readers.csv_reader import Record

# It warns of all that it leaves out, such as colors and drop-down lists. We want the texts only.
warnings.filterwarnings("ignore", module="openpyxl")

_LOOK_UP = 1_000
"""Rows between two looks whether to go on."""

_ZEROS = re.compile("0+")
_CODED = re.compile("_x([0-9A-Fa-f]{4})_")

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,  # a compression that we do not know
    RuntimeError,  # with a password
    SyntaxError,  # what XML's parser raises
    TypeError,
    ValueError,
)
"""Exceptions from a broken workbook; its reader documents none."""


class Workbook:
    """The first sheet of a workbook that is not empty, with the interface of `csv_reader.Table`.

    Reads the whole sheet into a temporary file when made: a broken one is refused before any of its rows is
    used. Raises FILE_EMPTY, FILE_NOT_CSV (kind: broken, archive, excel), FILE_TOO_MUCH,
    OSError.
    """

    def __init__(self, path: Path, reading: Callable[[], None] = lambda: None) -> None:
        self._reading = reading
        self._rows = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", prefix="equiplib-")  # noqa: SIM115 - closed by `close`
        self._kept = 0
        try:
            self._keep(path)
            self.size = self._rows.tell()
            self._rows.seek(0)
            self._done = 0
            header = self.next()
            if header is None:
                raise Refusal(Refused.FILE_EMPTY, header_only=False)
            self.headers = [one_line(cell) for cell in header.cells]
        except BaseException:
            self.close()
            raise

    @property
    def done(self) -> int:
        return self._done

    def close(self) -> None:
        self._rows.close()

    def __iter__(self) -> Iterator[Record]:
        return iter(self.next, None)

    def next(self) -> Record | None:
        """Return the next row that is not blank; None at the end."""
        line = self._rows.readline()
        if not line:
            return None
        self._done += len(line)  # ASCII
        number, cells = json.loads(line)
        return Record(number, cells)

    def _keep(self, path: Path) -> None:
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            with Archive(path) as archive:
                _check_kind(archive)
                for sheet in _sheets(path, archive):
                    # The declared dimensions would be filled up with empty cells.
                    sheet.reset_dimensions()
                    self._keep_rows(sheet.iter_rows())
                    if self._kept:
                        return
        except (InvalidFileException, *_BROKEN) as error:
            raise Refusal(Refused.FILE_NOT_CSV, kind="broken") from error
        except OSError as error:
            if error.errno != errno.EINVAL:  # that is a damaged archive, which leads before its own beginning
                raise
            raise Refusal(Refused.FILE_NOT_CSV, kind="broken") from error

    def _keep_rows(self, rows: Iterable[tuple[Any, ...]]) -> None:
        looked_at = 0
        for number, row in enumerate(rows, start=1):
            if number > MOST_ROWS:
                raise ValueError("a row says that it stands below the last one there can be")
            looked_at += len(row)
            if number % _LOOK_UP == 0:
                self._reading()
            if looked_at > bounds.MOST_CELLS:
                raise too_much(Bound.ROWS, bounds.MOST_FILLED_ROWS)
            cells = [_text(cell) for cell in row]
            while cells and not cells[-1].strip():
                cells.pop()
            if cells:
                self._keep_row(number, cells)

    def _keep_row(self, number: int, cells: list[str]) -> None:
        length = sum(map(len, cells))
        self._kept += length
        if length > bounds.MOST_ROW_CHARACTERS:
            raise too_much(Bound.CELL)
        if self._kept > bounds.MOST_KEPT_CHARACTERS:
            raise too_much(Bound.UNPACKED, bounds.MOST_KEPT_CHARACTERS // 1_000_000)
        self._rows.write(json.dumps([number, cells]) + "\n")


def _sheets(path: Path, archive: Archive) -> list[Any]:
    """Return the sheets, each to be read row by row, from an archive that measures what it unpacks."""
    from openpyxl.reader.excel import ExcelReader

    with path.open("rb") as file:  # by its name, it would be judged by how that ends
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.archive = archive
        reader.read()
        return list(reader.wb.worksheets)


def _check_kind(archive: Archive) -> None:
    names = {info.filename.lower() for info in archive.infolist()}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        # OpenDocument's spreadsheets are archives too, with other things in them.
        kind = "excel" if {"mimetype", "content.xml"} <= names else "archive"
        raise Refusal(Refused.FILE_NOT_CSV, kind=kind)


def _text(cell: Any) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case str():
            return _decoded(value) if "_x" in value else value
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value, cell.number_format)
        case datetime():
            return value.date().isoformat() if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            return str(value)
        case _:
            return str(value)


def _decoded(text: str) -> str:
    """Decode escapes such as `_x000A_`, joining surrogate pairs; a lone surrogate is replaced."""
    text = _CODED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _number(value: float, shown_as: str) -> str:
    """Format a number: whole ones without a point, with leading zeros where the sheet shows them."""
    if not math.isfinite(value):
        return ""
    if value != int(value):
        return repr(value)
    digits = str(abs(int(value)))
    if _ZEROS.fullmatch(shown_as or ""):
        digits = digits.zfill(len(shown_as))
    return f"-{digits}" if value < 0 else digits
