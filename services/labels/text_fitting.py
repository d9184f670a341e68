"""Fitting text into a box: as large as possible, in several lines, cut where even that is too long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LINE = 1.25
"""A line's height, relative to the font size."""

POINT = 25.4 / 72
"""A point in millimeters."""

Width = Callable[[str], float]
"""Measures a text's width in millimeters at one point."""


@dataclass(frozen=True)
class Fitted:
    """The lines, and their font size in points."""

    lines: tuple[str, ...]
    size: float

    @property
    def line_height(self) -> float:
        """The height of a line in millimeters."""
        return self.size * POINT * LINE

    @property
    def height(self) -> float:
        return self.line_height * len(self.lines)


def fit(text: str, width: Width, box: tuple[float, float], sizes: Sequence[float], most_lines: int) -> Fitted:
    """Return the text at the largest size that fits into the box, with whole words if possible; else cut."""
    words = text.split()
    for whole in (True, False):
        for size in sizes:
            if whole and any(width(word) > box[0] / size for word in words):
                continue
            lines = _wrap(text, width, box[0] / size)
            if len(lines) <= _room(box[1], size, most_lines):
                return Fitted(tuple(lines), size)
    size = sizes[-1]
    lines = _wrap(text, width, box[0] / size)
    room = max(1, _room(box[1], size, most_lines))
    kept = [*lines[: room - 1], _cut("".join(lines[room - 1 : room]), width, box[0] / size)]
    return Fitted(tuple(kept), size)


def _room(height: float, size: float, most_lines: int) -> int:
    return min(most_lines, int(height / (size * POINT * LINE) + 1e-6))


def _cut(text: str, width: Width, most: float) -> str:
    while text and width(text + "…") > most:
        text = text[:-1]
    return text.rstrip() + "…"


def _wrap(text: str, width: Width, most: float) -> list[str]:
    """Break text between words; a word wider than a line is broken where it has to be."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and width(f"{line} {word}") <= most:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        while width(word) > most and len(word) > 1:
            at = _fits(word, width, most)
            lines.append(word[:at])
            word = word[at:]
        line = word
    return [*lines, line] if line else lines


def _fits(word: str, width: Width, most: float) -> int:
    """Return how many characters of the text fit into a line: at least one."""
    at = 1
    while at < len(word) and width(word[: at + 1]) <= most:
        at += 1
    return at
