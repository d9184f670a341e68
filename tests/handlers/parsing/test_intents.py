"""Sentences about what one has, by their words alone."""

import pytest

from handlers.parsing.sentences.intents import intent
from handlers.parsing.sentences.questions import HOURS, PROBLEM


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("my mate Tom will bring the tent back tomorrow", "return"),
        ("kommer innom med teltet og leverer det", "return"),
        ("running behind, can i drop the tent off later?", "extend"),
        ("rekker ikke å levere før mandag", "extend"),
        ("kan vi ha teltet ei uke ekstra?", "extend"),
        ("our plans changed, we don't need it anymore, going off", "cancel"),
        ("hvor leverer jeg teltet?", HOURS),
        ("when am i supposed to bring it back?", "rentals"),
        ("kan Per ta over teltet?", "rentals"),
        ("the stove's totally dead, wont light", PROBLEM),
        ("ei teltstang er brekt", PROBLEM),
        ("is the tent broken?", None),
        ("could we have two canoes on sunday", None),
    ],
)
def test_the_words_tell_what_is_meant(said: str, meant: str | None) -> None:
    """Wherever they stand in the sentence; a question about harm reports none."""
    assert intent(said) == meant
