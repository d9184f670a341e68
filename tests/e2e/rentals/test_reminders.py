"""Reminders, from the passing of time to what people read: the whole program, on a clock that is moved."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization, OutboxMessage
from db.session import Database
from db.states import OutboxStatus
from handlers.rentals import card_views, reminder_views
from handlers.telegram import answers
from handlers.ui.callbacks import Verb
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from sandbox.world.records import Chat
from services import periodic
from services.core.tx import Tx
from services.messaging import kinds
from tests.e2e.arrange import approved, handed_out, write
from tests.e2e.conftest import World, running, start
from tests.e2e.seen import asking, by, of_kind, wording
from tests.e2e.telegram.restarts.runner import SETTLE, SWEEP, Setting, launch
from tests.factories import OSLO

BLOCKED = wording(answers.unreachable, name=...)
MIDNIGHT = datetime(2026, 12, 1, tzinfo=OSLO)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in December 2026 by clocks in Oslo; days beyond the 31st go on into January."""
    local = datetime(2026, 12, 1, hour, minute, tzinfo=OSLO) + timedelta(days=day - 1)
    return local.astimezone(UTC)


def stops(world: World) -> None:
    """Have the clock stop wherever something falls due, and go on when all that follows is said."""

    async def next_moment(after: datetime) -> datetime | None:
        return await world.database.read(lambda session: periodic.upcoming(Tx(session, after)))

    async def moved(_moment: datetime) -> None:
        await world.program.wake_sweep()
        await world.settled()

    world.clock.next_moment, world.clock.on_moved = next_moment, moved


async def restart(world: World) -> None:
    """Another program takes the place of this one."""
    await world.program.stop()
    await begin_again(world)


async def begin_again(world: World) -> None:
    world.program = await start(world.sandbox, world.database, world.clock)
    await world.program.wake_sweep()
    await world.settled()
    stops(world)


async def without_program(world: World, until: datetime) -> None:
    """The machine is off until then."""
    await world.program.stop()
    world.clock.next_moment = world.clock.on_moved = None
    await world.clock.advance(until)
    await begin_again(world)


async def set_policy(world: World, **policy: Any) -> None:
    def work(session: Session) -> None:
        of = session.get_one(Organization, world.organization_id)
        of.policy = {**of.policy, **policy}

    await write(world, work)


def heard(world: World, chat: Chat, *words: str) -> list[tuple[str, str]]:
    """When something with one of these words came into a chat, by clocks in Oslo, and its first line."""
    return [
        (f"{message.date.astimezone(OSLO):%a %-d %H:%M}", message.text.split("\n")[0])
        for message in world.sent
        if message.chat_id == chat.id
        and message.sender.is_bot
        and any(word in message.text for word in words)
    ]


def reminded(world: World, who: str) -> list[tuple[str, str]]:
    found = heard(world, world[who].chat, "⏰", "🔴 ", "🎒")
    return [one for one in found if not one[1].startswith("Rental ")]  # a card, which turns red


def digests(world: World) -> list[tuple[str, str]]:
    """When the digest came, which takes the place of the last one."""

    def sent(session: Session) -> list[tuple[str, str]]:
        rows = session.scalars(
            select(OutboxMessage)
            .filter_by(kind=kinds.DIGEST, status=OutboxStatus.SENT, renew=True)
            .order_by(OutboxMessage.id)
        )
        return [(f"{row.sent_at.astimezone(OSLO):%a %-d %H:%M}", "digest") for row in rows if row.sent_at]

    return world.database.read_now(sent)


@pytest.fixture
async def calendar(world: World) -> World:
    """The club, and a clock that stops where something falls due."""
    stops(world)
    return world


@pytest.fixture
async def sqlite_calendar(sqlite_world: World) -> World:
    stops(sqlite_world)
    return sqlite_world


