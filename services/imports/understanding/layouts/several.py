"""Several tables on one sheet: below each other, and beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from services.core.text import key, one_line
from services.imports.file_kind import is_known
from services.imports.readers.csv_reader import Record
from services.imports.understanding.header import LOOKED_AT, Header, are_headers
from services.imports.understanding.sheets import Sheet, Window
from services.imports.understanding.vocabulary import Meaning, meanings

# Tables below each other

_READ = 5_000
"""Rows in which another header is looked for."""
_FEW_WORDS = 4


@dataclass(frozen=True)
class Part:
    """One of several tables below each other: its header, the words that stand alone above it, and the first
    row, from 0, that belongs to it.
    """

    header: Header
    section: str
    begin: int


def parts(sheet: Sheet, header: Header) -> list[Part]:
    """Return the tables below each other: all begin with known headers, the first of which they share."""
    found: list[Part] = []
    head = {key(cell) for cell in header.cells if cell}
    upper, lower = ({key(cell) for cell in half if cell} for half in header.halves or ((), ()))
    section, begin, is_gap, last = "", None, False, 0
    again: list[str] = []
    """The words above each repetition of the same header."""
    for row, record in enumerate(islice(sheet.rows, _READ)):
        cells = record.cells
        is_full = begin is None and len(cells) > 1 and "" not in cells
        if is_full and row != header.row and key(cells[0]) not in head:
            last = record.line  # as nearly all rows of a long list
            continue
        filled = [text for cell in cells if (text := one_line(cell))]
        if upper and {key(cell) for cell in filled} == upper and row != header.row - 1:
            continue
        of_this = header if row == header.row else None
        is_apart = begin is not None
        is_first = len(filled) > 2 and (
            key(filled[0]) in head | lower
            or (is_apart and is_gap and row > header.row and is_known(filled[0]))
        )
        if of_this is None and is_first and row != header.row - 1:
            is_other = not {key(cell) for cell in filled} <= head | lower
            again += [] if is_other else [section]
            if is_other and are_headers(filled, is_apart=is_apart):
                of_this = Header(row, record.line, tuple(map(one_line, record.cells)), known=True)
        if of_this is not None:
            found.append(Part(of_this, section if found else "", begin or row))
        if filled:
            is_gap = len(filled) == 1 and record.line > last + 1
            section, begin = (filled[0], row) if len(filled) == 1 else ("", None)
            last = record.line
    if len(found) > 1 and all(part.section for part in found[1:]):
        found[0] = replace(found[0], section=_above(sheet, header))
    found = found or [Part(header, "", 0)]
    if len(found) == 1 and again and all(again):
        found[0] = replace(found[0], section=_above(sheet, header))
    return found


def _above(sheet: Sheet, header: Header) -> str:
    """Return the few words right above the first of several headers, as those above the others."""
    rows = 2 if header.halves else 1
    above = sheet.rows.head(header.row + 1 - rows)[-1:]
    filled = [text for record in above for cell in record.cells if (text := one_line(cell))]
    is_near = bool(above) and above[0].line == header.line - rows
    return filled[0] if is_near and len(filled) == 1 and len(filled[0].split()) < _FEW_WORDS else ""


# Tables beside each other


def beside(sheet: Sheet, header: Header) -> list[tuple[Sheet, Header]]:
    """Return the tables that stand beside each other, with blank columns between, as sheets of their own:
    all have headers that the first has, and its first one; empty where it is one table.
    """
    spans = _spans(sheet, header)
    first = [key(header.cells[column]) for column in range(*spans[0])] if spans else []
    if len(spans) < 2:
        return []
    if not is_known(header.cells[spans[0][0]]) and not _are_equal(header.cells, spans):
        return []
    for begin, end in spans[1:]:
        words = [key(header.cells[column]) for column in range(begin, end)]
        if first[0] not in words or not set(words) <= set(first):
            return []
    whole = tuple(header.cells)
    ends = [begin for begin, _ in spans[1:]]
    return [
        (
            replace(sheet, rows=Window(sheet.rows, begin, end, header.row, whole)),
            replace(header, cells=header.cells[begin:of]),
        )
        for (begin, of), end in zip(spans, [*ends, None], strict=True)
    ]


def _are_equal(cells: Sequence[str], spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether all spans have the same headers, a name among them."""
    names = [word.meaning for text in cells[slice(*spans[0])] for word in meanings(text)]
    return Meaning.NAME in names and len({tuple(map(key, cells[slice(*span)])) for span in spans}) == 1


def _spans(sheet: Sheet, header: Header) -> list[tuple[int, int]]:
    """Return the first column of each run of headers, and the one behind its last: parted by blank columns,
    or the same headers again.
    """
    cells = header.cells
    filled = [column for column, text in enumerate(cells) if text]
    half = len(filled) // 2
    words = [key(cells[column]) for column in filled]
    if half > 1 and len(filled) % 2 == 0 and words[:half] == words[half:] and len(set(words)) == half:
        return [(filled[0], filled[half - 1] + 1), (filled[half], filled[-1] + 1)]
    blank = [column for column in range(filled[0], filled[-1]) if not cells[column]] if filled else []
    rows: Sequence[Record] = sheet.rows.head(2 * LOOKED_AT)[header.row + 1 :] if blank else ()
    if any(column < len(row.cells) and row.cells[column].strip() for row in rows for column in blank):
        return []
    found: list[tuple[int, int]] = []
    for column in filled:
        if found and found[-1][1] == column:
            found[-1] = found[-1][0], column + 1
        else:
            found.append((column, column + 1))
    return found
