"""The rows below a header: things, and what is none: sums, sections, headers repeated, ruled lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from statistics import median_low

from services.core.text import key, one_line
from services.imports.readers.csv_reader import Record
from services.imports.understanding.cells.values import pieces
from services.imports.understanding.header import Header
from services.imports.understanding.layouts.sections import are_units, is_counted, summed, words_of
from services.imports.understanding.sheets import Sheet
from services.imports.understanding.vocabulary import (
    Meaning,
    is_nothing,
    is_total,
    is_total_key,
    is_total_word,
    keys,
    meanings,
)

_LONGEST_SECTION = 50
_LONGEST_FIRST = 120
"""A longer first cell begins neither a sum nor the header again."""
_MOST_NOTES = 30
"""Rows below the last thing that are held back, for they may be notes."""
_WORDS_OF_REQUEST = 4
_LONGEST_NUMBER = 4
"""Digits of the number of a row that has nothing else."""
_SAMPLE = 200
_NUMBER = re.compile(r"\d[\d .,'’]*")
_RULE = re.compile(r":?[-=_*]{2,}:?")


class Why(StrEnum):
    """Reasons for leaving out a row that is no thing."""

    SUM = "sum"
    SECTION = "section"
    HEADER = "header"
    RULE = "rule"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class LeftOut:
    line: int
    why: Why
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is a thing. `section`: the words of the section that it stands under."""

    record: Record
    section: str