async def test_a_rental_that_does_not_come_back(calendar: World) -> None:
    """The day before at nine, when due, then after one, three and seven days and every week; the group reads
    of it every morning. Each once, though at each of these moments it is another program that sweeps.
    """
    await handed_out(calendar, last=2)
    until = at(18, 9)
    while calendar.clock.now() < until:
        await restart(calendar)
        if not await calendar.clock.advance_to_next():
            break
    overdue = wording(reminder_views._sentence, moment="Thu 3 Dec 20:00", what="Tent")
    assert reminded(calendar, "Kari") == [
        ("Wed 2 09:00", wording(reminder_views._sentence, "DUE_SOON", moment="Thu 3 Dec 20:00", what="Tent")),
        ("Thu 3 20:00", wording(reminder_views._sentence, "DUE", what="Tent")),
        *((day + " 09:00", overdue) for day in ("Fri 4", "Sun 6", "Thu 10", "Thu 17")),
    ]
    assert [when for when, _ in digests(calendar)] == [
        f"{MIDNIGHT + timedelta(days=day - 1):%a %-d} 09:00" for day in range(4, 19)
    ]
    assert reminded(calendar, "Ola") == []


async def test_what_is_due_at_once_is_one_message(sqlite_calendar: World) -> None:
    """With the buttons of each rental; what is returned by one of them is not in the next message."""
    first = await handed_out(sqlite_calendar, last=2)
    second = await handed_out(sqlite_calendar, last=2)
    await handed_out(sqlite_calendar, "Ola", last=2)
    await sqlite_calendar.clock.advance(at(3, 20))
    kari = sqlite_calendar["Kari"]
    assert len(reminded(sqlite_calendar, "Kari")) == len(reminded(sqlite_calendar, "Ola")) == 2
    due_now = wording(reminder_views._sentence, "DUE", what="Tent")
    message = kari.last(due_now)
    assert message.text == f"{due_now}\n{due_now}"
    verbs = [
        (verb, number) for number in (first, second) for verb in (Verb.RETURN, Verb.EXTEND, Verb.PROBLEM)
    ]
    assert [by(verb, number)(one) for (verb, number), one in zip(verbs, message.buttons, strict=True)] == [
        True
    ] * 6
    assert len({button.text for button in message.buttons}) == 6
    assert [
        b.text
        for b in sqlite_calendar["Ola"].last(wording(reminder_views._sentence, "DUE", what=...)).buttons
    ] == [
        "Return",
        "Extend",
        "Problem",
    ]
    await kari.taps(by(Verb.RETURN, first))
    await sqlite_calendar.settled()
    await sqlite_calendar.clock.advance(at(4, 9))
    assert reminded(sqlite_calendar, "Kari")[2:] == [
        ("Fri 4 09:00", wording(reminder_views._sentence, moment="Thu 3 Dec 20:00", what="Tent"))
    ]
    assert [b.text for b in kari.last(wording(reminder_views._sentence, moment=..., what=...)).buttons] == [
        "Return",
        "Extend",
        "Problem",
    ]


async def test_the_days_list_follows_a_return(sqlite_calendar: World) -> None:
    """Returned rentals go from it at once, and it goes with the last."""
    world, lars = sqlite_calendar, sqlite_calendar["Lars"]
    numbers = [await handed_out(world, who) for who in ("Kari", "Ola")]
    await world.clock.advance(at(4, 9))

    def listed() -> list[bool]:
        there = [m.text for m in world.sandbox.world.newest_first(world.group) if of_kind(kinds.DIGEST)(m)]
        return [any(name in text for text in there) for name in ("Kari", "Ola")]

    assert listed() == [True, True]
    for number, left in zip(numbers, ([False, True], [False, False]), strict=True):
        await lars.types(f"/takeback {number}")
        await lars.taps(by(Verb.TAKE_BACK, number))
        await world.settled()
        assert listed() == left


