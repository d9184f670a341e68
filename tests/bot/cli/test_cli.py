"""The command line: what it does, and that mistakes are answered by a sentence and exit code 2."""

import asyncio
import inspect
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.cli.main import ConfigOption, app, main, organization
from db.models import Invite, Organization, OutboxMessage, User
from db.session import Database
from db.states import OutboxStatus, Role
from sandbox import Sandbox
from services.core.tx import Tx
from services.members import invites
from services.messaging import delivery_queue, inbox, outbox
from services.messaging.inbox import Arrival

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
CREATE = ("organization", "create", "Fjellklubben", "--timezone", "Europe/Oslo", "--leader", "Ada Mo Berg")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config file for a Telegram that cannot be reached."""
    file = tmp_path / "config.toml"
    point(file, "http://127.0.0.1:9", "1:ABC")
    return file


def point(config: Path, url: str, token: str) -> None:
    """Have the config file name this Telegram."""
    config.write_text(f'[telegram]\ntoken = "{token}"\napi_url = "{url}"\n')


@pytest.fixture
def shell(config: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with the config file; exit code, output, errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main([*arguments, "--config", str(config)])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        code = end.value.code
        return code if isinstance(code, int) else 0, printed.out, printed.err

    return run


@pytest.fixture
def database(config: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{config.parent}/equiplib.db")
    yield database
    database.close()


async def test_an_organization_is_created_with_a_link_for_its_leader(
    sandbox: Sandbox, config: Path, shell: Run, database: Database
) -> None:
    """The database is made, the bot's name asked for, and the token in the link leads in."""
    point(config, sandbox.url, sandbox.token)
    code, out, _ = await asyncio.to_thread(shell, *CREATE, "--language", "nb")
    assert code == 0
    link = re.search(r"https://t\.me/equiplib_demo_bot\?start=(\S+)", out)
    assert link is not None
    found = database.read_now(lambda s: invites.look_at(Tx(s, datetime.now(UTC)), 1, link[1]))
    assert (found.role, found.first_name, found.last_name, found.uses_left) == ("leader", "Ada Mo", "Berg", 1)
    club = database.read_now(lambda s: s.scalars(select(Organization)).one())
    assert (club.timezone, club.language) == ("Europe/Oslo", "nb")
    database.close()


def test_without_telegram_the_link_is_told_to_be_finished_by_hand(shell: Run) -> None:
    """A network that is away is no reason to refuse."""
    code, out, err = shell(*CREATE)
    assert code == 0
    assert "https://t.me/YOUR_BOT?start=j_" in out
    assert "Telegram could not be reached" in err


async def test_a_wrong_token_creates_nothing(
    sandbox: Sandbox, config: Path, shell: Run, database: Database
) -> None:
    """It is found out first, and the token is not shown."""
    point(config, sandbox.url, "1:geheim")
    code, out, err = await asyncio.to_thread(shell, *CREATE)
    assert code == 2
    assert "telegram.token is wrong" in err and "@BotFather" in err
    assert "geheim" not in out + err
    assert not (await asyncio.to_thread(Path(str(database.url.database)).exists))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"--timezone": "Oslo"}, "no such time zone"),
        ({"--leader": " "}, "need a name"),
        ({"--language": "tlh"}, "--language is wrong: use one of en, nb"),
    ],
)
def test_what_is_wrong_with_an_organization_is_said(
    shell: Run, database: Database, change: dict[str, str], words: str
) -> None:
    """And nothing is created."""
    options = {"--timezone": "Europe/Oslo", "--leader": "Ada Berg", "--language": "en"} | change
    flat = [part for pair in options.items() for part in pair]
    code, _, err = shell("organization", "create", "Klubben", *flat)
    assert (code, words in err) == (2, True)
    shell("migrate")
    assert database.read_now(lambda s: s.scalars(select(Invite)).all()) == []
    database.close()


def test_a_name_that_is_taken_is_refused(shell: Run) -> None:
    """Two of one name could not be told apart on the command line."""
    shell(*CREATE)
    code, _, err = shell(*CREATE)
    assert (code, err.splitlines()[-1]) == (2, "There is already an organisation with this name.")


