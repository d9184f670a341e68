"""Names of people on buttons, and as links."""

from handlers.ui.sentences.people import linked, short_name


def test_what_tells_two_apart_stays_whole() -> None:
    """A long name is cut before the brackets, not in them; a link has the name escaped."""
    assert short_name("Kari Nordmann (17)") == "Kari Nordmann (17)"
    assert short_name("Kari Margrethe Elisabeth Nordmann (kari@x.no)", 30) == "Kari Margrethe El… (kari@x.no)"
    assert short_name("Kari Margrethe Elisabeth Nordmann", 20) == "Kari Margrethe Elis…"
    assert linked("<b>", 7) == '<a href="tg://user?id=7">&lt;b&gt;</a>'
    assert linked("<b>", None) == "&lt;b&gt;"
