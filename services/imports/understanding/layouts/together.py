"""Columns of several tables of a file: numbers of rows that go on, values that are written once in each."""

from collections.abc import Sequence

from services.core.text import key
from services.imports.understanding.columns import Columns
from services.imports.understanding.content import Content
from services.imports.understanding.vocabulary import PLACE, Meaning

_Table = tuple[Columns, Sequence[Content]]


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