class Body:
    """The rows below a sheet's header. `end`: the first row, from 0, that belongs to them no more; `section`:
    the words above the header, where these are a section's.
    """

    def __init__(
        self, sheet: Sheet, header: Header | None, end: int | None = None, section: str = ""
    ) -> None:
        self.sheet, self.header, self._end, self._section = sheet, header, end, section
        self._last = -1
        """The line of the row that was judged last."""
        self._start = 0 if header is None else header.row + 1
        self._head = {key(cell) for cell in header.cells if cell} if header is not None else set()
        self._upper, self._lower = (
            tuple({key(cell) for cell in half if cell} for half in header.halves)
            if header is not None and header.halves
            else (set[str](), set[str]())
        )
        cells = header.cells if header is not None else ()
        self._first = next((column for column, cell in enumerate(cells) if cell), 0)
        named = {c for c, text in enumerate(cells) if any(w.meaning is Meaning.NAME for w in meanings(text))}
        self._named = named
        self._of_words = named | set(range(self._first + 1))
        """The columns in which words above things may stand: those at the left, and those of names."""
        head = sheet.rows.head(_SAMPLE)[self._start : end]
        self._units = head[0].line if len(self._head) > 1 and head and are_units(head[0].cells, named) else -1
        """The line below the header that has the units of its columns."""
        self._in_units = _filled(head[0]) if self._units >= 0 else []
        head = head[1:] if self._units >= 0 else head
        head = [record for record in head if not self._is_spare(record)]
        widths = [n for record in head if (n := len(_filled(record)))]
        while len(self._head) > _WIDE - 1 and len(widths) > 1 and widths[-1] == 1:
            widths.pop()  # notes, of which a short list may have as many as it has things
        self._typical = median_low(widths) if widths else 0
        self._begins_with_section = bool(section) or widths[:1] == [1]
        narrow = sum(n == 1 for n in widths)
        is_wide = self._typical > 1 and narrow * 2 < len(widths)
        self._has_sections = is_wide or sheet.rows.split is not None
        self._summed: frozenset[int] = frozenset()
        """The lines of words above things that have a sum beside them."""
        if len(self._head) and any(len(_filled(record)) == 2 or is_counted(record) for record in head):
            self._summed = summed(sheet.rows.head(_READ)[self._start : end], self._of_words, self._typical)
        lone = [text for record in head if len(texts := _filled(record)) == 1 for text in texts]
        loud = sum(map(_is_loud, lone))
        self._is_loud = not self._has_sections and len(self._head) > 1 and 0 < loud * 2 < len(lone)
        """True where most rows are as narrow as the words above them, which are loud."""

    def __iter__(self) -> Iterator[Line | LeftOut]:
        section, self._last = self._section, -1
        records = map(_plain, islice(self.sheet.rows, self._start, self._end))
        previous: Record | None = None
        for record in self._things_and_notes(records) if self._has_sections else records:
            if not isinstance(record, LeftOut) and self._is_units(record):
                yield LeftOut(record.line, Why.HEADER, " ".join(_filled(record)))
                continue
            if not isinstance(record, LeftOut) and self._is_spare(record):
                continue
            if isinstance(record, LeftOut):
                if previous is not None:
                    yield self._judge(previous, None, section)[1]
                previous = None
                yield record
                continue
            if previous is not None:
                section, found = self._judge(previous, record, section)
                self._last = previous.line
                yield found
            previous = record
        if previous is not None:
            yield self._judge(previous, None, section)[1]

    def _things_and_notes(self, records: Iterator[Record]) -> Iterator[Record | LeftOut]:
        """Tell what is written below a list from its rows: single cells after a gap or a sum, to the end."""
        held: list[Record] = []
        previous: Record | None = None
        is_over = False
        for record in records:
            before, previous = previous, record
            if not held and len(record.cells) > 1 and "" not in record.cells:
                is_over = False  # as nearly all rows of a long list
                yield record
                continue
            texts = [cell for cell in record.cells if cell.strip()]
            is_total_here = bool(texts) and is_total(texts[0])
            is_alone = len(texts) == 1 and record.problem is None and not is_total_here
            is_below = bool(held) or is_over or _is_apart(before, record) or self._says_of(texts)
            if is_alone and len(held) < _MOST_NOTES and (is_below or _is_marked(texts[0])):
                held.append(record)
                continue
            yield from held
            held.clear()
            is_over = is_total_here
            yield record
        is_note = is_over or any(self._reads_as_note(one_line(" ".join(record.cells))) for record in held)
        yield from (LeftOut(r.line, Why.NOTE, one_line(" ".join(r.cells))) if is_note else r for r in held)

    def _says_of(self, texts: list[str]) -> bool:
        """Return whether the first cell of a wide list is rather a note on it: `Seen by: Kari`."""
        return self._typical >= _WIDE and bool(texts) and ": " in texts[0]

    def _reads_as_note(self, text: str) -> bool:
        """Return whether a lone cell below the list is rather a note than a thing with nothing else."""
        most = _WORDS if self._typical < _WIDE else _FEW_WORDS
        return len(text.split()) >= most or _SENTENCE.search(text) is not None or _is_marked(text)

    def _judge(self, record: Record, following: Record | None, section: str) -> tuple[str, Line | LeftOut]:
        first = next((text for cell in record.cells if cell and (text := one_line(cell))), "")
        if record.problem is not None or not first:
            return section, Line(record, section)
        if _RULE.fullmatch(first) and self._is_rule(record):
            return section, LeftOut(record.line, Why.RULE, first)
        said = key(first) if len(first) <= _LONGEST_FIRST else ""
        if (said in self._head or said in self._upper | self._lower) and self._repeats_header(record):
            return section, LeftOut(record.line, Why.HEADER, first)
        if said and is_total_key(said) and self._is_sum(said, filled := _filled(record)[1:]):
            return section, LeftOut(record.line, Why.SUM, " ".join([first, *filled]))
        if _NUMBER.fullmatch(first) and self._is_sum_behind(_filled(record)):
            return section, LeftOut(record.line, Why.SUM, " ".join(_filled(record)))
        if first.endswith(":") and len(filled := _filled(record)[1:]) == 1 and _NUMBER.fullmatch(filled[0]):
            return section, LeftOut(record.line, Why.SUM, " ".join([first, *filled]))
        if self._is_title(record, following) or (
            _BLANK_LINE.search(first) is not None and len(_filled(record)) == 1
        ):
            return section, LeftOut(record.line, Why.NOTE, first)
        if self._has_sections and self._is_request(record, first):
            return section, LeftOut(record.line, Why.NOTE, first)
        if record.line in self._summed or self._is_above_things(record, following):
            section = words_of(_words(record))
            return section, LeftOut(record.line, Why.SECTION, section)
        return section, Line(record, section)

    def _is_title(self, record: Record, following: Record | None) -> bool:
        """Return whether the row is the first of lines with numbers, and words above words: its title."""
        if self.sheet.rows.split is None or self._last >= 0 or following is None:
            return False
        lone = [_filled(one) for one in (record, following)]
        text = lone[1][0] if lone[1] else ""
        return [len(one) for one in lone] == [1, 1] and (text.endswith(":") or text.isupper())

    def _is_request(self, record: Record, first: str) -> bool:
        """Return whether a lone cell between things is a sentence: `Please bring them back dry!`"""
        is_sentence = first[-1] in "!." and len(first.split()) >= _WORDS_OF_REQUEST
        return is_sentence and self._typical > 1 and sum(map(bool, map(str.strip, record.cells))) == 1

    @staticmethod
    def _is_rule(record: Record) -> bool:
        filled = _filled(record)
        return len(filled) > 1 and all(_RULE.fullmatch(cell) for cell in filled)

    def _repeats_header(self, record: Record) -> bool:
        filled = _filled(record)
        said = {key(cell) for cell in filled}
        return (len(filled) > 1 and (said <= self._head or said <= self._lower)) or said == self._upper

    def _is_sum(self, said: str, others: Sequence[str]) -> bool:
        if not others:
            return True
        is_word = is_total_word(said)
        if is_word and len(others) > 1 and all(_NUMBER.fullmatch(cell) for cell in others):
            return True
        # A `Total station` is a thing, and its row as full as another's.
        most = max(2, self._typical if is_word else self._typical - 1)
        return len(others) < most and any(c.isdigit() for cell in others for c in cell)

    def _is_sum_behind(self, filled: Sequence[str]) -> bool:
        """Return whether the word for a sum stands behind its number: `46`, `Total`."""
        return 1 < len(filled) < max(3, self._typical) and is_total_word(key(filled[1]))

    def _is_units(self, record: Record) -> bool:
        return self._units >= 0 and (record.line == self._units or _filled(record) == self._in_units)

    def _is_spare(self, record: Record) -> bool:
        """Return whether the row has nothing but its number, as those of a form that nobody filled in."""
        if len(self._head) < _WIDE or (len(record.cells) > 1 and "" not in record.cells):
            return False
        filled = [(column, text) for column, cell in enumerate(record.cells) if (text := one_line(cell))]
        if len(filled) != 1 or not filled[0][1].rstrip(".").isdecimal() or filled[0][0] in self._named:
            return False
        return filled[0][0] == self._first and len(filled[0][1]) <= _LONGEST_NUMBER

    def _is_above_things(self, record: Record, following: Record | None) -> bool:
        if self._is_loud:
            lone = _filled(record)
            return following is not None and len(lone) == 1 and _is_loud(lone[0])
        return self._has_sections and self._is_section(record, following)

    def _is_section(self, record: Record, following: Record | None) -> bool:
        if sum(map(bool, map(str.strip, record.cells))) != 1 or following is None:
            return False
        if not any(record.cells[c].strip() for c in self._of_words if c < len(record.cells)):
            return False  # a lone cell further right is a thing without its name
        text = one_line("".join(record.cells))
        if self.sheet.rows.split is not None and not self._stands_apart(record, text):
            return False  # one thing, whose number is not said
        if not self._begins_with_section and not self._stands_apart(record, text):
            return False  # a thing of which nothing else is known
        is_at_left = any(map(str.strip, record.cells[: self._first + 1]))
        if not is_at_left and not self._begins_with_section and not _is_loud(text):
            return False
        if len(text) > _LONGEST_SECTION or "://" in text or pieces(text) is not None or is_nothing(text):
            return False
        said = _filled(following)
        return len(said) > 1 or {key(cell) for cell in said} == self._upper

    def _stands_apart(self, record: Record, text: str) -> bool:
        """Return whether a line among lines with numbers reads as words above those that follow."""
        return text.endswith(":") or text.isupper() or record.line != self._last + 1


