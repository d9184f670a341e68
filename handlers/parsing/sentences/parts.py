"""Sentences in which days, things and words around them come in any order.

`we're off camping on friday for two nights, could we grab 2 tents`: the days are taken out wherever they are,
the words that say nothing cut the rest into runs, in which things are looked for (`things.py`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from handlers.parsing import date_vocabulary, quantities, rental_line, typos
from handlers.parsing.sentences import wording
from handlers.parsing.sentences.words_around import (
    ASKING,
    GETTING,
    LOOKING,
    PURPOSE_FOLLOWS,
    SAYING_NOTHING,
    SIGNING_OFF,
    SIGNS,
    SUBJECTS,
    bare,
    is_english_to,
    is_free,
    says_nothing,
    words_of,
)
from handlers.parsing.spans import clock_ranges, date_ranges, pairs


class When(Protocol):
    """Reads texts that may be days."""

    def is_when(self, text: str) -> bool:
        """Return whether the whole text is days."""

    def is_time(self, text: str) -> bool:
        """Return whether it is a time of day alone: `kl 18`, `in the evening`."""

    def is_within(self, days: str, vague: str) -> bool:
        """Return whether the days are some of the vague ones: `week 8` of the `winter holidays`."""


_MOST_TOKENS = 45
_MOST_OF_DAYS = 12
_ENDS = re.compile(r"[,!?;:)]$|(?<!\d)(?<!\bkl)(?<!\bca)\.$")
_GLUE = "\ue000"
"""Between the words of a name, which is one token as long as days are looked for."""
_TO = re.compile(
    rf"(?:(?:{date_vocabulary.TO})\b|[-–]|(?:for|i|in|om|für) \S+ \S+|\S+ (?:days?|nights?|weeks?|dag"
    rf"|dager|dagar|netter|natt|uke|uker|tage)\b)"
)
_JOINS = ("to", "too")
_BREAK, _TORN = "\n", "\v"
"""Marks in what is left: a sentence or an entry ends, or days stood there."""
_BREAKS = (_BREAK, _TORN)
_ANDS = ("and", "og", "und", "n", "å", "plus", "pluss", "+", "&")
_AFTER_THINGS = ("for", "til", "from", "fra", "on", "på", "please", "pls", "takk", "bitte", "für")


@dataclass(frozen=True)
class Run:
    """Words that follow each other and may name things; `after`: what stood before may lead to a purpose.

    `is_alone`: at the end of an entry, or said of something before; no days are between.
    """

    words: tuple[str, ...]
    after: bool
    clause: int
    is_alone: bool
    led_by: str = ""
    """The word directly before."""
    ended_by: str = ""
    """The word directly after."""

    @property
    def is_listed(self) -> bool:
        """Return whether it stands in a list of things, and not in the middle of a sentence."""
        return self.led_by in (*_BREAKS, *_ANDS) and self.ended_by in (*_BREAKS, *_ANDS, *_AFTER_THINGS)


@dataclass(frozen=True)
class Parts:
    """The days of a sentence, and the runs of words that are left of the others."""

    days: str
    rest: str
    runs: tuple[Run, ...]
    asks: bool
    sentences: frozenset[int] = frozenset()
    """Clauses that are whole sentences: more than an entry of a list."""
    hours: str = ""
    """A number of hours, as it was said, that is not among the days."""
    number_of_hours: int = 0

    @property
    def wanted(self) -> list[str]:
        """Return the runs that follow no word such as `for`."""
        return [" ".join(run.words) for run in self.runs if not run.after]


NOW = ("now", "right now", "nå", "no", "jetzt", "asap")
"""Days that are rather no days where others are said as well."""


def parts(text: str, when: When, names: Sequence[str] = ()) -> Parts | None:
    """Return the parts of a sentence; None where its days contradict each other, or it is too long.

    `names`: things whose names have words of days in them.
    """
    plain = wording.plain(text)
    shorter = wording.without_hours(plain)
    hours = wording.hours_said(plain) if shorter != plain else ("", 0)
    for name in names:
        shorter = shorter.replace(name, name.replace(" ", _GLUE))
    tokens = _without_name_at_end(shorter.split())
    if not tokens or len(tokens) > _MOST_TOKENS:
        return None
    spans = list(_spans(tokens, when))
    days = _together([said for _, _, said in spans], when)
    if days is None or (not days and hours[0]):
        return None
    rest = _others(tokens, [(begin, end) for begin, end, _ in spans])
    asks = any(bare(token) in ASKING for token in tokens)
    rest = [word for token in rest for word in token.split(_GLUE)]
    said = " ".join(token for token in rest if token not in _BREAKS)
    return Parts(days, said, tuple(_runs(rest)), asks, frozenset(_sentences(rest)), *hours)


def _without_name_at_end(tokens: list[str]) -> list[str]:
    """Leave out `kind regards, Arne` and `thanks, Margaret`."""
    said = " ".join(tokens)
    if ended := _THANKS_NAME.search(said):
        return said[: ended.start()].split()
    for at in range(max(len(tokens) - 4, 1), len(tokens)):
        if bare(tokens[at]) in SIGNING_OFF:
            return tokens[: at - (bare(tokens[at - 1]) in _BEFORE_SIGNING_OFF)]
    return tokens


_THANKS_NAME = re.compile(
    r"[.!?,]? (?:(?i:(?:many |kind |best |tusen |vielen )?(?:thanks|thank you|thx|cheers|ta|takk|danke))"
    r"|(?i:(?:with|lots of|much) love|klem(?: fra)?|hugs(?: from)?)),? "
    r"[A-ZÆØÅÄÖÜ][\w-]*(?: [A-ZÆØÅÄÖÜ][\w-]*)?[.!]?$"
)
_BEFORE_SIGNING_OFF = ("kind", "best", "warm", "with", "med", "vennlig", "mit", "beste", "all")


def _spans(tokens: Sequence[str], when: When) -> Iterator[tuple[int, int, str]]:
    """Yield the longest runs of tokens that are days or times, from the left, with what they say."""

    def said(begin: int, end: int) -> str | None:
        if not _may_be_when(tokens[begin:end]):
            return None
        text = _joined(tokens, begin, end)
        after = bare(tokens[end]) if end < len(tokens) else ""
        if _THE_NUMBER.fullmatch(text) and after[:1].isalpha() and after not in SAYING_NOTHING:
            return None  # "the 2 person tent"
        if _counts(tokens, end, after) and when.is_when(_joined(tokens, begin, end - 1).rstrip("-–— ")):
            return None  # "friday to sunday, 10 sledges"
        if _is_article(tokens, end, after):
            return None
        # "15." is the 15th, or the end of a sentence.
        return next(
            (
                one
                for one in dict.fromkeys((text, text.rstrip(".")))
                if when.is_when(one) or when.is_time(one)
            ),
            None,
        )

    at = 0
    while at < len(tokens):
        ends = range(min(len(tokens), at + _MOST_OF_DAYS), at, -1)
        found = next(((end, text) for end in ends if (text := said(at, end))), None)
        if found:
            yield at, found[0], _ONLY.sub("", found[1])
        at = found[0] if found else at + 1


def _counts(tokens: Sequence[str], end: int, after: str) -> bool:
    """Return whether the number before `end` may be that of the things after it."""
    is_word = after.isalpha() and after not in SAYING_NOTHING and after not in PURPOSE_FOLLOWS
    is_week = end > 1 and bare(tokens[end - 2]) in ("week", "uke", "uka", "veke", "woche")
    return is_word and tokens[end - 1].isdigit() and not is_week and not _ends_days(after)


def _ends_days(word: str) -> bool:
    return word in _LAST_WORDS or typos.says_day((word,))


def _is_article(tokens: Sequence[str], end: int, after: str) -> bool:
    """Return whether the end is no hour but the `til en` of `til en tur`."""
    is_until = end > 1 and bare(tokens[end - 2]) in ("to", "til", "te", "till", "bis")
    is_word = after.isalpha() and not _ends_days(after)
    return is_until and is_word and bare(tokens[end - 1]) in quantities.ARTICLES


_ONLY = re.compile(r"^(?:only|just|bare|kun|berre|nur) ", re.IGNORECASE)
_THE_NUMBER = re.compile(r"the \d{1,2}", re.IGNORECASE)


def _may_be_when(tokens: Sequence[str]) -> bool:
    """Return whether it is worth reading: the last word is of a day, or has a digit."""
    if tokens[0].endswith(",") and tokens[0][:-1].isdigit():
        return False
    if not any(map(str.isdigit, tokens[0])) and not may_begin(bare(tokens[0])):
        return False
    last = re.split("[-–/]", bare(tokens[-1]))[-1]
    if last in _NO_LAST_WORDS:
        return False
    return any(map(str.isdigit, last)) or typos.says_day((last,)) or last in _LAST_WORDS


@cache
def may_begin(word: str) -> bool:
    """Return whether some pattern of days has a word that begins so: hardly any other word of a sentence."""
    return word[:_LETTERS] in _FIRST_LETTERS or word in NOW


_LETTERS = 3
_FIRST_LETTERS = frozenset(
    word[:_LETTERS]
    for module in (date_vocabulary, date_ranges, clock_ranges, pairs, rental_line)
    for pattern in vars(module).values()
    if isinstance(pattern, re.Pattern)
    for word in re.findall(r"[^\W\d_]+", pattern.pattern)
) | frozenset(
    name[:_LETTERS]
    for names in (date_vocabulary.NAMED_DAYS, date_vocabulary.FEASTS, date_vocabulary.PARTS_OF_TODAY)
    for name in names
)

_NO_LAST_WORDS = ("the", "den", "in", "at", "i", "om", "på", "of", "for", "to")
"""Words within a day: the `the` of `friday at 5pm the canoe` is the thing's."""
_LAST_WORDS = frozenset(
    word
    for names in (
        *(
            date_vocabulary.NAMED_DAYS,
            date_vocabulary.FEASTS,
            date_vocabulary.WEEKDAYS,
            date_vocabulary.MONTHS,
        ),
        *(date_vocabulary.PARTS_OF_DAY, date_vocabulary.PARTS_OF_TODAY, date_vocabulary.NUMBERS),
        words_of(
            "night nights day days week weeks weekend wknd wkend weeknd nyttårshelga ferien vinterferien "
            "juleferien sommeren summer break dag dager dagar døgn natt netter uke uker uka uken veke "
            "veker veka helg helga helgå helgen am pm clock uhr wochenende tag tage woche wochen month "
            "months måned måneden måneder påske påska påsken easter holidays year zeit pinse pinsen "
            "jahren fortnight"
        ),
    )
    for name in names
    for word in name.split()
)


