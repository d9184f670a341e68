"""The refused rows of an import as a file: why, then their own cells, to be mended and sent again."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence

from services.core.text import defuse, key
from services.imports.readers.cells import readable
from services.imports.report import BaseReport, RefusedRow
from services.imports.understanding.sheets import Sheet

COLUMNS = ("Refused: line", "Refused: sheet", "Refused: column", "Refused: why")
"""Headers in front of the row's own."""

_IN_OTHER_LANGUAGES = ("Avvist: linje", "Avvist: ark", "Avvist: kolonne", "Avvist: hvorfor")
_OURS = [{key(word) for word in words} for words in zip(COLUMNS, _IN_OTHER_LANGUAGES, strict=True)]


def is_ours(cells: Sequence[str]) -> bool:
    """Return whether a file begins with these headers, in any of our languages."""
    head = [key(cell) for cell in cells[: len(_OURS)]]
    return len(head) == len(_OURS) and all(k in known for k, known in zip(head, _OURS, strict=True))


def content(
    sheets: Sequence[Sheet],
    report: BaseReport,
    head: Sequence[str],
    words: Callable[[RefusedRow], str],
    separator: str = ",",
) -> str:
    """Return the file as CSV, its first headers as in `head`; `words`: the reason in the reader's language.

    Tables with other headers get columns of their own behind those of the first.
    """
    heads = [(title, head) for title, of_sheet in report.heads.items() for head in of_sheet]
    columns = {(title, head.line): _numbered(head.cells) for title, head in heads}
    place = {
        label: n for n, label in enumerate(dict.fromkeys(one for all_ in columns.values() for one in all_))
    }
    refused: dict[tuple[str, int], RefusedRow] = {}
    for row in report.refused:
        refused.setdefault((row.sheet, row.line), row)
    several = len(report.heads) > 1
    out = io.StringIO()
    write = csv.writer(out, delimiter=separator).writerow
    write([*head, *(defuse(readable(label)) for label, _ in place)])
    for sheet in sheets:
        of_sheet = report.heads.get(sheet.title, [])
        for record in sheet.rows if of_sheet else ():
            no = refused.get((sheet.title if several else "", record.line))
            if no is not None:
                above = max(
                    (head.line for head in of_sheet if head.line <= no.line), default=of_sheet[0].line
                )
                labels = columns[sheet.title, above]
                own = [""] * len(place)
                for label, text in zip(labels, record.cells, strict=False):
                    own[place[label]] = text
                own += record.cells[len(labels) :]
                why = str(no.line), sheet.title, no.column or "", words(no)
                write([defuse(readable(text)) for text in [*why, *own]])
    return out.getvalue()


def _numbered(headers: Sequence[str]) -> list[tuple[str, int]]:
    """Return the headers, those of one name told apart by their number."""
    counts: Counter[str] = Counter()
    found = []
    for header in headers:
        counts[header] += 1
        found.append((header, counts[header]))
    return found
