"""The rows of an Excel workbook as text: cached values of formulas, ISO dates, numbers as shown."""

import errno
import json
import re
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from services.core.errors import Refusal, Refused
from services.core.text import one_line
from services.imports.readers.csv_reader import Record
from services.imports.readers.number_formats import number

MOST_SHEET_BYTES = 1_000_000_000
MOST_OTHER_BYTES = 200_000_000
"""Maximum unpacked size of all parts but the sheets, in bytes; these are read into memory whole."""

MOST_ROWS = 1_048_576
"""Excel's own limit. Omitted rows are counted on the way to the next."""

MOST_COLUMNS = 1_000
MOST_ROW_CHARACTERS = 1_000_000

# It warns of all that it leaves out, such as colors and drop-down lists. We want the texts only.
warnings.filterwarnings("ignore", module="openpyxl")

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


class Workbook:
    """The first sheet of a workbook that is not empty, with the interface of `csv_reader.Table`.

    Reads the whole sheet into a temporary file when made: a broken one is refused before any of its rows is
    used. Raises FILE_EMPTY, FILE_NOT_CSV (kind: broken, archive, excel), OSError.
    """

    def __init__(self, path: Path) -> None:
        self._rows = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", prefix="equiplib-")  # noqa: SIM115 - closed by `close`
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
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            check_sizes(path)
            with path.open("rb") as file:  # by its name, it would be judged by how that ends
                for sheet in load_workbook(file, read_only=True, data_only=True, keep_links=False).worksheets:
                    # The declared dimensions would be filled up with empty cells.
                    sheet.reset_dimensions()
                    self._keep_rows(sheet.iter_rows())
                    if self._rows.tell():
                        return
        except (InvalidFileException, *BROKEN) as error:
            raise Refusal(Refused.FILE_NOT_CSV, kind="broken") from error
        except OSError as error:
            if error.errno != errno.EINVAL:  # that is a damaged archive, which leads before its own beginning
                raise
            raise Refusal(Refused.FILE_NOT_CSV, kind="broken") from error

    def _keep_rows(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for record in records(rows):
            self._rows.write(json.dumps([record.line, record.cells]) + "\n")


def records(rows: Iterable[tuple[Any, ...]]) -> Iterator[Record]:
    """Yield a sheet's rows as text, without blank ones. Raises ValueError for one that is too long."""
    for line, row in enumerate(rows, start=1):
        if line > MOST_ROWS:
            raise ValueError("a row says that it stands below the last one there can be")
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS or sum(map(len, cells)) > MOST_ROW_CHARACTERS:
            raise ValueError(f"row {line} is too long")
        yield Record(line, cells)


def check_sizes(path: Path) -> None:
    """Check the declared sizes before unpacking; a part that is larger is cut off, and found broken."""
    with zipfile.ZipFile(path) as archive:
        sizes = {info.filename.lower(): info.file_size for info in archive.infolist()}
    if "[content_types].xml" not in sizes or "xl/workbook.xml" not in sizes:
        # OpenDocument's spreadsheets are archives too, with other things in them.
        kind = "excel" if {"mimetype", "content.xml"} <= sizes.keys() else "archive"
        raise Refusal(Refused.FILE_NOT_CSV, kind=kind)
    sheets = [size for name, size in sizes.items() if name.startswith("xl/worksheets/")]
    parts = [size for name, size in sizes.items() if name.endswith((".xml", ".rels"))]
    if max(sheets, default=0) > MOST_SHEET_BYTES or sum(parts) - sum(sheets) > MOST_OTHER_BYTES:
        raise zipfile.BadZipFile("too large when unpacked")


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
