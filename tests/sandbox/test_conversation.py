"""A person and a bot talk, over real HTTP and with the real python-telegram-bot."""

import asyncio

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox import Sandbox


async def test_a_typed_command_is_answered_with_a_button_to_tap(sandbox: Sandbox, bot: Bot) -> None:
    """Typing, an answer with a keyboard, a tap, an edit and a toast make one round."""
    kari = sandbox.add_person("Kari", "Nordmann")
    await kari.types("/start")
    (update,) = await bot.get_updates()
    assert update.message is not None and update.message.text == "/start"
    assert update.message.parse_entities() == {update.message.entities[0]: "/start"}

    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Confirm", callback_data="yes")]])
    await bot.send_message(kari.id, "A <b>tent</b>?", parse_mode="HTML", reply_markup=keyboard)
    seen = await kari.sees("A tent?")
    assert kari.button_labels() == ["Confirm"]

    await kari.taps("Confirm")
    (update,) = await bot.get_updates(offset=update.update_id + 1)
    assert update.callback_query is not None and update.callback_query.data == "yes"
    waiting = asyncio.create_task(kari.sees("Booked"))
    await update.callback_query.edit_message_text("Booked.")
    await update.callback_query.answer("Done")
    assert (await waiting).id == seen.id
    assert await kari.toast() == "Done"
    assert sandbox.transcript(kari) == "Kari: /start\nBot: Booked."
