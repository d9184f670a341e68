"""The alarm clock of the sweep."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, text, true, update
from sqlalchemy.orm import Session

from bot.scheduler import Scheduler
from db.models import InboxUpdate, Organization, Rental, User
from db.session import Database
from db.states import InboxStatus, RentalStatus
from services.core.tx import Tx
from services.messaging import inbox
from services.messaging.inbox import Arrival
from services.messaging.tidying import retention
from services.periodic import Work
from tests import factories
from tests.bot.conftest import START, until, updates
from tests.transactions import in_tx


class Sweeps:
    """Counts the sweeps; the first `failures` of them raise."""

    def __init__(self) -> None:
        self.times: list[datetime] = []
        self.failures = 0

    def __call__(self, tx: Tx) -> None:
        self.times.append(tx.now)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("a sweep broke down")


@pytest.fixture
def sweeps() -> Sweeps:
    return Sweeps()


@pytest.fixture
async def make_scheduler(sqlite: Database, sweeps: Sweeps) -> AsyncIterator[Callable[[float], Scheduler]]:
    """Makes a scheduler that runs, every so many seconds."""
    made: list[Scheduler] = []
    sqlite.write_now(lambda session: factories.organization(session, START).id)

    def make(every: float) -> Scheduler:
        scheduler = Scheduler(
            sqlite, lambda: START, {"reminders": Work(sweeps, lambda _: true())}, every=every
        )
        made.append(scheduler)
        scheduler.start()
        return scheduler

    yield make
    for scheduler in made:
        await scheduler.stop(1)


async def test_it_sweeps_at_the_start_and_again(
    make_scheduler: Callable[[float], Scheduler], sweeps: Sweeps
) -> None:
    """By our clock, whatever time it really is."""
    make_scheduler(0.02)
    await until(lambda: len(sweeps.times) >= 3)
    assert set(sweeps.times) == {START}


async def test_a_sweep_that_breaks_down_does_not_end_the_next(
    make_scheduler: Callable[[float], Scheduler], sweeps: Sweeps, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is logged once, and the next tick tries again."""
    sweeps.failures = 2
    make_scheduler(0.02)
    await until(lambda: len(sweeps.times) >= 4)
    assert capsys.readouterr().out.count("periodic work stopped") == 1


async def test_a_sweep_can_be_asked_for(make_scheduler: Callable[[float], Scheduler], sweeps: Sweeps) -> None:
    """At once, and awaited, as when the demo's clock is moved."""
    scheduler = make_scheduler(3600)
    await until(lambda: len(sweeps.times) == 1)
    await scheduler.sweep()
    assert len(sweeps.times) == 2


async def test_a_wall_clock_set_back_does_not_stop_it(
    make_scheduler: Callable[[float], Scheduler], sweeps: Sweeps
) -> None:
    """The scheduler then waits for a time that is an hour away; the monotonic clock notices."""
    scheduler = make_scheduler(0.02)
    await until(lambda: len(sweeps.times) >= 1)
    scheduler._job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
    before = len(sweeps.times)
    await until(lambda: len(sweeps.times) >= before + 2)


async def test_old_rows_are_cleared_away(
    make_scheduler: Callable[[float], Scheduler], sweeps: Sweeps, sqlite: Database
) -> None:
    """Done updates are forgotten after days, those set aside after months, those that wait never."""
    old = START - retention.UPDATES_KEPT - timedelta(hours=1)
    sqlite.write_now(lambda s: inbox.store(Tx(s, old), [Arrival(number, 1, "{}") for number in (1, 2)]))
    sqlite.write_now(lambda s: inbox.store(Tx(s, START), [Arrival(3, 1, "{}")]))
    for number in (1, 3):
        sqlite.write_now(in_tx(inbox.finish, START, inbox_id=number))
    for number, at in ((4, old), (5, START - retention.ASIDE_KEPT - timedelta(hours=1))):
        sqlite.write_now(lambda s, at=at, n=number: inbox.store(Tx(s, at), [Arrival(n, 1, "{}")]))  # type: ignore[misc]
    sqlite.write_now(
        lambda s: s.execute(
            update(InboxUpdate).where(InboxUpdate.id > 3).values(status=InboxStatus.SET_ASIDE)
        )
    )
    make_scheduler(3600)
    await until(lambda: [row.id for row in updates(sqlite)] == [2, 3, 4])


