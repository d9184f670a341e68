"""Sentences of a lender at the counter, by their form: whose name and which thing is looked up elsewhere."""

import pytest

from handlers.parsing.sentences.counter import (
    Handing,
    beginnings,
    handings,
    named_before_article,
    untils,
    without_end,
)

OUT, BACK = False, True


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("give the rope to Kari", Handing(OUT, "rope", "Kari", gives=True)),
        ("Can you hand out T1 to Kari Berg?", Handing(OUT, "T1", "Kari Berg", gives=True)),
        ("give Kari a rope", Handing(OUT, both="Kari a rope", gives=True)),
        ("lån ut tauet til Kari", Handing(OUT, "tauet", "Kari", gives=True)),
        ("gi Kari et tau", Handing(OUT, both="Kari et tau", gives=True)),
        ("Kari tar tauet", Handing(OUT, "tauet", "Kari")),
        ("gib Kari das Seil", Handing(OUT, both="Kari das Seil", gives=True)),
        ("Kari is back with the rope", Handing(BACK, "rope", "Kari")),
        ("the rope from Kari is back", Handing(BACK, "rope", "Kari")),
        ("Kari brought the rope back", Handing(BACK, "rope", "Kari")),
        ("Kari brought the rope", Handing(BACK, "rope", "Kari")),
        ("Kari returned T1.", Handing(BACK, "T1", "Kari")),
        ("Kari har levert tauet", Handing(BACK, "tauet", "Kari")),
        ("tauet fra Kari er tilbake", Handing(BACK, "tauet", "Kari")),
        ("take back the rope", Handing(BACK, "rope")),
        ("hi, the rope is back", Handing(BACK, "rope")),
        ("Kari bringt das Seil zurück", Handing(BACK, "Seil", "Kari")),
    ],
)
def test_the_forms(text: str, first: Handing) -> None:
    """Articles belong to no thing."""
    assert handings(text)[0] == first


@pytest.mark.parametrize(
    "text",
    ["can I borrow a rope?", "rope", "2 tents fri-sun", "who has the rope?", "return the rope", "Kari"],
)
def test_others_have_none(text: str) -> None:
    assert handings(text) == []


def test_where_a_last_day_may_begin() -> None:
    """The latest first: `til` is said of people, too."""
    assert untils("lån ut tauet til Kari til fredag") == [
        ("lån ut tauet til Kari", "fredag"),
        ("lån ut tauet", "Kari til fredag"),
    ]


@pytest.mark.parametrize(
    "end", ["until further notice", "inntil videre", "på ubestemt tid", "bis auf weiteres", "indefinitely"]
)
def test_without_a_last_day(end: str) -> None:
    assert without_end(f"give Kari the rope {end}") == "give Kari the rope"
    assert without_end("give Kari the rope until sunday") == ""


def test_what_is_said_besides() -> None:
    assert beginnings("the tent is back, but a pole is broken")[-1] == "the tent is back"
    assert beginnings("the tent is back") == []


def test_a_name_and_a_thing() -> None:
    """Only an article tells them apart where nobody is called so."""
    assert named_before_article("Per Hansen a rope") == ("Per Hansen", "a rope")
    assert named_before_article("two ropes") == ("", "")
    assert named_before_article("the rope") == ("", "")
