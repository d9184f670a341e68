"""Counting the SQL statements of one step, transaction by transaction, with who asked for each.

`.venv/bin/python -m pytest tests/e2e/test_statements.py -s -k small` prints them, for work on them.
"""

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Connection, event

from db.session import Database
from tests.e2e import seen

ROOT = Path(__file__).parents[2]
_OURS = tuple(f"{ROOT / layer}/" for layer in ("bot", "handlers", "services", "db"))
_CARRIER, _PASSING_ON = str(ROOT / "db" / "session.py"), str(ROOT / "db" / "transaction.py")
"""The module that runs a transaction, and the one that only passes its statements on."""
_HANDLING = {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"}

SWEEP = "sweep"
LOOK = "look"
"""The part that is not counted: the sender's look whether anything is due, which comes as often as it is
woken, the hourly clearing, and what a sweep asks once in the life of a program."""

_PARTS = {
    ("services/messaging/delivery_queue", "due_lanes"): LOOK,
    ("services/messaging/tidying/retention", "tidy"): LOOK,
    ("services/stoppages", "told"): LOOK,
    ("services/periodic", "jobs"): f"{SWEEP}, what there is to do",
}


@dataclass(frozen=True)
class Statement:
    sql: str
    caller: str


@dataclass
class Transaction:
    """A transaction and its statements. `part`: see `part_of`."""

    part: str = ""
    statements: list[Statement] = field(default_factory=list)


@dataclass
class Counted:
    """The transactions of a step, in the order in which they began."""

    transactions: list[Transaction] = field(default_factory=list)

    @property
    def parts(self) -> dict[str, int]:
        """Count the statements of each part: "handler", "draw rental", "inbox", ...

        Of several sweeps the longest: the scheduler's own comes when it likes, and finds nothing to do.
        """
        found: Counter[str] = Counter()
        sweep: Counter[str] = Counter()
        for one in self.transactions:
            number = len(one.statements)
            if one.part.startswith(SWEEP):
                sweep[one.part] = max(sweep[one.part], number)
            else:
                found[one.part] += number
        if sweep:
            found[SWEEP] = sweep.total()
        found.pop(LOOK, None)
        return dict(found)

    @property
    def total(self) -> int:
        return sum(self.parts.values())

    def listing(self) -> str:
        """Each statement with how often it was asked, and by whom."""
        lines = [f"{self.total} statements: {self.parts}"]
        for one in self.transactions:
            if one.part == LOOK:
                continue
            lines.append(f"== {one.part}: {len(one.statements)}")
            for statement, times in Counter(one.statements).items():
                sql = " ".join(statement.sql.split())
                lines.append(f"  {times}× {_shortened(sql)}\n       {statement.caller}")
        return "\n".join(lines)


def _shortened(sql: str) -> str:
    """Without the columns that a SELECT asks for."""
    head, separator, rest = sql.partition(" FROM ")
    return (f"{head[:40]}…{separator}{rest}" if separator and len(head) > 40 else sql)[:260]


@contextmanager
def counted(database: Database) -> Iterator[Counted]:
    """Count what is asked of the database meanwhile.

    Counted is each execution of a statement, whatever it reads or writes: SELECT, INSERT, UPDATE, DELETE; an
    `executemany` is one. Not counted is what begins and ends transactions and savepoints.
    """
    database.settle()  # a listener that joins while others are called disturbs them
    found = Counted()
    open_ones: dict[int, Transaction] = {}
    lock = threading.Lock()
    watching = True

    def begins(connection: Connection) -> None:
        with lock:
            open_ones[id(connection.connection.dbapi_connection)] = Transaction()

    def executes(connection: Connection, _cursor: Any, sql: str, *_: Any) -> None:
        if not watching or sql.split(maxsplit=1)[0].upper() in _HANDLING:
            return
        stack = _stack()
        if _is_tests_own():
            return
        with lock:
            one = open_ones.setdefault(id(connection.connection.dbapi_connection), Transaction())
            if not one.statements:
                found.transactions.append(one)
            one.statements.append(Statement(sql, _caller(stack)))
            # What is written at the end has nobody's frames any more.
            one.part = part_of(stack) or one.part

    event.listen(database.bare_engine, "begin", begins)
    event.listen(database.bare_engine, "before_cursor_execute", executes)
    try:
        yield found
    finally:
        # The listeners stay: taken away, they would be missed by threads that are just calling them.
        watching = False


def _is_tests_own() -> bool:
    """Tell if the tests look themselves from what a message was drawn (tests/e2e/seen.py)."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame.f_code is seen._from.__code__:
            return True
        frame = frame.f_back
    return False


def _stack() -> list[FrameType]:
    """Our own functions that led to the statement, the nearest first, as far as the transaction's begin."""
    frames: list[FrameType] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name == _CARRIER:
            break
        if name != _PASSING_ON and name.startswith(_OURS):
            frames.append(frame)
        frame = frame.f_back
    return frames


def _caller(stack: list[FrameType]) -> str:
    return " < ".join(f"{_module(frame)}:{frame.f_lineno} {frame.f_code.co_name}" for frame in stack[:5])


def part_of(stack: list[FrameType]) -> str:
    """Name the part that the transaction is of: "handler", "sweep", "draw" with the kind of message drawn,
    "delivery" for its bookkeeping, "inbox" for that of updates; nothing where it cannot be told.
    """
    places = [(_module(frame), frame.f_code.co_name) for frame in stack]
    for frame, place in zip(stack, places, strict=True):
        if place == ("bot/delivery", "_drawn"):
            rows = frame.f_locals.get("rows")
            return f"draw {rows[0].kind}" if rows else "draw"
        if place == ("services/periodic", "do"):
            return f"{SWEEP} {frame.f_locals['self'].work}"
        if place in _PARTS:
            return _PARTS[place]
    modules = {module for module, _ in places}
    if any(module.startswith("handlers/") for module in modules):
        return "handler"
    if "services/messaging/inbox" in modules:
        return "inbox"
    return "delivery" if "services/messaging/delivery_queue" in modules else ""


def _module(frame: FrameType) -> str:
    return Path(frame.f_code.co_filename).relative_to(ROOT).with_suffix("").as_posix()
