"""Text as Telegram reads it: lengths after parsing, HTML in its words, entities, safe HTML for the page."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sandbox import Person, Sandbox, view
from sandbox.botapi.entities import Entity, safe_html

Call = Callable[..., Awaitable[dict[str, Any]]]


async def send(call: Call, kari: Person, text: str, **more: object) -> dict[str, Any]:
    """Send HTML to Kari."""
    return await call("sendMessage", chat_id=kari.id, text=text, parse_mode="HTML", **more)


@pytest.mark.parametrize("text", ["x" * 4096, "<b>" + "x" * 4096 + "</b>", "&amp;" * 4096, "😀" * 2048])
async def test_4096_characters_after_parsing_pass(call: Call, kari: Person, text: str) -> None:
    """Tags and entities do not count towards the length, an emoji counts twice."""
    assert (await send(call, kari, text))["ok"]


@pytest.mark.parametrize("text", ["x" * 4097, "<b>" + "x" * 4097 + "</b>", "😀" * 2048 + "x"])
async def test_a_longer_text_is_too_long(call: Call, kari: Person, text: str) -> None:
    """One UTF-16 unit over 4096 is refused, in sending and in editing."""
    too_long = "Bad Request: message is too long"
    assert (await send(call, kari, text))["description"] == too_long
    sent = (await send(call, kari, "short"))["result"]["message_id"]
    edited = await call("editMessageText", chat_id=kari.id, message_id=sent, text=text, parse_mode="HTML")
    assert edited["description"] == too_long


@pytest.mark.parametrize("text", ["", "   \n ", "<b></b>", "<i> </i>"])
async def test_an_empty_text_is_refused(call: Call, kari: Person, text: str) -> None:
    """Text that is empty after parsing and trimming is no message."""
    assert (await send(call, kari, text))["description"] == "Bad Request: message text is empty"


async def test_a_caption_has_1024_characters(sandbox: Sandbox, call: Call, kari: Person) -> None:
    """1024 characters pass as a caption, one more does not."""
    photo = kari.file_of(await kari.sends_photo()).id
    fits = await call(
        "sendPhoto", chat_id=kari.id, photo=photo, caption="<b>" + "x" * 1024 + "</b>", parse_mode="HTML"
    )
    assert fits["ok"]
    longer = await call("sendPhoto", chat_id=kari.id, photo=photo, caption="x" * 1025)
    assert longer["description"] == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a <x>b</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("å <x>b</x>", 'Unsupported start tag "x" at byte offset 3'),
        ("one<br/>two", 'Unsupported start tag "br/" at byte offset 3'),
        ("<b>bold", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
        ("tail <b", "Unclosed start tag at byte offset 5"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a ", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ('<a href="x"/>y', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=http://x>y</a>", "Unexpected end of name token at byte offset 8"),
        ('<span class="big">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_html_that_does_not_parse_is_refused_in_telegrams_words(
    call: Call, kari: Person, text: str, words: str
) -> None:
    """Each way to get HTML wrong is named, with its place in bytes."""
    answer = await send(call, kari, text)
    assert answer["error_code"] == 400
    assert answer["description"] == f"Bad Request: can't parse entities: {words}"


async def test_unknown_parse_modes_are_refused(call: Call, kari: Person) -> None:
    """Only HTML is read; Markdown says so plainly."""
    unknown = await call("sendMessage", chat_id=kari.id, text="x", parse_mode="BBCode")
    assert unknown["description"] == "Bad Request: unsupported parse_mode"
    markdown = await call("sendMessage", chat_id=kari.id, text="x", parse_mode="MarkdownV2")
    assert markdown["description"] == "Bad Request: unsupported parse_mode: the sandbox reads HTML only"


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        ("<b>a</b> <STRONG>b</STRONG>", "a b", [("bold", 0, 1), ("bold", 2, 1)]),
        ("<i>a</i><em>b</em>", "ab", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", [("strikethrough", n, 1) for n in range(3)]),
        ("<code>a</code>", "a", [("code", 0, 1)]),
        ('<pre><code class="language-python">a</code></pre>', "a", [("pre", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ('<a href="https://example.org/?a=1&amp;b=2">a</a>', "a", [("text_link", 0, 1)]),
        ('<a href="javascript:alert(1)">a</a>', "a", []),
        ("<b><i>a</i>b</b>", "ab", [("bold", 0, 2), ("italic", 0, 1)]),
        ("😀<b>a</b>", "😀a", [("bold", 2, 1)]),
        ("  <b>a</b>  ", "a", [("bold", 0, 1)]),
        ("&lt;b&gt; &amp;amp; &quot;&#229;&#x1F600; &copy; &", '<b> &amp; "å😀 &copy; &', []),
        ("x\r\ny", "x\ny", []),
        (
            "/rent@equiplib_demo_bot /x",
            "/rent@equiplib_demo_bot /x",
            [("bot_command", 0, 23), ("bot_command", 24, 2)],
        ),
        (
            "see https://example.org/a. Or @kari",
            "see https://example.org/a. Or @kari",
            [("url", 4, 21), ("mention", 30, 5)],
        ),
        ("<code>/rent</code>", "/rent", [("code", 0, 5)]),
        ("a/b 1/2", "a/b 1/2", []),
    ],
)
async def test_html_becomes_text_and_entities(
    call: Call, kari: Person, text: str, plain: str, entities: list[tuple[str, int, int]]
) -> None:
    """Known tags become entities counted in UTF-16 units; commands, links and mentions are found."""
    result = (await send(call, kari, text))["result"]
    assert result["text"] == plain
    found = [(one["type"], one["offset"], one["length"]) for one in result.get("entities", [])]
    assert found == entities


async def test_code_tells_its_language(call: Call, kari: Person) -> None:
    """Within pre, the class of code names the language; within nothing it is left out."""
    code = '<code class="language-python">a</code>'
    (entity,) = (await send(call, kari, f"<pre>{code}</pre>"))["result"]["entities"]
    assert entity == {"type": "pre", "offset": 0, "length": 1, "language": "python"}
    (entity,) = (await send(call, kari, code))["result"]["entities"]
    assert entity == {"type": "code", "offset": 0, "length": 1}


async def test_a_link_to_a_person_becomes_a_mention(call: Call, kari: Person) -> None:
    """tg://user?id= names the person."""
    result = (await send(call, kari, f'<a href="tg://user?id={kari.id}">Kari</a>'))["result"]
    assert result["entities"][0]["type"] == "text_mention"
    assert result["entities"][0]["user"]["id"] == kari.id


