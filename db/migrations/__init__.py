"""Alembic migrations, run by `upgrade`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from db.session import Database

_HERE = str(Path(__file__).parent)


def config(database: Database) -> Config:
    """Alembic's configuration for one database; there is no ini file."""
    settings = Config()
    settings.set_main_option("script_location", _HERE)
    settings.attributes["engine"] = database.engine
    return settings


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to `revision`: the newest where nothing is said. Does nothing when it is there."""
    command.upgrade(config(database), revision)


def is_current(database: Database) -> bool:
    with database.engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    return at == ScriptDirectory(_HERE).get_current_head()
