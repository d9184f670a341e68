"""Operating-system processes that act on one database at the same moment, round after round.

They live for the whole test run: what is raced are transactions, not the starts of interpreters. Each has
connections of its own.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy.orm import Session

from db.session import Database
from services.core.errors import Refusal

MOST = 4
"""The number of processes that can race."""

_PATIENCE = 60
"""Seconds until a process that does not come is given up."""

DONE = "done"

Act = Callable[[Session], Any]
"""One transaction's work. It goes to another process: a module's own function, or a `partial` of one."""


@dataclass(frozen=True)
class Turn:
    """One process's part of a round: `first` in a transaction of its own; when all are ready, `then`."""

    then: Act
    first: Act | None = None


@dataclass(frozen=True)
class Outcome:
    """`done`, the code of a refusal, or whatever else went wrong; and how often the transaction was run."""

    result: str
    runs: int


@dataclass(frozen=True)
class _Job:
    url: str
    racers: int
    turns: Sequence[Turn]


class Racers:
    """The processes. Close them when done."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        # Kept: a barrier that nobody holds here is gone before the processes have opened it.
        self._barriers = {racers: context.Barrier(racers) for racers in range(2, MOST + 1)}
        self._lines: list[Connection] = []
        self._processes = []
        for _ in range(MOST):
            ours, theirs = context.Pipe()
            process = context.Process(target=_live, args=(theirs, self._barriers), daemon=True)
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)

    def race(self, database: Database, rounds: Sequence[Sequence[Turn]]) -> list[tuple[Outcome, ...]]:
        """Run the rounds, each with as many turns as there are racers; the outcomes in the same order."""
        racers = len(rounds[0])
        url = database.url.render_as_string(hide_password=False)
        lines = self._lines[:racers]
        for line, turns in zip(lines, zip(*rounds, strict=True), strict=True):
            line.send(_Job(url, racers, turns))
        return list(zip(*(line.recv() for line in lines), strict=True))

    def close(self) -> None:
        for line in self._lines:
            line.send(None)
        for process in self._processes:
            process.join(_PATIENCE)


def _live(line: Connection, barriers: dict[int, Barrier]) -> None:
    databases: dict[str, Database] = {}
    while (job := line.recv()) is not None:
        # Kept for its prepared statements; its connections are new for each job, as the database may be.
        database = databases.setdefault(job.url, Database(job.url, durable=False))
        line.send([_play(database, barriers[job.racers], turn) for turn in job.turns])
        database.close()


def _play(database: Database, barrier: Barrier, turn: Turn) -> Outcome:
    runs = 0

    def counted(session: Session) -> None:
        nonlocal runs
        runs += 1
        turn.then(session)

    result = _result(database, turn.first) if turn.first is not None else DONE
    # Whoever was refused already comes too: the others wait for all.
    barrier.wait(_PATIENCE)
    return Outcome(_result(database, counted) if result == DONE else result, runs)


def _result(database: Database, act: Act) -> str:
    try:
        database.write_now(act)
    except Refusal as refusal:
        return refusal.code
    except Exception as error:  # noqa: BLE001 - whatever it is, the test has to see it
        return repr(error)
    return DONE
