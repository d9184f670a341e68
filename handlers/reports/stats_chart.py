"""The statistics in one picture, for a phone held upright: big letters, colors that all can tell apart."""

import io
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from handlers.i18n.texts import Texts
from services.reports.figures import Figures

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

WIDTH, HIGHEST, MARGIN = 1080, 1800, 40
_SMALL, _SMALLEST = 42, 34
"""Font sizes. A phone shows the picture at a third of its width: smaller text is illegible there."""

_INK, _PALE, _PAPER = "#1a1a1a", "#5c5c5c", "#ffffff"
_BLUE, _ORANGE, _LINE = "#0072b2", "#d55e00", "#d9d9d9"
"""Blue and vermilion of Okabe and Ito: distinct in every kind of color blindness, and by lightness."""


@cache
def _font(size: int) -> "FreeTypeFont":
    import fontpkg
    from PIL import ImageFont

    return ImageFont.truetype(fontpkg.path("Noto Sans"), size)


class _Sheet:
    """Draws downwards: `y` is the position of the next element."""

    def __init__(self) -> None:
        from PIL import Image, ImageDraw

        self.image = Image.new("RGB", (WIDTH, HIGHEST), _PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.y = MARGIN - 20

    def text(
        self, words: str, size: int, *, x: int = MARGIN, room: int | None = None, ink: str = _INK
    ) -> None:
        room = room or WIDTH - MARGIN - x
        self.draw.text((x, self.y), cut(words, size, room), font=_font(size), fill=ink)

    def right(self, words: str, size: int, *, ink: str = _INK) -> None:
        self.draw.text((WIDTH - MARGIN, self.y), words, font=_font(size), fill=ink, anchor="ra")

    def heading(self, words: str) -> None:
        self.y += 26
        self.draw.line((MARGIN, self.y, WIDTH - MARGIN, self.y), fill=_LINE, width=2)
        self.y += 12
        self.text(words, 46)
        self.y += 70

    def png(self) -> bytes:
        out = io.BytesIO()
        self.image.crop((0, 0, WIDTH, min(self.y + MARGIN // 2, HIGHEST))).save(out, "PNG", optimize=True)
        return out.getvalue()


def cut(words: str, size: int, room: float) -> str:
    """Return as much of the text as fits."""
    words = " ".join(words.split())
    if _font(size).getlength(words) <= room:
        return words
    while words and _font(size).getlength(words + "…") > room:
        words = words[:-1]
    return words.rstrip() + "…"


def draw(t: Texts, f: Figures) -> bytes:
    """Draw a PNG. Not for statistics without a rental: there is nothing to draw."""
    sheet = _Sheet()
    sheet.text(f.organization, 56)
    sheet.y += 80
    sheet.text(f"{_day(t, f.first)} – {_day(t, f.last)}", _SMALL, ink=_PALE)
    sheet.y += 50
    sheet.heading(str(t("Most rented")))
    _bars(sheet, f.most_rented, _BLUE)
    sheet.heading(str(t("Pieces out, week by week")))
    _columns(t, sheet, f.weeks)
    sheet.heading(t("Late: {percent} % of the rentals", percent=f.late_share).unescape())
    if f.late_things:
        _bars(sheet, f.late_things[:3], _ORANGE)
    else:
        sheet.text(str(t("Everything came back in time.")), _SMALL, ink=_PALE)
        sheet.y += 54
    sheet.heading(t("Idle for half a year: {n} of {all}", n=f.idle_total, all=f.equipment).unescape())
    for name, last in f.idle[:3]:
        said = _day(t, last) if last is not None else str(t("never"))
        width = int(_font(_SMALL).getlength(said))
        sheet.text(name, _SMALL, room=WIDTH - 2 * MARGIN - width - 30)
        sheet.right(said, _SMALL, ink=_PALE)
        sheet.y += 58
    return sheet.png()


def _day(t: Texts, day: date) -> str:
    dot = "." if t.language == "nb" else ""
    return f"{day.day}{dot} {t.month(day, narrow=True)}"


def _bars(sheet: _Sheet, rows: Sequence[tuple[str, int]], color: str) -> None:
    """Draw a name over each bar, and its number at the right."""
    most = max((count for _, count in rows), default=1)
    for name, count in rows:
        number = f"{count}"
        sheet.text(name, _SMALL, room=WIDTH - 2 * MARGIN - 160)
        sheet.right(number, _SMALL)
        sheet.y += 54
        length = max(round((WIDTH - 2 * MARGIN) * count / most), 8)
        sheet.draw.rounded_rectangle((MARGIN, sheet.y, MARGIN + length, sheet.y + 14), 7, fill=color)
        sheet.y += 24


def _columns(t: Texts, sheet: _Sheet, weeks: Sequence[tuple[date, int]]) -> None:
    """Draw a column for each week, the highest with its number, the months below."""
    high, bottom = 170, sheet.y + 222
    most = max((count for _, count in weeks), default=0) or 1
    step = (WIDTH - 2 * MARGIN) / max(len(weeks), 1)
    peak = max(range(len(weeks)), key=lambda place: weeks[place][1], default=0)
    month, last_end = 0, 0.0
    for place, (monday, count) in enumerate(weeks):
        left = MARGIN + place * step
        top = bottom - round(high * count / most)
        if count:
            sheet.draw.rectangle((left, min(top, bottom - 3), left + max(step - 4, 2), bottom), fill=_BLUE)
        if place == peak and count:
            half = _font(_SMALL).getlength(str(count)) / 2
            x = min(max(left + step / 2, MARGIN + half), WIDTH - MARGIN - half)
            sheet.draw.text((x, top - 6), str(count), font=_font(_SMALL), fill=_INK, anchor="ms")
        name = t.month(monday, narrow=True).split()[0].rstrip(".")
        if monday.month != month and left >= last_end:
            width = _font(_SMALLEST).getlength(name)
            if left + width <= WIDTH - MARGIN + 20:
                sheet.draw.text((left, bottom + 8), name, font=_font(_SMALLEST), fill=_PALE)
                last_end = left + width + 10
        month = monday.month
    sheet.draw.line((MARGIN, bottom, WIDTH - MARGIN, bottom), fill=_PALE, width=2)
    sheet.y = bottom + 52
