"""Names of days and months as they are mistyped: `wendesday`, `tommorow`, `desembr`."""

from collections.abc import Iterable
from functools import cache

from handlers.parsing import date_vocabulary as words

_SHORTEST = 5
"""Letters of the shortest name that may be mistyped: shorter ones are too close to other words."""

_LONG = 8
"""From so many letters on, two may be wrong."""

_AFTER_I = ("morgen", "kveld")
"""Names that are one only after `i`."""

_OTHERS = ("weekend", "tonight", "overmorgen", "julaften", "christmas", "nyttårsaften", "halloween")


def mended(text: str) -> str:
    """Return a text with the mistyped names in it as they should be, and the other words as they were."""
    tokens = text.split()
    before = ["", *(word.lower() for word in tokens)]
    return " ".join(_mended(word, after) for word, after in zip(tokens, before, strict=False))


def says_day(tokens: Iterable[str]) -> bool:
    """Return whether one of these lower-case words is of a day."""
    return any(token.strip(".,") in _known() for token in tokens)


def _mended(word: str, after: str) -> str:
    token = word.lower()
    bare = token.rstrip(".,")
    if len(bare) < _SHORTEST - 1 or not bare.isalpha() or bare in _known():
        return word
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - three megabytes, for a word that nothing else knows

    near = {
        name: distance
        for name in (_AFTER_I if after == "i" else ()) + _names()
        if abs(len(name) - len(bare)) <= 2
        and (distance := OSA.distance(bare, name, score_cutoff=2)) <= (2 if len(name) >= _LONG else 1)
    }
    if not near:
        return word
    least = min(near.values())
    best = [name for name, distance in near.items() if distance == least]
    # Hardly anybody mistypes the first letter: "munday" is no Sunday.
    best = [name for name in best if name[0] == bare[0]] or best
    # "tirsdag" and "torsdag" are as near to "tursdag": then it is none. "desember" is December as well.
    return best[0] + token[len(bare) :] if len(set(map(_meaning, best))) == 1 else word


def _meaning(name: str) -> tuple[str, int | str]:
    if name in words.MONTHS:
        return "month", words.MONTHS[name]
    return ("weekday", words.WEEKDAYS[name]) if name in words.WEEKDAYS else ("", name)


@cache
def _names() -> tuple[str, ...]:
    named = (*words.WEEKDAYS, *words.MONTHS, *words.NAMED_DAYS, *_OTHERS)
    return tuple(dict.fromkeys(name for name in named if len(name) >= _SHORTEST and " " not in name))


@cache
def _known() -> frozenset[str]:
    no_typos = ("hente", "henta", "hentet", "leute", "match", "remember", "member", "members", "sender")
    others = (
        *no_typos,
        "helga",
        "helgen",
        "dager",
        "months",
        "weeks",
        "måned",
        "måneder",
        "neste",
        "denne",
        "today",
    )
    # "saturdays" are all of them.
    plurals = [name + ending for name in (*words.WEEKDAYS, "weekend") for ending in ("s", "er")]
    named = (
        *(words.WEEKDAYS, words.MONTHS, words.NUMBERS, words.PARTS_OF_DAY, words.FEASTS),
        *(others, _OTHERS, plurals),
    )
    return frozenset(word for some in named for name in some for word in name.split(" "))
