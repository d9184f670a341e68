"""The database and the organization of command-line commands."""

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import trouble
from bot.cli import memory
from bot.errors import Away, Complaint
from bot.retry import brief
from bot.settings import Settings
from db.migrations import UnknownVersion, is_current, upgrade
from db.models import Organization
from db.session import Database, is_hopeless, is_passing
from db.sole_program import AnotherProgram, LockError, sole_program

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error)
"""SQLAlchemy's, and SQLite's own for what fails while a connection is prepared."""


@contextmanager
def alone(address: str) -> Iterator[None]:
    """Be the only program that runs on a database, where that is a SQLite file. Raises Complaint."""
    url = make_url(address)
    try:
        with sole_program(url):
            yield
    except AnotherProgram:
        raise Complaint(f"The bot runs on {url.database} already, and only one can. Stop it first.") from None
    except LockError as error:
        raise Complaint(f"database.url is wrong: {url.database} cannot be locked: {error}.") from None


@contextmanager
def opened(settings: Settings, *, wait: Callable[[int], float] | None = None) -> Iterator[Database]:
    """Open the database, migrate it, and close it afterwards.

    `wait`: wait for a database that is away, so many seconds after so many failures. Raises Complaint if it
    cannot be opened, and Away if it is away, now or later.
    """
    memory.loaded()
    database = Database(settings.database.url)
    try:
        _prepare(database, wait)
        _hand_to_owner(database)
        try:
            yield database
        except DATABASE_ERRORS as error:
            if not is_passing(error):
                raise
            raise Away(f"The database is away. Try again later: {reason_of(database, error)}") from None
    finally:
        database.close()


def _hand_to_owner(database: Database) -> None:
    """Let what root has made in the folder of another user be that user's, as whom the service runs."""
    if not database.is_sqlite or not database.url.database or os.geteuid() != 0:
        return
    folder = Path(database.url.database).absolute().parent.stat()
    for end in ("", "-wal", "-shm", ".lock"):
        file = Path(f"{database.url.database}{end}")
        if folder.st_uid != 0 and file.exists() and file.stat().st_uid == 0:
            os.chown(file, folder.st_uid, folder.st_gid)


def _prepare(database: Database, wait: Callable[[int], float] | None) -> None:
    attempt = 0
    while True:
        try:
            if not is_current(database):
                upgrade(database)
            return
        except UnknownVersion as error:
            raise Complaint(
                f"database.url points to a database of another version: {error}. If it is newer, upgrade the "
                "program, or restore a backup that is older."
            ) from None
        except DATABASE_ERRORS as error:
            reason = reason_of(database, error)
            if is_hopeless(error):
                raise Complaint(f"database.url is wrong: {reason}") from None
            if wait is None:
                raise Away(f"The database cannot be reached. Try again later: {reason}") from None
            trouble.DATABASE.met(reason)
        attempt += 1
        time.sleep(wait(attempt))


def reason_of(database: Database, error: BaseException) -> str:
    """Return which database it is, without its password, and the first words of an error."""
    where = database.url.render_as_string(hide_password=True)
    return f"{where}: {brief(getattr(error, 'orig', None) or error).strip()}"


def warn_of_readable_files(database: Database, *others: Path) -> None:
    """Log which files with the token or people's data all users of this machine can read."""
    files = list(others)
    if database.is_sqlite and database.url.database:
        files += [Path(f"{database.url.database}{end}") for end in ("", "-wal", "-shm")]
    for file in files:
        if file.exists() and file.stat().st_mode & stat.S_IROTH:
            log.warning(
                "all users of this machine can read a file; chmod 600 helps", file=str(file.absolute())
            )


def organization_called(database: Database, name: str) -> int:
    """Return the id of the organization that `--organization` names. Raises Complaint for an unknown one."""
    query = select(Organization.name, Organization.id).where(Organization.closed_at.is_(None))
    known: dict[str, int] = {row.name: row.id for row in database.read_now(lambda s: s.execute(query).all())}
    if name in known:
        return known[name]
    if not known:
        raise Complaint("There is no organisation yet. Create one with: equiplib organization create.")
    raise Complaint(
        f"--organization is wrong: there is no organisation called {name}. "
        f"There are: {', '.join(sorted(known))}."
    )


def more(total: int, listed: Sized) -> Iterator[str]:
    """Yield how many there are beyond those that are listed, if any."""
    if total > len(listed):
        yield f"  and {total - len(listed)} more"
