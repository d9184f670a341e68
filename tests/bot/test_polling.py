"""Nothing acknowledged is lost, and nothing is handled twice."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from telegram.error import InvalidToken

from bot.message_sender import Bot
from bot.polling import Intake
from bot.program import Program
from db.session import Database
from db.states import InboxStatus
from sandbox import Sandbox
from tests.bot.conftest import Edge, Shaky, at_once, until, updates


async def cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def store_and_die(bot: Bot, sandbox: Sandbox, database: Database) -> None:
    """Poll until an update is stored; end before it is confirmed or handled."""
    stored = asyncio.Event()
    intake = Intake(bot, database, sandbox.clock.now, lambda *_: stored.set())
    task = asyncio.create_task(intake.run())
    await stored.wait()
    await cancel(task)


async def test_what_was_stored_before_a_kill_is_handled_by_the_next_start(
    bot: Bot, sandbox: Sandbox, sqlite: Database, make_program: Callable[..., Program]
) -> None:
    """A kill between storing and handling costs nothing: also when Telegram has had its confirmation."""
    kari = sandbox.add_person("Kari")
    await kari.types("/write still here")
    await store_and_die(bot, sandbox, sqlite)
    sandbox.world.updates.drop_pending()
    program = make_program()
    await program.start()
    await kari.sees("still here")
    await program.stop()


async def test_an_update_that_comes_twice_is_handled_once(
    bot: Bot, sandbox: Sandbox, sqlite: Database, make_program: Callable[..., Program], edge: Edge
) -> None:
    """Stored but not confirmed, Telegram delivers it again; it is known by its id."""
    kari = sandbox.add_person("Kari")
    await kari.types("/write once")
    await store_and_die(bot, sandbox, sqlite)
    assert sandbox.world.updates.pending_count() == 1
    program = make_program()
    await program.start()
    await kari.types("/write after it")
    await kari.sees("after it")
    await program.stop()
    assert sandbox.transcript(kari).count("Bot: once") == 1
    assert edge.seen == ["/write once", "/write after it"]


async def test_updates_are_confirmed_only_when_they_are_stored(
    bot: Bot, sandbox: Sandbox, shaky: Shaky
) -> None:
    """While the database is away the offset stays, so that Telegram keeps what it has."""
    kari = sandbox.add_person("Kari")
    await kari.types("hello")
    shaky.outages = 3
    pending: list[int] = []

    def wait(attempt: int) -> float:
        pending.append(sandbox.world.updates.pending_count())
        return 0.0

    stored = asyncio.Event()
    intake = Intake(bot, shaky, sandbox.clock.now, lambda *_: stored.set(), wait=wait)
    task = asyncio.create_task(intake.run())
    await stored.wait()
    await until(lambda: sandbox.world.updates.pending_count() == 0)
    await cancel(task)
    assert pending == [1, 1, 1]
    assert len(updates(shaky)) == 1


async def test_ids_that_start_anew_lose_nothing(bot: Bot, sandbox: Sandbox, sqlite: Database) -> None:
    """After a quiet week Telegram counts from anywhere: an old offset must not confirm what is new."""
    kari = sandbox.add_person("Kari")
    stored: asyncio.Queue[int] = asyncio.Queue()
    intake = Intake(bot, sqlite, sandbox.clock.now, lambda i, _: stored.put_nowait(i), poll_seconds=0)
    task = asyncio.create_task(intake.run())
    await kari.types("before the holidays")
    await stored.get()
    await until(lambda: sandbox.world.updates.pending_count() == 0)
    lower = updates(sqlite)[0].update_id - 3
    sandbox.world.updates.restart_ids(lower)
    await kari.types("after the holidays")
    async with asyncio.timeout(5):
        await stored.get()
    await cancel(task)
    assert updates(sqlite)[-1].update_id == lower


async def test_a_second_poller_is_told_of_and_outlived(
    bot: Bot, sandbox: Sandbox, program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    """Telegram answers 409 to one of two pollers: it says so in the log, waits, and polls again."""
    await bot.get_updates(timeout=0)
    kari = sandbox.add_person("Kari")
    await kari.types("/read here again")
    await kari.sees("here again")
    assert "another program fetches this bot's updates" in capsys.readouterr().out


async def test_a_network_in_trouble_is_outlived(sandbox: Sandbox, program: Program) -> None:
    """Errors and broken connections while polling are waited out."""
    sandbox.world.faults.add("getUpdates", 502, count=2)
    sandbox.world.faults.add("getUpdates", count=1)
    kari = sandbox.add_person("Kari")
    await kari.types("/read first")
    await kari.sees("first")
    await kari.types("/read second")
    await kari.sees("second")


async def test_a_token_that_is_taken_back_ends_the_polling(
    bot: Bot, sandbox: Sandbox, sqlite: Database
) -> None:
    """Trying again cannot help: the error is raised."""
    sandbox.world.token = "7000000001:another"
    intake = Intake(bot, sqlite, sandbox.clock.now, lambda *_: None, wait=at_once)
    with pytest.raises(InvalidToken):
        await intake.run()


async def test_arrivals_are_kept_in_order(
    bot: Bot, sandbox: Sandbox, sqlite: Database, make_program: Callable[..., Program], edge: Edge
) -> None:
    """What waited at Telegram while the program was away is handled in the order it was written."""
    kari = sandbox.add_person("Kari")
    for number in range(20):
        await kari.types(f"number {number}")
    program = make_program()
    await program.start()
    await kari.types("/read done")
    await kari.sees("done")
    await program.stop()
    assert edge.seen == [f"number {number}" for number in range(20)] + ["/read done"]
    assert {row.status for row in updates(sqlite)} == {InboxStatus.DONE}
