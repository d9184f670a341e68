"""Killed at every update of the whole story, and started again: nothing is lost, nothing happens twice."""

from pathlib import Path

import pytest
from sqlalchemy import select

from db.models import Base, Item
from db.session import Database
from services.messaging import kinds
from tests.e2e.rentals.stage import Outcome, as_usual, outcome, telegram
from tests.e2e.rentals.story import THE_FIRST_DAY, WHOLE, Does
from tests.e2e.snapshot import TABLES
from tests.e2e.telegram.restarts.crashing import Killed, Point

BUSINESS = [table.__tablename__ for table in TABLES]
KEPT = [
    table.name
    for table in Base.metadata.sorted_tables
    if table.name not in ("inbox", "outbox", "leftovers", "import_jobs")
]
"""All tables but those that a start clears of what is old or done."""

LINES = len(WHOLE)
BEGINNING = 42
"""Lines of the story that the suite plays: until the first requests are answered."""
UPDATES = sum({Does.WAITS: 0, Does.ADDS_BOT: 3}.get(line.does, 1) for line in WHOLE)


@pytest.fixture(scope="module")
def usual(migrated_sqlite: Path) -> Outcome:
    """The outcome of the story when nobody kills the program."""
    return as_usual(migrated_sqlite, LINES)


def is_digest(difference: str) -> bool:
    """Tell if it is about the digest's card: a new start looks at once whether anything is left to tell."""
    return difference.startswith("cards:") and f"'kind': '{kinds.DIGEST}'" in difference


def same_chats(found: Outcome, usual: Outcome) -> bool:
    """Tell if everybody's chats read the same to the letter, buttons and all, in the same order."""
    for name, chat in found.chats.items():
        assert chat == usual.chats[name], name
    return True


@pytest.mark.parametrize(
    "lines", [BEGINNING, pytest.param(LINES, marks=pytest.mark.long)], ids=["beginning", "whole"]
)
async def test_killed_between_the_commit_and_the_answer(
    sqlite: Database, sqlite_url: str, migrated_sqlite: Path, lines: int
) -> None:
    """At every twelfth update or thing that falls due: the same rows in the end, and the same chats, with no
    message more and none less. (The import is the one exception: see below.) A long one kills at all.
    """
    usual = as_usual(migrated_sqlite, lines)
    async with (
        telegram() as sandbox,
        Killed(sandbox, sqlite, sqlite_url, lambda line: [] if line % 12 else [Point.COMMITTED]) as stage,
    ):
        await stage.play(WHOLE[:lines])
        found = outcome(stage)
    assert stage.kills[Point.COMMITTED] >= lines // 12 - 1
    assert [one for one in found.differences(usual, KEPT) if not is_digest(one)] == []
    assert same_chats(found, usual)


@pytest.mark.long
async def test_killed_now_and_then_on_postgresql(postgresql_url: str, usual: Outcome) -> None:
    """At a selection of updates, at each of the three points: the same business, and the same chats but for
    messages whose sending was cut short, which come twice.
    """
    chosen = {1: [Point.BEFORE], 17: [Point.COMMITTED], 33: [Point.UNHEARD]}
    database = Database(postgresql_url)
    async with (
        telegram() as sandbox,
        Killed(sandbox, database, postgresql_url, lambda line: chosen.get(line % 48, [])) as stage,
    ):
        await stage.play(WHOLE)
        found = outcome(stage)
    database.close()
    assert min(stage.kills.values()) >= LINES // 48
    assert found.differences(usual, BUSINESS, but=["request_key"]) == []
    assert same_chats(found, usual)


@pytest.mark.long
async def test_killed_after_each_commit(sqlite: Database, sqlite_url: str, usual: Outcome) -> None:
    """At every update, and at everything that falls due, to the letter."""
    async with (
        telegram() as sandbox,
        Killed(sandbox, sqlite, sqlite_url, lambda line: [Point.COMMITTED]) as stage,
    ):
        await stage.play(WHOLE)
        found = outcome(stage)
    assert stage.kills[Point.COMMITTED] == LINES - 1
    assert found.differences(usual, KEPT) == []
    assert same_chats(found, usual)


@pytest.mark.long
@pytest.mark.both_databases
async def test_killed_three_times_at_every_update(
    database: Database, database_url: str, usual: Outcome
) -> None:
    """Before the commit, after it, and when something is said but the program has not heard so: the same
    business, though a request's key has the number of a message in it and some came twice; and the same
    chats without those.
    """
    async with (
        telegram() as sandbox,
        Killed(sandbox, database, database_url, lambda line: list(Point)) as stage,
    ):
        await stage.play(WHOLE)
        found = outcome(stage)
    assert stage.kills == {Point.BEFORE: UPDATES, Point.COMMITTED: LINES - 1, Point.UNHEARD: LINES - 1}
    assert found.differences(usual, BUSINESS, but=["request_key"]) == []
    assert same_chats(found, usual)


async def test_an_import_that_is_cut_short_is_run_again(sqlite: Database, sqlite_url: str) -> None:
    """An import goes on after a kill that follows its tap, and brings each thing once."""
    until = next(n for n, line in enumerate(THE_FIRST_DAY) if line.does is Does.SENDS_FILE) + 1
    async with (
        telegram() as sandbox,
        Killed(sandbox, sqlite, sqlite_url, lambda line: [Point.COMMITTED] if line == until else []) as stage,
    ):
        stage.imports_again = True
        await stage.play(THE_FIRST_DAY[: until + 1])
        ada = stage.sandbox.person("Ada").transcript()
    assert stage.kills[Point.COMMITTED] == 1
    assert "Items: 6 new, 0 changed, 0 unchanged" in ada or "Items: 0 new, 0 changed, 6 unchanged" in ada
    codes = sqlite.read_now(lambda session: session.scalars(select(Item.code).order_by(Item.code)).all())
    assert codes == ["P1", "P2", "S1", "T1", "T2", "T3"]
