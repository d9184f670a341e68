"""The speed of commands in a big organisation, as ratios to a small one in the same run.

    .venv/bin/python -m benchmarks.big_club [--members 5000] [--equipment 10000] [--items 20000]
        [--rentals 50000] [--open 100000] [--database postgresql] [--sweep]

The measure is the work of the handler, as the edge runs it: no network, no pacing. Of several rounds the
one counts that took the least of the processor, PostgreSQL's own process included. The organisation's
figures grow, its answers should not.

With `--sweep` it is the periodic work that queues 1,000 reminders, among all rentals of each organisation.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.orm import Session

from benchmarks.kills import postgresql
from db.migrations import upgrade
from db.models import (
    AccountLink,
    AuditEntry,
    ChatAccount,
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
from services import periodic
from services.core.text import fold
from services.core.tx import Tx
from tests import factories

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
LEADER = 5_000_000
ACCOUNTS = 6_000_000
OPEN = 100_000
"""The usual number of rentals of which some are not over; of all further ones none: the past grows, the day's
work does not.
"""

DUE = 1000

NAMES = ("Tent", "Stove", "Kayak", "Rope", "Harness", "Sledge", "Camera", "Tripod", "Drill", "Projector")
FIRST = ("Kari", "Ola", "Ingrid", "Lars", "Åse", "Bjørn", "Eva", "Per", "Siri", "Nils")


@dataclass(frozen=True)
class Size:
    members: int
    equipment: int
    items: int
    rentals: int
    open: int = OPEN


SMALL = Size(members=50, equipment=100, items=1000, rentals=10_000)

CHUNK = 5000
MEMORY = 3_000_000
"""Kilobytes, at the most, while SQLite is filled."""

Row = dict[str, Any]


Past = tuple[Row, Row, Row]
"""A rental, its line and its claim."""


def fill(session: Session, size: Size, dice: random.Random, *, due: int = 0) -> None:
    """An organisation with a past of two years: each rental has one item.

    Some of the first `size.open` are out, late, waiting.

    With `due`, so many are due in two hours, and all others are over.
    """
    if session.connection().dialect.name == "sqlite":
        # All of it in memory until the commit: else most pages would be written again and again.
        session.connection().exec_driver_sql(f"PRAGMA cache_size = -{MEMORY}")
    old = NOW - timedelta(days=730)
    of = factories.organization(session, old)
    factories.member(session, of, old, "Ada Leader", Role.LEADER, LEADER)
    base = {"organization_id": of.id, "created_at": old}
    _add(session, User, (base | _person(n) for n in range(size.members)))
    _add(session, ChatAccount, (base | {"id": ACCOUNTS + n} for n in range(size.members)))
    _add(session, AccountLink, (base | _linked(n) for n in range(size.members)))
    _add(session, Equipment, (base | _entry(n) for n in range(size.equipment)))
    _add(session, Item, (base | _piece(n, size) for n in range(size.items)))
    _add(session, RentalNumbers, [{"organization_id": of.id, "last": size.rentals}])
    free_from = [old] * size.items

    def past(number: int) -> Past:
        if due:
            return _due(base, number, size) if number <= due else _over(base, number, size, dice)
        if number > size.open:
            return _over(base, number, size, dice)
        return _past(base, number, size, dice, free_from)

    for first in range(1, size.rentals + 1, CHUNK):
        some = [past(number) for number in range(first, min(first + CHUNK, size.rentals + 1))]
        for table, rows in zip((Rental, RentalLine, Claim), zip(*some, strict=True), strict=True):
            _add(session, table, rows)
        _add(session, AuditEntry, (entry for rental, _, claim in some for entry in _noted(rental, claim)))
    if session.connection().dialect.name == "postgresql":
        _count_on(session)


def _count_on(session: Session) -> None:
    """Let PostgreSQL's ids go on after those that were given."""
    for table in (User, Equipment, Item, Rental, RentalLine):
        name = table.__tablename__
        last = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
        session.execute(text(last))


