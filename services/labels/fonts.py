"""The fonts of labels: Noto Sans, and others for the letters that it lacks, loaded when first needed."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

FONT = "Noto Sans"

_LATIN = 0x180
"""Below it Noto Sans has every letter: nothing is loaded to know that."""

_SCRIPTS = (
    *("Hebrew", "Arabic", "Thai", "Symbols", "Devanagari", "Bengali", "Tamil", "Telugu", "Gujarati"),
    *("Gurmukhi", "Kannada", "Malayalam", "Oriya", "Sinhala", "Lao", "Khmer", "Myanmar", "Ethiopic"),
    *("Armenian", "Georgian"),
)
_CJK = "CJK"
"""Chinese, Japanese and Korean, and most signs of mathematics."""

FALLBACKS = (*_SCRIPTS, _CJK)

_EMOJI = ((0x20E3, 0x20E3), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F000, 0x1FAFF), (0xE0000, 0xE01EF))


def path(name: str) -> Path:
    """Return the file of a font."""
    import fontpkg
    import manimgx_fonts
    import paperang_p2_fonts_cjk

    if name == FONT:
        return Path(fontpkg.path(FONT))
    if name == _CJK:
        return Path(str(paperang_p2_fonts_cjk.__file__)).parent / "fonts" / "wqy-microhei.ttc"
    return Path(str(manimgx_fonts.__file__)).parent / f"NotoSans{name}[wght].ttf"


@lru_cache(None)
def _letters(name: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path(name), fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(10_000)
def font_for(letter: str) -> str | None:
    """Return the name of the first font that has this letter; None where none has."""
    number = ord(letter)
    if number < _LATIN or number in _letters(FONT):
        return FONT
    return next((name for name in FALLBACKS if number in _letters(name)), None)


def is_left_out(letter: str) -> bool:
    """Return whether a letter that no font has is left out: emoji, and what only changes its neighbors."""
    number = ord(letter)
    return unicodedata.category(letter) in ("Cf", "Mn") or any(a <= number <= b for a, b in _EMOJI)


def missing(texts: Iterable[str]) -> str:
    """Return the letters in these texts that cannot be printed, each once, in their order in Unicode."""
    beyond = {letter for text in texts if not text.isascii() for letter in text if ord(letter) >= _LATIN}
    lacking = (c for c in beyond if not c.isspace() and not is_left_out(c) and font_for(c) is None)
    return "".join(sorted(lacking))
