"""The things that a sentence names, among the words that describe, greet or say what it is all for."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from handlers.parsing import date_vocabulary, quantities, typos
from handlers.parsing.sentences.parts import Parts, Run
from handlers.parsing.sentences.words_around import (
    CHANGING,
    PEOPLE_AND_PURPOSES,
    SAYING_NOTHING,
    SIGNS,
    bare,
    is_everyday,
)
from services.core.text import fold, key
from services.inventory import catalog
from services.inventory.catalog import Meant
from services.inventory.search.word_search import is_called, plain_forms

Look = Callable[[Sequence[str]], Mapping[str, Meant]]
"""Looks up readings of what is wanted, all at once."""

_MOST_OF_NAME = 6


def is_exact(meant: Meant, words: str) -> bool:
    """Return whether this is a code, or the whole name of one thing."""
    return meant.item is not None or sum(is_called(one.name, words) for one in meant.named) == 1


def is_known(meant: Meant, words: str) -> bool:
    """Return whether something is called so; what has no letters names a code or nothing."""
    return meant.item is not None or (bool(meant.named) and any(map(str.isalpha, words)))


def with_days_in_them(text: str, meant: dict[str, Meant], look: Look) -> list[str]:
    """Return the names in the text with a word like a day or a time: `sat phone`, `screen 16:10`."""
    tokens = [token.strip(SIGNS) for token in text.split()]
    days = [typos.says_day((token.lower(),)) for token in tokens]
    spans = [
        (at, end)
        for at, is_day in enumerate(days)
        for end in range(at + 2, min(at + _MOST_OF_DAY_NAME, len(tokens)) + 1)
        if is_day and not (days[at + 1] or bare(tokens[at + 1]) in SAYING_NOTHING)
    ]
    spans += [
        (begin, at + 1)
        for at, token in enumerate(tokens)
        if _LIKE_TIME.fullmatch(token)
        for begin in range(max(at - _MOST_OF_DAY_NAME + 1, 0), at)
        if not days[at - 1] and not {bare(tokens[begin]), bare(tokens[at - 1])} & SAYING_NOTHING
    ]
    said = [one for begin, end in spans if (one := " ".join(tokens[begin:end])) in text]
    if said:
        meant |= look(said)
    return [one for one in said if is_exact(meant[one], one)]


_LIKE_TIME = re.compile(r"\d{1,2}[:./]\d{1,2}")
_MOST_OF_DAY_NAME = 3


class _Kind(Enum):
    THING = auto()
    NUMBER = auto()
    PEOPLE = auto()  # so many of them: "me and 3 mates"
    UNKNOWN = auto()


@dataclass(frozen=True)
class _Piece:
    kind: _Kind
    words: str
    run: Run


@dataclass(frozen=True)
class Named:
    """The things, as they were said; `unknown`: words that may be one more, or change what is wanted."""

    things: tuple[str, ...]
    unknown: tuple[str, ...]
    people: str = ""
    """A number of people, who are perhaps as many things."""
    is_list: bool = False
    """The unknown words stand in a list of things."""

    @property
    def lone_number(self) -> str:
        """Return the 4 of `canoe 4 sunday`, which may be so many, a day, a time, or a short `for`."""
        is_number = len(self.things) == len(self.unknown) == 1 and self.unknown[0].isdigit()
        return self.unknown[0] if is_number and not any(map(str.isdigit, self.things[0])) else ""

    def may_be_mistyped(self, meant: Mapping[str, Meant]) -> bool:
        """Return whether the only thing is part of a name, and the unknown words may be the rest of it."""
        if len(self.things) != 1 or not self.unknown:
            return False
        if not all(len(word) > 3 and word.isalpha() for one in self.unknown for word in one.split()):
            return False
        name = _name_in(self.things[0])
        return not is_exact(meant[name], name)


def may_be_more(meant: Meant, words: str) -> bool:
    """Return whether this is a plural without a number: `a canoe` is one, and so is `canoe`."""
    is_plural = fold(words).endswith("s")  # "Snowshoes", by their name
    return meant.item is None and (is_plural or all(fold(one.name) != fold(words) for one in meant.named))


def named(parts: Parts, meant: dict[str, Meant], look: Look) -> Named:
    """Return the things that the runs of a sentence name.

    What may be a purpose may be days that are not understood, where no others are known.
    """
    said = {words for run in parts.runs for words in _parts_of(run.words)}
    names = {words: _name_in(words) for words in said}
    if said:
        meant |= look(list(dict.fromkeys(names[words] for words in sorted(said))))
    finder = _Finder(meant)
    pieces = [piece for run in parts.runs for piece in finder.pieces(run)]
    of_things = {piece.run.clause for piece in pieces if piece.kind is _Kind.THING}
    sure = any(piece.kind is _Kind.THING and finder.is_exact(piece.words) for piece in pieces)
    things: list[str] = []
    unknown: list[_Piece] = []
    for piece in pieces:
        passing = piece.run.after or (bool(of_things) and piece.run.clause in parts.sentences - of_things)
        if piece.kind is _Kind.THING and finder.is_same_again(piece.words, things):
            unknown.append(piece)
        elif piece.kind is _Kind.THING and (finder.is_exact(piece.words) or not (piece.run.after and sure)):
            things += [piece.words] if piece.words not in things else []
        elif piece.kind is _Kind.NUMBER and things and finder.may_count(piece, things[-1], of_things):
            things[-1] += f" x{_number(piece.words)}"
        elif piece.kind is _Kind.NUMBER or (
            piece.kind is _Kind.UNKNOWN and not _is_purpose(piece, parts, passing)
        ):
            unknown.append(piece)
    people = next((piece.words for piece in pieces if piece.kind is _Kind.PEOPLE), "")
    people = people if any(map(finder.may_be_more, things)) else ""
    is_list = all(
        piece.run.is_listed
        and len(piece.words.split()) == len(piece.run.words)
        and not any(bare(word) in CHANGING for word in piece.run.words)
        for piece in unknown
    )
    return Named(tuple(things), tuple(piece.words for piece in unknown), people, is_list)


@dataclass(frozen=True)
class _Finder:
    meant: Mapping[str, Meant]

    def is_exact(self, words: str) -> bool:
        name = _name_in(words)
        same = sorted(key(name).split())
        return is_exact(self.meant[name], name) or any(
            sorted(key(one.name).split()) == same for one in self.meant[name].named
        )

    def pieces(self, run: Run) -> Iterator[_Piece]:
        """Yield the things, the longest names first, and what is around them."""
        yield from self._pieces(run, 0, len(run.words))

    def _pieces(self, run: Run, begin: int, end: int) -> Iterator[_Piece]:
        found = next((span for span in _spans(begin, end) if self._names(run, run.words[slice(*span)])), None)
        if found is None:
            yield from _others(run, run.words[begin:end])
            return
        first, last = found
        name = " ".join(run.words[first:last])
        before = _count_before(run.words[begin:first])
        if before is not None and _name_in(name) == name:
            # "2 great tents"
            yield from self._pieces(run, begin, begin + before)
            name = f"{run.words[begin + before]} {name}"
        else:
            yield from self._pieces(run, begin, first)
        yield _Piece(_Kind.THING, name, run)
        yield from self._pieces(run, last, end)

    def _names(self, run: Run, words: Sequence[str]) -> bool:
        said = " ".join(words)
        name = _name_in(said)
        if not is_known(self.meant[name], name) or name.lower() in _NO_NAMES:
            return False
        if any(bare(word) in CHANGING for word in words) and not self.is_exact(said):
            return False
        hard = [word for word in words if not _is_soft(word) and _number(word) is None]
        if hard and _is_soft(words[-1]) and not self.is_exact(said) and _number(words[-2]) is None:
            return False  # "tent trip", where there is a "Tent for trips"
        return (
            self.is_exact(said)
            or any(_is_head(one.name, hard) for one in self.meant[name].named)
            or bool(hard and self.meant[name].item)
            or (not run.after and self._is_other_name(hard, self.meant[name].named))
        )

    def _is_other_name(self, hard: Sequence[str], named: Sequence[catalog.Named]) -> bool:
        """Return whether the words are beside the names, as those of another language are."""
        if not hard or not named or any(len(word) < _SHORTEST_OTHER for word in hard):
            return False
        return not any(is_in_name(one.name, word) for one in named for word in hard)

    def may_count(self, piece: _Piece, thing: str, of_things: set[int]) -> bool:
        """Return whether a number after a thing is how many of it: `helmets, 4`, `a tent, I need two`."""
        number, name = _number(piece.words), _name_in(thing)
        if name != thing or piece.run.after:
            return False
        if not piece.words.isdigit():
            return True
        by_itself = piece.run.is_alone and piece.run.clause not in of_things
        return (
            by_itself
            and len(piece.run.words) == 1
            and not any(str(number) in key(one.name).split() for one in self.meant[name].named)
        )

    def is_same_again(self, words: str, things: Sequence[str]) -> bool:
        """Return whether other words for one of the things follow: `a mixer, 8 channel`."""
        name = _name_in(words)
        named = self.meant[name].named
        return len(named) == 1 and any(
            self.meant[other].named == named and key(other) != key(name) and name not in things
            for other in map(_name_in, things)
        )

    def may_be_more(self, thing: str) -> bool:
        name = _name_in(thing)
        return name == thing and may_be_more(self.meant[name], thing)


_NO_NAMES = ("one", "ones", "en", "ett", "people", "person", "persons", "personer")


_SHORTEST_OTHER = 3


def is_in_name(name: str, word: str) -> bool:
    """Return whether the name has the word, as part of another or in another form as well."""
    said = key(word)
    return any(form in key(name) for form in (said, *plain_forms(said)))


def _is_head(name: str, words: Sequence[str]) -> bool:
    """Return whether one of the words is of the name itself, and not of what follows it: `Paddle, long`."""
    head = key(_AFTER_HEAD.split(name, maxsplit=1)[0] or name).split()
    said = {form for word in words for form in (key(word), *plain_forms(key(word)))}
    return any(word in said or any(word.startswith(one) for one in said if len(one) > 3) for word in head)


_AFTER_HEAD = re.compile(r"[,(]")


def _spans(begin: int, end: int) -> Iterator[tuple[int, int]]:
    for length in range(min(end - begin, _MOST_OF_NAME), 0, -1):
        for first in range(begin, end - length + 1):
            yield first, first + length


def _parts_of(words: Sequence[str]) -> Iterator[str]:
    return (" ".join(words[first:last]) for first, last in _spans(0, len(words)))


def _is_soft(word: str) -> bool:
    said = bare(word)
    return said in PEOPLE_AND_PURPOSES or (said not in CHANGING and is_everyday(said))


def _number(words: str) -> int | None:
    rest, quantity = quantities.take_quantity(words)
    return quantity if quantity is not None and not rest else quantities.number_alone(words)


def _count_before(words: Sequence[str]) -> int | None:
    """Return where the number is that only describing words follow; None where there is none."""
    at = next((n for n in range(len(words) - 1, -1, -1) if not _is_soft(words[n])), None)
    return at if at is not None and _number(words[at]) is not None else None


def _others(run: Run, words: Sequence[str]) -> Iterator[_Piece]:
    """Yield the number that is alone, so many people, and what nobody knows."""
    hard = [word for word in words if not _is_soft(word)]
    numbers = [word for word in hard if _number(word) is not None]
    unknown = [word for word in hard if _number(word) is None]
    if unknown:
        yield _Piece(_Kind.UNKNOWN, " ".join(hard), run)
    elif numbers and len(words) == len(numbers) == 1 and bare(numbers[0]) not in quantities.ARTICLES:
        yield _Piece(_Kind.NUMBER, numbers[0], run)
    elif len(words) == len(numbers) == 1 and run.led_by in ("and", "og", "und"):
        yield _Piece(_Kind.UNKNOWN, numbers[0], run)  # "a tent for me and one until friday"
    elif [word for word in numbers if bare(word) not in quantities.ARTICLES]:
        is_people = len(numbers) == 1 and words[0] == numbers[0]
        yield _Piece(_Kind.PEOPLE if is_people else _Kind.UNKNOWN, " ".join(words), run)


def _is_purpose(piece: _Piece, parts: Parts, passing: bool) -> bool:
    """Return whether the words may say what or whom it is for, as far as nothing is called so."""
    tokens = [bare(word) for word in piece.words.split()]
    return (
        passing
        and not _may_be_person(piece)
        and bool(parts.days)
        and not set(tokens) <= set(quantities.ARTICLES)
        and not any(
            token in CHANGING and not (at and token in _PARTS_OF_EVENTS) for at, token in enumerate(tokens)
        )
        and not any(token in date_vocabulary.NUMBERS and token not in quantities.ARTICLES for token in tokens)
        and not typos.says_day(
            token
            for at, token in enumerate(tokens)
            if token not in quantities.ARTICLES and not (at and token in _PARTS_OF_EVENTS)
        )
        and not any(sign.isdigit() for sign in piece.words)
        and all(typos.mended(token) == token for token in tokens)
    )


_LONG_NOUN = 8


def _may_be_person(piece: _Piece) -> bool:
    """Return whether it is one word after `for`, such as `for ola`: who may be another member."""
    alone = len(piece.run.words) == 1 and piece.run.led_by in ("for", "til", "für")
    is_noun = len(piece.words) >= _LONG_NOUN and piece.words.endswith(("en", "et", "ene"))
    return alone and not is_noun and not _is_compound(bare(piece.words))


def _is_compound(word: str) -> bool:
    """Return whether it ends as a purpose does: `filmkveld`, `speiderleir`."""
    return any(
        word.endswith(end) and len(word) - len(end) >= _SHORTEST_OTHER
        for end in (*PEOPLE_AND_PURPOSES, *_ENDS_OF_EVENTS)
        if len(end) >= _SHORTEST_OTHER
    )


_ENDS_OF_EVENTS = ("kveld", "dag", "natt", "helg", "leir", "stund", "abend", "fahrt", "fest")


_PARTS_OF_EVENTS = ("night", "day", "evening", "time", "week", "start", "end")
"""Ends of nouns such as `quiz night` and `sports day`."""


def _name_in(said: str) -> str:
    """Return `tents` of `2 tents` and of `tents x2`."""
    rest, quantity = quantities.take_quantity(said)
    one = quantities.counted(rest) if quantity is None else None
    return one.words if one is not None else rest
