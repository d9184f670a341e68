"""Groups: what privacy mode lets through, who comes and goes, anonymous administrators."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import Bot

from sandbox import Person, Sandbox
from sandbox.world.people import Impossible
from sandbox.world.records import ANONYMOUS_ADMIN, Chat

Call = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    """The creator of the group."""
    return sandbox.add_person("Ada", "Berg")


@pytest.fixture
def group(sandbox: Sandbox, ada: Person, kari: Person) -> Chat:
    """A group with the bot in it, where nobody wrote yet."""
    return sandbox.add_group("Admins", [ada, kari])


async def arrived(bot: Bot) -> list[str]:
    """The texts that reached the bot, confirmed."""
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    messages = [update.effective_message for update in updates]
    return [one.text or "service" for one in messages if one]


async def test_privacy_lets_addressed_commands_and_replies_through(
    bot: Bot, group: Chat, ada: Person
) -> None:
    """Of what people say in a group only what is meant for the bot reaches it."""
    here = ada.in_group(group)
    for text in (
        "hello",
        "hello @equiplib_demo_bot",
        "/pending",
        "/pending@other_bot",
        "/pending@Equiplib_Demo_Bot x",
    ):
        await here.types(text)
    assert await arrived(bot) == ["/pending@Equiplib_Demo_Bot x"]
    await bot.send_message(group.id, "Two rentals wait.")
    await here.replies(here.last("Two rentals"), "which?")
    assert await arrived(bot) == ["which?"]


async def test_a_bare_command_reaches_the_bot_only_if_it_wrote_last(
    sandbox: Sandbox, bot: Bot, group: Chat, ada: Person
) -> None:
    """After the bot's message it does, also past a service message; after anybody else's it does not."""
    here = ada.in_group(group)
    await bot.send_message(group.id, "Hello")
    sandbox.add_member(group, sandbox.add_person("Per"), by=ada)
    assert await arrived(bot) == ["service"]
    await here.types("/setup")
    assert await arrived(bot) == ["/setup"]
    await here.types("/setup")
    assert await arrived(bot) == []


async def test_an_administrator_bot_and_one_without_privacy_see_everything(
    sandbox: Sandbox, bot: Bot, group: Chat, ada: Person
) -> None:
    """Promotion or privacy mode off lets every message through."""
    here = ada.in_group(group)
    sandbox.promote_bot(group, by=ada)
    await here.types("seen")
    sandbox.promote_bot(group, by=ada, administrator=False)
    await here.types("unseen")
    sandbox.world.privacy = False
    await here.types("seen too")
    assert await arrived(bot) == ["seen", "seen too"]
    assert (await bot.get_me()).can_read_all_group_messages


async def test_edits_are_as_private_as_messages(bot: Bot, group: Chat, ada: Person, kari: Person) -> None:
    """An edited message arrives as such where a message would."""
    said = await ada.in_group(group).types("hello")
    await ada.in_group(group).edits(said, "hello!")
    assert await arrived(bot) == []
    typed = await kari.types("tentt")
    await kari.edits(typed, "tent")
    updates = await bot.get_updates()
    edited = updates[-1].edited_message
    assert edited and (edited.text, edited.message_id) == ("tent", typed.id) and edited.edit_date
    await kari.edits(typed, "tent")
    forwarded = await kari.forwards(typed)
    assert len(await bot.get_updates(offset=updates[-1].update_id + 1)) == 1
    for message in (said, forwarded):
        with pytest.raises(Impossible, match="one's own"):
            await kari.edits(message, "not mine")


async def test_nothing_reaches_a_bot_that_is_gone(
    sandbox: Sandbox, bot: Bot, group: Chat, ada: Person
) -> None:
    """After it was removed neither commands nor taps come from the group."""
    here = ada.in_group(group)
    await bot.send_message(group.id, "Hello")
    sandbox.remove_bot(group, by=ada)
    sandbox.world.updates.drop_pending()
    await here.types("/setup@equiplib_demo_bot")
    await here.replies(here.last("Hello"), "still there?")
    await here.taps_data("x", here.last("Hello"))
    assert await bot.get_updates() == ()


async def test_coming_and_going_reaches_the_bot(
    sandbox: Sandbox, bot: Bot, ada: Person, kari: Person
) -> None:
    """my_chat_member and the service message, for both directions."""
    group = sandbox.add_group("Admins", [ada], bot=False)
    sandbox.add_bot_to_group(group, by=ada)
    sandbox.add_member(group, kari, by=ada)
    sandbox.remove_member(group, kari)
    sandbox.remove_bot(group, by=ada)
    added, joined, kari_joined, kari_left, removed, left = await bot.get_updates()
    assert added.my_chat_member and added.my_chat_member.new_chat_member.status == "member"
    assert added.my_chat_member.old_chat_member.status == "left"
    assert joined.message and [one.id for one in joined.message.new_chat_members] == [bot.id]
    assert joined.message.from_user and joined.message.from_user.id == ada.id
    assert kari_joined.message and kari_joined.message.new_chat_members[0].id == kari.id
    assert kari_left.message and kari_left.message.left_chat_member
    assert removed.my_chat_member and removed.my_chat_member.new_chat_member.status == "kicked"
    assert left.message and left.message.left_chat_member and left.message.left_chat_member.id == bot.id
    assert "Ada Berg added Equiplib" in sandbox.transcript(group)


async def test_a_startgroup_link_adds_the_bot_and_starts_it(sandbox: Sandbox, bot: Bot, ada: Person) -> None:
    """The bot joins and gets /start addressed to it, with the payload."""
    group = sandbox.add_group("Admins", [ada], bot=False)
    await ada.in_group(group).opens("https://t.me/equiplib_demo_bot?startgroup=bind_7")
    added, joined, start = await bot.get_updates()
    assert added.my_chat_member and joined.message
    assert start.message and start.message.text == "/start@equiplib_demo_bot bind_7"


@pytest.mark.parametrize("payload", ["a" * 65, "with space", "å", "a=b"])
async def test_a_start_payload_has_64_plain_characters(sandbox: Sandbox, kari: Person, payload: str) -> None:
    """Longer ones and other characters cannot be sent by a link."""
    with pytest.raises(Impossible, match="1 to 64 letters"):
        await kari.opens(payload)
    assert sandbox.world.updates.pending_count() == 0


async def test_a_start_link_sends_its_payload(bot: Bot, sandbox: Sandbox) -> None:
    """The chat opens, and /start with the payload comes in; both spellings of the link work."""
    per = sandbox.add_person("Per")
    await per.opens("j_Ab-9")
    await per.opens("https://t.me/equiplib_demo_bot?start=j_2")
    await per.opens("tg://resolve?domain=equiplib_demo_bot&start=j_3")
    assert await arrived(bot) == ["/start j_Ab-9", "/start j_2", "/start j_3"]
    with pytest.raises(Impossible, match="another chat"):
        await per.opens("https://t.me/other_bot?start=x")


async def test_an_anonymous_administrator_has_no_identity(
    sandbox: Sandbox, bot: Bot, ada: Person, kari: Person, group: Chat
) -> None:
    """Messages come from user 1087968824 with the group as sender; a tap still tells who tapped."""
    await ada.in_group(group, anonymous=True).types("/setup@equiplib_demo_bot")
    message = (await bot.get_updates())[0].message
    assert message and message.from_user and message.from_user.id == ANONYMOUS_ADMIN
    assert message.sender_chat and message.sender_chat.id == group.id
    assert sandbox.transcript(group) == "Admins: /setup@equiplib_demo_bot"
    with pytest.raises(Impossible, match="Only an administrator"):
        kari.in_group(group, anonymous=True)


async def test_the_bot_can_ask_who_is_there(
    sandbox: Sandbox, bot: Bot, ada: Person, kari: Person, group: Chat
) -> None:
    """getChat, getChatMember and getChatAdministrators tell titles and roles."""
    assert (await bot.get_chat(group.id)).title == "Admins"
    assert (await bot.get_chat(kari.id)).first_name == "Kari"
    assert (await bot.get_chat_member(group.id, ada.id)).status == "creator"
    assert (await bot.get_chat_member(group.id, kari.id)).status == "member"
    stranger = sandbox.add_person("Stranger")
    assert (await bot.get_chat_member(group.id, stranger.id)).status == "left"
    sandbox.promote(group, kari, by=ada)
    admins = await bot.get_chat_administrators(group.id)
    assert [(one.user.id, one.status) for one in admins] == [(ada.id, "creator"), (kari.id, "administrator")]


async def test_there_are_no_administrators_in_private(call: Call, kari: Person) -> None:
    """Asking in a private chat is refused."""
    answer = await call("getChatAdministrators", chat_id=kari.id)
    assert answer["description"] == "Bad Request: there are no administrators in the private chat"
    unknown = await call("getChatMember", chat_id=kari.id, user_id=999)
    assert unknown["description"] == "Bad Request: invalid user_id specified"


async def test_buttons_under_a_migrated_groups_old_messages_still_tell(
    sandbox: Sandbox, bot: Bot, call: Call, ada: Person, group: Chat
) -> None:
    """A tap there comes with the old chat, in which nothing can be edited any more."""
    keyboard = {"inline_keyboard": [[{"text": "Approve", "callback_data": "a"}]]}
    await call("sendMessage", chat_id=group.id, text="A tent?", reply_markup=keyboard)
    old = ada.in_group(group).last("A tent?")
    new = sandbox.migrate(group)
    await ada.in_group(group).taps("Approve", message=old)
    query = (await bot.get_updates(offset=-1))[0].callback_query
    assert query and query.message and query.message.chat.id == group.id
    edited = await call("editMessageText", chat_id=group.id, message_id=old.id, text="Approved")
    assert edited["parameters"] == {"migrate_to_chat_id": new.id}
