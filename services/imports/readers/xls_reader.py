"""The sheets of an old Excel workbook (.xls), its numbers as their formats show them."""

from pathlib import Path
from typing import Any

from services.core.errors import Refusal, Refused
from services.imports.readers import bounds
from services.imports.readers.bounds import Bound, too_much
from services.imports.readers.csv_reader import Record
from services.imports.readers.number_formats import number
from services.imports.understanding.sheets import Sheet, Spool

MOST_BYTES = 20_000_000
"""Maximum size of such a file, in bytes: it is read into memory whole."""


def sheets(path: Path) -> list[Sheet]:
    """Return all sheets. Raises FILE_NOT_CSV (kind: broken), FILE_TOO_MUCH, OSError."""
    import xlrd

    if path.stat().st_size > MOST_BYTES:
        raise too_much(Bound.UNPACKED, MOST_BYTES // 1_000_000)
    found: list[Sheet] = []
    try:
        book = xlrd.open_workbook(str(path), formatting_info=True, ragged_rows=True)
        _read(book, found)
    except Exception as error:
        for sheet in found:
            sheet.close()
        if isinstance(error, (Refusal, OSError)):
            raise
        # The library raises whatever a damaged file leads it to.
        raise Refusal(Refused.FILE_NOT_CSV, kind="broken") from error
    return found


def _read(book: Any, found: list[Sheet]) -> None:
    kept = 0
    for sheet in book.sheets():
        hidden = {column for column, info in sheet.colinfo_map.items() if info.hidden}
        found.append(Sheet(sheet.name, Spool(), bool(sheet.visibility), hidden_columns=hidden))
        fill = _merged(sheet)
        for row in range(sheet.nrows):
            cells = _cells(book, sheet, row, fill)
            kept += sum(map(len, cells))
            if kept > bounds.MOST_KEPT_CHARACTERS:
                raise too_much(Bound.UNPACKED, bounds.MOST_KEPT_CHARACTERS // 1_000_000)
            if cells:
                found[-1].rows.put(Record(row + 1, cells))


def _cells(book: Any, sheet: Any, row: int, fill: dict[tuple[int, int], tuple[int, int]]) -> list[str]:
    cells = []
    for column in range(sheet.ncols if fill else sheet.row_len(row)):
        at = fill.get((row, column), (row, column))
        cells.append(_text(book, sheet.cell(*at)) if at[1] < sheet.row_len(at[0]) else "")
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _merged(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the first cell for each cell that is merged with it downwards. Raises FILE_TOO_MUCH."""
    down = [
        (top, min(bottom, sheet.nrows), left)
        for top, bottom, left, right in sheet.merged_cells
        if right - left == 1
    ]
    if sum(bottom - top for top, bottom, _ in down) > bounds.MOST_FILLED_ROWS:
        raise too_much(Bound.UNPACKED)
    return {(row, left): (top, left) for top, bottom, left in down for row in range(top + 1, bottom)}


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
