"""The whole program against the sandbox over real HTTP, with people who type and tap."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import pytest

from bot.program import Program
from db.session import Database
from db.states import Role
from sandbox.clock import MovableClock
from sandbox.person import Person
from sandbox.records import Chat
from sandbox.server import Sandbox
from tests import support

PEOPLE = {
    "Kari": (101, Role.USER),
    "Ola": (102, Role.USER),
    "Lars": (103, Role.LENDER),
    "Anna": (104, Role.ADMIN),
    "Ada": (105, Role.LEADER),
}


@dataclass
class World:
    """A running bot, its database and its people. `group` is bound and has Lars, Anna and Ada in it."""

    sandbox: Sandbox
    program: Program
    database: Database
    clock: MovableClock
    organization_id: int
    group: Chat

    def __getitem__(self, name: str) -> Person:
        return self.sandbox.person(name)

    def in_group(self, name: str) -> Person:
        return self[name].in_group(self.group)

    async def settled(self) -> None:
        """All that was typed and tapped is handled, and all that is to be said is said."""
        await self.program.idle()


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


def populate(database: Database, now: datetime, group_id: int | None = None) -> int:
    """The club of tests/support.py with these people; returns the organisation's id."""

    def work(session: support.Session) -> int:
        of = support.organization(session, now)
        of.group_chat_id = group_id
        of.group_title = "Utstyr"
        for name, (account, role) in PEOPLE.items():
            support.member(session, of, now, f"{name} Berg", role, account)
        support.equipment(session, of, now, "Tent", "T1", "T2", "T3")
        support.equipment(session, of, now, "Stove", "S1")
        support.equipment(session, of, now, "Tarpaulin 3×4", "P1", "P2")
        return of.id

    return database.write_now(work)


async def start(sandbox: Sandbox, database: Database, clock: MovableClock) -> Program:
    program = Program(token=sandbox.token, database=database, api_url=sandbox.url, clock=clock.now)
    clock.on_moved = lambda _: program.wake_sweep()
    await program.start()
    return program


@pytest.fixture
async def world(
    sandbox: Sandbox, database: Database, clock: MovableClock, now: datetime
) -> AsyncIterator[World]:
    """Everybody has started the bot; the club's group is bound."""
    ada = sandbox.person("Ada")
    group = sandbox.add_group(
        "Utstyr", members=[ada, sandbox.person("Anna"), sandbox.person("Lars")], bot=True
    )
    organization_id = populate(database, now, group.id)
    for name in PEOPLE:
        sandbox.person(name).user.started = True
    program = await start(sandbox, database, clock)
    yield World(sandbox, program, database, clock, organization_id, group)
    await program.stop()
