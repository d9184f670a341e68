"""Equipment and kits whose names are near to mistyped words: `tnet`, `sleping bag`, `sovpose`."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, or_, select, union_all

from db.models import Equipment, Kit, KitPart
from services.core.text import fold
from services.core.tx import Tx
from services.inventory.catalog import MOST_WORDS, Named, matching
from services.inventory.search import word_search
from services.inventory.search.word_search import has_words, plain_forms, text_has, written_out

_ONE, _TWO = 5, 9
"""From so many letters on, one letter may be wrong, and two."""

_SWAPPED = 4
"""Letters of a word in which two neighbours may have changed places, and nothing else."""

MOST_CANDIDATES = 500
"""Names read for one search, of those that share a part with each word. A word's halves are in a small share
of all names; in the largest club that was measured (10,000) it is some dozens. All of them take a few ms."""

MOST_FOUND = 8

_TOKEN = re.compile(r"[a-z0-9]+")

_ALIKE = (
    *(
        ("ks", "x"),
        ("kk", "ck"),
        ("kk", "k"),
        ("ck", "k"),
        ("c", "k"),
        ("ph", "f"),
        ("sch", "sk"),
        ("sh", "sj"),
    ),
    *(("y", "j"), ("w", "v"), ("z", "s"), ("qu", "kv"), ("th", "t"), ("dt", "t"), ("ee", "i"), ("oo", "u")),
)
"""Letters that sound alike, in English and Norwegian spelling: `mikser` is a mixer, `kajakk` a kayak."""


def near(tx: Tx, words: str) -> tuple[Named, ...]:
    """Return equipment and kits with all the words, at least one of them mistyped, the nearest first.

    One statement in a transaction, however often it is asked; for words too short to be mistyped none.
    """
    return tx.once(("near", tx.organization_id, words), lambda: _find(tx, words))


def _find(tx: Tx, words: str) -> tuple[Named, ...]:
    asked = word_search.asked(words, MOST_WORDS)
    if not any(_may_be_mistyped(word) for word in asked):
        return ()
    found = []
    for row in tx.session.execute(_candidates(tx, asked)):
        distance = _distance(row.search_text, asked)
        if distance:
            named = Named(0 if row.kit else row.id, row.name, row.id if row.kit else None)
            # A tent before what is only of the type “Tents”.
            by_type = _distance(fold(row.name), asked) is None
            found.append((distance, by_type, row.name.lower(), row.id, named))
    return tuple(one[-1] for one in sorted(found, key=lambda one: one[:4])[:MOST_FOUND])


def _may_be_mistyped(word: str) -> bool:
    return word.isalpha() and len(word) >= _SWAPPED


def _candidates(tx: Tx, asked: Sequence[str]) -> Select[Any]:
    some = select(KitPart.id).where(KitPart.kit_id == Kit.id).exists()
    both = union_all(
        select(Equipment.id, literal_column("0").label("kit"), Equipment.name, Equipment.search_text).where(
            matching(tx.organization_id, "", None, None),
            *(_shares(Equipment.search_text, word) for word in asked),
        ),
        select(Kit.id, literal_column("1"), Kit.name, Kit.search_text).where(
            Kit.organization_id == tx.organization_id,
            Kit.retired_at.is_(None),
            some,
            *(_shares(Kit.search_text, word) for word in asked),
        ),
    ).subquery()
    return select(both).limit(MOST_CANDIDATES)


def _shares(column: Any, word: str) -> ColumnElement[bool]:
    """Return the condition that a text has the word, or a part that a typo leaves as it is."""
    there = has_words(column, word, 1)[0]
    if not _may_be_mistyped(word):
        return there
    parts = {part for form in _forms(word) for part in _parts(form)}
    return or_(there, *(column.contains(part, autoescape=True) for part in sorted(parts)))


def _parts(word: str) -> Iterator[str]:
    """Yield parts of the word with a letter between them: a typo, or two changed places, leaves one whole."""
    if len(word) < _ONE:
        yield from _swaps(word)
        return
    number = 3 if len(word) >= _TWO else 2
    length = (len(word) - number + 1) // number
    for n in range(number):
        begin = n * (length + 1) if n < number - 1 else len(word) - length
        yield word[begin : begin + length]


def _swaps(word: str) -> list[str]:
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]


def _forms(word: str) -> tuple[str, ...]:
    """Return the word, what it may be a plural of, what it is where `oe` stands for ø, and what sounds so."""
    forms = dict.fromkeys((word, *plain_forms(word), *written_out(word)))
    forms |= dict.fromkeys(heard for form in forms for heard in _sounding_alike(form))
    return tuple(form for form in forms if len(form) >= _SWAPPED)


def _sounding_alike(word: str) -> Iterator[str]:
    for pair in _ALIKE:
        for one, other in (pair, pair[::-1]):
            if one in word:
                yield word.replace(one, other)


def _distance(text: str, asked: Sequence[str]) -> int | None:
    """Return how many letters are wrong in all; None where a word is not near to any of the text's."""
    tokens = _TOKEN.findall(text)
    # "sleepingbag"
    tokens += [first + second for first, second in pairwise(tokens)]
    distance = 0
    for word in asked:
        if text_has(text, word):
            continue
        least = _nearest(word, tokens) if _may_be_mistyped(word) else None
        if least is None:
            return None
        distance += least
    return distance


def _nearest(word: str, tokens: Sequence[str]) -> int | None:
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - three megabytes, for words that nothing is called

    found = []
    for form in _forms(word):
        if len(form) < _ONE:
            found += [1 for token in tokens if token in _swaps(form)]
            continue
        most = 2 if len(form) >= _TWO else 1
        near = (OSA.distance(form, token, score_cutoff=most) for token in tokens)
        # Joined words have no letter wrong, and are not as they are written.
        found += [max(distance, 1) for distance in near if distance <= most]
    return min(found, default=None)
