"""The sheets of an OpenDocument spreadsheet, as its cells are shown.

The text that a cell shows stands beside its value in the file. Readers that return numbers lose the zeros of
`0012`, and the currency of a price.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, iterparse

from services.core.errors import Refusal, Refused
from services.imports.readers import bounds
from services.imports.readers.bounds import Bound, too_much
from services.imports.readers.csv_reader import Record
from services.imports.understanding.sheets import Sheet, Spool

MOST_BYTES = 50_000_000
"""Maximum size of the unpacked content, in bytes."""
MOST_COLUMNS = 1_000
MOST_CHARACTERS = 1_000_000
MOST_DEPTH = 100
"""Elements within each other. A cell with notes and links has a dozen."""

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ROW = f"{_TABLE}table-row"


def sheets(path: Path) -> list[Sheet]:
    """Return all sheets. Raises FILE_NOT_CSV (kind: broken), FILE_TOO_MUCH, OSError."""
    found: list[Sheet] = []
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo("content.xml")
            if info.file_size > max(bounds.FREE_BYTES, bounds.MOST_RATIO * info.compress_size):
                raise too_much(Bound.UNPACKED)
            if info.file_size > MOST_BYTES:
                raise too_much(Bound.UNPACKED, MOST_BYTES // 1_000_000)
            with archive.open("content.xml") as content:
                found = _read(iterparse(content, events=("start", "end")), found)
    except Refusal:
        for sheet in found:
            sheet.close()
        raise
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError, EOFError) as error:
        for sheet in found:
            sheet.close()
        raise Refusal(Refused.FILE_NOT_CSV, kind="broken") from error
    return found


def _read(events: Iterator[tuple[str, Element]], found: list[Sheet]) -> list[Sheet]:
    tree = _Tree()
    hidden_styles: set[str] = set()
    style = ""
    line = rows = kept = column = 0
    spans = _Spans()
    for event, element in events:
        if event == "start":
            tree.begin(element)
            if element.tag == f"{_TABLE}table":
                title = element.get(f"{_TABLE}name", "")
                hidden = element.get(f"{_TABLE}style-name", "") in hidden_styles
                found.append(Sheet(title, Spool(), hidden))
                line = column = 0
                spans = _Spans()
            elif element.tag.endswith("}style"):
                style = element.get(element.tag.replace("}style", "}name"), "")
            continue
        if element.tag.endswith("}table-properties") and element.get(f"{_TABLE}display") == "false":
            hidden_styles.add(style)
        elif element.tag == f"{_TABLE}table-column" and found:
            wide = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
            if element.get(f"{_TABLE}visibility", "visible") != "visible":
                found[-1].hidden_columns |= set(range(column, min(column + wide, MOST_COLUMNS)))
            column += wide
        elif element.tag == _ROW and found:
            repeated = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
            cells = spans.filled(element, _cells(element))
            rows += repeated if cells else 0
            kept += repeated * sum(map(len, cells))
            if rows > bounds.MOST_FILLED_ROWS:
                raise too_much(Bound.ROWS, bounds.MOST_FILLED_ROWS)
            if kept > bounds.MOST_KEPT_CHARACTERS:
                raise too_much(Bound.UNPACKED, bounds.MOST_KEPT_CHARACTERS // 1_000_000)
            for _ in range(repeated if cells else 0):
                line += 1
                found[-1].rows.put(Record(line, cells))
            line += 0 if cells else repeated
        tree.end(element)
    return found


class _Tree:
    """The elements that are open. A row is kept until it ends, and nothing else."""

    def __init__(self) -> None:
        self._open: list[Element] = []
        self._tags: int | None = None
        """Of the row that is open."""

    def begin(self, element: Element) -> None:
        """Raises FILE_TOO_MUCH, ValueError."""
        self._open.append(element)
        if element.tag == _ROW:
            self._tags = 0
        elif self._tags is not None:
            self._tags += 1
            if self._tags > bounds.MOST_ROW_TAGS:
                raise too_much(Bound.CELL)
        if len(self._open) > MOST_DEPTH:
            raise ValueError("too many elements within each other")

    def end(self, element: Element) -> None:
        self._open.pop()
        if element.tag == _ROW:
            self._tags = None
        if self._tags is None and self._open:
            self._open[-1].remove(element)


class _Spans:
    """The cells that reach down into the next rows: each of these has their text, too."""

    def __init__(self) -> None:
        self._left: dict[int, tuple[int, str]] = {}

    def filled(self, row: Element, cells: list[str]) -> list[str]:
        """Return a row's cells with what reaches into it, and note what reaches on from it."""
        if self._left:
            wide = max(self._left) + 1
            cells += [""] * (wide - len(cells))
            for column, (left, text) in list(self._left.items()):
                cells[column] = cells[column] or text
                self._left[column] = (left - 1, text)
            self._left = {column: one for column, one in self._left.items() if one[0]}
        self._note(row, cells)
        return cells

    def _note(self, row: Element, cells: list[str]) -> None:
        column = 0
        for cell in row:
            if column >= len(cells):
                return
            down = int(cell.get(f"{_TABLE}number-rows-spanned", "1")) - 1
            if down and cell.get(f"{_TABLE}number-columns-spanned", "1") == "1" and cells[column].strip():
                self._left[column] = (min(down, bounds.MOST_FILLED_ROWS), cells[column])
            column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))


def _cells(row: Element) -> list[str]:
    cells: list[str] = []
    blank = 0
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        text = _text(cell)
        if not text.strip():
            blank += repeated
            continue
        if len(cells) + blank + repeated > MOST_COLUMNS:
            raise ValueError("a row with too many columns")
        cells += [""] * blank + [text] * repeated
        blank = 0
    if sum(map(len, cells)) > MOST_CHARACTERS:
        raise ValueError("a row that is too long")
    return cells


def _text(cell: Element) -> str:
    """Return the text that the cell shows; a date as ISO writes it."""
    date = cell.get(f"{_OFFICE}date-value")
    if date:
        return date.removesuffix("T00:00:00").replace("T", " ")[:16]
    return "\n".join(_paragraph(part) for part in cell if part.tag == f"{_TEXT}p")


def _paragraph(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1")), 100))
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif not child.tag.endswith("}annotation"):
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)
