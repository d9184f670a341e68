"""`equiplib backup` and `equiplib restore`."""

from pathlib import Path

import typer

from bot import log_config, settings
from bot.cli.common import alone, opened, utc_now
from bot.errors import Complaint
from db import backup as backups
from db.copying import CannotCopy
from db.presence import Presence
from db.session import Database
from services.core.tx import Tx
from services.messaging.tidying import retention


def backup(config: Path | None, file: Path) -> None:
    given = settings.load(config)
    log_config.configure(given.log)
    with opened(given) as database:
        try:
            backups.backup(database, file)
        except FileExistsError:
            raise Complaint(f"FILE is wrong: {file} exists. Name a file that does not.") from None
        except (CannotCopy, OSError) as error:
            raise Complaint(f"There is no backup: {error}") from None
    typer.echo(f"Everything is in {file}. It is full of people's data: keep it where only you can read it.")


def restore(config: Path | None, file: Path, *, replace: bool) -> None:
    given = settings.load(config)
    log_config.configure(given.log)
    if not file.is_file():
        raise Complaint(f"FILE is wrong: there is no file {file}.")
    dropped = 0

    def drop(copied: Database) -> None:
        nonlocal dropped
        dropped = copied.write_now(lambda session: retention.drop_due(Tx(session, utc_now()), RESTORED))

    with alone(given.database.url), opened(given) as database:
        _require_no_other(database)
        try:
            numbers = backups.restore(file, database, replace=replace, prepare=drop)
        except CannotCopy as error:
            hint = " With --replace what is in it is given up." if "not empty" in str(error) else ""
            raise Complaint(f"Nothing was changed. {error}{hint}") from None
    typer.echo(f"{sum(numbers.values())} rows of {len(numbers)} tables are restored, and each was compared.")
    typer.echo(
        f"{dropped} messages that waited when the backup was made will not be sent: they are stale. "
        "Go through /out and /desk with those who hand out, then start the bot."
    )


RESTORED = "it waited when a backup was made that was restored later"


def _require_no_other(database: Database) -> None:
    """Raise Complaint while a program runs on this PostgreSQL database."""
    presence = Presence(database)
    try:
        if len(presence.living()) > 1:
            raise Complaint("The bot runs on this database. Stop it first.")
    finally:
        presence.end()
