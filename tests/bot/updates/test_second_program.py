"""A second program: on one SQLite file it refuses, on PostgreSQL it stands by, elsewhere it gives way."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import trouble
from bot.cli.main import main
from bot.errors import Complaint, NotAlone
from bot.program import Program
from bot.sending import takeover
from bot.updates import standby
from db.presence import _TURN, Presence
from db.session import Database
from sandbox import Sandbox
from tests.bot.conftest import until

HOLD = (
    "import sys; from db.sole_program import sole_program; from sqlalchemy import make_url\n"
    "with sole_program(make_url(sys.argv[1])): print('holds', flush=True); sys.stdin.read()"
)
"""A program that has the lock until it is killed."""

EVERY = 10**6


@contextmanager
def another(url: str) -> Iterator[None]:
    """Let another process run on this database; it dies by SIGKILL."""
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        try:
            yield
        finally:
            process.kill()


@pytest.fixture
def config(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings and a database, as a program is started in."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(migrated_sqlite, tmp_path / "equiplib.db")
    (tmp_path / "config.toml").write_text('[telegram]\ntoken = "1:ABC"\n')
    return tmp_path


def test_a_second_program_on_a_file_says_so_and_ends(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for other complaints, in a sentence. Other commands work beside; a killed program hinders nobody."""
    with another(f"sqlite:///{config / 'equiplib.db'}"):
        kept = ["demo", "--no-browser", "--keep", "equiplib.db"]
        for command in (["run"], ["restore", "config.toml"], kept):
            assert main_run(command) == Complaint.exit_code
            told = capsys.readouterr().err
            assert "equiplib.db already" in told and told.count("\n") == 1
        assert main_run(["organization", "list"]) == 0
    started: list[Program] = []

    async def run(program: Program) -> None:
        started.append(program)

    monkeypatch.setattr(Program, "run", run)
    assert main_run(["run"]) == 0 and started


def main_run(command: list[str]) -> int:
    try:
        main(command)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


async def test_a_program_gives_way_to_another_that_stays(
    sandbox: Sandbox, make_program: Callable[..., Program], capsys: pytest.CaptureFixture[str]
) -> None:
    """It says so at the first conflict; after a minute of them it ends, with a code of its own."""
    program = make_program(believe_after=0.05)
    sandbox.world.faults.add("getUpdates", 409, count=EVERY)
    async with asyncio.timeout(10):
        with pytest.raises(NotAlone) as told:
            await program.run()
    assert told.value.exit_code == 3
    assert capsys.readouterr().out.count("another program fetches this bot's updates") == 1


async def test_one_of_two_programs_stands_by(
    sandbox: Sandbox,
    make_program: Callable[..., Program],
    postgresql_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Telegram sees one poller; the other goes on where it ends, or where its connection is cut."""
    monkeypatch.setattr(standby, "LOOK_EVERY", 0.01)
    databases = [Database(postgresql_url) for _ in range(2)]
    first, second = (make_program(database) for database in databases)
    kari = sandbox.add_person("Kari")
    await first.start()
    await second.start()
    assert second._standby is not None
    await until(lambda: stands_by(second))
    await kari.types("/read one")
    await kari.sees("one")
    assert trouble.CONFLICT._failures == 0
    cut = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key"
    await databases[0].read(lambda session: session.execute(text(cut), {"key": _TURN}).all())
    await kari.types("/read two")
    await kari.sees("two")
    await until(lambda: stands_by(first) != stands_by(second))
    last = first if stands_by(first) else second
    await (second if last is first else first).stop()
    await kari.types("/read three")
    await kari.sees("three")
    assert not stands_by(last)
    await last.stop()
    for database in databases:
        database.close()


def stands_by(program: Program) -> bool:
    assert program._standby is not None
    return program._standby.stands_by


async def test_who_lives_on_hears_of_another_one_s_death(
    sandbox: Sandbox, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what it stored and did not handle is taken up: once, and also where it was sending nothing."""
    monkeypatch.setattr(takeover, "SOON", 0.01)
    monkeypatch.setattr(takeover, "LOOK_EVERY", 0.01)
    ours, its = Database(postgresql_url), Database(postgresql_url)
    other, died = Presence(its), []

    async def has_died() -> None:
        died.append(True)

    hears: Callable[[], Awaitable[None]] = has_died
    watching = takeover.Takeover(ours, sandbox.clock.now, lambda: None, hears)
    other.living()
    await watching.start()
    await until(lambda: other.number in watching._seen)
    assert not died
    other.end()
    await until(lambda: bool(died))
    await until(lambda: watching._seen == {watching.number})
    await watching.stop()
    assert died == [True]
    for database in (ours, its):
        database.close()
