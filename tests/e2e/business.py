"""The business as the database holds it: what bad input must leave alone."""

from typing import Any

from sqlalchemy import select

from db.models import (
    AccountLink,
    AuditEntry,
    Base,
    Block,
    Claim,
    ClosedDays,
    CustomField,
    DamageNote,
    Equipment,
    EquipmentTag,
    Extension,
    HandOver,
    Invite,
    Item,
    JoinRequest,
    Kit,
    KitPart,
    Location,
    OpeningHours,
    Organization,
    Photo,
    Rental,
    RentalLine,
    Tag,
    User,
)
from db.session import Database

TABLES: tuple[type[Base], ...] = (
    AccountLink,
    AuditEntry,
    Block,
    Claim,
    ClosedDays,
    CustomField,
    DamageNote,
    Equipment,
    EquipmentTag,
    Extension,
    HandOver,
    Invite,
    Item,
    JoinRequest,
    Kit,
    KitPart,
    Location,
    OpeningHours,
    Organization,
    Photo,
    Rental,
    RentalLine,
    Tag,
    User,
)
"""All but what says who was met, what came in, what goes out, and where a conversation stands."""

Dump = dict[str, list[tuple[Any, ...]]]


def dump(database: Database) -> Dump:
    """Every row of every business table, by table."""
    return database.read_now(
        lambda session: {
            table.__tablename__: sorted(tuple(row) for row in session.execute(select(table.__table__)))
            for table in TABLES
        }
    )
