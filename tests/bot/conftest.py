"""The real program over real HTTP to the sandbox, with a handful of small handlers in place of ours."""

import asyncio
import logging
import struct
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
import structlog
from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from telegram import Update
from telegram.ext import TypeHandler

from bot import log_config, trouble
from bot.application import OurApplication, build
from bot.polling import Poller
from bot.program import Program
from bot.updates.raw import RawBot
from db.models import AccountLink, Card, ChatAccount, InboxUpdate, Organization, OutboxMessage, User
from db.session import Database
from db.states import Lane, OutboxStatus, Role
from handlers.telegram import errors
from handlers.telegram.context import Context
from handlers.ui.message import Button, Message
from handlers.ui.registry import Registry
from sandbox import MovableClock, Sandbox
from sandbox.person import Person
from sandbox.world.records import Chat
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


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Return as soon as it holds; give other tasks their turns meanwhile."""
    async with asyncio.timeout(seconds):
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
    poller = Poller(bot, database, sandbox.clock.now, lambda *_: stored.set())
    task = asyncio.create_task(poller.run())
    await stored.wait()
    await cancel(task)


def updates(database: Database) -> list[InboxUpdate]:
    """The inbox, in order."""
    return database.read_now(lambda s: list(s.scalars(select(InboxUpdate).order_by(InboxUpdate.id))))


def messages(database: Database) -> list[OutboxMessage]:
    """The outbox, in order."""
    return database.read_now(lambda s: list(s.scalars(select(OutboxMessage).order_by(OutboxMessage.id))))


BUTTON = ((Button("Confirm", "1:x:0:"),),)


def text(words: str) -> Message:
    return Message(Markup(words), BUTTON)


def png() -> bytes:
    """The smallest picture there is: one white dot."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00\xff"))
        + chunk(b"IEND", b"")
    )


class Outbox:
    """The messages to send, and one card whose message the test chooses."""

    def __init__(self, sandbox: Sandbox, program: Program, database: Database, edge: Edge) -> None:
        self.sandbox, self.program, self.database = sandbox, program, database
        self.shows: Message | None = Message(Markup("first"), BUTTON)
        edge.draw["rental"] = lambda *_: self.shows
        edge.draw["message"] = lambda *_: self.shows

    async def say(self, chat: int, text: str, lane: Lane = Lane.REPLY, **more: Any) -> None:
        now = self.sandbox.clock.now()
        more = {"kind": "text", "params": {"text": text}, "lane": lane} | more
        await self.database.write(lambda s: outbox.send(Tx(s, now), chat_id=chat, **more))

    async def draw(self, chat: int, message: Message | None, *, renew: bool = False) -> None:
        """Show the card so, and wait until it is."""
        self.shows = message
        now = self.sandbox.clock.now()
        await self.database.write(
            lambda s: outbox.render_card(Tx(s, now), "rental", 1, chat_id=chat, renew=renew)
        )
        await self.program.idle()

    def states(self) -> list[OutboxStatus]:
        return [row.status for row in messages(self.database)]

    def card(self) -> Card:
        return self.database.read_now(lambda s: s.scalars(select(Card)).one())


@pytest.fixture
def box(sandbox: Sandbox, program: Program, sqlite: Database, edge: Edge) -> Outbox:
    return Outbox(sandbox, program, sqlite, edge)


@pytest.fixture
async def kari(sandbox: Sandbox, program: Program) -> Person:
    """Somebody who has started the bot."""
    kari = sandbox.add_person("Kari")
    await kari.types("/start")
    await settled(sandbox, program)
    return kari


@pytest.fixture
async def group(sandbox: Sandbox, program: Program, sqlite: Database, kari: Person) -> Chat:
    """An organisation's admin group with Ada, its admin; Kari is a member of the organisation."""
    ada = sandbox.add_person("Ada")
    ada.user.started = True
    group = sandbox.add_group("Admins", [ada])
    people = ((1, kari, Role.USER), (2, ada, Role.ADMIN))

    def work(session: Session) -> None:
        session.add(Organization(id=1, name="Club", timezone="UTC", group_chat_id=group.id, created_at=START))
        session.flush()
        for number, person, role in people:
            name = person.user.first_name
            session.add(User(id=number, organization_id=1, first_name=name, role=role, created_at=START))
            session.add(ChatAccount(id=person.id, organization_id=1, created_at=START))
            session.flush()
            link = {"account_id": person.id, "organization_id": 1, "user_id": number}
            session.add(AccountLink(**link, created_at=START))

    sqlite.write_now(work)
    return group
