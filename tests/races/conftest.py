"""Processes to race with, once for all races, and the number of rounds, one for all."""

from collections.abc import Iterator

import pytest

from tests.races.harness import rounds
from tests.races.harness.processes import Racers


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each race with few rounds, and with `-m long` many, batch after batch."""
    many = [
        pytest.param(size, marks=pytest.mark.long, id=f"batch {number} of {size}")
        for number, size in enumerate(rounds.batches(), 1)
    ]
    metafunc.parametrize("number_of_rounds", [pytest.param(rounds.FEW, id="few"), *many], indirect=True)


@pytest.fixture(autouse=True)
def number_of_rounds(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    rounds.run(number)
    return number


@pytest.fixture(scope="session")
def racers() -> Iterator[Racers]:
    racers = Racers()
    yield racers
    racers.close()
