"""Normalization of text: for storage, for searches that ignore case and accents, and for comparison."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any
from unicodedata import is_normalized

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol
from sqlalchemy import ColumnElement, String, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from db.folding import fold as fold
from services.core.errors import Refusal, Refused

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r]")
_SPACE_IN_LINE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_NO_LETTERS = re.compile(r"[\W_]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")


# Digits after a plus, in groups: it calls no function and names no cell, so that it can run nothing. The
# space behind the country code keeps `+47-22-33` out, which a spreadsheet would work out.
_TELEPHONE = re.compile(r"(?=(?:\D*\d){5})\+\d+(?: \(?\d[\d ()./-]*)?")


def defuse(text: str) -> str:
    """Escape a cell so that no spreadsheet runs it as a formula; `restore` reverses it.

    A cell that begins with an apostrophe gets a second: `restore` removes one. A telephone number such as
    `+47 22 33 44 55` stays as it is: it can run nothing.
    """
    return "'" + text if _DANGEROUS.match(text) and not _TELEPHONE.fullmatch(text) else text


@cache
def separator(language: str) -> str:
    """Return what separates the cells of a CSV file where this language is spoken.

    A spreadsheet expects semicolons where numbers have a decimal comma, else commas.
    """
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return ","
    return ";" if get_decimal_symbol(locale) == "," else ","


def is_dangerous(text: str) -> bool:
    """Return whether a spreadsheet would take the text for a formula if it were typed."""
    return _DANGEROUS.match(text) is not None


def kept_as_text(text: str) -> str:
    """Return the text for a cell that is a text whatever it says, so that `restore` leaves it as it is."""
    return "'" + text if _DEFUSED.match(text) or text.startswith(("\t", "\r")) else text


def restore(text: str) -> str:
    """Return the original of a formula that a leading quotation mark defused: `'=1+1` becomes `=1+1`."""
    return text[1:] if _DEFUSED.match(text) else text


def one_line(text: str) -> str:
    """Return the text trimmed, on one line and in composed characters, such as `ü` for `u` and two dots."""
    text = text.strip()
    # As nearly all cells of a file are; said here rather than in a function, for it is asked so often.
    if text.isprintable() and text[:1] != "'" and (text.isascii() or is_normalized("NFC", text)):
        return text
    return _tidy(restore(_composed(text).strip()))


def _tidy(text: str) -> str:
    return _SPACE_IN_LINE.sub(" ", text).strip()


def _is_plain(text: str) -> bool:
    """Return whether the text has neither control characters nor anything to compose."""
    return text.isprintable() and (text.isascii() or is_normalized("NFC", text))


def many_lines(text: str) -> str:
    """Return the text trimmed and in composed characters, with its lines."""
    if _is_plain(text):
        return restore(text.strip())
    text = _composed(text).replace("\r\n", "\n").replace("\r", "\n")
    return restore(_CONTROL.sub(" ", text).strip())


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def key(header: str) -> str:
    """Return a header for comparison: `Invent.Nr.` and `invent nr` are equal."""
    plain = header.lower() if header.isascii() else fold(header)
    if plain.isalnum():
        return plain
    return " ".join(_NO_LETTERS.sub(" ", plain).split())


def limit(column: Any) -> int:
    """Return the maximum length of a model's column, in characters."""
    kind = column.type
    assert isinstance(kind, String) and kind.length
    return kind.length


LONGEST_NAME = 100


def check_person_name(first_name: str, last_name: str) -> None:
    """Raise NAME_EMPTY or TOO_MUCH_TEXT for a name that a person cannot have."""
    if not is_seen(first_name):
        raise Refusal(Refused.NAME_EMPTY)
    if len(first_name) > LONGEST_NAME or len(last_name) > LONGEST_NAME:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_NAME)