@pytest.mark.parametrize("returned", [False, True], ids=["kept", "returned"])
async def test_quiet_hours_are_waited_for(sqlite_calendar: World, returned: bool) -> None:
    """Due in the evening, said in the morning, by another program; not at all if it came back meanwhile."""
    await set_policy(sqlite_calendar, quiet_from="19:00:00", remind_at="10:00:00", digest_at="21:00:00")
    await handed_out(sqlite_calendar, last=2)
    await sqlite_calendar.clock.advance(at(4, 6, 59))
    before = reminded(sqlite_calendar, "Kari")
    assert [when for when, _ in before] == ["Wed 2 10:00"]
    if returned:
        await sqlite_calendar["Kari"].taps("Return")
        await sqlite_calendar.settled()
    await restart(sqlite_calendar)
    await sqlite_calendar.clock.advance(at(4, 9))
    said = ("Fri 4 07:00", wording(reminder_views._sentence, "DUE", moment="Thu 3 Dec 20:00", what="Tent"))
    assert reminded(sqlite_calendar, "Kari")[1:] == ([] if returned else [said])
    # The digest of nine in the evening waits too: for the next morning's seven.
    await sqlite_calendar.clock.advance(at(5, 9))
    # If it came back, that is to be confirmed.
    assert [when for when, _ in digests(sqlite_calendar)] == ["Fri 4 07:00", "Sat 5 07:00"]


async def test_what_was_held_up_until_the_night_waits_for_the_morning(sqlite_calendar: World) -> None:
    """Queued in time, and the program ended before it went out: the next one starts in quiet hours."""
    world = sqlite_calendar
    await set_policy(world, digest_at="21:00:00", remind_at="21:00:00")
    await handed_out(world, last=1)
    await world.clock.advance(at(3, 19))
    before = reminded(world, "Kari") + digests(world)
    await world.program.stop()
    await world.database.write(lambda session: periodic.run(Tx(session, at(3, 21, 30))))
    await without_program(world, at(3, 22, 30))
    await world.clock.advance(at(4, 6, 59))
    assert reminded(world, "Kari") + digests(world) == before
    await world.clock.advance(at(4, 7))
    assert [found[-1][0] for found in (reminded(world, "Kari"), digests(world))] == 2 * ["Fri 4 07:00"]


async def test_what_has_changed_is_not_reminded_of(sqlite_calendar: World) -> None:
    """Kari returns hers the day before, Ola keeps his longer, and calls off what he meant to fetch."""
    await set_policy(sqlite_calendar, extension_approval=False)
    await handed_out(sqlite_calendar, "Kari", last=2)
    await handed_out(sqlite_calendar, "Ola", last=2)
    await approved(sqlite_calendar, "Lars", first=1, last=3)
    await sqlite_calendar.clock.advance(at(2, 9))
    assert len(reminded(sqlite_calendar, "Kari")) == len(reminded(sqlite_calendar, "Ola")) == 1
    await sqlite_calendar["Kari"].taps("Return")
    await sqlite_calendar["Ola"].taps("Extend")
    await sqlite_calendar["Ola"].sees(asking("extend.ask"))
    await sqlite_calendar["Ola"].types("8.12.")
    await sqlite_calendar["Lars"].taps("Cancel")
    await sqlite_calendar["Lars"].taps(by(Verb.CANCEL_SURELY))
    await sqlite_calendar.settled()
    await sqlite_calendar.clock.advance(at(9, 12))
    assert reminded(sqlite_calendar, "Lars") == []
    assert reminded(sqlite_calendar, "Kari")[1:] == []
    assert reminded(sqlite_calendar, "Ola")[1:] == [
        ("Mon 7 09:00", wording(reminder_views._sentence, "DUE_SOON", moment="Tue 8 Dec 20:00", what="Tent")),
        ("Tue 8 20:00", wording(reminder_views._sentence, "DUE", what="Tent")),
        ("Wed 9 09:00", wording(reminder_views._sentence, moment="Tue 8 Dec 20:00", what="Tent")),
    ]
    # What Kari returned is to be confirmed until it counts as back.
    assert [when for when, _ in digests(sqlite_calendar)] == ["Thu 3 09:00", "Wed 9 09:00"]
    anna = sqlite_calendar["Anna"].in_group(sqlite_calendar.group)
    await anna.taps(anna.last(of_kind(kinds.DIGEST)).buttons[0].text)
    assert (await anna.sees(wording(card_views.status_line, "is_overdue", moment=...))).buttons[
        0
    ].text == "Take back"


