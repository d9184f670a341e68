"""Traces of trouble with Telegram in the log: a few lines, and no traceback."""

import random
from collections.abc import Callable

import pytest
from telegram import Update

from bot import log_config
from bot.program import Program
from bot.sending.rate_limiter import Unpaced
from bot.settings import Log
from bot.trouble import Trouble
from handlers.telegram.context import Context
from sandbox import Sandbox
from services.core.errors import Refusal, Refused
from tests.bot.conftest import Edge, settled, until


def test_a_night_without_telegram(capsys: pytest.CaptureFixture[str]) -> None:
    """Twenty chats wait, and each tries twice or thrice a minute for eight hours: a line an hour."""
    now = 0.0
    trouble = Trouble("Telegram", "it is in trouble", lambda: now)
    calls = sorted(start + 22 * n for start in random.sample(range(22), 20) for n in range(8 * 3600 // 22))
    for at in calls:
        now = at
        trouble.met("NetworkError: httpx.ConnectError")
    lines = capsys.readouterr().out.splitlines()
    assert 2 < len(lines) <= 14
    now += 30
    trouble.fine()
    assert capsys.readouterr().out == ""
    now += 31
    trouble.fine()
    assert f"failures={len(calls)}" in capsys.readouterr().out
    trouble.fine()
    assert capsys.readouterr().out == ""


async def test_eighteen_failing_calls_in_a_minute(
    sandbox: Sandbox, make_program: Callable[..., Program], edge: Edge, capsys: pytest.CaptureFixture[str]
) -> None:
    """Messages, answers and polls that meet 429, 5xx, a gateway's page and dropped connections: one line."""
    sandbox.world.limits.enabled = False
    program = make_program(limiter=Unpaced())
    await program.start()
    log_config.configure(Log())
    capsys.readouterr()  # what the start said, where a test before has configured the log
    kari, ola = sandbox.add_person("Kari"), sandbox.add_person("Ola")
    page = "<html><body>502 Bad Gateway</body></html>"
    for code, body in ((429, None), (500, None), (502, page), (200, page), (403, page), (None, None)):
        for method in ("sendMessage", "getUpdates"):
            sandbox.world.faults.add(method, code, body=body, retry_after=0)
        sandbox.world.faults.add("sendMessage", code, body=body, retry_after=0, chat_id=ola.id)
    await kari.types("/write one")
    await kari.types("/read two")
    await ola.types("/write three")
    for person, text in ((kari, "one"), (kari, "two"), (ola, "three")):
        await person.sees(text)
    await settled(sandbox, program)
    printed = capsys.readouterr().err
    await program.stop()
    assert "Traceback" not in printed
    lines = printed.splitlines()
    assert sum("in trouble" in line for line in lines) == 1
    assert len(lines) <= 3, printed


async def test_who_blocked_the_bot_and_refusals_leave_no_traceback(
    sandbox: Sandbox,
    make_program: Callable[..., Program],
    edge: Edge,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither is a fault of the program; a fault of the program leaves one, however often it is tried."""

    async def refuses(update: Update, context: Context, text: str) -> None:
        raise Refusal(Refused.NOT_FOUND)

    log_config.configure(Log())
    program = make_program()
    edge.handle["refuse"] = refuses
    await program.start()
    kari = sandbox.add_person("Kari")
    sandbox.world.faults.add("sendMessage", 403, description="Forbidden: bot was blocked by the user")
    await kari.types("/read hello")
    await kari.types("/refuse")
    await settled(sandbox, program)
    assert "Traceback" not in capsys.readouterr().err
    await kari.types("/boom")
    await until(lambda: edge.seen.count("/boom") == 5)
    await settled(sandbox, program)
    assert capsys.readouterr().err.count("Traceback") == 1
    await program.stop()
