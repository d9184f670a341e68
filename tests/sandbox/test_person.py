"""The client that types and taps: what it waits for, what it finds, and how it fails."""

import asyncio

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox import Person, Sandbox
from sandbox.world.people import Impossible


async def test_sees_waits_for_what_comes_after_the_last_action(bot: Bot, kari: Person) -> None:
    """A message from before the last action does not count, one that arrives later ends the wait."""
    await bot.send_message(kari.id, "Hello from before")
    await kari.types("again")
    waiting = asyncio.create_task(kari.sees("Hello"))
    await bot.send_message(kari.id, "Hello again")
    assert (await waiting).text == "Hello again"


async def test_sees_also_finds_edits(bot: Bot, kari: Person) -> None:
    """An old message that was edited since the last action counts as new."""
    sent = await bot.send_message(kari.id, "Wait")
    await kari.types("well?")
    await sent.edit_text("Done")
    assert (await kari.sees("Done")).id == sent.message_id


async def test_sees_does_not_find_ones_own_words(sandbox: Sandbox, kari: Person) -> None:
    """The person's own words are no answer; the failure shows the whole chat."""
    await kari.types("tent")
    with pytest.raises(AssertionError) as failure:
        await kari.sees("tent", timeout=0)
    assert "waited 0 s for “tent” in vain" in str(failure.value)
    assert "Kari: /start\nKari: tent" in str(failure.value)


async def test_a_message_that_was_seen_stays_as_it_was(bot: Bot, kari: Person) -> None:
    """A snapshot keeps its text and buttons when the bot edits the message."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    sent = await bot.send_message(kari.id, "one", reply_markup=keyboard)
    seen = await kari.sees("one")
    await sent.edit_text("two")
    assert (seen.text, [one.text for one in seen.buttons]) == ("one", ["Go"])
    assert kari.last().text == "two"


async def test_taps_takes_the_newest_message_with_the_button(bot: Bot, kari: Person) -> None:
    """The exact label goes before a label that only begins so, and newer before older."""
    for number in (1, 2):
        row = [InlineKeyboardButton("Go on", callback_data=f"on{number}")]
        row.append(InlineKeyboardButton("Go", callback_data=f"go{number}"))
        await bot.send_message(kari.id, "x", reply_markup=InlineKeyboardMarkup([row]))
    await bot.send_message(kari.id, "no buttons")
    assert kari.button_labels() == ["Go on", "Go"]
    await kari.taps("Go")
    await kari.taps("Go o")
    data = [update.callback_query and update.callback_query.data for update in await bot.get_updates()]
    assert data == ["go2", "on2"]


async def test_a_message_and_a_button_are_known_by_more_than_words(bot: Bot, kari: Person) -> None:
    """Whatever is true of them in the place of a text; what was looked for stands in the failure."""
    row = [InlineKeyboardButton(f"Go {number}", callback_data=f"go{number}") for number in (1, 2)]
    await kari.types("well?")
    sent = await bot.send_message(kari.id, "x", reply_markup=InlineKeyboardMarkup([row]))
    assert (await kari.sees(lambda message: len(message.buttons) == 2)).id == sent.message_id
    assert kari.last(lambda message: message.text == "x").id == sent.message_id
    await kari.taps(lambda button: button.data == "go2")
    tapped = [update.callback_query for update in await bot.get_updates() if update.callback_query]
    assert [tap.data for tap in tapped] == ["go2"]


async def test_taps_follows_links_to_the_bot(bot: Bot, kari: Person) -> None:
    """A button with a deep link sends /start with its payload; another link leads away."""
    row = [InlineKeyboardButton("Open", url="https://t.me/equiplib_demo_bot?start=i_7")]
    row.append(InlineKeyboardButton("Away", url="https://example.org"))
    await bot.send_message(kari.id, "x", reply_markup=InlineKeyboardMarkup([row]))
    await kari.taps("Open")
    message = (await bot.get_updates())[-1].message
    assert message and message.text == "/start i_7"
    with pytest.raises(Impossible):
        await kari.taps("Away")


async def test_last_finds_the_newest(bot: Bot, kari: Person) -> None:
    """By text or without, and says so when there is none."""
    await bot.send_message(kari.id, "tent one")
    await bot.send_message(kari.id, "canoe")
    assert (kari.last().text, kari.last("tent").text) == ("canoe", "tent one")
    with pytest.raises(AssertionError, match="no such message"):
        kari.last("kayak")
    assert kari.button_labels() == []


async def test_a_person_sends_all_kinds(sandbox: Sandbox, bot: Bot, kari: Person) -> None:
    """Stickers, photos, forwards and replies reach the bot as Telegram would tell them."""
    said = await kari.types("/rent tent")
    await kari.sends_sticker("⛺")
    await kari.sends_photo(caption="look")
    await kari.forwards(said)
    await kari.replies(said, "this one")
    messages = [update.message for update in await bot.get_updates()]
    _, sticker, photo, forward, reply = messages
    assert sticker and sticker.sticker and sticker.sticker.emoji == "⛺"
    assert photo and photo.photo and photo.caption == "look"
    assert forward and forward.forward_origin and forward.text == "/rent tent"
    assert reply and reply.reply_to_message and reply.reply_to_message.message_id == said.id
    assert sandbox.transcript(kari).splitlines()[1:4] == [
        "Kari: /rent tent",
        "Kari: (sticker ⛺)",
        "Kari: (photo photo.png) look",
    ]


async def test_people_are_found_by_name_or_id(sandbox: Sandbox) -> None:
    """`person` finds whom `add_person` made, and makes whom nobody made."""
    nora = sandbox.add_person("Nora", "Dahl", username="nora", language_code="nb", id=77)
    assert (
        sandbox.person("Nora").user
        is nora.user
        is sandbox.person(77).user
        is sandbox.person("Nora Dahl").user
    )
    assert sandbox.person("Ole").user is sandbox.person("Ole").user
    with pytest.raises(ValueError, match="77"):
        sandbox.add_person("Twin", id=77)
    with pytest.raises(LookupError):
        sandbox.person(78)


async def test_who_is_not_in_a_group_cannot_write_there(sandbox: Sandbox, kari: Person) -> None:
    """Neither strangers nor those who left, nor anybody with a deleted account."""
    group = sandbox.add_group("Admins", [sandbox.add_person("Ada")])
    with pytest.raises(Impossible, match="Kari is not in this chat"):
        await kari.in_group(group).types("hello")
    sandbox.deactivate(kari)
    with pytest.raises(Impossible, match="deleted"):
        await kari.types("hello")


async def test_nothing_cannot_be_sent(kari: Person) -> None:
    """Telegram's app sends no empty message."""
    with pytest.raises(Impossible, match="empty"):
        await kari.types("  \n ")
