"""A file as it was understood: its sheets, columns, things and rows left out, and what has to be asked."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice

from services.core.errors import Refusal, Refused
from services.core.text import fold, one_line
from services.imports.readers import bounds
from services.imports.readers.bounds import Bound, too_much
from services.imports.readers.cells import may_be_wrong
from services.imports.readers.csv_reader import Record
from services.imports.readers.kept import Blocks
from services.imports.report import Reason
from services.imports.understanding.body import Body, LeftOut, Line, Why
from services.imports.understanding.cells.repeats import Repeats
from services.imports.understanding.choices import Choices, number_of
from services.imports.understanding.columns import Columns, assign, is_matrix, is_of_people, priced, repeats
from services.imports.understanding.content import Content, contents
from services.imports.understanding.header import LOOKED_AT, Header, find, is_turned
from services.imports.understanding.kinds import Kinds
from services.imports.understanding.layouts.several import beside
from services.imports.understanding.layouts.several import parts as header_parts
from services.imports.understanding.layouts.together import alike, leave_out_numbers, written_once
from services.imports.understanding.sheets import Sheet, is_counted, sized
from services.imports.understanding.things import MOST_PIECES, Reader, Thing, of_plain, to_plain
from services.imports.understanding.vocabulary import Meaning, is_known

MOST_LISTED = 20
"""Maximum number of rows, words and holders that are listed; all are counted."""

_LOOKED_AT = 5_000
"""Rows by which the meaning of columns is decided."""

_UNTITLED = re.compile(
    r"(sheet|tabelle|ark|blad|feuil|hoja|foglio|planilha|arkusz|list|лист|工作表)\s*\d*", re.IGNORECASE
)
"""Titles of sheets that spreadsheets give by themselves."""


class Question(StrEnum):
    """Questions that only a person can answer."""

    NAME = "name"  # which column is the name?
    ENCODING = "encoding"  # which of these texts is right?
    PIECES = "pieces"  # so many pieces: items of their own, or one?
    HEADER = "header"  # is the first row the header?
    CODE = "code"  # which column is the code, if any?


class Passed(StrEnum):
    """Reasons for passing over a sheet."""

    HIDDEN = "hidden"
    NO_TABLE = "no_table"
    SAME = "same"  # the same things as an earlier sheet
    OLDER = "older"  # the same list of an earlier year
    NOT_CHOSEN = "not_chosen"


@dataclass(slots=True)
class Kept:
    """A row as it was read once. `thing`: None where it cannot be read; `record`: the row itself, where
    something may be wrong with it; its size in `characters`, and in `cells` with a value.
    """

    line: int
    thing: Thing | None
    record: Record | None
    characters: int
    cells: int


@dataclass
class Table:
    """One sheet as a table: its header, columns and body. `passed`: why none of it is imported; `end` and
    `section`: of one of several below each other, as Body has them.
    """

    sheet: Sheet
    header: Header | None
    columns: Columns
    content: list[Content]
    reader: Reader
    passed: Passed | None = None
    end: int | None = None
    section: str = ""
    repeats: Repeats = field(default_factory=Repeats)
    _kept: Blocks | None = None

    @property
    def title(self) -> str:
        return self.sheet.title

    def lines(self) -> Iterator[Line | LeftOut]:
        lines = iter(Body(self.sheet, self.header, self.end, self.section))
        return self.repeats.fill(lines) if self.repeats else lines

    def keep(self, record: Record, thing: Thing | None) -> None:
        """Keep a row for `kept`, with what was read of it."""
        self._kept = self._kept or Blocks()
        cells, characters = record.cells, sum(map(len, record.cells))
        whole = None
        if record.problem is not None or may_be_wrong(cells, len(self.columns.headers)):
            whole = cells, record.problem and record.problem.value
        plain = thing and to_plain(thing)
        self._kept.put((record.line, plain, whole, characters, sum(map(bool, cells))), characters)

    def kept(self) -> Iterator[Kept]:
        """Return the rows that were kept, which need not be read again."""
        for line, plain, whole, characters, cells in self._kept or ():
            problem = Reason(whole[1]) if whole and whole[1] else None
            record = Record(line, whole[0], problem) if whole else None
            yield Kept(line, plain and of_plain(plain), record, characters, cells)

    def close(self) -> None:
        self.sheet.close()
        if self._kept is not None:
            self._kept.close()


@dataclass
class Plan:
    """The whole file as understood. Nothing of it is written yet."""

    tables: list[Table]
    kinds: Kinds
    rows: int = 0
    pieces: int = 0
    equipment: int = 0
    without_name: int = 0
    without_code: int = 0
    many: list[tuple[int, str, int]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    left_out_total: int = 0
    sections: list[str] = field(default_factory=list)
    """Words that stand alone between the rows, and become the type of those below."""
    places: list[str] = field(default_factory=list)
    """Those of them that are the place of those below."""
    unknown: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    """Words of remarks by which things are not lent until somebody has looked at them."""
    held: list[tuple[int, str, str]] = field(default_factory=list)
    held_total: int = 0
    questions: list[Question] = field(default_factory=list)
    code_columns: list[str] = field(default_factory=list)
    """Headers of columns that look like codes, where none is known to be it."""

    @property
    def sheets_used(self) -> int:
        """Return the number of sheets that are imported."""
        return len({table.title for table in self.used})

    @property
    def used(self) -> list[Table]:
        return [table for table in self.tables if table.passed is None]

    def headers(self) -> dict[str, tuple[str, ...]]:
        """Return the headers by the meaning that was found for them."""
        found: dict[str, dict[str, None]] = {}
        for table in self.used:
            for column in table.columns.names:
                found.setdefault(Meaning.NAME.value, {})[table.columns.label(column)] = None
            for column, meaning in sorted(table.columns.meanings.items()):
                if meaning not in (Meaning.CUSTOM, Meaning.LEFT_OUT, Meaning.NAME):
                    found.setdefault(meaning.value, {})[table.columns.label(column)] = None
        return {meaning: tuple(headers) for meaning, headers in found.items()}

    def things(self) -> Iterator[Thing | Record]:
        """Yield the rows of all sheets that are used, with the names of their equipment."""
        for table in self.used:
            for line in table.lines():
                if isinstance(line, Line):
                    yield line.record if line.record.problem else table.reader.thing(line)

    def close(self) -> None:
        for table in self.tables:
            table.close()


def understand(sheets: list[Sheet], choices: Choices, *, keep: bool = False) -> Plan:
    """Understand the sheets, following what was chosen already. Raises FILE_TURNED, FILE_TOO_MUCH.

    `keep`: the things are kept, to be written later.
    """
    if not choices.columns and not choices.names and is_turned(sheets[0].rows.head(LOOKED_AT)):
        raise Refusal(Refused.FILE_TURNED)
    tables = [table for sheet in sheets for table in _tables(sheet, choices)]
    if len(tables) > 1:
        _tell_together(tables)
    if (
        not choices.columns
        and not choices.names
        and any(is_matrix(one.columns, one.content) for one in tables)
    ):
        raise Refusal(Refused.FILE_TURNED)
    _pass_over(tables, choices)
    plan = Plan(tables, Kinds())
    used = plan.used or tables[:1]
    if not any(table.columns.names for table in used):
        header = next((table.header for table in used if table.header is not None), None)
        is_asked = header is None and choices.headers is None
        plan.questions.append(Question.HEADER if is_asked else Question.NAME)
    if plan.sheets_used > 1:
        for table in plan.used:
            title = "" if _UNTITLED.fullmatch(table.title.strip()) else table.title.strip()
            table.reader.sheet_type = title
    try:
        _count(plan, choices, keep=keep)
    except BaseException:
        plan.close()
        raise
    if plan.many and choices.one_each is None:
        plan.questions.append(Question.PIECES)
    is_over = choices.make_codes or choices.require_codes or Question.HEADER in plan.questions
    if not is_over:
        plan.code_columns = _code_columns(plan)
    if plan.code_columns:
        plan.questions.append(Question.CODE)
    return plan


def _tell_together(tables: Sequence[Table]) -> None:
    for table in tables:
        table.columns = alike(table.columns, table.content, [(t.columns, t.content) for t in tables])
    pairs = [(table.columns, table.content) for table in tables]
    leave_out_numbers(pairs)
    down = written_once(pairs)
    for table in tables:
        table.reader = Reader(table.columns)
        table.repeats = repeats(table.columns, table.content, down)


def _tables(sheet: Sheet, choices: Choices) -> list[Table]:
    """Return the tables of a sheet: nearly always one, else those below each other, each with its header."""
    header = find(sheet.rows.head(60)) if choices.headers is not False else None
    if header is not None and len(header.cells) == 1 and is_counted(sheet, 0, header.row):
        header = None  # one of the words above things
    if is_counted(sheet, header.row + 1 if header is not None else 0):
        header = header or _title(sheet)
        return [_table(sheet, choices, replace(header, cells=(*header.cells[:1], "")), is_counted=True)]
    if header is None:
        return [_table(sheet, choices, None)]
    if (by_size := sized(sheet, header.row, header.cells)) is not None:
        sheet, cells = by_size
        header = replace(header, cells=cells)
    if tables := beside(sheet, header):
        return [_table(part, choices, head) for part, head in tables]
    parts = header_parts(sheet, header)
    ends = [*(part.begin for part in parts[1:]), None]
    return [
        _table(sheet, choices, part.header, end, part.section) for part, end in zip(parts, ends, strict=True)
    ]


def _title(sheet: Sheet) -> Header:
    """Return the header of lines without one: the words above them, as `For hire:`, or nothing."""
    first = sheet.rows.head(1)[0]
    text = one_line(first.cells[0])
    if text.endswith(":"):
        return Header(0, first.line, (text.rstrip(": "),), known=True)
    return Header(-1, 0, ("",), known=True)


def _table(
    sheet: Sheet,
    choices: Choices,
    header: Header | None,
    end: int | None = None,
    section: str = "",
    *,
    is_counted: bool = False,
) -> Table:
    if header is None and choices.headers:
        first = next(iter(sheet.rows), None)
        header = Header(0, first.line, tuple(first.cells), known=False) if first is not None else None
    if _width(sheet, header) > bounds.MOST_COLUMNS:
        raise too_much(Bound.COLUMNS, bounds.MOST_COLUMNS)
    body = Body(sheet, header, end, section)
    shown = header or Header(-1, 0, (), known=False)
    lines = (line for line in body if isinstance(line, Line))
    rows = islice(((line.section, line.record.cells) for line in lines), _LOOKED_AT)
    content = contents(shown, rows, ragged=sheet.ragged or header is None)
    columns = assign(shown, content)
    if is_counted:
        columns.names, columns.meanings = [0], {0: Meaning.NAME, 1: Meaning.QUANTITY}
    _choose(columns, choices)
    filled = repeats(columns, content)
    return Table(sheet, header, columns, content, Reader(columns), end=end, section=section, repeats=filled)


def _code_columns(plan: Plan) -> list[str]:
    """Return the unknown headers of columns that look like codes, where no column is known to be the code."""
    if any(Meaning.CODE in table.columns.meanings.values() for table in plan.used):
        return []
    found = {
        table.columns.label(column): None
        for table in plan.used
        for column, meaning in table.columns.meanings.items()
        if meaning is Meaning.CUSTOM and column not in table.columns.names
        if table.content[column].may_be_code and not is_known(table.columns.headers[column])
    }
    return list(found)


def _width(sheet: Sheet, header: Header | None) -> int:
    """Return the number of columns with a name."""
    first = sheet.rows.head(1)
    if header is not None:
        return sum(map(bool, header.cells))
    # Without a single known word it may be a letter, which is no table at all.
    cells = first[0].cells if first else []
    return sum(map(bool, cells)) if any(map(is_known, cells[: 5 * bounds.MOST_COLUMNS])) else 0


def _choose(columns: Columns, choices: Choices) -> None:
    """Follow a person's choices: each header's meaning, and which columns make up the name."""
    headers = [text or number_of(column) for column, text in enumerate(columns.headers)]
    for column, text in enumerate(headers):
        meaning = choices.columns.get(text)
        if meaning is None:
            continue
        if text in headers[:column] and meaning is not Meaning.LEFT_OUT:
            columns.meanings[column] = Meaning.CUSTOM  # of two columns with one header, the first counts
            continue
        if meaning not in (Meaning.CUSTOM, Meaning.LEFT_OUT):
            for other, of in columns.meanings.items():
                if of is meaning:
                    columns.meanings[other] = Meaning.CUSTOM
        columns.meanings[column] = meaning
        if column in columns.names and meaning is not Meaning.NAME:
            columns.names = [one for one in columns.names if one != column]
        if meaning is Meaning.NAME:
            columns.names = [column]
    if choices.names:
        found = [headers.index(name) for name in choices.names if name in headers]
        if found:
            columns.names = found


def _pass_over(tables: list[Table], choices: Choices) -> None:
    """Mark the sheets that are not imported: hidden ones, notes, and those that repeat another's things."""
    lists = [table for table in tables if table.header and not priced(table.columns)]
    known = any(_is_known(table) for table in lists or tables)
    seen: set[str] = set()
    for table in tables:
        if choices.sheets:
            table.passed = None if table.title in choices.sheets else Passed.NOT_CHOSEN
        elif table.sheet.hidden:
            table.passed = Passed.HIDDEN
        elif len(tables) > 1 and (
            not table.header
            or (known and not _is_known(table))
            or is_of_people(table.columns)
            or (lists and priced(table.columns))
        ):
            table.passed = Passed.NO_TABLE
        elif len(tables) > 1 and _year(table) < _newest(table, tables):
            table.passed = Passed.OLDER
        elif len(tables) > 1:
            names = _names(table)
            if names and names <= seen and Meaning.CODE not in table.columns.meanings.values():
                table.passed = Passed.SAME
            seen |= names


