"""Taps on buttons: what the bot gets, how long it may answer, and what the person sees."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox import Person, Sandbox

Call = Callable[..., Awaitable[dict[str, Any]]]
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Confirm", callback_data="c")]])


async def tapped(bot: Bot) -> CallbackQuery:
    """The newest tap."""
    query = (await bot.get_updates(offset=-1))[0].callback_query
    assert query is not None
    return query


async def test_a_tap_tells_who_where_and_what(bot: Bot, kari: Person) -> None:
    """The query carries the person, the message as it is now, and the data."""
    sent = await bot.send_message(kari.id, "Sure?", reply_markup=KEYBOARD)
    await kari.taps("Conf")
    query = await tapped(bot)
    assert (query.from_user.id, query.data) == (kari.id, "c")
    assert query.message and query.message.message_id == sent.message_id and query.message.is_accessible


async def test_an_answer_is_seen_once(bot: Bot, kari: Person) -> None:
    """The first answer is shown, also an empty one; a second is taken and shown to nobody."""
    await bot.send_message(kari.id, "Sure?", reply_markup=KEYBOARD)
    await kari.taps("Confirm")
    query = await tapped(bot)
    assert await query.answer("Done") and await query.answer("Again")
    assert await kari.toast() == "Done"
    await kari.taps("Confirm")
    await (await tapped(bot)).answer()
    assert await kari.toast() is None


async def test_a_query_gets_too_old_after_15_seconds(
    call: Call, bot: Bot, kari: Person, seconds: Any
) -> None:
    """15 real seconds pass, a moment more does not; an unknown id reads the same."""
    await bot.send_message(kari.id, "Sure?", reply_markup=KEYBOARD)
    await kari.taps("Confirm")
    query = await tapped(bot)
    seconds.now += 15
    assert await query.answer("In time")
    seconds.now += 0.1
    assert (await call("answerCallbackQuery", callback_query_id=query.id))["description"] == TOO_OLD
    assert (await call("answerCallbackQuery", callback_query_id="0"))["description"] == TOO_OLD


async def test_the_demos_clock_does_not_age_a_query(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """A jump of the clock by weeks leaves a tap answerable."""
    await bot.send_message(kari.id, "Sure?", reply_markup=KEYBOARD)
    await kari.taps("Confirm")
    query = await tapped(bot)
    await sandbox.clock.advance(sandbox.clock.now().replace(month=12, day=24))
    assert await query.answer()


async def test_an_answer_has_200_characters(call: Call, bot: Bot, kari: Person) -> None:
    """One more is refused."""
    await bot.send_message(kari.id, "Sure?", reply_markup=KEYBOARD)
    await kari.taps("Confirm")
    query = await tapped(bot)
    long = await call("answerCallbackQuery", callback_query_id=query.id, text="x" * 201)
    assert long["description"] == "Bad Request: MESSAGE_TOO_LONG"
    assert (await call("answerCallbackQuery", callback_query_id=query.id, text="x" * 200))["ok"]


async def test_an_old_message_can_be_tapped_though_its_buttons_are_gone(bot: Bot, kari: Person) -> None:
    """A client may still show what was there; the bot gets the old data with the message of now."""
    sent = await bot.send_message(kari.id, "Sure?", reply_markup=KEYBOARD)
    old = await kari.sees("Sure?")
    await sent.edit_text("Too late")
    await kari.taps("Confirm", message=old)
    query = await tapped(bot)
    assert query.data == "c" and getattr(query.message, "text", None) == "Too late"


async def test_a_deleted_message_comes_as_inaccessible(bot: Bot, kari: Person) -> None:
    """Its query has no content to read."""
    sent = await bot.send_message(kari.id, "Sure?", reply_markup=KEYBOARD)
    old = await kari.sees("Sure?")
    await sent.delete()
    await kari.taps("Confirm", message=old)
    query = await tapped(bot)
    assert query.message and not query.message.is_accessible


async def test_any_data_can_be_sent_by_hand(bot: Bot, kari: Person) -> None:
    """Telegram does not check that a button holds the data."""
    await bot.send_message(kari.id, "Sure?", reply_markup=KEYBOARD)
    await kari.taps_data("forged:1", await kari.sees("Sure?"))
    assert (await tapped(bot)).data == "forged:1"


async def test_a_missing_button_fails_with_the_story(bot: Bot, kari: Person) -> None:
    """The failure tells which button, and what was said."""
    await bot.send_message(kari.id, "Sure?", reply_markup=KEYBOARD)
    with pytest.raises(AssertionError, match="no button “Cancel”"):
        await kari.taps("Cancel", message=kari.last())
