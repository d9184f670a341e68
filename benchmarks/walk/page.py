"""Hands on the demo's page, in a headless Chromium."""

import shutil
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from playwright.async_api import Locator, Page, async_playwright, expect

from docs.pictures.stage import ARGUMENTS
from sandbox.person import Person
from sandbox.server import Sandbox
from sandbox.world.records import Message
from sandbox.world.state import World

PATIENCE = 10.0
"""Seconds until a click has to have reached the sandbox."""


class OnPage:
    """Types into the fields and clicks on the buttons that the page shows."""

    def __init__(self, page: Page, world: World) -> None:
        self._page, self._world = page, world

    async def type(self, person: Person, text: str) -> None:
        field = self._column(person).locator("[data-input]")
        await field.fill(text)
        await self._arrives(field.press("Enter"))

    async def tap(self, person: Person, message: Message, place: int) -> None:
        bubble = self._page.locator(f'[data-message="{message.chat_id}:{message.id}"]')
        key = bubble.locator(".key").nth(place)
        await expect(key).to_have_text(message.buttons[place].text)
        await self._arrives(key.click())

    async def send_photo(self, person: Person, content: bytes, caption: str) -> None:
        await self._column(person).locator("[data-input]").fill(caption)
        await self._attach(person, "Photo", "photo.png", "image/png", content)

    async def send_file(self, person: Person, name: str, content: bytes) -> None:
        await self._attach(person, "File", name, "text/csv", content)

    async def join(self, name: str) -> None:
        await self._page.get_by_role("button", name="New person").click()
        await self._page.get_by_label("Name").fill(name)
        await self._arrives(self._page.get_by_role("button", name="Join").click())

    def _column(self, person: Person) -> Locator:
        return self._page.locator(f'[data-column="{person.id}:{person.chat.id}"]')

    async def _attach(self, person: Person, kind: str, name: str, mime: str, content: bytes) -> None:
        await self._column(person).get_by_role("button", name="Attach").click()
        async with self._page.expect_file_chooser() as choosing:
            await self._page.get_by_role("menuitem", name=kind).click()
        chooser = await choosing.value
        await self._arrives(chooser.set_files({"name": name, "mimeType": mime, "buffer": content}))

    async def _arrives(self, act: Awaitable[object]) -> None:
        """Do it, and wait until the sandbox knows."""
        known = self._known()
        await act
        while self._known() == known:
            assert await self._world.changes.wait(PATIENCE), "a click had no effect"

    def _known(self) -> tuple[int, int]:
        return self._world.change_number, len(self._world.taps)


@asynccontextmanager
async def opened(sandbox: Sandbox) -> AsyncIterator[OnPage]:
    """The page of this sandbox, wide enough for all columns."""
    executable = shutil.which("chromium")
    if executable is None:
        sys.exit("Chromium is not installed.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        page = await browser.new_page(
            viewport={"width": 2400, "height": 1200}, reduced_motion="reduce", bypass_csp=True
        )
        await page.goto(sandbox.url)
        # What a tap says for a moment would hide the chat's head.
        await page.add_style_tag(content=".note { display: none }")
        await expect(page.locator("[data-column]").first).to_be_visible()
        yield OnPage(page, sandbox.world)
        await browser.close()
