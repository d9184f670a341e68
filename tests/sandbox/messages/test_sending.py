"""Chats that can be written to, replies and buttons that are taken: refusals in Telegram's words."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import Bot, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden

from sandbox import Person, Sandbox
from sandbox.world.people import Impossible

Call = Callable[..., Awaitable[dict[str, Any]]]
UNREADABLE = "can't parse inline keyboard button"
URL = "inline keyboard button URL"


def keyboard(*buttons: dict[str, str]) -> dict[str, object]:
    """An inline keyboard with a button in each row."""
    return {"inline_keyboard": [[one] for one in buttons]}


async def test_a_bot_cannot_write_first(sandbox: Sandbox, bot: Bot) -> None:
    """Somebody who never started the bot cannot be written to, and can after the first message."""
    per = sandbox.add_person("Per")
    with pytest.raises(Forbidden, match=r"^Forbidden: bot can't initiate conversation with a user$"):
        await bot.send_message(per.id, "Hello")
    await per.types("hi")
    await bot.send_message(per.id, "Hello")
    await per.sees("Hello")


async def test_who_blocked_the_bot_is_out_of_reach(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """Sending and editing are forbidden while blocked; both changes arrive as my_chat_member."""
    sent = await bot.send_message(kari.id, "Hello")
    await kari.blocks_bot()
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_message(kari.id, "Hello?")
    with pytest.raises(Forbidden, match="blocked"):
        await sent.edit_text("Hello!")
    await kari.unblocks_bot()
    await bot.send_message(kari.id, "Welcome back")
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [one and (one.old_chat_member.status, one.new_chat_member.status) for one in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]


async def test_writing_takes_a_block_back(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """As in Telegram's app, writing again unblocks first."""
    await kari.blocks_bot()
    await kari.types("/start")
    kinds = [update.my_chat_member is not None for update in await bot.get_updates()]
    assert kinds == [True, True, False]


