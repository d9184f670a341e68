"""Whatever comes at random: always an answer that Telegram takes, and never a fault of ours.

For more: `EQUIPLIB_FUZZ=100000 EQUIPLIB_SEED=7 .venv/bin/pytest -m long` and the path of this file.
"""

import os
from collections.abc import Iterator
from functools import partial

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Card, Conversation, InboxUpdate, OutboxMessage
from db.states import InboxStatus, OutboxStatus
from tests.bot.updates.corpus import WHO
from tests.e2e.arrange import handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.telegram.hostile.fuzzing import Fuzz
from tests.e2e.telegram.hostile.test_forged_callbacks import invite, question

TOGETHER = 20
"""Steps that come at once, before anybody looks at the answers."""

MANY = int(os.environ.get("EQUIPLIB_FUZZ", "2000"))
SEED = int(os.environ.get("EQUIPLIB_SEED", "1"))

UNREADABLE = "cannot be read: "


@pytest.fixture(autouse=True)
def faultless() -> Iterator[None]:
    """Allow one fault to be logged: an update that cannot be read is set aside."""
    with structlog.testing.capture_logs(processors=[structlog.processors.format_exc_info]) as logged:
        yield
    wrong = [line for line in logged if line["log_level"] in ("error", "critical")]
    assert [line for line in wrong if not str(line.get("error")).startswith(UNREADABLE)] == []


def faults(session: Session) -> list[str]:
    """Return what was set aside though it could be read, and what Telegram refused or nothing could draw."""
    aside = select(InboxUpdate).where(
        InboxUpdate.status == InboxStatus.SET_ASIDE, ~InboxUpdate.error.startswith(UNREADABLE)
    )
    failed = select(OutboxMessage).where(OutboxMessage.status == OutboxStatus.FAILED)
    return [
        *(f"{row.error}: {row.payload[:2000]}" for row in session.scalars(aside)),
        *(
            f"{row.kind} {row.params}: {row.error} {_conversation(session, row)}"
            for row in session.scalars(failed)
        ),
    ]


def _conversation(session: Session, row: OutboxMessage) -> str:
    card = session.get(Card, row.card_id) if row.card_id is not None else None
    of = (
        session.get(Conversation, card.subject_id)
        if card is not None and row.kind == "conversation"
        else None
    )
    return f"{of.name} {of.state} {of.data}" if of is not None else ""


@pytest.mark.parametrize("steps", [60, pytest.param(MANY, marks=pytest.mark.long)])
async def test_no_fault_of_ours(sqlite_world: World, steps: int) -> None:
    """Texts, taps, forged buttons, files, broken updates, in every state; then all is as ever."""
    world = sqlite_world
    world.sandbox.add_person("Mia", id=WHO)
    await handed_out(world)
    await requested(world, "Ola")
    await write(world, partial(invite, world))
    await write(world, partial(question, world))
    fuzz = Fuzz(world, SEED)
    for number in range(steps):
        await fuzz.step()
        if number % TOGETHER == TOGETHER - 1:
            await world.settled()
            found = await world.database.read(faults)
            assert found == [], f"seed {SEED}, step {number}"
    kari = world["Kari"]
    await kari.types("/help")
    await world.settled()
