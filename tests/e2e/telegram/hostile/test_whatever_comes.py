"""Whatever Telegram sends: the whole program, killed in the middle of it, goes on and answers people."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.workers import FAULT
from db.models import InboxUpdate, Organization, OutboxMessage
from db.session import Database
from db.states import InboxStatus
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from sandbox.world.updates import FIRST_ID
from tests import factories
from tests.bot.updates.corpus import WHO
from tests.bot.updates.hostile import texts
from tests.e2e.conftest import populate
from tests.e2e.telegram.restarts.runner import SETTLE, Setting, launch


@pytest.fixture(autouse=True)
def faultless() -> Iterator[None]:
    """Allow faults: an unreadable update is logged as set aside, and the program is a process of its own."""
    return iter([None])


def statuses(database: Database) -> list[InboxStatus]:
    return database.read_now(lambda s: list(s.scalars(select(InboxUpdate.status).order_by(InboxUpdate.id))))


async def done(database: Database, most: int) -> None:
    """Return once so many updates are handled."""
    async with asyncio.timeout(120):
        # Another process handles them, so that nothing here can wake us.
        while sum(one is not InboxStatus.WAITING for one in statuses(database)) < most:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_everything_comes_and_the_program_is_killed(
    sandbox: Sandbox, database: Database, database_url: str, clock: MovableClock
) -> None:
    """With all handlers: every kind of update and every hostile one, from a member in private and in groups;
    after two kills each was handled or set aside, once, and a member is answered as ever.
    """
    organization_id = populate(database, clock.now(), -1)

    def join(session: Session) -> None:
        of = session.get_one(Organization, organization_id)
        factories.member(session, of, clock.now(), "Mia Berg", account=WHO)

    database.write_now(join)
    sandbox.add_person("Mia", id=WHO)
    kari = sandbox.person("Kari")
    sent = texts(FIRST_ID)
    for text, _ in sent:
        sandbox.world.updates.add_raw(text)
    setting = Setting(sandbox.url, database_url, now=clock.now(), hurries=True)
    for most in (30, 150):
        program = launch(setting)
        await done(database, most)
        program.kill()
    program = launch(setting)
    await kari.types("/help")
    await kari.sees("/rent", timeout=60)
    await done(database, len(sent) + 1)
    await program.order(SETTLE)
    program.kill()
    rows = statuses(database)
    assert len(rows) == len(sent) + 1 and InboxStatus.WAITING not in rows
    expected = {True: InboxStatus.DONE, False: InboxStatus.SET_ASIDE}
    differing = [
        (text[:300], status)
        for (text, ok), status in zip(sent, rows, strict=False)
        if ok is not None and status is not expected[ok]
    ]
    assert differing == []
    told = database.read_now(lambda s: s.scalars(select(OutboxMessage.params).filter_by(kind=FAULT)).all())
    assert told
    assert set(Counter(one["inbox_id"] for one in told).values()) == {1}