def _is_known(table: Table) -> bool:
    return table.header is not None and table.header.known and bool(table.columns.names)


_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")


def _year(table: Table) -> str:
    """Return the last year in a sheet's title: `2025`, `Bestand 2024/2025`."""
    return max(_YEAR.findall(table.title), default="")


def _newest(table: Table, tables: Sequence[Table]) -> str:
    """Return the last year of which there is the same list: with the same headers, and but for the year the
    same title.
    """
    return max(
        _year(one)
        for one in tables
        if one.columns.headers == table.columns.headers
        if _YEAR.sub("", one.title) == _YEAR.sub("", table.title)
    )


def _names(table: Table) -> set[str]:
    return {
        fold(table.reader.thing(line, whole=False).name) for line in table.lines() if isinstance(line, Line)
    } - {""}


def _count(plan: Plan, choices: Choices, *, keep: bool) -> None:
    for table in plan.used:
        _note_section(plan, table, table.section)
        for line in table.lines():
            if isinstance(line, LeftOut) and line.why is Why.SECTION:
                _note_section(plan, table, line.text)
            elif isinstance(line, LeftOut):
                plan.left_out_total += 1
                if len(plan.left_out) < MOST_LISTED:
                    plan.left_out.append(line)
            else:
                thing = table.reader.thing(line, whole=keep) if line.record.problem is None else None
                if thing is not None:
                    _count_thing(plan, thing, choices, apart=not table.columns.product)
                if keep:
                    table.keep(line.record, thing)
    plan.equipment = plan.kinds.count()


def _note_section(plan: Plan, table: Table, words: str) -> None:
    of = plan.places if table.reader.is_place(words) else plan.sections
    if words and len(of) < MOST_LISTED and words not in of:
        of.append(words)


def _count_thing(plan: Plan, thing: Thing, choices: Choices, *, apart: bool) -> None:
    """Count a thing. `apart`: several brands or models of one name are equipment of their own."""
    plan.rows += 1
    if not thing.name:
        plan.without_name += 1
        if plan.without_name >= bounds.MOST_REFUSED and 2 * plan.without_name > plan.rows:
            raise too_much(Bound.REFUSED, plan.rows)
        return
    plan.kinds.note(thing, apart=apart)
    count = 1 if thing.count > MOST_PIECES and choices.one_each is not False else thing.count
    plan.pieces += count
    plan.without_code += count if not thing.codes else 0
    if thing.count > MOST_PIECES:
        plan.many.append((thing.line, thing.name, thing.count))
    if thing.unknown:
        plan.unknown[thing.unknown] += 1
    if thing.doubt:
        plan.doubts[thing.doubt] += 1
    if thing.holder:
        plan.held_total += count
        if len(plan.held) < MOST_LISTED:
            plan.held.append((thing.line, thing.name, thing.holder))
