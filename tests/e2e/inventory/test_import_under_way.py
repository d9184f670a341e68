"""A long import in the chat: it counts, the chat goes on beside it, it can be called off, and it ends."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.jobs import imports
from db.models import ImportJob, Item
from db.states import ImportStatus
from handlers.imports import card
from handlers.imports.card import Verb
from services.core.errors import Refused
from services.imports import jobs, runner
from tests.e2e.arrange import brings_list
from tests.e2e.conftest import World
from tests.e2e.seen import by, of_kind, refusal, wording

ROWS = 5_000
TABLE = b"name,code\n" + b"".join(b"Tent,T-%d\n" % number for number in range(ROWS))


async def items(world: World) -> int:
    return await world.database.read(
        lambda s: s.scalar(select(func.count(Item.id)).where(Item.code.like("T-%"))) or 0
    )


async def test_an_import_counts_and_is_called_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other commands are answered meanwhile; what was written is told, and stays."""
    monkeypatch.setattr(imports, "CARD_AFTER", 0.0)
    monkeypatch.setattr(imports, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(runner, "CHUNK", 20)
    anna = world["Anna"]
    await brings_list(world, "Anna", "tents.csv", TABLE)
    await anna.sees(wording(card._state, file="tents.csv", n=..., percent=...))
    await anna.types("/desk")
    await anna.sees(of_kind("desk_day"))
    await anna.taps(by(Verb.CANCEL_IMPORT))
    told = await anna.sees(refusal(Refused.IMPORT_CANCELLED))
    await world.settled()
    there = await items(world)
    assert 0 < there < ROWS
    assert str(there) in told.text
    over = await world.database.read(lambda s: s.scalars(select(ImportJob.status)).all())
    assert over == [ImportStatus.OVER]


async def test_a_file_that_ends_the_program_is_given_up(world: World) -> None:
    """Each attempt is counted before it begins: a kill for memory is no loop."""
    anna = world["Anna"]
    await brings_list(world, "Anna", "tents.csv", b"name,code\nTent,T-1\n")
    await anna.sees("Items: 1 new")
    await world.settled()

    def as_after_kills(session: Session) -> None:
        job = session.scalars(select(ImportJob)).one()
        job.status, job.attempts = ImportStatus.RUNNING, jobs.MOST_ATTEMPTS
        job.leased_until = world.clock.now()

    await world.database.write(as_after_kills)
    world.program.imports.wake()
    await anna.sees(refusal(Refused.IMPORT_FAILED))
