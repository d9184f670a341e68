"""docs/sandbox.md tells what is there."""

import inspect
import re
from pathlib import Path

import pytest

from sandbox import Person, Sandbox
from sandbox.control import POSTS
from sandbox.world import limits

GUIDE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("thing", [Person, Sandbox])
def test_every_verb_is_in_the_guide(thing: type) -> None:
    """Every method that a test can call on a person or the sandbox is named there."""
    verbs = [name for name, _ in inspect.getmembers(thing, inspect.isfunction) if not name.startswith("_")]
    known = {"start", "stop", "person", "add_person"}
    assert [name for name in verbs if name not in known and not re.search(rf"`{name}\b", GUIDE)] == []


def test_every_control_is_in_the_guide() -> None:
    """Each thing the page can do is named with its address."""
    assert [name for name in POSTS if f"POST `/sandbox/{name}`" not in GUIDE] == []


def test_the_limits_are_in_the_guide() -> None:
    """The numbers that the code uses are those that the guide promises."""
    assert f"{limits.ALL_PER_SECOND} in any one second" in GUIDE
    assert f"{limits.CHAT_BURST} at once, then one a second" in GUIDE
    assert f"{limits.GROUP_PER_MINUTE} in any 60 seconds" in GUIDE
