"""The weight of the program: the time that its commands take to start, and the running bot's memory.

    .venv/bin/python -m benchmarks.startup [--runs 5]

Each number stands beside its reference from the same run: for the time (of the processor, in user mode, the
best of so many runs) importing python-telegram-bot and SQLAlchemy; for the memory a bare echo bot on the same
library, after each bot's first answer in the same sandbox.
"""

import argparse
import asyncio
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from db.migrations import upgrade
from db.session import Database
from sandbox.person import Person
from sandbox.server import Sandbox
from tests import factories

ROOT = Path(__file__).parents[1]

LIBRARIES = ("-c", "import telegram.ext, sqlalchemy.orm")
EQUIPLIB = ("-c", "from bot.cli.main import main; main()")
COMMANDS = (
    ("--help",),
    ("run", "--help"),
    ("demo", "--help"),
    ("migrate",),
    ("status",),
    ("organization", "list"),
    ("import", "things.csv", "--organization", "Fjellklubben"),
    ("export", "out.csv", "--organization", "Fjellklubben"),
    ("members", "links", "--organization", "Fjellklubben", "--help"),
)

ECHO = """
import sys
from telegram.ext import ApplicationBuilder, MessageHandler, filters
from telegram.request import HTTPXRequest

async def echo(update, context):
    await update.message.reply_text(update.message.text)

def request():
    return HTTPXRequest(httpx_kwargs={"trust_env": False, "verify": False})

root, token = sys.argv[1:]
builder = ApplicationBuilder().token(token).base_url(root + "/bot").request(request())
bot = builder.get_updates_request(request()).build()
bot.add_handler(MessageHandler(filters.TEXT, echo))
bot.run_polling(bootstrap_retries=-1)
"""
"""As its maintainers' first example; without the certificates, which our program leaves out here, too."""


def user_time(arguments: Sequence[str], folder: Path, runs: int) -> float:
    """Seconds in user mode, the least of so many runs."""
    found = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=environment(), check=True, stdout=subprocess.DEVNULL
        )
        found.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
    return min(found)


def environment() -> dict[str, str]:
    """Of the processes: they find their modules compiled, as an installed program does."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT)}


@asynccontextmanager
async def running(*arguments: str, folder: Path) -> AsyncIterator[int]:
    """A bot in a process of its own; its process id."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=folder, env=environment(), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


def memory(pid: int) -> float:
    """Resident megabytes."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


async def answered(kari: Person, question: str, answer: str) -> None:
    await kari.types(question)
    await kari.sees(answer, timeout=60)


async def memories(folder: Path) -> tuple[float, float]:
    """Of the echo bot and of ours, each after its first answer."""
    async with Sandbox() as sandbox:
        kari = sandbox.add_person("Kari")
        kari.user.started = True
        populate(folder, kari.id)
        async with running("-c", ECHO, sandbox.url, sandbox.token, folder=folder) as pid:
            await answered(kari, "hello", "hello")
            bare = await asyncio.to_thread(memory, pid)
        (folder / "config.toml").write_text(
            f'[telegram]\ntoken = "{sandbox.token}"\napi_url = "{sandbox.url}"\n'
        )
        async with running(*EQUIPLIB, "run", folder=folder) as pid:
            await answered(kari, "/rentals", "You have no rentals")
            ours = await asyncio.to_thread(memory, pid)
    return bare, ours


def populate(folder: Path, account: int) -> None:
    database = Database(f"sqlite:///{folder / 'equiplib.db'}")
    upgrade(database)
    now = datetime.now(UTC)

    def fill(session: Session) -> None:
        of = factories.organization(session, now)
        factories.member(session, of, now, "Kari", account=account)

    database.write_now(fill)
    database.close()


def measure(runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare, ours = asyncio.run(memories(folder))
        (folder / "things.csv").write_text("code,name\nT1,Tent\n")
        libraries = user_time(LIBRARIES, folder, runs)
        print(f"the libraries alone: {libraries:.2f} s")  # noqa: T201
        for command in COMMANDS:
            took = user_time((*EQUIPLIB, *command), folder, runs)
            print(f"equiplib {' '.join(command)}: {took:.2f} s, ratio {took / libraries:.2f}")  # noqa: T201
    print(f"a bare echo bot: {bare:.0f} MB; equiplib run: {ours:.0f} MB, ratio {ours / bare:.2f}")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    measure(parser.parse_args().runs)
