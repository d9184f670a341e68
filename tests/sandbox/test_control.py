"""The page's control API: it shows the world and does what people do."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import httpx
import pytest

from sandbox import Person, Sandbox
from sandbox.world.files import plain_picture

Call = Callable[..., Coroutine[Any, Any, dict[str, Any]]]
BUTTON = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


async def post(http: httpx.AsyncClient, what: str, **body: object) -> Any:
    """Do something as the page does."""
    response = await http.post(f"/sandbox/{what}", json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def events(http: httpx.AsyncClient) -> AsyncIterator[dict[str, Any]]:
    """The page's event stream; first an empty one that says it is open."""
    async with http.stream("GET", "/sandbox/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        async for line in response.aiter_lines():
            if line.startswith("retry:"):
                yield {}
            elif line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


async def test_the_state_tells_what_the_page_draws(
    sandbox: Sandbox, call: Call, http: httpx.AsyncClient
) -> None:
    """Bot, people, chats, columns, clock, and each person's commands in each chat."""
    ada = sandbox.add_person("Ada", username="ada", language_code="nb", role="admin")
    group = sandbox.add_group("Desk", [ada])
    sandbox.add_column(ada, subtitle="Admin")
    sandbox.add_column(ada, group, title="The desk")
    await call("setMyCommands", commands=[{"command": "rent", "description": "Rent"}])
    state = (await http.get("/sandbox/state")).json()
    assert state["bot"] == {"id": 7000000001, "first_name": "Equiplib", "username": "equiplib_demo_bot"}
    assert state["people"] == [
        {
            "id": ada.id,
            "first_name": "Ada",
            "name": "Ada",
            "username": "ada",
            "language_code": "nb",
            "role": "admin",
            "blocked": False,
            "started": False,
        }
    ]
    assert [(one["id"], one["type"], one["member_ids"]) for one in state["chats"]] == [
        (ada.id, "private", [ada.id, 7000000001]),
        (group.id, "group", [ada.id, 7000000001]),
    ]
    assert [(one["chat_id"], one["title"], one["subtitle"]) for one in state["columns"]] == [
        (ada.id, "Ada", "Admin"),
        (group.id, "The desk", "admin"),
    ]
    assert state["clock"] == {
        "now": "2026-12-01T09:00:00+00:00",
        "zone": "Europe/Oslo",
        "movable": True,
        "frozen": True,
    }
    assert state["commands"][f"{ada.id}:{group.id}"] == [{"command": "rent", "description": "Rent"}]


async def test_without_columns_every_chat_has_one(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    """And a column follows its group to the supergroup."""
    ada = sandbox.add_person("Ada")
    group = sandbox.add_group("Desk", [ada])
    titles = [one["title"] for one in (await http.get("/sandbox/state")).json()["columns"]]
    assert titles == ["Ada", "Desk (as Ada)"]
    sandbox.add_column(ada, group)
    new = sandbox.migrate(group)
    (column,) = (await http.get("/sandbox/state")).json()["columns"]
    assert column["chat_id"] == new.id


async def test_messages_come_ready_to_draw(call: Call, http: httpx.AsyncClient, kari: Person) -> None:
    """Safe HTML, plain text, buttons, the quoted message; deleted ones are gone."""
    asked = await kari.types("a <tent>?")
    reply = {"message_id": asked.id}
    sent = await call(
        "sendMessage",
        chat_id=kari.id,
        text="<b>Yes</b>",
        parse_mode="HTML",
        reply_markup=BUTTON,
        reply_parameters=reply,
    )
    gone = await call("sendMessage", chat_id=kari.id, text="oops")
    await call("deleteMessage", chat_id=kari.id, message_id=gone["result"]["message_id"])
    response = await http.get(f"/sandbox/chats/{kari.id}/messages", params={"person_id": kari.id})
    _, first, second = response.json()["messages"]
    assert first["html"] == "a &lt;tent&gt;?"
    assert second == {
        "id": sent["result"]["message_id"],
        "chat_id": kari.id,
        "from": {"id": 7000000001, "name": "Equiplib", "is_bot": True},
        "date": "2026-12-01T09:00:00+00:00",
        "html": "<b>Yes</b>",
        "text": "Yes",
        "photo": None,
        "document": None,
        "sticker": None,
        "service": None,
        "reply_to": {"id": asked.id, "name": "Kari Nordmann", "text": "a <tent>?"},
        "forwarded": False,
        "edited": False,
        "deleted": False,
        "silent": False,
        "keyboard": [[{"text": "Go", "data": "go", "url": None}]],
        "force_reply": False,
        "thread_id": None,
    }


async def test_the_page_can_do_what_people_do(sandbox: Sandbox, call: Call, http: httpx.AsyncClient) -> None:
    """Start, write, reply, edit, tap, follow links, block: each reaches the bot as an update."""
    per = sandbox.add_person("Per")
    me: dict[str, object] = {"person_id": per.id, "chat_id": per.id}
    await post(http, "press-start", person_id=per.id)
    sent = (await post(http, "send", **me, text="tentt"))["message"]
    await post(http, "edit", **me, message_id=sent["id"], text="tent")
    await post(http, "send", **me, text="this", reply_to=sent["id"])
    card = (await call("sendMessage", chat_id=per.id, text="?", reply_markup=BUTTON))["result"]
    assert (await post(http, "tap", **me, message_id=card["message_id"], data="go"))["query_id"]
    assert await post(http, "open", person_id=per.id, url="https://t.me/equiplib_demo_bot?start=x") == {
        "chat_id": per.id
    }
    assert await post(http, "block", person_id=per.id, blocked=True) == {"blocked": True}
    updates = (await call("getUpdates"))["result"]
    kinds = [next(key for key in one if key != "update_id") for one in updates]
    assert kinds == [
        *["message", "message", "edited_message", "message", "callback_query", "message", "my_chat_member"]
    ]
    assert [one["message"]["text"] for one in updates if "message" in one] == [
        "/start",
        "tentt",
        "this",
        "/start x",
    ]


async def test_files_go_both_ways(sandbox: Sandbox, http: httpx.AsyncClient, kari: Person) -> None:
    """An upload becomes a message; photos are shown, documents downloaded and never shown as a page."""
    form = {"person_id": str(kari.id), "chat_id": str(kari.id), "caption": "look"}
    picture = plain_picture()
    photo = await http.post(
        "/sandbox/upload", data={**form, "kind": "photo"}, files={"file": ("p.png", picture)}
    )
    shown = await http.get(photo.json()["message"]["photo"])
    assert (shown.headers["content-type"], shown.content) == ("image/png", picture)
    page = {"file": ("a.html", b"<script>")}
    document = (await http.post("/sandbox/upload", data={**form, "kind": "document"}, files=page)).json()[
        "message"
    ]
    assert (document["document"]["name"], document["document"]["size"]) == ("a.html", 8)
    fetched = await http.get(document["document"]["url"])
    assert fetched.headers["content-disposition"] == 'attachment; filename="a.html"'
    assert fetched.headers["content-type"] == "application/octet-stream"
    wrong = await http.post("/sandbox/upload", data={**form, "kind": "photo"}, files=page)
    assert (wrong.status_code, wrong.json()) == (400, {"error": "This is not a picture; send it as a file."})


async def test_events_tell_everything_at_once(sandbox: Sandbox, call: Call, http: httpx.AsyncClient) -> None:
    """New, edited and deleted messages, typing, answers to taps, the clock and changes of the state."""
    stream = events(http)
    assert await anext(stream) == {}
    per = sandbox.add_person("Per")
    await per.types("/start")
    assert await anext(stream) == {"type": "state"}
    assert (await anext(stream))["message"]["text"] == "/start"
    await call("sendChatAction", chat_id=per.id, action="typing")
    assert await anext(stream) == {"type": "action", "chat_id": per.id}
    sent = (await call("sendMessage", chat_id=per.id, text="x", reply_markup=BUTTON))["result"]
    assert (await anext(stream))["type"] == "message"
    await per.taps("Go")
    query = (await call("getUpdates"))["result"][-1]["callback_query"]["id"]
    await call("answerCallbackQuery", callback_query_id=query, text="Done", show_alert=True)
    assert await anext(stream) == {
        "type": "answer",
        "chat_id": per.id,
        "person_id": per.id,
        "text": "Done",
        "alert": True,
    }
    where = {"chat_id": per.id, "message_id": sent["message_id"]}
    await call("editMessageText", **where, text="y", reply_markup=BUTTON)
    edited = await anext(stream)
    assert (edited["type"], edited["message"]["text"], edited["message"]["edited"]) == ("edited", "y", True)
    await call("deleteMessage", **where)
    deleted = await anext(stream)
    assert (deleted["type"], deleted["chat_id"], deleted["message"]["deleted"]) == ("deleted", per.id, True)
    assert [deleted["message"][part] for part in ("text", "html", "keyboard")] == ["", "", []]
    await post(http, "clock", hours=1)
    assert await anext(stream) == {"type": "clock", "now": "2026-12-01T10:00:00+00:00"}
    await stream.aclose()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("move", "now"),
    [
        ({"to": "2026-12-03T08:00:00+01:00"}, "2026-12-03T07:00:00+00:00"),
        ({"hours": 3}, "2026-12-01T12:00:00+00:00"),
        ({"days": 2}, "2026-12-03T09:00:00+00:00"),
    ],
)
async def test_the_clock_can_be_moved(http: httpx.AsyncClient, move: dict[str, object], now: str) -> None:
    """To a time or by hours or days; the answer names the stops."""
    assert await post(http, "clock", **move) == {"now": now, "stops": [now]}


async def test_the_clock_can_go_to_the_next_moment(http: httpx.AsyncClient) -> None:
    """The clock stays if nothing falls due."""
    assert await post(http, "clock", next=True) == {"now": "2026-12-01T09:00:00+00:00", "stops": []}


@pytest.mark.parametrize(
    ("what", "body", "code", "error"),
    [
        ("send", {"person_id": 1, "text": "x"}, 404, "There is no such person."),
        ("send", {"person_id": 7000000001, "text": "x"}, 404, "There is no such person."),
        ("send", {"person_id": 1001, "chat_id": 5, "text": "x"}, 404, "There is no such chat."),
        ("send", {"person_id": 1001, "chat_id": 1001, "text": " "}, 400, "The message is empty."),
        ("tap", {"person_id": 1001, "chat_id": 1001, "message_id": 99}, 404, "There is no such message."),
        ("open", {"person_id": 1001, "url": "https://x.org"}, 400, "This is not a link to a chat."),
        ("open", {"person_id": 1001, "url": "http://[t.me/"}, 400, "This is not a link to a chat."),
        ("clock", {"to": "2020-01-01T00:00:00Z"}, 400, "The clock only moves forward."),
        (
            "clock",
            {"to": "tomorrow"},
            400,
            "Give a time like 2026-12-01T09:00+01:00, or a number of hours or days.",
        ),
        (
            "clock",
            {"hours": "two"},
            400,
            "Give a time like 2026-12-01T09:00+01:00, or a number of hours or days.",
        ),
        ("clock", {}, 400, "Say how far to move the clock: up to a year forward."),
        ("clock", {"days": -1}, 400, "Say how far to move the clock: up to a year forward."),
        ("block", [], 400, "The request is not a JSON object."),
        ("upload", {"person_id": 1001, "chat_id": 1001}, 400, "There is no file, or it is empty."),
    ],
)
async def test_mistakes_get_a_plain_sentence(
    http: httpx.AsyncClient, kari: Person, what: str, body: object, code: int, error: str
) -> None:
    """Nothing breaks; the page can show the sentence as it is."""
    response = await http.post(f"/sandbox/{what}", json=body)
    assert (response.status_code, response.json()) == (code, {"error": error})


async def test_the_page_adds_the_bot_to_a_chosen_group(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    """A startgroup link needs a group of the person's."""
    ada = sandbox.add_person("Ada")
    group = sandbox.add_group("Desk", [ada], bot=False)
    link = {"person_id": ada.id, "url": "https://t.me/equiplib_demo_bot?startgroup=b"}
    refused = await http.post("/sandbox/open", json=link)
    assert refused.json() == {"error": "Choose the group that the bot is to be added to."}
    assert await post(http, "open", **link, chat_id=group.id) == {"chat_id": group.id}
    assert sandbox.transcript(group).endswith("Ada: /start@equiplib_demo_bot b")


async def test_an_event_stream_that_is_left_is_forgotten(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    """A page that is closed leaves no listener behind."""
    stream = events(http)
    await anext(stream)
    assert len(sandbox.world.listeners) == 1
    await stream.aclose()  # type: ignore[attr-defined]
    async with asyncio.timeout(5):
        while sandbox.world.listeners:
            await http.get("/sandbox/state")
