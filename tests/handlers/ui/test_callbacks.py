"""What buttons carry: each verb is another one on the wire, and leads somewhere."""

import pytest

from handlers.taps import TAPS
from handlers.ui.callbacks import LONGEST, Tap, Verb, number, pack, unpack


def test_no_two_verbs_look_the_same_on_the_wire() -> None:
    """An enumeration takes two names of one value for one member: the second would do what the first does."""
    assert [name for name, verb in Verb.__members__.items() if verb.name != name] == []


def test_no_verb_both_acts_and_looks() -> None:
    """What changes something is done once; what looks may be done again."""
    assert set(TAPS.acts).isdisjoint(TAPS.looks)


def test_a_button_carries_64_bytes_at_the_most() -> None:
    """Telegram's limit, in bytes: what would not fit is found where it is made, not where it is sent."""
    room = 64 - len(pack(Verb.APPROVE, 1))
    for text in ("x" * room, "ø" * (room // 2)):
        assert unpack(pack(Verb.APPROVE, 1, text)) == Tap(Verb.APPROVE, 1, text)
        with pytest.raises(ValueError, match=f"over {LONGEST} bytes"):
            pack(Verb.APPROVE, 1, text + "øx")


@pytest.mark.parametrize("verb", Verb)
def test_the_largest_numbers_fit(verb: Verb) -> None:
    """A row's number, and two more as an argument, as some buttons have them."""
    largest = 10**18 - 1
    assert number(str(largest)) == largest
    assert unpack(pack(verb, largest, f"{largest}.{largest}")) == Tap(verb, largest, f"{largest}.{largest}")
