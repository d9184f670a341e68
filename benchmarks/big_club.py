"""The speed of commands in a big organisation, as ratios to a small one in the same run.

    .venv/bin/python -m benchmarks.big_club [--members 5000] [--equipment 10000] [--items 20000]
        [--rentals 50000]

The measure is the work of the handler, as the edge runs it, on SQLite: no network, no pacing. The
organisation's figures grow, its answers should not.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.migrations import upgrade
from db.models import (
    AuditEntry,
    Claim,
    Equipment,
    Item,
    OutboxMessage,
    Rental,
    RentalLine,
    RentalNumbers,
    User,
)
from db.session import Database
from db.states import ClaimStatus, OutboxStatus, RentalStatus, Role
from handlers.features import REGISTRY
from handlers.telegram import permissions
from handlers.telegram.render import render
from handlers.ui.registry import Where
from handlers.ui.request import Place, Request, Sender
from services.core.text import fold
from services.core.tx import Tx
from tests import factories

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
LEADER = 5_000_000

NAMES = ("Tent", "Stove", "Kayak", "Rope", "Harness", "Sledge", "Camera", "Tripod", "Drill", "Projector")
FIRST = ("Kari", "Ola", "Ingrid", "Lars", "Åse", "Bjørn", "Eva", "Per", "Siri", "Nils")


@dataclass(frozen=True)
class Size:
    members: int
    equipment: int
    items: int
    rentals: int


SMALL = Size(members=50, equipment=100, items=1000, rentals=10_000)

CHUNK = 5000

Row = dict[str, Any]


def fill(session: Session, size: Size, dice: random.Random) -> None:
    """An organisation with a past of two years: each rental has one item; some are out, late, waiting."""
    old = NOW - timedelta(days=730)
    of = factories.organization(session, old)
    factories.member(session, of, old, "Ada Leader", Role.LEADER, LEADER)
    base = {"organization_id": of.id, "created_at": old}
    _add(session, User, (base | _person(n) for n in range(size.members)))
    _add(session, Equipment, (base | _entry(n) for n in range(size.equipment)))
    _add(session, Item, (base | _piece(n, size) for n in range(size.items)))
    _add(session, RentalNumbers, [{"organization_id": of.id, "last": size.rentals}])
    free_from = [old] * size.items
    for first in range(1, size.rentals + 1, CHUNK):
        past = [
            _past(base, number, size, dice, free_from)
            for number in range(first, min(first + CHUNK, size.rentals + 1))
        ]
        for table, rows in zip((Rental, RentalLine, Claim), zip(*past, strict=True), strict=True):
            _add(session, table, rows)
        _add(session, AuditEntry, (entry for rental, _, claim in past for entry in _noted(rental, claim)))


def _add(session: Session, table: Any, rows: Iterable[Row]) -> None:
    """Insert rows without the ORM, which would take half of the time."""
    rows = iter(rows)
    while some := list(islice(rows, CHUNK)):
        session.connection().execute(insert(table.__table__), some)


def _person(n: int) -> Row:
    named = {"first_name": FIRST[n % 10], "last_name": f"Nr {n}", "email": f"m{n}@example.org"}
    return {"id": 10 + n, "role": Role.USER, "custom": {}, **named}


def _entry(n: int) -> Row:
    name = f"{NAMES[n % 10]} {n}"
    type_ = NAMES[n % 10]
    return {"id": n + 1, "name": name, "search_text": fold(f"{name} {type_}"), "type": type_}


def _piece(n: int, size: Size) -> Row:
    return {
        "id": n + 1,
        "equipment_id": n % size.equipment + 1,
        "code": f"C{n}",
        "label_token": f"label{n}",
    }


def _past(
    base: Row, number: int, size: Size, dice: random.Random, free_from: list[datetime]
) -> tuple[Row, Row, Row]:
    """A rental, its line and its claim."""
    old = base["created_at"]
    item = dice.randrange(size.items)
    starts_at = max(free_from[item], old + timedelta(days=dice.randrange(740)))
    due_at = starts_at + timedelta(days=dice.randrange(1, 8))
    free_from[item] = due_at + timedelta(days=3)
    user = 10 + dice.randrange(size.members)
    back = due_at + timedelta(days=dice.choice([-1, 0, 0, 0, 2]), hours=1)
    out_at: datetime | None = starts_at
    returned_at: datetime | None = None
    if starts_at > NOW:
        status, claim, out_at = RentalStatus.APPROVED, ClaimStatus.HELD, None
        if dice.random() < 0.2:
            status = RentalStatus.REQUESTED
    elif back > NOW:
        status, claim = RentalStatus.OUT, ClaimStatus.OUT
        free_from[item] = NOW + timedelta(days=3650)
    else:
        status, claim, returned_at = RentalStatus.RETURNED, ClaimStatus.RETURNED, back
    rental = base | {
        "id": number,
        "number": number,
        "user_id": user,
        "status": status,
        "starts_at": starts_at,
        "due_at": due_at,
    }
    line = {
        "id": number,
        "rental_id": number,
        "equipment_id": item % size.equipment + 1,
        "quantity": 1,
    }
    claimed = {
        "organization_id": base["organization_id"],
        "item_id": item + 1,
        "rental_id": number,
        "line_id": number,
        "status": claim,
        "starts_at": starts_at,
        "blocked_until": returned_at or due_at,
        "out_at": out_at,
        "returned_at": returned_at,
    }
    return rental | {"requested_at": starts_at - timedelta(days=3)}, line, claimed


def _noted(rental: Row, claim: Row) -> Iterator[Row]:
    for action in ("request", "approve", "hand_out"):
        yield {
            "organization_id": rental["organization_id"],
            "at": rental["starts_at"],
            "user_id": rental["user_id"],
            "action": action,
            "subject": "rental",
            "subject_id": rental["id"],
            "details": {"items": [claim["item_id"]]},
        }


Seconds = dict[str, float]

WORDS: dict[str, tuple[str, ...]] = {
    "items": ("", "tent"),
    "rent": ("", "tent 10"),
    "inventory": ("", "C7", "stove"),
    "members": ("", "kari"),
    "audit": ("", "C7", "kari nr 10", "tent 10"),
    "handout": ("",),
    "takeback": ("",),
}
"""The words written after each command; a command not listed gets none."""


def ask(database: Database, name: str, words: str) -> None:
    """A command as the edge runs it, with the card of the conversation that it begins."""
    command = REGISTRY.commands[name]

    def work(session: Session) -> None:
        step = Request(session, NOW, Sender(LEADER, "Ada", "en"), Place(LEADER, False, None, 1), "bot")
        permissions.require(step, command)
        command.run(step, words)
        session.flush()
        _draw(session)
        session.rollback()

    database.read_now(work)


def _draw(session: Session) -> None:
    """Whatever is to be said to whoever asked."""
    for row in session.scalars(select(OutboxMessage).filter_by(chat_id=LEADER, status=OutboxStatus.PENDING)):
        render(Tx(session, NOW), [row])


def commands() -> Iterator[tuple[str, str]]:
    """The commands of a private chat, with the words written after each."""
    for command in REGISTRY.commands.values():
        if command.where is Where.GROUP or command.name in ("start", "language", "help", "export"):
            continue
        for words in WORDS.get(command.name, ("",)):
            yield command.name, words


def measure(size: Size, times: int) -> Seconds:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'club.db'}")
        upgrade(database)
        began = time.perf_counter()
        database.write_now(lambda s: fill(s, size, random.Random(7)))
        print(f"filled {size} in {time.perf_counter() - began:.1f} s")  # noqa: T201
        found: Seconds = {}
        for name, words in commands():
            found[f"/{name} {words}".strip()] = _median(partial(ask, database, name, words), times)
        database.close()
        return found


def _median(work: Callable[[], None], times: int) -> float:
    work()
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (("members", 5000), ("equipment", 10_000), ("items", 20_000), ("rentals", 50_000)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    small = measure(SMALL, given.times)
    big = measure(Size(given.members, given.equipment, given.items, given.rentals), given.times)
    for command, seconds in sorted(big.items(), key=lambda pair: pair[1] / small[pair[0]]):
        ratio = seconds / small[command]
        print(f"{command:24} {small[command] * 1000:8.1f} ms {seconds * 1000:8.1f} ms  ×{ratio:.1f}")  # noqa: T201
