"""Corrections of what is in a basket: `no, saturday instead`, `not the stove`, `one more`."""

import re

from handlers.parsing import quantities
from handlers.parsing.date_vocabulary import FROM, NUMBERS, any_of

_INSTEAD_BEFORE = re.compile(
    r"^(?:(?:no|nope|nei|nein|sorry|actually|wait|oh|oops|hmm|but|men|and|og|also|også|doch|egentlig"
    r"|heller|rather"
    r"|i mean|i meant|jeg mener|jeg mente|eg meiner|ich meine|please|vent|lieber|ta heller|take"
    r"|let[’']?s (?:do|say|make it)|la oss (?:si|ta)|how about|what about|hva med"
    r"|(?:only|just|bare|kun)(?= (?:until|till?|bis)\b))\b[,.!:]* +)+",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    r"(?:(?:oh|oops|hmm|wait|vent|sorry|ah)[,.! ]+)*(?:no|nope|nei|nein|sorry|wait|vent|oops|i mean|i meant"
    r"|jeg mener|jeg mente|eg meinte)\b",
    re.IGNORECASE,
)
_CHANGE_BEFORE = re.compile(
    r"^(?:(?:can|could) (?:you|we|i) )?(?:change|move|make|set|switch|endre|flytt|bytt|gjør|sett|add"
    r"|legg til"
    r"|ta med)(?: (?:it|that|this|them|the days?|the dates?|the date|det|den|dem|dagene|datoen|dagen))?"
    r"(?: (?:to|til))? +(?=\S)",
    re.IGNORECASE,
)
_START_ON = re.compile(
    r"^(?:(?:can|could) (?:we|i) |let[’']?s |kan (?:vi|jeg) |rather )?(?:start|starting|begin|beginning"
    r"|pick (?:it|them) up"
    r"|fetch it|starte|begynne|begynn|hente)(?: (?:it|det|den))?(?: (?:on|from|with|på|fra))? +",
    re.IGNORECASE,
)
_FROM = re.compile(rf"{FROM} ", re.IGNORECASE)
_END_ON = re.compile(
    r"^(?:(?:can|could) (?:we|i) |let[’']?s |kan (?:vi|jeg) )?(?:end|ending|finish|return|bring (?:it"
    r"|them) back|back|slutte"
    r"|slutt|levere|tilbake)(?: (?:it|them|det|den))?(?: (?:on|at|by|på))? +",
    re.IGNORECASE,
)
_INSTEAD_AFTER = re.compile(
    r",?(?: (?:instead|rather|only|bare|nur"
    r"|too|as well|also|after all|heller|i stedet|isteden|i staden|også|likevel"
    r"|anyway|please"
    r"|takk|stattdessen|lieber))+[.! ]*$",
    re.IGNORECASE,
)
_AND_BEFORE = re.compile(
    r"(?:(?:and|og|but|men|also|please|then|so|så|(?:can|could) you|kan du)\b,? +)+", re.IGNORECASE
)
_NOT = re.compile(
    r"(?:not|without|no|remove|drop|delete|leave out|skip|take out|take away|forget|minus|scratch"
    r"|(?:i|we) (?:do not|don[’']t) (?:need|want)|(?:jeg|vi|eg|me) (?:trenger|treng|vil) ikk[je]e?(?: ha)?"
    r"|ikke|ikkje|uten|utan|fjern|ta bort|ta vekk|dropp|slett|stryk|ohne|kein|keine|keinen|nicht)"
    r"(?: (?:the|a|an|any|that|this|den|det|de|das|der|die))* (?P<rest>\S.*?)(?: (?:away|out|bort"
    r"|vekk))?[.! ]*",
    re.IGNORECASE,
)
_FOR_ANOTHER = re.compile(
    r"(?P<new>\S.*?),? (?:instead of|rather than|and not|not|i stedet for|istedenfor|i staden for"
    r"|og ikke|ikke|statt) "
    r"(?:the |a |an |den |det )?(?P<old>\S.*?)[.! ]*",
    re.IGNORECASE,
)
_SWAP = re.compile(
    r"(?:(?:can|could) (?:you|we|i) |kan (?:vi|jeg|du) |please )?(?:swap|exchange|replace|switch|change"
    r"|bytt|bytte|byt|erstatt|tausche) "
    r"(?:out |ut )?(?:the |den |det |das |die )?(?P<old>\S.*?) (?:for|with|to|by|med|mot|til"
    r"|gegen) (?P<new>\S.*?)[.! ]*",
    re.IGNORECASE,
)
_MORE_DAYS = re.compile(
    r"(?:for )?(?:(?P<n>\S+) (?:more|extra) (?P<unit>days?|nights?|weeks?)|(?P<m>\S+) (?P<einheit>dag"
    r"|dager|dagar|uke|uker|veke) til"
    r"|(?:add )?(?P<k>\S+) (?P<other>days?|weeks?) longer"
    r"|(?:the )?(?:next )?(?P<one>day|dagen) (?:after|etter)(?: (?:too|as well|that|også))*)[.! ]*",
    re.IGNORECASE,
)
_DAYS_LONGER = re.compile(
    rf"(?:^|\s)(?P<n>a couple of|et par|another|\d{{1,2}}|{any_of(NUMBERS)}) (?:more |extra )?"
    r"(?P<unit>days?|nights?|weeks?|dag(?:er|ar)?|døgn|netter|natt|uker?|veker?)"
    r"(?: (?:more|longer|extra|til|lenger|ekstra))?(?: (?:with|for|on|med|på|av) \D{1,40})?$"
)
_NOT_BUT = re.compile(
    r"(?:no,? |nei,? )?(?:not|ikke|ikkje|nicht) (?:the |on |på )?(?P<old>\S.*?)(?:,? (?:but|men"
    r"|sondern) |, ?)(?:the |on |på )?(?P<new>\S.*?)[.! ]*",
    re.IGNORECASE,
)
_ONE_LESS = re.compile(
    r"(?P<n>\S+) (?:less|fewer|mindre|færre)(?: (?P<of>\S.*?))?|(?P<m>\S+) (?P<what>\S.*?) (?:less|mindre)",
    re.IGNORECASE,
)
_ONE_MORE = re.compile(
    r"(?:(?P<n>\S+) more|another)(?: (?P<of>(?!day|night|week|hour)\S.*?))?"
    r"|(?P<m>\S+) (?:(?P<what>\S.*?) )?til",
    re.IGNORECASE,
)