async def test_a_deleted_account_is_out_of_reach(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """A person who deleted the account cannot be written to."""
    sandbox.deactivate(kari)
    with pytest.raises(Forbidden, match=r"^Forbidden: user is deactivated$"):
        await bot.send_message(kari.id, "Hello?")


@pytest.mark.parametrize("chat_id", [999, -999, "@nobody", "abc"])
async def test_an_unknown_chat_is_not_found(call: Call, chat_id: object) -> None:
    """No such person, group or name."""
    answer = await call("sendMessage", chat_id=chat_id, text="x")
    assert answer == {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}


async def test_a_chat_has_to_be_named(call: Call) -> None:
    """A missing chat_id is told apart from an unknown one."""
    assert (await call("sendMessage", text="x"))["description"] == "Bad Request: chat_id is empty"


async def test_a_group_without_the_bot_is_not_found(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """The bot cannot write where it never was."""
    group = sandbox.add_group("Private", [kari], bot=False)
    assert (await call("sendMessage", chat_id=group.id, text="x"))[
        "description"
    ] == "Bad Request: chat not found"


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_kicked_bot_may_not_write(sandbox: Sandbox, call: Call, kari: Person, kind: str) -> None:
    """Kicked or gone, the group is closed; the words name its kind."""
    group = sandbox.add_group("Admins", [kari], supergroup=kind == "supergroup")
    sent = (await call("sendMessage", chat_id=group.id, text="x"))["result"]["message_id"]
    sandbox.remove_bot(group, by=kari)
    kicked = f"Forbidden: bot was kicked from the {kind} chat"
    assert (await call("sendMessage", chat_id=group.id, text="x"))["description"] == kicked
    edited = await call("editMessageText", chat_id=group.id, message_id=sent, text="y")
    assert edited["description"] == kicked
    sandbox.add_bot_to_group(group, by=kari)
    assert (await call("leaveChat", chat_id=group.id))["result"] is True
    gone = f"Forbidden: bot is not a member of the {kind} chat"
    assert (await call("sendMessage", chat_id=group.id, text="x"))["description"] == gone


async def test_a_migrated_group_names_its_new_id(
    sandbox: Sandbox, bot: Bot, call: Call, kari: Person
) -> None:
    """Writing to the old id is refused with the new one; both chats tell of the move."""
    group = sandbox.add_group("Admins", [kari])
    new = sandbox.migrate(group)
    assert await call("sendMessage", chat_id=group.id, text="x") == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    with pytest.raises(ChatMigrated) as refusal:
        await bot.send_message(group.id, "x")
    assert refusal.value.new_chat_id == new.id
    old, moved = [update.message for update in await bot.get_updates()]
    assert old and (old.chat.id, old.migrate_to_chat_id) == (group.id, new.id)
    assert moved and (moved.chat.id, moved.migrate_from_chat_id) == (new.id, group.id)
    with pytest.raises(Impossible, match="only once"):
        sandbox.migrate(group)
    await bot.send_message(new.id, "Moved along")
    await kari.in_group(group).sees("Moved along")


async def test_replies_need_their_message(sandbox: Sandbox, bot: Bot, call: Call, kari: Person) -> None:
    """A reply to what is not there is refused, unless it may go without."""
    asked = await kari.types("a tent?")
    answer = await bot.send_message(kari.id, "yes", reply_to_message_id=asked.id)
    assert answer.reply_to_message and answer.reply_to_message.text == "a tent?"
    gone = {"message_id": 999}
    refused = await call("sendMessage", chat_id=kari.id, text="x", reply_parameters=gone)
    assert refused["description"] == "Bad Request: message to be replied not found"
    gone["allow_sending_without_reply"] = True
    sent = await call("sendMessage", chat_id=kari.id, text="x", reply_parameters=gone)
    assert "reply_to_message" not in sent["result"]


async def test_a_forum_topic_has_to_exist(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """Messages go to a topic that is there, people's come with its id."""
    forum = sandbox.add_group("Forum", [kari], forum=True)
    topic = sandbox.add_topic(forum, "Rentals", by=kari)
    sent = await bot.send_message(forum.id, "x", message_thread_id=topic)
    assert sent.message_thread_id == topic and sent.is_topic_message
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "x", message_thread_id=topic + 99)
    await kari.in_group(forum, thread=topic).replies(kari.in_group(forum).last("x"), "hi")
    message = (await bot.get_updates())[-1].message
    assert message and message.message_thread_id == topic and message.is_topic_message
    answer = await bot.send_message(forum.id, "y", reply_to_message_id=message.message_id)
    assert answer.message_thread_id == topic


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x", "callback_data": "d" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "å" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, f"{UNREADABLE}: Text buttons are unallowed in the inline keyboard"),
        (
            {"text": "x", "callback_data": ""},
            f"{UNREADABLE}: Text buttons are unallowed in the inline keyboard",
        ),
        ({"callback_data": "x"}, f'{UNREADABLE}: Can\'t find field "text"'),
        ({"text": "", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
        ({"text": "x", "url": "ftp://x.org"}, f"{URL} 'ftp://x.org' is invalid: Unsupported URL protocol"),
        ({"text": "x", "url": "here"}, f"{URL} 'here' is invalid: Wrong HTTP URL"),
        ({"text": "x", "url": "http://pc"}, f"{URL} 'http://pc' is invalid: Wrong HTTP URL"),
    ],
)
async def test_wrong_buttons_are_refused(
    call: Call, kari: Person, button: dict[str, str], words: str
) -> None:
    """Callback data has 1 to 64 bytes, links lead to http, https or tg, and every button says something."""
    answer = await call("sendMessage", chat_id=kari.id, text="x", reply_markup=keyboard(button))
    assert answer["description"] == f"Bad Request: {words}"


async def test_good_buttons_arrive(bot: Bot, kari: Person) -> None:
    """64 bytes of data and the three kinds of links pass."""
    rows = [
        [InlineKeyboardButton("data", callback_data="å" * 32)],
        [
            InlineKeyboardButton("web", url="https://example.org"),
            InlineKeyboardButton("tg", url="tg://resolve"),
        ],
        [InlineKeyboardButton("bare", url="t.me/x")],
    ]
    sent = await bot.send_message(kari.id, "x", reply_markup=InlineKeyboardMarkup(rows))
    assert kari.button_labels() == ["data", "web", "tg", "bare"]
    assert sent.reply_markup and sent.reply_markup.inline_keyboard[2][0].url == "http://t.me/x"


@pytest.mark.parametrize("rows", [[9], [8] * 12 + [5]])
async def test_a_keyboard_has_at_most_100_buttons_and_8_in_a_row(
    call: Call, kari: Person, rows: list[int]
) -> None:
    """Nine in a row or 101 in all are too many; 8 in a row and 100 in all pass."""
    button = {"text": "x", "callback_data": "x"}
    large = {"inline_keyboard": [[button] * width for width in rows]}
    answer = await call("sendMessage", chat_id=kari.id, text="x", reply_markup=large)
    assert answer["description"] == "Bad Request: reply markup is too long"
    fits = {"inline_keyboard": [[button] * 8] * 12 + [[button] * 4]}
    assert (await call("sendMessage", chat_id=kari.id, text="x", reply_markup=fits))["ok"]


async def test_reply_markup_has_to_be_json(call: Call, kari: Person) -> None:
    """Broken JSON and another type are told apart."""
    broken = await call("sendMessage", chat_id=kari.id, text="x", reply_markup="{")
    assert broken["description"] == "Bad Request: can't parse reply keyboard markup JSON object"
    array = await call("sendMessage", chat_id=kari.id, text="x", reply_markup="[]")
    assert array["description"] == "Bad Request: object expected as reply markup"


async def test_a_reply_can_be_asked_for(bot: Bot, kari: Person) -> None:
    """ForceReply reaches the person, and such a message cannot be edited."""
    sent = await bot.send_message(kari.id, "Why?", reply_markup=ForceReply())
    assert (await kari.sees("Why?")).force_reply
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await sent.edit_text("Why not?")


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("sendMessage", {"text": "x"}, "Bad Request: not enough rights to send text messages to the chat"),
        ("sendPhoto", {"photo": "?"}, "Bad Request: not enough rights to send photos to the chat"),
        ("editMessageText", {"text": "x"}, "Forbidden: CHAT_WRITE_FORBIDDEN"),
    ],
)
async def test_where_only_administrators_write(
    sandbox: Sandbox, call: Call, kari: Person, method: str, parameters: dict[str, Any], words: str
) -> None:
    """A plain member is refused, for a new message and for an edit; as administrator the bot may."""
    group = sandbox.add_group("Admins", [kari], bot=True)
    parameters["message_id"] = (await call("sendMessage", chat_id=group.id, text="before"))["result"][
        "message_id"
    ]
    photo = sandbox.world.files.keep("photo", "p.jpg", b"p")
    parameters = {name: photo.id if value == "?" else value for name, value in parameters.items()}
    group.muted = True
    assert (await call(method, chat_id=group.id, **parameters))["description"] == words
    sandbox.promote_bot(group, by=kari)
    assert (await call(method, chat_id=group.id, **parameters))["ok"]


