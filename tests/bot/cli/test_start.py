"""A start into trouble: what passes is waited for with a line; only a wrong setting ends the program."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.cli.common import opened
from bot.errors import Away, Complaint, NotAlone, WrongToken
from bot.program import Program
from bot.settings import DatabaseSettings, Settings
from db import session as sessions
from sandbox import Sandbox
from tests.bot.conftest import Shaky, until

ROOT = Path(__file__).parents[3]


def settings(url: str) -> Settings:
    return Settings(database=DatabaseSettings(url=url))


class EnoughError(Exception):
    """Ends the waiting of a test."""


def test_a_postgresql_that_does_not_run_yet_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    """With a line, without its password and a traceback, and again and again."""
    waits: list[int] = []

    def wait(attempt: int) -> float:
        waits.append(attempt)
        if attempt == 3:
            raise EnoughError
        return 0.0

    away = settings("postgresql://equiplib:geheim@127.0.0.1:9/equiplib")
    with pytest.raises(EnoughError), opened(away, wait=wait):
        pass
    assert waits == [1, 2, 3]
    printed = capsys.readouterr().out
    assert printed.count("the database is in trouble") == len(printed.splitlines()) == 1
    assert "geheim" not in printed


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_locked_file_is_waited_for(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch, begin: str, is_new: bool
) -> None:
    """By a program that runs; any other command says so in a sentence, and ends with another code than 2."""
    monkeypatch.setattr(sessions, "_BUSY_TIMEOUT_MS", 1)
    file = tmp_path / "equiplib.db"
    if not is_new:
        file.write_bytes(migrated_sqlite.read_bytes())
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE" if "EXCLUSIVE" in begin else "PRAGMA user_version")
        other.execute(begin)
        other.execute("PRAGMA user_version = 7")
        if is_new or "EXCLUSIVE" in begin:
            with pytest.raises(Away) as told, opened(settings(f"sqlite:///{file}")):
                pass
            assert told.value.exit_code == 1 and "\n" not in str(told.value)

        def wait(attempt: int) -> float:
            if other.in_transaction:
                other.execute("COMMIT")
                other.close()
            return 0.0

        with opened(settings(f"sqlite:///{file}"), wait=wait) as database:
            assert database.read_now(lambda _: True)


@pytest.mark.parametrize(
    ("reason", "is_hopeless"),
    [
        ('connection to server at "db" failed: Connection refused', False),
        ('could not translate host name "db" to address: Temporary failure in name resolution', False),
        ("FATAL:  the database system is starting up", False),
        ("FATAL:  sorry, too many clients already", False),
        ('FATAL:  password authentication failed for user "equiplib"', True),
        ('FATAL:  database "equiplib" does not exist', True),
        ('FATAL:  role "equiplib" does not exist', True),
        ('FATAL:  no pg_hba.conf entry for host "1.2.3.4"', True),
    ],
)
def test_which_answers_of_postgresql_no_waiting_mends(reason: str, is_hopeless: bool) -> None:
    """Those about who asks and for what."""
    assert sessions.is_hopeless(OperationalError("connect", None, Exception(reason))) is is_hopeless


def test_a_command_whose_database_goes_away_meanwhile_says_so(sqlite_url: str) -> None:
    """In a sentence, without a traceback, as at its begin."""
    with pytest.raises(Away, match="restarting"), opened(settings(sqlite_url)):
        raise OperationalError("SELECT 1", None, Exception("the database is restarting"))


async def test_telegram_is_waited_for_whatever_it_answers(
    sandbox: Sandbox, make_program: Callable[..., Program], capsys: pytest.CaptureFixture[str]
) -> None:
    """Too many requests, errors, a dropped connection, and a single 401 or 404 at login and while it runs."""
    for code in (429, 500, 401, 404, None):
        for method in ("getMe", "deleteWebhook", "getUpdates"):
            sandbox.world.faults.add(method, code, retry_after=0)
    program = make_program()
    running = asyncio.create_task(program.run())
    kari = sandbox.add_person("Kari")
    await kari.types("/read hello")
    await kari.sees("hello")
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert "Traceback" not in capsys.readouterr().out


async def test_a_token_is_believed_to_be_wrong_when_that_lasts(
    sandbox: Sandbox, make_program: Callable[..., Program], capsys: pytest.CaptureFixture[str]
) -> None:
    """Over a minute, which is said at the first refusal; then the program ends with code 2."""
    program = make_program(believe_after=0.05)
    sandbox.world.token = "7000000001:another"
    async with asyncio.timeout(10):
        with pytest.raises(WrongToken) as told:
            await program.run()
    assert told.value.exit_code == 2
    assert capsys.readouterr().out.count("does not know this token") == 1


async def test_menus_are_set_later_where_telegram_has_to_be_waited_for(
    sandbox: Sandbox, make_program: Callable[..., Program]
) -> None:
    """A 429, an error, a dropped connection: the lists of commands are there in the end."""
    for code in (429, 502, None):
        sandbox.world.faults.add("setMyCommands", code, retry_after=0)
    program = make_program(announces=True)
    await program.start()
    await until(lambda: len(sandbox.world.profile.commands) == 4)
    await program.stop()


async def test_a_database_that_goes_away_while_the_program_begins(
    make_program: Callable[..., Program], shaky: Shaky
) -> None:
    """Is waited for like at any other time."""
    shaky.outages = 2
    program = make_program(shaky)
    await program.start()
    await program.stop()


def test_the_unit_agrees_with_the_exit_codes() -> None:
    """Systemd gives up on the code of a wrong setting, and on none of what passes."""
    unit = (ROOT / "deploy" / "equiplib.service").read_text()
    assert f"RestartPreventExitStatus={Complaint('').exit_code}\n" in unit
    assert len({0, Away("").exit_code, Complaint("").exit_code, NotAlone().exit_code}) == 4
