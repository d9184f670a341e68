"""Names of days and months as they are mistyped: `wendesday`, `tommorow`, `desembr`."""

from functools import cache

from handlers.parsing import date_vocabulary as words

_SHORTEST = 5
"""Letters of the shortest name that may be mistyped: shorter ones are too close to other words."""

_LONG = 8
"""From so many letters on, two may be wrong."""

_OTHERS = ("weekend", "tonight", "overmorgen", "julaften", "christmas", "nyttårsaften", "halloween")


def mended(said: str) -> str:
    """Return a tidied text with the mistyped names in it as they should be."""
    return " ".join(_mended(token) for token in said.split(" "))


def mended_word(word: str) -> str:
    """Return one word, untidied, as it should be; as it was where it is no mistyped name."""
    lower = word.lower()
    mended = _mended(lower)
    return word if mended == lower else mended


def _mended(token: str) -> str:
    bare = token.rstrip(".,")
    if len(bare) < _SHORTEST - 1 or not bare.isalpha() or bare in _known():
        return token
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - three megabytes, for a word that nothing else knows

    near = {
        name: distance
        for name in _names()
        if abs(len(name) - len(bare)) <= 2
        and (distance := OSA.distance(bare, name, score_cutoff=2)) <= (2 if len(name) >= _LONG else 1)
    }
    if not near:
        return token
    least = min(near.values())
    best = [name for name, distance in near.items() if distance == least]
    # "tirsdag" and "torsdag" are as near to "tursdag": then it is none.
    return best[0] + token[len(bare) :] if len(best) == 1 else token


@cache
def _names() -> tuple[str, ...]:
    named = (*words.WEEKDAYS, *words.MONTHS, *words.NAMED_DAYS, *_OTHERS)
    return tuple(dict.fromkeys(name for name in named if len(name) >= _SHORTEST and " " not in name))


@cache
def _known() -> frozenset[str]:
    others = ("helga", "helgen", "dager", "months", "weeks", "måned", "måneder", "neste", "denne", "today")
    named = (words.WEEKDAYS, words.MONTHS, words.NUMBERS, words.PARTS_OF_DAY, words.FEASTS, others, _OTHERS)
    return frozenset(word for some in named for name in some for word in name.split(" "))
