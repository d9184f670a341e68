"""Alembic migrations, run by `upgrade`. Alembic is imported only when needed."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from db.session import Database

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent


class UnknownVersion(Exception):
    """The database has a version that this program does not know."""


def config(database: Database) -> "Config":
    """Return Alembic's configuration for one database; there is no ini file."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(_HERE))
    settings.attributes["engine"] = database.engine
    return settings


def upgrade(database: Database, revision: str = "head") -> None:
    """Upgrade the database to `revision`, by default the newest. Idempotent.

    Raises UnknownVersion.
    """
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(config(database), revision)
    except CommandError as error:
        # Alembic's own words are about its files.
        found = version(database)
        raise UnknownVersion(f"it has {found}, and this program knows up to {newest()}") from error


def newest() -> str:
    """Return the number of the newest migration, from the file names."""
    return max(file.name[:4] for file in _HERE.glob("versions/[0-9]*.py"))


def version(database: Database) -> str | None:
    """Return the database's version; None where it has none yet."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def is_current(database: Database) -> bool:
    """Return whether the database has the newest version."""
    return version(database) == newest()
