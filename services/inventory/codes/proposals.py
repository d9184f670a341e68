"""Codes for items that come without one: `TENT-001` after the equipment's name, or `E-0001`."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from db.models import Item
from services.core.text import fold
from services.core.tx import Tx

_WORD = re.compile(r"[a-z]{2,}")
_LONGEST_WORD = 8
_NO_WORD = "E"


@dataclass(frozen=True)
class Proposals:
    codes: list[str]
    last: dict[str, int]
    """The last number given to each word, where the next search begins."""


def propose(
    tx: Tx,
    names: Sequence[str],
    *,
    avoid: Collection[str],
    last: dict[str, int],
) -> Proposals:
    """Propose a code for each equipment name that is neither used in the organization nor in `avoid`."""
    words = [_word(name) for name in names]
    last = last | _last_used(tx, set(words) - last.keys())
    codes = [""] * len(words)
    unsure = list(range(len(words)))
    while unsure:
        for i in unsure:
            codes[i] = _next(words[i], last, avoid)
        # Another transaction, or an earlier import, may have taken the code.
        taken = set(
            tx.session.scalars(
                select(Item.code).where(
                    Item.organization_id == tx.organization_id, Item.code.in_([codes[i] for i in unsure])
                )
            )
        )
        unsure = [i for i in unsure if codes[i] in taken]
    return Proposals(codes, last)


def _word(name: str) -> str:
    found = _WORD.search(fold(name))
    return found[0][:_LONGEST_WORD].upper() if found else _NO_WORD


def _next(word: str, last: dict[str, int], avoid: Collection[str]) -> str:
    digits = 4 if word == _NO_WORD else 3
    while True:
        last[word] += 1
        code = f"{word}-{last[word]:0{digits}d}"
        if code not in avoid:
            return code


def _last_used(tx: Tx, words: set[str]) -> dict[str, int]:
    """Return the highest number used with each word, in one query for all."""
    last = dict.fromkeys(words, 0)
    if not words:
        return last
    begins = or_(*[func.upper(Item.code).startswith(f"{word}-", autoescape=True) for word in sorted(words)])
    for code in tx.session.scalars(
        select(Item.code).where(Item.organization_id == tx.organization_id, begins)
    ):
        word, _, number = code.upper().partition("-")
        if word in last and number.isdecimal() and len(number) <= 9:
            last[word] = max(last[word], int(number))
    return last
