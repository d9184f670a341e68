"""Playing the story with a program that is killed again and again: a real SIGKILL, and a new start."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from enum import Enum, auto
from typing import Self

from sqlalchemy import text

from db.session import Database
from handlers.imports.plan_views import Verb as Asked
from sandbox.person import What
from sandbox.server import Sandbox
from sandbox.world.faults import Fault, Faults
from sandbox.world.records import Happening, Message
from tests.e2e.rentals.stage import Stage
from tests.e2e.rentals.story import TICK, Does, Line
from tests.e2e.snapshot import dump
from tests.e2e.telegram.restarts.fuse import Dies
from tests.e2e.telegram.restarts.runner import SETTLE, SWEEP, Running, Setting, launch

KNOCK = "sendChatAction"

SAYING = (
    "sendMessage",
    "sendDocument",
    "sendPhoto",
    "editMessageText",
    "editMessageCaption",
    "editMessageReplyMarkup",
    "answerCallbackQuery",
)

EVERY = 10**6

PROGRAM = "program"
"""The name by which PostgreSQL knows the connections of the program that is killed."""

_LET_GO = text(
    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = :program"
).bindparams(program=PROGRAM)
"""Have the server notice the death, and wait until it has: until then a program that starts stands by, and is
idle without having done what waits.
"""


class Point(Enum):
    """When the program dies."""

    BEFORE = auto()
    """The update is stored and being handled; nothing of what it does is committed."""
    COMMITTED = auto()
    """The change is committed that moment, and nothing of what is to be said has gone out. An update that
    is answered without a change dies with the answer held back.
    """
    UNHEARD = auto()
    """The first that is to be said is in its chat, but the program has not heard so."""


class Killed(Stage):
    """`points` names when the program dies in a line, by the line's number.

    Each time a new one is started in its place, which has nothing but the database to go on from.
    """

    def __init__(
        self, sandbox: Sandbox, database: Database, url: str, points: Callable[[int], Collection[Point]]
    ) -> None:
        super().__init__(sandbox, database)
        self.kills = dict.fromkeys(Point, 0)
        self.imports_again = False
        """True if it also dies after the last of an import's transactions, which is then run once more."""
        self.repeated: list[Message] = []
        """Messages that had arrived when the program died without knowing so: they came a second time."""
        self._url = url if database.is_sqlite else f"{url}&application_name={PROGRAM}"
        self._points = points
        self._lines = 0
        self._now = self.clock.now()
        self._program: Running | None = None
        self._unheard: list[Message] | None = None
        sandbox.world.listeners.append(self._watch)

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._kill()
        self._faults.clear()

    @property
    def _faults(self) -> Faults:
        return self.sandbox.world.faults

    @property
    def program(self) -> Running:
        assert self._program is not None, "nobody is there to take orders"
        return self._program

    async def _start(self, dies: Dies = Dies.NEVER) -> None:
        """Start a program where there is none. What the dead one had sent off meets its faults until then.

        `dies`: whichever runs will, after the next such commit.
        """
        if self._program is None:
            first_call = self._faults.add("getMe", hold=True)
            self._program = launch(Setting(self.sandbox.url, self._url, self._now, knocks=True, dies=dies))
            await first_call.met()
            self._faults.clear()
            self._unheard = None
        elif dies is not Dies.NEVER:
            await self._program.order(dies)

    def _kill(self) -> None:
        if self._program is not None:
            self._program.kill()
            self._program = None
            if not self.database.is_sqlite:
                self.database.read_now(lambda session: session.scalar(_LET_GO))

    async def settled(self) -> None:
        await self.sandbox.world.updates.confirmed()
        await self.program.order(SETTLE)

    async def sweep(self) -> None:
        await self._tell_time()
        with suppress(EOFError, ConnectionError):  # where the sweep's commit is what it dies of
            await self.program.order(SWEEP)

    async def _tell_time(self) -> None:
        self._now = self.clock.now()
        await self.program.order(self._now)

    async def happens(self, line: Line) -> None:
        """As it would without kills. A kill before the commit leaves the business as it was; after one that
        follows the commit a new start changes nothing of it.
        """
        await self._tell_time()
        before, committed = dump(self.database), None
        unheard: list[Message] = []
        for place, point in enumerate(self._points_in(line)):
            await self._start(_dies_of(line) if point is Point.COMMITTED else Dies.NEVER)
            faults = self._hold(point, again=point is Point.BEFORE and place > 0)
            self._unheard = unheard if point is Point.UNHEARD else None
            if place == 0:
                await self.act(line)
            if not await self._dies(line, point, faults):
                continue
            if point is Point.COMMITTED:
                committed = dump(self.database)
            elif point is Point.BEFORE and place == 0:
                assert dump(self.database) == before, f"{line}: something was written too early"
        if not self._points_in(line):
            await self.act(line)
        await self._start()
        await self.settled()
        if committed is not None and not _imports(line):
            assert dump(self.database) == committed, f"{line}: the new start changed the business"
        for message in unheard:
            self._take_away(line, message)
        self._lines += 1
        await self.clock.advance(self.clock.now() + TICK)

    def expect(self, line: Line, name: str, what: What, mark: int) -> None:
        """As it would, where it is a text: from what a message was drawn only the program knows that drew it,
        and this one is another process.
        """
        if isinstance(what, str):
            super().expect(line, name, what, mark)

    def _points_in(self, line: Line) -> list[Point]:
        """In the order of `Point`: what was said cannot be unsaid. No update comes when time passes."""
        points = [one for one in Point if one in self._points(self._lines)]
        if line.does is Does.WAITS:
            return [one for one in points if one is not Point.BEFORE]
        if line.does is Does.SENDS_FILE and not self.imports_again:
            return [one for one in points if one is Point.BEFORE]
        if line.does is Does.ADDS_BOT and Point.BEFORE in points:
            # Three updates: the bot is in the group, the group greets it, and /start.
            return [Point.BEFORE, Point.BEFORE, *points]
        return points

    def _hold(self, point: Point, *, again: bool) -> list[Fault]:
        """Have the program wait at this point; `again`: where the next update gets there."""
        if point is Point.BEFORE:
            if again:
                self._faults.add(KNOCK, hold=True).release()
                self._hold_sayings(arrive=False)
            return [self._faults.add(KNOCK, 500, hold=True)]
        return self._hold_sayings(arrive=point is Point.UNHEARD)

    def _hold_sayings(self, *, arrive: bool) -> list[Fault]:
        return [
            self._faults.add(method, 500, count=EVERY, hold=True, after_effect=arrive) for method in SAYING
        ]

    async def _dies(self, line: Line, point: Point, faults: Sequence[Fault]) -> bool:
        """Kill the program where it waits, if it has not died; False where it got to rest without."""
        held = [asyncio.create_task(fault.met()) for fault in faults]
        dead = asyncio.create_task(self.program.ended())
        rests = asyncio.create_task(self.settled())
        await asyncio.wait([*held, dead, rests], return_when=asyncio.FIRST_COMPLETED)
        if rests.done() and rests.exception() is not None:  # it died while it was asked
            await dead
        is_held = any(task.done() for task in (*held, dead))
        for task in (*held, dead, rests):
            task.cancel()
        await asyncio.gather(*held, dead, rests, return_exceptions=True)
        if not is_held:
            self._faults.clear()
            return False
        self._kill()
        self.kills[point] += 1
        return True

    def _watch(self, happening: Happening) -> None:
        message = happening.message
        if self._unheard is not None and happening.kind == "message" and message and message.sender.is_bot:
            self._unheard.append(message)

    def _take_away(self, line: Line, message: Message) -> None:
        """It was said again; the first copy is what nobody would miss."""
        chat = self.sandbox.world.chats[message.chat_id]
        again = [
            one
            for one in self.sandbox.world.newest_first(chat)
            if one.id > message.id and (one.text, one.keyboard) == (message.text, message.keyboard)
        ]
        assert again, f"{line}: was not sent again: {message.text}"
        chat.messages[message.id].deleted = True
        self.repeated.append(message)


def _dies_of(line: Line) -> Dies:
    """Return the commit that is the line's own. An import's first is not its last: it dies with its answer
    held back.
    """
    if line.does is Does.SENDS_FILE:
        return Dies.NEVER
    return Dies.OF_ANYTHING if line.does is Does.WAITS else Dies.OF_AN_UPDATE


def _imports(line: Line) -> bool:
    """Return whether the line has a file imported, which goes on after its commit."""
    return line.does is Does.SENDS_FILE or Asked.IMPORT_LIST.name in str(line)
