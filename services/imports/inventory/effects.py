"""The effects of an import's chunks, written with them: new rows, former values, and who has what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select

from db.models import ImportEffect, ImportRun
from services.core.errors import Refusal, Refused
from services.core.tx import Tx


class Table(StrEnum):
    """Tables that an import writes to, as the keys of its effects."""

    ITEM = "item"
    EQUIPMENT = "equipment"
    LOCATION = "location"
    TAG = "tag"
    FIELD = "field"
    USER = "user"  # with a digest of the values
    SHARED = "shared"  # a member, and the one who has the address of both
    SETTLED = "settled"  # a member of these about whom somebody decided


@dataclass(frozen=True)
class Held:
    """An item in somebody's hands according to the file; `since` and `until` as they are written there."""

    item_id: int
    to: str
    since: str = ""
    until: str = ""


@dataclass
class Effects:
    """The effects of one chunk."""

    made: dict[str, list[Any]] = field(default_factory=dict)
    changed: dict[str, list[Any]] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)

    def make(self, table: Table, ids: Iterable[Any]) -> None:
        if found := list(ids):
            self.made.setdefault(table, []).extend(found)

    def change(self, table: Table, id_: int, version: int, former: Mapping[str, Any]) -> None:
        """Note the version and the values that a row had before."""
        values = {name: _plain(value) for name, value in former.items()}
        self.changed.setdefault(table, []).append([id_, version, values])

    def write(self, tx: Tx, run_id: int) -> None:
        """Write them, if there are any."""
        if self.made or self.changed or self.held:
            held = [[one.item_id, one.to, one.since, one.until] for one in self.held]
            row = {"run_id": run_id, "made": self.made, "changed": self.changed, "held": held}
            tx.session.execute(_WRITE, [row])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


_WRITE = insert(cast("sa.Table", ImportEffect.__table__))
_UNDONE = (
    select(ImportRun.undone_at)
    .where(ImportRun.id == bindparam("run"))
    .with_for_update(read=True, key_share=True)
)


def require_going_on(tx: Tx, run_id: int) -> None:
    """Raise IMPORT_CANCELLED for an import that was undone meanwhile; nobody undoes it until the commit."""
    if tx.session.scalar(_UNDONE, {"run": run_id}) is not None:
        raise Refusal(Refused.IMPORT_CANCELLED)


@dataclass
class Touched:
    """A row that the import made or changed: the version that it left, and the values to go back to.

    `found`: the version that it came upon.
    """

    found: int
    version: int
    former: dict[str, Any] = field(default_factory=dict)
    is_new: bool = False
    is_broken: bool = False
    """True where somebody else changed it between two chunks."""


@dataclass
class Whole:
    """The effects of a whole import."""

    items: dict[int, Touched] = field(default_factory=dict)
    equipment: dict[int, Touched] = field(default_factory=dict)
    locations: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    fields: list[int] = field(default_factory=list)
    held: dict[int, Held] = field(default_factory=dict)
    users: dict[int, str] = field(default_factory=dict)
    """New members, with a digest of their values."""
    shared: dict[int, int] = field(default_factory=dict)
    """Members without the address that they share, and who has it; those that nobody decided about."""

    def new(self, of: Mapping[int, Touched]) -> list[int]:
        return [id_ for id_, one in of.items() if one.is_new]

    @property
    def tells(self) -> bool:
        """Return whether there is anything to undo, to hand out, or to ask."""
        return bool(self.items or self.equipment or self.held or self.users or self.shared)


_BACK = "back_"
"""Before the name of a table: its rows as a later import found them, and as undoing that one left them."""


def note_undone(tx: Tx, run: ImportRun, whole: Whole) -> None:
    """Let the imports before this one know the rows that it changed, which are now as they had left them."""
    changed = {
        _BACK + table: [[id_, one.found, one.version + 1] for id_, one in of.items() if not one.is_new]
        for table, of in ((Table.ITEM, whole.items), (Table.EQUIPMENT, whole.equipment))
    }
    earlier = select(ImportRun.id).where(
        ImportRun.organization_id == run.organization_id, ImportRun.id < run.id, ImportRun.undone_at.is_(None)
    )
    rows = [
        {"run_id": id_, "made": {}, "changed": changed, "held": []} for id_ in tx.session.scalars(earlier)
    ]
    if rows and any(changed.values()):
        tx.session.execute(insert(ImportEffect), rows)


def of_run(tx: Tx, run_id: int) -> Whole:
    """Return the effects of a run, those of all its chunks together."""
    whole = Whole()
    chunks = select(ImportEffect).where(ImportEffect.run_id == run_id).order_by(ImportEffect.id)
    for chunk in tx.session.scalars(chunks.execution_options(populate_existing=True)):
        for table, of in ((Table.ITEM, whole.items), (Table.EQUIPMENT, whole.equipment)):
            of.update({id_: Touched(0, 1, is_new=True) for id_ in chunk.made.get(table, ())})
            for id_, version, former in chunk.changed.get(table, ()):
                before = of.get(id_)
                if before is None:
                    of[id_] = Touched(version, version + 1, former)
                    continue
                before.is_broken |= before.version != version
                before.version, before.former = version + 1, former | before.former
            for id_, found, version in chunk.changed.get(_BACK + table, ()):
                if id_ in of:
                    of[id_].is_broken |= of[id_].version != found
                    of[id_].version = version
        whole.locations += chunk.made.get(Table.LOCATION, ())
        whole.tags += chunk.made.get(Table.TAG, ())
        whole.fields += chunk.made.get(Table.FIELD, ())
        whole.held |= {one[0]: Held(*one) for one in chunk.held}
        whole.users |= dict(chunk.made.get(Table.USER, ()))
        whole.shared |= dict(chunk.made.get(Table.SHARED, ()))
        for id_ in chunk.made.get(Table.SETTLED, ()):
            whole.shared.pop(id_, None)
    return whole
