"""A running sandbox, the real python-telegram-bot against it, and a caller for Telegram's exact words."""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from sandbox import MovableClock, Person, Sandbox, World

START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


class Seconds:
    """A monotonic clock that moves when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    """The seconds on which rate limits and the age of taps are measured."""
    return Seconds()


@pytest.fixture
async def sandbox(seconds: Seconds) -> AsyncIterator[Sandbox]:
    """A sandbox whose clock stands still on 1 December 2026 at 09:00 UTC; nothing limits the rate."""
    world = World(MovableClock(START, frozen=True), monotonic=seconds)
    world.limits.enabled = False
    async with Sandbox(world=world) as running:
        yield running


@pytest.fixture
async def kari(sandbox: Sandbox) -> Person:
    """Somebody who has started the bot; the update about it is confirmed."""
    person = sandbox.add_person("Kari", "Nordmann")
    await person.types("/start")
    sandbox.world.updates.drop_pending()
    return person


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A plain HTTP client at the sandbox's root address; loopback needs no certificates."""
    async with httpx.AsyncClient(base_url=sandbox.url, timeout=20, verify=False) as client:
        yield client


@pytest.fixture
def call(sandbox: Sandbox, http: httpx.AsyncClient) -> Callable[..., Coroutine[Any, Any, dict[str, Any]]]:
    """Calls a Bot API method with JSON; answers what Telegram would."""

    async def ask(method: str, **parameters: object) -> dict[str, Any]:
        response = await http.post(f"/bot{sandbox.token}/{method}", json=parameters)
        answer: dict[str, Any] = response.json()
        assert response.status_code == answer.get("error_code", 200)
        return answer

    return ask


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    """The real library's bot, logged in to the sandbox."""
    # Reading certificates, which loopback does not need, would take longer than most tests.
    request, polling = (HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2))
    base, files = f"{sandbox.url}/bot", f"{sandbox.url}/file/bot"
    async with Bot(sandbox.token, base, files, request=request, get_updates_request=polling) as running:
        yield running
