"""Words of sentences that name no thing, number or day: `could`, `you`, `gjerne`, `birthday` (words.toml)."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from handlers.parsing import date_vocabulary

Table = Mapping[str, "str | Table"]


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list that is written as one text."""
    return frozenset(text.split())


def _all_of(table: Table | str) -> Iterator[str]:
    if isinstance(table, str):
        yield from table.split()
    else:
        for part in table.values():
            yield from _all_of(part)


_TABLES: Mapping[str, Table] = tomllib.loads(
    files("handlers.parsing.sentences").joinpath("words.toml").read_text("utf-8")
)


def _table(name: str) -> frozenset[str]:
    return frozenset(_all_of(_TABLES[name]))


SAYING_NOTHING = _table("saying_nothing")
"""Words that are in no name by themselves, and change nothing in what is wanted."""

PEOPLE_AND_PURPOSES = _table("around")
"""Nouns that are rather said around a thing, unless they belong to a name: `Party light`."""

PURPOSE_FOLLOWS = _table("before_purpose")
"""Words after which a purpose, a place or a person may follow that nobody can list."""

CHANGING = _table("changing")
"""Words by which something else is wanted: with one of these left, nothing is taken for granted."""

SIGNING_OFF = _table("signing_off")
"""Words at the end, after which a name is the writer's."""

ASKING = _table("asking_for")
"""Words by which a sentence asks for something to borrow."""

GETTING = _table("getting")
"""Verbs after an English `to` whose object is the thing that is wanted."""

LOOKING = _table("looking")
"""Words whose `for` has the thing after it that is wanted."""

SUBJECTS = _table("subjects")
"""Words that a whole sentence has, and an entry of a list has not."""

EVERYDAY = _table("everyday")
"""Words that are hardly ever names of things: `grateful`, `bother`, `arrive`, `glad`."""

_IN_ENGLISH = frozenset(_all_of(_TABLES["everyday"]["en"]))

_ENDINGS = ("ing", "ed", "es", "s", "er", "d", "ly")
_SHORTEST = 3
SIGNS = ',.!?:;()"“”«»'
_BEFORE_TO = _table("before_to")
"""Words after which `to` is English: in Norwegian it is two."""


@cache
def is_everyday(word: str) -> bool:
    """Return whether this is such a word, or an English form of one: `planned`, `hoping`, `kindly`."""
    if word in EVERYDAY:
        return True
    stems = {word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)}
    stems |= {f"{stem}e" for stem in stems} | {stem[:-1] for stem in stems if stem[-1:] == stem[-2:-1]}
    return any(stem in _IN_ENGLISH for stem in stems if len(stem) >= _SHORTEST)


@cache
def says_nothing(word: str) -> bool:
    """Return whether the word changes nothing: also the `collecting` and `collectin` of `collect`."""
    if word in SAYING_NOTHING or (word.endswith("in") and f"{word}g" in SAYING_NOTHING):
        return True
    stem = word.removesuffix("ing")
    return (stem != word and len(stem) > _SHORTEST and stem in SAYING_NOTHING) or _is_mistyped(word)


def _is_mistyped(word: str) -> bool:
    """Return whether it is `borow` or `pleaes`; another letter may make another word, such as `barrow`."""
    if not len(word) >= _MISTYPED_FROM or not word.isalpha():
        return False
    return any(
        word[0] == right[0]
        and word != right
        and (
            (len(word) - len(right) == 1 and _is_one_less(right, word))
            or (len(right) - len(word) == 1 and _is_one_less(word, right))
            or (len(word) == len(right) and _is_swapped(word, right))
        )
        for right in _MISTYPED
    )


def _is_one_less(shorter: str, longer: str) -> bool:
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _is_swapped(word: str, right: str) -> bool:
    return any(word[:at] + word[at + 1] + word[at] + word[at + 2 :] == right for at in range(len(word) - 1))


_MISTYPED_FROM = 4
_MISTYPED = _table("mistyped")


def bare(token: str) -> str:
    """Return the word as it is in the tables."""
    return token.strip(SIGNS).lower().replace("’", "'")


def is_english_to(before: str, after: str) -> bool:
    """Return whether the `to` between these words is no Norwegian two."""
    return not after or after in SAYING_NOTHING or before in _BEFORE_TO


def core(text: str) -> str:
    """Return the text without the words that say nothing at its beginning and its end."""
    tokens = without_beginning(text).split()
    while tokens and _is_around(tokens, len(tokens) - 1):
        tokens.pop()
    return " ".join(tokens)


def without_beginning(text: str) -> str:
    """Return the text without the words that say nothing at its beginning."""
    tokens = text.split()
    begin = next((at for at in range(len(tokens)) if not _is_around(tokens, at)), len(tokens))
    return " ".join(tokens[begin:])


def _is_around(tokens: list[str], at: int) -> bool:
    said = bare(tokens[at])
    if said == "to":
        return at > 0 and bare(tokens[at - 1]) in _BEFORE_TO
    is_number = said in date_vocabulary.NUMBERS
    return not said.strip("-–") or (says_nothing(said) and not is_number) or is_free(said)


def is_free(word: str) -> bool:
    """Return whether this asks what is there: `free`, `ledig`."""
    return word in _FREE


_FREE = _table("free")
