"""Files to import: real ones where they are, and short ones written down in a test."""

from pathlib import Path

import pytest

DATA = Path(__file__).parents[4] / "shared" / "data"
"""Real files that other people made. They are not part of the project: elsewhere these tests are skipped."""


CHUNK = 100
"""Rows per transaction in these tests: enough for several chunks, and soon written."""


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    return path


def lines(*rows: str) -> str:
    """A CSV text of these lines."""
    return "".join(f"{row}\n" for row in rows)
