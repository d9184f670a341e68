"""The whole program against the sandbox, with people who type and tap: over HTTP on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import httpx
import pytest
import structlog
from sqlalchemy.orm import Session

from bot.program import Program
from bot.sending.rate_limiter import Unpaced
from db.session import Database
from db.states import Role
from sandbox.person import Person
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from sandbox.world.records import Chat, Happening, Message
from tests import factories
from tests.e2e import fingers, questions, seen
from tests.e2e.snapshot import dump
from tests.factories import Rows, insert_rows, rows_of

PEOPLE = {
    "Kari": (101, Role.USER),
    "Ola": (102, Role.USER),
    "Lars": (103, Role.LENDER),
    "Anna": (104, Role.ADMIN),
    "Ada": (105, Role.LEADER),
}


@dataclass
class World:
    """A running bot, its database and its people. `group` is bound and has Lars, Anna and Ada in it. `sent`:
    every message as it came, whatever became of it since.
    """

    sandbox: Sandbox
    program: Program
    database: Database
    clock: MovableClock
    organization_id: int
    group: Chat
    sent: list[Message] = field(default_factory=list)
    is_over: bool = False

    def __post_init__(self) -> None:
        self.sandbox.world.listeners.append(self._keep)

    def _keep(self, happening: Happening) -> None:
        if happening.kind == "message" and happening.message is not None:
            self.sent.append(happening.message)

    def rings(self, name: str) -> list[Message]:
        """The bot's messages to somebody, in private, that made a sound."""
        to = (one for one in self.sent if one.chat_id == self[name].chat.id)
        return [one for one in to if one.sender.is_bot and not one.silent]

    def __getitem__(self, name: str) -> Person:
        return self.sandbox.person(name)

    def in_group(self, name: str) -> Person:
        return self[name].in_group(self.group)

    async def settled(self) -> None:
        """All that was typed and tapped is handled, and all that is to be said is said."""
        await self.sandbox.world.updates.confirmed()
        await self.program.idle()

    async def ends(self) -> None:
        """Stop the program for good: there is nothing more to settle."""
        await self.program.stop()
        self.is_over = True

    @asynccontextmanager
    async def unchanged(self) -> AsyncIterator[None]:
        """Check that the block leaves the business as it was: rentals, claims, people, things, settings."""
        await self.settled()
        before = dump(self.database)
        yield
        await self.settled()
        assert dump(self.database) == before


@pytest.fixture(autouse=True)
def faultless() -> Iterator[None]:
    """Whatever people do, no fault of ours is logged."""
    with structlog.testing.capture_logs(processors=[structlog.processors.format_exc_info]) as logged:
        yield
    assert [line for line in logged if line["log_level"] in ("error", "critical")] == []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """SQLite alone, but for a test that is marked: most of what people read and tap does not depend on the
    kind of database, and what does has tests of the services too.
    """
    marker = metafunc.definition.get_closest_marker("both_databases")
    if marker is not None:
        second = pytest.param("postgresql", marks=[pytest.mark.long] if marker.kwargs.get("long") else [])
        metafunc.parametrize("database_url", ["sqlite", second], indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


@pytest.fixture(autouse=True)
def one_finger(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever is tapped, nothing else that acts comes under the same finger."""
    with fingers.watched(monkeypatch):
        yield


@pytest.fixture(autouse=True)
def unseen() -> None:
    """Nothing was drawn yet."""
    seen.forget()


@pytest.fixture
def clock(now: datetime) -> MovableClock:
    return MovableClock(now, frozen=True)


@pytest.fixture
async def sandbox(clock: MovableClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=clock) as running:
        running.world.limits.enabled = False
        for name, (account, _) in PEOPLE.items():
            running.add_person(name, id=account)
        yield running


def found(session: Session, now: datetime, group_id: int) -> int:
    """The club of tests/factories.py with these people; returns the organisation's id."""
    of = factories.organization(session, now)
    of.group_chat_id = group_id
    of.group_title = "Utstyr"
    for name, (account, role) in PEOPLE.items():
        factories.member(session, of, now, f"{name} Berg", role, account)
    factories.equipment(session, of, now, "Tent", "T1", "T2", "T3")
    factories.equipment(session, of, now, "Stove", "S1")
    factories.equipment(session, of, now, "Tarpaulin 3×4", "P1", "P2")
    return of.id


_FOUNDED: dict[tuple[datetime, int], tuple[int, Rows]] = {}


def populate(database: Database, now: datetime, group_id: int) -> int:
    """The same, in an empty database: founded once, and copied row by row from then on."""
    if (now, group_id) not in _FOUNDED:
        number = database.write_now(lambda session: found(session, now, group_id))
        _FOUNDED[now, group_id] = number, database.read_now(rows_of)
    else:
        number, rows = _FOUNDED[now, group_id]
        database.write_now(lambda session: insert_rows(session, rows))
    return number


async def start(sandbox: Sandbox, database: Database, clock: MovableClock) -> Program:
    program = Program(
        token=sandbox.token,
        database=database,
        api_url=sandbox.url,
        clock=clock.now,
        render=seen.render,
        limiter=Unpaced(),
        # Connections take a fifth of a test's time; tests marked `both_databases` have them on PostgreSQL.
        transport=httpx.ASGITransport(sandbox.app) if database.is_sqlite else None,
        announces=False,  # has a test of its own in tests/bot, and takes as long as many a test
    )
    clock.on_moved = lambda _: program.wake_sweep()
    await program.start()
    return program


@asynccontextmanager
async def running(sandbox: Sandbox, database: Database, clock: MovableClock) -> AsyncIterator[World]:
    """Everybody has started the bot; the club's group is bound."""
    ada = sandbox.person("Ada")
    group = sandbox.add_group(
        "Utstyr", members=[ada, sandbox.person("Anna"), sandbox.person("Lars")], bot=True
    )
    organization_id = populate(database, clock.now(), group.id)
    for name in PEOPLE:
        sandbox.person(name).user.started = True
    program = await start(sandbox, database, clock)
    world = World(sandbox, program, database, clock, organization_id, group)
    yield world
    if world.is_over:
        return
    try:
        async with asyncio.timeout(1):  # a program that was stopped settles nothing
            await world.settled()
            assert not list(questions.dead(sandbox.world, database))
    except TimeoutError:
        pass
    await world.program.stop()  # maybe another than the first


@pytest.fixture
async def world(sandbox: Sandbox, database: Database, clock: MovableClock) -> AsyncIterator[World]:
    """The club; on each kind of database where the test is marked `both_databases`."""
    async with running(sandbox, database, clock) as one:
        yield one


@pytest.fixture
async def sqlite_world(sandbox: Sandbox, sqlite: Database, clock: MovableClock) -> AsyncIterator[World]:
    """The club on SQLite alone: for what is said and refused before the database matters."""
    async with running(sandbox, sqlite, clock) as one:
        yield one
