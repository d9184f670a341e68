"""The program as a process of its own, to be killed: `python -m tests.e2e.runner --help`.

Tests start it through `launch`, which forks from a process that has everything imported already: a program
is there in a fraction of a second, and `kill` is a real SIGKILL.
"""

import argparse
import asyncio
import logging
import multiprocessing
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

import structlog
from sqlalchemy.orm import configure_mappers
from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import TypeHandler

from bot.application import OurApplication
from bot.cli.common import utc_now
from bot.program import Program
from bot.retry import pause
from bot.sending.rate_limiter import Unpaced
from db.session import Database
from handlers.i18n.texts import catalogue
from handlers.telegram.context import Context
from handlers.telegram.setup import registration
from handlers.ui.registry import Registry
from sandbox.world.state import DEFAULT_TOKEN
from tests.e2e.telegram.restarts.fuse import Dies, Fuse


@dataclass(frozen=True)
class Setting:
    """`now`: the program's time stands still there; None for real time. `knocks`: before each update it says
    that it is typing, so that a test can stop it there (`faults.add("sendChatAction", hold=True)`). `dies`:
    after its first such commit. `hurries`: it tries again at once what failed.
    """

    api_url: str
    database: str
    now: datetime | None = None
    knocks: bool = False
    dies: Dies = Dies.NEVER
    hurries: bool = False
    token: str = DEFAULT_TOKEN


SWEEP, SETTLE = "sweep", "settle"

Order = str | datetime | Dies
"""A test's order to a running program: SWEEP, SETTLE (once all is handled and sent), the next commit after
which it dies, or another time.
"""


def run(setting: Setting, orders: Connection | None = None) -> None:
    """Run until killed."""
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=quiet)
    asyncio.run(_run(setting, orders))


async def _run(setting: Setting, orders: Connection | None) -> None:
    at = setting.now

    def now() -> datetime:
        return utc_now() if at is None else at

    async def obey(order: Order, orders: Connection) -> None:
        nonlocal at
        if isinstance(order, datetime):
            at = order
        elif order == SWEEP:
            await program.wake_sweep()
        elif order == SETTLE:
            await program.idle()
        elif isinstance(order, Dies):
            fuse.light(order)
        orders.send(order)

    obeying: set[asyncio.Task[None]] = set()

    def hear(orders: Connection) -> None:
        try:
            order = orders.recv()
        except EOFError:  # whoever gave orders is gone
            loop.remove_reader(orders.fileno())
            return
        task = loop.create_task(obey(order, orders))
        obeying.add(task)
        task.add_done_callback(obeying.discard)

    database = Database(setting.database, durable=False)
    fuse = Fuse(database, setting.dies)
    loop = asyncio.get_running_loop()
    try:
        program = Program(
            token=setting.token,
            database=database,
            api_url=setting.api_url,
            clock=now,
            register=_knocking if setting.knocks else registration.register,
            limiter=Unpaced(),
            wait=(lambda _: 0.005) if setting.hurries else pause,
            announces=False,
        )
        if orders is not None:
            loop.add_reader(orders.fileno(), hear, orders)
        await program.run()
    finally:
        database.close()


def _knocking(application: OurApplication, registry: Registry) -> None:
    async def knock(update: Update, context: Context) -> None:
        if update.effective_chat is not None:
            await context.bot.send_chat_action(update.effective_chat.id, ChatAction.TYPING)

    application.add_handler(TypeHandler(Update, knock), group=-1)
    registration.register(application, registry)


_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        __name__,
        "anyio._backends._asyncio",  # these are imported late
        "apscheduler.triggers.interval",
        "h11",
        "httpcore",
        "importlib.readers",
        "sqlalchemy.dialects.sqlite.pysqlite",
        "sqlalchemy.dialects.postgresql.psycopg",
    ]
)


# Once for all, in the process that is forked.
configure_mappers()
catalogue("nb")


@dataclass(frozen=True)
class Running:
    """A program that runs by itself, and takes orders."""

    process: ForkServerProcess
    _orders: Connection

    async def order(self, order: Order) -> None:
        """Have it done; returns when it is. One at a time."""
        answered = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._orders.fileno(), answered.set)
        try:
            self._orders.send(order)
            await answered.wait()
            if self._orders.recv() != order:
                raise AssertionError(f"the program did something else than {order}")
        finally:
            loop.remove_reader(self._orders.fileno())

    async def ended(self) -> None:
        """Return once the process is no more."""
        gone = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self.process.sentinel, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(self.process.sentinel)

    def kill(self) -> None:
        """SIGKILL, and wait for its end."""
        self.process.kill()
        self.process.join()
        self._orders.close()


def launch(setting: Setting) -> Running:
    """Start a program; `kill` ends it."""
    ours, its = _FORKS.Pipe()
    process = _FORKS.Process(target=run, args=(setting, its), daemon=True)
    process.start()
    its.close()
    return Running(process, ours)


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
