"""The log tells what happened and what it led to, and no word of what anybody wrote."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import log_config
from bot.settings import Format, Level, Log
from db.states import RentalStatus
from services.core.errors import Refused
from tests.e2e.conftest import World
from tests.e2e.seen import asking, carrying, showing

WORD = "hemmelig"
"""Part of whatever people write in this test."""


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line, at the level that tells most."""
    lines: list[str] = []

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    log_config.configure(Log(level=Level.DEBUG, format=Format.JSON), "7000000001:sandbox")
    keeper = Keeps()
    keeper.setFormatter(root.handlers[0].formatter)
    root.handlers = [keeper]
    yield lines
    structlog.reset_defaults()
    root.handlers, root.level = before, level
    for name in log_config.TALKATIVE:
        logging.getLogger(name).setLevel(logging.NOTSET)


async def test_what_was_done_is_told_and_nothing_that_was_said(
    logged: list[str], sqlite_world: World
) -> None:
    """From the update over the event to the messages sent by one id; refusals with their reason. Names, typed
    texts, purposes, reasons and links stay out, at every level.
    """
    world = sqlite_world
    world["Kari"].user.username = world["Kari"].user.last_name = f"{WORD}_kari"
    await world["Kari"].types("/rent tent 2026-12-03 2026-12-04")
    await world["Kari"].sees(asking("rent.basket"))
    await world["Kari"].taps(carrying("purpose"))
    await world["Kari"].sees(asking("rent.purpose"))
    await world["Kari"].types(f"{WORD} purpose")
    await world["Kari"].sees(asking("rent.basket"))
    await world["Kari"].taps("Confirm")
    await world["Kari"].sees(showing(RentalStatus.REQUESTED))
    await world.settled()
    asked = [one for one in events(logged) if one["event"] == "rental: request"]
    anna = world.in_group("Anna")
    await anna.taps("Decline")
    question = await anna.sees(asking("decline.ask"))
    await anna.replies(question, f"{WORD} reason")
    await world["Kari"].sees(lambda message: f"{WORD} reason" in message.text)
    for text in (f"/start {WORD}", f"/find {WORD}", f"/rent {WORD} 3.12.", f"{WORD}?", f"/{WORD}"):
        await world["Ola"].types(text)
    stranger = world.sandbox.add_person(WORD, WORD, username=WORD)
    await stranger.types(f"/start {WORD}")
    await stranger.types(WORD)
    await world["Kari"].types("/members")
    await world.settled()
    told = events(logged)
    (cause,) = {one["correlation"] for one in asked}
    sent = [one for one in told if one["event"] == "sent" and one.get("correlation") == cause]
    assert {one["chat_id"] for one in sent} == {world["Kari"].id, world.group.id}
    assert [one["user"] for one in told if one["event"] == "rental: decline"] != []
    assert Refused.NOT_ALLOWED in {one["reason"] for one in told if one["event"] == "refused"}
    everything = "\n".join(logged).casefold()
    assert WORD not in everything
    assert "sandbox" not in everything.replace("sandbox.", "")


def events(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]
