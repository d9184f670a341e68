"""The commands that a sentence may be about, by single words of it: topics.toml."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from services.core.text import fold

_WORD = re.compile(r"\w+")
_SEPARATOR = re.compile(r"[,\n]+")


def of(text: str) -> tuple[str, ...]:
    """Return the commands, those found by more words first, then in the table's order."""
    words = _WORD.findall(fold(text))
    entries = _entries()
    lengths: dict[str, int] = {}
    for length in range(1, max(map(len, entries)) + 1):
        for start in range(len(words) - length + 1):
            for command in entries.get(tuple(words[start : start + length]), ()):
                lengths[command] = length
    order = list(_table())
    return tuple(sorted(lengths, key=lambda command: (-lengths[command], order.index(command))))


@cache
def _table() -> Mapping[str, str]:
    return tomllib.loads(files("handlers.plain_text").joinpath("topics.toml").read_text("utf-8"))


@cache
def _entries() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Return the commands by the words of each entry."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for command, text in _table().items():
        for entry in _SEPARATOR.split(text):
            if words := tuple(_WORD.findall(fold(entry))):
                found[words].append(command)
    return {words: tuple(commands) for words, commands in found.items()}
