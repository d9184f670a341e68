"""Finding the header of a list: below titles and blank rows, or nowhere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.core.text import key, one_line
from services.imports.file_kind import is_known
from services.imports.readers.csv_reader import Record
from services.imports.understanding import vocabulary
from services.imports.understanding.cells.values import pieces
from services.imports.understanding.sheets import Sheet
from services.imports.understanding.vocabulary import Meaning, asked, is_total, meanings

_SURE = 2
"""Known words of a header below which no other of two rows is looked for."""
LOOKED_AT = 30
"""Rows in which a header is looked for."""

_LONGEST = 60
"""A longer cell is a sentence, not a header."""


@dataclass(frozen=True)
class Header:
    """The header of a sheet: the place of its row among the rows, and its cells. `known`: by its words."""

    row: int
    line: int
    cells: tuple[str, ...]
    known: bool
    halves: tuple[tuple[str, ...], ...] = ()
    """The cells of its two rows, where it has two."""


def find(rows: Sequence[Record]) -> Header | None:
    """Return the header among the first rows; None where there is none.

    It is the row with most known words; without any, the first row that has a header's shape.
    """
    best, most = None, 0.0
    others: list[int] = []
    for number, record in enumerate(rows[:LOOKED_AT]):
        if most < _SURE and (joined := _of_two_rows(rows, number)) is not None:
            return joined
        score = _score(record.cells)
        # A title such as `Inventory of the club` may begin with a known word.
        is_wider = score == most > 0 and len(_filled(rows[best or 0])) == 1 < len(_filled(record))
        if (score > most or is_wider) and (number == 0 or _is_a_table(rows, number)):
            if 2 * score < len(_filled(record)) and _is_among_values(rows, number):
                continue
            best, most = number, score
        if score > 0:
            others.append(number)
    if best is not None:
        # Of tables below each other that begin with the same word, the first has the list's header.
        is_later = _is_under_title(rows, best)
        first = next(
            (
                n
                for n in others
                if n < best
                if _begins(rows[n]) == _begins(rows[best]) or (is_later and _score(rows[n].cells) > 1)
            ),
            best,
        )
        return _header(rows, first, known=True)
    for number in range(min(len(rows), LOOKED_AT)):
        if _is_repeated(rows, number):
            return None
        if _has_shape(rows, number):
            return _header(rows, number, known=False)
    return None


def first_table(sheets: Sequence[Sheet]) -> tuple[Sheet, Header]:
    """Return the first sheet with a known header, else the first with its first row as the header."""
    for sheet in sheets:
        found = find(sheet.rows.head(2 * LOOKED_AT))
        if found is not None and found.known:
            return sheet, found
    shown = next((sheet for sheet in sheets if not sheet.hidden), sheets[0])
    return shown, _header(shown.rows.head(1), 0, known=False)


def _header(rows: Sequence[Record], number: int, *, known: bool) -> Header:
    cells = [one_line(cell) for cell in rows[number].cells]
    if number + 1 < len(rows) and _continues(cells, rows[number + 1]):
        number, above = number + 1, cells
        cells = [one_line(cell) for cell in rows[number].cells]
    else:
        above = [one_line(cell) for cell in rows[number - 1].cells] if number else []
    if len([cell for cell in above if cell]) > 1 and not any(map(_is_a_value, above)):
        cells += [""] * (len(above) - len(cells))
        cells = [cell or (above[i] if i < len(above) else "") for i, cell in enumerate(cells)]
    prefix = common_prefix(cells)
    return Header(number, rows[number].line, tuple(cell[len(prefix) :] for cell in cells), known)


def common_prefix(headers: Sequence[str]) -> str:
    """Return what a product puts before each header, such as `HB.`; empty where they share nothing."""
    filled = [header for header in headers if header.strip()]
    found = re.match(r"[A-Za-z]{1,6}[.:]", filled[0]) if len(filled) > 1 else None
    return found[0] if found and all(header.startswith(found[0]) for header in filled) else ""


def _are_beside(cells: Sequence[str]) -> bool:
    """Return whether the headers begin again behind a blank column."""
    return any(
        text and key(text) == key(cells[0]) and is_known(text) and not cells[column - 1]
        for column, text in enumerate(cells)
        if column > 1
    )


def _of_two_rows(rows: Sequence[Record], number: int) -> Header | None:
    """Return the header whose upper row is this one, and names groups of columns: `Purchase` above `Date` and
    `Price`; None where it is another row.

    A known word below tells its column alone; others, and those that are there twice, are told by both.
    """
    if number + 2 >= len(rows):
        return None
    width = max(len(rows[number].cells), len(rows[number + 1].cells))
    upper, lower = (_padded(rows[n].cells, width) for n in (number, number + 1))
    lower = [below if below != above else "" for above, below in zip(upper, lower, strict=True)]
    if (whole := _broken_in_two(upper, lower)) is not None:
        return Header(number + 1, rows[number + 1].line, whole, True, (tuple(upper), tuple(lower)))
    group_of = _groups(upper, lower)
    if group_of and _are_beside(lower):
        return None  # titles of tables beside each other
    if not group_of or not _is_lower_row(upper, lower, group_of):
        return None
    cells = [below or above for above, below in zip(upper, lower, strict=True)]
    for column, group in group_of.items():
        is_plain = is_known(lower[column]) or asked(lower[column]) is not None
        if lower[column] and (lower.count(lower[column]) > 1 or not is_plain):
            cells[column] = f"{group} {lower[column]}"
    return Header(number + 1, rows[number + 1].line, tuple(cells), True, (tuple(upper), tuple(lower)))


def _broken_in_two(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...] | None:
    """Return a header of which some words stand in the row above: `Serial` above `number`; None where the
    words of the two rows are none together.
    """
    above = [column for column, text in enumerate(upper) if text]
    if any(len(upper[column].split()) > _FEW_WORDS_ABOVE for column in above):
        return None
    first = next((column for column, text in enumerate(lower) if text), 0)
    if above == [first] and is_known(lower[first]):
        return None  # a title
    if not 0 < len(above) < len(list(filter(None, lower))) or not all(lower[column] for column in above):
        return None
    halves = [text for column in above for text in (upper[column], lower[column])]
    if any(map(_is_a_value, halves)) or not all(any(map(str.isalnum, lower[column])) for column in above):
        return None
    joined = [f"{up} {low}" if up else low for up, low in zip(upper, lower, strict=True)]
    of_others = [
        word.meaning for n, text in enumerate(lower) if n not in above for word in meanings(text)[:1]
    ]
    is_told = any(word.meaning in of_others for column in above for word in meanings(lower[column])[:1])
    is_told = (
        is_told
        or any(_are_known_together(joined[column], lower[column]) for column in above)
        or (len(above) > 1 and any(is_known(text) or asked(text) for text in (joined[c] for c in above)))
    )
    known = sum(map(is_known, filter(None, joined)))
    return tuple(joined) if is_told and known > 1 else None


_FEW_WORDS_ABOVE = 2


def _are_known_together(joined: str, below: str) -> bool:
    """Return whether a header means something that its lower half does not mean."""
    if asked(joined) is not None and asked(below) is None:
        return True
    of_both = {word.meaning for word in meanings(joined)}
    return bool(of_both) and of_both.isdisjoint(word.meaning for word in meanings(below))


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*map(one_line, cells), *[""] * (width - len(cells))]


def _groups(upper: Sequence[str], lower: Sequence[str]) -> dict[int, str]:
    """Return the word above each column that shares it with others."""
    found: dict[int, str] = {}
    starts = [column for column, text in enumerate(upper) if text]
    for start, end in zip(starts, [*starts[1:], len(upper)], strict=True):
        under = [column for column in range(start, end) if lower[column]]
        if len(under) > 1 and under[0] == start:
            found |= dict.fromkeys(under, upper[start])
    return found


def _is_lower_row(upper: Sequence[str], lower: Sequence[str], group_of: Mapping[int, str]) -> bool:
    """Return whether these are the two rows of a header, neither of them a title or a thing."""
    texts = [text for text in (*upper, *lower) if text]
    if any(map(_is_a_value, texts)) or is_total(texts[0]):
        return False
    said = [text for text in upper if text]
    if len(said) == 1 and _is_title(said[0], (lower[column] for column in group_of)):
        return False
    alone = [column for column, text in enumerate(upper) if text and column not in group_of]
    if any(lower[column] for column in alone):
        return False
    own = [text for column, text in enumerate(lower) if text and not upper[column] and column not in group_of]
    known = sum(map(is_known, filter(None, lower)))
    if not any(is_known(upper[column]) for column in alone) and not any(map(is_known, own)):
        return len(set(group_of.values())) > 1 and 2 * known >= len(list(filter(None, lower)))
    return True


_WORDS_OF_TITLE = 4


def _is_title(text: str, below: Iterable[str]) -> bool:
    """Return whether a lone cell is the list's title rather than the name of the columns below it."""
    is_name = any(word.meaning is Meaning.NAME for header in below for word in meanings(header))
    return is_name or len(text.split()) >= _WORDS_OF_TITLE