_GREETINGS = (
    "hello, hello there, hi, hi there, hey, good morning, good day, good evening, help, yes, no, ok, okay, "
    "thanks, thank you, start, hei, heisann, hallo, god dag, god morgen, god kveld, hjelp, ja, nei, takk, "
    "guten tag, danke, nein"
)
_NO_NAMES = frozenset(_GREETINGS.split(", "))
_ADDRESS = re.compile(r"@|://|\bwww\.|\bt\.me/", re.IGNORECASE)


def looks_like_name(text: str) -> bool:
    """Return whether this may be a person's name: no greeting, question, command or address, and no numbers.

    Whoever has such a name all the same can insist.
    """
    said = text.strip()
    return not (
        said.startswith("/")
        or "?" in said
        or _ADDRESS.search(said) is not None
        or any(word.strip("+-.,()").isdecimal() for word in said.split())
        or fold(said).strip(" .!,") in _NO_NAMES
    )


# Letters that Unicode does not take apart but people type without.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Invisible characters in categories of visible ones: Hangul fillers, the empty Braille pattern."""


def is_seen(text: str) -> bool:
    """Return whether any character is visible: no white space, control or format character, or filler."""
    return any(unicodedata.category(c)[0] not in "CZ" and c not in _BLANK for c in text)


def search_text(name: str, brand: str, model: str, type_: str, tags: Iterable[str]) -> str:
    """Return the folded text that an equipment is searched by."""
    return fold(" ".join([name, brand, model, type_, *sorted(tags)]))


def same_letters(column: InstrumentedAttribute[Any], texts: Collection[str]) -> ColumnElement[bool]:
    """Match a column that equals one of these texts, ignoring case."""
    written, lowered = written_and_lower(texts)
    return or_(column.in_(written), func.lower(column).in_(lowered))


def written_and_lower(texts: Collection[str]) -> tuple[set[str], list[Any]]:
    """Return the texts in all ways that they may be written, and what is equal to them in lower case.

    SQLite's own lower() knows no letters but ASCII's, and would miss even `Ø7` as it is written.
    """
    written = {form for text in texts for form in (text, text.lower(), text.upper())}
    lowered: list[Any] = list({text.lower() for text in texts})
    # For others the database's lower() is asked, too: it may be another than ours.
    return written, lowered + [func.lower(text) for text in texts if not text.isascii()]


_NO_SERIAL = (
    "none, no, unknown, n/a, na, nil, null, no serial, not available, not applicable, "
    "keine, kein, keiner, ohne, unbekannt, unbek., keine Angabe, k. A., nicht vorhanden, "
    "ingen, ukjent, uten, mangler, finnes ikke, "
    "sans, aucun, néant, inconnu, illisible"
)
_NO_SERIAL_KEYS = {key(words) for words in _NO_SERIAL.split(", ")}


def serial_number(text: str) -> str | None:
    """Return the serial number; None for `keine`, `n/a`, `-`, `?` and other words for a missing one."""
    words = key(text)
    return None if not words or words in _NO_SERIAL_KEYS else text


# Half an emoji, which no encoding takes, and the character that ends a text for PostgreSQL.
_REFUSED = re.compile("[\ud800-\udfff\x00]")


def clean(text: str) -> str:
    """Return the text with characters that no database takes replaced; its length stays the same."""
    return _REFUSED.sub("\ufffd", text)


_DIGITS = re.compile(r"(\d+)")


def natural(code: str) -> list[tuple[int, str]]:
    """Return a key that sorts codes as people count: T-1, T-2, T-10."""
    parts = _DIGITS.split(code)
    return [(int(part), "") if part.isdecimal() and len(part) < 30 else (-1, part.lower()) for part in parts]


_SECRET = re.compile(r"(eql|j|l|p)_[A-Za-z0-9_-]{32,43}")


def without_secrets(text: str) -> str:
    """Return the text without tokens, links and codes that let in anybody who reads them."""
    return _SECRET.sub(r"\1_***", text)


def cleaned(value: Any) -> Any:
    """Return a JSON value with every text in it cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): cleaned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    return value
