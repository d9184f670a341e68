"""Backups: a whole database as one SQLite file, whichever kind it came from, and back into either kind."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from db.copying import CannotCopy, copy_rows
from db.migrations import newest, upgrade
from db.session import Database

_PATIENCE = 20.0
"""Seconds to wait for a file that another program has locked."""


def backup(database: Database, file: Path) -> None:
    """Write the database as it is at one moment to `file`, while others write on.

    The file appears when it is whole. Raises CannotCopy, FileExistsError and other OSErrors.
    """
    if file.exists():
        raise FileExistsError(file)
    with TemporaryDirectory(prefix=".equiplib-backup-", dir=file.absolute().parent) as folder:
        part = Path(folder) / "part.db"
        if database.is_sqlite:
            path = str(database.url.database)
            with (
                closing(sqlite3.connect(path, timeout=_PATIENCE)) as old,
                closing(sqlite3.connect(part)) as new,
            ):
                old.backup(new)
        else:
            with _file(part) as copied:
                upgrade(copied)
                copy_rows(database, copied)
        _finish(part)
        part.rename(file)


def restore(
    file: Path,
    database: Database,
    *,
    replace: bool = False,
    prepare: Callable[[Database], None] = lambda _: None,
) -> dict[str, int]:
    """Copy a backup into an empty database of the newest version, all or nothing; return its rows by table.

    A backup of an older version is brought up to date on the way; `prepare` may change it too. The file
    itself is only read. `replace`: what is in the database goes. Raises CannotCopy.
    """
    with TemporaryDirectory(prefix="equiplib-restore-") as folder:
        part = Path(folder) / "part.db"
        _read(file, part)
        with _file(part) as source:
            upgrade(source)
            prepare(source)
            return copy_rows(source, database, replace=replace)


def _read(file: Path, part: Path) -> None:
    """Copy a backup that is whole, and of a version that this program knows. Raises CannotCopy."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as old:
            (version,) = old.execute("SELECT version_num FROM alembic_version").fetchone()
            with closing(sqlite3.connect(part)) as new:
                old.backup(new)
    except (sqlite3.Error, TypeError) as error:
        raise CannotCopy(f"{file} is no backup of this program: {error}.") from None
    if version > newest():
        raise CannotCopy(
            f"{file} was made by a newer version of this program ({version}; this one knows {newest()}). "
            "Upgrade the program first."
        )
    _require_whole(part)


def _finish(part: Path) -> None:
    """Make it one file, without a log beside it, and see that it is whole. Raises CannotCopy."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    _require_whole(part)


def _require_whole(part: Path) -> None:
    with closing(sqlite3.connect(part)) as connection:
        try:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.Error as error:
            found = str(error)
    if found != "ok":
        raise CannotCopy(f"The file is damaged: {found}.")


@contextmanager
def _file(path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{path}", durable=False)
    try:
        yield database
    finally:
        database.close()
