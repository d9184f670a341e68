"""Text as people search for it: case and accents forgiven."""

import unicodedata

# Letters that Unicode does not take apart but people type without.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "œ": "oe"})


def fold(text: str) -> str:
    """Lower case, without accents, white space made single: `Måleutstyr  Ø` becomes `maleutstyr o`."""
    taken_apart = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    plain = "".join(c for c in taken_apart if not unicodedata.combining(c))
    return " ".join(plain.split())
