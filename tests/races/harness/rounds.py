"""The number of rounds of every race: one for all.

A few in the suite, many with `-m long`, and as many as one likes through `benchmarks/races.py --rounds`.
"""

import os

FEW = 4
"""In the suite: enough to see that a race is still run, and lost by nobody."""

BATCH = 50
"""Rounds on one database: with more, its clubs would be larger than any, and each round slower."""

GIVEN = "EQUIPLIB_RACE_ROUNDS"
"""The variable of the environment with the number of rounds for `-m long`."""

MANY = int(os.environ.get(GIVEN, "200"))

_now = FEW


def round_count() -> int:
    """Return the number of rounds of the race that is run now."""
    return _now


def each_round() -> range:
    return range(_now)


def batches() -> list[int]:
    """Return the sizes of the batches that make up the many rounds."""
    whole, rest = divmod(MANY, BATCH)
    return [BATCH] * whole + ([rest] if rest else [])


def run(number: int) -> None:
    """Let races have so many rounds from now on."""
    global _now
    _now = number
