"""Numbers of pieces before a thing, several things in one line, and the words around them."""

import re
from dataclasses import dataclass

from handlers.parsing import date_vocabulary
from services.core.text import key
from services.inventory.search.word_search import plain_forms


@dataclass(frozen=True)
class Thing:
    """One thing of a line, as it was written; None: no number was said."""

    words: str
    quantity: int | None = None


# Small letters only: "Insta360 X3" and "Behringer X32" are names.
_COUNT = r"[x×] ?(?P<after>-?\d{1,9})|(?P<before>-?\d{1,9}) ?(?:[x×]|(?i:stk\.?|stykker|pcs\.?|pieces?))"
_COUNT_FIRST = re.compile(rf"(?:{_COUNT})(?:\s++(?!\d+(?:[.,]\d+)?(?:\s|$))|$)")
_COUNT_LAST = re.compile(rf"(?:^|\s+)(?:{_COUNT})$")

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
_PAIRED = "ski|sko|støvler|staver|stav|truger|hansker|votter|skøyter"
"""Things of which "et par" is one pair, not two of them."""

_NUMBER = "|".join(
    [
        r"\d{1,4}",
        *(re.escape(words) + (rf"(?! (?:{_PAIRED})\b)" if words == "et par" else "") for words in _SOME),
        *date_vocabulary.any_of(date_vocabulary.NUMBERS).split("|"),
    ]
)
_FIRST = re.compile(
    rf"(?P<number>{_NUMBER}) (?:pairs? of |pcs\.? |pieces? of |stk\.? |stykker |of (?:the )?)?"
    r"(?P<rest>(?:\d+ )?[^\W\d].*)",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN = re.compile(r"\s*(?:[,;+&]|\b(?:and|og|und|samt|plus|pluss)\b)\s*", re.IGNORECASE)

_BEFORE_NUMBER = re.compile(r"\s+(?=\d{1,3}\s+[^\W\d])")
_GREETING = r"(?:(?:hi|hello|hey|hei|hallo|please)\b[,!.]?\s+)*"
_ASKING = "|".join(
    [
        r"(?:can|could|may) (?:i|we)(?: please)? (?:borrow|rent|have|get|book|reserve)",
        r"(?:i|we)(?:'d| would)? (?:like|want|need|wish)(?: to (?:borrow|rent|have|get|book|reserve))?",
        r"(?:(?:i'll|we'll) )?take|make (?:it|that)|just|only|bare|(?:jeg|vi) tar|heller",
        r"(?:kan|kunne) (?:jeg|eg|vi|me) (?:få )?(?:låne|leie|leige|få|ha)",
        r"(?:jeg|eg|vi|me) (?:vil gjerne|vil|trenger|treng|ønsker|ønskjer|skal|må)(?: å)?(?: få)?"
        r"(?: (?:låne|leie|leige|ha|booke))?",
        r"(?:do|did) you(?: guys)?(?: still)? have|have you(?: got)?|you have|is there|are there|is|are",
        r"(?:i'm|i am|we're|we are) looking for|looking for|anybody got|any chance of",
        r"har (?:dere|du|de|klubben|vi)|(?:finnes|fins|er) (?:det|der)|finnes|er",
        r"(?:jeg|vi) (?:ser|leter) etter|ser etter|leter etter",
        r"what (?:is|are|do you have|can (?:i|we) (?:borrow|rent|have|get))|what's|which",
        r"hva (?:er|har (?:dere|du)|finnes|kan (?:jeg|vi) (?:få )?(?:låne|leie|få))|hvilke",
        r"who has|who's got|hvem har|where (?:is|are)|hvor er",
        r"how many|hvor mange|anything(?= (?:is )?(?:free|available))|noe(?= (?:er )?ledig)",
        r"(?:lend|give|get|book|reserve) (?:me|us)|(?:lån|gi|skaff) (?:meg|oss)",
        r"(?:borrow|rent|book|reserve|need|låne|lån|leie|reserver|reservere|trenger|ønsker)",
    ]
)
_BEFORE = re.compile(
    rf"{_GREETING}(?:(?P<asked>{_ASKING})\s+)?(?:(?:the|some|any|noen|noe|my)\s+)*", re.IGNORECASE
)
_FREE = re.compile(
    r"(?:^|(?<=\s))"
    r"(?:(?:is|are|er) (?:there )?)?(?:free|available|for rent|to rent|to borrow|left|do you have"
    r"|ledige?|til leie|til låns|å låne|å leie|har dere)(?=\s|$)",
    re.IGNORECASE,
)
"""Words that a question has of a thing, and no name of one has."""

_AFTER = re.compile(
    r"[,.]?\s*\b(?:please|pls|plz|thanks|thank you|thx|takk|vær så snill|tusen takk)[!.?\s]*$", re.IGNORECASE
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
    if not found:
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
    if not 2 <= len(parts) <= _MOST_PARTS:
        return ()
    things = []
    for part in parts:
        rest, quantity = take_quantity(part)
        things.append(Thing(rest, quantity) if quantity is not None else counted(part) or Thing(part))
    return tuple(things)


def belongs_to_name(name: str, words: str) -> bool:
    """Return whether the number before the words is the name's own: `2 people tent`, of "Tent, 2 people"."""
    said = key(words).split()
    if len(said) < 2:
        return False
    beside = (said[1], *plain_forms(said[1]))
    numbers = (said[0], str(date_vocabulary.NUMBERS.get(said[0], said[0])))
    return any(f" {number} {one} " in f" {key(name)} " for one in beside for number in numbers)


def without_courtesy(text: str) -> str:
    """Return `a tent tomorrow` of `Can I borrow a tent tomorrow, please?`"""
    text = _AFTER.sub("", text.strip().rstrip("?!").rstrip())
    asked = _BEFORE.match(text)
    return text[asked.end() :] if asked else text


def asks(text: str) -> bool:
    """Return whether this asks for something: `do you have a tent`, `jeg trenger et telt`."""
    asked = _BEFORE.match(text.strip())
    if asked is None:
        return False
    return asked["asked"] is not None or asked[0].lower().startswith(("any ", "noen "))


def without_free(text: str) -> str | None:
    """Return `tents this weekend` of the question for `tents free this weekend`; None where nothing goes."""
    plain = " ".join(_FREE.sub(" ", text).split())
    return plain if plain and plain != text else None


def number_alone(text: str) -> int | None:
    """Return the number of a text that is nothing else: `2`, `two`, `to`; None for others."""
    said = text.strip().lower()
    if said.isascii() and said.isdigit() and len(said) <= 6:
        return int(said)
    return date_vocabulary.NUMBERS.get(said)
