"""Processes to race with, once for all races."""

from collections.abc import Iterator

import pytest

from tests.races.processes import Racers


@pytest.fixture(scope="session")
def racers() -> Iterator[Racers]:
    racers = Racers()
    yield racers
    racers.close()