def _add(session: Session, table: Any, rows: Iterable[Row]) -> None:
    """Insert rows without the ORM, which would take half of the time; into PostgreSQL as a stream."""
    rows, connection = iter(rows), session.connection()
    while some := list(islice(rows, CHUNK)):
        if connection.dialect.name == "postgresql" and table in (Rental, RentalLine, Claim, AuditEntry):
            _copy(connection, table, some)
        else:
            connection.execute(insert(table.__table__), some)


def _copy(connection: Connection, table: Any, rows: list[Row]) -> None:
    columns = [column for column in table.__table__.columns if column.name in rows[0] or column.default]
    usual = {column.name: column.default.arg for column in columns if column.default}
    empty: Row = {name: {} for name, value in usual.items() if callable(value)}
    written = {
        column.name: column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        for column in columns
    }
    names = ", ".join(f'"{column.name}"' for column in columns)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.__tablename__} ({names}) FROM STDIN") as copy:
        for row in rows:
            whole = usual | empty | row
            copy.write_row([(written[name] or _same)(whole[name]) for name in written])


def _same(value: Any) -> Any:
    return value


def _linked(n: int) -> Row:
    return {"account_id": ACCOUNTS + n, "user_id": 10 + n}


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


def _past(base: Row, number: int, size: Size, dice: random.Random, free_from: list[datetime]) -> Past:
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
    stay = Stay(item, user, starts_at, due_at, out_at, returned_at)
    return _rows(base, number, size, stay, status, claim)


def _due(base: Row, number: int, size: Size) -> Past:
    """Due in two hours."""
    out_at = NOW - timedelta(days=3)
    stay = Stay(number - 1, 10 + number % size.members, out_at, NOW + timedelta(hours=2), out_at, None)
    return _rows(base, number, size, stay, RentalStatus.OUT, ClaimStatus.OUT)


def _over(base: Row, number: int, size: Size, dice: random.Random) -> Past:
    """Returned when it was due."""
    starts_at = base["created_at"] + timedelta(days=dice.randrange(700))
    due_at = starts_at + timedelta(days=dice.randrange(1, 8))
    item, user = dice.randrange(size.items), 10 + dice.randrange(size.members)
    stay = Stay(item, user, starts_at, due_at, starts_at, due_at)
    return _rows(base, number, size, stay, RentalStatus.RETURNED, ClaimStatus.RETURNED)


@dataclass(frozen=True)
class Stay:
    """An item's stay with a member."""

    item: int
    user: int
    starts_at: datetime
    due_at: datetime
    out_at: datetime | None
    returned_at: datetime | None


def _rows(base: Row, number: int, size: Size, stay: Stay, status: RentalStatus, claim: ClaimStatus) -> Past:
    rental = base | {
        "id": number,
        "number": number,
        "user_id": stay.user,
        "status": status,
        "starts_at": stay.starts_at,
        "due_at": stay.due_at,
        "requested_at": stay.starts_at - timedelta(days=3),
    }
    line = {
        "id": number,
        "rental_id": number,
        "equipment_id": stay.item % size.equipment + 1,
        "quantity": 1,
    }
    claimed = {
        "organization_id": base["organization_id"],
        "item_id": stay.item + 1,
        "rental_id": number,
        "line_id": number,
        "status": claim,
        "starts_at": stay.starts_at,
        "blocked_until": stay.returned_at or stay.due_at,
        "out_at": stay.out_at,
        "returned_at": stay.returned_at,
    }
    return rental, line, claimed


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


@contextmanager
def filled(url: str, size: Size, *, due: int = 0) -> Iterator[Database]:
    """A database of its own, with the organisation in it."""
    began = time.perf_counter()
    database = Database(url)
    upgrade(database)
    database.write_now(lambda s: fill(s, size, random.Random(7), due=due))
    database.close()
    database = Database(url)  # with connections as the program has them
    if not database.is_sqlite:
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
    print(f"filled {size} in {time.perf_counter() - began:.1f} s", flush=True)  # noqa: T201
    began = time.perf_counter()
    nightly(database)
    print(f"the hourly work took {time.perf_counter() - began:.1f} s", flush=True)  # noqa: T201
    yield database
    database.close()


