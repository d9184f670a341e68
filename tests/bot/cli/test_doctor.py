"""`equiplib doctor`: one line for each part, and what to do where something is not well."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.cli.doctor import findings
from db.models import Organization
from db.session import Database
from sandbox import Sandbox
from services.core.tx import Tx
from services.messaging import outbox

OLD = datetime(2020, 1, 1, tzinfo=UTC)


async def examined(config: Path) -> dict[str, bool]:
    return await asyncio.to_thread(lambda: {one.part: one.is_well for one in findings(config)})


def point(config: Path, token: str, api_url: str, url: str) -> None:
    """Have the config file name this Telegram and this database."""
    telegram = f'[telegram]\ntoken = "{token}"\napi_url = "{api_url}"\n'
    config.write_text(f'{telegram}[database]\nurl = "{url}"\n')


async def test_the_doctor_finds_what_is_wrong(sandbox: Sandbox, database: Database, tmp_path: Path) -> None:
    """First nothing; then a group that the bot is not in, a message that waits for years, and a program that
    does not answer.
    """
    config = tmp_path / "config.toml"
    point(config, sandbox.token, sandbox.url, database.url.render_as_string(hide_password=False))
    well = await examined(config)
    assert all(well.values()) and {"settings", "database", "schema", "messages", "token", "clock"} <= set(
        well
    )

    def spoil(session: Session) -> None:
        session.add(Organization(name="Klubb", timezone="Europe/Oslo", group_chat_id=-1009, created_at=OLD))
        outbox.send(Tx(session, OLD), "x", chat_id=5)

    await database.write(spoil)
    with config.open("a") as file:
        file.write("[web]\nhealth = true\nport = 9\n")
    bad = {part for part, is_well in (await examined(config)).items() if not is_well}
    assert bad == {"messages", "group of Klubb", "periodic work"}


def test_the_doctor_needs_nothing_that_runs(tmp_path: Path) -> None:
    """Without Telegram, a database, a config file: each is named, and nothing made; also a newer schema."""
    config = tmp_path / "config.toml"
    assert [one.part for one in findings(config)] == ["settings"]
    point(config, "1:ABC", "http://127.0.0.1:9", "sqlite:///equiplib.db")
    found = {one.part: one.is_well for one in findings(config)}
    assert (found["database"], found["Telegram"]) == (False, False)
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]
    with closing(sqlite3.connect(tmp_path / "equiplib.db")) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    schema = next(one for one in findings(config) if one.part == "schema")
    assert not schema.is_well and "upgrade the program" in schema.words
