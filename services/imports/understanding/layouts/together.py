"""Columns of several tables of a file: numbers of rows that go on, values that are written once in each."""

from collections.abc import Sequence
from dataclasses import replace

from services.core.text import key
from services.imports.understanding.columns import Columns
from services.imports.understanding.content import Content
from services.imports.understanding.vocabulary import PLACE, Meaning

_Table = tuple[Columns, Sequence[Content]]


_FEWEST_ROWS = 3
"""Of fewer rows, one decides little about its columns."""


def alike(columns: Columns, content: Sequence[Content], tables: Sequence[_Table]) -> Columns:
    """Return the columns as the longest table with the same headers has them, where it tells more."""
    same = [
        (of, found) for of, found in tables if of.headers == columns.headers and len(found) == len(content)
    ]
    longest, found = max(same, key=lambda one: one[1][0].rows if one[1] else 0, default=(columns, content))
    if longest is columns or not content or found[0].rows < max(_FEWEST_ROWS, content[0].rows):
        return columns
    own = {c for c, of in enumerate(content) if of.filled and not found[c].filled}
    """Columns of which the longest table knows nothing."""
    return replace(
        longest,
        meanings={c: (columns if c in own else longest).meanings[c] for c in longest.meanings},
        names=list(longest.names),
        asked=[*(c for c in longest.asked if c not in own), *(c for c in columns.asked if c in own)],
        days=list(columns.days),
    )


def leave_out_numbers(tables: Sequence[_Table]) -> None:
    """Leave out the columns whose numbers go on where those of the same header end in a table above."""
    ends: dict[str, int] = {}
    for columns, content in tables:
        for column, of in enumerate(content[: len(columns.headers)]):
            header = key(columns.headers[column]) or columns.headers[column]
            is_next = of.counts and of.filled == of.rows and ends.get(header) == of.begins_at
            if is_next and columns.meanings.get(column) is Meaning.CODE:
                columns.meanings[column] = Meaning.LEFT_OUT
            if of.counts and columns.meanings.get(column) is Meaning.LEFT_OUT:
                ends[header] = of.begins_at + of.filled


def written_once(tables: Sequence[_Table]) -> frozenset[str]:
    """Return the headers of places and types that each of several tables has in its first row, and once per
    block: a table of which nothing but the first row has one says little by itself.
    """
    of_header: dict[str, list[Content]] = {}
    for columns, content in tables:
        for column, of in enumerate(content[: len(columns.headers)]):
            if columns.meanings.get(column) in (*PLACE, Meaning.TYPE):
                of_header.setdefault(columns.headers[column], []).append(of)
    return frozenset(
        header
        for header, found in of_header.items()
        if len(found) > 1
        and all(of.first == 1 and of.adjacent * 3 <= of.filled and not of.repeated for of in found)
        and 2 * sum(of.filled for of in found) < sum(of.rows for of in found)
    )
