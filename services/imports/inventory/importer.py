"""Import of an inventory: rows become equipment and items."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from db.session import Database
from services.core.text import one_line
from services.core.tx import Tx
from services.imports import mapping, runs
from services.imports.inventory import places
from services.imports.inventory.chunk import Outcome, apply
from services.imports.inventory.plan_source import PlanSource, columns_of, meanings_of, planned
from services.imports.inventory.rows import Row, clean
from services.imports.lookups.seen_keys import Kind
from services.imports.readers.csv_reader import Record
from services.imports.report import Head, RefusedRow, Report
from services.imports.runner import Content, Watch, run, watch
from services.imports.sources import SheetSource, Source
from services.imports.understanding.choices import Choices
from services.imports.understanding.header import Header
from services.imports.understanding.opening import open_file
from services.imports.understanding.plan import Plan
from services.imports.understanding.sheets import Sheet, Window

MOST_WORDS = 10
"""Words that were not understood, as many as are told of."""


async def import_file(
    database: Database,
    organization_id: int,
    user_id: int | None,
    source: Path,
    overrides: dict[str, str],
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    choices: Choices | None = None,
    *,
    plan: Plan | None = None,
    follow: Watch | None = None,
    key: str = "",
    name: str = "",
    token_id: int | None = None,
) -> Report:
    """Import the rows of a CSV file or a workbook into an organization's inventory.

    `user_id` is the user who acts, None for the command line; `choices`: decisions about
    what could not be told; `overrides` maps our fields (services.imports.mapping.Field, as text) to headers
    of the file, or to an empty text for no column. `key`: by which it goes on where it was broken off; the
    file's content where there is none; `name`: of the file, where its path has another. `plan`: the file
    as it was understood already by these choices; it is closed. `token_id`: of the program that imports.
    Raises as `run` does, FILE_NO_NAME, FILE_BAD_MAPPING.
    """
    inventory = Inventory(organization_id, user_id, now, choices, key, name, plan)
    inventory.token_id = token_id
    await run(database, inventory, source, overrides, follow or watch(progress))
    inventory.report.run_id = inventory.run_id
    return inventory.report


class Inventory(Content[Row, Outcome]):
    action = "import"

    def __init__(
        self,
        organization_id: int,
        user_id: int | None,
        now: datetime,
        choices: Choices | None = None,
        key: str = "",
        name: str = "",
        plan: Plan | None = None,
    ) -> None:
        super().__init__(organization_id, user_id, now)
        self.key, self.name = key, name
        self.run_id = 0
        self.plan = plan
        self.choices = choices or Choices()
        self.last: dict[str, int] = {}
        self._report = Report()

    @property
    def report(self) -> Report:
        return self._report

    def open(self, source: Path, overrides: dict[str, str], reading: Callable[[], None]) -> Source[Row]:
        self.key = self.key or runs.key_of_file(source)
        if self.plan is not None:
            return self._planned(self.plan)
        opened = open_file(source, self.choices.encoding, reading)
        try:
            first = next(iter(opened.sheets[0].rows))
            if mapping.is_ours([one_line(cell) for cell in first.cells], self.labels):
                for other in opened.sheets[1:]:
                    other.close()
                return self._ours(opened.sheets[0], first, overrides)
            plan = planned(opened.sheets, self.choices, overrides)
        except BaseException:
            opened.close()
            raise
        return self._planned(plan)

    def _planned(self, plan: Plan) -> Source[Row]:
        """Tell in the report how the list was understood; return its things."""
        self._report.columns = plan.headers()
        for table in plan.used:
            line = table.header.line if table.header is not None else 0
            rows, heads = table.sheet.rows, self._report.heads.setdefault(table.title, [])
            cells = rows.whole if isinstance(rows, Window) else tuple(table.columns.headers)
            if not isinstance(rows, Window) or all(head.line != line for head in heads):
                heads.append(Head(line, cells))
        self._report.became = meanings_of(plan)
        self._report.codes_made = plan.without_code > 0
        self._report.unknown = plan.unknown.most_common(MOST_WORDS)
        self._report.doubts = plan.doubts.most_common(MOST_WORDS)
        self._columns = columns_of(plan)
        return PlanSource(plan, self.choices)

    def _ours(self, sheet: Sheet, first: Record, overrides: dict[str, str]) -> Source[Row]:
        """Open a file made with our template or export: its columns need no understanding."""
        header = Header(0, first.line, tuple(one_line(cell) for cell in first.cells), known=True)
        found = mapping.match(header.cells, overrides, self.labels)
        self._report.columns = found.understood()
        self._report.heads = {sheet.title: [Head(first.line, header.cells)]}
        self._columns = found.columns()
        return SheetSource(sheet, header, lambda record: clean(record, found))

    def begin(self, tx: Tx, file: str) -> None:
        self.run_id = runs.begin(tx, self.key, file, self.user_id)

    def end(self, tx: Tx) -> None:
        runs.end(tx, self.run_id)

    def apply(self, tx: Tx, rows: Sequence[Row]) -> Outcome:
        outcome = apply(tx, rows, self._columns, self.seen, self.last, self.run_id)
        refused = {row.line for row in outcome.refused}
        places.describe(tx, [row for row in rows if row.line not in refused])
        return outcome

    def take(self, outcome: Outcome) -> Sequence[RefusedRow]:
        self.seen.put(Kind.CODE, outcome.codes)
        self.seen.put(Kind.EQUIPMENT, outcome.settled)
        self.last = outcome.last
        report = self._report
        report.items_new += outcome.items_new
        report.items_changed += outcome.items_changed
        report.items_unchanged += outcome.items_unchanged
        report.without_items += outcome.alone
        report.equipment_new += outcome.equipment_new
        report.equipment_changed += outcome.equipment_changed
        report.equipment = self.seen.count(Kind.EQUIPMENT)
        report.list_checked_out(outcome.checked_out)
        report.note_zeros_lost(outcome.zeros_lost)
        return outcome.refused
