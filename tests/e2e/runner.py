"""The program as a process of its own, to be killed: `python -m tests.e2e.runner --help`.

Tests start it through `launch`, which forks from a process that has everything imported already: a program
is there in a fraction of a second, and `kill` is a real SIGKILL.
"""

import argparse
import asyncio
import logging
import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from typing import Any

import structlog
from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import TypeHandler

from bot.console import utc_now
from bot.program import OurApplication, Program
from db.session import Database
from handlers import registration
from handlers.context import Context
from sandbox.world import DEFAULT_TOKEN
from tests.e2e.conftest import Unpaced


@dataclass(frozen=True)
class Setting:
    """`now`: the program's time stands still there; None for real time. `knocks`: before each update it says
    that it is typing, so that a test can stop it there (`faults.add("sendChatAction", hold=True)`).
    """

    api_url: str
    database: str
    now: datetime | None = None
    knocks: bool = False
    token: str = DEFAULT_TOKEN


def run(setting: Setting) -> None:
    """Run until killed."""
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=quiet)
    asyncio.run(_run(setting))


async def _run(setting: Setting) -> None:
    now = setting.now
    clock: Callable[[], datetime] = utc_now if now is None else lambda: now
    database = Database(setting.database)
    try:
        program = Program(
            token=setting.token,
            database=database,
            api_url=setting.api_url,
            clock=clock,
            register=_knocking if setting.knocks else registration.register,
            limiter=Unpaced(),
        )
        await program.run()
    finally:
        database.close()


def _knocking(application: OurApplication) -> None:
    async def knock(update: Update, context: Context) -> None:
        if update.effective_chat is not None:
            await context.bot.send_chat_action(update.effective_chat.id, ChatAction.TYPING)

    application.add_handler(TypeHandler(Update, knock), group=-1)
    registration.register(application)


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        __name__,
        "anyio._backends._asyncio",  # these are imported late, by their names
        "sqlalchemy.dialects.sqlite.pysqlite",
        "sqlalchemy.dialects.postgresql.psycopg",
    ]
)


def launch(setting: Setting) -> ForkServerProcess:
    """Start a program; `kill` and `join` end it."""
    process: Any = _FORKS.Process(target=run, args=(setting,), daemon=True)
    process.start()
    return process  # type: ignore[no-any-return]


def main() -> None:
    parser = argparse.ArgumentParser(description="Run the bot against a sandbox until it is killed.")
    parser.add_argument("--api-url", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--now", type=datetime.fromisoformat, help="Let the time stand still there (UTC).")
    given = parser.parse_args()
    now = given.now.replace(tzinfo=UTC) if given.now is not None else None
    run(Setting(given.api_url, given.database, now))


if __name__ == "__main__":
    main()
