"""Conditions of some of a row's pieces: `FG-04 broken`, `2 missing`; and behind a name: `Cello (lost)`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from db.states import Condition
from services.core.text import key
from services.imports.understanding.cells.values import condition, damage_in, kind_of, pieces
from services.imports.understanding.vocabulary import keys, numbers, of_numbers, units

_LONGEST = 500
_LONGEST_OF_ONE = 40
"""Of one piece, little more than `1 broken` is told by its number."""
_MOST_WORDS = 5
_MOST_MADE = 50
"""Of more pieces that share a code, none is looked for by a code."""
_PARTS = re.compile(r"[,;\n]|\.\s")
_BEFORE = re.compile(
    r"\s*(?P<n>\d{1,4})\s*(?:(?:x|×|[^\W\d_]{1,6}\.)?\s+|[本台個个枚只支把套件双]\s*)(?P<words>\D+)"
)
_BEHIND = re.compile(r"(?P<words>\D+?)[\s:]+(?P<n>\d{1,4}\s*\D{0,6})\s*")
_DAMAGED = (Condition.RETIRED, Condition.LOST, Condition.IN_REPAIR, Condition.DAMAGED)


@dataclass
class Told:
    """The pieces that a text tells of. `rest`: what it says of all of them."""

    codes: dict[str, Condition] = field(default_factory=dict)
    some: tuple[int, Condition] | None = None
    rest: str = ""


def told(text: str, codes: Sequence[str], count: int) -> Told:
    """Return which of several pieces a text tells of, by their codes or their number."""
    longest = _LONGEST if count > 1 else _LONGEST_OF_ONE
    if not count or len(text) > longest or not (any(map(str.isdigit, text)) or _spells_number(text, count)):
        return Told(rest=text)
    found = Told()
    spelled = _spelled(codes, count) if count > 1 else {}
    named: list[str] = []
    rest: list[str] = []
    for part in _PARTS.split(text):
        said = _without(part, spelled, named)
        if named and not said:
            continue  # `FG-04, FG-05 broken`
        if named:
            if (one := _bad(said)) is not None:
                found.codes |= dict.fromkeys(named, one)
            named.clear()
        elif (number := _counted(_in_digits(part, count), count)) is not None:
            found.some = number
        else:
            rest.append(part)
    found.rest = "; ".join(part.strip() for part in rest if part.strip())
    return found


@cache
def _mixed() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<all>\D{{0,4}}\d{{1,4}}(?:\s?(?:{units()})\b\.?)?)[\s,;:/–—-]+"
        r"(?P<some>\D*\b\d{1,4}\b\D+|\([^()]+\))",
        re.IGNORECASE,
    )


def mixed(text: str) -> tuple[int, Told] | None:
    """Return the number of pieces of a cell such as `12 (2 broken)` or `6, of which 1 lost`, with those that
    it tells of, and of one such as `4 + 1 broken`; None where it says something else.
    """
    if "+" in text and (match := _ADDED.fullmatch(text.strip())) is not None:
        bad = _bad(match["words"].strip(" ()"))
        number = int(match["n"])
        return (int(match["all"]) + number, Told(some=(number, bad))) if bad is not None and number else None
    match = _mixed().fullmatch(text) if any(map(str.isdigit, text)) else None
    count = pieces(match["all"].strip()) if match is not None else None
    if match is None or not count:
        return None
    found = told(match["some"].strip("() "), (), count)
    return (count, found) if found.some is not None and not found.rest else None


_ADDED = re.compile(r"(?P<all>\d{1,4})\s*\+\s*(?P<n>\d{1,4})(?P<words>[^\d+]+)")


_TIMES_BEFORE = re.compile(r"(?P<n>\d{1,3})\s?[x×]\s+(?P<name>[^\W\d_].*)")
_TIMES_BEHIND = re.compile(
    r"(?P<name>.*[^\W_].*?)\s+(?:\((?:(?P<a>\d{1,3})\s?[x×]|[x×]\s?(?P<b>\d{1,3}))\)|[x×]\s?(?P<c>\d{1,3}))"
)


def times(name: str) -> tuple[str, int | None]:
    """Return the name and the number of pieces of `3 x Tent`, `Tent (3x)` or `Tent x3`; None where there is
    no number with a small x.
    """
    if (found := _TIMES_BEFORE.fullmatch(name)) is not None:
        return found["name"], int(found["n"])
    if (found := _TIMES_BEHIND.fullmatch(name)) is not None:
        return found["name"], int(found["a"] or found["b"] or found["c"])
    return name, None


def made(code: str, number: int) -> str:
    """Return the code of one of several pieces that share a code in the list."""
    return f"{code}-{number}"


def _spelled(codes: Sequence[str], count: int) -> dict[str, str]:
    """Return the codes of several pieces by how they are written: those that are made of one, `LS`, may be
    `LS3`, too.
    """
    if len(codes) > 1:
        return {code: code for code in codes}
    if not codes or count > _MOST_MADE:
        return {}
    return {f"{codes[0]}{sign}{n}": made(codes[0], n) for sign in ("", "-", " ") for n in range(1, count + 1)}


def _without(part: str, spelled: Mapping[str, str], named: list[str]) -> str:
    """Return the text without the codes in it, which are added to those named."""
    for form, code in spelled.items():
        pattern = rf"(?<![\w-]){re.escape(form)}(?![\w-])"
        part, times = re.subn(pattern, " ", part, flags=re.IGNORECASE)
        if times:
            named.append(code)
    return " ".join(part.split()).strip(" :-–()") if named else part


def _bad(said: str) -> Condition | None:
    found = condition(said).condition
    return found if found in _DAMAGED else None


def _spells_number(text: str, count: int) -> bool:
    return count > 1 and not numbers().keys().isdisjoint(key(text).split())


def _in_digits(part: str, count: int) -> str:
    """Return a text such as `one of them broken` or `2 of 5 broken` with the number alone before it."""
    words = part.split() if count > 1 else []
    passed = keys("asked", "beside") | of_numbers("article") | {""}
    while passed_words := next((n for n in (2, 1) if words and key(" ".join(words[:n])) in passed), 0):
        del words[:passed_words]
    if len(words) < 2:
        return part
    first = numbers().get(key(words[0]), words[0])
    if not first.isdigit() or key(words[1]) in of_numbers("not_before"):
        return part
    rest = words[1:]
    of_all = next((n for n in (1, 2) if key(" ".join(rest[:n])) in of_numbers("of")), 0)
    if rest[of_all : of_all + 1] == [str(count)] and len(rest) > of_all + 1:
        rest = rest[of_all + 1 :]
    return " ".join([first, *rest])


def _counted(part: str, count: int) -> tuple[int, Condition] | None:
    """Return the number of pieces that a text such as `2 broken` tells of, and their condition."""
    if not any(map(str.isdigit, part)):
        return None
    for pattern in (_BEFORE, _BEHIND):
        match = pattern.fullmatch(part)
        number = pieces(match["n"]) if match is not None else None
        if match is None or number is None or not 0 < number <= count:
            continue
        words = [word for word in key(match["words"]).split() if word not in keys("asked", "beside")]
        if 0 < len(words) <= _MOST_WORDS and (one := _bad(" ".join(words))) is not None:
            return number, one
    return None


_BEHIND_NAME = re.compile(
    r"\s*(?:\((?P<a>[^()]+)\)|\[(?P<b>[^\[\]]+)\]|\*+(?P<c>[^*]+)\*+|\s[-–—]\s(?P<d>[^-–—]+))$"
)


def of_name(name: str) -> tuple[str, str]:
    """Return a name and the words behind it that say that the thing is not there, or not to be lent."""
    may_have = name[-1:] in (")", "]", "*") or " - " in name or " – " in name or " — " in name
    match = _BEHIND_NAME.search(name) if may_have else None
    if match is None or not (plain := name[: match.start()].strip()):
        return name, ""
    words = next(filter(None, match.groups())).strip()
    return (plain, words) if is_out(words) else (name, "")


def is_out(words: str) -> bool:
    """Return whether the words say that a thing is not there, or not to be lent."""
    return kind_of(words) not in (None, "ok", "damaged") or bool(damage_in(words))
