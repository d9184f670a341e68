"""All sheets of an Excel workbook, with what merged cells say in each of their rows."""

import errno
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from services.core.errors import Refusal, Refused
from services.imports.readers import xlsx_reader
from services.imports.readers.bounds import MOST_COLUMNS, Archive
from services.imports.readers.csv_reader import Record
from services.imports.understanding.sheets import Sheet, Spool

MOST_SCANNED = 100_000_000
"""In larger sheets merged cells are not looked for, in bytes."""

_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


def sheets(path: Path, reading: Callable[[], None]) -> list[Sheet]:
    """Return all sheets; `reading` is called now and then, and may raise.

    Raises FILE_NOT_CSV (kind: broken, archive), FILE_TOO_MUCH, OSError.
    """
    from openpyxl.utils.exceptions import InvalidFileException

    found: list[Sheet] = []
    try:
        with Archive(path) as archive:
            xlsx_reader.check_kind(archive)
            for sheet in xlsx_reader.opened_sheets(path, archive):
                # The declared dimensions would be filled up with empty cells.
                sheet.reset_dimensions()
                merged = _merged(path, sheet._worksheet_path)
                hidden = _hidden_columns(path, sheet._worksheet_path)
                spool = Spool()
                is_hidden = sheet.sheet_state != "visible"
                found.append(Sheet(sheet.title, spool, is_hidden, hidden_columns=hidden))
                spool.extend(_filled_down(xlsx_reader.records(sheet.iter_rows(), reading), merged))
    except (InvalidFileException, *xlsx_reader.BROKEN) as error:
        _close(found)
        raise Refusal(Refused.FILE_NOT_CSV, kind="broken") from error
    except OSError as error:
        _close(found)
        if error.errno != errno.EINVAL:  # that is a damaged archive, which leads before its own beginning
            raise
        raise Refusal(Refused.FILE_NOT_CSV, kind="broken") from error
    except BaseException:
        _close(found)
        raise
    return found


def _close(sheets: Iterable[Sheet]) -> None:
    for sheet in sheets:
        sheet.close()


Span = tuple[int, int, int]
"""Cells merged downwards: the column, from 0, and the first and last row, from 1."""


def _merged(path: Path, part: str) -> list[Span]:
    """Return the cells of a sheet that are merged downwards, by their first row."""
    spans: set[Span] = set()
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(part).file_size > MOST_SCANNED:
            return []
        with archive.open(part) as sheet:
            rest = b""
            while block := sheet.read(1 << 20):
                text = rest + block
                for left, top, right, bottom in _MERGED.findall(text):
                    if left == right and top != bottom:
                        spans.add((_column(left), int(top), int(bottom)))
                rest = text[-80:]
    return sorted(spans, key=lambda span: span[1])


_COLUMNS = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_BOUNDS = re.compile(rb'\b(min|max)="(\d{1,5})"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')


def _hidden_columns(path: Path, part: str) -> set[int]:
    """Return the columns that are hidden, from 0; they are declared before the cells."""
    with zipfile.ZipFile(path) as archive, archive.open(part) as sheet:
        head = sheet.read(1 << 16).partition(b"sheetData")[0]
    found: set[int] = set()
    for column in filter(_HIDDEN.search, _COLUMNS.findall(head)):
        ends = dict(_BOUNDS.findall(column))
        if len(ends) == 2:
            found |= set(range(int(ends[b"min"]) - 1, min(int(ends[b"max"]), MOST_COLUMNS)))
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _filled_down(records: Iterable[Record], spans: list[Span]) -> Iterator[Record]:
    """Repeat the text of merged cells in each of their rows."""
    waiting = list(reversed(spans))
    filling: dict[int, tuple[int, str]] = {}
    for record in records:
        filling = {column: (last, text) for column, (last, text) in filling.items() if last >= record.line}
        while waiting and waiting[-1][1] <= record.line:
            column, top, last = waiting.pop()
            if top == record.line and column < len(record.cells) and record.cells[column].strip():
                filling[column] = (last, record.cells[column])
        for column, (_, text) in filling.items():
            record.cells.extend([""] * (column + 1 - len(record.cells)))
            record.cells[column] = record.cells[column] or text
        yield record
