"""A real Chromium before a real sandbox: what the tests of the page share."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright

from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock
from sandbox.world.records import Chat

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser lives in one event loop, so all tests of the page run in that one."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The Chromium that is installed here."""
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next((found for name in names if (found := shutil.which(name))), None)
    if executable is None:
        pytest.skip("no Chromium is installed; the page cannot be tried")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        await browser.close()


@dataclass
class Bot:
    """The other side: a bot that speaks the Bot API as any bot does."""

    client: httpx.AsyncClient
    root: str
    offset: int = 0

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method; returns its result."""
        answer = await self.client.post(f"{self.root}/{method}", json=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    async def receive(self) -> dict[str, Any]:
        """The next update; waits for it."""
        updates = await self.call("getUpdates", offset=self.offset, limit=1, timeout=10)
        assert updates, "nothing came to the bot"
        self.offset = updates[0]["update_id"] + 1
        return dict(updates[0])


@dataclass
class Scene:
    """Kari with her chat, Ada, and a group of the two, on the page."""

    sandbox: Sandbox
    bot: Bot
    page: Page
    kari: int
    ada: int
    group: Chat

    def column(self, chat_id: int) -> Locator:
        """The column that shows this chat."""
        person_id = self.ada if chat_id == self.group.id else chat_id
        return self.page.locator(f'[data-column="{person_id}:{chat_id}"]')

    def bubble(self, message: dict[str, Any]) -> Locator:
        """The element of a message the Bot API told of."""
        return self.page.locator(f'[data-message="{message["chat"]["id"]}:{message["message_id"]}"]')


@pytest_asyncio.fixture(loop_scope="session")
async def scene(browser: Browser) -> AsyncIterator[Scene]:
    """A fresh sandbox on a Tuesday at nine in Oslo, where something falls due every day at noon.

    Kari has started the bot, Ada has not.
    """
    clock = MovableClock(datetime(2026, 12, 1, 8, 0, tzinfo=UTC))

    async def noon_after(moment: datetime) -> datetime:
        noon = moment.replace(hour=11, minute=0, second=0, microsecond=0)
        return noon if noon > moment else noon + timedelta(days=1)

    clock.next_moment = noon_after
    async with Sandbox(clock=clock) as sandbox, httpx.AsyncClient() as client:
        kari = sandbox.add_person("Kari", "Nordmann", role="member")
        ada = sandbox.add_person("Ada", "Berg", role="admin")
        group = sandbox.add_group("Admins", [ada, kari])
        for person, chat in ((kari, None), (ada, None), (ada, group)):
            sandbox.add_column(person, chat)
        bot = Bot(client, f"{sandbox.url}/bot{sandbox.token}")
        kari.user.started = True
        page = await browser.new_page(viewport={"width": 1100, "height": 700})
        page.set_default_timeout(5000)
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(sandbox.url)
        await page.wait_for_selector("[data-column]")
        yield Scene(sandbox, bot, page, kari.id, ada.id, group)
        await page.close()
    assert problems == []