def nightly(database: Database) -> None:
    """Do the hourly work, as the program does."""
    for job in database.read_now(lambda s: periodic.jobs(Tx(s, NOW), periodic.HOURLY)):
        database.write_now(lambda s, job=job: job.do(Tx(s, NOW)))  # type: ignore[misc]


def measure(url: str, size: Size, times: int) -> Seconds:
    found: Seconds = {}
    with filled(url, size) as database:
        for name, words in commands():
            one = partial(ask, database, name, words)
            found[f"/{name} {words}".strip()] = _fastest(database, one, times)
    return found


def measure_sweep(url: str, size: Size, times: int) -> Seconds:
    """The periodic work of one moment, all of it, with what it queues; rolled back each time."""

    def work(session: Session) -> int:
        periodic.run(Tx(session, NOW))
        session.flush()
        queued = session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
        session.rollback()
        return queued

    with filled(url, size, due=DUE) as database:
        print(f"{database.write_now(work)} messages are queued")  # noqa: T201
        seconds = _fastest(database, partial(database.write_now, work), times)
    return {"the sweep": seconds}


def _fastest(database: Database, work: Callable[[], object], times: int) -> float:
    work()
    watch, spent = _watch(database), []
    for _ in range(times):
        began = watch()
        work()
        spent.append(watch() - began)
    return min(spent)


def _watch(database: Database) -> Callable[[], float]:
    """Return the clock of the processor's time, with that of PostgreSQL's process for the one connection."""
    if database.is_sqlite:
        return time.process_time
    server = database.read_now(lambda s: s.scalar(text("SELECT pg_backend_pid()")))
    ran = Path(f"/proc/{server}/schedstat")
    return lambda: time.process_time() + int(ran.read_text().split()[0]) / 1e9


@contextmanager
def addresses(database: str) -> Iterator[tuple[str, str]]:
    """Two empty databases."""
    with tempfile.TemporaryDirectory(prefix="club-") as name:
        folder = Path(name)
        if database != "postgresql":
            yield f"sqlite:///{folder / 'small.db'}", f"sqlite:///{folder / 'big.db'}"
            return
        folder.chmod(0o755)  # PostgreSQL runs as another user where this one is root
        with postgresql(folder) as url:
            server = Database(url)
            with server.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                for one in ("small", "big"):
                    connection.execute(text(f"CREATE DATABASE {one}"))
            server.close()
            small, big = (server.url.set(database=one) for one in ("small", "big"))
            yield small.render_as_string(hide_password=False), big.render_as_string(hide_password=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name, number in (("members", 5000), ("equipment", 10_000), ("items", 20_000), ("rentals", 50_000)):
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--open", type=int, default=OPEN, help="rentals of which some are not over")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--sweep", action="store_true", help="the periodic work instead of the commands")
    given = parser.parse_args()
    measured = measure_sweep if given.sweep else measure
    size = Size(given.members, given.equipment, given.items, given.rentals, given.open)
    with addresses(given.database) as (first, second):
        if given.sweep:  # with the same members and items: more rentals alone should change nothing
            small = measure_sweep(first, replace(size, rentals=SMALL.rentals), given.times)
            big = measure_sweep(second, size, given.times)
        else:
            small, big = measure(first, SMALL, given.times), measure(second, size, given.times)
    for command, seconds in sorted(big.items(), key=lambda pair: pair[1] / small[pair[0]]):
        ratio = seconds / small[command]
        print(f"{command:24} {small[command] * 1000:8.1f} ms {seconds * 1000:8.1f} ms  ×{ratio:.1f}")  # noqa: T201
