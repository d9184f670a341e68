"""A look at a list before anything of it is written."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from db.states import Condition
from services.core.text import one_line
from services.imports import mapping
from services.imports.inventory.plan_source import choose
from services.imports.understanding.choices import Choices, number_of
from services.imports.understanding.encodings import Reading
from services.imports.understanding.opening import open_file
from services.imports.understanding.plan import Passed, Plan, Question, Table, understand
from services.imports.understanding.things import Thing
from services.imports.understanding.vocabulary import Meaning

_SAMPLES = 5
_LONGEST = 60
"""Characters of a cell that are shown."""


@dataclass(frozen=True)
class ColumnSeen:
    """A column as it was understood, with its first values."""

    header: str
    meaning: Meaning
    samples: tuple[str, ...]
    is_name: bool = False
    is_hidden: bool = False
    """True where its keeper does not show it."""
    is_empty: bool = False
    is_days: bool = False
    """True where a spreadsheet wrote days as numbers."""
    is_filled_down: bool = False
    """True where a blank cell has the value of the one above."""
    shortened: str = ""
    """The first number that a spreadsheet wrote by its first digits only."""


@dataclass
class Preview:
    """A list as it was understood. `ours`: it was made with our template or export, and needs no asking."""

    ours: bool = False
    rows: int = 0
    pieces: int = 0
    equipment: int = 0
    header_line: int = 0
    columns: list[ColumnSeen] = field(default_factory=list)
    without_code: int = 0
    left_out: list[str] = field(default_factory=list)
    left_out_total: int = 0
    sections: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    """Words above things that are their place, as `sections` are their type."""
    passed: list[tuple[str, Passed]] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    doubts: list[tuple[str, int]] = field(default_factory=list)
    """Words of remarks by which things are not lent until somebody has looked at them, with their counts."""
    held: int = 0
    many: list[tuple[str, int]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    code_columns: list[str] = field(default_factory=list)
    first_row: list[str] = field(default_factory=list)
    """The cells of the first row, where no header was found."""
    things: list[Thing] = field(default_factory=list)
    """The first few, as they would be written."""
    headers: str = ""
    """A digest of all headers, by which lists of one making are known again; empty where there are none."""

    @property
    def needs_asking(self) -> bool:
        """True where somebody decides before it is written: not about our own files, nor about no rows."""
        no_list = Question.HEADER in self.questions and self.rows < 2
        return not self.ours and self.rows > 0 and not no_list

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: dict[str, Any]) -> "Preview":
        """Return what `to_json` made into data."""
        return replace(
            cls(**data),
            columns=[
                ColumnSeen(**c | {"meaning": Meaning(c["meaning"]), "samples": tuple(c["samples"])})
                for c in data["columns"]
            ],
            passed=[(title, Passed(why)) for title, why in data["passed"]],
            unknown=[(word, n) for word, n in data["unknown"]],
            doubts=[(word, n) for word, n in data.get("doubts", ())],
            many=[(name, n) for name, n in data["many"]],
            questions=[Question(one) for one in data["questions"]],
            readings=[Reading(**one) for one in data["readings"]],
            things=[
                replace(Thing(**one), condition=one["condition"] and Condition(one["condition"]))
                for one in data["things"]
            ],
        )


def preview(
    path: Path,
    choices: Choices,
    overrides: dict[str, str] | None = None,
    reading: Callable[[], None] = lambda: None,
    labels: Mapping[str, Any] | None = None,
) -> Preview:
    """Understand a file without writing anything. Raises as `open_file` does, and FILE_BAD_MAPPING.

    `labels`: the organization's own names for its fields.
    """
    seen, plan = look(path, choices, overrides, reading, labels, keep=False)
    if plan is not None:
        plan.close()
    return seen


def look(
    path: Path,
    choices: Choices,
    overrides: dict[str, str] | None = None,
    reading: Callable[[], None] = lambda: None,
    labels: Mapping[str, Any] | None = None,
    *,
    keep: bool = True,
) -> tuple[Preview, Plan | None]:
    """Understand a file as `preview` does; return the open plan too, by which it can be written, where it has
    one: a file of ours has none.
    """
    opened = open_file(path, choices.encoding, reading)
    try:
        first = next(iter(opened.sheets[0].rows))
        if mapping.is_ours([one_line(cell) for cell in first.cells], labels or {}):
            opened.close()
            return Preview(ours=True), None
        choose(opened.sheets, choices, overrides or {})
        plan = understand(opened.sheets, choices, keep=keep)
    except BaseException:
        opened.close()
        raise
    seen = _seen(plan)
    if opened.guess is not None and opened.guess.others and not choices.encoding:
        seen.readings = [opened.guess.best, *opened.guess.others]
        seen.questions.insert(0, Question.ENCODING)
    return seen, plan


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
        left_out=[f"{row.line}: {row.text[:_LONGEST]}" for row in plan.left_out],
        left_out_total=plan.left_out_total,
        sections=list(plan.sections),
        places=list(plan.places),
        passed=[(t.title, t.passed) for t in plan.tables if t.passed is not None],
        sheets=[t.title for t in plan.used if t.title],
        unknown=plan.unknown.most_common(5),
        doubts=plan.doubts.most_common(5),
        held=plan.held_total,
        many=[(name, count) for _, name, count in plan.many],
        questions=list(plan.questions),
        code_columns=list(plan.code_columns),
        first_row=[] if table.header is not None else next(iter(table.sheet.rows)).cells,
        things=_first(plan),
        headers=_digest(used),
    )


def _columns(tables: Sequence[Table]) -> list[ColumnSeen]:
    """Return the columns of all sheets, each header once for each of its meanings."""
    found: dict[tuple[str, Meaning, bool], ColumnSeen] = {}
    for table in tables:
        for column, header in enumerate(table.columns.headers):
            meaning, content = table.columns.meanings[column], table.content[column]
            shown, is_name = header or number_of(column), column in table.columns.names
            seen = ColumnSeen(
                shown,
                meaning,
                tuple(text[:_LONGEST] for text in content.samples),
                is_name,
                is_hidden=column + table.sheet.rows.skips in table.sheet.hidden_columns,
                is_empty=not content.filled and not content.spoken,
                is_days=column in table.columns.days,
                is_filled_down=column in table.repeats.down,
                shortened=content.shortened[:_LONGEST],
            )
            known = found.setdefault((shown, meaning, is_name), seen)
            if known.is_empty and not seen.is_empty:
                found[shown, meaning, is_name] = seen
    return list(found.values())


def _digest(tables: Sequence[Table]) -> str:
    heads = [table.columns.headers for table in tables if table.header is not None]
    return hashlib.sha256(repr(heads).encode()).hexdigest() if heads else ""


def _first(plan: Plan) -> list[Thing]:
    things: list[Thing] = []
    for thing in plan.things():
        if isinstance(thing, Thing) and thing.name:
            thing.name = plan.kinds.name(thing)
            things.append(thing)
        if len(things) == _SAMPLES:
            break
    return things
