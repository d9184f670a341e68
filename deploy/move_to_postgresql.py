"""Moves everything from an SQLite file into an empty PostgreSQL database.

    python deploy/move_to_postgresql.py sqlite:////var/lib/equiplib/equiplib.db postgresql://user:password@host/name

with the Python of the environment that Equiplib is installed in, while no bot is running. The SQLite file is
only read. All or nothing: what fails leaves the new database without a row, and can be run again.
"""

import sys
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Table, func, select, text

from db.migrations import is_current, upgrade
from db.models import Base
from db.session import Database

CHUNK = 1000
"""Rows at a time."""


def move(source: Database, target: Database) -> Iterator[tuple[str, int]]:
    """Copy each table, parents first; yields its name and how many rows.

    Raises ValueError, with nothing done, where that cannot be.
    """
    if not source.is_sqlite or target.is_sqlite:
        raise ValueError("Move from sqlite:///… to postgresql://…")
    if not is_current(source):
        raise ValueError("The SQLite file is of another version: run equiplib migrate on it first.")
    upgrade(target)
    with source.engine.connect() as old, target.engine.begin() as new:
        for table in Base.metadata.sorted_tables:
            if new.execute(select(table).limit(1)).first() is not None:
                raise ValueError(f"The new database is not empty: there are {table.name} in it.")
            yield table.name, _copy(table, old, new)


def _copy(table: Table, old: Connection, new: Connection) -> int:
    rows = 0
    for chunk in old.execute(select(table).order_by(*table.primary_key)).mappings().partitions(CHUNK):
        new.execute(table.insert(), [dict(row) for row in chunk])
        rows += len(chunk)
    _count_on(table, old, new)
    return rows


def _count_on(table: Table, old: Connection, new: Connection) -> None:
    """Let the next row's number follow the last one ever given out, also if that row is gone.

    Buttons of old messages name rows by number: none of them may find a new row.
    """
    last = old.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
    if last:
        new.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def main(urls: Sequence[str]) -> None:
    if len(urls) != 2:
        sys.exit((__doc__ or "").strip())
    source, target = (Database(url) for url in urls)
    try:
        for name, rows in move(source, target):
            sys.stdout.write(f"{name}: {rows}\n")
    except ValueError as error:
        sys.exit(str(error))
    finally:
        source.close()
        target.close()


if __name__ == "__main__":
    main(sys.argv[1:])
