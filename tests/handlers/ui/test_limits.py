"""Messages that are longer than Telegram takes."""

from markupsafe import Markup, escape

from handlers.ui.limits import CAPTION, TEXT, Spare, sendable, weight
from handlers.ui.message import Button, Message, Picture

BUTTONS = ((Button("Confirm", "1:x:0:"),),)


def test_what_fits_is_left_alone() -> None:
    """To the last character, with tags and escaped signs counted as they are seen."""
    message = Message(Markup("<b>&amp;</b>") + "x" * (TEXT - 1), BUTTONS)
    assert weight(message.text) == TEXT
    assert sendable(message) is message


def test_a_long_text_loses_its_last_lines() -> None:
    """Tags stay whole, and so do the buttons."""
    line = Markup("<b>{}</b>").format("🏕" * 99)
    shown = sendable(Message(Markup("\n").join([line] * 40), BUTTONS))
    assert shown.text == Markup("\n").join([*[line] * 20, "…"])
    assert weight(shown.text) <= TEXT
    assert shown.buttons == BUTTONS


def test_a_line_that_is_too_long_is_cut_without_its_tags() -> None:
    """A tag that is opened and not closed would have the whole message refused."""
    for text in (Markup("<b>{}</b>").format("&" * 5000), Markup("a\n<b>{}</b>").format("x\n" * 4000)):
        shown = sendable(Message(text))
        assert "<b>" not in shown.text
        assert shown.text.endswith("…")
        assert weight(shown.text) <= TEXT
        assert escape(shown.text.unescape()) == shown.text


def test_spaces_count() -> None:
    """Also many in a row, as Telegram counts them."""
    assert weight(Markup("<b>a     b</b>\n  c")) == 11
    assert weight(sendable(Message(escape("a" + " " * 5000 + "b"))).text) <= TEXT


def test_a_picture_stays_away_where_its_text_needs_more_room() -> None:
    """Below a picture there is room for a quarter of it."""
    picture = Picture(1, "id", None)
    short, long = Message(escape("x" * CAPTION), picture=picture), Message(escape("x" * (CAPTION + 1)))
    assert sendable(short).picture is picture
    with_picture = Message(long.text, BUTTONS, picture=picture)
    assert sendable(with_picture) == Message(long.text, BUTTONS)


def test_long_prose_is_a_quote_within_its_room() -> None:
    shown = Spare("word " * 60, is_prose=True).within(200)
    assert shown is not None and shown.startswith("<blockquote expandable>") and weight(shown) <= 200
    assert Spare("Two words", is_prose=True).within(200) == "Two words"
