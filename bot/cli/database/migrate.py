"""`equiplib migrate`: migrates the database."""

from pathlib import Path

import typer

from bot import log_config, settings
from bot.cli.common import opened


def migrate(config: Path | None) -> None:
    given = settings.load(config)
    log_config.configure(given.log)
    with opened(given):
        typer.echo("The database is up to date.")
