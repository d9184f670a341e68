"""Words of a search: plurals find the singular, `oe` and `aa` find ø and å, numbers match whole ones only."""

import re
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

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
    ("lene", ("el",)),
    ("ler", ("el",)),
    ("ene", ("", "e")),
    ("ane", ("",)),
    ("er", ("", "e")),
    ("en", ("", "e")),
    ("et", ("", "e")),
    ("ar", ("",)),
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


def has_words(column: Any, words: str, most: int) -> list[ColumnElement[bool]]:
    """Return a condition for each of the first `most` words: folded text has it, or its plain form."""
    return [_has(column, word) for word in fold(words[:200]).split()[:most]]


def _has(column: Any, word: str) -> ColumnElement[bool]:
    there: ColumnElement[bool] = column.contains(word, autoescape=True)
    if word.isascii() and word.isdigit():
        # "3" is not in "300", nor in "X3".
        return and_(there, column.regexp_match(f"(^|[^a-z0-9]){word}([^0-9]|$)"))
    spelled = written_out(word)
    if spelled and word.isalpha():
        # Whole words only: "canoe" is not in "Canon".
        there = or_(there, column.regexp_match(f"(^|[^a-z])({'|'.join(spelled)})([^a-z]|$)"))
    forms = [form for one in (word, *(spelled if word.isalpha() else ())) for form in plain_forms(one)]
    if not forms:
        return there
    return or_(there, column.regexp_match(f"({'|'.join(forms)})([^a-z]|$)"))


def literals(word: str) -> tuple[str, ...]:
    """Return the least of what is in any folded text that has the word: one of these always is."""
    found = {word}
    if not (word.isascii() and word.isdigit()):
        spelled = written_out(word) if word.isalpha() else ()
        found |= {*spelled, *(form for one in (word, *spelled) for form in plain_forms(one))}
    return tuple(sorted(one for one in found if not any(other in one for other in found - {one})))


def text_has(text: str, word: str) -> bool:
    """Return whether a folded text has the word as `has_words` finds it."""
    if word.isascii() and word.isdigit():
        return re.search(f"(^|[^a-z0-9]){word}([^0-9]|$)", text) is not None
    if word in text:
        return True
    spelled = written_out(word) if word.isalpha() else ()
    forms = [form for one in (word, *spelled) for form in plain_forms(one)]
    return any(re.search(f"(^|[^a-z]){one}([^a-z]|$)", text) for one in spelled) or any(
        re.search(f"{form}([^a-z]|$)", text) for form in forms
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