async def test_entities_can_be_given_instead_of_a_parse_mode(call: Call, kari: Person) -> None:
    """`entities` come as JSON, as a value or as a string."""
    given = [{"type": "bold", "offset": 0, "length": 2}]
    sent = await call("sendMessage", chat_id=kari.id, text="ab cd", entities=given)
    assert sent["result"]["entities"] == given
    assert (await call("sendMessage", chat_id=str(kari.id), text="x", entities="[{"))["error_code"] == 400


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>&lt;script&gt;</b>", "<b>&lt;script&gt;</b>"),
        ('<a href="https://x.org/&quot; onclick=&quot;y">a</a>', "https://x.org/&#34; onclick=&#34;y"),
        ("t.me/equiplib_demo_bot?start=x", 'href="https://t.me/equiplib_demo_bot?start=x"'),
        ("<tg-spoiler>s</tg-spoiler>", '<span class="tg-spoiler">s</span>'),
        (
            "<blockquote expandable>q</blockquote>",
            '<blockquote class="expandable" tabindex="0">q</blockquote>',
        ),
        ("a\nb", "a\nb"),
        ("&lt;img src=x onerror=alert(1)&gt;", "&lt;img src=x onerror=alert(1)&gt;"),
        ("<b>a<i>b</i></b>😀<code>c&amp;</code>", "<b>a<i>b</i></b>😀<code>c&amp;</code>"),
    ],
)
async def test_the_page_gets_safe_html(
    sandbox: Sandbox, call: Call, kari: Person, text: str, html: str
) -> None:
    """Everything is escaped; only known tags and harmless links survive."""
    await send(call, kari, text)
    shown = str(view.message(sandbox.world, kari.last())["html"])
    assert html in shown
    assert "<script" not in shown and "<img" not in shown


async def test_half_an_emoji_does_no_harm(call: Call, kari: Person) -> None:
    """A lone surrogate passes through, and a number too large for a character stays as written."""
    await kari.types("\ude00")
    assert (await call("getUpdates"))["result"][0]["message"]["text"] == "\ude00"
    huge = "&#" + "9" * 3000 + ";"
    assert (await send(call, kari, huge))["result"]["text"] == huge


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//x.org", "http:", "file:///etc"]
)
def test_only_harmless_addresses_become_links(address: str) -> None:
    """An entity that a bot sends by hand makes no link of any other kind."""
    assert safe_html("here", (Entity("text_link", 0, 4, url=address),)) == "here"


def test_entities_that_cross_or_run_over_do_no_harm() -> None:
    """Overlapping entities never give crossed tags, and one beyond the end is left out."""
    assert safe_html("abcd", (Entity("bold", 0, 3), Entity("italic", 2, 2))) == "<b>abc</b>d"
    assert safe_html("ab", (Entity("bold", 0, 9),)) == "ab"