def _is_loud(text: str) -> bool:
    return text.isupper() or text.endswith(":")


def _words(record: Record) -> str:
    """Return the cell of a row that has words: a sum may stand before them."""
    filled = _filled(record)
    return next((text for text in filled if any(map(str.isalpha, text)) and pieces(text) is None), filled[0])


_READ = 5_000
"""Rows in which sums beside words above things are looked for."""

_BLANK_LINE = re.compile(r"[_.…]{5,}$")
"""The line that a signature is written on."""

_NOTION = re.compile(r"\s*\(https://(?:www\.)?notion\.so/[^()\s]*\)")
"""The link that Notion writes behind each name of another table."""


def _plain(record: Record) -> Record:
    if not any("notion.so/" in cell for cell in record.cells):
        return record
    return Record(record.line, [_NOTION.sub("", cell) for cell in record.cells], record.problem)


def _is_apart(before: Record | None, record: Record) -> bool:
    """Return whether a blank row stands between the two."""
    return before is not None and record.line > before.line + 1 + sum(c.count("\n") for c in before.cells)


_SENTENCE = re.compile(r"[.!:?]$|:\s|!|\s=\s")
_WORDS, _FEW_WORDS, _WIDE = 5, 3, 3
"""Words of a note below a list, and below one in which things have so many cells that a lone one is rarely a
thing.
"""


def _is_marked(text: str) -> bool:
    """Return whether the cell begins as a note does: `N.B. …`, `* …`, `Hinweis: …`."""
    head, colon, _ = text.partition(":")
    said = key(text[:_LONGEST_FIRST])
    return (
        text.lstrip().startswith("*")
        or said.startswith(("nb ", "n b ", "p s "))
        or (bool(colon) and key(head) in keys("note"))
    )


def _filled(record: Record) -> list[str]:
    return [text for cell in record.cells if (text := one_line(cell))]
