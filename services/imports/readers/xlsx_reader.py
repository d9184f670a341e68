"""The rows of an Excel workbook as text: cached values of formulas, ISO dates, numbers as shown."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from services.core.errors import Refusal, Refused
from services.imports.readers import bounds
from services.imports.readers.bounds import MOST_ROWS, Archive, Bound, too_much
from services.imports.readers.csv_reader import Record
from services.imports.readers.number_formats import number

# It warns of all that it leaves out, such as colors and drop-down lists. We want the texts only.
warnings.filterwarnings("ignore", module="openpyxl")

_LOOK_UP = 1_000
"""Rows between two looks whether to go on."""

_CODED = re.compile("_x([0-9A-Fa-f]{4})_")

BROKEN = (
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


def records(rows: Iterable[tuple[Any, ...]], reading: Callable[[], None]) -> Iterator[Record]:
    """Yield a sheet's rows as text, without blank ones. `reading` is called now and then, and may raise.

    Raises FILE_TOO_MUCH, and ValueError for a row below the last one there can be.
    """
    looked_at = kept = 0
    for line, row in enumerate(rows, start=1):
        if line > MOST_ROWS:
            raise ValueError("a row says that it stands below the last one there can be")
        looked_at += len(row)
        if line % _LOOK_UP == 0:
            reading()
        if looked_at > bounds.MOST_CELLS:
            raise too_much(Bound.ROWS, bounds.MOST_FILLED_ROWS)
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        length = sum(map(len, cells))
        kept += length
        if length > bounds.MOST_ROW_CHARACTERS:
            raise too_much(Bound.CELL)
        if kept > bounds.MOST_KEPT_CHARACTERS:
            raise too_much(Bound.UNPACKED, bounds.MOST_KEPT_CHARACTERS // 1_000_000)
        yield Record(line, cells)


def opened_sheets(path: Path, archive: Archive) -> list[Any]:
    """Return the sheets, each to be read row by row, from an archive that measures what it unpacks."""
    from openpyxl.reader.excel import ExcelReader

    with path.open("rb") as file:  # by its name, it would be judged by how that ends
        reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
        reader.archive = archive
        reader.read()
        return list(reader.wb.worksheets)


def check_kind(archive: Archive) -> None:
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
            return number(value, cell.number_format)
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
