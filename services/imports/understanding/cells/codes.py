"""The codes of a cell: one, several, or a range of them."""

import re
from functools import cache

from services.core.text import one_line
from services.imports.understanding.vocabulary import is_nothing, spelled

MOST_IN_RANGE = 500
"""A longer range of codes is a code that has a dash in it."""
MOST_BETWEEN_HYPHENS = 50
"""The same where it has a mere hyphen, as many codes have."""

_PARTS_CODES = re.compile(r"\s*[,;\n]\s*|\s[+&]\s")
_ONE_CODE = re.compile(r"[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)*")
_CODE = re.compile(r"[\w.\-/#+]*\d[\w.\-/#+]*")
_LIST = re.compile(r"(?P<start>[^\W\d_]+[-_. ]?)\d+(?:\s*/\s*(?P=start)\d+)+")
_HYPHEN = re.compile(r"(?P<start>\S*?)(?P<from>\d+)-(?P<again>\S*?)(?P<to>\d+)")


@cache
def _range_pattern() -> re.Pattern[str]:
    longest_first = sorted(spelled("codes", "to"), key=len, reverse=True)
    words = "|".join(rf"\b{re.escape(word)}\b" for word in longest_first)
    return re.compile(
        rf"(?P<first>\S*?)(?P<from>\d+)\s*(?:{words}|\.\.\.?|…|--|–|—|\s-\s|→|〜|～|~|至)\s*"
        r"(?P<second>\S*?)(?P<to>\d+)",
        re.IGNORECASE,
    )


@cache
def _and() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(spelled("codes", "and"), key=len, reverse=True)))
    return re.compile(rf"(?<=\d)\s+(?:{words})\s+(?=\S*\d)", re.IGNORECASE)


def codes(text: str, *, hyphens: bool | None = None) -> list[str]:
    """Return the codes of a cell: one, a list such as `SL1, SL2`, or a range such as `FG-01 to FG-06`.

    `hyphens`: a range may have a mere hyphen, such as `100240-100243`, as its column's other codes have none;
    without it only where the letters are there twice: `SK1-SK4`; none with False.
    """
    text = text.strip()
    if is_nothing(text):
        return []
    if _ONE_CODE.fullmatch(text):  # as nearly all are
        if "/" in text and _LIST.fullmatch(text):
            return [part.strip() for part in text.split("/")]
        is_range = "-" in text and (hyphens or (hyphens is None and _is_spelled_twice(text)))
        return (range_of_hyphen(text) if is_range else None) or [text]
    if "/" in text and _LIST.fullmatch(text):
        return [part.strip() for part in text.split("/")]
    found: list[str] = []
    for part in _PARTS_CODES.split(_and().sub(",", text)):
        is_hyphened = hyphens or (hyphens is None and _is_spelled_twice(part))
        span = _range(part) or (range_of_hyphen(part) if is_hyphened else None)
        if span is None and not (_CODE.fullmatch(part) and len(part) <= 40):
            return [one_line(text)]  # a comma within one code, or words
        found += span or [part]
    return found if len(found) > 1 else [one_line(text)]


def has_hyphen(text: str) -> bool:
    """Return whether the cell is a range with a mere hyphen, or a code that looks so."""
    return _HYPHEN.fullmatch(text) is not None


def _is_spelled_twice(text: str) -> bool:
    span = _HYPHEN.fullmatch(text)
    return span is not None and any(map(str.isalpha, span["again"]))


def ends(text: str) -> tuple[str, int, int] | None:
    """Return the beginning, the first and the last number of a code, which may be a range; None for words."""
    span = _HYPHEN.fullmatch(text)
    if span is not None and range_of_hyphen(text) is not None:
        return span["start"], int(span["from"]), int(span["to"])
    one = _ENDS_IN_NUMBER.fullmatch(text)
    return (one["start"], int(one["n"]), int(one["n"])) if one is not None else None


_ENDS_IN_NUMBER = re.compile(r"(?P<start>\S*?)(?P<n>\d{1,12})")


def range_of_hyphen(text: str) -> list[str] | None:
    """Return the codes of a range such as `SK1-SK4` or `100240-100243`, which may as well be one code; None
    where it is hardly a range: too long, or `P1-2`.
    """
    span = _HYPHEN.fullmatch(text)
    if span is None or span["again"].casefold() != span["start"].casefold():
        return None
    if not span["start"] and len(span["from"]) != len(span["to"]):
        return None
    if not 0 < int(span["to"]) - int(span["from"]) < MOST_BETWEEN_HYPHENS:
        return None
    return _spread(span["start"], span["from"], span["to"])


_COUNTED = re.compile(r"(?P<start>\S*?\d+)\s*-\s*(?P<end>\S*?\d+)")


def counted_range(text: str, count: int) -> list[str]:
    """Return the codes of a range with a mere hyphen, such as `Z1-Z12`, which may as well be one code: a
    range where there are so many pieces.
    """
    span = _COUNTED.fullmatch(text.strip())
    found = _range(f"{span['start']} - {span['end']}") if span else None
    return found if found is not None and len(found) == count else []


def _range(text: str) -> list[str] | None:
    span = _range_pattern().fullmatch(text)
    if span is None or (span["second"] and span["second"].casefold() != span["first"].casefold()):
        return None
    if not 0 < int(span["to"]) - int(span["from"]) < MOST_IN_RANGE:
        return None
    return _spread(span["first"], span["from"], span["to"])


def _spread(start: str, first: str, last: str) -> list[str]:
    return [f"{start}{number:0{len(first)}}" for number in range(int(first), int(last) + 1)]
