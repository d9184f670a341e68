"""Processes to race with, once for all races."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.races.processes import Racers

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One race at a time: two at once would only slow each other down."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.xdist_group("races"))


@pytest.fixture(scope="session")
def racers() -> Iterator[Racers]:
    racers = Racers()
    yield racers
    racers.close()
