"""Twice is once: the whole story with every update delivered twice, and by impatient fingers."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from db.session import Database
from handlers.telegram import answers
from sandbox.world.updates import Updates
from tests.e2e.rentals.stage import InProcess, Outcome, as_usual, outcome, telegram
from tests.e2e.rentals.story import WHOLE
from tests.e2e.seen import wording
from tests.e2e.snapshot import TABLES

BUSINESS = [table.__tablename__ for table in TABLES]


class Twice(Updates):
    """Delivers what was confirmed again: each right after, and all together once more by `repeat`."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self._ever = self._pending.copy()
        self._again: set[int] = set()

    def repeat(self) -> None:
        """Deliver all that ever came."""
        self._pending = list(self._ever)
        self._changes.notify()

    def _confirm(self, offset: int) -> None:
        before = self._pending
        super()._confirm(offset)
        new = [one for one in before if one not in self._pending and one.id not in self._again]
        self._again |= {one.id for one in new}
        self._ever += new
        self._pending = [*new, *self._pending]

    def _drop_old(self) -> None:
        """The story takes longer than a day."""


@pytest.fixture(scope="module")
def usual(migrated_sqlite: Path) -> Outcome:
    """The outcome of the story when each update comes once."""
    return as_usual(migrated_sqlite)


@pytest.mark.both_databases(long=True)
async def test_every_update_delivered_twice(database: Database, usual: Outcome) -> None:
    """Every row of every table and every chat are the same as if each update had come once."""
    async with telegram() as sandbox:
        updates = sandbox.world.updates = Twice(sandbox.world.now)
        async with InProcess(sandbox, database) as stage:
            await stage.play(WHOLE)
            assert outcome(stage).differences(usual) == []
            updates.repeat()
            await stage.settled()
            assert outcome(stage).differences(usual) == []


@pytest.mark.long
async def test_every_button_tapped_twice(sqlite: Database, usual: Outcome) -> None:
    """Impatient fingers do what one tap does: the business is the same, and nobody met a fault."""
    async with telegram() as sandbox, InProcess(sandbox, sqlite, tap_twice=True) as stage:
        await stage.play(WHOLE)
        found = outcome(stage)
    # A request is known by the number of its message, and some questions were asked twice.
    assert found.differences(usual, BUSINESS, but=["request_key"]) == []
    assert not any(wording(answers.fault) in chat for chat in found.chats.values())