def test_organisations_are_listed_and_opened_again(shell: Run, database: Database) -> None:
    """Each with its members, time zone and language; what a leader closed says so, until it is reopened."""
    assert shell("organization", "list")[1].startswith("There is none yet")
    shell(*CREATE)

    def close(session: Session) -> None:
        club = session.scalars(select(Organization)).one()
        club.closed_at = NOW
        leader = User(organization_id=club.id, first_name="Ada", role=Role.LEADER, created_at=NOW)
        session.add(leader)

    database.write_now(close)
    listed = "Fjellklubben: 1 member, Europe/Oslo, en"
    assert shell("organization", "list")[1] == f"{listed}, closed on 2026-12-01\n"
    code, out, _ = shell("organization", "reopen", "Fjellklubben")
    assert (code, out) == (
        0,
        "Fjellklubben is open again. Its group has to be chosen again, with /setup there.\n",
    )
    assert shell("organization", "list")[1] == f"{listed}\n"
    assert shell("organization", "reopen", "Fjellklubben")[1] == "Fjellklubben is already open.\n"
    code, _, err = shell("organization", "reopen", "Seilklubben")
    assert (code, err.startswith("There is no such organisation.")) == (2, True)
    database.close()


@pytest.mark.parametrize("arguments", [("run",), CREATE])
def test_a_missing_token_is_named(shell: Run, config: Path, arguments: tuple[str, ...]) -> None:
    """By every command that needs it."""
    config.write_text("")
    code, _, err = shell(*arguments)
    assert code == 2
    assert err.startswith("telegram.token is missing")


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all.db", "postgresql://equiplib:geheim@127.0.0.1:9/equiplib"]
)
def test_a_database_that_cannot_be_opened_is_named(shell: Run, config: Path, url: str) -> None:
    """With the reason, without its password; one that may only be away with another code than a wrong one."""
    config.write_text(f'[database]\nurl = "{url}"\n')
    code, _, err = shell("migrate")
    is_away = url.startswith("postgresql")
    assert code == (1 if is_away else 2)
    assert err.startswith("The database cannot be reached" if is_away else "database.url is wrong")
    assert "geheim" not in err


def test_a_file_that_is_no_database_is_named(shell: Run, config: Path) -> None:
    """And left as it is."""
    other = config.parent / "equiplib.db"
    other.write_text("Dear diary, " * 100)
    code, _, err = shell("migrate")
    assert code == 2
    assert "file is not a database" in err
    assert other.read_text().startswith("Dear diary")


def test_a_database_of_a_later_version_is_named(shell: Run, database: Database) -> None:
    """An older program must not guess at it."""
    shell("migrate")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    code, _, err = shell("status")
    assert code == 2
    assert "database of another version" in err


def test_status_shows_what_went_wrong(shell: Run, database: Database) -> None:
    """The status shows the updates set aside, Telegram's refusals with their reason, and how much waits."""
    shell("migrate")

    def work(session: Session) -> None:
        inbox.store(Tx(session, NOW), [Arrival(number, 7, "{}") for number in (1, 2)])
        for _ in range(inbox.MOST_ATTEMPTS):
            inbox.failed(Tx(session, NOW), 1, "KeyError: 'chat'")
        outbox.send(Tx(session, NOW), "reminder", chat_id=7)
        delivery_queue.lease(Tx(session, NOW), replies=1, notices=1)
        delivery_queue.refused(session, [1], "BadRequest: message is too long")

    database.write_now(work)
    database.close()
    code, out, _ = shell("status")
    assert code == 0
    assert "1 waiting" in out and "1 set aside" in out and "1 failed" in out
    assert "update 1 of 2026-12-01 09:00 UTC: KeyError: 'chat'" in out
    assert "message 1 (reminder) of 2026-12-01 09:00 UTC: BadRequest: message is too long" in out


