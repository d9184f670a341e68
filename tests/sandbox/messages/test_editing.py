"""Editing and deleting messages: what stays, what changes, and what is refused."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest

from sandbox import Person, Sandbox
from sandbox.world.files import plain_picture

Call = Callable[..., Awaitable[dict[str, Any]]]
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
BUTTON = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}


async def test_an_edit_keeps_the_date_and_notes_its_own(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """`date` stays, `edit_date` is the clock's, and the keyboard goes when none is given."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x")]])
    sent = await bot.send_message(kari.id, "one", reply_markup=keyboard)
    await sandbox.clock.advance(sent.date + timedelta(hours=2))
    edited = await bot.edit_message_text("two", kari.id, sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.date, edited.edit_date) == (sent.date, sent.date + timedelta(hours=2))
    assert edited.reply_markup is None and kari.button_labels() == []


async def test_the_same_content_is_not_modified(call: Call, kari: Person) -> None:
    """Text, formatting and keyboard together decide; a change of one is a change."""

    async def edit(text: str, markup: object = None) -> dict[str, Any]:
        return await call(
            "editMessageText",
            chat_id=kari.id,
            message_id=sent,
            text=text,
            parse_mode="HTML",
            reply_markup=markup,
        )

    first = await call("sendMessage", chat_id=kari.id, text="a", reply_markup=BUTTON)
    sent = first["result"]["message_id"]
    assert (await edit("a", BUTTON))["description"] == NOT_MODIFIED
    assert (await edit(" a ", BUTTON))["description"] == NOT_MODIFIED
    assert (await edit("<b>a</b>", BUTTON))["ok"]
    assert (await edit("<b>a</b>"))["ok"]
    assert (await edit("<strong>a</strong>"))["description"] == NOT_MODIFIED
    markup = await call("editMessageReplyMarkup", chat_id=kari.id, message_id=sent)
    assert markup["description"] == NOT_MODIFIED


async def test_only_own_messages_that_are_there_can_be_edited(call: Call, kari: Person) -> None:
    """No message, no number, a person's message: three refusals."""
    mine = await kari.types("mine")

    async def edit(**more: object) -> object:
        return (await call("editMessageText", chat_id=kari.id, text="x", **more))["description"]

    assert await edit(message_id=999) == "Bad Request: message to edit not found"
    assert await edit() == "Bad Request: message identifier is not specified"
    assert await edit(message_id=mine.id) == "Bad Request: message can't be edited"


async def test_text_and_captions_are_edited_by_their_own_methods(call: Call, kari: Person) -> None:
    """A photo has no text to edit, a text no caption."""
    photo = kari.file_of(await kari.sends_photo()).id
    text = (await call("sendMessage", chat_id=kari.id, text="x"))["result"]["message_id"]
    picture = (await call("sendPhoto", chat_id=kari.id, photo=photo))["result"]["message_id"]
    wrong = await call("editMessageText", chat_id=kari.id, message_id=picture, text="y")
    assert wrong["description"] == "Bad Request: there is no text in the message to edit"
    wrong = await call("editMessageCaption", chat_id=kari.id, message_id=text, caption="y")
    assert wrong["description"] == "Bad Request: there is no caption in the message to edit"
    right = await call(
        "editMessageCaption", chat_id=kari.id, message_id=picture, caption="y", reply_markup=BUTTON
    )
    assert right["result"]["caption"] == "y" and right["result"]["reply_markup"] == BUTTON


async def test_an_edit_takes_only_inline_keyboards(call: Call, kari: Person) -> None:
    """Asking for a reply by an edit is refused."""
    sent = (await call("sendMessage", chat_id=kari.id, text="x"))["result"]["message_id"]
    edited = await call(
        "editMessageText", chat_id=kari.id, message_id=sent, text="y", reply_markup={"force_reply": True}
    )
    assert edited["description"] == "Bad Request: inline keyboard expected"


async def test_a_picture_can_be_exchanged(bot: Bot, kari: Person) -> None:
    """editMessageMedia takes an upload and its caption."""
    sent = await bot.send_photo(kari.id, plain_picture(2, 2), caption="small")
    await sent.edit_media(InputMediaPhoto(plain_picture(640, 480), caption="<b>large</b>", parse_mode="HTML"))
    seen = await kari.sees("large")
    assert seen.photo and (seen.photo.width, seen.photo.height) == (640, 480)


async def test_messages_are_deleted_for_48_hours(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """Own messages go, in a private chat the person's too, for two days; then they stay."""
    sent = await bot.send_message(kari.id, "oops")
    asked = await kari.types("secret")
    assert await sent.delete()
    assert await bot.delete_message(kari.id, asked.id)
    assert sandbox.transcript(kari) == "Kari: /start"
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await sent.delete()
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await sent.edit_text("x")
    old = await bot.send_message(kari.id, "old")
    await sandbox.clock.advance(old.date + timedelta(hours=48, seconds=1))
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await old.delete()


async def test_in_a_group_only_an_administrator_deletes_others_messages(
    sandbox: Sandbox, bot: Bot, kari: Person
) -> None:
    """A plain bot deletes its own messages there, an administrator anybody's."""
    group = sandbox.add_group("Admins", [kari])
    said = await kari.in_group(group).types("hello")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, said.id)
    sandbox.promote_bot(group, by=kari)
    assert await bot.delete_message(group.id, said.id)
