"""Text as people search for it, case and accents forgiven; and whether there is anything to see in it."""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import InstrumentedAttribute

# Letters that Unicode does not take apart but people type without.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "œ": "oe"})

_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols by their category that show nothing: Hangul fillers, the empty Braille pattern."""


def is_seen(text: str) -> bool:
    """Whether any character leaves a trace: not white space, not a control or format character, no filler."""
    return any(unicodedata.category(c)[0] not in "CZ" and c not in _BLANK for c in text)


def fold(text: str) -> str:
    """Lower case, without accents, white space made single: `Måleutstyr  Ø` becomes `maleutstyr o`."""
    if text.isascii():
        # Thousands of names are read in one go: most need none of what follows.
        return " ".join(text.lower().split())
    taken_apart = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    plain = "".join(c for c in taken_apart if not unicodedata.combining(c))
    return " ".join(plain.split())


def search_text(name: str, brand: str, model: str, type_: str, tags: Iterable[str]) -> str:
    """What words are looked for in: an equipment's `search_text`."""
    return fold(" ".join([name, brand, model, type_, *sorted(tags)]))


def same_letters(column: InstrumentedAttribute[Any], texts: Collection[str]) -> ColumnElement[bool]:
    """Match a column that says one of these texts, maybe with other capitals."""
    # SQLite's own lower() knows no letters but ASCII's, and would miss even `Ø7` as it is written.
    written = {form for text in texts for form in (text, text.lower(), text.upper())}
    lowered = [form for text in texts for form in (func.lower(text), text.lower())]
    return or_(column.in_(written), func.lower(column).in_(lowered))
