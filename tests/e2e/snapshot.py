"""The business as the database holds it: what bad input must leave alone."""

from typing import Any

from sqlalchemy import select

from db.models import AuditEntry, Base
from db.session import Database
from tests.audited_database import TOLD_BY

TABLES: tuple[type[Base], ...] = (AuditEntry, *TOLD_BY)

Dump = dict[str, list[tuple[Any, ...]]]


def dump(database: Database) -> Dump:
    """Every row of every business table, by table."""
    return database.read_now(
        lambda session: {
            table.__tablename__: sorted(tuple(row) for row in session.execute(select(table.__table__)))
            for table in TABLES
        }
    )
