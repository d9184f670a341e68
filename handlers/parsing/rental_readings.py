"""The most plausible reading of the line after `/rent`, by what the inventory has.

Every word is accounted for. Where one is not understood, neither days nor numbers are kept: for want of it
they may have been misread.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.parsing import date_vocabulary, dates, quantities, rental_line, typos
from handlers.parsing.dates import Problem, Unclear
from handlers.parsing.quantities import Thing
from handlers.parsing.rental_line import RentLine
from handlers.parsing.sentences import parts as sentence_parts
from handlers.parsing.sentences import things as sentence_things
from handlers.parsing.sentences import wording, words_around
from handlers.parsing.sentences.things import Look, is_exact, is_known
from handlers.parsing.spans.date_ranges import Still
from handlers.parsing.tidying import tidied
from services.inventory.catalog import Meant, Named
from services.inventory.search.word_search import is_people

Near = Callable[[str], Sequence[Named]]
"""Finds what mistyped words are near to."""

LONGEST = 300
_LAST_NUMBER = re.compile(r"(.*[^\W\d].*?),? \d{1,2}")
_X_FIRST = re.compile(r"X\d{1,2} (?=[^\W\d])")
"""A number with a capital letter, as telephones begin a text with one: where no name begins so."""
_SPANS = ("weekend", "weekends", "helg", "helger")
_MOST_WORDS = 8

_SLASH = re.compile(r"(?<=[^\W\d]{3})/(?=[^\W\d]{3})")
_MOST_OF_UNKNOWN = 2
"""Words of a thing that nothing is called as: more are rather a part of a sentence."""

_NO_NAMES = {"can", "kan", "when", "open", "når", "åpent", "åpen", "how", "get", "what", "does", "you"} | {
    *("people", "persons", "person", "personer", "menn", "men", "over", "under", "after", "before"),
}
"""Words of questions that happen to be in many names."""

SHORTEST = 3
"""Characters of the shortest word that says something by itself: an article is in many names."""


@dataclass(frozen=True)
class Reading:
    """Things and their numbers, `line` for the days, and the words that were not understood.

    `asked`: nothing is known, and what is left over may be a thing's name, with days after it.
    `near`: nothing is called as the thing is; it may be mistyped for one of these, and is asked.
    """

    things: tuple[Thing, ...]
    line: RentLine
    meant: Mapping[str, Meant]
    left_over: str = ""
    asked: bool = False
    near: tuple[Named, ...] = ()
    how_many: str = ""
    """Words that leave it open how many are wanted: `for the whole class`. One is taken, and it is asked."""
    hours: str = ""
    """The number of hours without their beginning: the whole day is taken, and it is asked."""

    @property
    def not_found(self) -> tuple[str, ...]:
        """Return what was looked for and is not there."""
        if self.near:
            return ()
        if not self.things:
            return (self.left_over,) if self.left_over else ()
        return tuple(one.words for one in self.things if not self.meant[one.words].is_known)

    @property
    def may_be_more(self) -> bool:
        """Return whether it has things without a number, of which one may be too few."""
        is_whole = bool(self.things) and not (self.left_over or self.near or self.not_found)
        return is_whole and any(
            one.quantity is None and sentence_things.may_be_more(self.meant[one.words], one.words)
            for one in self.things
        )

    @property
    def says_only_until(self) -> bool:
        """Return whether it names things and their last day alone: of what is out, it is wanted for
        longer.
        """
        line = self.line
        return (
            bool(self.things)
            and not (self.left_over or line.problems or line.first)
            and line.last is not None
        )

    @property
    def says_something(self) -> bool:
        """Return whether it names a thing, or at least days."""
        if self.near:
            return True
        if any(
            len(one.words) < SHORTEST and not is_exact(self.meant[one.words], one.words)
            for one in self.things
        ):
            return False
        return bool(self.things) or (not self.left_over and self.line.tells_when)


_NOON = ("noon", "midday", "lunchtime")
"""Parts of a day that stand for themselves; in `film night` the other is no time."""


@dataclass(frozen=True)
class _Reader:
    today: date
    language: str
    day_first: bool
    still: Still | None

    def lines(self, text: str) -> list[RentLine]:
        """Return the readings of the text, the most literal first."""
        line = rental_line.parse(
            text, today=self.today, language=self.language, day_first=self.day_first, still=self.still
        )
        again = rental_line.without_name(
            line, today=self.today, language=self.language, day_first=self.day_first
        )
        return [line, again] if again is not None else [line]

    def is_days(self, text: str) -> bool:
        line = self.lines(text)[0]
        return not line.words and line.quantity is None and line.tells_when

    def is_when(self, text: str) -> bool:
        """Return whether the whole text is days; as `is_days`, for many texts."""
        return rental_line.is_days(
            text, today=self.today, language=self.language, day_first=self.day_first, still=self.still
        )

    def is_within(self, days: str, vague: str) -> bool:
        first, problems = self.lines(days)[0].first, self.lines(vague)[0].problems
        choices = problems[0].choices if problems and problems[0].code is Unclear.SOME_DAYS else ()
        return first is not None and bool(choices) and choices[0] <= first.day <= choices[-1]

    def is_time(self, text: str) -> bool:
        """Return whether it is a time of day alone: `kl 18`, `in the evening`."""
        if text.lower() in date_vocabulary.PARTS_OF_DAY and (" " in text or text.lower() in _NOON):
            return True
        said = dates.understand(text, today=self.today)
        return isinstance(said, Problem) and said.code is Unclear.TIME_ONLY


def read(
    text: str,
    *,
    today: date,
    language: str,
    day_first: bool,
    look: Look,
    still: Still | None = None,
    near: Near = lambda words: (),
) -> Reading:
    """Return the reading that the inventory makes the most sense of. Never raises."""
    written = text
    if text.isupper() and " " in text:
        text = text.lower()
    text = tidied(text[:LONGEST].strip())
    reader = _Reader(today, language, day_first, still)
    unsure = (wording.FOR_ALL, wording.HEARD_NUMBER, wording.AS_MANY)
    if found := next(filter(None, (form.search(text) for form in unsure)), None):
        rest = text[: found.start()] + text[found.end() :]
        one = _read(rest, rest, reader, look, near)
        if one.may_be_more:
            return replace(one, how_many=found[0].strip(" ,"))
    return _read(written, text, reader, look, near)


def _read(written: str, text: str, reader: _Reader, look: Look, near: Near) -> Reading:
    lines = reader.lines(text)
    cores = [] if wording.SOMETHING.search(text) else [one for line in lines if (one := _core(line)).words]
    meant = dict(look([written, *_looked_for(text, [*lines, *cores])]))
    if is_exact(meant[text], text):
        return Reading((Thing(text),), RentLine(text), meant)
    if lines[0].problems and not lines[0].words and meant[text].is_known:
        # "weekend" is no day, and may be the beginning of a kit's name.
        return Reading((Thing(text),), RentLine(text), meant)
    if lines[0].problems and rental_line.is_weekend(text):
        lines = reader.lines(rental_line.THIS_WEEKEND)
    if found := _first_sensible([*lines, *cores], meant) or _sentence(text, reader, meant, look, near):
        return found
    if _X_FIRST.match(text):
        small = f"x{text[1:]}"
        return _read(small, small, reader, look, near)
    cores = cores or lines
    return _partly(cores, meant) or _nearly(cores, meant, near) or _left_over(lines[-1], meant, look)


def _core(line: RentLine) -> RentLine:
    """Return the line without the words that say nothing around its things."""
    words = words_around.core(line.words)
    if line.quantity is None:
        return _with_words(line, words)
    return replace(line, words=words)


def _best(lines: list[RentLine], text: str, meant: dict[str, Meant], look: Look) -> Reading | None:
    """Return the first reading that makes sense, of those with whole names if there are any."""
    if not lines:
        return None
    meant |= look(_looked_for(text, lines))
    sensible = [found for line in lines if (found := _first_sensible([line], meant))]
    # In "friday sat phone" the name is the whole of "Sat phone".
    called = (one for one in sensible if all(is_exact(meant[t.words], t.words) for t in one.things))
    return next(called, None) or next(iter(sensible), None)


def _sentence(text: str, reader: _Reader, meant: dict[str, Meant], look: Look, near: Near) -> Reading | None:
    """Return the reading of a sentence whose days stand anywhere in it, among words that say nothing."""
    listed = alone = None
    if wording.HAS_ALREADY.search(text):
        return None
    for said in dict.fromkeys((text, _FRACTIONS.sub(r"on \1", text), typos.mended(text))):
        names = sentence_things.with_days_in_them(said, meant, look)
        plain, more = wording.and_for_others(said)
        parts = sentence_parts.parts(plain, reader, names)
        if parts is None:
            continue
        days = reader.lines(parts.days)[0] if parts.days else RentLine("")
        days, hours = _with_hours(days, parts)
        rest, is_described = words_around.core(parts.rest), wording.SOMETHING.search(said) is not None
        is_plain = bool(rest) and not more and not is_described
        if is_plain and (found := _best([_with_words(days, rest)], text, meant, look)):
            return replace(found, hours=hours)
        named = sentence_things.named(parts, meant, look)
        if not named.things and len(named.unknown) == 1:
            alone = _with_words(days, named.unknown[0])
        elif len(parts.wanted) == 1 and not more and named.may_be_mistyped(meant):
            # "three life jakcets", where something is called "life"
            alone = _with_words(days, parts.wanted[0])
        if named.things and named.unknown and named.is_list and not named.people and not more:
            listed = _with_words(days, " and ".join((*named.things, *named.unknown)))
        how_many = named.people or (parts.days and _no_hour(said, named.lone_number))
        if (named.unknown and not how_many) or (not named.things and not (parts.asks and parts.days)):
            continue
        if more and len(named.things) != 1:
            continue
        line = _with_words(days, " and ".join(named.things))
        meant |= look(_looked_for(text, [line]))
        if found := _first_sensible([line], meant):
            found = replace(found, how_many=how_many, hours=hours)
            return _only_near(found) if is_described and found.things else _with_more(found, more)
    if alone is not None and (found := _nearly([alone], meant, near)):
        return found
    if listed is not None:
        meant |= look(_looked_for(text, [listed]))
        return _partly([listed], meant)
    return None


def _no_hour(said: str, number: str) -> str:
    """Return the number of `canoe 4 sunday`; empty for that of `tent saturday 9`, which rather is when."""
    before = re.search(rf"(\S+) (?:- |(?:til|to|for|at|kl) )?\(?{number}\b", said) if number else None
    return number if before and not typos.says_day((words_around.bare(before[1]),)) else ""


def _with_hours(days: RentLine, parts: sentence_parts.Parts) -> tuple[RentLine, str]:
    """Return the days with the end that so many hours from their beginning have, or else the same day as the
    end, and the words for the hours of which nobody knows when they begin.
    """
    first = days.first
    if not parts.hours or first is None or days.last is not None or days.problems:
        return days, ""
    last = first.clock.hour + parts.number_of_hours if first.clock and parts.number_of_hours else 24
    if first.clock and last < 24:
        return replace(days, last=replace(first, clock=first.clock.replace(hour=last))), ""
    return (days, "") if first.clock else (replace(days, last=first), parts.hours)


_FRACTIONS = re.compile(r"(?<![\w/.-])(?<!on )(\d{1,2}/\d{1,2})(?![\w/.-])")
"""Days such as `6/12`, which may be a name's at the end of a line."""


