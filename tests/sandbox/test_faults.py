"""Faults on demand: errors, broken connections and slow answers, before and after the effect."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TimedOut

from sandbox import Person, Sandbox

Call = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


async def test_a_method_fails_as_often_as_said(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """The next two sends fail and leave nothing behind, the third arrives; other methods are not touched."""
    sandbox.world.faults.add("sendMessage", code=500, count=2)
    assert (await call("getMe"))["ok"]
    for _ in range(2):
        answer = await call("sendMessage", chat_id=kari.id, text="x")
        assert answer == {"ok": False, "error_code": 500, "description": "Internal Server Error"}
    assert (await call("sendMessage", chat_id=kari.id, text="x"))["ok"]
    assert sandbox.transcript(kari) == "Kari: /start\nBot: x"


async def test_a_fault_can_be_for_one_chat(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """Only sends to that chat fail, with any words one likes."""
    per = sandbox.add_person("Per")
    await per.types("/start")
    sandbox.world.faults.add("*", code=400, count=9, chat_id=per.id, description="Bad Request: because")
    assert (await call("sendMessage", chat_id=kari.id, text="x"))["ok"]
    assert (await call("sendMessage", chat_id=str(per.id), text="x"))["description"] == "Bad Request: because"
    sandbox.world.faults.clear()
    assert (await call("sendMessage", chat_id=per.id, text="x"))["ok"]


@pytest.mark.parametrize(("code", "status"), [(404, 404), (None, 200)])
async def test_somebody_else_can_answer(
    sandbox: Sandbox, http: httpx.AsyncClient, code: int | None, status: int
) -> None:
    """A gateway's page in Telegram's place, with an error or as if it were success."""
    sandbox.world.faults.add("getMe", code, body="<html>")
    answer = await http.post(f"/bot{sandbox.token}/getMe")
    assert (answer.status_code, answer.text) == (status, "<html>")


async def test_429_tells_how_long_to_wait(
    sandbox: Sandbox, bot: Bot, kari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library reads the seconds from it."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    sandbox.world.faults.add("sendMessage", code=429, retry_after=17)
    with pytest.raises(RetryAfter, match="Retry in 0:00:17"):
        await bot.send_message(kari.id, "x")


async def test_a_connection_can_break_before_the_effect(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """Without a code the client is cut off, and nothing was sent."""
    sandbox.world.faults.add("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(kari.id, "x")
    assert "Bot:" not in sandbox.transcript(kari)


@pytest.mark.parametrize("code", [None, 502])
async def test_a_send_that_failed_may_have_arrived(
    sandbox: Sandbox, bot: Bot, kari: Person, code: int | None
) -> None:
    """With after_effect the message is there though the caller was told otherwise."""
    sandbox.world.faults.add("sendMessage", code=code, after_effect=True)
    with pytest.raises(NetworkError):
        await bot.send_message(kari.id, "x")
    await kari.sees("x")


async def test_a_slow_send_times_out_and_arrives(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """A held call is answered when released; a client that gave up has sent its message all the same."""
    fault = sandbox.world.faults.add("sendMessage", hold=True, after_effect=True)
    with pytest.raises(TimedOut):
        await bot.send_message(kari.id, "x", read_timeout=0.05)
    await fault.met()
    await kari.sees("x")
    fault.release()


async def test_a_held_call_goes_on_when_released(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """Until then nothing happens."""
    fault = sandbox.world.faults.add("sendMessage", hold=True)
    sending = asyncio.create_task(call("sendMessage", chat_id=kari.id, text="x"))
    await fault.met()
    assert "Bot:" not in sandbox.transcript(kari)
    fault.release()
    assert (await sending)["ok"]
    await kari.sees("x")


async def test_a_delayed_call_passes_in_the_end(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """A delay alone makes the answer slow, not wrong."""
    sandbox.world.faults.add("sendMessage", delay=0.01)
    assert (await call("sendMessage", chat_id=kari.id, text="x"))["ok"]


async def test_a_held_call_does_not_hold_up_the_end(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    """Stopping the sandbox cancels what is held; the caller hears of an internal error."""
    fault = sandbox.world.faults.add("getMe", hold=True)
    asking = asyncio.create_task(http.get(f"/bot{sandbox.token}/getMe"))
    await fault.met()
    await sandbox.stop()
    assert (await asking).status_code == 500
