"""The demo begins well whenever it is started, and lets people in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.demo import app, sample_data
from bot.program import Program
from bot.sending.rate_limiter import Unpaced
from db.migrations import upgrade
from db.models import AccountLink, Rental
from db.session import Database
from db.states import RentalStatus
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock

MONDAY = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
HOURS = range(0, 7 * 24, 6)


@asynccontextmanager
async def demo(database: Database, at: datetime) -> AsyncIterator[Sandbox]:
    """The demo as it runs when it is started at a moment, without its server and its page."""
    clock = MovableClock(at, frozen=True)
    sandbox = Sandbox(clock=clock)
    sandbox.world.limits.enabled = False
    group_id = app.add_people(sandbox)
    database.write_now(lambda session: sample_data.populate(session, at, group_id))
    program = Program(
        token=sandbox.token,
        database=database,
        api_url="http://127.0.0.1:1",
        clock=clock.now,
        limiter=Unpaced(),
        transport=httpx.ASGITransport(sandbox.app),
        announces=False,
    )
    await program.start()
    try:
        app.connect(clock, program, database)
        sandbox.world.on_new_person = app.newcomers(sandbox, database, clock)
        yield sandbox
    finally:
        await program.stop()


async def begin(folder: Path, hour: int) -> str:
    """Start at this hour of the week and write the line that the README names; return an objection, or ""."""
    at = MONDAY + timedelta(hours=hour)
    database = Database(f"sqlite:///{folder / f'{hour}.db'}")
    upgrade(database)
    try:
        async with demo(database, at) as sandbox:
            kari = sandbox.person(sample_data.KARI.account_id)
            await kari.types("/rent tent this weekend")
            try:
                await kari.taps("Tent, 2 people")
                await kari.sees("1 × Tent, 2 people")
            except AssertionError:
                return f"{at:%A %H:%M}: {sandbox.transcript(kari)}"
            late = database.read_now(
                lambda session: session.scalars(
                    select(Rental.id).where(Rental.status == RentalStatus.OUT, Rental.due_at < at)
                ).all()
            )
            return f"{at:%A %H:%M}: somebody is late" if late else ""
    finally:
        database.close()


async def test_the_first_line_works_whenever_it_starts(tmp_path: Path) -> None:
    """Late on Sunday, the most awkward hour of a week, `/rent tent this weekend` leads to tents, and nobody
    is late.
    """
    assert await begin(tmp_path, 6 * 24 + 20) == ""


@pytest.mark.long
async def test_the_first_line_works_at_any_hour(tmp_path: Path) -> None:
    """Every sixth hour of a week, to the evening of Sunday, when the next weekend is meant."""
    assert [said for hour in HOURS if (said := await begin(tmp_path, hour))] == []


async def test_somebody_new_joins(tmp_path: Path) -> None:
    """New person makes a column, in which the bot asks for the name; the tap makes a member."""
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(database)
    try:
        async with demo(database, MONDAY) as sandbox:
            join = sandbox.world.on_new_person
            assert join is not None
            await join("Eva Nilsen")
            eva = sandbox.person("Eva")
            assert sandbox.world.columns[-1].person_id == eva.id
            await eva.sees(sample_data.NAME)
            await eva.types("Eva Nilsen")
            await eva.sees("/help")
            links = database.read_now(lambda session: session.scalars(select(AccountLink.account_id)).all())
            assert eva.id in links
    finally:
        database.close()


@pytest.mark.parametrize("weeks", [1, pytest.param(3, marks=pytest.mark.long)])
async def test_weeks_pass_without_a_stop_every_second(tmp_path: Path, weeks: int) -> None:
    """The clock stops where something falls due: a few times a day at most."""
    database = Database(f"sqlite:///{tmp_path / 'weeks.db'}")
    upgrade(database)
    try:
        async with demo(database, MONDAY) as sandbox:
            stops = await sandbox.clock.advance(MONDAY + timedelta(weeks=weeks))
            assert len(stops) < 3 * 7 * weeks
            before = sandbox.clock.now()
            assert (await sandbox.clock.advance_to_next())[-1] > before
    finally:
        database.close()