def _only_near(reading: Reading) -> Reading:
    """Return the reading of a description, whose thing is asked about: `something to sleep in`."""
    thing = reading.things[0]
    near = reading.meant[thing.words].named
    return replace(
        reading,
        things=(thing,),
        meant={**reading.meant, thing.words: Meant(None, ())},
        near=near[:_MOST_NEAR],
    )


_MOST_NEAR = 6


def _with_more(reading: Reading, more: int) -> Reading:
    """Return the reading with so many more of its only thing."""
    if not more:
        return reading
    (thing,) = reading.things
    return replace(reading, things=(Thing(thing.words, (thing.quantity or 1) + more),))


def _with_words(days: RentLine, words: str) -> RentLine:
    rest, quantity = quantities.take_quantity(words)
    return replace(days, words=rest, quantity=quantity, counted_first=not words.startswith(rest))


def _looked_for(text: str, lines: list[RentLine]) -> list[str]:
    found = [text]
    for line in lines:
        one = quantities.counted(line.words)
        last = _LAST_NUMBER.fullmatch(line.words)
        things = (
            *(Thing(line.words), *([one] if one else []), *quantities.several(line.words)),
            *([Thing(last[1])] if last else []),
        )
        found += [thing.words for thing in things]
    return list(dict.fromkeys(found))


