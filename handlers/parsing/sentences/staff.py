"""Sentences of those who lend and keep things: `block the tents next week`, `extend Kari's tent to sunday`.

They tell a form from others, not yet a member from a thing: whoever looks them up knows which are there.
"""

import re
from dataclasses import dataclass

from handlers.parsing import date_vocabulary, typos
from handlers.parsing.sentences import courtesy
from handlers.parsing.sentences.counter import without_article
from handlers.parsing.sentences.intents import WISH
from handlers.parsing.sentences.staff_forms import FORMS
from handlers.parsing.sentences.staff_words import REPAIR, Kind


@dataclass(frozen=True)
class Sentence:
    """A sentence as it was said: about `what` or `who`, `when`, `where`; `rule` and `number` of a limit."""

    kind: Kind
    what: str = ""
    who: str = ""
    when: str = ""
    where: str = ""
    rule: str = ""
    number: int = 0


_OF = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<who>\S.*?)[’']s? (?P<what>\S.*)",
        r"(?P<who>\S.*?)(?: sin| sitt| si| sine) (?P<what>\S.*)",
        r"(?P<who>\S.*?)s (?P<what>\S.*)",
        r"(?P<what>\S.*) (?:til|von|vom|of|for|from|fra|som) (?P<who>\S.*?)(?: har)?",
    )
)

RENTALS = {
    *(
        "everything",
        "all",
        "alt",
        "alles",
        "rental",
        "rentals",
        "booking",
        "bookings",
        "loan",
        "loans",
        "request",
        "requests",
        "things",
        "stuff",
    ),
    *("lån", "lånet", "utlån", "utlånet", "leie", "leien", "bestilling", "bestillingen", "forespørsel"),
    *("forespørselen", "ting", "tingene", "ausleihe", "buchung", "anfrage", "sachen", "reservation"),
}
"""Words for all that somebody has, whatever it is."""


_ALL = re.compile(r"(?:all|alle|samtlige|other|andre|rest of)(?: the| de)? ", re.IGNORECASE)


def wishes(text: str) -> list[Sentence]:
    """Return all ways to read the text as such a sentence, the likeliest first; none without such a form."""
    plain = courtesy.plainly(text)
    said = dict.fromkeys((plain, WISH.sub("", plain, count=1), courtesy.without_courtesy(plain)))
    return [
        _wish(kind, rule, found)
        for one in said
        for kind, rule, form in FORMS
        if (found := form.fullmatch(one)) is not None
    ]


def _wish(kind: Kind, rule: str, found: re.Match[str]) -> Sentence:
    parts = {name: words or "" for name, words in found.groupdict().items()}
    number = parts.pop("number", "").lower()
    value = int(number) if number.isdigit() else date_vocabulary.NUMBERS.get(number, 0)
    parts["what"] = _ALL.sub("", without_article(parts.get("what", "")))
    return Sentence(kind, rule=rule, number=value, **parts)


_REASON = re.compile(rf",? (?:for|til|due to|pga|på|zur) {REPAIR}(?=$|[ ,.])", re.IGNORECASE)


def without_reason(words: str) -> str:
    """Return `T1 next week` of `T1 for repair next week`."""
    return _REASON.sub("", words)


def owners(words: str) -> list[tuple[str, str]]:
    """Return who may have what, of `Kari's tent`, `Karis telt`, `teltet til Kari`, `das Zelt von Kari`."""
    found = [match for form in _OF if (match := form.fullmatch(words)) is not None]
    return [
        (match["who"], without_article(match["what"]))
        for match in found
        if not typos.says_day(match["who"].lower().rstrip("'’").split())  # "saturday's canoe"
    ]