def _joined(tokens: Sequence[str], begin: int, end: int) -> str:
    return _FULL_STOP.sub("", " ".join(tokens[begin:end]).rstrip(",;:!?").strip())


_FULL_STOP = re.compile(r"(?<=[^\W\d]{2})\.$")


_FEAST = re.compile(
    rf"(?:over|during|for|in|at|i|til) (?:the )?(?:{date_vocabulary.any_of(date_vocabulary.FEASTS)}"
    r"|easter|påske\w*)"
)


def _together(spans: list[str], when: When) -> str | None:
    """Return them as one text; None where they are not of one period."""
    if not spans:
        return ""
    if len(spans) > 1:
        spans = [span for span in spans if not any(when.is_within(one, span) for one in spans if one != span)]
    spans = [span for span in spans if span.lower() not in NOW] or spans[:1]
    said = spans[0]
    for span in spans[1:]:
        if span.lower() == said.lower():
            continue
        orders = [f"{said} {span}"] if _TO.match(span.lower()) or not when.is_when(span) else []
        if _TO.match(said.lower()) or not when.is_when(said):
            orders.append(f"{span} {said}")
        found = next(filter(when.is_when, orders), None)
        if found is None:
            # "over christmas, from the 23rd until the 27th"
            exact = [span for span in spans if not _FEAST.fullmatch(span.lower())]
            return _together(exact, when) if 0 < len(exact) < len(spans) else None
        said = found
    return said if when.is_when(said) else None