async def test_a_group_without_photos(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """Words pass, and so do other files."""
    group = sandbox.add_group("Admins", [kari], bot=True)
    group.refused_kinds = {"photo"}
    photo, document = (sandbox.world.files.keep(kind, "f", b"f") for kind in ("photo", "document"))
    refused = await call("sendPhoto", chat_id=group.id, photo=photo.id)
    assert refused["description"] == "Bad Request: not enough rights to send photos to the chat"
    assert (await call("sendDocument", chat_id=group.id, document=document.id))["ok"]
    assert (await call("sendMessage", chat_id=group.id, text="x"))["ok"]


async def test_a_closed_topic(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """Each is closed by itself, General too."""
    forum = sandbox.add_group("Admins", [kari], bot=True, forum=True)
    topic = sandbox.add_topic(forum, "Equipment", kari)
    forum.closed_topics = {topic}
    in_topic: dict[str, Any] = {"chat_id": forum.id, "text": "x", "message_thread_id": topic}
    assert (await call("sendMessage", **in_topic))["description"] == "Bad Request: TOPIC_CLOSED"
    assert (await call("sendMessage", chat_id=forum.id, text="x"))["ok"]
    forum.closed_topics = {None}
    assert (await call("sendMessage", **in_topic))["ok"]
    general = await call("sendMessage", chat_id=forum.id, text="x")
    assert general["description"] == "Bad Request: TOPIC_CLOSED"
