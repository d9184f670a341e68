"""docs/states.md says what services/core/state_machine.py does."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from db.states import ClaimStatus, ExtensionStatus, HandOverStatus, RentalStatus
from services.core.state_machine import CLAIM, EXTENSION, HAND_OVER, RENTAL

PAGE = Path(__file__).parents[3] / "docs" / "states.md"

Moves = set[tuple[str, str]]

MACHINES: dict[str, tuple[Mapping[Any, set[Any]], type[StrEnum], set[str]]] = {
    "Rental": (RENTAL, RentalStatus, {"draft"}),
    "Claim": (CLAIM, ClaimStatus, {"wanted", "held"}),
    "Extension": (EXTENSION, ExtensionStatus, {"asked"}),
    "Hand-over": (HAND_OVER, HandOverStatus, {"offered"}),
}


def section(title: str) -> str:
    return re.split(r"^## ", PAGE.read_text(), flags=re.M)[list(MACHINES).index(title) + 1]


def drawn(text: str) -> Moves:
    """The arrows of the section's diagram."""
    (diagram,) = re.findall(r"```mermaid\nstateDiagram-v2\n(.*?)```", text, flags=re.S)
    return set(re.findall(r"^\s+(\S+) --> (\S+)$", diagram, flags=re.M))


def told(text: str) -> Moves:
    """The first two columns of the section's table."""
    return set(re.findall(r"^\| (\w+) \| (\w+) \|", text, flags=re.M)) - {("from", "to")}


@pytest.mark.parametrize("title", MACHINES)
def test_the_page_shows_the_moves_that_the_code_allows(title: str) -> None:
    """No arrow and no row more or less than the table of transitions has."""
    moves, _, begins = MACHINES[title]
    text = section(title)
    assert text.startswith(title)
    allowed = {(str(a), str(b)) for a, targets in moves.items() for b in targets}
    ends = {(str(a), "[*]") for a, targets in moves.items() if not targets}
    assert told(text) == allowed
    assert drawn(text) == allowed | ends | {("[*]", begin) for begin in begins}


@pytest.mark.parametrize("title", MACHINES)
def test_every_state_has_its_moves_and_can_be_reached(title: str) -> None:
    """The table names each state of the enumeration, and leads to each from where things begin."""
    moves, states, begins = MACHINES[title]
    assert set(moves) == set(states)
    reached = {states(begin) for begin in begins}
    while following := {b for a in reached for b in moves[a]} - reached:
        reached |= following
    assert reached == set(states)
