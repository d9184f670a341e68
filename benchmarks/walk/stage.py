"""The demo's club, people who type and tap, and a count of what they do and of what they get."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Protocol

import httpx

from bot.demo import app, sample_data
from bot.program import Program
from bot.sending.rate_limiter import Unpaced
from db.session import Database
from sandbox.person import Person, What, Which, find
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from sandbox.world.files import plain_picture
from sandbox.world.records import Chat, Happening, Message
from sandbox.world.state import World

BEGIN = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
"""Tuesday 1 December, half past ten in Oslo."""

GROUP = "group"
"""The admins' group, as the place of a line; nobody is called so."""


@dataclass
class Count:
    """The cost of one story, and what comes of it: new messages of the bot, and those of them that ring."""

    taps: int = 0
    typed: int = 0
    """Lines, captions and files."""
    member: int = 0
    member_rings: int = 0
    staff: int = 0
    """To lenders and admins in private."""
    staff_rings: int = 0
    group: int = 0
    group_rings: int = 0

    def cells(self) -> list[int]:
        return [getattr(self, one.name) for one in fields(self)]


class Hands(Protocol):
    """The acts of people, on the page or without it."""

    async def type(self, person: Person, text: str) -> None: ...
    async def tap(self, person: Person, message: Message, place: int) -> None: ...
    async def send_photo(self, person: Person, content: bytes, caption: str) -> None: ...
    async def send_file(self, person: Person, name: str, content: bytes) -> None: ...
    async def join(self, name: str) -> None: ...


class Bare:
    """Hands without a page: each act is an update at once."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def type(self, person: Person, text: str) -> None:
        await person.types(text)

    async def tap(self, person: Person, message: Message, place: int) -> None:
        data = message.buttons[place].data
        assert data is not None, message.buttons[place]
        await person.taps_data(data, message)

    async def send_photo(self, person: Person, content: bytes, caption: str) -> None:
        await person.sends_photo(content, caption)

    async def send_file(self, person: Person, name: str, content: bytes) -> None:
        await person.sends_document(name, content)

    async def join(self, name: str) -> None:
        assert self._world.on_new_person is not None
        await self._world.on_new_person(name)


@dataclass
class Walk:
    """The club while it is walked through. What the bot says is counted in `count`, which a story begins."""

    sandbox: Sandbox
    program: Program
    clock: MovableClock
    group: Chat
    hands: Hands
    count: Count = field(default_factory=Count)

    def __post_init__(self) -> None:
        self.sandbox.world.listeners.append(self._keep)

    async def types(self, who: str, text: str) -> None:
        self.count.typed += 1
        await self.hands.type(self._person(who), text)
        await self.settled()

    async def taps(self, who: str, which: Which, *, where: str = "") -> None:
        """Tap this button on the newest message that has it; `where`: in the group instead of in private."""
        self.count.taps += 1
        person = self._person(who, where)
        message, place = self._button(person, which)
        await self.hands.tap(person, message, place)
        await self.settled()

    async def sends_photo(self, who: str, caption: str = "") -> None:
        self.count.typed += 1
        await self.hands.send_photo(self._person(who), plain_picture(), caption)
        await self.settled()

    async def sends_file(self, who: str, name: str, content: str) -> None:
        self.count.typed += 1
        await self.hands.send_file(self._person(who), name, content.encode())
        await self.settled()

    async def joins(self, name: str) -> None:
        """Somebody new follows a link of Anna's."""
        self.count.taps += 1
        await self.hands.join(name)
        await self.settled()

    async def waits_until(self, local: str) -> None:
        """Move the clock to this time in Oslo, in winter."""
        await self.clock.advance(datetime.fromisoformat(f"{local}+01:00"))
        await self.settled()

    def sees(self, who: str, what: What, *, where: str = "") -> Message:
        return self._person(who, where).last(what)

    async def settled(self) -> None:
        """All is handled, and all is said."""
        await self.sandbox.world.updates.confirmed()
        await self.program.idle()

    def _person(self, who: str, where: str = "") -> Person:
        person = self.sandbox.person(who)
        return person.in_group(self.group) if where == GROUP else person

    def _button(self, person: Person, which: Which) -> tuple[Message, int]:
        for message in self.sandbox.world.newest_first(person.chat):
            button = find(message, which)
            if button is not None:
                return message, message.buttons.index(button)
        raise AssertionError(f"{person.user.name} has no button “{which}”.\n{person.transcript()}")

    def _keep(self, happening: Happening) -> None:
        message = happening.message
        if happening.kind != "message" or message is None or not message.sender.is_bot:
            return
        if message.chat_id == self.group.id:
            kind = "group"
        else:
            staff = message.chat_id in (sample_data.LARS.account_id, sample_data.ANNA.account_id)
            kind = "staff" if staff else "member"
        for name in (kind, *([] if message.silent else [f"{kind}_rings"])):
            setattr(self.count, name, getattr(self.count, name) + 1)


@asynccontextmanager
async def running(database: Database, *, in_memory: bool = False) -> AsyncIterator[Walk]:
    """The demo on its fixed day, in an empty database; `in_memory`: its requests do not pass the network."""
    clock = MovableClock(BEGIN, frozen=True)
    async with Sandbox(clock=clock) as sandbox:
        sandbox.world.limits.enabled = False
        group_id = app.add_people(sandbox)
        sandbox.world.on_new_person = app.newcomers(sandbox, database, clock)
        await database.write(lambda session: sample_data.populate(session, clock.now(), group_id))
        program = Program(
            token=sandbox.token,
            database=database,
            api_url=sandbox.url,
            clock=clock.now,
            limiter=Unpaced(),
            transport=httpx.ASGITransport(sandbox.app) if in_memory else None,
            announces=False,
        )
        await program.start()
        app.connect(clock, program, database)
        walk = Walk(sandbox, program, clock, sandbox.world.chats[group_id], Bare(sandbox.world))
        await walk.settled()
        yield walk
        await program.stop()
