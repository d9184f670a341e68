"""The real program over real HTTP to the sandbox, with a handful of small handlers in place of ours."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
import structlog
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from telegram import Update
from telegram.ext import TypeHandler

from bot import log_config, trouble
from bot.application import OurApplication, build
from bot.polling import Intake
from bot.program import Program
from bot.updates.raw import RawBot
from db.models import InboxUpdate, OutboxMessage
from db.session import Database
from db.states import Lane
from handlers.telegram import errors
from handlers.telegram.context import Context
from handlers.ui.message import Message
from handlers.ui.registry import Registry
from sandbox import MovableClock, Sandbox
from services.core.tx import Tx
from services.messaging import outbox

T = TypeVar("T")
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@dataclass
class Edge:
    """Handlers that do as told: `/read x` answers directly, `/write x` by the outbox, `/boom x` raises."""

    seen: list[str] = field(default_factory=list)
    draw: dict[str, Callable[[Session, Sequence[OutboxMessage], datetime], Message | None]] = field(
        default_factory=dict
    )
    handle: dict[str, Callable[[Update, Context, str], Any]] = field(default_factory=dict)

    def register(self, application: OurApplication, registry: Registry) -> None:
        application.add_handler(TypeHandler(Update, self._on_update))
        application.add_error_handler(errors.failed)

    async def _on_update(self, update: Update, context: Context) -> None:
        text = (update.effective_message.text if update.effective_message else None) or ""
        self.seen.append(text)
        verb, _, rest = text.removeprefix("/").partition(" ")
        if verb in self.handle:
            await self.handle[verb](update, context, rest)
        elif verb == "read":
            assert update.effective_chat is not None
            await context.bot.send_message(update.effective_chat.id, rest)
        elif verb == "write":
            await context.act(lambda session: say(session, context.now(), update, rest))
        elif verb == "boom":
            raise RuntimeError(rest)

    def render(self, tx: Tx, rows: Sequence[OutboxMessage]) -> Message | None:
        kind = rows[0].kind
        if kind in self.draw:
            return self.draw[kind](tx.session, rows, tx.now)
        if kind == "text":
            return Message(escape("\n".join(row.params["text"] for row in rows)))
        return Message(escape(f"{kind} {rows[0].params}"))


def say(session: Session, now: datetime, update: Update, text: str, lane: Lane = Lane.REPLY) -> None:
    assert update.effective_chat is not None
    outbox.send(Tx(session, now), "text", chat_id=update.effective_chat.id, params={"text": text}, lane=lane)


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Log lines as text; the default draws every traceback with all its locals, which takes a second."""
    plain = structlog.dev.plain_traceback
    structlog.configure(processors=[structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)])
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    for one in trouble.ALL:
        one.clear()
    yield
    # Commands configure logging, which is global.
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level
    for name in log_config.TALKATIVE:
        logging.getLogger(name).setLevel(logging.NOTSET)


def at_once(attempt: int) -> float:
    """Seconds between two attempts: hardly any."""
    return 0.005


async def until(condition: Callable[[], bool]) -> None:
    """Return as soon as it holds; give other tasks their turns meanwhile."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)


async def settled(sandbox: Sandbox, program: Program) -> None:
    """Return once everything that people did has been fetched, handled and answered."""
    await until(lambda: sandbox.world.updates.pending_count() == 0)
    await program.idle()


class Shaky(Database):
    """A database that goes away for the next `outages` writes, as one that restarts does."""

    outages = 0

    def write_now(self, work: Callable[[Session], T], *, quietly: bool = False) -> T:
        if self.outages > 0:
            self.outages -= 1
            raise OperationalError("BEGIN", None, Exception("the database is restarting"))
        return super().write_now(work, quietly=quietly)


@pytest.fixture
def shaky(sqlite_url: str) -> Iterator[Shaky]:
    database = Shaky(sqlite_url)
    yield database
    database.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=MovableClock(START)) as running:
        yield running


@pytest.fixture
def edge() -> Edge:
    return Edge()


@pytest.fixture
def make_program(sandbox: Sandbox, sqlite: Database, edge: Edge) -> Callable[..., Program]:
    """A program that is not started yet."""

    def make(database: Database = sqlite, *, announces: bool = False, **more: Any) -> Program:
        return Program(
            token=sandbox.token,
            api_url=sandbox.url,
            database=database,
            clock=sandbox.clock.now,
            render=edge.render,
            announces=announces,
            **{"register": edge.register, "wait": at_once, **more},
        )

    return make


@pytest.fixture
async def program(make_program: Callable[..., Program]) -> AsyncIterator[Program]:
    """The program, running."""
    program = make_program()
    await program.start()
    yield program
    await program.stop()


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[RawBot]:
    """The program's bot alone, logged in."""
    bot = build(sandbox.token, sandbox.url).bot
    await bot.initialize()
    yield bot
    await bot.shutdown()


async def cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def store_and_die(bot: RawBot, sandbox: Sandbox, database: Database) -> None:
    """Poll until an update is stored; end before it is confirmed or handled."""
    stored = asyncio.Event()
    intake = Intake(bot, database, sandbox.clock.now, lambda *_: stored.set())
    task = asyncio.create_task(intake.run())
    await stored.wait()
    await cancel(task)


def updates(database: Database) -> list[InboxUpdate]:
    """The inbox, in order."""
    return database.read_now(lambda s: list(s.scalars(select(InboxUpdate).order_by(InboxUpdate.id))))


def messages(database: Database) -> list[OutboxMessage]:
    """The outbox, in order."""
    return database.read_now(lambda s: list(s.scalars(select(OutboxMessage).order_by(OutboxMessage.id))))
