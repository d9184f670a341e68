"""Lists of a known stock in random dresses (tests/services/imports/dressed): what comes in is what is true.

With `-m long` there are many more, as many as LISTS says.
"""

import os
import random
from pathlib import Path

from tests import long
from tests.services.imports.conftest import Club
from tests.services.imports.dressed import writing
from tests.services.imports.dressed.judging import judge
from tests.services.imports.dressed.sheet import Dresser

FEW, MANY = 60, int(os.environ.get("LISTS", "2000"))
MOST_WRONG = 0.02
"""The part of many that may be wrong without a word; of the few none is."""
SENT_AGAIN = 6


def test_what_comes_in_is_what_is_true(tmp_path: Path) -> None:
    """Whatever is wrong is said, or asked about before."""
    lists = long.cases(FEW, MANY)
    wrong: dict[int, list[str]] = {}
    for seed in range(lists):
        rng = random.Random(seed)
        dressed = Dresser(rng).dress()
        verdict = judge(writing.write(rng, dressed, tmp_path), dressed)
        if verdict.unsaid:
            wrong[seed] = verdict.unsaid
    assert len(wrong) <= (MOST_WRONG * lists if lists > FEW else 0), wrong


def test_sent_again_they_change_nothing(club: Club, tmp_path: Path) -> None:
    """Each list is known again, without its codes as well."""
    for seed in range(long.cases(SENT_AGAIN, 20 * SENT_AGAIN)):
        rng = random.Random(seed)
        dressed = Dresser(rng).dress()
        path = writing.write(rng, dressed, tmp_path)
        if judge(path, dressed).kind != "right":
            continue
        here = club.found(f"Club {seed}")
        here.brings(path)
        before = here.everything()
        here.brings(path)
        assert here.everything() == before, seed
