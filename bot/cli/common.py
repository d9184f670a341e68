"""The database and the organization of command-line commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import Complaint
from bot.settings import Settings
from db.migrations import UnknownVersion, is_current, upgrade
from db.models import Organization
from db.session import Database


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database, migrate it, and close it afterwards. Raises Complaint if it cannot be opened."""
    database = Database(settings.database.url)
    try:
        try:
            if not is_current(database):
                upgrade(database)
        except UnknownVersion as error:
            raise Complaint(f"database.url points to a database of another version: {error}.") from None
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
            where = database.url.render_as_string(hide_password=True)
            raise Complaint(
                f"database.url is wrong, or the database cannot be reached: {where}: {reason}"
            ) from None
        yield database
    finally:
        database.close()


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