def _first_sensible(lines: list[RentLine], meant: Mapping[str, Meant]) -> Reading | None:
    for line in lines:
        if not line.words:
            return Reading((), line, meant)
        if things := _things(line, meant):
            return Reading(things, line, meant)
    return None


def _things(line: RentLine, meant: Mapping[str, Meant]) -> tuple[Thing, ...]:
    whole, one = meant[line.words], quantities.counted(line.words)
    if one is not None and line.quantity is None and meant[one.words].is_known:
        named = whole.named or meant[one.words].named
        own = any(quantities.belongs_to_name(each.name, line.words) for each in named)
        if own and not whole.named:
            # "eight channel mixer", of "Mixer 8 channel"
            return (Thing(one.words),)
        if not own and not is_exact(whole, line.words):
            return (one,)
    if _may_be_number(line.words, meant):
        return ()
    if is_known(whole, line.words):
        return (Thing(line.words, line.quantity),)
    parts = tuple(_without_own_number(part, meant) for part in quantities.several(line.words))
    if parts and line.quantity is not None:
        # "tent and stove x2": the number is the last one's.
        if line.counted_first or parts[-1].quantity is not None:
            parts = (Thing(parts[0].words, line.quantity), *parts[1:])
        else:
            parts = (*parts[:-1], Thing(parts[-1].words, line.quantity))
    # The "2 weekends" of "tent 2 weekends" are no kits for weekends, and "hi" is in many words.
    known = (
        is_known(meant[part.words], part.words)
        and (len(part.words) >= SHORTEST or is_exact(meant[part.words], part.words))
        and part.words.lower() not in _SPANS
        and not set(part.words.lower().split()) <= words_around.CHANGING
        for part in parts
    )
    return parts if parts and all(known) else ()