@pytest.mark.both_databases(long=True)
async def test_after_days_without_the_program(calendar: World) -> None:
    """Each reads once what is still so, and nothing of what was meanwhile; then it goes on as ever."""
    await handed_out(calendar, "Kari", last=2)
    await handed_out(calendar, "Ola", last=8)
    await approved(calendar, "Anna", first=1, last=6)
    await calendar.clock.advance(at(2, 8))
    await without_program(calendar, at(8, 10))
    overdue = wording(reminder_views._sentence, moment="Thu 3 Dec 20:00", what="Tent")
    assert reminded(calendar, "Kari") == [("Tue 8 10:00", overdue)]
    assert reminded(calendar, "Ola") == [
        ("Tue 8 10:00", wording(reminder_views._sentence, "DUE_SOON", moment="Wed 9 Dec 20:00", what="Tent"))
    ]
    assert reminded(calendar, "Anna") == [], "what nobody fetched in time is given up, not offered"
    assert [when for when, _ in digests(calendar)] == ["Tue 8 10:00"]
    await calendar.clock.advance(at(10, 9))
    assert reminded(calendar, "Kari")[1:] == [("Thu 10 09:00", overdue)]
    assert [when for when, _ in reminded(calendar, "Ola")[1:]] == ["Wed 9 20:00", "Thu 10 09:00"]
    assert [when for when, _ in digests(calendar)[1:]] == ["Wed 9 09:00", "Thu 10 09:00"]


async def test_after_days_without_telegram(sqlite_calendar: World) -> None:
    """A reminder that could not be sent in time comes once, and says how things stand, not how they stood."""
    await handed_out(sqlite_calendar, last=2)
    sqlite_calendar.sandbox.world.faults.add("sendMessage", 502, count=10**6)
    sqlite_calendar.clock.next_moment = None  # it is tried again every half minute: too many stops
    for moment in (at(2, 9), at(3, 20), at(4, 9), at(6, 9), at(6, 12)):
        await sqlite_calendar.clock.advance(moment)
    assert reminded(sqlite_calendar, "Kari") == digests(sqlite_calendar) == []
    sqlite_calendar.sandbox.world.faults.clear()
    await sqlite_calendar.clock.advance(at(6, 13))
    await sqlite_calendar.clock.advance(at(6, 20))
    assert [text for _, text in reminded(sqlite_calendar, "Kari")] == [
        wording(reminder_views._sentence, moment="Thu 3 Dec 20:00", what="Tent")
    ]
    assert len(digests(sqlite_calendar)) == 1


@pytest.mark.parametrize(
    "out, before, after",
    [
        # The clocks go forward on Sunday 28 March 2027, and back on Sunday 31 October 2027.
        (datetime(2027, 3, 26, 8, tzinfo=UTC), (27, 8), (29, 7)),
        (datetime(2027, 10, 29, 8, tzinfo=UTC), (30, 7), (1, 8)),
    ],
    ids=["forward", "back"],
)
async def test_nine_is_nine_when_the_clocks_change(
    sqlite_calendar: World, out: datetime, before: tuple[int, int], after: tuple[int, int]
) -> None:
    """Due on the Sunday: the day before and the day after, at nine by the clocks on the wall."""
    await sqlite_calendar.clock.advance(out)
    await handed_out(sqlite_calendar, last=2)
    await sqlite_calendar.clock.advance(out + timedelta(days=4))
    dates = [m.date for m in sqlite_calendar.sent if m.chat_id == sqlite_calendar["Kari"].chat.id]
    heard = [(d.day, d.hour) for d in dates if d.date() > out.date()]
    assert heard == [before, (before[0] + 1, 19), after]
    assert [when[-5:] for when, _ in digests(sqlite_calendar)] == ["09:00"] * 2


