"""Import of an inventory: rows become equipment and items."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from db.session import Database
from services.core.tx import Tx
from services.imports import mapping
from services.imports.inventory.chunk import Outcome, apply
from services.imports.inventory.rows import Row, clean
from services.imports.readers.csv_reader import Record
from services.imports.report import RefusedRow, Report
from services.imports.runner import Content, Watch, run, watch
from services.imports.seen_keys import Kind


async def import_file(
    database: Database,
    organization_id: int,
    user_id: int | None,
    source: Path,
    overrides: dict[str, str],
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    *,
    follow: Watch | None = None,
) -> Report:
    """Import the rows of a CSV file or a workbook into an organization's inventory.

    `user_id` is the user who acts, None for the command line; `overrides` maps our fields
    (services.imports.mapping.Field, as text) to headers of the file, or to an empty text for no column.
    Raises as `run` does, FILE_NO_NAME, FILE_BAD_MAPPING.
    """
    inventory = Inventory(organization_id, user_id, now)
    await run(database, inventory, source, overrides, follow or watch(progress))
    return inventory.report


class Inventory(Content[Row, Outcome]):
    action = "import"

    def __init__(self, organization_id: int, user_id: int | None, now: datetime) -> None:
        super().__init__(organization_id, user_id, now)
        self.last: dict[str, int] = {}
        self._report = Report()

    @property
    def report(self) -> Report:
        return self._report

    def match(self, headers: Sequence[str], overrides: dict[str, str]) -> None:
        self.mapping = mapping.match(headers, overrides)
        self._report.columns = self.mapping.understood()

    def clean(self, record: Record) -> Row | RefusedRow:
        return clean(record, self.mapping)

    def apply(self, tx: Tx, rows: Sequence[Row]) -> Outcome:
        return apply(tx, rows, self.mapping, self.seen, self.last)

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
        return outcome.refused
