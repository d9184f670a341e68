"""The running bot's memory over thousands of random actions: whether it grows for as long as it runs.

    .venv/bin/python -m benchmarks.memory [--actions 15000] [--people 8]

Each person of a club in turn sends a command or taps any button that stands in the chat. Prints the resident
megabytes after every thousand actions, and the ratio of the last to the second thousand's, when every kind of
thing has happened once.
"""

import argparse
import asyncio
import random
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.startup import EQUIPLIB, memory, running
from db.migrations import upgrade
from db.session import Database
from db.states import Role
from sandbox.person import Person
from sandbox.server import Sandbox
from tests import factories

COMMANDS = (
    "/start", "/help", "/items", "/items tent", "/rentals", "/rent tent tomorrow 2 days", "/rent", "/return",
    "/extend", "/cancel", "/me", "/desk", "/handout", "/out", "/pending", "/inventory", "/members", "/stats",
    "/policy", "/audit", "tent", "hello", "5.12.", "2",
)  # fmt: skip
TAPS = 0.6
"""The share of taps among the actions."""


def populate(path: Path, people: list[int]) -> None:
    """A club with forty tents, in which every fourth is an admin and every fourth a lender."""
    database = Database(f"sqlite:///{path}")
    upgrade(database)

    def work(session: Session) -> None:
        now = datetime.now(UTC)
        of = factories.organization(session, now)
        for name in ("Tent", "Stove", "Canoe", "Rope"):
            factories.equipment(session, of, now, name, *(f"{name[0]}{n}" for n in range(10)))
        for number, account in enumerate(people):
            role = (Role.ADMIN, Role.LENDER, Role.USER, Role.USER)[number % 4]
            factories.member(session, of, now, f"Member {number}", role, account=account)

    database.write_now(work)
    database.close()


async def act(person: Person, chance: random.Random) -> None:
    """Tap a button that stands in the chat, or send a command."""
    shown = [one for one in person.chat.messages.values() if not one.deleted and one.keyboard]
    buttons = [(one, button) for one in shown[-6:] for button in one.buttons if button.data]
    if buttons and chance.random() < TAPS:
        message, button = chance.choice(buttons)
        await person.taps_data(button.data or "", message)
    else:
        await person.types(chance.choice(COMMANDS))


async def measure(actions: int, people: int) -> None:
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with Sandbox() as sandbox:
            sandbox.world.limits.enabled = False
            persons = [sandbox.add_person(f"P{number}") for number in range(people)]
            for person in persons:
                person.user.started = True
            populate(folder / "equiplib.db", [person.id for person in persons])
            (folder / "config.toml").write_text(
                f'[telegram]\ntoken = "{sandbox.token}"\napi_url = "{sandbox.url}"\n'
            )
            async with running(*EQUIPLIB, "run", folder=folder) as pid:
                found = []
                for number in range(actions):
                    await act(persons[number % people], chance)
                    if number % people == people - 1:
                        await sandbox.world.updates.confirmed()
                    if (number + 1) % 1000 == 0:
                        found.append(await asyncio.to_thread(memory, pid))
                        print(f"{number + 1:6} actions: {found[-1]:.0f} MB", flush=True)  # noqa: T201
                print(f"the last to the second thousand: {found[-1] / found[min(1, len(found) - 1)]:.2f}")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actions", type=int, default=15000)
    parser.add_argument("--people", type=int, default=8)
    given = parser.parse_args()
    asyncio.run(measure(given.actions, given.people))
