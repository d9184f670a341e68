"""Databases with nothing in them, for the migrations to begin with."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from db.session import Database
from tests.prepared import fill_new


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table; the test runs once on each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'new.db'}")
        yield database
        database.close()
        return
    root: str = request.getfixturevalue("postgresql_server")
    name = f"new_{uuid4().hex}"
    with psycopg.connect(root, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    database = Database(root.replace("/postgres?", f"/{name}?"))
    yield database
    database.close()
    with psycopg.connect(root, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def prepared(migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have tests that begin with the newest schema copy the file that all migrations made."""
    fill_new(monkeypatch, migrated_sqlite)
