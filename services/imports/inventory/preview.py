"""A look at a list before anything of it is written."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from services.core.text import one_line
from services.imports import mapping
from services.imports.inventory.plan_source import choose
from services.imports.understanding.choices import Choices
from services.imports.understanding.encodings import Reading
from services.imports.understanding.opening import open_file
from services.imports.understanding.plan import Passed, Plan, Question, Table, understand
from services.imports.understanding.things import Thing
from services.imports.understanding.vocabulary import Meaning

_SAMPLES = 5


@dataclass(frozen=True)
class ColumnSeen:
    """A column as it was understood, with its first values."""

    header: str
    meaning: Meaning
    samples: tuple[str, ...]
    is_name: bool = False


@dataclass
class Preview:
    """What was understood of a list. `ours`: it was made with our template or export, and needs no asking."""

    ours: bool = False
    rows: int = 0
    pieces: int = 0
    equipment: int = 0
    header_line: int = 0
    columns: list[ColumnSeen] = field(default_factory=list)
    without_code: int = 0
    left_out: list[str] = field(default_factory=list)
    left_out_total: int = 0
    passed: list[tuple[str, Passed]] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    held: int = 0
    many: list[tuple[str, int]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    first_row: list[str] = field(default_factory=list)
    """The cells of the first row, where no header was found."""
    things: list[Thing] = field(default_factory=list)
    """The first few, as they would be written."""


def preview(path: Path, choices: Choices, overrides: dict[str, str] | None = None) -> Preview:
    """Understand a file without writing anything. Raises as `open_file` does, and FILE_BAD_MAPPING."""
    with closing(open_file(path, choices.encoding)) as opened:
        first = next(iter(opened.sheets[0].rows))
        if mapping.is_ours([one_line(cell) for cell in first.cells]):
            return Preview(ours=True)
        choose(opened.sheets, choices, overrides or {})
        plan = understand(opened.sheets, choices)
        seen = _seen(plan)
        if opened.guess is not None and opened.guess.others and not choices.encoding:
            seen.readings = [opened.guess.best, *opened.guess.others]
            seen.questions.insert(0, Question.ENCODING)
        return seen


def _seen(plan: Plan) -> Preview:
    used = plan.used or plan.tables[:1]
    table = used[0]
    return Preview(
        rows=plan.rows,
        pieces=plan.pieces,
        equipment=plan.equipment,
        header_line=table.header.line if table.header is not None else 0,
        columns=_columns(used),
        without_code=plan.without_code,
        left_out=[row.text for row in plan.left_out],
        left_out_total=plan.left_out_total,
        passed=[(t.title, t.passed) for t in plan.tables if t.passed is not None],
        sheets=[t.title for t in plan.used if t.title],
        unknown=plan.unknown.most_common(5),
        held=plan.held_total,
        many=[(name, count) for _, name, count in plan.many],
        questions=list(plan.questions),
        first_row=[] if table.header is not None else next(iter(table.sheet.rows)).cells,
        things=_first(plan),
    )


def _columns(tables: Sequence[Table]) -> list[ColumnSeen]:
    """Return the columns of all sheets, each header once."""
    found: dict[str, ColumnSeen] = {}
    for table in tables:
        for column, header in enumerate(table.columns.headers):
            meaning = table.columns.meanings[column]
            samples = tuple(table.content[column].samples)
            shown = header or f"#{column + 1}"
            found.setdefault(shown, ColumnSeen(shown, meaning, samples, column in table.columns.names))
    return list(found.values())


def _first(plan: Plan) -> list[Thing]:
    things: list[Thing] = []
    for thing in plan.things():
        if isinstance(thing, Thing) and thing.name:
            thing.name = plan.kinds.name(thing)
            things.append(thing)
        if len(things) == _SAMPLES:
            break
    return things
