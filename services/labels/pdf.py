"""A sheet of labels as a PDF: name, code, QR code, and owner."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from services.labels import fonts, qr
from services.labels.fonts import FONT
from services.labels.sheets import CARD, Sheet
from services.labels.text_fitting import POINT, Fitted, fit

PAUSE = 0.005
"""Seconds between two sheets: drawing keeps the processor busy, and others want to be answered."""

_UNKNOWN = "\ufffd"
"""Replacement for characters that no font has, so that they leave a visible trace."""

_QUIET = 4
"""Modules of white margin around a QR code (ISO/IEC 18004)."""

_PADDING = 1.2
"""Millimeters between a label's edge and its print: printers are not exact."""

_EDGE = 5.2
"""Millimeters between the paper's edge and any print: closer to it most printers print nothing."""

_NAME_SIZES = (13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0)
_CODE_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0)
_OWNER_SIZES = (7.0, 6.0, 5.0, 4.5)
_ASCENT = 0.95
"""Distance of the baseline from a line's upper edge, relative to the font size."""


@dataclass(frozen=True)
class Label:
    """The content of a label; its QR code holds `token`, after what says of which kind it is."""

    name: str
    code: str
    token: str
    kind: str = qr.LABEL


async def draw(
    labels: Sequence[Label], sheet: Sheet, target: Path, *, first: int, owner: str, bot: str
) -> int:
    """Write the PDF, sheet by sheet, in a thread; return the number of sheets.

    `first` is the position of the first label, from 0: earlier ones are gone from a sheet that was begun.
    `owner` is the organization's name. Raises OSError where the file cannot be written.
    """
    pages = await asyncio.to_thread(_Pages, sheet, owner, bot)
    rest = list(labels)
    room = sheet.per_sheet - first
    count = 0
    while rest:
        await asyncio.to_thread(pages.add, rest[:room], sheet.per_sheet - room)
        rest, room = rest[room:], sheet.per_sheet
        count += 1
        await asyncio.sleep(PAUSE)
    await asyncio.to_thread(pages.save, target)
    return count


def card(label: Label, *, owner: str, bot: str) -> bytes:
    """Return a member's card as a PDF to print and cut out."""
    pages = _Pages(CARD, owner, bot)
    pages.add([label], 0)
    pages.pdf.rect(*CARD.place(0), *CARD.label)
    return bytes(pages.pdf.output())


class _Pages:
    def __init__(self, sheet: Sheet, owner: str, bot: str) -> None:
        from fpdf import FPDF

        self.sheet, self.bot = sheet, bot
        self.pdf = FPDF(unit="mm", format=sheet.paper)
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.add_font(FONT, fname=fonts.path(FONT))
        self.pdf.set_font(FONT, size=10)
        self._others: list[str] = []
        self._letter = lru_cache(None)(self._measure)
        self.owner = self._printable(owner)
        margin = sheet.margin
        # The same on all labels of a sheet, so that they look alike.
        self.padding = max(_PADDING, _EDGE - margin[0]), max(_PADDING, _EDGE - margin[1])

    def add(self, labels: Sequence[Label], first: int) -> None:
        """Add a sheet, from this position on."""
        self.pdf.add_page()
        for position, label in enumerate(labels, start=first):
            self._label(label, *self.sheet.place(position))

    def save(self, target: Path) -> None:
        self.pdf.output(str(target))

    def _label(self, label: Label, left: float, top: float) -> None:
        """Draw the QR code on the left, the texts beside it, the owner's name small at the bottom."""
        width, height = self.sheet.label
        beside, above = self.padding
        side = min(height - 2 * above, (width - 2 * (beside - _PADDING)) * 0.48)
        self._qr(label, left + beside, top + (height - side) / 2, side)
        x = left + beside + side
        box = left + width - beside - x, height - 2 * above
        owner = fit(self.owner, self._width, (box[0], box[1] / 5), _OWNER_SIZES, 1)
        code = fit(self._printable(label.code), self._width, (box[0], box[1] / 2.5), _CODE_SIZES, 2)
        left_over = box[1] - owner.height - code.height
        name = fit(self._printable(label.name), self._width, (box[0], left_over), _NAME_SIZES, 6)
        y = top + above
        self._text(name, x, y)
        self._text(code, x, y + name.height + (left_over - name.height) / 2)
        self._text(owner, x, y + box[1] - owner.height)

    def _text(self, fitted: Fitted, x: float, y: float) -> None:
        self.pdf.set_font(FONT, size=fitted.size)
        for number, line in enumerate(fitted.lines):
            top = y + number * fitted.line_height
            if all(fonts.font_for(letter) == FONT for letter in line):
                self.pdf.text(x, top + fitted.size * POINT * _ASCENT, line)
            else:
                self._shaped(line, x, top, fitted.size * POINT)

    def _shaped(self, line: str, x: float, y: float, size: float) -> None:
        """Write a line with letters of other fonts: joined, or from the right, as they are written."""
        self.pdf.set_text_shaping(use_shaping_engine=True)
        self.pdf.set_xy(x, y)
        # A cell's baseline is below its middle by 0.3 of the size.
        self.pdf.cell(h=2 * (_ASCENT - 0.3) * size, text=line)
        self.pdf.set_text_shaping(use_shaping_engine=False)

    def _qr(self, label: Label, left: float, top: float, side: float) -> None:
        """Draw a QR code as one path, in its own units: single rectangles would be too many."""
        import segno

        code = segno.make(qr.link(self.bot, label.token, label.kind), error="m", micro=False)
        unit = side / (len(code.matrix) + 2 * _QUIET)
        k = self.pdf.k
        origin = (left + _QUIET * unit) * k, (self.pdf.h - top - _QUIET * unit) * k
        parts = [f"q {unit * k:.4f} 0 0 {-unit * k:.4f} {origin[0]:.3f} {origin[1]:.3f} cm"]
        for y, row in enumerate(code.matrix):
            x = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    parts.append(f"{x} {y} {length} 1 re")
                x += length
        parts.append("f Q")
        # The library's own way to add to a page, which its drawing functions use too.
        self.pdf._out("\n".join(parts))

    def _measure(self, letter: str) -> float:
        self.pdf.set_font(FONT, size=10)
        return float(self.pdf.get_string_width(letter)) / 10

    def _width(self, text: str) -> float:
        return sum(map(self._letter, text))

    def _printable(self, text: str) -> str:
        """Return text in one line, of letters that some font has; those fonts are added to the file."""
        found = "".join(map(self._found, " ".join(text.split())))
        return " ".join(found.split())

    def _found(self, letter: str) -> str:
        name = fonts.font_for(letter)
        if name is None:
            return "" if fonts.is_left_out(letter) else _UNKNOWN
        if name != FONT and name not in self._others:
            self.pdf.add_font(name, fname=fonts.path(name))
            self._others.append(name)
            self.pdf.set_fallback_fonts(self._others)
        return letter
