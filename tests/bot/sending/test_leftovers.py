"""Leftovers of a card when a new message takes its place: they are gone in the end, whatever happens."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from markupsafe import Markup
from sqlalchemy import func, select

from bot import program as programs
from bot.program import Program
from db.models import Leftover
from db.session import Database
from handlers.ui.message import Message
from sandbox import Sandbox
from sandbox.person import Person
from services.core.tx import Tx
from services.messaging import outbox
from services.messaging.tidying import retention
from tests.bot.conftest import Edge, Outbox, settled, text, until

DONE = Message(Markup("Cancelled"))


def left(database: Database) -> int:
    """Count the messages still to be removed, or suspected."""
    return database.read_now(lambda s: s.scalar(select(func.count(Leftover.id)))) or 0


@pytest.mark.parametrize("code", [429, 500, None])
async def test_an_old_message_goes_after_a_passing_error(
    box: Outbox, kari: Person, sandbox: Sandbox, code: int | None
) -> None:
    """It is tried until it is done, and the card itself waits for none of it."""
    await box.draw(kari.id, text("Waiting for an answer"))
    sandbox.world.faults.add("deleteMessage", code, count=2, retry_after=0)
    await box.draw(kari.id, DONE, renew=True)
    await until(lambda: kari.transcript() == "Kari: /start\nBot: Cancelled")


async def test_an_old_message_goes_after_a_kill(
    sandbox: Sandbox,
    make_program: Callable[..., Program],
    sqlite: Database,
    edge: Edge,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The next start removes what the last one left, and knows then that it is gone."""
    monkeypatch.setattr(programs, "GRACE", 0.05)
    kari = sandbox.add_person("Kari")
    shows = text("Waiting for an answer")
    edge.draw["rental"] = lambda *_: shows

    async def begun() -> Program:
        program = make_program()
        await program.start()
        return program

    async def draw(*, renew: bool) -> None:
        now = sandbox.clock.now()
        await sqlite.write(
            lambda s: outbox.render_card(Tx(s, now), "rental", 1, chat_id=kari.id, renew=renew)
        )

    program = await begun()
    await kari.types("/start")
    await settled(sandbox, program)
    await draw(renew=False)
    await program.idle()
    shows = DONE
    held = sandbox.world.faults.add("deleteMessage", 500, hold=True)
    await draw(renew=True)
    await held.met()
    await program.stop()
    assert "Waiting for an answer" in kari.transcript() and "Cancelled" in kari.transcript()
    sandbox.world.faults.clear()
    program = await begun()
    # Telegram has done it a moment before the program hears of it.
    await until(lambda: kari.transcript() == "Kari: /start\nBot: Cancelled" and left(sqlite) == 0)
    await program.stop()


async def test_an_old_message_that_cannot_be_deleted_shows_what_is_true(
    box: Outbox, kari: Person, sandbox: Sandbox
) -> None:
    """After 48 hours it is edited, and that too is tried until it is done: no button stays."""
    await box.draw(kari.id, text("Waiting for an answer"))
    await sandbox.clock.advance(sandbox.clock.now() + timedelta(hours=49))
    sandbox.world.faults.add("editMessageText", 500, count=2)
    await box.draw(kari.id, DONE, renew=True)
    await until(lambda: kari.transcript() == "Kari: /start\nBot: Cancelled ⤵️\nBot: Cancelled")


@pytest.mark.parametrize("words", ["message to delete not found", "chat not found"])
async def test_what_is_gone_is_not_tried_again(
    box: Outbox, kari: Person, sandbox: Sandbox, words: str
) -> None:
    """Somebody deleted it, or it is out of reach: that is the end of it."""
    await box.draw(kari.id, text("Waiting for an answer"))
    sandbox.world.faults.add("deleteMessage", 400, description=f"Bad Request: {words}")
    await box.draw(kari.id, DONE, renew=True)
    await box.program.delivery.stop(1)
    assert left(box.database) == 0


async def test_a_card_with_nothing_to_show_goes_after_a_passing_error(
    box: Outbox, kari: Person, sandbox: Sandbox
) -> None:
    """It is a leftover as any other."""
    await box.draw(kari.id, text("Waiting for an answer"))
    sandbox.world.faults.add("deleteMessage", 500, count=2)
    await box.draw(kari.id, None)
    await until(lambda: kari.transcript() == "Kari: /start")


async def test_a_suspicion_is_forgotten_in_the_end(box: Outbox, kari: Person, sandbox: Sandbox) -> None:
    """A card that was sent twice and never tapped is no more looked for after some days."""
    sandbox.world.faults.add("sendMessage", after_effect=True)
    await box.draw(kari.id, text("Waiting for an answer"))
    await until(lambda: kari.transcript().count("Waiting") == 2)
    await box.program.idle()
    assert left(box.database) == 1
    late = sandbox.clock.now() + timedelta(days=4)
    box.database.write_now(lambda s: retention.tidy(Tx(s, late)))
    assert left(box.database) == 0
