"""The tables of tests/long.py name tests that there are: a renamed one does not leave them unnoticed."""

import re
from pathlib import Path

from tests import long

HERE = Path(__file__).parent
NAMED = [
    *((file, name) for file, names in long.BEHIND.items() for name in names),
    *((file, name) for file, names in long.ONE_DATABASE.items() for name in names),
    *((file, name) for file, pairs in long.ONE_OF.items() for name, _ in pairs),
]


def test_each_name_is_that_of_a_test() -> None:
    texts = {file: (HERE / file).read_text(encoding="utf-8") for file, _ in NAMED}
    assert [
        f"{file}::{name}" for file, name in NAMED if name != "*" and f"def {name}(" not in texts[file]
    ] == []


def test_of_each_file_something_stays() -> None:
    """Or the other file that finds the same is named."""
    for file, names in long.BEHIND.items():
        tests = set(re.findall(r"^(?:async )?def (test_\w+)\(", (HERE / file).read_text("utf-8"), re.M))
        assert tests - set(names) or file in WHOLE, file


WHOLE = {
    "e2e/rentals/test_idempotency.py",  # tests/bot/updates
    "e2e/rentals/test_month_off.py",  # tests/services/organizations
    "e2e/inventory/test_real_inventory.py",  # tests/services/imports/inventory/test_real_files.py
    "e2e/desk/test_until_further_notice.py",  # tests/services/desk
    "db/test_state_from_the_audit.py",  # tests/db/test_migrations.py upgrades a populated database
    "e2e/telegram/hostile/test_whatever_comes.py",  # tests/bot/updates/test_corpus.py, test_fuzz.py
}
"""Files that are behind `long` as a whole, and what finds the same faults in the suite."""
