"""The work of an update: the processor's time that our bot takes, against a bare echo bot in the same run.

    .venv/bin/python -m benchmarks.updates [--rounds 5]

Both bots run in processes of their own, each against a sandbox over HTTP. In a round eight people, each of a
club of their own, do the same at once, and all that follows is awaited: answers, cards, the group's cards.
Prints each step's milliseconds for one person, and its ratio to one echo; the least of the rounds and the
median.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.startup import ECHO, EQUIPLIB, running
from db.migrations import upgrade
from db.session import Database
from db.states import Role
from sandbox.person import Person
from sandbox.server import Sandbox
from sandbox.world.records import Chat
from tests import factories

PEOPLE = 8

PAUSE = 4.5
"""Seconds between two steps: Telegram's limit for one chat, which our bot keeps, is not to be measured."""

PROBE, STILL = 0.15, 0.002
"""A bot is done when it took less than so many seconds of the processor in so many of the clock."""


@dataclass
class Member:
    """Somebody who borrows, and the admin of the same club in its group."""

    asks: Person
    admin: Person


Step = Callable[[Member], Awaitable[None]]


def words(text: str, answer: str) -> Step:
    async def step(member: Member) -> None:
        await member.asks.types(text)
        await member.asks.sees(answer, timeout=20)

    return step


def tap(label: str, answer: str, group: str = "") -> Step:
    """Tap a button; see the answer, and what the group sees."""

    async def step(member: Member) -> None:
        await member.asks.taps(label)
        await member.asks.sees(answer, timeout=20)
        if group:
            await member.admin.sees(group, timeout=20)

    return step


def admin_tap(label: str, answer: str) -> Step:
    async def step(member: Member) -> None:
        await member.admin.taps(label)
        await member.asks.sees(answer, timeout=20)

    return step


def steps() -> dict[str, Step]:
    return {
        "/help": words("/help", "/rent"),
        "/rentals": words("/rentals", "rentals"),
        "/items": words("/items", "What do you need"),
        "/items tent": words("/items tent", "tent"),
        "rent": words("/rent tent today 2 days", "Tent"),
        "confirm": tap("Confirm", "Waiting", "Kari"),
        "approve": admin_tap("Approve", "pproved"),
        "pick up": tap("Picked up", "Out, due"),
        "return": tap("Return", "confirm", "Kari"),
        "confirm return": admin_tap("Confirm return", "eturned"),
    }


def processor(pid: int) -> float:
    """Seconds of the processor that a process has taken, in all its threads."""
    return time.clock_gettime((~pid << 3) | 2)


async def at_rest(pid: int) -> float:
    """Wait until a process does nothing any more; return the time that it has taken."""
    before = processor(pid)
    while True:
        await asyncio.sleep(PROBE)
        now = processor(pid)
        if now - before < STILL:
            return now
        before = now


async def taken(pid: int, step: Step, members: list[Member]) -> float:
    """Milliseconds for each of the members, who do this at once."""
    before = await at_rest(pid)
    await asyncio.gather(*(step(member) for member in members))
    return (await at_rest(pid) - before) / len(members) * 1000


def populate(folder: Path, clubs: list[tuple[int, int, int]]) -> None:
    """Each member's account, admin's account and group."""
    database = Database(f"sqlite:///{folder / 'equiplib.db'}")
    upgrade(database)
    now = datetime.now(UTC) - timedelta(days=1)

    def fill(session: Session) -> None:
        for number, (account, admin, group) in enumerate(clubs):
            of = factories.organization(session, now, f"Club {number}")
            of.group_chat_id, of.group_title = group, "Group"
            factories.member(session, of, now, "Kari Berg", account=account)
            factories.member(session, of, now, "Anna Berg", Role.ADMIN, account=admin)
            factories.equipment(session, of, now, "Tent", "T1", "T2", "T3")
            factories.equipment(session, of, now, "Stove", "S1")
            factories.equipment(session, of, now, "Tarpaulin 3×4", "P1", "P2")

    database.write_now(fill)
    database.close()


def club(sandbox: Sandbox, number: int) -> tuple[Member, Chat]:
    kari, anna = sandbox.add_person(f"Kari{number}"), sandbox.add_person(f"Anna{number}")
    group = sandbox.add_group(f"Group {number}", members=[anna], bot=True)
    kari.user.started = anna.user.started = True
    return Member(kari, anna.in_group(group)), group


@asynccontextmanager
async def echo(folder: Path) -> AsyncIterator[tuple[int, list[Member]]]:
    async with Sandbox() as sandbox:
        sandbox.world.limits.enabled = False
        members = [club(sandbox, number)[0] for number in range(PEOPLE)]
        async with running("-c", ECHO, sandbox.url, sandbox.token, folder=folder) as pid:
            yield pid, members


@asynccontextmanager
async def equiplib(folder: Path) -> AsyncIterator[tuple[int, list[Member]]]:
    async with Sandbox() as sandbox:
        sandbox.world.limits.enabled = False
        clubs = [club(sandbox, number) for number in range(PEOPLE)]
        populate(folder, [(member.asks.id, member.admin.id, group.id) for member, group in clubs])
        (folder / "config.toml").write_text(
            f'[telegram]\ntoken = "{sandbox.token}"\napi_url = "{sandbox.url}"\n'
        )
        async with running(*EQUIPLIB, "run", folder=folder) as pid:
            yield pid, [member for member, _ in clubs]


async def measure(rounds: int) -> None:
    """The first round, in which statements are prepared and files are loaded, does not count."""
    bare: list[float] = []
    ours: dict[str, list[float]] = {name: [] for name in steps()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with echo(folder) as (bare_pid, askers), equiplib(folder) as (pid, members):
            for number in range(rounds + 1):
                for step_name, step in steps().items():
                    text = f"hello {number} {step_name}"
                    one = await taken(bare_pid, words(text, text), askers)
                    another = await taken(pid, step, members)
                    if number:
                        bare.append(one)
                        ours[step_name].append(another)
                    await asyncio.sleep(PAUSE)
    report(bare, ours)


def report(bare: list[float], ours: dict[str, list[float]]) -> None:
    least, middle = min(bare), statistics.median(bare)
    print(f"{'echo':16} {least:6.2f} ms, median {middle:6.2f} ms")  # noqa: T201
    for name, found in ours.items():
        first, half = min(found), statistics.median(found)
        ratios = f"{first / least:.2f} {half / middle:.2f}"
        print(f"{name:16} {first:6.2f} ms, median {half:6.2f} ms, ratio {ratios}")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(measure(parser.parse_args().rounds))
