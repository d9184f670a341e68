"""Nothing acknowledged is lost, and nothing is handled twice."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session
from telegram.error import InvalidToken

from bot.polling import Poller
from bot.program import Program
from bot.updates.raw import RawBot as Bot
from db.session import Database
from db.states import InboxStatus
from sandbox import Sandbox
from tests.bot.conftest import Edge, Shaky, at_once, cancel, store_and_die, until, updates

T = TypeVar("T")


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
    poller = Poller(bot, shaky, sandbox.clock.now, lambda *_: stored.set(), wait=wait)
    task = asyncio.create_task(poller.run())
    await stored.wait()
    await until(lambda: sandbox.world.updates.pending_count() == 0)
    await cancel(task)
    assert pending == [1, 1, 1]
    assert len(updates(shaky)) == 1


async def test_ids_that_start_anew_lose_nothing(bot: Bot, sandbox: Sandbox, sqlite: Database) -> None:
    """After a quiet week Telegram counts from anywhere: an old offset must not confirm what is new."""
    kari = sandbox.add_person("Kari")
    stored: asyncio.Queue[int] = asyncio.Queue()
    poller = Poller(bot, sqlite, sandbox.clock.now, lambda i, *_: stored.put_nowait(i), poll_seconds=0)
    task = asyncio.create_task(poller.run())
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


@pytest.mark.parametrize(
    "body",
    [
        *["", "<html>", "null", "[]", '{"ok":true}', '{"ok":true,"result":true}', '{"ok":true,"result":{}}'],
        *['{"ok":true,"result":[{"update_id":700000001,"message":{"te', '{"ok":false}', "9" * 5000],
    ],
)
async def test_an_answer_that_is_no_list_is_asked_for_again(
    sandbox: Sandbox, program: Program, capsys: pytest.CaptureFixture[str], body: str
) -> None:
    """Whatever somebody answers in Telegram's place, or half of what it said: nothing of it is believed."""
    sandbox.world.faults.add("getUpdates", body=body, count=2)
    kari = sandbox.add_person("Kari")
    await kari.types("/read secret")
    await kari.types("/read more")
    await kari.sees("more")
    assert "secret" not in capsys.readouterr().out


@pytest.mark.parametrize("code", [401, 404])
async def test_a_gateway_that_knows_no_way_ends_nothing(
    sandbox: Sandbox, program: Program, code: int
) -> None:
    """Only Telegram itself says that a token is wrong; the library takes anybody's word for it."""
    sandbox.world.faults.add("getUpdates", code, body="<html>Not found</html>", count=2)
    kari = sandbox.add_person("Kari")
    await kari.types("/read here")
    await kari.types("/read there")
    await kari.sees("there")


@pytest.mark.parametrize("code", [400, 403, 409, 413, 429, 500])
async def test_no_refusal_ends_the_polling(sandbox: Sandbox, program: Program, code: int) -> None:
    """Whatever Telegram says against it, but of the token: it is asked again."""
    sandbox.world.faults.add("getUpdates", code, count=2, retry_after=0)
    kari = sandbox.add_person("Kari")
    await kari.types("/read here")
    await kari.types("/read there")
    await kari.sees("there")


async def test_a_number_that_telegram_does_not_take_is_not_insisted_on(
    bot: Bot, sandbox: Sandbox, sqlite: Database
) -> None:
    """A confirmation that is refused is given up: then all comes again, and is known."""
    sandbox.world.updates.add_raw({"update_id": 2**62})
    stored: asyncio.Queue[int] = asyncio.Queue()
    poller = Poller(bot, sqlite, sandbox.clock.now, lambda i, *_: stored.put_nowait(i), wait=at_once)
    polling = asyncio.create_task(poller.run())
    await stored.get()
    sandbox.world.faults.add("getUpdates", 400)
    await sandbox.add_person("Kari").types("hello")
    async with asyncio.timeout(5):
        await stored.get()
    await cancel(polling)
    assert len(updates(sqlite)) == 2


async def test_what_cannot_be_confirmed_holds_up_nobody(
    sandbox: Sandbox, make_program: Callable[..., Program], edge: Edge, sqlite: Database
) -> None:
    """An update without a number comes again with every poll: it is stored once, fetched without haste."""
    waits: list[int] = []

    def wait(attempt: int) -> float:
        waits.append(attempt)
        return at_once(attempt)

    program = make_program(wait=wait)
    await program.start()
    kari = sandbox.add_person("Kari")
    sandbox.world.updates.add_raw("null")
    await until(lambda: len(waits) > 3)
    await kari.types("/read hello")
    await kari.sees("hello")
    await program.stop()
    assert waits[:4] == [2, 3, 4, 5]
    assert [row.status for row in updates(sqlite)] == [InboxStatus.SET_ASIDE, InboxStatus.DONE]
    assert edge.seen == ["/read hello"]


class Broken(Database):
    """A database that fails at the next `faults` writes as none does in passing."""

    faults = 0

    def write_now(self, work: Callable[[Session], T], *, quietly: bool = False) -> T:
        if self.faults > 0:
            self.faults -= 1
            raise RuntimeError("who wrote what")
        return super().write_now(work, quietly=quietly)


async def test_no_fault_of_our_own_ends_the_polling(
    bot: Bot, sandbox: Sandbox, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An update that is not stored is not confirmed and comes again; the log names only the kind of error."""
    database = Broken(sqlite_url)
    database.faults = 2
    await sandbox.add_person("Kari").types("hello")
    stored = asyncio.Event()
    poller = Poller(bot, database, sandbox.clock.now, lambda *_: stored.set(), wait=at_once)
    polling = asyncio.create_task(poller.run())
    async with asyncio.timeout(5):
        await stored.wait()
    await cancel(polling)
    assert len(updates(database)) == 1
    database.close()
    out = capsys.readouterr().out
    assert out.count("RuntimeError") == 1 and "who wrote what" not in out


async def test_a_token_that_is_taken_back_ends_the_polling(
    bot: Bot, sandbox: Sandbox, sqlite: Database
) -> None:
    """Trying again cannot help: the error is raised."""
    sandbox.world.token = "7000000001:another"
    poller = Poller(bot, sqlite, sandbox.clock.now, lambda *_: None, wait=at_once)
    with pytest.raises(InvalidToken):
        await poller.run()


async def test_arrivals_are_kept_in_order(
    bot: Bot, sandbox: Sandbox, sqlite: Database, make_program: Callable[..., Program], edge: Edge
) -> None:
    """Updates that waited at Telegram while the program was away are handled in the order of writing."""
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
