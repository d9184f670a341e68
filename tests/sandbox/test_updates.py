"""getUpdates: offsets confirm, what is not confirmed comes again, and nobody polls twice."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import Conflict

from sandbox import Person, Sandbox
from sandbox.world.updates import FIRST_ID

Call = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


def texts(answer: dict[str, Any]) -> list[str]:
    """The texts of the messages in an answer to getUpdates."""
    return [one["message"]["text"] for one in answer["result"]]


async def test_updates_come_again_until_an_offset_confirms_them(call: Call, kari: Person) -> None:
    """Without an offset nothing is confirmed; with one, everything before it is forgotten."""
    for text in ("one", "two", "three"):
        await kari.types(text)
    first = await call("getUpdates")
    assert texts(first) == ["one", "two", "three"] == texts(await call("getUpdates"))
    second_id = first["result"][1]["update_id"]
    assert texts(await call("getUpdates", offset=second_id)) == ["two", "three"]
    assert texts(await call("getUpdates", offset=0)) == ["two", "three"]
    assert texts(await call("getUpdates", offset=second_id + 2)) == []
    assert texts(await call("getUpdates")) == []


async def test_a_limit_takes_the_oldest_first(call: Call, kari: Person) -> None:
    """`limit` bounds one answer, the rest stays."""
    for text in ("one", "two", "three"):
        await kari.types(text)
    assert texts(await call("getUpdates", limit=2)) == ["one", "two"]


async def test_a_negative_offset_starts_from_the_end(call: Call, kari: Person) -> None:
    """offset=-1 forgets all but the last update."""
    for text in ("one", "two", "three"):
        await kari.types(text)
    assert texts(await call("getUpdates", offset=-1)) == ["three"]
    assert texts(await call("getUpdates")) == ["three"]


async def test_a_long_poll_ends_when_something_arrives(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """A waiting poll answers at once when a person writes."""
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    while not poll.done():
        # A poll that is on its way sees the first message, one that waits the next.
        await kari.types("hello")
        await asyncio.wait([poll], timeout=0.05)
    message = poll.result()[0].message
    assert message and message.text == "hello"


async def test_a_second_poll_ends_the_first(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """The first caller gets 409 in Telegram's words, the second the updates."""
    first = asyncio.create_task(call("getUpdates", timeout=30))
    while not first.done():
        second = asyncio.create_task(call("getUpdates", timeout=1))
        await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED)
    assert first.result() == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }
    await kari.types("hello")
    assert texts(await second) == ["hello"]