def _continues(cells: Sequence[str], below: Record) -> bool:
    """Return whether the row below is the header's second: it has words where this one has a blank."""
    filled = [(i, text) for i, cell in enumerate(below.cells) if (text := one_line(cell))]
    blank = [text for i, text in filled if i >= len(cells) or not cells[i]]
    return bool(blank) and all(is_known(text) and not _is_a_value(text) for _, text in filled)


def _is_under_title(rows: Sequence[Record], number: int) -> bool:
    """Return whether the row stands below words alone, and these below a gap, as of a later table."""
    if number < _FEWEST_ABOVE:
        return False
    before, title = rows[number - 2 : number]
    return len(_filled(title)) == 1 and (not _filled(before) or title.line > before.line + 1)


_FEWEST_ABOVE = 3
"""Rows above a later table: a header, a thing, and the words above the table."""


def _begins(record: Record) -> str:
    return next((said for cell in record.cells if (said := key(cell))), "")


def _filled(record: Record) -> list[str]:
    return [text for cell in record.cells if (text := one_line(cell))]


def _score(cells: Sequence[str]) -> float:
    """Score how much a row looks like a header; at most 0 where it does not."""
    filled = [text for cell in cells if (text := one_line(cell))]
    prefix = common_prefix(filled) if filled else ""
    filled = [cell[len(prefix) :] for cell in filled]
    known = sum(is_known(cell) for cell in filled)
    if not known or max(map(len, filled)) > 3 * _LONGEST:
        return 0
    known += sum(not is_known(cell) and vocabulary.is_kept(cell) for cell in filled)
    strangers = sum(_is_a_value(cell) for cell in filled)
    sure = known >= 2 or any(not word.weak for cell in filled for word in meanings(cell)) or len(filled) == 1
    if not sure or known < len(filled) / 4 or strangers > known:
        return 0
    return known - strangers