async def test_somebody_who_blocked_the_bot(sqlite_calendar: World) -> None:
    """The group reads so once, and at once if something is out; who comes back is reminded again."""
    kari = sqlite_calendar["Kari"]
    await handed_out(sqlite_calendar, last=2)
    await handed_out(sqlite_calendar, last=2)
    await kari.blocks_bot()
    await sqlite_calendar["Ola"].blocks_bot()
    await sqlite_calendar.settled()
    await sqlite_calendar.clock.advance(at(5, 12))
    reported = [("Tue 1 09:00", f"Kari Berg {BLOCKED}")]
    assert heard(sqlite_calendar, sqlite_calendar.group, BLOCKED) == reported
    assert reminded(sqlite_calendar, "Kari") == []
    await kari.types("/help")
    await sqlite_calendar.settled()
    await sqlite_calendar.clock.advance(at(6, 12))
    assert [when for when, _ in reminded(sqlite_calendar, "Kari")] == ["Sun 6 09:00"]
    assert heard(sqlite_calendar, sqlite_calendar.group, BLOCKED) == reported


async def test_somebody_whose_account_is_gone(sqlite_calendar: World) -> None:
    """Nobody tells us so: the group reads of it when the first reminder does not arrive, and once."""
    await handed_out(sqlite_calendar, last=2)
    sqlite_calendar.sandbox.deactivate(sqlite_calendar["Kari"])
    await sqlite_calendar.clock.advance(at(5, 12))
    assert heard(sqlite_calendar, sqlite_calendar.group, BLOCKED) == [("Wed 2 09:00", f"Kari Berg {BLOCKED}")]
    assert [when for when, _ in digests(sqlite_calendar)] == ["Fri 4 09:00", "Sat 5 09:00"]


@pytest.mark.long
async def test_two_programs_on_one_database(
    sandbox: Sandbox, postgresql_url: str, clock: MovableClock
) -> None:
    """Both sweep at each moment and both send: everybody reads everything once."""
    database = Database(postgresql_url)
    async with running(sandbox, database, clock) as world:
        for who in ("Kari", "Ola", "Lars"):
            await handed_out(world, who, last=2)
        await world.program.stop()
        programs = [launch(Setting(sandbox.url, postgresql_url, clock.now())) for _ in range(2)]
        try:
            for moment in (at(2, 9), at(3, 20), at(4, 9)):
                clock.on_moved = None
                await clock.advance(moment)
                for order in (moment, SWEEP, SETTLE, SETTLE):
                    await asyncio.gather(*(program.order(order) for program in programs))
        finally:
            for program in programs:
                program.kill()
        times = ["Wed 2 09:00", "Thu 3 20:00", "Fri 4 09:00"]
        assert all([when for when, _ in reminded(world, who)] == times for who in ("Kari", "Ola", "Lars"))
        assert [when for when, _ in digests(world)] == ["Fri 4 09:00"]
    database.close()


async def test_what_is_done_is_not_offered_any_more(sqlite_world: World) -> None:
    """The buttons of a reminder go once it is heeded, and a card too old to delete shrinks to a line."""
    world = sqlite_world
    stops(world)
    number = await approved(world, first=3, last=4)
    kari = world["Kari"]
    card = kari.last("Approved")
    await world.clock.advance(at(4, 21))
    reminder = await kari.sees(wording(reminder_views._sentence, what=...))
    await kari.taps("Picked up", message=reminder)
    await kari.sees("📦 Out")
    await world.settled()
    now = {message.id: message for message in kari.chat.messages.values()}
    assert not now[reminder.id].keyboard
    assert now[card.id].text == f"Rental {number} ⤵️"
    assert not now[card.id].keyboard
