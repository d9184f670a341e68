"""Databases that are migrated by a copy: from the first migration to the newest takes half a second each."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect


def fill_new(monkeypatch: pytest.MonkeyPatch, template: Path) -> None:
    """Let an upgrade of an empty SQLite file begin with the rows of a migrated one, and go on from there."""
    real = command.upgrade

    def upgrade(settings: Config, revision: str, *args: Any, **options: Any) -> None:
        engine: Engine = settings.attributes["engine"]
        if revision == "head" and engine.dialect.name == "sqlite":
            _copy(template, engine)
        real(settings, revision, *args, **options)

    monkeypatch.setattr(command, "upgrade", upgrade)


def _copy(template: Path, engine: Engine) -> None:
    with engine.connect() as connection:
        if inspect(connection).get_table_names():
            return
    raw = engine.raw_connection()
    try:
        with closing(sqlite3.connect(template)) as source:
            source.backup(raw.driver_connection)  # type: ignore[arg-type]  # it is SQLite's
    finally:
        raw.close()
