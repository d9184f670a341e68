"""Buttons below the input that share one's number, or somebody else: as Telegram has them."""

import pytest
from telegram import Bot, KeyboardButton, KeyboardButtonRequestUsers, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.error import BadRequest

from sandbox import Person, Sandbox
from sandbox.world.people import Impossible

ASKED = KeyboardButtonRequestUsers(7, user_is_bot=False, max_quantity=1, request_name=True)
BUTTONS = ReplyKeyboardMarkup(
    [[KeyboardButton("My number", request_contact=True)], [KeyboardButton("Somebody", request_users=ASKED)]]
)


async def test_what_is_shared_comes_as_a_message(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """A contact, and users_shared with the name that was asked for; nobody is shared whom nobody chose."""
    ola = sandbox.add_person("Ola", "Hansen")
    sent = await bot.send_message(kari.id, "Share", reply_markup=BUTTONS)
    assert kari.share_labels() == ["My number", "Somebody"]
    with pytest.raises(Impossible):
        await kari.shares("Somebody")
    with pytest.raises(Impossible):
        await kari.shares("Something", ola)
    await kari.shares("My number")
    await kari.shares("Somebody", ola)
    number, person = [update.message for update in await bot.get_updates()]
    assert number is not None and number.contact is not None
    assert (number.contact.user_id, number.contact.phone_number) == (kari.id, kari.user.phone)
    assert person is not None and person.users_shared is not None
    (shared,) = person.users_shared.users
    assert (person.users_shared.request_id, shared.user_id, shared.first_name, shared.last_name) == (
        7,
        ola.id,
        "Ola",
        "Hansen",
    )
    with pytest.raises(BadRequest, match="can't be edited"):
        await sent.edit_text("Share!")
    await sent.delete()
    assert kari.share_labels() == []
    await bot.send_message(kari.id, "Share", reply_markup=BUTTONS)
    await bot.send_message(kari.id, "Done", reply_markup=ReplyKeyboardRemove())
    assert kari.share_labels() == []


async def test_only_in_private(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """A group has no such buttons."""
    group = sandbox.add_group("Utstyr", [kari])
    with pytest.raises(BadRequest, match="Phone number can be requested in private chats only"):
        await bot.send_message(group.id, "Share", reply_markup=BUTTONS)
