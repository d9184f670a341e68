"""Twice is once: the whole story, played as it is and by impatient fingers, comes out the same."""

import pytest

from bot.program import Program
from db.session import Database
from sandbox.clock import MovableClock
from sandbox.server import Sandbox
from services import organizations
from tests.e2e.business import dump
from tests.e2e.conftest import Unpaced
from tests.e2e.story import BEGIN, WHOLE, Stage


async def played(database: Database, *, tap_twice: bool) -> None:
    """Play the whole story on this database, every line seen by whom it concerns."""
    clock = MovableClock(BEGIN, frozen=True)
    async with Sandbox(clock=clock) as sandbox:
        sandbox.world.limits.enabled = False
        token = await database.write(
            lambda session: organizations.create(
                session,
                BEGIN,
                name="Fjellklubben",
                timezone="Europe/Oslo",
                leader_first="Ada",
                leader_last="Berg",
            )
        )
        program = Program(
            token=sandbox.token, database=database, api_url=sandbox.url, clock=clock.now, limiter=Unpaced()
        )
        await program.start()

        async def settled() -> None:
            await sandbox.world.updates.confirmed()
            await program.idle()

        async def sweep() -> None:
            await program.wake_sweep()
            await program.idle()

        stage = Stage(sandbox, token, settled, sweep, tap_twice=tap_twice)
        try:
            await stage.play(WHOLE)
        finally:
            await program.stop()


@pytest.mark.parametrize("tap_twice", [False, True], ids=["once", "twice"])
async def test_the_whole_story(database: Database, tap_twice: bool) -> None:
    """From the leader's link to the last return, with every button tapped once or twice: all ends well."""
    await played(database, tap_twice=tap_twice)
    business = dump(database)
    assert [row for row in business["claims"] if "out" in row or "held" in row] == []
    assert len(business["rentals"]) > 0
