"""A dressed list as a file of any kind."""

import csv
import io
import random
from pathlib import Path

from openpyxl import Workbook

from tests.services.imports.dressed.truth import Dressed
from tests.services.imports.workbooks import ods

ENCODINGS = {"utf-8": 8, "utf-8-sig": 3, "cp1252": 3, "utf-16": 1, "mac_roman": 1}


def write(rng: random.Random, dressed: Dressed, folder: Path) -> Path:
    """Write the list; note its form among its features."""
    _blur(rng, dressed)
    is_book = len(dressed.sheets) > 1 or "sections: merged" in dressed.features or rng.random() < 0.25
    if is_book and len(dressed.sheets) == 1 and not dressed.merged and rng.random() < 0.3:
        dressed.features.add("file: ods")
        return _bytes(folder / "list.ods", ods([row or [""] for row in dressed.sheets[0][1]]))
    if is_book:
        dressed.features.add("file: xlsx")
        return _book(rng, dressed, folder / "list.xlsx")
    text = io.StringIO()
    sign = rng.choice((",", ";", ";", "\t"))
    width = max(map(len, dressed.sheets[0][1]))
    padded = rng.random() < 0.7
    writer = csv.writer(text, delimiter=sign, lineterminator=rng.choice(("\n", "\r\n")))
    for row in dressed.sheets[0][1]:
        writer.writerow(row + [""] * (width - len(row)) if padded else row or [""])
    encoding = rng.choices(list(ENCODINGS), list(ENCODINGS.values()))[0]
    try:
        data = text.getvalue().encode(encoding)
    except UnicodeEncodeError:
        encoding, data = "utf-8", text.getvalue().encode()
    dressed.encoding = encoding
    dressed.features.add(f"file: {encoding}")
    dressed.features.add(f"file: parted by {sign!r}{'' if padded else ', short rows'}")
    return _bytes(folder / "list.csv", data)


def _blur(rng: random.Random, dressed: Dressed) -> None:
    """Add the blanks that nobody sees."""
    if rng.random() < 0.1:
        dressed.features.add("file: stray blanks")
        for _, rows in dressed.sheets:
            for row in rows:
                row[:] = [f"{text}{rng.choice(('', ' ', chr(160), '  '))}" if text else text for text in row]


def _bytes(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _book(rng: random.Random, dressed: Dressed, path: Path) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    numbers = rng.random() < 0.6
    for title, rows in dressed.sheets:
        sheet = book.create_sheet(title or "Sheet1")
        for y, row in enumerate(rows, start=1):
            for x, text in enumerate(row, start=1):
                if text:
                    is_number = numbers and text.isdigit() and not text.startswith("0") and len(text) < 6
                    sheet.cell(y, x, int(text) if is_number else text)
    for y, x, number in dressed.merged:
        book.worksheets[0].merge_cells(
            start_row=y + 1, start_column=x + 1, end_row=y + 1, end_column=x + number
        )
    if len(dressed.sheets) > 1 and rng.random() < 0.4:
        dressed.features.add("sheets: a note")
        notes = book.create_sheet("Info", rng.choice((0, len(book.worksheets))))
        notes["A1"] = "Hello! Questions: anna@example.org"
    book.save(path)
    return path
