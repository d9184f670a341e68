"""One SQLite file for all tests of rules: each runs in a transaction that is rolled back."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from db.session import Database, Transaction
from tests.audited_database import Audited
from tests.factories import Club
from tests.factories import club as make_club
from tests.services.office import Office


@pytest.fixture(scope="session")
def rules_database(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("rules") / "equiplib.db"
    shutil.copy(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}", durable=False)
    yield database
    database.close()


@pytest.fixture
def session(rules_database: Database) -> Iterator[Session]:
    """A writing transaction in an empty database, undone after the test."""
    writers = rules_database.engine.execution_options(equiplib_writes=True)
    with Transaction(writers, expire_on_commit=False) as session, session.begin() as transaction:
        yield session
        transaction.rollback()


@pytest.fixture
def club(session: Session, now: datetime) -> Club:
    """A club with the default policy."""
    return make_club(session, now)


@pytest.fixture
def audited(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Audited]:
    """A database that holds each transaction against its entries in the audit."""
    path = tmp_path / "audited.db"
    shutil.copy(migrated_sqlite, path)
    database = Audited(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def office(audited: Audited, now: datetime) -> Office:
    return Office(audited, now)
