"""Import of members: rows become members, and links for the new ones."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from db.session import Database
from services.core.text import one_line
from services.core.tx import Tx
from services.imports import runs
from services.imports.lookups.seen_keys import Kind
from services.imports.members import mapping, rows
from services.imports.members.chunk import Chunk, Outcome
from services.imports.members.mapping import Field
from services.imports.members.rows import Row
from services.imports.readers import bounds, dates
from services.imports.report import Head, MembersReport, RefusedRow
from services.imports.runner import Content, Watch, run, watch
from services.imports.sources import SheetSource, Source
from services.imports.understanding.body import Body, Line
from services.imports.understanding.header import Header, first_table
from services.imports.understanding.opening import Opened, open_file
from services.imports.understanding.sheets import Sheet


async def import_members(
    database: Database,
    organization_id: int,
    user_id: int | None,
    source: Path,
    overrides: dict[str, str],
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    *,
    follow: Watch | None = None,
    key: str = "",
    name: str = "",
    token_id: int | None = None,
) -> MembersReport:
    """Import the rows of a file as members of an organization, and make an invite link for each new one.

    `user_id` and `overrides` are as for an inventory. Members whom the file calls inactive end their
    membership. `key`, `name` and `token_id` are as for an inventory. Raises as `run` does, FILE_NO_PERSON,
    FILE_BAD_MAPPING.
    """
    members = Members(organization_id, user_id, now, key, name)
    members.token_id = token_id
    await run(database, members, source, overrides, follow or watch(progress))
    members.report.run_id = members.run_id
    return members.report


_DATES = (Field.BORN_ON, Field.ACTIVE_FROM, Field.ACTIVE_UNTIL)


class Members(Content[Row, Outcome]):
    action = "import_members"

    def __init__(
        self, organization_id: int, user_id: int | None, now: datetime, key: str = "", name: str = ""
    ) -> None:
        super().__init__(organization_id, user_id, now)
        self.key, self.name = key, name
        self.run_id = 0
        self._report = MembersReport()
        self.mapping: mapping.Mapping

    @property
    def report(self) -> MembersReport:
        return self._report

    def open(self, source: Path, overrides: dict[str, str], reading: Callable[[], None]) -> Source[Row]:
        self.key = self.key or runs.key_of_file(source)
        opened = open_file(source, reading=reading)
        try:
            sheet, header = self._table(opened)
            bounds.check_columns(header.cells, lambda some: self._match(some, overrides))
            self._prove_dates(sheet, header)
        except BaseException:
            opened.close()
            raise
        self._report.heads = {sheet.title: [Head(header.line, tuple(header.cells))]}
        for other in opened.sheets:
            if other is not sheet:
                other.close()
        return SheetSource(sheet, header, lambda record: rows.clean(record, self.mapping))

    def _table(self, opened: Opened) -> tuple[Sheet, Header]:
        """Return the sheet with the members: the first where it is ours, else the one with known headers."""
        first = opened.sheets[0].rows.head(1)[0]
        cells = tuple(one_line(cell) for cell in first.cells)
        if mapping.is_ours(cells, self.labels):
            return opened.sheets[0], Header(0, first.line, cells, known=True)
        return first_table(opened.sheets)

    def _prove_dates(self, sheet: Sheet, header: Header) -> None:
        """Note in which columns of dates the month comes first, as their own dates prove, or others."""
        columns = {f: c for f in _DATES if (c := self.mapping.fields.get(f)) is not None}
        proved: dict[Field, bool | None] = {}
        if columns and not self.mapping.ours:
            texts: dict[Field, set[str]] = {field: set() for field in columns}
            for line in Body(sheet, header):
                if isinstance(line, Line):
                    for field, column in columns.items():
                        texts[field].update(line.record.cells[column : column + 1])
            proved = {field: dates.is_month_first(some) for field, some in texts.items()}
            sure = {one for one in proved.values() if one is not None}
            others = sure.pop() if len(sure) == 1 else None
            proved = {field: others if one is None else one for field, one in proved.items()}
        self.mapping = replace(self.mapping, month_first=proved, year=self.now.year)

    def _match(self, headers: Sequence[str], overrides: dict[str, str]) -> None:
        self.mapping = mapping.match(headers, overrides, self.labels)
        self._report.columns = self.mapping.understood()
        self._report.became = self.mapping.became()

    def begin(self, tx: Tx, file: str) -> None:
        self.run_id = runs.begin(tx, self.key, file, self.user_id)

    def end(self, tx: Tx) -> None:
        runs.end(tx, self.run_id)

    def apply(self, tx: Tx, rows: Sequence[Row]) -> Outcome:
        chunk = Chunk(tx, self.user_id, rows, self.mapping, self.seen, self.run_id)
        for row in rows:
            chunk.take(row)
        chunk.write()
        return chunk.outcome

    def take(self, outcome: Outcome) -> Sequence[RefusedRow]:
        self.seen.put(Kind.USERNAME, outcome.usernames)
        self.seen.put(Kind.EMAIL, outcome.emails)
        self.seen.put(Kind.NUMBER, outcome.numbers)
        report = self._report
        report.new += outcome.new
        report.changed += outcome.changed
        report.unchanged += outcome.unchanged
        report.renewed += outcome.renewed
        report.inactive += outcome.inactive
        report.invited += outcome.invited
        report.note_zeros_lost(outcome.zeros_lost)
        report.note_people(outcome.without_link, outcome.shared)
        report.unknown = list((Counter(dict(report.unknown)) + Counter(outcome.unknown)).items())
        return outcome.refused
