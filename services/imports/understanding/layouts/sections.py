"""Rows between things that are none: units below a header, and words above things with their sum beside."""

import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import pairwise

from services.core.text import key, one_line
from services.imports.readers.csv_reader import Record
from services.imports.understanding.cells.some_pieces import mixed
from services.imports.understanding.cells.values import pieces_in
from services.imports.understanding.vocabulary import is_total, keys, spelled

_COUNT = re.compile(
    r"\s*[(\[]\s*\d{1,4}\s*[^\W\d_]{0,12}\.?\s*[)\]]$|(?::\s*|\s[-–]\s+)\d{1,4}\s*[^\W\d_]{0,12}\.?$"
)
"""The number of things below, behind the words above them: `Tents (5)`, `Tents (5 pcs)`, `Tents: 5`."""


def are_units(cells: Sequence[str], names: Collection[int]) -> bool:
    """Return whether a row below the header says in what its columns are counted, and nothing else.

    `names`: the columns with names.
    """
    filled = [(column, text) for column, cell in enumerate(cells) if (text := one_line(cell))]
    if not filled or not all(is_unit(text) for _, text in filled):
        return False
    is_apart = bool(names) and filled[0][0] not in names
    return len(filled) > 1 or filled[0][0] > 0 or is_apart or not filled[0][1][0].isalnum()


def words_of(text: str) -> str:
    """Return the words above things without the colon, and the number of things, behind them."""
    text = text.rstrip(": ") or text
    rest = _COUNT.sub("", text).rstrip(": ")
    return rest if any(map(str.isalpha, rest)) else text


def is_counted(record: Record) -> bool:
    """Return whether the row is nothing but words with a number of things behind them: `Tents (5)`."""
    filled = [text for cell in record.cells if (text := one_line(cell))]
    return len(filled) == 1 and _COUNT.search(filled[0]) is not None


def summed(records: Sequence[Record], words: Collection[int], typical: int) -> frozenset[int]:
    """Return the lines of rows with words and one number, beside or behind them, which is the sum of the
    column, or the number of the rows, as far as the next such row. `words`: the columns in which there are
    names; `typical`: how many cells rows have.
    """
    found: dict[int, tuple[int | None, int]] = {}
    for place, record in enumerate(records):
        if (one := _counted(record, words, typical)) is not None:
            found[place] = one
    lines = set()
    for place, until in pairwise([*found, len(records)]):
        column, number = found[place]
        below = [record for record in records[place + 1 : until] if not _is_of_sums(record, typical)]
        cells = [r.cells[column] for r in below if column < len(r.cells)] if column is not None else []
        if below and number in (sum(map(_count, cells)), len(below)):
            lines.add(records[place].line)
    return frozenset(lines) if len(lines) * 2 >= len(found) else frozenset()


def _counted(record: Record, words: Collection[int], typical: int) -> tuple[int | None, int] | None:
    """Return the column of the number beside the words, None where it is behind them, and the number."""
    filled = [(column, text) for column, cell in enumerate(record.cells) if (text := one_line(cell))]
    if any(is_total(text) for _, text in filled[:2]):
        return None
    if len(filled) == 1 and typical == 1 and (behind := _COUNT.search(filled[0][1])) is not None:
        return None, int("".join(filter(str.isdecimal, behind[0])))
    if len(filled) != 2 or typical < _FEWEST_CELLS:
        return None
    named = [column for column, text in filled if column in words and any(map(str.isalpha, text))]
    counts = [(column, n) for column, text in filled if (n := pieces_in(text)) is not None]
    return counts[0] if named and counts and counts[0][0] != named[0] else None


_FEWEST_CELLS = 3
"""Of things in rows of fewer cells, one with a name and a number says all there is."""


def _count(cell: str) -> int:
    text = one_line(cell)
    found = pieces_in(text)
    if found is None and (several := mixed(text)) is not None:
        found = several[0]
    return int(not text) if found is None else found


def _is_of_sums(record: Record, typical: int) -> bool:
    filled = [text for cell in record.cells if (text := one_line(cell))]
    return len(filled) < min(2, typical) or any(map(is_total, filled[:2])) or not any(map(key, filled))


_DATE_FORM = re.compile(r"[dmyjtaå]{1,4}([./ -])[dmyjtaå]{1,4}(\1[dmyjtaå]{1,4})?", re.IGNORECASE)


def is_unit(text: str) -> bool:
    """Return whether a cell says in what a column is counted: `pcs`, `[kg]`, `in €`, `(dd.mm.yyyy)`."""
    said = text.strip("()[] .").casefold()
    said = said.removeprefix("in ").removeprefix("i ").strip()
    return said in _units_of_columns() or _DATE_FORM.fullmatch(said) is not None


@cache
def _units_of_columns() -> frozenset[str]:
    words = [*spelled("pieces"), *spelled("measures"), *spelled("units")]
    return frozenset(word.casefold().strip(".") for word in words)


def is_place(text: str) -> bool:
    """Return whether words above things are a place: `Cellar`, `Cupboard 2`, `Box A`."""
    words = key(text).split()
    if words and (words[0] in keys("places", "before")):
        words = words[1:]
    is_numbered = len(words) > 1 and (words[-1].isdigit() or len(words[-1]) == 1)
    words = words[:-1] if is_numbered else words
    said = " ".join(words)
    return said in keys("places") or (is_numbered and said in keys("places", "numbered"))
