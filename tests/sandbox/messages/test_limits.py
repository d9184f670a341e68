"""Rate limits: what counts, which bursts pass, and how long to wait."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from sandbox import Person, Sandbox

Call = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture(autouse=True)
def limited(sandbox: Sandbox) -> None:
    """These tests have the limits on."""
    sandbox.world.limits.enabled = True


async def waits(call: Call, method: str = "sendMessage", **parameters: object) -> int:
    """Seconds to wait before this call may come again; 0 if it passed."""
    answer = await call(method, **{"text": "x", **parameters})
    if answer["ok"]:
        return 0
    wait: int = answer["parameters"]["retry_after"]
    assert answer["error_code"] == 429
    assert answer["description"] == f"Too Many Requests: retry after {wait}"
    return wait


async def test_a_private_chat_takes_a_burst_of_five_then_one_a_second(
    call: Call, kari: Person, seconds: Any
) -> None:
    """Five at once pass; then every second makes room for one more, up to five after five seconds."""
    assert [await waits(call, chat_id=kari.id) for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    seconds.now += 1
    assert [await waits(call, chat_id=kari.id) for _ in range(2)] == [0, 1]
    seconds.now += 60
    assert [await waits(call, chat_id=kari.id) for _ in range(6)] == [0, 0, 0, 0, 0, 1]


async def test_one_message_a_second_always_passes(call: Call, kari: Person, seconds: Any) -> None:
    """A steady second between messages never meets the limit of a private chat."""
    for _ in range(70):
        assert await waits(call, chat_id=kari.id) == 0
        seconds.now += 1


async def test_thirty_a_second_over_all(sandbox: Sandbox, call: Call, seconds: Any) -> None:
    """30 messages to 30 people pass within a second, the 31st waits until the first is a second old."""
    people = [sandbox.add_person(f"P{number}") for number in range(31)]
    for person in people:
        await person.types("/start")
    assert [await waits(call, chat_id=one.id) for one in people] == [0] * 30 + [1]
    seconds.now += 0.999
    assert await waits(call, chat_id=people[30].id) == 1
    seconds.now += 0.001
    assert await waits(call, chat_id=people[30].id) == 0


async def test_a_group_takes_twenty_a_minute_with_edits_among_them(
    sandbox: Sandbox, call: Call, kari: Person, seconds: Any
) -> None:
    """Sends and edits in a group share 20 in any 60 seconds; the wait is until the oldest is a minute old."""
    group = sandbox.add_group("Admins", [kari])
    sent = (await call("sendMessage", chat_id=group.id, text="card"))["result"]["message_id"]
    for number in range(14):
        edit = {"chat_id": group.id, "message_id": sent, "text": f"card {number}"}
        assert await waits(call, "editMessageText", **edit) == 0
    for _ in range(5):
        seconds.now += 1
        assert await waits(call, chat_id=group.id) == 0
    assert await waits(call, chat_id=group.id) == 55
    assert await waits(call, "editMessageText", chat_id=group.id, message_id=sent, text="last") == 55
    seconds.now += 55
    assert await waits(call, chat_id=group.id) == 0


async def test_edits_in_a_private_chat_count_only_over_all(call: Call, kari: Person) -> None:
    """A card in a private chat may be edited 29 times in the second it was sent, not 30 times."""
    sent = (await call("sendMessage", chat_id=kari.id, text="card"))["result"]["message_id"]
    edits = [
        await waits(call, "editMessageText", chat_id=kari.id, message_id=sent, text=f"card {number}")
        for number in range(30)
    ]
    assert edits == [0] * 29 + [1]


async def test_an_edit_passes_where_another_message_would_not(call: Call, kari: Person) -> None:
    """After a burst the card can still be edited at once."""
    sent = (await call("sendMessage", chat_id=kari.id, text="card"))["result"]["message_id"]
    assert [await waits(call, chat_id=kari.id) for _ in range(5)] == [0, 0, 0, 0, 1]
    assert await waits(call, "editMessageText", chat_id=kari.id, message_id=sent, text="done") == 0


async def test_what_is_refused_does_not_count(call: Call, kari: Person) -> None:
    """Neither a bad request nor a 429 uses up anything."""
    for _ in range(40):
        assert (await call("sendMessage", chat_id=kari.id, text=""))["error_code"] == 400
    for _ in range(5):
        assert await waits(call, chat_id=kari.id) == 0
    for _ in range(40):
        assert await waits(call, chat_id=kari.id) == 1


async def test_other_methods_do_not_count(call: Call, kari: Person) -> None:
    """Looking, answering taps, typing and deleting are free."""
    sent = (await call("sendMessage", chat_id=kari.id, text="x"))["result"]["message_id"]
    for _ in range(40):
        assert (await call("getMe"))["ok"]
        assert (await call("sendChatAction", chat_id=kari.id, action="typing"))["ok"]
    assert (await call("deleteMessage", chat_id=kari.id, message_id=sent))["ok"]
    assert [await waits(call, chat_id=kari.id) for _ in range(5)] == [0, 0, 0, 0, 1]


async def test_the_library_hears_how_long_to_wait(
    bot: Bot, kari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """python-telegram-bot raises RetryAfter with the seconds."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with pytest.raises(RetryAfter, match="Retry in 0:00:01"):
        for _ in range(6):
            await bot.send_message(kari.id, "x")
