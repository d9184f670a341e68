"""A line of /rent with its signs and shortened forms written out, before it is read."""

import re

from handlers.parsing import date_vocabulary, quantities
from handlers.parsing.sentences import parts as sentence_parts
from handlers.parsing.sentences import wording, words_around

_SPARE = re.compile(r"\b((?:an?|en|et|ein|eit|any|some) )(?:spare|ledig|ledige) (?=\w)", re.IGNORECASE)
_NUMBER_LAST = re.compile(r"(?<=[^\W\d]): ?(\d{1,3})(?=\s*(?:[^\w\s./–—-]|and\b|og\b|und\b|$)|\.$)")
_NUMBER_INSIDE = re.compile(r"(?<=[^\W\d]): ?(\d{1,3}) (?=([^\W\d]+|\d))")
_COUPLE = re.compile(
    rf"\b(?:an? couple(?: of)?|et par|eit par) (?!{quantities.PAIRED})(?=[^\W\d])", re.IGNORECASE
)
_COUNTED = re.compile(r"\b(\d{1,3}) ?[xX×] (?=[^\W\d])")
_PIECES = re.compile(r"\b(\w+ ?(?:stk|pcs))\. (?=[^\W\d])", re.IGNORECASE)
_NUMBER_BETWEEN = re.compile(r"(?<=[^\W\d]), ?(\d{1,2})(?=, ?[^\W\d])")
_ARROW = re.compile(r" ?(?:->|=>|→| > ) ?")
_DAYS_ON = re.compile(
    r",? (?:and|og|und) (\w+ (?:days|dager|dagar|tage)) (?:fremover|framover|on|onwards)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:(from|to|until|till|fra|til|von|bis)|dates?|dato|time|tid|day|when|når):", re.IGNORECASE
)
_SAME_DAY = re.compile(r" (?:on )?(?:the )?(?:same day|samme dag(?:en)?)(?= (?:kl|at|\d))", re.IGNORECASE)
_COUNTED_AFTER = re.compile(r"\b([^\W\d]+) x ?\d{1,3}(?= [^\W\d])")
"""The `tents x3` of `tents x3 stoves x2 saturday`, where it is not that number of what follows."""
_SLEEPS = re.compile(
    rf"\b(?:(?:that|which) )?(?:sleeps?|fits?) (\d{{1,2}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)})"
    r"(?: (?:people|persons))?(?=\W|$)",
    re.IGNORECASE,
)
_BACK = r"(?: (?:back|tilbake|inn|att|igjen))?"
_DAY = date_vocabulary.any_of((*date_vocabulary.WEEKDAYS, *date_vocabulary.NAMED_DAYS))
_AND_BACK = re.compile(
    r"(?<=\w)(?:"
    r",? (?:returning|leveres|leverer|bringing|levering|retur|dropping|handing|giving)"
    rf"(?: (?:it|them|den|det|dem))?{_BACK}"
    r"|, (?:back|tilbake)"
    r"|(?:,? (?:and|og|und|then))?,? (?:i|we|jeg|vi|eg)(?:[’']ll| will| can| kan| skal)? "
    rf"(?:return|bring|give|hand|have|levere|lever|leverer) (?:it|them|that|den|det|dem){_BACK}"
    r"|, (?:return|bring|levere?|leverer) (?:it|them|that|den|det|dem)"
    rf"{_BACK}|,? (?:and|og|und|then) (?:return|bring|give|hand|levere|lever|leverer)(?: (?:it|them|that|den"
    rf"|det|dem))?{_BACK}"
    r"|,? (?:and|og|und|then) (?:back|tilbake|inn igjen)"
    rf"|,? (?:and |og |und |then )?(?:(?:we |vi |i |jeg )?(?:return|hand back|give back|bring back|drop off"
    r"|(?:lever|levere|leverer)(?: att| inn| igjen)?|retur"
    r"|(?:come|coming|get|getting|are|kommer|kjem|er|reiser|drar|kjører|kommen"
    rf"|fahren) (?:home|back|hjem|heim|tilbake|zurück)))(?= (?:on |by |at |på |am |igjen )*(?:{_DAY}|kl|\d))"
    r"|,? und (?:bringe|gebe) (?:es|sie) zurück"
    r") (?:(?:on|by|again|på|igjen) )?",
    re.IGNORECASE,
)

