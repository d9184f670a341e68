"""Long lists, a page at a time."""

from handlers.ui.widgets import pager


def test_a_page_beyond_the_end_is_the_last_one() -> None:
    """A list grows shorter while somebody turns its pages; buttons made by hand may say anything."""
    assert pager.cut("abcdefg", 9, 3) == pager.Part("g", 2, 3)
    assert pager.cut("abcdefg", -1, 3) == pager.Part("abc", 0, 3)
    assert pager.cut("", 4, 3) == pager.Part("", 0, 1)


def test_arrows_go_round_at_the_ends() -> None:
    """And show the page again between them; one page needs none."""
    (row,) = pager.arrows(0, 3, str)
    assert [(b.label, b.data) for b in row] == [("‹", "2"), ("1/3", "0"), ("›", "1")]
    (row,) = pager.arrows(2, 3, str, counted=False)
    assert [(b.label, b.data) for b in row] == [("‹", "1"), ("›", "0")]
    assert pager.arrows(0, 1, str) == ()
