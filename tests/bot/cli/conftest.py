"""Commands make their database from a migrated one; tests/db and those that start processes migrate it."""

from pathlib import Path

import pytest

from tests.prepared import fill_new


@pytest.fixture(autouse=True)
def prepared(migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_new(monkeypatch, migrated_sqlite)
