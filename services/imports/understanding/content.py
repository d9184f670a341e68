"""The cells of each column of a list, summed up."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.core.text import one_line
from services.imports.readers.cells import is_shortened
from services.imports.readers.dates import day_of_number
from services.imports.understanding.cells.codes import codes, ends, has_hyphen, range_of_hyphen
from services.imports.understanding.cells.lent import holder
from services.imports.understanding.cells.repeats import is_ditto
from services.imports.understanding.cells.some_pieces import mixed, times
from services.imports.understanding.cells.values import kind_of, pieces, pieces_in, told
from services.imports.understanding.header import Header
from services.imports.understanding.vocabulary import (
    Meaning,
    answer,
    asked,
    is_nothing,
    is_of_days,
    is_secret,
    likely,
    says_no_items,
    yes_no,
)

_MOST_CODE = 60
_SAMPLES = 3
_FEW = 20
"""Different cells in a column of words that are chosen from."""
_LONGEST_NUMBER = 6
"""Digits of the number of a row."""
_FEWEST_CODES = 3
"""In fewer rows, anything is there only once."""

_SHORTEST_BLOCK = 2.5
"""Rows, on average, below one value that is written once for all of them."""

_LIKE_A_CODE = re.compile(
    r"(?=.{2,20}$)(?:[^\W\d_]{1,8}[-_/.#]?\d[\w./-]*|0\d+|\d{5,}|\d+[-_/]?[^\W\d_]{1,4}-?\d+)"
)
"""Letters with a number, or a number with zeros in front, or a long one: neither year, price nor measure."""


def _are_codes(text: str) -> bool:
    """Return whether the cell is several codes: no price, such as `89,90`."""
    found = codes(text)
    return len(found) > 1 and all(map(_LIKE_A_CODE.fullmatch, found))


@dataclass
class Content:
    """The cells of a column below its header, summed up."""

    rows: int = 0
    filled: int = 0
    numbers: int = 0
    amount: int = 0
    """The sum of these numbers."""
    conditions: int = 0
    """Different cells that are understood as conditions."""
    characters: int = 0
    longest: int = 0
    spoken: int = 0
    repeated: bool = False
    coded: bool = True
    """True where each cell looks like a code, by its form."""
    tells: bool = True
    """True where the column may tell conditions, by its header."""
    is_stranger: bool = False
    """True where the header means nothing known."""
    worded: int = 0
    """Different cells that are words of a condition and nothing else, below an unknown header or its own."""
    forbids: bool = False
    """True where one of these is not ok."""
    is_of_days: bool = False
    """True where the header is of days."""
    asks: bool = False
    """True where the header asks for yes or no."""
    answers: int = 0
    ticks: int = 0
    """Crosses and check marks, which have no value by themselves."""
    counts: bool = True
    """True where the cells count the rows: 1, 2, 3, or go on from a list above: 7, 8, 9."""
    begins_at: int = 1
    """The first of these numbers."""
    shortened: str = ""
    """The first number that a spreadsheet wrote by its first digits only."""
    day_numbers: int = 0
    """Cells that a spreadsheet would show as days: numbers of days since 1899."""
    dittos: int = 0
    """Cells that say that they have the value of the one above."""
    hyphened: int = 0
    """Cells with a hyphen behind a number, as a range of codes has."""
    followed: int = 0
    """Codes and ranges of them that go on where the one above ends."""
    times: int = 0
    """Cells with a number of pieces beside a name: `3 x Tent`, `Tent (3x)`."""
    first: int = 0
    """The first row with a value, from 1."""
    adjacent: int = 0
    """Cells with a value right below another."""
    samples: list[str] = field(default_factory=list)
    _last: int = field(default=0, repr=False)
    _end: tuple[str, int] | None = field(default=None, repr=False)
    _seen: set[int] = field(default_factory=set, repr=False)

    def add(self, cell: str) -> None:
        self.rows += 1
        text = one_line(cell)
        if is_ditto(text):
            self.dittos += 1
            return
        if self.asks:
            self.answers += bool(text) and (
                answer(text)[0] is not None or pieces(text) is not None or kind_of(text) is not None
            )
        if is_nothing(text):
            self.spoken += bool(text)
            self.ticks += bool(text) and yes_no(text) is True
            return
        self.filled += 1
        size = len(text)
        if size > _MOST_CODE and "," in text and len(several := codes(text)) > 1:
            size = max(map(len, several))
        self.characters += size
        if self.is_of_days:
            self.day_numbers += day_of_number(text) is not None
        if not self.shortened and is_shortened(text):
            self.shortened = text
        if self.counts:
            self._count(text.rstrip("."))
        self.longest = max(self.longest, size)
        self.coded = self.coded and (
            _LIKE_A_CODE.fullmatch(text) is not None or _are_codes(text) or range_of_hyphen(text) is not None
        )
        self.hyphened += "-" in text and has_hyphen(text)
        if text[-1].isdecimal() and len(text) <= _MOST_CODE and (span := ends(text)) is not None:
            self.followed += self._end == (span[0], span[1] - 1)
            self._end = span[0], span[2]
        self.times += "x" in text and times(text)[1] is not None
        self.first = self.first or self.rows
        self.adjacent += self._last == self.rows - 1 and self.filled > 1
        self._last = self.rows
        number = pieces_in(text)
        if number is not None:
            self.numbers += 1
            self.amount += number
        elif text[0].isdecimal():
            self.numbers += mixed(text) is not None
        if len(self._seen) < 2_000:
            known = hash(text.casefold())
            self.repeated = self.repeated or known in self._seen
            if known not in self._seen and self.tells:
                self.conditions += says_no_items(text) or not told(text).unknown
            if known not in self._seen and (self.is_stranger or self.tells) and len(self._seen) < _FEW:
                kind = kind_of(text) or ("ok" if holder(text)[0] else None)
                self.worded += kind is not None
                self.forbids = self.forbids or kind not in (None, "ok")
            self._seen.add(known)
        if len(self.samples) < _SAMPLES and text not in self.samples:
            self.samples.append(text)

    def begin_section(self) -> None:
        """Note that what is above stands under other words."""
        self._last = -1

    def _count(self, text: str) -> None:
        if self.filled == 1 and text.isdecimal() and len(text) < _LONGEST_NUMBER and text[0] != "0":
            self.begins_at = int(text)
        self.counts = text == str(self.begins_at + self.filled - 1)

    @property
    def different(self) -> int:
        return len(self._seen)

    @property
    def average(self) -> float:
        return self.characters / self.filled if self.filled else 0.0

    def is_code(self, *, weak: bool) -> bool:
        """Return whether the cells can be codes; a weak header needs each filled, and none twice."""
        if not self.filled:
            return not weak
        is_list = self.coded or not weak
        if self.longest > _MOST_CODE * (8 if is_list else 1) or self.average > _MOST_CODE * (1 + is_list):
            return False
        if weak:
            return not self.repeated and (self.filled == self.rows or self._is_mostly_coded)
        return self.different >= min(self.filled, 2_000) / 2

    @property
    def _is_mostly_coded(self) -> bool:
        """Return whether whatever is there looks like a code, and a few rows have none."""
        return self.coded and self.filled > 1 and self.filled * 2 >= self.rows

    @property
    def may_be_code(self) -> bool:
        """Return whether the cells alone, whatever the header, look like codes."""
        return self.coded and self.rows >= _FEWEST_CODES and self.is_code(weak=True)

    @property
    def is_in_blocks(self) -> bool:
        """Return whether the column is filled once per block: the blank cells below are of the same value."""
        return self.first == 1 and 1 < self.filled <= self.rows / 2 and not self.repeated

    @property
    def is_sparse(self) -> bool:
        """Return whether so many cells are filled that the blank ones between are as likely unknown."""
        return self.filled * _SHORTEST_BLOCK > self.rows

    @property
    def numbers_rows(self) -> bool:
        """Return whether the cells count the rows: 1, 2, 3 and so on, without gaps."""
        return self.counts and self.begins_at == 1 and 1 < self.filled == self.rows

    @property
    def goes_on_counting(self) -> bool:
        """Return whether the cells count rows, but not from 1: a list above has those before."""
        return self.counts and 1 < self.filled == self.rows

    @property
    def has_ranges(self) -> bool:
        """Return whether cells such as `100240-100243` are ranges of codes: most are otherwise, or each goes
        on where the one above ends.
        """
        return self.hyphened > 0 and (
            self.hyphened <= self.filled / 2 or 1 < self.filled == self.followed + 1
        )

    def is_quantity(self, *, weak: bool) -> bool:
        """Return whether the cells can be numbers of pieces; below a plain header a few may be none."""
        if weak and self.counts and self.filled > 1:
            return False
        return self.filled > 0 and self.numbers >= (0.75 if weak else 0.5) * self.filled

    @property
    def is_multiplied(self) -> bool:
        """Return whether numbers of pieces stand beside the names: once, `2x` may be part of a name."""
        return self.times > 1 and self.times * 5 >= self.filled

    @property
    def is_numbered(self) -> bool:
        """Return whether the cells have digits in them, as models have and types have not."""
        return bool(self.samples) and all(any(map(str.isdigit, text)) for text in self.samples)

    @property
    def tells_conditions(self) -> bool:
        """Return whether the cells alone, whatever the header, are words of conditions, and not all ok."""
        return self.forbids and len(self._seen) < _FEW and self.worded >= 0.6 * len(self._seen)

    @property
    def is_answered(self) -> bool:
        """Return whether most cells below a header that asks are answers, or words of a condition."""
        return self.answers > 0 and self.answers * 2 >= self.filled

    @property
    def is_ticked(self) -> bool:
        """Return whether the cells are ticks or blank, so that a blank one is a no."""
        return not self.filled and 0 < self.ticks < self.rows and self.ticks == self.spoken

    @property
    def is_condition(self) -> bool:
        return not self.filled or self.forbids or self.conditions >= 0.3 * len(self._seen)


def contents(header: Header, rows: Iterable[tuple[str, Sequence[str]]], *, ragged: bool) -> list[Content]:
    """Sum up each column of a table, whose rows come with the words of their section. `ragged`: there may be
    more columns than the header has.
    """
    width = len(header.cells)
    found = [
        Content(
            tells=_may_tell(text),
            is_stranger=not likely(text) and not is_secret(text),
            is_of_days=is_of_days(text),
            asks=asked(text) is not None,
        )
        for text in header.cells
    ]
    section = ""
    for words, cells in rows:
        if words != section:
            section = words
            for content in found:
                content.begin_section()
        while ragged and len(found) < min(len(cells), 1_000):
            found.append(Content(tells=False, is_stranger=not width))
        for column, content in enumerate(found):
            content.add(cells[column] if column < len(cells) else "")
    while len(found) > width and not found[-1].filled:
        found.pop()
    return found


def _may_tell(header: str) -> bool:
    return any(word.meaning in (Meaning.CONDITION, Meaning.STATUS) for word in likely(header))