def test_status_shows_what_could_not_be_read(shell: Run, database: Database) -> None:
    """Set aside at the first failure, with its text, of which the beginning is shown."""
    shell("migrate")

    def work(session: Session) -> None:
        inbox.store(Tx(session, NOW), [Arrival(1, 7, '{"update_id":1,"poll":"\\u00e6' + "x" * 5000 + '"}')])
        inbox.failed(Tx(session, NOW), 1, "cannot be read: TypeError: \ud800\0", for_good=True)

    database.write_now(work)
    database.close()
    code, out, _ = shell("status")
    assert code == 0
    assert "1 set aside" in out
    assert "update 1 of 2026-12-01 09:00 UTC: cannot be read: TypeError: \ufffd\ufffd\n" in out
    assert '    {"update_id":1,"poll":"\\u00e6xxx' in out and len(out) < 2000


def test_every_command_takes_a_config() -> None:
    """The same option everywhere."""
    for command in (*app.registered_commands, *organization.registered_commands):
        assert command.callback is not None
        assert inspect.signature(command.callback).parameters["config"].annotation is ConfigOption


@asynccontextmanager
async def equiplib(*arguments: str) -> AsyncIterator[Process]:
    """The program as a process of its own."""
    code = "from bot.cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *arguments, stdout=PIPE, stderr=PIPE, env=environment
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@pytest.mark.parametrize("what", ["inventory", "members", "rentals"])
def test_an_export_with_an_impossible_time_zone_is_refused_by_a_sentence(
    shell: Run, database: Database, tmp_path: Path, what: str
) -> None:
    """It names the organization, the setting and its value; status counts the organization all the same."""
    assert shell(*CREATE)[0] == 0
    database.write_now(lambda s: s.execute(update(Organization).values(timezone="Mars/Olympus")))
    code, _, errors = shell(
        "export", str(tmp_path / "file.csv"), "--organization", "Fjellklubben", "--what", what
    )
    assert code == 2
    assert "Fjellklubben" in errors and "Mars/Olympus" in errors
    assert shell("status")[0] == shell("organization", "list")[0] == 0