def _others(tokens: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return the tokens outside the days, with breaks where they are torn or a sentence ends."""
    rest: list[str] = []
    inside = {at for span in spans for at in range(*span)}
    for at, token in enumerate(tokens):
        if at in inside:
            rest += [_TORN] if rest and rest[-1] not in _BREAKS else []
            continue
        rest.append(token)
        if _ENDS.search(token):
            rest.append(_BREAK)
    return rest


def _sentences(tokens: Sequence[str]) -> Iterator[int]:
    """Yield the numbers of the clauses with a subject or a verb of everyday speech, and three words."""
    clauses: list[list[str]] = [[]]
    for token in tokens:
        if token in _BREAKS:
            clauses.append([])
        else:
            clauses[-1].append(bare(token))
    for number, clause in enumerate(clauses):
        if len(clause) >= 3 and SUBJECTS & set(clause):
            yield number


def _runs(tokens: Sequence[str]) -> Iterator[Run]:
    """Cut at the words that say nothing."""
    run: list[str] = []
    after, clause = False, 0
    for at, token in enumerate([*tokens, _BREAK]):
        said = bare(token)
        if token not in _BREAKS and said and not _says_nothing(tokens, at, said):
            run.append(token.strip(SIGNS))
            continue
        if run:
            before = tokens[at - len(run) - 1] if at > len(run) else _BREAK
            is_alone = before != _TORN and (token == _BREAK or before != _BREAK)
            yield Run(tuple(run), after, clause, is_alone, bare(before), bare(token))
            run, after = [], False
        clause += token in _BREAKS
        leads = said in PURPOSE_FOLLOWS and not _leads_to_thing(tokens, at, said)
        ends = token in _BREAKS or (said in ASKING and not is_free(said))
        after = leads or (after and not ends)


def _leads_to_thing(tokens: Sequence[str], at: int, said: str) -> bool:
    """Return whether a thing follows rather than a purpose: `to book`, `looking for`, `have I`."""
    if said == "i":
        return _is_english_i(tokens, at)
    if said == "to":
        return at + 1 < len(tokens) and bare(tokens[at + 1]) in GETTING
    return at > 0 and bare(tokens[at - 1]) in LOOKING


def _is_english_i(tokens: Sequence[str], at: int) -> bool:
    """Return whether this is no Norwegian `in`: a verb follows, not a place."""
    return at + 1 < len(tokens) and says_nothing(bare(tokens[at + 1]))


def _says_nothing(tokens: Sequence[str], at: int, said: str) -> bool:
    if said in _JOINS:
        # In Norwegian it is two: "to telt".
        before, after = (bare(tokens[n]) if 0 <= n < len(tokens) else "" for n in (at - 1, at + 1))
        return is_english_to(before, after.replace(_TORN, ""))  # "to next weekend"
    return says_nothing(said) or not any(map(str.isalnum, said))