_MONTH = date_vocabulary.any_of(date_vocabulary.MONTHS)
_DAY_IN_WORDS = re.compile(
    rf"\b(?P<day>{date_vocabulary.any_of(date_vocabulary.DAYS_IN_WORDS)})(?= (?:of )?(?:{_MONTH})\b"
    rf"| (?:to|till?|until|through|og|and|bis) (?:the |den )?"
    rf"(?:\d|{date_vocabulary.any_of(date_vocabulary.DAYS_IN_WORDS)})[^\W\d]*\b)",
    re.IGNORECASE,
)
"""A spoken day of the month: with the month, or before another such day."""
_DOTTED = re.compile(
    rf"\b(?P<before>(?:{_DAY}|kl\.?|klokka|klokken|at|from|fra|frå|til|to|until|til)\.?,? )"
    r"(?P<hour>[01]?\d|2[0-3])\.(?P<minute>00|1[3-9]|[2-5]\d)(?![\d.])",
    re.IGNORECASE,
)
"""A time with a dot after a day: `friday 17.30`, which is no day of a month."""
_RATHER_FROM = re.compile(
    r",? (?:only|just|bare|kun|helst|ideally|preferably|gjerne)"
    r"(?= (?:until|till?|bis|from|fra|frå|between|mellom|at \d|kl)\b)",
    re.IGNORECASE,
)
"""Words before the end or the hours of days: `stove only until friday`, `sunday, ideally from 11`."""
_WEEKS_TIME = re.compile(r"\b(in \w+ (?:days|weeks?|months?))[’']? time\b", re.IGNORECASE)
_SUCH_ONE = re.compile(
    r"\b((?:person|people|man|personers?|manns)|(?<=^the )\w+(?=\W+\w+\W*$)) ones?\b", re.IGNORECASE
)
"""The one of a kind that is known already: `the 4 person one`, `the climbing one`."""
_FOUR_DIGITS = re.compile(
    r"(?<![\d.])([01]\d|2[0-3])(00|15|30|45) ?(-|–|to|til) ?([01]\d|2[0-3])(00|15|30|45)(?!\d)"
)


def _spoken(text: str) -> str:
    """Return `5th of december at 10` of `fifth of december at ten`, and `16:00-23:00` of `1600-2300`."""
    text = _DAY_IN_WORDS.sub(lambda said: f"{date_vocabulary.DAYS_IN_WORDS[said['day'].lower()]}th", text)
    text = date_vocabulary.HOUR_IN_WORDS.sub(date_vocabulary.hour_in_digits, text)
    text = _SUCH_ONE.sub(r"\1", _RATHER_FROM.sub("", _WEEKS_TIME.sub(r"\1", text)))
    text = _DOTTED.sub(r"\g<before>\g<hour>:\g<minute>", text)
    return _FOUR_DIGITS.sub(r"\1:\2\3\4:\5", text)


def tidied(text: str) -> str:
    """Return `canoe x2` of `canoe: 2`, and `friday to sunday` of `friday and return it on sunday`."""
    text = _LABEL.sub(lambda found: found[1] or "", _SAME_DAY.sub("", wording.hours_after(_spoken(text))))
    text = _PIECES.sub(r"\1 ", _COUNTED.sub(r"\1x ", _COUPLE.sub("2 ", text)))
    text = _NUMBER_INSIDE.sub(_number_of_thing, text)
    found = _COUNTED_AFTER.findall(text)
    if len(found) > 1 and not any(words_around.says_nothing(word.lower()) for word in found):
        text = _COUNTED_AFTER.sub(r"\g<0>,", text)
    text = _DAYS_ON.sub(r" for \1", _ARROW.sub(" - ", text))
    text = _SLEEPS.sub(r"for \1 people", _NUMBER_BETWEEN.sub(r" x\1", text))
    return _AND_BACK.sub(" to ", _NUMBER_LAST.sub(r" x\1", _SPARE.sub(r"\1", text)))


def _number_of_thing(found: re.Match[str]) -> str:
    """Return ` x2 ` of the `: 2 ` in `tents: 2 please`, where no other thing follows the number."""
    after = found[2].lower()
    follows = words_around.says_nothing(after) or after in words_around.PURPOSE_FOLLOWS
    is_when = after.isdigit() or sentence_parts.may_begin(after)
    return f" x{found[1]} " if follows or is_when else found[0]
