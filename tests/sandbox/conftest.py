"""A running sandbox, and the real python-telegram-bot against it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from sandbox import MovableClock, Sandbox

START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox of its own, with a clock that stands still on 1 December 2026 at 09:00 UTC."""
    async with Sandbox(clock=MovableClock(START, frozen=True)) as running:
        yield running


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    """The real library's bot, logged in to the sandbox."""
    base = f"{sandbox.url}/bot"
    files = f"{sandbox.url}/file/bot"
    async with Bot(
        sandbox.token, base, files, request=HTTPXRequest(), get_updates_request=HTTPXRequest()
    ) as running:
        yield running
