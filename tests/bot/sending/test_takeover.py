"""A program that is killed with a message on its way: another one goes on within ten seconds."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

from db.models import OutboxMessage
from db.presence import _PROGRAMS
from db.session import Database
from db.states import OutboxStatus
from sandbox import Sandbox
from sandbox.world.faults import Fault
from tests.bot.conftest import until

ROOT = Path(__file__).parents[3]
RUN = "from bot.cli.main import main; main()"
LONGEST = 10.0
"""Seconds."""

pytestmark = [pytest.mark.long, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Process]:
    """A real program, killed at the end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", RUN, "run", cwd=folder, env=environment, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
def folder(tmp_path: Path, sandbox: Sandbox, database_url: str) -> Path:
    lines = (
        *("[telegram]", f'token = "{sandbox.token}"', f'api_url = "{sandbox.url}"'),
        *("[database]", f'url = "{database_url}"'),
    )
    (tmp_path / "config.toml").write_text("\n".join(lines) + "\n")
    return tmp_path


async def holding(sandbox: Sandbox, database: Database) -> Fault:
    """Somebody writes, and the answer hangs on its way."""
    held = sandbox.world.faults.add("sendMessage", hold=True)
    await sandbox.add_person("Kari").types("/start")
    async with asyncio.timeout(60):
        await held.met()
    rows = database.read_now(lambda s: s.scalars(select(OutboxMessage.status)).all())
    assert rows == [OutboxStatus.SENDING]
    return held


def shown(database: Database) -> int:
    """Return how many programs show that they live."""
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = :programs"
    found = database.read_now(lambda s: s.scalar(text(locks), {"programs": _PROGRAMS}))
    return int(found or 0)


async def test_the_next_start_takes_back_what_was_on_its_way(
    sandbox: Sandbox, folder: Path, database: Database
) -> None:
    """At once: not after the lease. Counted from the new program's first call to Telegram."""
    async with running(folder) as first:
        await holding(sandbox, database)
        first.kill()
        await first.wait()
    sandbox.world.faults.clear()
    greeting = sandbox.world.faults.add("getMe", hold=True)
    async with running(folder):
        async with asyncio.timeout(60):
            await greeting.met()
        began = time.monotonic()
        sandbox.world.faults.clear()
        await sandbox.person("Kari").sees("", timeout=60)
        assert time.monotonic() - began < LONGEST


async def test_a_second_program_takes_over(sandbox: Sandbox, folder: Path, database: Database) -> None:
    """It runs already when the first one dies, and fetches the updates from then on."""
    async with running(folder) as first:
        await holding(sandbox, database)
        async with running(folder), asyncio.timeout(120):
            await until(lambda: shown(database) == 2, seconds=60)
            first.kill()
            began = time.monotonic()
            await sandbox.person("Kari").sees("", timeout=60)
            assert time.monotonic() - began < LONGEST
            sandbox.world.faults.clear()
            await sandbox.person("Kari").types("/help")
            async with asyncio.timeout(began + LONGEST - time.monotonic()):
                await sandbox.world.updates.confirmed()
