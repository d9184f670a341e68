"""`equiplib copy-database`: moves from SQLite to PostgreSQL."""

from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot import log_config, settings
from bot.cli import memory
from bot.cli.common import alone
from bot.errors import Complaint
from db.copying import CannotCopy, copy
from db.session import Database


def copy_database(config: Path | None, to: str) -> None:
    given = settings.load(config)
    memory.loaded()
    log_config.configure(given.log)
    try:
        make_url(to)
        source, target = Database(given.database.url), Database(to)
    except (ArgumentError, SQLAlchemyError, ModuleNotFoundError):
        raise Complaint("TO is wrong: write postgresql://user:password@host/name.") from None
    try:
        with alone(given.database.url):
            numbers = _with_a_bar(source, target)
    except CannotCopy as error:
        raise Complaint(str(error)) from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        where = target.url.render_as_string(hide_password=True)
        raise Complaint(f"The databases could not be copied: {where}: {reason}") from None
    finally:
        source.close()
        target.close()
    typer.echo(f"{sum(numbers.values())} rows of {len(numbers)} tables are copied, and each is as it was.")
    typer.echo("Now set database.url to the new address, and start the bot.")


def _with_a_bar(source: Database, target: Database) -> dict[str, int]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Copying")

        def progress(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        return copy(source, target, progress)
