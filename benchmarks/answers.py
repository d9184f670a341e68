"""The time an answer takes while thousands of reminders go out, against an idle bot in the same run.

    .venv/bin/python -m benchmarks.answers [--reminders 2000] [--asks 30]

The sandbox keeps Telegram's limits, so the reminders take as long as they would there; the measure is
whether the one who writes has to wait for them. Prints milliseconds and the ratio of the medians.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bot.program import Program
from db.migrations import upgrade
from db.models import Claim, Item, Rental, RentalLine
from db.session import Database
from db.states import ClaimStatus, RentalStatus
from sandbox.person import Person
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from services.rentals import numbers
from tests import factories

NINE = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
"""Nine o'clock in Oslo: the day before the return, and the moment of its reminder."""


def populate(session: Session, accounts: list[int]) -> None:
    """Each account a member with one thing out, due tomorrow."""
    before = NINE - timedelta(days=2)
    of = factories.organization(session, before)
    tent = factories.equipment(session, of, before, "Tent")
    for number, account in enumerate(accounts):
        actor = factories.member(session, of, before, f"Member {number}", account=account)
        item = Item(
            organization_id=of.id,
            equipment_id=tent.id,
            code=f"T{number}",
            label_token=f"t{number}",
            created_at=before,
        )
        rental = Rental(
            organization_id=of.id, user_id=actor.user_id, status=RentalStatus.OUT, starts_at=before,
            due_at=NINE + timedelta(days=1, hours=11), created_at=before, requested_at=before,
            number=numbers.take(session, of.id),
        )  # fmt: skip
        session.add_all([item, rental])
        session.flush()
        line = RentalLine(rental_id=rental.id, equipment_id=tent.id, quantity=1)
        session.add(line)
        session.flush()
        session.add(
            Claim(
                organization_id=of.id, item_id=item.id, rental_id=rental.id, line_id=line.id,
                status=ClaimStatus.OUT, starts_at=before, out_at=before,
                blocked_until=NINE + timedelta(days=1, hours=11),
            )
        )  # fmt: skip


async def ask(person: Person, times: int) -> list[float]:
    """Seconds from a question to its answer; slow enough for one chat's own limit not to matter."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        await person.types("/rentals")
        await person.sees("Your rentals")
        found.append(time.perf_counter() - began)
        await asyncio.sleep(1.2)
    return found


async def measure(reminders: int, asks: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = MovableClock(NINE - timedelta(minutes=5), frozen=True)
        database = Database(f"sqlite:///{Path(folder) / 'answers.db'}")
        upgrade(database)
        async with Sandbox(clock=clock) as sandbox:
            persons = [sandbox.add_person(f"P{number}") for number in range(reminders)]
            for person in persons:
                person.user.started = True
            await database.write(lambda s: populate(s, [person.id for person in persons]))
            program = Program(token=sandbox.token, database=database, api_url=sandbox.url, clock=clock.now)
            await program.start()
            idle = await ask(persons[0], asks)
            await clock.advance(NINE)
            began = time.perf_counter()
            await program.wake_sweep()
            swept = time.perf_counter() - began
            # The asker's own reminder was among the first: what follows is answers among the others'.
            await persons[0].sees("is due", timeout=60)
            busy = await ask(persons[0], asks)
            sent = sum("is due" in sandbox.transcript(person) for person in persons)
            await program.stop()
        database.close()
    report(idle, busy)
    print(f"the sweep queued {reminders} reminders in {swept:.2f} s; {sent} were out when the asking ended")  # noqa: T201


def report(idle: list[float], busy: list[float]) -> None:
    for name, found in (("idle", idle), ("among reminders", busy)):
        ordered = sorted(found)
        worst = ordered[-1]
        print(f"{name}: median {statistics.median(found) * 1000:.0f} ms, worst {worst * 1000:.0f} ms")  # noqa: T201
    print(f"ratio of the medians: {statistics.median(busy) / statistics.median(idle):.2f}")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reminders", type=int, default=2000)
    parser.add_argument("--asks", type=int, default=30)
    given = parser.parse_args()
    asyncio.run(measure(given.reminders, given.asks))