def correction(text: str) -> str:
    """Return `saturday` of `no, saturday instead`, and `3` of `make it 3`."""
    said = _INSTEAD_AFTER.sub("", _INSTEAD_BEFORE.sub("", text.strip(), count=1))
    said = _CHANGE_BEFORE.sub("", said, count=1) or text
    said = _START_ON.sub("", said, count=1) or text
    return _END_ON.sub("until ", said, count=1)


def takes_back(text: str) -> bool:
    """Return whether what was said before is wrong: `wait, no, saturday`, `sorry, I meant saturday`."""
    return _TAKES_BACK.match(text.strip()) is not None


def changes_number(text: str) -> str:
    """Return the `two` of `actually make that two`, which is no day; empty for others."""
    said = _INSTEAD_BEFORE.sub("", text.strip(), count=1)
    changed = _INSTEAD_AFTER.sub("", _CHANGE_BEFORE.sub("", said, count=1))
    return changed if changed != said and " " not in changed else ""


def says_start(text: str) -> bool:
    """Return whether a day that is written is that of the beginning: `from saturday`, `start on friday`."""
    said = _INSTEAD_BEFORE.sub("", text.strip(), count=1)
    said = _CHANGE_BEFORE.sub("", said, count=1)
    return bool(_START_ON.match(said) or _FROM.match(said))


def not_wanted(text: str) -> str | None:
    """Return the thing of `not the stove`, `uten primus`; None for others."""
    said = _INSTEAD_AFTER.sub("", _AND_BEFORE.sub("", text.strip(), count=1))
    found = _NOT.fullmatch(said)
    return found["rest"] if found else None


def exchange(text: str) -> tuple[str, str] | None:
    """Return the new and the old of `a canoe instead of the kayak`; None for others."""
    found = (
        _SWAP.fullmatch(text.strip())
        or _FOR_ANOTHER.fullmatch(text.strip())
        or _NOT_BUT.fullmatch(text.strip())
    )
    return (found["new"], found["old"]) if found else None


def more(text: str) -> tuple[str, str] | None:
    """Return the number and the thing, which may be empty, of `one more`, `another tent`, `to telt til`."""
    found = _ONE_MORE.fullmatch(text.strip().rstrip("!. "))
    return (found["n"] or found["m"] or "one", found["of"] or found["what"] or "") if found else None


def less(text: str) -> tuple[str, str] | None:
    """Return the number and the thing, which may be empty, of `one less`, `to telt mindre`."""
    found = _ONE_LESS.fullmatch(text.strip().rstrip("!. "))
    return (found["n"] or found["m"], found["of"] or found["what"] or "") if found else None


def days_longer(text: str) -> int:
    """Return how many days longer is said at the end of a text: `by two days`, `en uke til`; 0 for none."""
    found = _DAYS_LONGER.search(text.strip().rstrip("?!. ").lower().replace("é", "e"))
    if not found:
        return 0
    number = (
        {"a couple of": 2, "et par": 2, "another": 1}.get(found["n"])
        or quantities.number_alone(found["n"])
        or 0
    )
    return number * (7 if found["unit"][0] in "wuv" else 1)


def more_days(text: str) -> tuple[str, int] | None:
    """Return the number, as it was written, of `two more days`, and the days of each; None for others."""
    found = _MORE_DAYS.fullmatch(text.strip())
    if not found:
        return None
    unit = (found["unit"] or found["einheit"] or found["other"] or found["one"]).lower()
    return found["n"] or found["m"] or found["k"] or "one", 7 if unit[0] in "wuv" else 1
