"""Words of a cell that say that a thing is with somebody: `Out`, `Utlånt (Ola)`, `Lent to Kari since May`."""

import re
from functools import cache, lru_cache

from services.core.text import key
from services.imports.understanding.vocabulary import condition_words, keys, spelled

_LONGEST = 100


def holder(text: str) -> tuple[str, str]:
    """Return who has the thing, and the words behind that; the word itself where it names nobody."""
    return _holder(text) if len(text) <= _LONGEST else ("", "")


def named(text: str) -> str:
    """Return who has the thing where the text names somebody: of a remark."""
    return _named(text) if len(text) <= _LONGEST else ""


@lru_cache(4_096)
def _named(text: str) -> str:
    found = _to().fullmatch(text)
    return _name(found["who"])[0] if found is not None else ""


@lru_cache(4_096)
def _holder(text: str) -> tuple[str, str]:
    said = key(text)
    if said in keys("out"):
        return text, ""
    if said in condition_words():
        return "", ""  # `out of order`
    if (found := _to().fullmatch(text) or _out().fullmatch(text)) is not None:
        return _name(found["who"])
    found = _until().fullmatch(text)
    return (found["out"], found["until"]) if found is not None else ("", "")


def _name(text: str) -> tuple[str, str]:
    name = _BEHIND.split(text, maxsplit=1)[0].strip(" )]")
    return name, text[len(name) :].strip(" ,;()[]")


_WHEN = (
    r"(?:since|until|till|til|to|by|seit|bis|siden|sedan|sinds|tot|depuis|jusqu\S*|desde|hasta|dal|fino|até"
    r"|od|do)"
)
_BEHIND = re.compile(
    rf"\s{_WHEN}\s"
    r"|\s*[,;()\[\]]|\s[-–—]\s|\s(?=\d)",
    re.IGNORECASE,
)


@cache
def _to() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(spelled("begins", "holder"), key=len, reverse=True)))
    return re.compile(rf"(?:{words})\b[\s:]+(?P<who>[^\W\d_].+)", re.IGNORECASE)


@cache
def _out() -> re.Pattern[str]:
    between = r"(?:\s*[(\[:,]\s*|\s*[-–—]\s+|\s+(?=(?-i:[A-ZÀ-ÞА-Я])))"
    return re.compile(rf"(?:{_words()}){between}(?P<who>[^\W\d_].+)", re.IGNORECASE)


@cache
def _until() -> re.Pattern[str]:
    return re.compile(rf"(?P<out>{_words()})\s+(?P<until>{_WHEN}\s.+)", re.IGNORECASE)


def _words() -> str:
    return "|".join(map(re.escape, sorted(spelled("out"), key=len, reverse=True)))
