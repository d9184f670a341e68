"""The page in a browser, with a bot on the other side."""

import io
from typing import Any

from PIL import Image
from playwright.async_api import expect

from tests.page.conftest import Scene


def keyboard(*labels: str) -> dict[str, Any]:
    """An inline keyboard of one row; each button's data is its label in small letters."""
    return {"inline_keyboard": [[{"text": label, "callback_data": label.lower()} for label in labels]]}


def picture() -> bytes:
    """A small orange PNG."""
    content = io.BytesIO()
    Image.new("RGB", (64, 40), "orange").save(content, "PNG")
    return content.getvalue()


async def test_a_typed_message_arrives_at_the_bot(scene: Scene) -> None:
    """Enter sends what was typed, with Shift+Enter as a new line, and the bubble shows it."""
    column = scene.column(scene.kari)
    field = column.locator("[data-input]")
    await field.fill("/rent tent")
    await field.press("Shift+Enter")
    await field.press_sequentially("please")
    await field.press("Enter")
    message = (await scene.bot.receive())["message"]
    assert message["text"] == "/rent tent\nplease"
    assert message["from"]["id"] == scene.kari
    await expect(scene.bubble(message).locator(".text")).to_have_text("/rent tent\nplease")
    await expect(field).to_have_value("")


async def test_a_tap_becomes_a_callback_query_and_the_answer_shows(scene: Scene) -> None:
    """Formatting and buttons show; a tapped button waits until the answer comes, as a note or as an alert."""
    sent = await scene.bot.call(
        "sendMessage",
        chat_id=scene.kari,
        text="<b>Tent</b> &amp; stove",
        parse_mode="HTML",
        reply_markup=keyboard("Confirm", "Cancel"),
    )
    bubble = scene.bubble(sent)
    await expect(bubble.locator("b")).to_have_text("Tent")
    await expect(bubble.locator(".text")).to_have_text("Tent & stove")
    button = bubble.get_by_role("button", name="Confirm")
    await button.click()
    query = (await scene.bot.receive())["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("confirm", scene.kari)
    await expect(button).to_have_attribute("aria-busy", "true")
    await scene.bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Noted")
    await expect(scene.column(scene.kari).locator("[data-toast]")).to_have_text("Noted")
    await expect(button).not_to_have_attribute("aria-busy", "true")
    await bubble.get_by_role("button", name="Cancel").click()
    query = (await scene.bot.receive())["callback_query"]
    await scene.bot.call(
        "answerCallbackQuery", callback_query_id=query["id"], text="Too late", show_alert=True
    )
    alert = scene.page.locator("[data-alert]")
    await expect(alert).to_contain_text("Too late")
    await alert.get_by_role("button", name="OK").click()
    await expect(alert).to_have_count(0)


async def test_an_edit_changes_the_bubble(scene: Scene) -> None:
    """An edited message changes in place and says so; one that is deleted goes. A silent one has a mark."""
    sent = await scene.bot.call(
        "sendMessage", chat_id=scene.kari, text="Waiting", reply_markup=keyboard("Cancel")
    )
    silent = await scene.bot.call("sendMessage", chat_id=scene.kari, text="Psst", disable_notification=True)
    bubble = scene.bubble(sent)
    await expect(scene.bubble(silent).get_by_role("img", name="without a sound")).to_be_visible()
    await expect(bubble.get_by_role("img")).to_have_count(0)
    await expect(bubble.get_by_role("button", name="Cancel")).to_be_visible()
    where = {"chat_id": scene.kari, "message_id": sent["message_id"]}
    await scene.bot.call("editMessageText", text="Approved", **where)
    await expect(bubble.locator(".text")).to_have_text("Approved")
    await expect(bubble.locator(".mark")).to_have_text("edited ")
    await expect(bubble.locator(".keyboard")).to_have_count(0)
    await scene.bot.call("deleteMessage", **where)
    await expect(bubble).to_have_count(0)


async def test_photos_and_files_go_both_ways(scene: Scene) -> None:
    """A photo from the bot shows, and an attached file arrives with what was typed as caption."""
    answer = await scene.bot.client.post(
        f"{scene.bot.root}/sendPhoto",
        data={"chat_id": scene.kari, "caption": "The tent"},
        files={"photo": picture()},
    )
    photo = scene.bubble(answer.json()["result"]).locator("img")
    await expect(photo).to_be_visible()
    await scene.page.wait_for_function("image => image.naturalWidth === 64", arg=await photo.element_handle())
    column = scene.column(scene.kari)
    await column.locator("[data-input]").fill("our list")
    await column.get_by_role("button", name="Attach").click()
    async with scene.page.expect_file_chooser() as choosing:
        await scene.page.get_by_role("menuitem", name="File").click()
    chooser = await choosing.value
    await chooser.set_files({"name": "list.csv", "mimeType": "text/csv", "buffer": b"code\nA1\n"})
    message = (await scene.bot.receive())["message"]
    assert (message["document"]["file_name"], message["caption"]) == ("list.csv", "our list")
    await expect(scene.bubble(message).get_by_role("link", name="list.csv")).to_be_visible()


async def test_commands_and_hidden_words_in_a_text_can_be_tapped(scene: Scene) -> None:
    """A tap on a command sends it, but not where it is quoted as code; a tap uncovers a spoiler."""
    sent = await scene.bot.call(
        "sendMessage",
        chat_id=scene.kari,
        text="Send /items, not <code>/help</code> or 1/2. <tg-spoiler>Secret</tg-spoiler>",
        parse_mode="HTML",
    )
    bubble = scene.bubble(sent)
    await expect(bubble.locator(".command")).to_have_text(["/items"])
    await bubble.get_by_role("button", name="/items").click()
    assert (await scene.bot.receive())["message"]["text"] == "/items"
    hidden = bubble.get_by_role("button", name="Show hidden text")
    await expect(hidden).to_have_css("color", "rgba(0, 0, 0, 0)")
    await hidden.click()
    await expect(bubble.get_by_text("Secret")).not_to_have_css("color", "rgba(0, 0, 0, 0)")


async def test_hostile_text_stays_text(scene: Scene) -> None:
    """Markup in a message, a button or a name is shown, never run, and links keep to harmless schemes."""
    hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    title = await scene.page.title()
    sent = await scene.bot.call(
        "sendMessage",
        chat_id=scene.kari,
        text=f"{hostile} javascript:alert(1)",
        reply_markup=keyboard(hostile[:30]),
    )
    bubble = scene.bubble(sent)
    await expect(bubble.locator(".text")).to_have_text(f"{hostile} javascript:alert(1)")
    await expect(bubble.locator(".key")).to_have_text(hostile[:30])
    scene.sandbox.add_person(hostile)
    await scene.sandbox.person(hostile).types(hostile)
    assert await bubble.locator("img, script, a").count() == 0
    assert await scene.page.title() == title


async def test_the_clock_moves_and_tells_where_it_stopped(scene: Scene) -> None:
    """The buttons move the clock in the organisation's zone, and the strip names each stop."""
    clock = scene.page.locator("[data-clock]")
    stops = scene.page.locator("[data-stops] time")
    await expect(clock).to_contain_text("Tuesday 1 December 2026")
    await expect(clock).to_contain_text("09:0")
    await scene.page.get_by_role("button", name="Next event").click()
    await expect(stops).to_have_text(["Tue 1 Dec 12:00"])
    await scene.page.get_by_role("button", name="To date…").click()
    await scene.page.locator("dialog input").fill("2026-12-03T18:30")
    await scene.page.get_by_role("button", name="Move", exact=True).click()
    await expect(stops).to_have_text(["Wed 2 Dec 12:00", "Thu 3 Dec 12:00", "Thu 3 Dec 18:30"])
    await expect(clock).to_contain_text("18:3")


async def test_start_links_and_blocking(scene: Scene) -> None:
    """Somebody who has not started the bot sees Start, not the input; a deep link opens on this page."""
    column = scene.column(scene.ada)
    await expect(column.locator("[data-input]")).to_have_count(0)
    await column.get_by_role("button", name="Start").click()
    assert (await scene.bot.receive())["message"]["text"] == "/start"
    url = f"https://t.me/{scene.sandbox.world.bot.username}?start=i_abc"
    sent = await scene.bot.call(
        "sendMessage",
        chat_id=scene.ada,
        text="Scan",
        reply_markup={"inline_keyboard": [[{"text": "Open", "url": url}]]},
    )
    await scene.bubble(sent).get_by_role("button", name="Open").click()
    assert (await scene.bot.receive())["message"]["text"] == "/start i_abc"
    await column.get_by_role("button", name="Menu").click()
    await scene.page.get_by_role("menuitem", name="Block bot").click()
    await column.get_by_role("button", name="Unblock bot").click()
    await expect(column.locator("[data-input]")).to_be_visible()
    statuses = [(await scene.bot.receive())["my_chat_member"]["new_chat_member"]["status"] for _ in range(2)]
    assert statuses == ["kicked", "member"]


async def test_the_group_asks_who_speaks_and_commands_name_the_bot(scene: Scene) -> None:
    """In the group one chooses who speaks; a command from the list is addressed to the bot."""
    await scene.bot.call(
        "setMyCommands",
        commands=[
            {"command": "pending", "description": "Requests"},
            {"command": "setup", "description": "Bind"},
        ],
        scope={"type": "all_group_chats"},
    )
    column = scene.column(scene.group.id)
    await column.locator("[data-speaker]").select_option(label="Kari Nordmann (member)")
    field = column.locator("[data-input]")
    await expect(column.get_by_role("button", name="Commands")).to_be_visible()
    await field.press_sequentially("/se")
    await expect(column.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    await field.press("ArrowDown")
    await field.press("Enter")
    message = (await scene.bot.receive())["message"]
    assert message["text"] == f"/setup@{scene.sandbox.world.bot.username}"
    assert message["from"]["id"] == scene.kari


async def test_a_phone_shows_one_chat_at_a_time(scene: Scene) -> None:
    """On a narrow screen tabs choose the chat and count what is new in the others."""
    await scene.page.set_viewport_size({"width": 390, "height": 760})
    await expect(scene.column(scene.kari)).to_be_visible()
    await expect(scene.column(scene.ada)).to_be_hidden()
    await scene.bot.call("sendMessage", chat_id=scene.group.id, text="Request 1")
    tab = scene.page.get_by_role("tab", name="Admins")
    await expect(tab.locator(".count")).to_have_text("1")
    await tab.click()
    await expect(scene.column(scene.group.id).get_by_text("Request 1")).to_be_in_viewport()
    await expect(tab.locator(".count")).to_be_hidden()


async def test_new_messages_scroll_into_view_unless_somebody_reads_above(scene: Scene) -> None:
    """At the bottom the newest message stays in view; who scrolled up stays there and gets a count."""
    kari = scene.sandbox.person("Kari")
    for number in range(60):
        await kari.types(f"line {number}")
    column = scene.column(scene.kari)
    await expect(column.get_by_text("line 59")).to_be_in_viewport()
    await column.locator(".history").hover()
    await scene.page.mouse.wheel(0, -600)
    await expect(column.locator(".down")).to_be_visible()
    await scene.bot.call("sendMessage", chat_id=scene.kari, text="news")
    await expect(column.locator(".down")).to_have_text("↓ 1")
    await expect(column.get_by_text("news")).not_to_be_in_viewport()
    await column.locator(".down").click()
    await expect(column.get_by_text("news")).to_be_in_viewport()


async def test_somebody_is_chosen_from_a_dialog(scene: Scene) -> None:
    """A button below the input asks for a person; with its message it goes."""
    users = {"request_id": 3, "request_name": True}
    sent = await scene.bot.call(
        "sendMessage",
        chat_id=scene.kari,
        text="To whom?",
        reply_markup={"keyboard": [[{"text": "Choose a person", "request_users": users}]]},
    )
    keyboard_below = scene.column(scene.kari).locator("[data-reply-keyboard]")
    await keyboard_below.get_by_role("button", name="Choose a person").click()
    dialog = scene.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Choose").click()
    message = (await scene.bot.receive())["message"]
    assert message["users_shared"]["request_id"] == 3
    assert message["users_shared"]["users"][0]["user_id"] != scene.kari
    await scene.bot.call("deleteMessage", chat_id=scene.kari, message_id=sent["message_id"])
    await expect(keyboard_below).to_have_count(0)
