"""The server: on loopback only, gone at once, and good enough for the library's own polling."""

import asyncio
import socket
import time
from pathlib import Path

import httpx
import pytest
from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

from sandbox import MovableClock, Sandbox, World
from sandbox.server import PAGE


async def test_it_ends_quickly_with_everything_open(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    """A long poll and an event stream do not hold it up; the poll is answered, the stream ends."""
    poll = asyncio.create_task(http.get(f"/bot{sandbox.token}/getUpdates", params={"timeout": "50"}))
    async with http.stream("GET", "/sandbox/events") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == "retry: 500"
        before = time.monotonic()
        await sandbox.stop()
        assert time.monotonic() - before < 0.5
        assert [line async for line in lines] == [""]
    answer = await poll
    assert answer.json() == {"ok": True, "result": []}
    with pytest.raises(httpx.ConnectError):
        await http.get("/sandbox/state")


async def test_it_listens_on_loopback_only_and_says_when_a_port_is_taken(sandbox: Sandbox) -> None:
    """Port 0 takes a free one, a port in use raises OSError, stopping twice does no harm."""
    assert sandbox.url.startswith("http://127.0.0.1:")
    port = int(sandbox.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        await Sandbox(port=port).start()
    await sandbox.stop()
    await sandbox.stop()
    async with Sandbox(port=port) as again:
        assert again.url == sandbox.url


async def test_a_client_that_vanishes_leaves_the_updates(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    """A poll whose connection broke took nothing with it."""
    address = ("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1]))
    with socket.create_connection(address) as raw:
        raw.sendall(f"GET /bot{sandbox.token}/getUpdates?timeout=50 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        # Any other answer tells that the server has read the first request.
        await http.get(f"/bot{sandbox.token}/getMe")
    await sandbox.add_person("Kari").types("hello")
    answer = (await http.get(f"/bot{sandbox.token}/getUpdates", params={"timeout": "50"})).json()
    assert [one["message"]["text"] for one in answer["result"]] == ["hello"]


async def test_the_library_polls_and_answers(sandbox: Sandbox) -> None:
    """python-telegram-bot's own updater and dispatcher run against it unchanged."""

    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text("Welcome")

    builder = Application.builder().token(sandbox.token).base_url(f"{sandbox.url}/bot")
    application = builder.base_file_url(f"{sandbox.url}/file/bot").build()
    application.add_handler(CommandHandler("start", start))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=10)
        kari = sandbox.person("Kari")
        await kari.types("/start")
        await kari.sees("Welcome")
        stopping = asyncio.create_task(application.updater.stop())
        await stopping
        await application.stop()


async def test_a_token_can_be_chosen() -> None:
    """The bot's id is in it; what is no token is refused."""
    async with Sandbox(token="42:abc") as sandbox, httpx.AsyncClient(base_url=sandbox.url) as http:
        assert (await http.get("/bot42:abc/getMe")).json()["result"]["id"] == 42
    with pytest.raises(ValueError, match="looks like"):
        World(MovableClock(), token="secret")


async def test_the_page_is_served(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    """The page and its parts, and nothing outside its folder."""
    index = await http.get("/")
    assert index.status_code == 200 and index.headers["content-type"].startswith("text/html")
    script = next(PAGE.glob("*.js"))
    assert (await http.get(f"/static/{script.name}")).content == script.read_bytes()
    assert (await http.get("/static/%2e%2e/server.py")).status_code == 404
    assert (await http.get("/favicon.ico")).status_code in (200, 204)


def test_it_knows_nothing_of_the_project() -> None:
    """The sandbox imports none of the project's other packages."""
    sources = [path.read_text() for path in Path(PAGE.parent).rglob("*.py")]
    for package in ("bot", "handlers", "services", "db", "api"):
        for source in sources:
            assert f"from {package}." not in source and f"import {package}\n" not in source
