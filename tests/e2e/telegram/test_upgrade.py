"""A club goes on after the upgrade: old buttons, open conversations, what waited to be sent and to be handled.

tests/db/data/version_0006.sql is a database as version 0.1.0 of the program left it; the JSON beside it has
what everybody's chat showed, and what each deed did when that program ran.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from db.migrations import upgrade
from db.session import Database
from sandbox.clock import MovableClock
from sandbox.server import Sandbox
from tests.e2e.conftest import World, start
from tests.e2e.replies import OUTDATED
from tests.e2e.telegram.old_club import Deed, Json, changed, chats_of, copy, load, messages, outcomes, read, rows

DATA = Path(__file__).parents[2] / "db" / "data"


@dataclass
class OldClub:
    """The upgraded database as a file, and what the old program knew of it."""

    path: Path
    told: Json

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.told["at"])

    @property
    def deeds(self) -> list[Deed]:
        return [Deed(**{**one, "effects": tuple(one.get("effects", ()))}) for one in self.told["deeds"]]


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The old database, brought to the newest schema."""
    path = tmp_path_factory.mktemp("old") / "upgraded.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DATA / "version_0006.sql").read_text(encoding="utf-8"))
    database = Database(f"sqlite:///{path}", durable=False)
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def old(upgraded: Path, tmp_path: Path) -> OldClub:
    path = tmp_path / "club.db"
    copy(upgraded, path)
    return OldClub(path, read(DATA / "version_0006.json"))


@asynccontextmanager
async def opened(old: OldClub) -> AsyncIterator[World]:
    """Today's program has started on it, and everybody's chat shows what it showed."""
    database = Database(f"sqlite:///{old.path}", durable=False)
    clock = MovableClock(old.at, frozen=True)
    async with Sandbox(clock=clock) as sandbox:
        sandbox.world.limits.enabled = False
        load(sandbox.world, old.told)
        sandbox.world.updates.restart_ids(old.told["next_update"])
        program = await start(sandbox, database, clock)
        group = sandbox.world.chats[old.told["group"]]
        world = World(sandbox, program, database, clock, old.told["organization"], group)
        await world.settled()
        yield world
        await program.stop()
    database.close()


def batches(deeds: Sequence[Deed]) -> Iterator[list[Deed]]:
    """What touches nobody else is done together, each in a chat of its own; the others one at a time."""
    quiet = [deed for deed in deeds if deed.is_quiet]
    while quiet:
        batch = list({deed.chat: deed for deed in reversed(quiet)}.values())
        yield batch
        quiet = [deed for deed in quiet if deed not in batch]
    yield from ([deed] for deed in deeds if not deed.is_quiet)


async def differences(old: OldClub, steady: Path, deeds: Sequence[Deed]) -> list[str]:
    """Do each on the club as it was; where today's program does something else than the old one."""
    found = []
    async with opened(old) as world:
        telegram = world.sandbox.world
        copy(old.path, steady)
        chats = chats_of(telegram)
        for batch in batches(deeds):
            copy(steady, old.path)
            load(telegram, chats)
            done = await outcomes(telegram, old.path, batch, world.settled, OUTDATED)
            found += [
                f"{deed}: {list(now)}, not {list(deed.effects)}"
                for deed, now in zip(batch, done, strict=True)
                if now != deed.effects
            ]
    return found


@pytest.mark.parametrize(
    "which",
    [
        lambda deed: deed.data and deed.is_quiet,
        lambda deed: deed.data and not deed.is_quiet,
        lambda deed: deed.text,
    ],
    ids=["buttons of conversations", "buttons that change something", "words"],
)
async def test_what_was_begun_goes_on(old: OldClub, tmp_path: Path, which: Callable[[Deed], bool]) -> None:
    """Every kind of old button, on every kind of card and in every state of every conversation, and words
    written there, do what they did before the upgrade: nothing is a fault, nothing is out of date.
    """
    deeds = [deed for deed in old.deeds if which(deed)]
    assert len(deeds) > 50
    assert await differences(old, tmp_path / "steady.db", deeds) == []


async def test_what_waited_is_done_and_said_once(old: OldClub) -> None:
    """Updates that were stored are handled at the start; within six days each message that was queued or
    falls due has gone out, once, as the old program would have sent it.
    """
    before = rows(old.path)
    async with opened(old) as world:
        assert changed(before, rows(old.path)) == old.told["started"]
        for _ in range(24):
            await world.clock.advance(world.clock.now() + timedelta(hours=6))
            await world.program.wake_sweep()
            await world.settled()
        assert messages(old.path) == old.told["messages_after"]
        assert changed(before, rows(old.path)) == old.told["rows_after"]
