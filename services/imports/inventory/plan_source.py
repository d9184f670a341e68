"""A list that was understood, as rows to write."""

from collections.abc import Iterator
from dataclasses import replace

from services.core.errors import Refusal, Refused
from services.core.text import key
from services.imports import mapping
from services.imports.inventory.pieces import Pieces
from services.imports.inventory.rows import Row
from services.imports.mapping import FileColumns
from services.imports.sources import Parsed, Source
from services.imports.understanding.choices import Choices, number_of
from services.imports.understanding.plan import Plan, Question, understand
from services.imports.understanding.sheets import Sheet
from services.imports.understanding.vocabulary import Meaning

_NAMED = {key(meaning): meaning for meaning in Meaning} | {
    "serial": Meaning.SERIAL_NUMBER,
}
"""Names of meanings for `--map`."""


def choose(sheets: list[Sheet], choices: Choices, overrides: dict[str, str]) -> None:
    """Add what `overrides` say to the choices: a header for each meaning, or none.

    Raises FILE_BAD_MAPPING.
    """
    if not overrides:
        return
    plan = understand(sheets, choices)
    if not any(table.header for table in plan.tables):
        choices.headers = True
        plan = understand(sheets, choices)
    headers = [text for table in plan.used or plan.tables for text in table.columns.headers]
    overrides = _joined(headers, choices, overrides)
    chosen = mapping.chosen_columns(headers, [key(text) for text in headers], overrides, _NAMED)
    for meaning, columns in chosen.items():
        for table in plan.tables:
            for column, of in table.columns.meanings.items():
                if of is meaning:
                    choices.columns.setdefault(table.columns.headers[column], Meaning.CUSTOM)
        for column in columns:
            choices.columns[headers[column]] = meaning


def _joined(headers: list[str], choices: Choices, overrides: dict[str, str]) -> dict[str, str]:
    """Note a name of several columns, such as `Brand + Model`; return the overrides without it."""
    for field, header in overrides.items():
        parts = [part.strip() for part in header.split("+")]
        if key(field) == key(Meaning.NAME) and len(parts) > 1 and set(parts) <= set(headers) - {header}:
            choices.names = parts
            return {other: of for other, of in overrides.items() if other != field}
    return overrides


def planned(sheets: list[Sheet], choices: Choices, overrides: dict[str, str]) -> Plan:
    """Understand the sheets by what was chosen, to be written. Raises FILE_BAD_MAPPING, FILE_NO_NAME."""
    choose(sheets, choices, overrides)
    plan = understand(sheets, choices, keep=True)
    if Question.NAME in plan.questions or Question.HEADER in plan.questions:
        table = (plan.used or plan.tables)[0]
        first_row = next(iter(table.sheet.rows)).cells
        shown = table.columns.headers if table.header is not None else first_row
        plan.close()
        raise Refusal(Refused.FILE_NO_NAME, columns=mapping.shown(shown))
    return plan


def columns_of(plan: Plan) -> FileColumns:
    """Return the labels and headers of a plan's columns."""
    custom = list(dict.fromkeys(label for table in plan.used for label in table.reader.custom_labels))
    headers = plan.headers()
    own = list(dict.fromkeys(label for table in plan.used for label in table.reader.own_labels))
    return FileColumns(lambda field: " / ".join(headers.get(field.value, ())) or None, custom, own)


def meanings_of(plan: Plan) -> dict[str, list[str]]:
    """Return the headers of a plan's columns by their meaning; empty columns are left away."""
    found: dict[str, dict[str, None]] = {}
    for table in plan.used:
        columns = table.columns
        for column, meaning in columns.meanings.items():
            if column in columns.names:
                meaning = Meaning.NAME
            if table.content[column].filled or table.content[column].spoken:
                found.setdefault(meaning, {})[columns.headers[column] or number_of(column)] = None
    return {meaning: list(found[meaning]) for meaning in Meaning if meaning in found}


class PlanSource(Source[Row]):
    """The things of a plan, one row for each piece."""

    def __init__(self, plan: Plan, choices: Choices) -> None:
        self._plan, self._choices = plan, choices
        self._done = 0
        super().__init__()

    @property
    def size(self) -> int:
        return self._plan.rows

    @property
    def done(self) -> int:
        return self._done

    def _read(self) -> Iterator[Parsed[Row]]:
        pieces = Pieces(self._plan.kinds, self._choices)
        several = self._plan.sheets_used > 1
        for table in self._plan.used:
            for kept in table.kept():
                self._done += 1
                rows = pieces.of(table, kept)
                if several:
                    rows = [replace(row, sheet=table.title) for row in rows]
                yield Parsed(rows, kept.characters, kept.cells)

    def close(self) -> None:
        self._plan.close()
