"""Rents a second by the API, against the same work without HTTP; and the bot's answers meanwhile.

    .venv/bin/python -m benchmarks.api_rents [--rents 1000] [--at-once 50] [--asks 100]

The program runs as it does for people: uvicorn in the bot's own event loop, on a SQLite file. Members who
are not in the chat ask for a tent each, on days on which one is free: first by calls of the service, so many
at once; then by requests from a process of their own, each with its own token. Meanwhile people write /help
to the bot in the sandbox. Prints rents a second, milliseconds, and ratios.
"""

import argparse
import asyncio
import logging
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import structlog
from sqlalchemy.orm import Session

from bot.program import Program
from bot.settings import Web
from db.migrations import upgrade
from db.models import User
from db.session import Database
from db.states import Role
from sandbox.person import Person
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from services.access import tokens
from services.core.actor import Actor
from services.core.tx import Tx
from services.rentals.booking import direct
from tests import factories

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
EQUIPMENT, PIECES, DAYS, WRITERS = 40, 10, 80, 30


class Club(NamedTuple):
    members: list[Actor]
    secrets: list[str]
    equipment: list[int]


def populate(session: Session, writers: Sequence[Person], members: int) -> Club:
    """A club with things enough; those who write to the bot, and those who ask by programs."""
    of = factories.organization(session, NOW, most_items=10_000, ahead_days=365)
    for person in writers:
        factories.member(session, of, NOW, person.user.name, account=person.id)
    actors = []
    for number in range(members):
        user = User(organization_id=of.id, first_name=f"Program {number}", last_name="", created_at=NOW)
        session.add(user)
        session.flush()
        actors.append(Actor(of.id, user.id, 0, user.name, Role.USER))
    made = [
        factories.equipment(session, of, NOW, f"Tent {n}", *(f"T{n}-{piece}" for piece in range(PIECES))).id
        for n in range(EQUIPMENT)
    ]
    secrets = [tokens.make(Tx(session, NOW, one), name="Load").secret for one in actors]
    return Club(actors, secrets, made)


def what(number: int, equipment: Sequence[int]) -> tuple[int, date]:
    """Return the thing and the only day of the rent with this number: nobody else has all of it then."""
    turn, which = divmod(number, len(equipment))
    return equipment[which], NOW.date() + timedelta(days=1 + turn % DAYS)


async def by_services(database: Database, club: Club, numbers: range) -> list[float]:
    """Ask for these rents by calls; return the seconds that each took."""
    waiting = iter(numbers)

    async def works(actor: Actor) -> list[float]:
        found = []
        for number in waiting:
            thing, day = what(number, club.equipment)
            began = time.perf_counter()
            await database.write(
                lambda session, thing=thing, day=day: direct.ask(  # type: ignore[misc]
                    Tx(session, NOW, actor), [direct.Asked(thing)], direct.Days(day, day)
                )
            )
            found.append(time.perf_counter() - began)
        return found

    return list(chain.from_iterable(await asyncio.gather(*(works(actor) for actor in club.members))))


def by_http(url: str, club: Club, numbers: range) -> tuple[float, list[float]]:
    """Ask for these rents by HTTP, in a process of its own; return the seconds in all, and those of each."""
    waiting = iter(numbers)

    async def works(secret: str) -> list[float]:
        found = []
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
            for number in waiting:
                thing, day = what(number, club.equipment)
                body = {"lines": [{"equipment_id": thing}], "first": str(day), "last": str(day)}
                began = time.perf_counter()
                answer = await client.post("/rentals", json=body)
                found.append(time.perf_counter() - began)
                assert answer.status_code == 201, answer.text
        return found

    async def all_of_them() -> list[list[float]]:
        return await asyncio.gather(*(works(secret) for secret in club.secrets))

    began = time.perf_counter()
    found = asyncio.run(all_of_them())
    return time.perf_counter() - began, list(chain.from_iterable(found))


async def ask(persons: Sequence[Person], times: int | None, until: asyncio.Future[Any] | None) -> list[float]:
    """Seconds from /help to its answer, so often, or until something is done; each time another person."""
    found: list[float] = []
    while (times is None or len(found) < times) and (until is None or not until.done()):
        person = persons[len(found) % len(persons)]
        began = time.perf_counter()
        await person.types("/help")
        await person.sees(lambda message: True, timeout=60)
        found.append(time.perf_counter() - began)
        await asyncio.sleep(0.05)
    return found


def worst(found: Sequence[float], share: float = 0.99) -> float:
    """Return the 99th percentile."""
    return sorted(found)[min(len(found) - 1, int(len(found) * share))]


async def measure(rents: int, at_once: int, asks: int) -> None:
    """Run all of it, and print it."""
    with tempfile.TemporaryDirectory() as folder:
        clock = MovableClock(NOW, frozen=True)
        database = Database(f"sqlite:///{Path(folder) / 'rents.db'}")
        upgrade(database)
        async with Sandbox(clock=clock) as sandbox:
            sandbox.world.limits.enabled = False
            persons = [sandbox.add_person(f"P{number}") for number in range(WRITERS)]
            for person in persons:
                person.user.started = True
            club = await database.write(lambda session: populate(session, persons, at_once))
            program = Program(
                token=sandbox.token,
                database=database,
                api_url=sandbox.url,
                clock=clock.now,
                web=Web(port=0, api=True, api_rate=0),
            )
            await program.start()
            assert program.service is not None
            url = f"http://127.0.0.1:{program.service.port}/api"
            idle = await ask(persons, asks, None)
            began = time.perf_counter()
            calls = await by_services(database, club, range(rents))
            seconds = time.perf_counter() - began
            loop = asyncio.get_running_loop()
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                await loop.run_in_executor(pool, by_http, url, club, range(rents, rents + at_once))  # warm
                first = rents + at_once
                load = loop.run_in_executor(pool, by_http, url, club, range(first, first + rents))
                busy = await ask(persons, None, load)
                took, requests = await load
            await program.stop()
        database.close()
    report(rents / seconds, calls, rents / took, requests, idle, busy)


def report(
    direct_rate: float,
    calls: Sequence[float],
    rate: float,
    requests: Sequence[float],
    idle: Sequence[float],
    busy: Sequence[float],
) -> None:
    """Print what was found."""
    for name, per_second, found in (
        ("by services", direct_rate, calls),
        ("by API", rate, requests),
    ):
        middle = statistics.median(found) * 1000
        print(f"{name}: {per_second:.0f} rents/s, median {middle:.0f} ms, p99 {worst(found) * 1000:.0f} ms")  # noqa: T201
    print(f"API against services: {rate / direct_rate:.2f} of the rents a second")  # noqa: T201
    for name, found in (("idle", idle), ("while the API is loaded", busy)):
        middle = statistics.median(found) * 1000
        print(f"/help, {name}: median {middle:.0f} ms, p99 {worst(found) * 1000:.0f} ms of {len(found)}")  # noqa: T201
    print(f"/help, loaded against idle: {worst(busy) / worst(idle):.1f} times the p99")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rents", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--asks", type=int, default=100)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(measure(given.rents, given.at_once, given.asks))
