"""A club goes on after the upgrade: old buttons, open conversations, what waited to be sent or handled.

tests/db/data/version_0006.sql is a database as version 0.1.0 of the program left it; the JSON beside it has
what everybody's chat showed, and what each deed did when that program ran.
"""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select

from db import copying
from db.migrations import upgrade
from db.models import Claim, Conversation, OutboxMessage, Rental, Return
from db.session import Database
from db.states import OutboxStatus, RentalStatus
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from tests.e2e.conftest import World, start
from tests.e2e.replies import OUTDATED
from tests.e2e.telegram.restarts.old_club import (
    Deed,
    Json,
    changed,
    chats_of,
    copy,
    load,
    messages,
    outcomes,
    read,
    rows,
)

T = TypeVar("T")

DATA = Path(__file__).parents[3] / "db" / "data"


@pytest.fixture
def one_finger() -> None:
    """Cards of the old program, put back after each tap, say nothing of what comes under a finger."""


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
async def file(old: OldClub) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{old.path}", durable=False)
    yield database
    database.close()


@asynccontextmanager
async def opened(old: OldClub, database: Database) -> AsyncIterator[World]:
    """Today's program has started on it, and everybody's chat shows what it showed."""
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


def batches(deeds: Sequence[Deed]) -> Iterator[list[Deed]]:
    """Batch the deeds that touch nobody else, each in a chat of its own; give the others one at a time."""
    quiet = [deed for deed in deeds if deed.is_quiet]
    while quiet:
        batch = list({deed.chat: deed for deed in reversed(quiet)}.values())
        yield batch
        quiet = [deed for deed in quiet if deed not in batch]
    yield from ([deed] for deed in deeds if not deed.is_quiet)


async def differences(old: OldClub, steady: Path, deeds: Sequence[Deed]) -> list[str]:
    """Do each on the club as it was; where today's program does something else than the old one."""
    found = []
    async with file(old) as database, opened(old, database) as world:
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


def not_meant(found: Sequence[str]) -> list[str]:
    """Leave out what is meant to be different: a list of a club's own is shown before it is written, the name
    of a thing is not taken for a person's, and where a day is asked it is what one wants to rent.
    """
    meant = (
        "1:im:0:inventory ",
        "Lamp by 40",
        "Lamp by 2017 in 2017: ['conversation of 2017 in 2017: at rent/last",
    )
    return [one for one in found if not one.startswith(meant)]


def one_of_each(old: OldClub, deeds: Sequence[Deed]) -> list[Deed]:
    """One for each verb, and for each state of each conversation: a button, or something typed."""
    with closing(sqlite3.connect(old.path)) as connection:
        places = connection.execute("SELECT id, chat_id, account_id, name || '/' || state FROM conversations")
        by_row, by_person = {}, {}
        for number, chat, account, place in places:
            by_row[str(number)] = by_person[chat, account] = place
    found: dict[str, dict[str, Deed]] = {}
    for deed in sorted(deeds, key=lambda one: "cancel" in one.data):
        _, verb, number, _ = (deed.data or ":text::").split(":", 3)
        place = {"c": by_row.get(number), "text": by_person.get((deed.chat, deed.by))}.get(verb)
        found.setdefault(place or verb, {}).setdefault(verb, deed)
    # In a state that has both, buttons and words take turns.
    return [list(ways.values())[turn % len(ways)] for turn, ways in enumerate(found.values())]


async def test_what_was_begun_goes_on(old: OldClub, tmp_path: Path) -> None:
    """Old buttons of every ninth verb, and one in every ninth state of a conversation, or words
    written there, do what they did before the upgrade: nothing is a fault, nothing is out of date.
    """
    deeds = one_of_each(old, old.deeds)
    assert len(deeds) > 120
    assert not_meant(await differences(old, tmp_path / "steady.db", deeds[::9])) == []


@pytest.mark.long
async def test_all_that_was_begun_goes_on(old: OldClub, tmp_path: Path) -> None:
    """So do all of them: every word of every state, and every verb on every kind of card."""
    assert not_meant(await differences(old, tmp_path / "steady.db", old.deeds)) == []


COUNTED_MESSAGES = Counter(
    {
        "desk to -4000001: sent": 30,
        "desk to 103: sent": 2,
        "item to 103: sent": 1,
        "item to 104: sent": 2,
        "pile to -4000001: sent": 2,
        "reminder to 101: sent": 4,
        "reminder to 102: sent": 3,
        "reminder to 103: sent": 2,
        "rental to 101: sent": 20,
        "rental to 102: sent": 4,
        "rental to 103: sent": 1,  # it can be picked up
        **{f"rental to {chat}: sent": 2 for chat in range(2093, 2098)},
    }
)
"""Messages that go out since: requests come again while they wait, cards turn red when they fall due, and
reminders change with what they are about."""
COUNTED_ROWS = [
    "claims 26: status out > returned, return_claimed_at - > 2026-12-02 21:14",
    "claims 27: status out > returned, return_claimed_at - > 2026-12-02 21:14",
    "claims 28: status out > returned",
    "claims 29: status out > returned",
    "extensions 1: status asked > withdrawn",
    "rentals 19: status out > returned",
    "rentals 20: status out > returned",
]
"""News since: returns that nobody confirms are in the digest, and count as back after two days."""


