"""References between tables: whatever refers to a row can be handed on to another one."""

from collections.abc import Collection, Iterator
from typing import Any, cast

from sqlalchemy import Column, CursorResult, Table, func, select, update
from sqlalchemy.orm import Session

from db.models import Base


def columns_to(table: type[Base]) -> Iterator[Column[Any]]:
    """Yield every column of any table that refers to the ids of this one."""
    target = cast("Table", table.__table__).c.id
    for known in Base.metadata.sorted_tables:
        for key in known.foreign_keys:
            if key.column is target:
                yield key.parent


def hand_on(
    session: Session, table: type[Base], gone: int, kept: int, *, but: Collection[type[Base]] = ()
) -> dict[str, int]:
    """Let everything that refers to `gone` refer to `kept`; return the number of rows by column.

    `but`: tables that the caller has seen to. Rows that are loaded follow.
    """
    done = {cast("Table", one.__table__) for one in but}
    models = {mapper.local_table: mapper for mapper in Base.registry.mappers}
    found = {}
    for column in columns_to(table):
        if column.table in done:
            continue
        theirs = update(models[column.table]).where(column == gone)
        moved = session.execute(theirs.values({column.name: kept}))
        found[f"{column.table.name}.{column.name}"] = cast("CursorResult[Any]", moved).rowcount
    return found


def count(session: Session, table: type[Base], id_: int) -> dict[str, int]:
    """Return how many rows refer to this one, by column."""
    return {
        f"{column.table.name}.{column.name}": session.scalar(
            select(func.count()).select_from(column.table).where(column == id_)
        )
        or 0
        for column in columns_to(table)
    }