def _without_own_number(part: Thing, meant: Mapping[str, Meant]) -> Thing:
    """Return the thing without the number that is the name's own: `8 channel mixer`."""
    said = f"{part.quantity} {part.words}"
    is_own = part.quantity is not None and any(
        quantities.belongs_to_name(one.name, said) for one in meant[part.words].named
    )
    return Thing(part.words) if is_own else part


def _may_be_number(words: str, meant: Mapping[str, Meant]) -> bool:
    """Return whether the number in `tent 2` may be that of tents, and be in another name as well."""
    found = _LAST_NUMBER.fullmatch(words)
    return found is not None and not is_exact(meant[words], words) and is_exact(meant[found[1]], found[1])


def _partly(lines: Sequence[RentLine], meant: Mapping[str, Meant]) -> Reading | None:
    """Return the things of which some are known: the others come last, and are asked about by name."""
    line = min(lines, key=lambda line: len(line.words))
    parts = quantities.several(line.words) if quantities.lists_several(line.words) else ()
    known = [one for one in parts if len(one.words) >= SHORTEST and is_known(meant[one.words], one.words)]
    others = [one for one in parts if one not in known]
    if not known or not others or not all(_may_be_name(one.words) for one in others):
        return None
    return Reading((*known, *others), line, meant)


def _may_be_name(words: str) -> bool:
    """Return whether a thing may be called so: no number, day, or word of a sentence is in it."""
    tokens = words.lower().split()
    return (
        len(tokens) <= _MOST_OF_UNKNOWN
        and all(len(token) >= SHORTEST and token.replace("-", "").isalpha() for token in tokens)
        and not quantities.says_else(tokens)
        and not typos.says_day(tokens)
    )


def _nearly(lines: Sequence[RentLine], meant: dict[str, Meant], near: Near) -> Reading | None:
    """Return the reading of a mistyped name, where there are names that it is near to."""
    line = min(lines, key=lambda line: len(line.words))
    one = quantities.counted(line.words)
    thing = one if one is not None and line.quantity is None else Thing(line.words, line.quantity)
    unknown = Meant(None, ())
    found = meant[thing.words].named if is_people(thing.words) and thing.words in meant else ()
    if found := tuple(found or near(thing.words)):
        return Reading((thing,), line, {**meant, thing.words: unknown}, near=found[:_MOST_NEAR])
    parts = quantities.several(line.words) if quantities.lists_several(line.words) else ()
    others = [one.words for one in parts if not is_known(meant[one.words], one.words)]
    is_sure = all(_may_be_name(one.words) for one in parts) and all(map(near, others))
    return Reading(parts, line, meant) if others and is_sure else None  # the mistyped are asked about in turn


def _left_over(line: RentLine, meant: dict[str, Meant], look: Look) -> Reading:
    """Find the most of the words together that is known, at an end rather; the others are left over."""
    said = words_around.without_beginning(line.words) or line.words
    tokens = _SLASH.sub(" / ", said).split()[:_MOST_WORDS]
    parts = [
        (begin, begin + count)
        for count in range(len(tokens) - 1, 0, -1)
        for begin in sorted(range(len(tokens) - count + 1), key=lambda at: 0 < at < len(tokens) - count)
    ]
    known = {" ".join(tokens[begin:end]).strip(",;"): (begin, end) for begin, end in parts}
    counts = {words: quantities.counted(words) for words in known}
    meant |= look([one.words if (one := counts[words]) else words for words in known]) if known else {}
    for words, (begin, end) in known.items():
        one = counts[words]
        plain = one.words if one else words
        if end < len(tokens) and tokens[end - 1].isdigit():
            # The number is the next word's.
            continue
        if is_people(plain):
            continue
        if plain.lower() in _SPANS or set(plain.lower().split()) <= _NO_NAMES | words_around.SAYING_NOTHING:
            continue
        if any(len(word) >= SHORTEST for word in plain.split()) and is_known(meant[plain], plain):
            rest = " ".join([*tokens[:begin], *tokens[end:]])
            return Reading((Thing(plain),), RentLine(plain), meant, left_over=rest)
    name = words_around.core(said) or said
    several = quantities.several(name) if quantities.lists_several(name) else ()
    things = several or (quantities.counted(name) or Thing(name),)
    asked = line.tells_when and all(_may_be_name(one.words) for one in things)
    return Reading((), RentLine(said), meant, left_over=said, asked=asked)
