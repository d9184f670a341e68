"""Text as people search for it, case and accents forgiven; and whether there is anything to see in it."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, String, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from services.core.errors import Refusal, Refused

_DEFUSED = re.compile(r"'+[=+\-@\t\r]")
_SPACE_IN_LINE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")


def restore(text: str) -> str:
    """A formula that was defused with a quotation mark in front, as it was: `'=1+1` becomes `=1+1`."""
    return text[1:] if _DEFUSED.match(text) else text


def one_line(text: str) -> str:
    """Trimmed, in one line and in composed characters: `u` + two dots is `ü`, as everybody else types it."""
    return _tidy(restore(_composed(text).strip()))


def _tidy(text: str) -> str:
    return _SPACE_IN_LINE.sub(" ", text).strip()


def many_lines(text: str) -> str:
    """The same for texts that may have several lines."""
    text = _composed(text).replace("\r\n", "\n").replace("\r", "\n")
    return restore(_CONTROL.sub(" ", text).strip())


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def key(header: str) -> str:
    """A header as it is compared: `Invent.Nr.` and `invent nr` are the same."""
    return " ".join(re.sub(r"[\W_]+", " ", fold(header)).split())


def limit(column: Any) -> int:
    """How many characters a model's column takes."""
    kind = column.type
    assert isinstance(kind, String) and kind.length
    return kind.length


LONGEST_NAME = 100


def check_person_name(first_name: str, last_name: str) -> None:
    """Raises NAME_EMPTY, TOO_MUCH_TEXT."""
    if not is_seen(first_name):
        raise Refusal(Refused.NAME_EMPTY)
    if len(first_name) > LONGEST_NAME or len(last_name) > LONGEST_NAME:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_NAME)


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


_NO_SERIAL = (
    "none, no, unknown, n/a, na, nil, null, no serial, not available, not applicable, "
    "keine, kein, keiner, ohne, unbekannt, unbek., keine Angabe, k. A., nicht vorhanden, "
    "ingen, ukjent, uten, mangler, finnes ikke"
)
_NO_SERIAL_KEYS = {key(words) for words in _NO_SERIAL.split(", ")}


def serial_number(text: str) -> str | None:
    """None for `keine`, `n/a`, `-`, `?` and the like, which say that there is none."""
    words = key(text)
    return None if not words or words in _NO_SERIAL_KEYS else text


# Half an emoji, which no encoding takes, and the character that ends a text for PostgreSQL.
_REFUSED = re.compile("[\ud800-\udfff\x00]")


def clean(text: str) -> str:
    """Return the text with what no database takes replaced; its length stays, and so do positions in it."""
    return _REFUSED.sub("\ufffd", text)


def cleaned(value: Any) -> Any:
    """Return what JSON holds with every text in it cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): cleaned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    return value
