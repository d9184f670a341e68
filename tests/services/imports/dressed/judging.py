"""Comparing a list that would come in with what is true."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db.states import Condition
from services.core.errors import Refusal
from services.core.text import fold, one_line
from services.imports.inventory.pieces import Pieces
from services.imports.inventory.plan_source import planned
from services.imports.inventory.preview import Preview, preview
from services.imports.inventory.rows import Row
from services.imports.understanding.choices import Choices
from services.imports.understanding.opening import open_file
from services.imports.understanding.plan import Plan, Question
from services.imports.understanding.vocabulary import Meaning
from tests.services.imports.dressed.truth import Dressed, Expected

MOST_ASKED = 3


@dataclass
class Verdict:
    """The outcome of a list: what was asked, and what is wrong: said on the card, or unsaid."""

    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return "unsaid" if self.unsaid else "said" if self.said else "asked" if self.asked else "right"


def judge(path: Path, dressed: Dressed) -> Verdict:
    """Play a list as its keeper would: answer what is asked, and compare what would be written."""
    verdict, choices = Verdict(), Choices()
    try:
        while (seen := preview(path, choices)).questions and len(verdict.asked) < MOST_ASKED:
            verdict.asked.append(seen.questions[0].value)
            _answer(seen, dressed, choices)
        plan = planned(open_file(path, choices.encoding).sheets, choices, {})
    except Refusal as refusal:
        verdict.said.append(f"refused: {refusal}")
        return verdict
    try:
        pieces = Pieces(plan.kinds, choices)
        rows = [row for table in plan.used for kept in table.kept() for row in pieces.of(table, kept)]
        refused = [row for row in rows if not isinstance(row, Row)]
        _compare(dressed.things, [row for row in rows if isinstance(row, Row)], verdict)
        _say(plan, refused, verdict)
    finally:
        plan.close()
    return verdict


def _answer(seen: Preview, dressed: Dressed, choices: Choices) -> None:
    match seen.questions[0]:
        case Question.NAME:
            choices.names = [dressed.name_header]
        case Question.HEADER:
            choices.headers = True
        case Question.PIECES:
            choices.one_each = False
        case Question.CODE if dressed.code_header in seen.code_columns:
            choices.columns[dressed.code_header] = Meaning.CODE
        case Question.CODE:
            choices.make_codes = True
        case Question.ENCODING:
            names = [reading.encoding for reading in seen.readings]
            choices.encoding = dressed.encoding if dressed.encoding in names else names[0]


def _say(plan: Plan, refused: Sequence[object], verdict: Verdict) -> None:
    """Tell what the card says of what is missing: rows refused, and rows left out by their words."""
    told = fold(" ".join(one.text for one in plan.left_out))
    silent: list[str] = []
    if refused:
        verdict.said.append(f"{len(refused)} rows are refused")
    for text in verdict.unsaid:
        name = text.partition(" is missing")[0]
        is_told = " is missing" in text and fold(name) in told
        (verdict.said if is_told or (refused and " is missing" in text) else silent).append(text)
    verdict.unsaid = silent


def _compare(things: list[Expected], rows: list[Row], verdict: Verdict) -> None:
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_name[_name(row)].append(row)
    wanted: dict[str, list[Expected]] = defaultdict(list)
    for thing in things:
        wanted[fold(thing.name)].append(thing)
    for name in by_name.keys() - wanted.keys():
        verdict.unsaid.append(f"{name} is no thing")
    for name, of in wanted.items():
        found = by_name.get(name, [])
        if len(found) < len(of):
            verdict.unsaid.append(f"{of[0].name} is missing {len(of) - len(found)} of {len(of)}")
        if len(found) > len(of):
            verdict.unsaid.append(f"{of[0].name} is there {len(found)} times, not {len(of)}")
        if len(found) == len(of):
            verdict.unsaid += _differing(of, found)


def _name(row: Row) -> str:
    """Return the name as the list has it, without what tells it from others."""
    parts = (row.equipment.get(field, "") for field in ("brand", "model", "type"))
    name = row.name
    while name.endswith(")"):
        inner = name.rpartition(" (")[2].rstrip(")")
        rest = inner
        for part in (*parts,):
            rest = rest.replace(part, "") if part else rest
        if rest.strip():
            break
        name = name.rpartition(" (")[0]
    return fold(name)


def _differing(of: list[Expected], rows: list[Row]) -> Iterable[str]:
    """Return what differs between as many things as rows of one name."""
    parts: list[tuple[str, Counter[Any], Counter[Any]]] = [
        ("make", Counter((t.brand, t.model) for t in of), Counter(_make(r) for r in rows)),
        ("type", Counter(t.type for t in of), Counter(r.equipment.get("type", "") for r in rows)),
        ("code", Counter(t.code or "" for t in of), Counter(r.code for r in rows)),
        ("serial", Counter(t.serial for t in of), Counter(r.item.get("serial_number") or "" for r in rows)),
        ("place", Counter(t.place for t in of), Counter(r.item.get("location") or "" for r in rows)),
        ("state", Counter(t.state for t in of), Counter(_state(r) for r in rows)),
        ("holder", Counter(bool(t.holder) for t in of), Counter(bool(r.checked_out) for r in rows)),
    ]
    for part, true, found in parts:
        if true != found:
            yield f"{of[0].name}: {part} is {dict(found - true)}, not {dict(true - found)}"
    texts = " | ".join(fold(one_line(text)) for row in rows for text in _texts(row))
    for text in dict.fromkeys(text for thing in of for text in sorted(thing.kept)):
        if fold(text) not in texts:
            yield f"{of[0].name}: {text!r} is lost"


def _make(row: Row) -> tuple[str, str]:
    return row.equipment.get("brand", ""), row.equipment.get("model", "")


def _state(row: Row) -> str:
    return (row.item.get("condition") or Condition.OK).value


def _texts(row: Row) -> Iterable[str]:
    yield from row.custom.values()
    yield from row.own.values()
    yield row.item.get("comment") or ""
    yield row.item.get("label") or ""
    yield row.equipment.get("description", "")
    yield from (row.since, row.until)