def _is_a_value(cell: str) -> bool:
    """Return whether the cell is a number, a link or a long text, as no header is."""
    return pieces(cell) is not None or len(cell) > _LONGEST or "://" in cell or cell.startswith("www.")


def _is_a_table(rows: Sequence[Record], number: int) -> bool:
    """Return whether rows follow that are about as wide as this one."""
    width = len(_filled(rows[number]))
    following = [len(_filled(record)) for record in rows[number + 1 : number + 6]]
    return not following or max(following) * 3 >= width


def _has_shape(rows: Sequence[Record], number: int) -> bool:
    """Return whether the row is all short words, no two alike, above rows that are otherwise."""
    filled = _filled(rows[number])
    if len(filled) < 2 or any(map(_is_a_value, filled)) or is_total(filled[0]):
        return False
    if len({cell.casefold() for cell in filled}) < len(filled):
        return False
    below = [record for record in rows[number + 1 : LOOKED_AT] if len(_filled(record)) > 1]
    columns = [i for i, cell in enumerate(rows[number].cells) if one_line(cell)]
    return any(_is_of_one_kind(below, column) for column in columns)


def _is_among_values(rows: Sequence[Record], number: int) -> bool:
    """Return whether a row with few known words is rather one of the things: as wide ones are above it, or
    what it says is there again.
    """
    whole = _filled(rows[number])
    above = (filled for record in rows[:number] if (filled := _filled(record)) != whole)
    return any(len(filled) >= len(whole) for filled in above) or _is_repeated(rows, number)


def _is_repeated(rows: Sequence[Record], number: int) -> bool:
    """Return whether one of several cells is in another row, too: values, then, and no header."""
    cells = [(i, text) for i, cell in enumerate(rows[number].cells) if key(text := one_line(cell))]
    if len(cells) < 2 or is_total(cells[0][1]):
        return False
    whole = _filled(rows[number])
    others = [r.cells for n, r in enumerate(rows[:LOOKED_AT]) if n != number and _filled(r) != whole]
    return any(i < len(row) and one_line(row[i]) == text for row in others for i, text in cells)


def _is_of_one_kind(below: Sequence[Record], column: int) -> bool:
    """Return whether all cells of a column are numbers or have digits, unlike the word above them."""
    cells = [one_line(r.cells[column]) for r in below if column < len(r.cells) and r.cells[column].strip()]
    return len(cells) > 1 and all(any(c.isdigit() for c in cell) for cell in cells)


def _is_header(cell: str) -> bool:
    return (vocabulary.is_known(cell) or asked(cell) is not None) and not any(map(str.isdigit, cell))


def are_headers(cells: Sequence[str], *, is_apart: bool) -> bool:
    """Return whether all cells are known headers; below words that stand alone, most of them are enough."""
    known = sum(map(_is_header, cells))
    has_digits = any(map(str.isdigit, "".join(cells)))
    return known == len(cells) or (is_apart and not has_digits and known * 3 >= len(cells) * 2)


def is_turned(rows: Sequence[Record]) -> bool:
    """Return whether the headers stand below each other, and each thing is a column."""
    table = [list(map(one_line, record.cells)) for record in rows if len(record.cells) > 2]
    heads = [cells[0] for cells in table]
    if len(table) < 3 or len(table) < len(rows) or len(set(heads)) < len(heads):
        return False
    others = [cell for cells in table for cell in cells[1:] if cell]
    is_named = any(word.meaning is Meaning.NAME for head in heads for word in meanings(head))
    return is_named and all(map(is_known, heads)) and 4 * sum(map(is_known, others)) <= len(others)
