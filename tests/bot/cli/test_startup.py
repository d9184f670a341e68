"""Heavy modules are loaded when they are first used, and not by a command that does without them."""

import asyncio
import inspect
import os
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from bot.cli.main import app, create_organization, export
from db.migrations import upgrade
from db.session import Database
from handlers.i18n.texts import LANGUAGES
from sandbox import Sandbox
from services.exports import What
from tests import factories

ROOT = Path(__file__).parents[3]
HEAVY = (
    *("alembic", "fontpkg", "fontTools", "fpdf", "icalendar", "openpyxl", "PIL", "psycopg", "segno"),
    *("prometheus_client", "starlette", "uvicorn", "web"),
)
"""Migrations, PDF, workbooks, pictures, codes, PostgreSQL, what is served: for those who come to them."""

UNUSED_BY_THE_BOT = ("rich", "pygments", "click", "greenlet", "sqlalchemy.dialects.postgresql")
"""Colours and tables are for a terminal; the database is SQLite here."""

UNDOING = "services.imports.afterwards.undo"
EDGE = ("handlers.telegram.dispatch", "handlers.telegram.render")
LIBRARIES = (*HEAVY, "babel", "sqlalchemy", "structlog", "telegram")

COMMANDS = """
import shlex, sys
from bot.cli.main import main

for line in sys.argv[1:]:
    try:
        main(shlex.split(line))
    except SystemExit as end:
        assert not end.code, line
    print("\\nloaded:", line, *sys.modules, sep="|")
"""
"""Runs several commands one after the other, and tells after each what is loaded by then."""

PROGRAM = """
import atexit, sys
atexit.register(lambda: print("\\nloaded:", "run", *sys.modules, sep="|"))
from bot.cli.main import main
main()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with a config file, a current database with one organisation, and some files."""
    (tmp_path / "config.toml").write_text('[telegram]\ntoken = "1:ABC"\napi_url = "http://127.0.0.1:9"\n')
    (tmp_path / "things.csv").write_text("code,name\nT1,Tent\n")
    (tmp_path / "people.csv").write_text("first name,email\nKari,kari@x.no\n")
    database = Database(f"sqlite:///{tmp_path / 'equiplib.db'}")
    upgrade(database)
    database.write_now(lambda s: factories.organization(s, datetime(2026, 12, 1, tzinfo=UTC)))
    database.close()
    return tmp_path


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def needless(printed: str, unwanted: Sequence[str]) -> list[tuple[str, str]]:
    """Each command with what it has loaded of the unwanted."""
    told = [line.split("|") for line in printed.splitlines() if line.startswith("loaded:|")]
    assert told
    return [(line, name) for _, line, *names in told for name in unwanted if name in names]


def run(folder: Path, *lines: str) -> str:
    """Run the commands in one process and return what they print."""
    arguments = [sys.executable, "-c", COMMANDS, *lines]
    done = subprocess.run(arguments, cwd=folder, env=environment(), check=True, capture_output=True)
    return done.stdout.decode()


def test_no_help_loads_the_program_behind_it(folder: Path) -> None:
    """Commands are named, and their options told, by what the command line knows itself."""
    names = [one.name or one.callback.__name__ for one in app.registered_commands if one.callback]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        names += [f"{group.name} {one.name}" for one in group.typer_instance.registered_commands]
    assert needless(run(folder, "--help", *(f"{name} --help" for name in names)), LIBRARIES) == []


def test_commands_load_only_what_they_need(folder: Path) -> None:
    """On a database that is up to date: no migrations, and no Telegram."""
    printed = run(
        folder,
        "import x --organization x --template",
        "migrate",
        "status",
        "organization list",
        "organization reopen Fjellklubben",
        "import things.csv --organization Fjellklubben",
        "export out.csv --organization Fjellklubben",
    )
    assert needless(printed, ("telegram", UNDOING, *HEAVY, *EDGE)) == []


def test_who_only_asks_for_the_bot_s_name_loads_no_handlers(folder: Path) -> None:
    """It stands in the links."""
    printed = run(
        folder,
        "organization create Club --timezone Europe/Oslo --leader Ada",
        "members import people.csv --organization Fjellklubben",
        "members links --organization Fjellklubben --links again.csv",
    )
    assert needless(printed, (*HEAVY, *EDGE)) == []


async def test_the_running_bot_has_loaded_nothing_heavy_after_its_first_answer(
    sandbox: Sandbox, folder: Path
) -> None:
    """It lives for weeks: what nobody has asked for takes no memory."""
    config = f'[telegram]\ntoken = "{sandbox.token}"\napi_url = "{sandbox.url}"\n'
    (folder / "config.toml").write_text(config)
    kari = sandbox.add_person("Kari")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, "run", cwd=folder, env=environment(), stdout=PIPE, stderr=PIPE
    )
    try:
        await kari.types("/start")
        await kari.sees("", timeout=60)
        process.send_signal(signal.SIGINT)
        printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert needless(printed.decode(), (*HEAVY, *UNUSED_BY_THE_BOT)) == []


def test_the_command_line_names_the_choices_that_there_are() -> None:
    """It lists them itself, so that its help need not load what knows them."""
    what = inspect.signature(export).parameters["what"].annotation
    assert list(get_args(get_args(what)[0])) == list(What)
    language = inspect.signature(create_organization).parameters["language"].annotation
    assert f"Its language: {' or '.join(LANGUAGES)}." == get_args(language)[1].help
