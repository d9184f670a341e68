"""The demo's own club on its page in a headless Chromium, with fingers and a camera."""

import io
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.demo import app, sample_data
from bot.program import Program
from db.migrations import upgrade
from db.session import Database
from sandbox.server import Sandbox
from sandbox.world.clock import MovableClock

IMAGES = Path(__file__).parent.parent / "images"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BEGIN = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
"""Tuesday 1 December, half past ten in Oslo."""

WIDE, TALL = {"width": 1840, "height": 900}, {"width": 1840, "height": 1700}
SCALE = 1.5
"""Pixels of a picture for each of the page."""

LARGEST = 200_000
"""Bytes that a picture may take."""

PATIENCE = 20_000
"""Milliseconds: the bot paces itself, below one message a second to a chat."""

COLUMNS = ("Kari", "Ola", "group", "Lars", "Anna")
"""As the page has them, from left to right."""


@dataclass
class Stage:
    """The page, and the clock behind it."""

    page: Page
    clock: MovableClock
    sandbox: Sandbox
    program: Program

    def column(self, who: str) -> Locator:
        return self.page.locator("[data-column]").nth(COLUMNS.index(who))

    async def write(self, who: str, text: str, *, sees: str) -> None:
        field = self.column(who).locator("[data-input]")
        await field.fill(text)
        await field.press("Enter")
        await self.sees(who, sees)

    async def tap(self, who: str, label: str, *, sees: str, newest: bool = True) -> None:
        """The newest button of this name, or the oldest; `sees` is what comes of it."""
        exactly = re.compile(f"^{re.escape(label)}$")
        keys = self.column(who).locator(".key").filter(has_text=exactly)
        await (keys.last if newest else keys.first).click()
        await self.sees(who, sees)

    async def sees(self, who: str, text: str, *, patience: int = PATIENCE) -> None:
        """Among the messages there are; a group that had its 20 in a minute needs more patience."""
        messages = self.column(who).locator(".message")
        await expect(messages.filter(has_text=text).last).to_be_visible(timeout=patience)

    async def send_file(self, who: str, name: str, content: str, *, sees: str) -> None:
        column = self.column(who)
        await column.get_by_role("button", name="Attach").click()
        async with self.page.expect_file_chooser() as choosing:
            await self.page.get_by_role("menuitem", name="File").click()
        chooser = await choosing.value
        await chooser.set_files({"name": name, "mimeType": "text/csv", "buffer": content.encode()})
        await self.sees(who, sees)

    async def wait_until(self, local: str) -> None:
        """Move the clock to this time in Oslo, in winter."""
        await self.clock.advance(datetime.fromisoformat(f"{local}+01:00"))

    async def picture(self, name: str, who: str, last: int = 1) -> None:
        """The head of somebody's chat and its last so many messages."""
        await self._settle()
        column = self.column(who)
        shot = Image.open(io.BytesIO(await column.screenshot()))
        frame, head = await _box(column), await _box(column.locator(".column-head"))
        messages = column.locator(".message, .service")
        count = await messages.count()
        first, final = await _box(messages.nth(count - last)), await _box(messages.nth(count - 1))
        top, bottom = first["y"] - 2 - frame["y"], final["y"] + final["height"] + 6 - frame["y"]
        wide = shot.width
        title = shot.crop((0, 0, wide, round(head["height"] * SCALE)))
        talk = shot.crop((0, round(top * SCALE), wide, round(bottom * SCALE)))
        whole = Image.new("RGB", (wide, title.height + talk.height))
        whole.paste(title, (0, 0))
        whole.paste(talk, (0, title.height))
        save(name, whole)

    async def whole_page(self, name: str) -> None:
        await self.page.set_viewport_size({"width": WIDE["width"], "height": WIDE["height"]})
        await self._settle()
        save(name, Image.open(io.BytesIO(await self.page.screenshot())))
        await self.page.set_viewport_size({"width": TALL["width"], "height": TALL["height"]})

    async def _settle(self) -> None:
        """All is said and removed, no button waits for its answer, no mouse, no cursor, all photos there."""
        await self.sandbox.world.updates.confirmed()
        await self.program.idle()
        await self.page.mouse.move(0, 0)
        await expect(self.page.locator(".key[aria-busy]")).to_have_count(0, timeout=PATIENCE)
        await self.page.evaluate("document.activeElement.blur()")
        await self.page.wait_for_function("[...document.images].every(image => image.complete)")


async def _box(part: Locator) -> dict[str, float]:
    found = await part.bounding_box()
    assert found is not None
    return {"y": found["y"], "height": found["height"]}


def save(name: str, picture: Image.Image) -> None:
    """In as few colours as do not show."""
    target = IMAGES / f"{name}.png"
    few = picture.convert("RGB").quantize(200, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(target, optimize=True)
    if target.stat().st_size > LARGEST:
        sys.exit(f"{target} is too large: {target.stat().st_size} bytes")


@asynccontextmanager
async def running() -> AsyncIterator[Stage]:
    """The demo on its fixed day, and a browser before it."""
    executable = shutil.which("chromium")
    if executable is None:
        sys.exit("Chromium is not installed.")
    clock = MovableClock(BEGIN)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/demo.db")
        upgrade(database)
        async with Sandbox(clock=clock) as sandbox, async_playwright() as playwright:
            group_id = app.add_people(sandbox)
            await database.write(lambda session: sample_data.populate(session, clock.now(), group_id))
            program = Program(
                token=sandbox.token,
                database=database,
                api_url=sandbox.url,
                clock=clock.now,
            )
            await program.start()
            app.connect(clock, program, database)
            await app._show_menus(program)
            browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
            page = await browser.new_page(
                viewport={"width": TALL["width"], "height": TALL["height"]},
                device_scale_factor=SCALE,
                color_scheme="light",
                reduced_motion="reduce",
                bypass_csp=True,
            )
            await page.goto(sandbox.url)
            # What a tap says for a moment would hide the chat's head.
            await page.add_style_tag(content=".note { display: none }")
            await expect(page.locator("[data-column]")).to_have_count(len(COLUMNS))
            yield Stage(page, clock, sandbox, program)
            await browser.close()
            await program.stop()
        database.close()
