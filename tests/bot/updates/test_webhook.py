"""Updates that Telegram delivers to the webhook are stored before it is told so, and from nobody else."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from bot.program import Program
from bot.settings import Web
from bot.updates.raw import RawBot
from bot.updates.webhook import Webhook, secret_of
from db.session import Database
from db.states import InboxStatus
from sandbox import Sandbox
from sandbox.world.updates import Hook
from tests.bot.conftest import Edge, Shaky, cancel, settled, until, updates
from web.app import LARGEST_UPDATE, SECRET, WEBHOOK, Parts, create_app

ADDRESS = "https://lend.example.org"
HELLO = b'{"update_id": 7, "message": {"message_id": 1, "chat": {"id": 42}}}'


class Line:
    """The webhook over HTTP, and what it passed on."""

    def __init__(self, bot: RawBot, database: Database, sandbox: Sandbox) -> None:
        self.taken: list[tuple[int, int, str]] = []
        receiver = Webhook(
            bot, database, sandbox.clock.now, lambda *one: self.taken.append(one), url=ADDRESS + WEBHOOK
        )
        transport = httpx.ASGITransport(create_app(Parts(telegram=receiver)))
        self.client = httpx.AsyncClient(transport=transport, base_url=ADDRESS)
        self.secret = secret_of(bot.token)

    async def post(self, body: bytes, **headers: str) -> int:
        known = {SECRET: self.secret, **headers}
        return (await self.client.post(WEBHOOK, content=body, headers=known)).status_code


@pytest.fixture
async def line(bot: RawBot, sqlite: Database, sandbox: Sandbox) -> AsyncIterator[Line]:
    line = Line(bot, sqlite, sandbox)
    yield line
    await line.client.aclose()


async def test_an_update_is_stored_once_however_often_it_comes(line: Line, sqlite: Database) -> None:
    """Telegram delivers again what it did not hear was taken; the second time nothing is passed on."""
    assert [await line.post(HELLO), await line.post(HELLO)] == [200, 200]
    (row,) = updates(sqlite)
    assert (row.update_id, row.chat_key, row.payload) == (7, 42, HELLO.decode())
    assert line.taken == [(row.id, 42, HELLO.decode())]


async def test_nobody_but_telegram_is_heard(line: Line, sqlite: Database) -> None:
    """Without its secret, with another, or with one that no header of Telegram's has."""
    for headers in ({SECRET: ""}, {SECRET: "wrong"}, {SECRET: line.secret + "x"}, {SECRET: "hemmelig\xe5"}):
        answer = await line.client.post(
            WEBHOOK, content=HELLO, headers=[(k.encode(), v.encode("latin-1")) for k, v in headers.items()]
        )
        assert answer.status_code == 403
    assert (await line.client.post(WEBHOOK, content=HELLO)).status_code == 403
    assert (await line.client.get(WEBHOOK)).status_code == 405
    assert updates(sqlite) == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"\xff\xfe", b'"\\ud800"', b'{"update_id": 1e999}', b"[" * 5000]
)
async def test_what_is_no_update_is_stored_like_one(line: Line, sqlite: Database, body: bytes) -> None:
    """As with polling: it is set aside later, with what came, and Telegram does not send it for ever."""
    assert await line.post(body) == 200
    (row,) = updates(sqlite)
    assert row.update_id < 0 and line.taken == [(row.id, 0, row.payload)]


async def test_a_body_has_its_limit(line: Line, sqlite: Database) -> None:
    """A body is bounded if it tells its length, tells a wrong one, or none at all."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 100_000

    answer = await line.client.post(WEBHOOK, content=endless(), headers={SECRET: line.secret})
    assert answer.status_code == 413
    assert await line.post(b" " * (LARGEST_UPDATE + 1)) == 413
    assert await line.post(b"{}", **{"content-length": "9" * 4000}) == 413
    assert updates(sqlite) == []


async def test_it_is_not_taken_while_the_database_is_away(
    bot: RawBot, shaky: Shaky, sandbox: Sandbox
) -> None:
    """Telegram keeps it, and delivers it again."""
    line = Line(bot, shaky, sandbox)
    shaky.outages = 1
    assert [await line.post(HELLO), await line.post(HELLO)] == [503, 200]
    assert len(updates(shaky)) == 1


async def test_people_are_answered_through_the_webhook(
    sandbox: Sandbox, make_program: Callable[..., Program], sqlite: Database, edge: Edge
) -> None:
    """The program sets it with its secret; a database that goes away for a moment loses and doubles nothing;
    a program that polls again takes the webhook away.
    """
    sandbox.courier.pause = lambda attempts: 0.01
    web = Web(port=0, public_url=ADDRESS)
    program = make_program(web=web, is_webhook=True)
    await program.start()
    assert program.service is not None
    sandbox.courier.names[ADDRESS] = f"http://127.0.0.1:{program.service.port}"
    await until(lambda: bool(sandbox.world.updates.webhook))
    kari = sandbox.add_person("Kari")
    await kari.types("/read hello")
    await kari.sees("hello")
    await settled(sandbox, program)
    await program.stop()
    await kari.types("/read while you were away")
    await until(lambda: sandbox.world.updates.hook.trouble == "Connection refused")
    polling = make_program()
    await polling.start()
    await kari.sees("while you were away")
    await settled(sandbox, polling)
    await polling.stop()
    assert sandbox.world.updates.webhook == ""
    assert edge.seen == ["/read hello", "/read while you were away"]
    assert {row.status for row in updates(sqlite)} == {InboxStatus.DONE}


async def test_the_webhook_is_set_again_where_somebody_took_it_away(
    bot: RawBot, sqlite: Database, sandbox: Sandbox
) -> None:
    """A program that polls with the same token deletes it."""
    url = ADDRESS + WEBHOOK
    webhook = Webhook(
        bot, sqlite, sandbox.clock.now, lambda *_: None, url=url, wait=lambda _: 0.01, look_every=0.01
    )
    sandbox.world.faults.add("setWebhook", 502)
    running = asyncio.create_task(webhook.run())
    await until(lambda: sandbox.world.updates.webhook == url)
    sandbox.world.updates.set_webhook(Hook())
    await until(lambda: sandbox.world.updates.webhook == url)
    await cancel(running)
