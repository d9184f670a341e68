"""The program begins and ends."""

import asyncio
import os
import signal
import time
from collections.abc import Callable

import pytest
from telegram import Update

from bot.errors import WrongToken
from bot.program import Program
from db.session import Database
from db.states import InboxStatus
from handlers.telegram.context import Context
from sandbox import Sandbox
from sandbox.world.updates import Hook
from tests.bot.conftest import Edge, say, settled, until, updates


async def test_it_ends_within_two_seconds_whatever_it_is_doing(
    sandbox: Sandbox, make_program: Callable[..., Program], edge: Edge, sqlite: Database
) -> None:
    """A handler that never ends, a message that hangs, a long poll: none holds it up, and nothing is lost."""

    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    edge.handle["hang"] = hang
    program = make_program()
    await program.start()
    kari, ola = sandbox.add_person("Kari"), sandbox.add_person("Ola")
    await kari.types("/hang")
    sandbox.world.faults.add("sendMessage", delay=30, chat_id=ola.id)
    await ola.types("/write hello")
    await until(lambda: len(edge.seen) == 2)
    began = time.monotonic()
    await program.stop()
    assert time.monotonic() - began < 2
    assert updates(sqlite)[0].status is InboxStatus.WAITING


async def test_what_is_being_handled_comes_to_its_end(
    sandbox: Sandbox, make_program: Callable[..., Program], edge: Edge, sqlite: Database
) -> None:
    """Stopping lets the update in hand finish; the one behind it waits for the next start."""
    stopping = asyncio.Event()

    async def slow(update: Update, context: Context, text: str) -> None:
        await stopping.wait()
        await context.act(lambda session: say(session, context.now(), update, "done"))

    edge.handle["slow"] = slow
    program = make_program()
    await program.start()
    kari = sandbox.add_person("Kari")
    await kari.types("/slow")
    await kari.types("next")
    await until(lambda: len(updates(sqlite)) == 2 and edge.seen == ["/slow"])
    ending = asyncio.create_task(program.stop())
    await until(program.workers._stopping.is_set)
    stopping.set()
    await ending
    assert [row.status for row in updates(sqlite)] == [InboxStatus.DONE, InboxStatus.WAITING]


async def test_it_waits_for_telegram_at_the_start(
    sandbox: Sandbox, make_program: Callable[..., Program]
) -> None:
    """A server that is not there yet is no reason to end."""
    sandbox.world.faults.add("getMe", 502, count=2)
    sandbox.world.faults.add("getMe", count=1)
    program = make_program()
    await program.start()
    kari = sandbox.add_person("Kari")
    await kari.types("/read hello")
    await kari.sees("hello")
    await program.stop()


async def test_a_wrong_token_ends_it(sandbox: Sandbox, make_program: Callable[..., Program]) -> None:
    """At the start, and when it is taken back later."""
    token = sandbox.world.token
    program = make_program(believe_after=0.05)
    sandbox.world.token = "7000000001:another"
    with pytest.raises(WrongToken):
        await program.run()
    sandbox.world.token = token
    running = asyncio.create_task(make_program(believe_after=0.05).run())
    kari = sandbox.add_person("Kari")
    await kari.types("/read hello")
    await kari.sees("hello")
    sandbox.world.token = "7000000001:another"
    await kari.types("/read again")
    with pytest.raises(WrongToken):
        await running


async def test_a_webhook_left_behind_is_taken_away(
    sandbox: Sandbox, make_program: Callable[..., Program]
) -> None:
    """Else Telegram would give no updates to whoever asks."""
    sandbox.world.updates.set_webhook(Hook("https://old.example"))
    program = make_program()
    await program.start()
    kari = sandbox.add_person("Kari")
    await kari.types("/read hello")
    await kari.sees("hello")
    await program.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it(
    sandbox: Sandbox, make_program: Callable[..., Program], number: signal.Signals
) -> None:
    """Ctrl-C and systemd's way alike: cleanly."""
    running = asyncio.create_task(make_program().run())
    kari = sandbox.add_person("Kari")
    await kari.types("/read hello")
    await kari.sees("hello")
    os.kill(os.getpid(), number)
    async with asyncio.timeout(2):
        await running


async def test_the_menus_are_announced(sandbox: Sandbox, make_program: Callable[..., Program]) -> None:
    """Telegram learns the commands and what the bot is for; what its owner says of it stays."""
    sandbox.world.profile.texts["short_description", ""] = "The sheds of Voss"
    program = make_program(announces=True)
    await program.start()
    told = sandbox.world.profile.texts
    await until(lambda: ("description", "no") in told)
    await settled(sandbox, program)
    assert told["description", ""] != told["description", "no"]
    assert {key for key in told if key[0] != "description"} == {("short_description", "")}
    assert sandbox.world.profile.commands
    await program.stop()
