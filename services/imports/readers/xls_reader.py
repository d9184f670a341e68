"""The sheets of an old Excel workbook (.xls), its numbers as their formats show them."""

from pathlib import Path
from typing import Any

from services.core.errors import Refusal, Refused
from services.imports.readers.bounds import Bound, too_much
from services.imports.readers.csv_reader import Record
from services.imports.readers.number_formats import number
from services.imports.understanding.sheets import Sheet, Spool

MOST_BYTES = 20_000_000
"""Maximum size of such a file, in bytes: it is read into memory whole."""


def sheets(path: Path) -> list[Sheet]:
    """Return all sheets. Raises FILE_NOT_CSV (kind: broken), OSError."""
    import xlrd

    if path.stat().st_size > MOST_BYTES:
        raise too_much(Bound.UNPACKED, MOST_BYTES // 1_000_000)
    try:
        book = xlrd.open_workbook(str(path), formatting_info=True)
        return [_sheet(book, sheet) for sheet in book.sheets()]
    except OSError:
        raise
    except Exception as error:  # the library raises whatever a damaged file leads it to
        raise Refusal(Refused.FILE_NOT_CSV, kind="broken") from error


def _sheet(book: Any, sheet: Any) -> Sheet:
    spool = Spool()
    fill = _merged(sheet)
    for row in range(sheet.nrows):
        cells = [_text(book, sheet.cell(*fill.get((row, c), (row, c)))) for c in range(sheet.ncols)]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            spool.put(Record(row + 1, cells))
    return Sheet(sheet.name, spool, bool(sheet.visibility))


def _merged(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the first cell for each cell that is merged with it downwards."""
    return {
        (row, left): (top, left)
        for top, bottom, left, right in sheet.merged_cells
        if right - left == 1
        for row in range(top + 1, bottom)
    }


def _text(book: Any, cell: Any) -> str:
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)
        case xlrd.XL_CELL_NUMBER:
            shown = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
            return number(cell.value, shown)
        case xlrd.XL_CELL_DATE:
            when = xlrd.xldate_as_datetime(cell.value, book.datemode)
            return when.date().isoformat() if not (when.hour or when.minute) else f"{when:%Y-%m-%d %H:%M}"
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
        case _:
            return ""
