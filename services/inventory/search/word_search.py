"""Words of a search: plurals find the singular, `oe` and `aa` find ø and å, numbers match whole ones only."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, or_

from services.core.text import fold

_ENDINGS = (
    # English
    ("ies", ("y",)),
    ("ves", ("f", "fe")),
    ("es", ("", "e")),
    ("s", ("",)),
    # Norwegian and German; both write the plural as -er or -e in many words
    ("klene", ("kkel",)),
    ("kler", ("kkel",)),
    ("kla", ("kkel",)),
    ("lene", ("el",)),
    ("ler", ("el",)),
    ("ene", ("", "e", "er")),
    ("ane", ("", "e")),
    ("er", ("", "e")),
    ("en", ("", "e")),
    ("et", ("", "e")),
    ("ar", ("", "e")),
    ("a", ("", "e")),
    ("e", ("",)),
)
"""Endings of plurals and definite forms, with what the plain form has in their place."""

_IRREGULAR = {
    "boker": ("bok",),
    "bokene": ("bok",),
    "staenger": ("stang",),
    "stenger": ("stang",),
    "stengene": ("stang",),
    "tau": ("tau",),
    "feet": ("foot",),
    "mice": ("mouse",),
    "ski": ("ski",),
}
_SHORTEST = 3
"""Letters of the shortest plain form: `bus` is no plural of `bu`."""


_SPELLED_OUT = (("oe", "o"), ("aa", "a"), ("ue", "u"), ("ae", "a"))
"""Letters as keyboards without them write them, and what `fold` makes of the letters."""


_NUMBERS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10},
    **{"to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "atte": 8, "ti": 10},
    **{"zwei": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6, "acht": 8, "zehn": 10},
}
_NUMBER = r"(?P<{0}>\d{{1,2}}|" + "|".join(_NUMBERS) + ")"
_PEOPLE = (
    r"(?:(?:people|persons?|person[ae]r?s?|personen|pers|pax|men|man|mann|manns|p)(?![a-z])|manns(?=[a-z]))"
)
_FOR_PEOPLE = re.compile(
    rf"(?:(?<![a-z0-9])(?:for|til|fur|a) )?(?<![a-z0-9]){_NUMBER.format('number')}[ -]?{_PEOPLE}"
    rf"|(?<![a-z0-9])(?:for|fur) {_NUMBER.format('bare')}(?= *$)"
)
_MARK = "_people"
_UNIT = re.compile(r"(?<=[0-9])[ -]?(?P<unit>lit(?:er|re)s?|met(?:er|re)s?)(?![a-z])")
"""Written out; names have `60 l` or `60 liter`, which both have an `l`."""


_MEASURE = re.compile(r"([0-9]{1,4})(m|l|kg|g|cm|mm|w|kw|v)")
"""A number and its unit, which names have with a blank between: `50 m`."""


def asked(words: str, most: int) -> list[str]:
    """Return the first `most` words, folded; so many people are one of them, however they are written."""
    said = _UNIT.sub(lambda found: f" {found['unit'][0]}", fold(words[:200]))
    tokens = _FOR_PEOPLE.sub(_marked, said).split()[:most]
    return [token.rstrip(",;:") or token for token in tokens]


def says_people(words: str) -> bool:
    """Return whether the words begin with so many people: `2-man tent`, `fire personers telt`."""
    return _FOR_PEOPLE.match(fold(words[:200])) is not None


def is_people(words: str) -> bool:
    """Return whether the words are so many people and nothing else: they name no thing."""
    said = asked(words, 2)
    return len(said) == 1 and said[0].endswith(_MARK)


def _marked(found: re.Match[str]) -> str:
    number = found["number"] or found["bare"]
    return f" {_NUMBERS.get(number, number)}{_MARK} "


def _people(word: str) -> tuple[str, ...]:
    """Return how the number of so many people may be written; empty for any other word."""
    number = word.removesuffix(_MARK)
    if number == word:
        return ()
    return (number, *(name for name, n in _NUMBERS.items() if str(n) == number))


def _people_pattern(numbers: tuple[str, ...]) -> str:
    # No lookahead: PostgreSQL and SQLite have to read it alike.
    after = "(people|person|pers|pax|men|mann|man([^a-z]|$)|p([^a-z]|$))"
    number = f"({'|'.join(numbers)})"
    return f"(^|[^a-z0-9])({number}[ -]?{after}|(for|fur) {number}([^a-z0-9]|$))"


def written_out(word: str) -> tuple[str, ...]:
    """Return what the folded word is where `oe`, `aa`, `ue`, `ae` stand for ø or ö, å, ü, ä."""
    found: tuple[str, ...] = (word,)
    for pair, letter in _SPELLED_OUT:
        found += tuple(one.replace(pair, letter) for one in found if pair in one)
    return tuple(dict.fromkeys(found[1:]))


def plain_forms(word: str) -> tuple[str, ...]:
    """Return what the folded word may be a plural or a definite form of: `tents`, `telter`, `teltene`."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.replace("-", "").isalpha() or word.endswith("ss"):
        return ()
    found = [
        word[: -len(ending)] + instead
        for ending, instead_of in _ENDINGS
        if word.endswith(ending)
        for instead in instead_of
    ]
    return tuple(dict.fromkeys(one for one in found if len(one) >= _SHORTEST))


