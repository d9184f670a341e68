"""What buttons carry: each verb is another one on the wire, and leads somewhere."""

from handlers.callbacks import Verb
from handlers.taps import TAPS


def test_no_two_verbs_look_the_same_on_the_wire() -> None:
    """An enumeration takes two names of one value for one member: the second would do what the first does."""
    assert [name for name, verb in Verb.__members__.items() if verb.name != name] == []


def test_no_verb_both_acts_and_looks() -> None:
    """What changes something is done once; what looks may be done again."""
    assert set(TAPS.acts).isdisjoint(TAPS.looks)
