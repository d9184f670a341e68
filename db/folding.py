"""Texts as searches compare them, without case and accents."""

import unicodedata
from itertools import filterfalse

_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "œ": "oe"})


def fold(text: str) -> str:
    """Return the text in lower case, without accents, spaces single: `Måleutstyr  Ø` is `maleutstyr o`."""
    if text.isascii():
        # Thousands of names are read in one go: most need none of what follows.
        return " ".join(text.lower().split())
    taken_apart = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    plain = "".join(filterfalse(unicodedata.combining, taken_apart))
    return " ".join(plain.split())
