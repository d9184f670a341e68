"""Playing the story: people act, the program answers, and everybody reads what they should."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, Self

import httpx
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from bot.program import Program
from bot.sending.rate_limiter import Unpaced
from db.models import Base
from db.session import Database
from handlers.onboarding import answers
from handlers.rentals.requests import approval
from sandbox.person import Person, What, Which, find, fits
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from sandbox.world.records import Chat, Message
from services.core.tx import Tx
from services.organizations import management
from tests.e2e import seen
from tests.e2e.rentals.story import ACCOUNTS, BEGIN, INVENTORY, TICK, WHOLE, Does, Line
from tests.e2e.seen import wording

INVITED = wording(answers.invite, role=..., organization=...)
_LINK = re.compile(r"https://t\.me/\S+\?start=(\S+)")


class Stage:
    """The stage of the story, whatever runs the program. Each line is settled before the next.

    `tap_twice`: every tap comes as two taps, as from an impatient finger.
    """

    def __init__(self, sandbox: Sandbox, database: Database, *, tap_twice: bool = False) -> None:
        self.sandbox = sandbox
        self.database = database
        self.tap_twice = tap_twice
        people = {name: sandbox.add_person(name, id=account) for name, account in ACCOUNTS.items()}
        members = [people[name] for name in ("Ada", "Anna", "Lars")]
        self.group = sandbox.add_group("Utstyr", members=members, bot=False)
        self._leader_token = database.write_now(
            lambda session: management.create(
                Tx(session, BEGIN),
                name="Fjellklubben",
                timezone="Europe/Oslo",
                leader_first="Ada",
                leader_last="Berg",
            )
        )

    async def settled(self) -> None:
        """Return once the program has done all there is to do."""
        raise NotImplementedError

    async def sweep(self) -> None:
        """Have the program do what the time calls for."""
        raise NotImplementedError

    async def happens(self, line: Line) -> None:
        """Somebody does it, and the program all that follows. Ends one TICK later."""
        await self.act(line)
        await self.settled()
        await self.clock.advance(self.clock.now() + TICK)

    @property
    def clock(self) -> MovableClock:
        return self.sandbox.clock

    def chat(self, name: str) -> Chat:
        return self.group if name == "group" else self.sandbox.person(name).chat

    async def play(self, lines: Iterable[Line]) -> None:
        """One line after the other. Fails where somebody does not see what the story says."""
        for line in lines:
            await self.line(line)
        # What has nothing left to tell goes, as at the start of a program that was killed.
        await self.sweep()
        await self.settled()

    async def line(self, line: Line) -> None:
        mark = self.sandbox.world.change_number
        await self.happens(line)
        where = "group" if line.in_group else line.who
        for name, what in ((where, line.sees), *line.then):
            self.expect(line, name, what, mark)

    def expect(self, line: Line, name: str, what: What, mark: int) -> None:
        """This is in the chat, as a message that came or changed since `mark`."""
        chat = self.chat(name)
        new = [m for m in self.sandbox.world.newest_first(chat) if m.touched > mark and not _by_person(m)]
        if what and not any(fits(message, what) for message in new):
            story = self.sandbox.transcript(chat)
            raise AssertionError(f"{line}: “{what}” is not new in {name}’s chat.\n{story}")

    async def act(self, line: Line) -> None:
        person = self.sandbox.person(line.who)
        if line.in_group:
            person = person.in_group(self.group)
        text = str(line.what)
        match line.does:
            case Does.TYPES:
                await person.types(text)
            case Does.TAPS:
                await self._tap(person, line.what)
            case Does.REPLIES:
                await person.replies(person.last(wording(approval._question, id=...)), text)
            case Does.OPENS:
                await person.opens(self._link(text))
            case Does.ADDS_BOT:
                await person.opens(f"https://t.me/{self.sandbox.world.bot.username}?startgroup={text}")
            case Does.SENDS_FILE:
                await person.sends_document(text, INVENTORY)
            case Does.WAITS:
                await self.clock.advance(datetime.fromisoformat(text).replace(tzinfo=UTC))
                await self.sweep()

    async def _tap(self, person: Person, which: Which) -> None:
        """The newest message that has this button; twice on the message as it was before the first."""
        buttons = [m for m in self.sandbox.world.newest_first(person.chat) if find(m, which)]
        assert buttons, f"{person.user.name} has no button “{which}”.\n{person.transcript()}"
        shown = buttons[0].snapshot()
        for _ in range(2 if self.tap_twice else 1):
            await person.taps(which, message=shown)

    def _link(self, whose: str) -> str:
        if not whose:
            return self._leader_token
        found = _LINK.search(self.sandbox.person(whose).last(INVITED).text)
        assert found is not None
        return found.group(1)


def _by_person(message: Message) -> bool:
    return not message.sender.is_bot


class InProcess(Stage):
    """The program runs in the same event loop: `async with InProcess(...) as stage`."""

    async def __aenter__(self) -> Self:
        self.program = Program(
            token=self.sandbox.token,
            database=self.database,
            api_url=self.sandbox.url,
            clock=self.clock.now,
            render=seen.render,
            limiter=Unpaced(),
            transport=httpx.ASGITransport(self.sandbox.app) if self.database.is_sqlite else None,
            announces=False,
        )
        await self.program.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.program.stop()

    async def settled(self) -> None:
        await self.sandbox.world.updates.confirmed()
        await self.program.idle()

    async def sweep(self) -> None:
        await self.program.wake_sweep()


Rows = list[dict[str, Any]]

_RANDOM = {("invites", "token_hash"), ("items", "label_token")}
_TOKEN = re.compile(r"j_[\w-]{20,}")
"""Values that differ from one play to the next: columns, and invite tokens in texts."""


@dataclass(frozen=True)
class Outcome:
    """The state at the end of a play: every row of every table, and what everybody reads."""

    tables: dict[str, Rows]
    chats: dict[str, str]

    def differences(
        self, other: "Outcome", tables: Collection[str] | None = None, but: Collection[str] = ()
    ) -> list[str]:
        """List in words the differences in all tables and chats, or in these tables alone.

        `but`: columns that need not be the same.
        """
        found = []
        for name in tables or self.tables:
            ours, theirs = (
                [{column: value for column, value in row.items() if column not in but} for row in rows]
                for rows in (self.tables[name], other.tables[name])
            )
            found += [f"{name}: {one}\n    not {two}" for one, two in zip_longest(ours, theirs) if one != two]
        if tables is None:
            found += [
                f"{name} reads:\n{chat}\n  not\n{other.chats[name]}"
                for name, chat in self.chats.items()
                if chat != other.chats[name]
            ]
        return found


def outcome(stage: Stage) -> Outcome:
    def rows(session: Session, table: Table) -> Rows:
        found = session.execute(select(table).order_by(*table.primary_key)).mappings()
        return [
            {name: _settled(value) for name, value in row.items() if (table.name, name) not in _RANDOM}
            for row in found
        ]

    tables = stage.database.read_now(
        lambda session: {table.name: rows(session, table) for table in Base.metadata.sorted_tables}
    )
    chats = {name: stage.sandbox.transcript(stage.chat(name)) for name in (*ACCOUNTS, "group")}
    return Outcome(tables, {name: _TOKEN.sub("j_…", chat) for name, chat in chats.items()})


def _settled(value: Any) -> Any:
    """The value without what is random in it."""
    if isinstance(value, dict):
        return {key: _settled(one) for key, one in value.items()}
    return _TOKEN.sub("j_…", value) if isinstance(value, str) else value


def telegram() -> Sandbox:
    """A sandbox for the story: its clock stands still where the story begins, and nothing is paced."""
    sandbox = Sandbox(clock=MovableClock(BEGIN, frozen=True))
    sandbox.world.limits.enabled = False
    return sandbox


@cache
def as_usual(template: Path, lines: int = len(WHOLE)) -> Outcome:
    """Play so much of the story with nothing going wrong, on a copy of this empty SQLite file, and keep the
    outcome.
    """

    async def play(url: str) -> Outcome:
        database = Database(url, durable=False)
        try:
            async with telegram() as sandbox, InProcess(sandbox, database) as stage:
                await stage.play(WHOLE[:lines])
                return outcome(stage)
        finally:
            database.close()

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:
        shutil.copy(template, Path(folder) / "usual.db")
        # In a thread: the caller's own event loop may be running.
        return thread.submit(asyncio.run, play(f"sqlite:///{folder}/usual.db")).result()
