"""Texts that a person wrote: short as they are, long in a quote that opens with a tap."""

import pytest

from handlers.ui.form import folded, quoted


@pytest.mark.parametrize(
    ("text", "is_quote"),
    [
        ("for the trip", False),
        ("a\nb\nc", False),
        ("a\nb\nc\nd", True),
        ("x" * 150, False),
        ("x" * 151, True),
    ],
)
def test_a_long_text_is_a_quote(text: str, is_quote: bool) -> None:
    shown = quoted(text, 500)
    assert shown.startswith("<blockquote expandable>") == is_quote
    assert text in shown


def test_a_quote_is_cut_and_escaped() -> None:
    assert quoted("<b>" + "x" * 600, 300).startswith("<blockquote expandable>&lt;b&gt;x")
    assert quoted("x" * 600, 300).endswith("x…</blockquote>")


def test_a_long_list_is_a_quote() -> None:
    assert folded(["<b>", "c"]) == "&lt;b&gt;\nc"
    assert folded(["a"] * 9).startswith("<blockquote expandable>a\na")
