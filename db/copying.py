"""Copies everything from one database into another one, and compares what arrived, row by row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    return copy_rows(source, target, progress)


def copy_rows(
    source: Database, target: Database, progress: Progress = lambda *_: None, *, replace: bool = False
) -> dict[str, int]:
    """Copy all rows between two databases of the newest version, of whichever kinds, in one transaction.

    The source is read as it is at one moment, while others write. `replace`: what the target holds goes
    first. Raises CannotCopy, with nothing written.
    """
    tables = Base.metadata.sorted_tables
    with _as_it_is(source) as old, target.engine.execution_options(equiplib_writes=True).begin() as new:
        for table in reversed(tables) if replace else ():
            new.execute(table.delete())
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


@contextmanager
def _as_it_is(database: Database) -> Iterator[Connection]:
    """Connect for reading; all that is read is of one moment. SQLite's transactions always are."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection


def _copied(table: Table, old: Connection, new: Connection) -> Iterator[int]:
    """Copy a table in chunks, but for what the target's triggers write, which is only compared."""
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=CHUNK)
    own = [column.name for column in table.c if "derived" not in column.info]
    for chunk in old.execute(query).mappings().partitions():
        if "derived" not in table.info:
            new.execute(table.insert(), [{name: row[name] for name in own} for row in chunk])
        yield len(chunk)


def _compared(table: Table, old: Connection, new: Connection) -> Iterator[int]:
    """Compare both in chunks. Raises CannotCopy at the first row that is not as it was."""
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=CHUNK)
    with old.execute(query) as before, new.execute(query) as after:
        for was, is_ in zip_longest(before.partitions(), after.partitions(), fillvalue=()):
            for row, copied in zip_longest(was, is_):
                if row is None or copied is None or tuple(row) != tuple(copied):
                    which = (row or copied or ("?",))[0]
                    raise CannotCopy(f"{table.name} {which} did not arrive as it was. Nothing was kept.")
            yield len(was)


def _count_on(table: Table, old: Connection, new: Connection) -> None:
    """Let the next row's number follow the last one ever given out, also if that row is gone.

    Buttons of old messages name rows by number: none of them may find a new row.
    """
    last = max(_last(table, old), _last(table, new))
    if not last:
        return
    if new.dialect.name == "postgresql":
        new.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))
        return
    of_table = {"table": table.name, "last": last}
    new.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), of_table)
    new.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), of_table)


def _last(table: Table, connection: Connection) -> int:
    """Return the last number that was given out, 0 if none was or the table has none of its own."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return connection.scalar(query, {"table": table.name}) or 0
    if "id" not in table.c:
        return 0
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
    # NULL where none was given out yet.
    query = text("SELECT pg_sequence_last_value(CAST(:sequence AS regclass))")
    return connection.scalar(query, {"sequence": sequence}) or 0 if sequence else 0