async def test_updates_are_kept_for_24_hours(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """By the sandbox's clock, an update is there after a day and gone after that."""
    await kari.types("old")
    start = sandbox.clock.now()
    await sandbox.clock.advance(start + timedelta(hours=23))
    await kari.types("new")
    assert texts(await call("getUpdates")) == ["old", "new"]
    await sandbox.clock.advance(start + timedelta(hours=24))
    assert texts(await call("getUpdates")) == ["new"]


async def test_update_ids_may_start_anew_lower(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """After a quiet week ids are smaller, and an offset from before confirms nothing."""
    await kari.types("before")
    offset = (await call("getUpdates"))["result"][0]["update_id"] + 1
    assert texts(await call("getUpdates", offset=offset)) == []
    sandbox.world.updates.restart_ids(5000)
    await kari.types("after")
    answer = await call("getUpdates", offset=offset)
    assert texts(answer) == ["after"] and answer["result"][0]["update_id"] == 5000
    assert texts(await call("getUpdates", offset=5001)) == []


async def test_anything_can_come_in_the_place_of_an_update(
    sandbox: Sandbox, http: httpx.AsyncClient, kari: Person
) -> None:
    """To the letter, however wrong, asked for or not; confirmed by its place in the queue."""
    updates = sandbox.world.updates
    await kari.types("before")
    updates.add_raw({"poll": {"id": "1"}})
    updates.add_raw('{"update_id":  9e9, \ud83d')
    answer = await http.post("/sandbox/raw-update", json={"text": "null"})
    assert answer.json() == {}
    wrong = await http.post("/sandbox/raw-update", json={"text": None})
    assert (wrong.status_code, wrong.json()) == (400, {"error": "There is no text to send."})
    asked = {"allowed_updates": ["message"]}
    told = (await http.post(f"/bot{sandbox.token}/getUpdates", json=asked)).content
    first = FIRST_ID + 1
    poll = b'{"update_id": %d, "poll": {"id": "1"}}' % (first + 1)
    assert told.endswith(b"," + poll + b',{"update_id":  9e9, \xed\xa0\xbd,null]}')
    left = await http.post(f"/bot{sandbox.token}/getUpdates", json={"offset": first + 3})
    assert left.json() == {"ok": True, "result": [None]}


async def test_chat_member_comes_only_when_asked_for(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """By default it is left out; `allowed_updates` holds for later calls that do not repeat it."""
    ada, per = sandbox.add_person("Ada"), sandbox.add_person("Per")
    group = sandbox.add_group("Admins", [ada])
    sandbox.promote_bot(group, by=ada)
    sandbox.world.updates.drop_pending()
    sandbox.add_member(group, kari, by=ada)
    kinds = [set(one) - {"update_id"} for one in (await call("getUpdates"))["result"]]
    assert kinds == [{"message"}]
    await call("getUpdates", offset=10**9, allowed_updates='["chat_member"]')
    await call("getUpdates")
    sandbox.world.updates.drop_pending()
    sandbox.add_member(group, per, by=ada)
    (update,) = (await call("getUpdates"))["result"]
    assert update["chat_member"]["new_chat_member"]["user"]["id"] == per.id


async def test_a_webhook_and_polling_exclude_each_other(call: Call, kari: Person) -> None:
    """While a webhook is set getUpdates conflicts; deleting it lets polling go on."""
    await kari.types("hello")
    insecure = await call("setWebhook", url="http://x.org")
    assert insecure["description"] == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    assert (await call("setWebhook", url="https://x.org/hook"))["ok"]
    assert (await call("getUpdates"))["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    info = (await call("getWebhookInfo"))["result"]
    assert (info["url"], info["pending_update_count"]) == ("https://x.org/hook", 1)
    assert (await call("deleteWebhook"))["ok"]
    assert texts(await call("getUpdates")) == ["hello"]
    assert (await call("deleteWebhook", drop_pending_updates=True))["ok"]
    assert texts(await call("getUpdates")) == []


async def test_the_library_hears_the_conflict(sandbox: Sandbox, bot: Bot, call: Call) -> None:
    """python-telegram-bot raises Conflict for it."""
    await call("setWebhook", url="https://x.org/hook")
    with pytest.raises(Conflict):
        await bot.get_updates()


async def test_a_wrong_token_is_unauthorized(http: httpx.AsyncClient) -> None:
    """Every method and every download checks the token."""
    unauthorized = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    for path in (
        "/bot7000000001:wrong/getMe",
        "/bot1:x/sendMessage",
        "/file/bot7000000001:wrong/photos/x.jpg",
    ):
        response = await http.get(path)
        assert (response.status_code, response.json()) == (401, unauthorized)


async def test_an_unknown_method_is_not_found(call: Call) -> None:
    """A method that Telegram, or the sandbox, does not have is 404; the case of a name does not matter."""
    assert await call("sendTent") == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert (await call("GETME"))["result"]["username"] == "equiplib_demo_bot"


async def test_parameters_may_come_in_the_query_or_a_form(
    sandbox: Sandbox, http: httpx.AsyncClient, kari: Person
) -> None:
    """Query string and form work like JSON, with numbers as text."""
    path = f"/bot{sandbox.token}/sendMessage"
    assert (await http.get(path, params={"chat_id": str(kari.id), "text": "query"})).json()["ok"]
    assert (await http.post(path, data={"chat_id": str(kari.id), "text": "form"})).json()["ok"]
    assert (
        await http.post(path, content="{", headers={"content-type": "application/json"})
    ).status_code == 400
    assert sandbox.transcript(kari).splitlines()[-2:] == ["Bot: query", "Bot: form"]
