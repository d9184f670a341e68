"""Copies everything from one database into an empty other one, and compares what arrived, row by row."""

from collections.abc import Callable, Iterator
from itertools import zip_longest

from sqlalchemy import Connection, Table, func, select, text

from db.migrations import is_current, upgrade
from db.models import Base
from db.session import Database

CHUNK = 1000
"""Rows at a time."""

Progress = Callable[[str, int, int], None]
"""Is told the step, and how many of all rows it has done."""


class CannotCopy(Exception):
    """These two databases cannot be copied like that; nothing was done."""


def copy(source: Database, target: Database, progress: Progress = lambda *_: None) -> dict[str, int]:
    """Copy each table of an SQLite file, parents first, compare, and commit; return how many rows each has.

    The source is only read. Raises CannotCopy, with nothing written.
    """
    if not source.is_sqlite or target.is_sqlite:
        raise CannotCopy("Copy from sqlite:///… to postgresql://….")
    if not is_current(source):
        raise CannotCopy("The SQLite file is of another version: run equiplib migrate on it first.")
    upgrade(target)
    tables = Base.metadata.sorted_tables
    with source.engine.connect() as old, target.engine.begin() as new:
        for table in tables:
            if new.execute(select(table).limit(1)).first() is not None:
                raise CannotCopy(f"The new database is not empty: there are {table.name} in it.")
        numbers = {table.name: old.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
        done, total = 0, 2 * sum(numbers.values())
        for table in tables:
            for rows in _copied(table, old, new):
                done += rows
                progress(f"Copying {table.name}", done, total)
            _count_on(table, old, new)
        for table in tables:
            for rows in _compared(table, old, new):
                done += rows
                progress(f"Comparing {table.name}", done, total)
    return numbers


def _copied(table: Table, old: Connection, new: Connection) -> Iterator[int]:
    for chunk in old.execute(select(table).order_by(*table.primary_key)).mappings().partitions(CHUNK):
        new.execute(table.insert(), [dict(row) for row in chunk])
        yield len(chunk)


def _compared(table: Table, old: Connection, new: Connection) -> Iterator[int]:
    """Compare both in chunks. Raises CannotCopy at the first row that is not as it was."""
    query = select(table).order_by(*table.primary_key)
    before, after = (one.execute(query).partitions(CHUNK) for one in (old, new))
    for was, is_ in zip_longest(before, after, fillvalue=()):
        for row, copied in zip_longest(was, is_):
            if row is None or copied is None or tuple(row) != tuple(copied):
                which = (row or copied or ("?",))[0]
                raise CannotCopy(f"{table.name} {which} did not arrive as it was. Nothing was kept.")
        yield len(was)


def _count_on(table: Table, old: Connection, new: Connection) -> None:
    """Let the next row's number follow the last one ever given out, also if that row is gone.

    Buttons of old messages name rows by number: none of them may find a new row.
    """
    last = old.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
    if last:
        new.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))
