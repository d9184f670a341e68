"""Organisations that things are brought into and taken out of."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from db.session import Database
from services.core.hours.periods import Period
from services.core.text import separator
from services.exports import Export, Format, What, export_file
from tests.services.imports.conftest import Club


def take_out(
    club: Club,
    kind: Format = Format.CSV,
    what: What = What.INVENTORY,
    period: Period | None = None,
    language: str = "en",
) -> Path:
    """Export from a club into a new file, as a reader of this language gets it."""
    target = club.folder / f"export{next(club.numbers)}.{kind.value}"
    wanted = Export(club.id, what, kind, period, language, separator(language))
    asyncio.run(export_file(club.database, wanted, target, club.now))
    return target


@pytest.fixture
def club(sqlite: Database, now: datetime, tmp_path: Path) -> Club:
    """In SQLite, for what does not depend on the kind of database."""
    return Club(sqlite, now, tmp_path)


@pytest.fixture
def any_club(database: Database, now: datetime, tmp_path: Path) -> Club:
    """In both kinds of database, one after the other."""
    return Club(database, now, tmp_path)