async def test_run_answers_until_it_is_interrupted(
    sandbox: Sandbox, config: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A real process against the sandbox: it answers, and Ctrl-C ends it cleanly within two seconds. systemd
    hears when it is ready, and when it ends.
    """
    point(config, sandbox.url, sandbox.token)
    kari = sandbox.add_person("Kari")
    systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    request.addfinalizer(systemd.close)
    systemd.bind(str(config.parent / "notify"))
    monkeypatch.setenv("NOTIFY_SOCKET", str(config.parent / "notify"))
    async with equiplib("run", "--config", str(config)) as process:
        await kari.types("/start")
        await kari.sees("", timeout=60)
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(2):
            _, err = await process.communicate()
    assert process.returncode == 0
    systemd.setblocking(False)
    told: list[bytes] = []
    with suppress(BlockingIOError):
        while True:
            told.append(systemd.recv(999))
    assert [line.split(b"\n")[0] for line in told] == [b"WATCHDOG=1", b"READY=1", b"STOPPING=1"]
    assert b"Traceback" not in err
    assert sandbox.token.encode() not in err


async def test_run_with_a_wrong_token_says_so_and_asks_again(sandbox: Sandbox, config: Path) -> None:
    """A line at once, without the token; that it ends with a sentence after a minute is in test_start.py."""
    point(config, sandbox.url, "1:geheim")
    async with equiplib("run", "--config", str(config)) as process:
        assert process.stderr is not None
        async with asyncio.timeout(60):
            said = await process.stderr.readuntil(b"does not know this token")
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
    assert b"Traceback" not in err
    assert b"geheim" not in said + err


async def test_members_come_in_with_a_file_of_links(
    sandbox: Sandbox, config: Path, shell: Run, database: Database
) -> None:
    """Each new member's link, for the operator's eyes alone; a file that is there is not overwritten."""
    point(config, sandbox.url, sandbox.token)
    await asyncio.to_thread(shell, *CREATE)
    table, links = config.parent / "members.csv", config.parent / "links.csv"
    table.write_text("first name,email\nKari,kari@x.no\nOla,kari@x.no\n")
    arguments = ("members", "import", str(table), "--organization", CREATE[2], "--links", str(links))
    code, out, _ = await asyncio.to_thread(shell, *arguments)
    assert code == 0
    assert "Members: 1 new, 0 changed, 0 unchanged." in out
    assert "line 3, email: line 2 already has this email address (kari@x.no)" in out
    assert links.stat().st_mode & 0o777 == 0o600
    first = links.read_text("utf-8-sig")
    assert re.search(r"Kari,kari@x.no,,https://t\.me/equiplib_demo_bot\?start=j_\S+\n", first)
    code, _, err = await asyncio.to_thread(shell, *arguments)
    assert (code, links.read_text("utf-8-sig")) == (2, first)
    assert f"{links} exists" in err
    other = config.parent / "again.csv"
    renew = ("members", "links", "--organization", CREATE[2], "--links", str(other))
    code, out, _ = await asyncio.to_thread(shell, *renew)
    assert code == 0 and "1 links are in" in out and "Earlier links" in out
    assert other.read_text("utf-8-sig") != first
    database.close()


def _invited(session: Session, token: str) -> Invite:
    return invites.look_at(Tx(session, datetime.now(UTC)), 1, token)


def test_somebody_leads_again_by_a_link(shell: Run, database: Database) -> None:
    """For when no leader can be reached any more; without `--leader` the link makes a member."""
    shell(*CREATE)
    for option, role in (["--leader"], Role.LEADER), ([], Role.USER):
        code, out, err = shell("invite", "--organization", "Fjellklubben", *option)
        assert code == 0 and "YOUR_BOT" in err
        link = re.search(r"start=(\S+)", out)
        assert link is not None
        token = link[1]
        found = database.read_now(partial(_invited, token=token))
        assert (found.role, found.uses_left) == (role, 1)
    code, _, err = shell("invite", "--organization", "Another", "--leader")
    assert code == 2 and "Fjellklubben" in err


def test_a_database_is_copied_to_postgresql(shell: Run, postgresql_url: str) -> None:
    """With the number of rows that were compared; what cannot be is told in a sentence."""
    shell(*CREATE)
    code, out, _ = shell("copy-database", postgresql_url)
    assert code == 0 and re.match(r"\d+ rows of \d+ tables are copied, and each is as it was", out)
    assert shell("copy-database", postgresql_url)[0::2] == (
        2,
        "The new database is not empty: there are organizations in it.\n",
    )
    for wrong in ("geheim", "sqlite:///other.db", "postgresql://u:geheim@127.0.0.1:9/x"):
        code, _, err = shell("copy-database", wrong)
        assert code == 2 and "geheim" not in err


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_is_restored(
    shell: Run, database: Database, config: Path, tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    """Into an empty database of either kind. What waited then is not sent, and counted; what is to be sent
    later still is. Existing files and rows are given up only where that is asked for.
    """
    shell(*CREATE)

    def wait(session: Session) -> None:
        tx = Tx(session, NOW)
        for days in (-9_999, -9_999, 36_500):
            outbox.send(tx, "x", chat_id=5, not_before=NOW + timedelta(days=days))

    database.write_now(wait)
    file = tmp_path / "today.backup"
    assert shell("backup", str(file))[0] == 0 and file.stat().st_mode & 0o077 == 0
    assert shell("backup", str(file))[0] == 2
    code, _, err = shell("restore", str(file))
    assert code == 2 and "not empty" in err and "--replace" in err
    empty = f"sqlite:///{tmp_path}/new.db" if kind == "sqlite" else request.getfixturevalue("postgresql_url")
    with config.open("a") as settings:
        settings.write(f'[database]\nurl = "{empty}"\n')
    for options in ((), ("--replace",)):
        code, out, err = shell("restore", str(file), *options)
        assert code == 0 and "\n2 messages" in out, err
    restored = Database(empty)
    query = select(OutboxMessage.status, func.count()).group_by(OutboxMessage.status)
    counted = {row[0]: row[1] for row in restored.read_now(lambda session: session.execute(query).all())}
    restored.close()
    assert counted == {OutboxStatus.DROPPED: 2, OutboxStatus.PENDING: 1}
    assert shell("restore", str(tmp_path / "none"))[0] == 2
