"""One SQLite file for all tests of rules: each runs in a transaction that is rolled back."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment, Organization
from db.session import Database
from db.transaction import Transaction
from tests.audited_database import Audited
from tests.factories import Club, Rows, insert_rows, rows_of
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


_FOUNDED: dict[datetime, tuple[Club, tuple[int, int, int], Rows]] = {}


@pytest.fixture
def club(session: Session, now: datetime) -> Club:
    """A club with the default policy: founded once, and copied row by row from then on."""
    if session.scalars(select(Organization.id)).first() is not None:
        return make_club(session, now)
    if now not in _FOUNDED:
        made = make_club(session, now)
        _FOUNDED[now] = made, (made.organization.id, made.tent.id, made.stove.id), rows_of(session)
        return made
    made, (organization, tent, stove), rows = _FOUNDED[now]
    insert_rows(session, rows)
    return replace(
        made,
        organization=session.get_one(Organization, organization),
        tent=session.get_one(Equipment, tent),
        stove=session.get_one(Equipment, stove),
    )


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
