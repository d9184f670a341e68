"""The base of all models: naming, moments, enumerations."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    Index,
    Integer,
    MetaData,
    TypeDecorator,
    cast,
    func,
    text,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

# BIGINT in PostgreSQL; in SQLite only INTEGER PRIMARY KEY gets an automatic value.
Key = BigInteger().with_variant(Integer, "sqlite")


def total(column: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[int]:
    """Return the sum of a column of whole numbers, 0 without any: PostgreSQL's own may be a decimal."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


# Ids are never reused: a button from an old message must not find a new row.
NEVER_REUSE_IDS = {"sqlite_autoincrement": True}


class UtcDateTime(TypeDecorator[datetime]):
    """A column of moments in UTC; naive ones are rejected when written."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        value = value.astimezone(UTC)
        # SQLite stores and compares text: always in the same format, without an offset.
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(kind: type[StrEnum], name: str) -> Enum:
    """Return a text column limited to the values of an enumeration by a CHECK constraint."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda values: [v.value for v in values],
    )


DERIVED = {"derived": True}
"""Marks columns and tables that triggers keep (db/derived.py)."""


def index_where(name: str, *columns: Any, where: str) -> Index:
    """Return an index of the rows for which `where` holds; a statement has to say so in the same words."""
    return Index(name, *columns, sqlite_where=text(where), info={"where": where})


def unique_where(name: str, *columns: str, where: str) -> Index:
    """Return a unique index over the rows for which `where` holds.

    PostgreSQL hears of `where` by `tell_postgresql`: an option by its name loads its dialect, on SQLite too.
    """
    return Index(name, *columns, unique=True, sqlite_where=text(where), info={"where": where})


def tell_postgresql() -> None:
    """Give indexes their options for PostgreSQL: the condition, and the class of operators of all columns."""
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_kwargs["postgresql_where"] = text(index.info["where"])
            if "ops" in index.info:
                ops = {str(column): index.info["ops"] for column in index.expressions}
                index.dialect_kwargs["postgresql_ops"] = ops


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        int: Key,
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
    }
