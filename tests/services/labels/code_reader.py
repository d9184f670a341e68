"""Printed pages, read by a reader that knows nothing of how they were made."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import zxingcpp

FORMATS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
DPI = 300
MM = DPI / 25.4
"""Pixels in a millimetre."""


@dataclass(frozen=True)
class Read:
    """A code that was read: its page, from 0, what it says, and where its middle is, in millimetres."""

    page: int
    text: str
    x: float
    y: float


def codes(path: Path, scale: float = MM * 25.4 / 72) -> list[Read]:
    """All QR codes of a PDF."""
    return list(_codes(path, scale))


def _codes(path: Path, scale: float) -> Iterator[Read]:
    document = pypdfium2.PdfDocument(path)
    try:
        for number, page in enumerate(document):
            image = page.render(scale=scale, grayscale=True).to_pil()
            for found in zxingcpp.read_barcodes(image, formats=FORMATS):
                box = found.position
                corners = (box.top_left, box.top_right, box.bottom_left, box.bottom_right)
                mm = scale * 72 / 25.4
                x, y = (sum(getattr(c, axis) for c in corners) / 4 / mm for axis in "xy")
                yield Read(number, found.text, x, y)
    finally:
        document.close()


def texts(path: Path, page: int, box: tuple[float, float, float, float]) -> str:
    """Return the text within a box of a page: left, top, right, bottom in millimetres."""
    document = pypdfium2.PdfDocument(path)
    try:
        height = document[page].get_height()
        left, top, right, bottom = (mm * 72 / 25.4 for mm in box)
        text = document[page].get_textpage()
        return str(text.get_text_bounded(left, height - bottom, right, height - top))
    finally:
        document.close()


def size(path: Path) -> tuple[int, float, float]:
    """Pages, and the first one's width and height in millimetres."""
    document = pypdfium2.PdfDocument(path)
    try:
        width, height = document[0].get_size()
        return len(document), width * 25.4 / 72, height * 25.4 / 72
    finally:
        document.close()
