"""Headers put together of words for a thing and of those for its field: `Product type`, `Gerätezustand`."""

import re
from collections.abc import Collection, Iterator

_LINKS = ("", "s", "n", "e", "es", "en", "er", "的", "の")
"""Letters between the two halves of one word."""
_SHORTEST_REST = 3
_SHORTEST_THING = 4


def fields(said: str, things: Collection[str], fillers: Collection[str]) -> Iterator[str]:
    """Return the words of a header that are left without those for the thing, as they may be known.

    `said`: the header as a key; nothing where it names no thing, or nothing else.
    """
    words = said.split()
    rest = [word for word in words if word not in fillers]
    named = [word for word in rest if word not in things]
    if named and len(named) < len(words):
        yield " ".join(named)
    if len(named) == 1:
        yield from _halves(named[0], things)


def _halves(word: str, things: Collection[str]) -> Iterator[str]:
    """Return the second half of a word whose first is a thing: `zustand` of `Gerätezustand`."""
    unspaced = is_unspaced(word[0])
    for end in range(2 if unspaced else _SHORTEST_THING, len(word)):
        if word[:end] not in things:
            continue
        rest = word[end:]
        for link in _LINKS:
            half = rest.removeprefix(link)
            if rest.startswith(link) and len(half) >= (1 if unspaced else _SHORTEST_REST):
                yield half


_UNSPACED = re.compile("[\u2e80-\u9fff]")


def is_unspaced(text: str) -> bool:
    """Return whether the text is in a script without spaces between its words."""
    return _UNSPACED.search(text) is not None


def likely(said: str, known: Collection[str], strangers: frozenset[str]) -> str | None:
    """Return the known word at the end of a header, or at its beginning, whose other words say which one:
    `CL location`; None where one of the others tells that it is about something else.
    """
    words = said.split()
    if not 1 < len(words) <= _MOST_WORDS:
        return None
    for count in (2, 1):
        for part, rest in ((words[-count:], words[:-count]), (words[:count], words[count:])):
            if rest and strangers.isdisjoint(rest) and " ".join(part) in known:
                return " ".join(part)
    return None


_MOST_WORDS = 4


_PARENTHESES = re.compile(r"[(\[]\s*(?P<text>[^)\]]+?)\s*[)\]]\s*$")


def in_parentheses(header: str) -> str:
    """Return the text in parentheses at a header's end; empty where there is none."""
    found = _PARENTHESES.search(header)
    return found["text"] if found is not None else ""
