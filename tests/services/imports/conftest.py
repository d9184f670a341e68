"""An organisation to import into."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Equipment, EquipmentTag, Item, ItemCode, Location, Organization, Tag
from db.session import Database
from services.imports import Report, import_file, runner
from services.imports.understanding.choices import Choices
from tests.services.imports.files import CHUNK


@pytest.fixture(autouse=True)
def short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "CHUNK", CHUNK)


@dataclass
class Club:
    """One organisation in a database, what is imported into it, and what is there then."""

    database: Database
    now: datetime
    folder: Path
    id: int = 0
    numbers: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        if not self.id:
            self.id = self.found("Club").id

    def found(self, name: str) -> "Club":
        row = Organization(name=name, timezone="Europe/Oslo", created_at=self.now)
        self.database.write_now(lambda s: s.add(row))
        return Club(self.database, self.now, self.folder, row.id, self.numbers)

    def brings(
        self,
        source: str | bytes | Path,
        *,
        progress: Callable[[int, int], None] | None = None,
        user_id: int | None = None,
        choices: Choices | None = None,
        **overrides: str,
    ) -> Report:
        """Import a text, bytes or a file."""
        if not isinstance(source, Path):
            path = self.folder / f"inventory{next(self.numbers)}.csv"
            path.write_bytes(source.encode() if isinstance(source, str) else source)
            source = path
        work = import_file(self.database, self.id, user_id, source, overrides, self.now, progress, choices)
        return asyncio.run(work)

    def items(self) -> dict[str, Item]:
        query = select(Item).where(Item.organization_id == self.id).order_by(Item.code)
        return {i.code: i for i in self.database.read_now(lambda s: s.scalars(query).all())}

    def equipment(self) -> dict[str, Equipment]:
        query = select(Equipment).where(Equipment.organization_id == self.id)
        return {e.name: e for e in self.database.read_now(lambda s: s.scalars(query).all())}

    def place(self, code: str) -> str | None:
        query = select(Location.name).join(Item, Item.location_id == Location.id)
        query = query.where(Item.organization_id == self.id, Item.code == code)
        return self.database.read_now(lambda s: s.scalar(query))

    def tags(self, name: str) -> set[str]:
        query = (
            select(Tag.name)
            .join(EquipmentTag, EquipmentTag.tag_id == Tag.id)
            .join(Equipment, Equipment.id == EquipmentTag.equipment_id)
            .where(Equipment.organization_id == self.id, Equipment.name == name)
        )
        return set(self.database.read_now(lambda s: s.scalars(query).all()))

    def everything(self) -> list[list[tuple[Any, ...]]]:
        """All of the organisation's rows of the inventory, to see that nothing changed."""
        tables = [t.__table__ for t in (Equipment, Item, ItemCode, Location, Tag)]
        own = [t.select().where(t.c.organization_id == self.id) for t in tables]
        links = EquipmentTag.__table__.select().join(Equipment).where(Equipment.organization_id == self.id)
        return self.database.read_now(
            lambda s: [sorted((tuple(row) for row in s.execute(query)), key=repr) for query in [*own, links]]
        )


@pytest.fixture
def club(sqlite: Database, now: datetime, tmp_path: Path) -> Club:
    """In SQLite, for what does not depend on the kind of database."""
    return Club(sqlite, now, tmp_path)


@pytest.fixture
def any_club(database: Database, now: datetime, tmp_path: Path) -> Club:
    """In both kinds of database, one after the other."""
    return Club(database, now, tmp_path)