async def test_what_waited_is_done_and_said_once(old: OldClub) -> None:
    """Updates that were stored are handled at the start; within six days each message that was queued or
    falls due has gone out, once, as the old program would have sent it.
    """
    before = rows(old.path)
    async with file(old) as database, opened(old, database) as world:
        assert changed(before, rows(old.path)) == old.told["started"]
        for _ in range(24):
            await world.clock.advance(world.clock.now() + timedelta(hours=6))
            await world.program.wake_sweep()
            await world.settled()
        sent, expected = Counter(messages(old.path)), Counter(old.told["messages_after"]) + COUNTED_MESSAGES
        # Two edits of a reminder are one where the first still waits.
        edits = {name for name in expected if name.startswith("reminder to ")}
        assert all(abs(sent.pop(name) - expected.pop(name)) <= 1 for name in edits)
        assert sent == expected
        kept = [one for one in old.told["rows_after"] if not one.startswith(("claims 26:", "claims 27:"))]
        assert sorted(changed(before, rows(old.path))) == sorted([*kept, *COUNTED_ROWS])


async def taps(world: World, who: str, data: str, *, in_group: bool = False) -> None:
    """A button of before, on the newest message that has it."""
    person = world.in_group(who) if in_group else world[who]
    telegram = world.sandbox.world
    message = next(
        m for m in telegram.newest_first(person.chat) if any(data == button.data for button in m.buttons)
    )
    await person.taps_data(data, message)
    await world.settled()


async def row(world: World, of: type[T], number: int) -> T:
    return await world.database.read(lambda session: session.get_one(of, number))


@asynccontextmanager
async def on_either(old: OldClub, database: Database) -> AsyncIterator[World]:
    """On its own file, or on PostgreSQL after the move that the operator's guide describes."""
    async with file(old) as own:
        if not database.is_sqlite:
            assert copying.copy(own, database)["rentals"] > len(old.told["rentals"])
        async with opened(old, own if database.is_sqlite else database) as world:
            yield world


@pytest.mark.both_databases(long=True)
async def test_a_rental_goes_on_to_its_end(old: OldClub, database: Database) -> None:
    """Approved, fetched, kept longer, brought back, confirmed and put away, by buttons of before."""
    number = old.told["rentals"]
    async with on_either(old, database) as world:
        await taps(world, "Anna", "1:ap:33:", in_group=True)
        assert (await row(world, Rental, 33)).status is RentalStatus.APPROVED
        await taps(world, "Kari", f"1:pu:{number['approved']}:")
        assert (await row(world, Rental, number["approved"])).status is RentalStatus.OUT
        await taps(world, "Kari", f"1:re:{number['late']}:")
        assert await returned(world, number["late"]) == [world.clock.now()]
        kept = number["longer"]
        due_at = (await row(world, Rental, kept)).due_at
        assert due_at is not None
        await taps(world, "Anna", "1:gr:1:", in_group=True)
        assert (await row(world, Rental, kept)).due_at == due_at + timedelta(days=1)
        await taps(world, "Lars", f"1:cr:{kept}:", in_group=True)
        assert (await row(world, Rental, kept)).status is RentalStatus.RETURNED
        await taps(world, "Lars", f"1:pa:{PUT_AWAY}:{CELLAR}", in_group=True)
        put_away = await row(world, Return, PUT_AWAY)
        assert (put_away.rental_id, put_away.location_id) == (number["put away"], CELLAR)
        assert put_away.put_away_at == world.clock.now()


PUT_AWAY, CELLAR = 92, 3
"""Numbers in an earlier program's question: the return, as the audit numbered it, and a place."""


async def returned(world: World, number: int) -> list[datetime | None]:
    """When each thing of a rental was said to be back."""
    query = select(Claim.return_claimed_at).filter_by(rental_id=number).order_by(Claim.id)
    return list(await world.database.read(lambda session: session.scalars(query).all()))


async def test_a_basket_is_filled_and_confirmed(old: OldClub, database: Database) -> None:
    """A member who was asked for the last day writes it, and confirms with a tap the basket then drawn."""
    async with on_either(old, database) as world:
        query = select(Conversation).filter_by(name="rent", state="last")
        stands = await world.database.read(lambda session: session.scalars(query).one())
        person = world.sandbox.person(stands.account_id)
        await person.types("5.12.")
        await world.settled()
        after = await row(world, Conversation, stands.id)
        assert (after.state, after.data["rental_id"]) == ("basket", stands.data["rental_id"])
        await person.taps_data(f"1:c:{stands.id}:confirm", person.last())
        await world.settled()
        rental = await row(world, Rental, stands.data["rental_id"])
        assert rental.status is RentalStatus.REQUESTED
        days = [at and at.date().isoformat() for at in (rental.starts_at, rental.due_at)]
        assert days == ["2026-12-03", "2026-12-05"]


@pytest.mark.both_databases(long=True)
async def test_a_reminder_that_was_queued_comes_once(old: OldClub, database: Database) -> None:
    """In the morning that it was put off to, and not with a second look."""
    async with on_either(old, database) as world:
        query = select(OutboxMessage).filter_by(kind="reminder", status=OutboxStatus.PENDING)
        queued = await world.database.read(lambda session: session.scalars(query).one())
        await world.clock.advance(queued.not_before)
        for _ in range(2):
            await world.program.wake_sweep()
            await world.settled()
        sent = await row(world, OutboxMessage, queued.id)
        assert sent.status is OutboxStatus.SENT
        assert sent.sent_at == queued.not_before and sent.message_id is not None
        due = f"1:re:{queued.params['rental_id']}:"
        new = [
            m.id
            for m in world.sandbox.world.newest_first(world["Kari"].chat)
            if m.date >= queued.not_before and any(button.data == due for button in m.buttons)
        ]
        assert new == [sent.message_id]
