"""The data that buttons carry: each verb is another one on the wire, and leads somewhere."""

import sys

import pytest

from handlers.features import REGISTRY
from handlers.ui.callbacks import LONGEST, AnyVerb, Tap, Verb, number, pack


def enumerations() -> list[type[AnyVerb]]:
    """Those that the features have; not what a test has made up."""
    known = AnyVerb.__subclasses__()
    return [
        one
        for one in known
        if one.__module__.startswith("handlers.")
        and getattr(sys.modules.get(one.__module__), one.__name__, None) is one
    ]


def test_no_two_verbs_look_the_same_on_the_wire() -> None:
    """An enumeration takes two names of one value for one member: the second would do what the first does."""
    assert [
        name for kind in enumerations() for name, verb in kind.__members__.items() if verb.name != name
    ] == []


def test_every_verb_leads_somewhere() -> None:
    """One that no feature declares a button for would be out of date on every card."""
    assert {verb for kind in enumerations() for verb in kind} == set(REGISTRY.buttons)


def test_a_button_carries_64_bytes_at_the_most() -> None:
    """Telegram's limit, in bytes: what would not fit is found where it is made, not where it is sent."""
    room = 64 - len(pack(Verb.APPROVE, 1))
    for text in ("x" * room, "ø" * (room // 2)):
        assert REGISTRY.unpack(pack(Verb.APPROVE, 1, text)) == Tap(Verb.APPROVE, 1, text)
        with pytest.raises(ValueError, match=f"over {LONGEST} bytes"):
            pack(Verb.APPROVE, 1, text + "øx")


@pytest.mark.parametrize("verb", REGISTRY.buttons)
def test_the_largest_numbers_fit(verb: AnyVerb) -> None:
    """A row's number, and two more as an argument, as some buttons have them."""
    largest = 10**18 - 1
    assert number(str(largest)) == largest
    two = f"{largest}.{largest}"
    assert REGISTRY.unpack(pack(verb, largest, two)) == Tap(verb, largest, two)
