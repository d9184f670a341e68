"""Numbers of pieces before a thing, several things in one line, and the words around them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.parsing import date_vocabulary
from handlers.parsing.sentences.words_around import SAYING_NOTHING, core
from services.core.text import key
from services.inventory.search.word_search import plain_forms, says_people


@dataclass(frozen=True)
class Thing:
    """One thing of a line, as it was written; None: no number was said."""

    words: str
    quantity: int | None = None


# Small letters only: "Insta360 X3" and "Behringer X32" are names.
_COUNT = r"[x×] ?(?P<after>-?\d{1,9})|(?P<before>-?\d{1,9}) ?(?:[x×]|(?i:stk\.?|stykker|pcs\.?|pieces?))"
_COUNT_FIRST = re.compile(rf"(?:{_COUNT})(?:\s++(?!\d+(?:[.,]\d+)?(?:\s|$))|$)")
_COUNT_LAST = re.compile(rf"(?:^|\s+)(?:{_COUNT})$")

ARTICLES = ("a", "an", "en", "et", "ei", "ein", "eit", "eine", "einen", "einem", "einer")
"""Words before a thing that are also the number one."""

_MOST_PARTS = 6
_SOME = {
    "a couple of": 2,
    "couple of": 2,
    "et par": 2,
    "half a dozen": 6,
    "et halvt dusin": 6,
    "a dozen": 12,
    "et dusin": 12,
}
PAIRED = "ski|sko|støvler|staver|stav|truger|hansker|votter|skøyter"
"""Things of which "et par" is one pair, not two of them."""

_NO_THINGS = {
    "or",
    "eller",
    "oder",
    "not",
    "ikke",
    "nicht",
    "without",
    "uten",
    "ohne",
    "more",
    "less",
    "flere",
    "mehr",
    "until",
}
_NUMBER = "|".join(
    [
        r"\d{1,4}",
        *(re.escape(words) + (rf"(?! (?:{PAIRED})\b)" if words == "et par" else "") for words in _SOME),
        *date_vocabulary.any_of(date_vocabulary.NUMBERS).split("|"),
    ]
)
_FIRST = re.compile(
    rf"(?P<number>{_NUMBER}) (?:pairs? of |pairs? |par (?!av )|pcs\.? |pieces? of |stk\.? |stykker "
    rf"|of (?:the |your |those |these |our )?)?"
    r"(?P<rest>(?:\d+[ -]?)?[^\W\d].*)",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN = re.compile(
    r"\s*(?:[,;+&]|\b(?:and|og|und|samt|plus|pluss|sowie|as well as)\b)\s*",
    re.IGNORECASE,
)

_SO_MANY = re.compile(
    rf"(?P<number>\d{{1,4}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)}) ?"
    r"(?:stk\.?|stykker|pcs\.?|pieces?|x|of (?:them|those)|av dem|av de)",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(
    rf"\s+(?=(?:\d{{1,3}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)})\s+[^\W\d])", re.IGNORECASE
)


def take_quantity(line: str) -> tuple[str, int | None]:
    """Return the line without `x2`, `2x`, `2 stk`, and that number."""
    found = _COUNT_FIRST.match(line)
    if found:
        rest = line[found.end() :]
    else:
        # Two tokens at most: to search a long line of blanks for its end takes the square of its length.
        found = _COUNT_LAST.search(line, max(0, len(line) - 30))
        rest = line[: found.start()].rstrip() if found else line
        if found and " " in found[0].strip() and found["after"] and rest[-1:].isdigit():
            return line, None  # "3 x 4"
    return rest, int(found["after"] or found["before"]) if found else None


def counted(words: str) -> Thing | None:
    """Split `3 tents`, `tre telt`, `a tent`; None where no number stands before a word."""
    found = _FIRST.fullmatch(words)
    if not found or says_people(words):
        return None
    number = found["number"].lower()
    if number in _SOME:
        return Thing(found["rest"], _SOME[number])
    return Thing(found["rest"], date_vocabulary.NUMBERS[number] if not number.isdigit() else int(number))


def several(words: str) -> tuple[Thing, ...]:
    """Split `tent and 2 sleeping bags`; empty where it is one thing."""
    parts = [part for part in _BETWEEN.split(words) if part]
    if len(parts) == 1:
        # "2 tents 3 stoves"
        parts = _BEFORE_NUMBER.split(words)
        if any(says_people(core(part)) for part in parts[1:]):
            return ()  # "tent 4 people"
    if not 2 <= len(parts) <= _MOST_PARTS:
        return ()
    things: list[Thing] = []
    for part in [parts[0], *(core(part) or part for part in parts[1:])]:
        if things and (number := _SO_MANY.fullmatch(part)):
            # "backpacks, two pieces"
            said = number["number"].lower()
            things[-1] = Thing(
                things[-1].words, int(said) if said.isdigit() else date_vocabulary.NUMBERS[said]
            )
            continue
        rest, quantity = take_quantity(part)
        things.append(Thing(rest, quantity) if quantity is not None else counted(part) or Thing(part))
    return tuple(things)


def lists_several(words: str) -> bool:
    """Return whether a comma or an `and` is between things."""
    return _BETWEEN.search(words) is not None


def says_else(tokens: Iterable[str]) -> bool:
    """Return whether one of these is a number, or a word of sentences."""
    return any(
        token in SAYING_NOTHING or token in date_vocabulary.NUMBERS or token in _NO_THINGS for token in tokens
    )


def belongs_to_name(name: str, words: str) -> bool:
    """Return whether the number before the words is the name's own: `2 people tent`, of "Tent, 2"
    " people"."""
    said = key(words).split()
    if len(said) < 2:
        return False
    beside = (said[1], *plain_forms(said[1]))
    numbers = (said[0], str(date_vocabulary.NUMBERS.get(said[0], said[0])))
    return any(f" {number} {one} " in f" {key(name)} " for one in beside for number in numbers)


def number_alone(text: str) -> int | None:
    """Return the number of a text that is nothing else: `2`, `two`, `two of them`; None for others."""
    said = text.strip().lower()
    if found := _SO_MANY.fullmatch(said):
        said = found["number"]
    if said.isascii() and said.isdigit() and len(said) <= 6:
        return int(said)
    return date_vocabulary.NUMBERS.get(said)