_BEGINS = 4
"""Letters that a plain form has at least, where the names that begin with it come first."""


def beginning(words: str) -> str:
    """Return what the names begin with that come first: of `tents` those with `tent`."""
    before, blank, last = fold(words).rpartition(" ")
    forms = (form for form in plain_forms(last) if len(form) >= _BEGINS and last.startswith(form))
    return before + blank + min(forms, key=len, default=last)


NOWHERE = "$a"
"""A pattern that no text has, on both databases."""


@dataclass(frozen=True)
class Bound:
    """Words that a statement has as parameters, so that one statement serves all words of their shape.

    `ranges`: for each word, in how many ranges of parts it may be (search/parts.py). `prefix`: what the
    names of the parameters begin with, in a statement with several of these.
    """

    ranges: tuple[int, ...]
    prefix: str = ""

    def name(self, what: str, number: int, part: int = 0) -> str:
        return f"{self.prefix}{what}_{number}_{part}"

    def have(self, column: Any) -> list[ColumnElement[bool]]:
        """Return the conditions of `has_words`."""
        return [
            or_(
                column.like(bindparam(self.name("like", n), type_=String), escape=_ESCAPE),
                column.regexp_match(bindparam(self.name("pattern", n), type_=String)),
            )
            for n in range(len(self.ranges))
        ]


_ESCAPE = "/"


def like(word: str) -> str:
    """Return the word as it is written in a pattern of LIKE, escaped by `/`."""
    return re.sub(r"([/%_])", r"/\1", word)


def has_words(column: Any, words: str | Bound, most: int) -> list[ColumnElement[bool]]:
    """Return a condition for each of the first `most` words: folded text has it, or its plain form."""
    if isinstance(words, Bound):
        return words.have(column)
    return [_has(column, word) for word in asked(words, most)]


def _has(column: Any, word: str) -> ColumnElement[bool]:
    has, pattern = found_by(word)
    there = [column.contains(word, autoescape=True)] if has else []
    return or_(*there, *([column.regexp_match(pattern)] if pattern else []))


@lru_cache(1000)
def found_by(word: str) -> tuple[bool, str]:
    """Return whether each folded text with these letters has the word, and the pattern of others that do."""
    if people := _people(word):
        return False, _people_pattern(people)
    if measure := _MEASURE.fullmatch(word):
        return True, f"(^|[^a-z0-9]){measure[1]} {measure[2]}([^a-z0-9]|$)"
    if word.isascii() and word.isdigit():
        # "3" is not in "300", nor in "X3".
        return False, f"(^|[^a-z0-9]){word}([^0-9]|$)"
    spelled = written_out(word) if word.isalpha() else ()
    # Whole words only: "canoe" is not in "Canon".
    patterns = [f"(^|[^a-z])({'|'.join(spelled)})([^a-z]|$)"] if spelled else []
    forms = [form for one in (word, *spelled) for form in plain_forms(one)]
    if forms:
        patterns.append(f"({'|'.join(forms)})([^a-z]|$)")
    return True, "|".join(patterns)


@lru_cache(1000)
def literals(word: str) -> tuple[str, ...]:
    """Return the least of what is in any folded text that has the word: one of these always is."""
    if people := _people(word):
        return people
    if measure := _MEASURE.fullmatch(word):
        return (word, f"{measure[1]} {measure[2]}")
    found = {word}
    if not (word.isascii() and word.isdigit()):
        spelled = written_out(word) if word.isalpha() else ()
        found |= {*spelled, *(form for one in (word, *spelled) for form in plain_forms(one))}
    return tuple(sorted(one for one in found if not any(other in one for other in found - {one})))


def text_has(text: str, word: str) -> bool:
    """Return whether a folded text has the word as `has_words` finds it."""
    if people := _people(word):
        return re.search(_people_pattern(people), text) is not None
    if word.isascii() and word.isdigit():
        return re.search(f"(^|[^a-z0-9]){word}([^0-9]|$)", text) is not None
    if word in text:
        return True
    if measure := _MEASURE.fullmatch(word):
        return re.search(f"(^|[^a-z0-9]){measure[1]} {measure[2]}([^a-z0-9]|$)", text) is not None
    spelled = written_out(word) if word.isalpha() else ()
    forms = [form for one in (word, *spelled) for form in plain_forms(one)]
    return any(re.search(f"(^|[^a-z]){one}([^a-z]|$)", text) for one in spelled) or any(
        re.search(f"{form}([^a-z]|$)", text) for form in forms
    )


def is_asked_for(name: str, searched: str, words: str) -> bool:
    """Return whether all of the words are in the name, as a search finds them, or are whole words, perhaps in
    the plural, of all that a thing is searched by: `send` is no part of a `sender`.
    """
    called, whole = fold(name), set(fold(searched).split())
    return all(
        text_has(called, word) or not whole.isdisjoint((word, *written_out(word), *plain_forms(word)))
        for word in asked(words, len(words))
    )


def is_called(name: str, words: str) -> bool:
    """Return whether the words are the whole name, or its plural."""
    called, said = fold(name).split(), fold(words).split()
    if called == said:
        return True
    if len(called) != len(said) or not said:
        return False
    if not all(one == word or one in written_out(word) for one, word in zip(called, said[:-1], strict=False)):
        return False
    last = (said[-1], *written_out(said[-1]))
    return called[-1] in last or any(called[-1] in plain_forms(one) for one in last)