def test_a_number_that_comes_again_after_a_quiet_week_is_another_update(sqlite: Database) -> None:
    """Telegram counts anew then, at random; within a day the same number is the same update, once more."""
    update = Arrival(7, 1, "{}")
    ((stored, _),) = sqlite.write_now(lambda s: inbox.store(Tx(s, START), [update]))
    sqlite.write_now(lambda s: inbox.finish(Tx(s, START), stored))
    for later, is_new in ((timedelta(days=1), False), (timedelta(days=7), True)):
        sqlite.write_now(in_tx(retention.tidy, START + later))
        again = sqlite.write_now(in_tx(inbox.store, START + later, updates=[update]))
        assert bool(again) is is_new


async def test_it_stops_at_once(make_scheduler: Callable[[float], Scheduler], sweeps: Sweeps) -> None:
    """Nothing ticks after the end."""
    scheduler = make_scheduler(0.02)
    await until(lambda: len(sweeps.times) >= 1)
    async with asyncio.timeout(2):
        await scheduler.stop(1)


async def test_a_sweep_that_outlasts_the_end_is_no_fault(
    sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """It is broken off without a word: its transaction counts whole or not at all, and is due again."""
    sqlite.write_now(lambda session: factories.organization(session, START).id)
    begun, end = threading.Event(), threading.Event()

    def long(tx: Tx) -> None:
        begun.set()
        end.wait(10)

    scheduler = Scheduler(sqlite, lambda: START, {"reminders": Work(long, lambda _: true())})
    scheduler.start()
    await until(begun.is_set)
    try:
        await scheduler.stop(0.01)
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)
    finally:
        end.set()
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


async def test_what_can_wait_is_done_each_hour(sqlite: Database, sweeps: Sweeps) -> None:
    """At the start, too; one organization with impossible settings stops no other."""

    def old(session: Session) -> None:
        for name in ("First", "Second"):
            club = factories.club(session, START - timedelta(days=90), name, forget_after_months=1)
            factories.requested(
                session, club.kari, START - timedelta(days=90), factories.days(START, 1, 2), (club.tent, 1)
            )
        session.execute(update(Rental).values(status=RentalStatus.DECLINED, ended_at=START - timedelta(89)))
        session.execute(update(Organization).where(Organization.name == "First").values(timezone="Mars"))

    sqlite.write_now(old)
    scheduler = Scheduler(sqlite, lambda: START, {"reminders": Work(sweeps, lambda _: true())}, every=0.02)
    scheduler.start()
    await until(lambda: len(sweeps.times) >= 6)
    await scheduler.stop(1)
    query = (
        select(Organization.name).join(User).join(Rental, Rental.user_id == User.id).where(~User.is_anonymous)
    )
    assert sqlite.read_now(lambda s: s.scalars(query).all()) == ["First"]


async def test_what_takes_long_holds_up_no_writer(sqlite: Database) -> None:
    """It only reads, and what it found is written afterwards, where there is anything."""
    sqlite.write_now(lambda session: factories.organization(session, START).id)
    found = [None, "Turlaget"]

    def rename(tx: Tx, name: str) -> None:
        tx.organization.name = name

    def counts(tx: Tx) -> Callable[[Tx], None] | None:
        with sqlite3.connect(str(sqlite.url.database), timeout=0) as other:
            other.execute("BEGIN IMMEDIATE")  # raises where somebody is writing
        other.close()
        name = found.pop(0)
        return partial(rename, name=name) if name is not None else None

    scheduler = Scheduler(sqlite, lambda: START, {"figures": Work(counts, lambda _: true(), reads=True)})
    names = []
    for _ in range(2):
        await scheduler.sweep()
        names.append(sqlite.read_now(lambda session: session.scalars(select(Organization.name)).one()))
    assert names == ["Fjellklubben", "Turlaget"]


@pytest.mark.parametrize("begun", [False, True])
async def test_what_takes_long_does_not_hold_up_the_end(database: Database, begun: bool) -> None:
    """Its statement is broken off, in either database, and even if it begins only when the program ends."""
    database.write_now(lambda session: factories.organization(session, START).id)
    counting, may_begin = threading.Event(), threading.Event()
    if begun:
        may_begin.set()

    def counts(tx: Tx) -> None:
        counting.set()
        may_begin.wait(5)
        tx.session.execute(text(_LONG))

    scheduler = Scheduler(database, lambda: START, {"figures": Work(counts, lambda _: true(), reads=True)})
    scheduler.start()
    await until(counting.is_set)
    stop = asyncio.create_task(scheduler.stop(5))
    await until(lambda: scheduler._stopping)
    may_begin.set()
    await asyncio.wait_for(stop, 5)
    await asyncio.to_thread(database.settle)
    assert not database._under_way


_LONG = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT count(*) FROM n
"""
"""A statement that nobody waits for, but that ends."""
