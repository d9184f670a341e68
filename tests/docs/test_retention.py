"""The operators' table of what is kept how long says what the program does."""

import re
from datetime import timedelta

import pytest

from services.access import answered, links, throttle
from services.core.policy import Policy
from services.inventory.search import misses
from services.messaging.tidying import retention
from tests.docs.test_guides import rows

OPERATORS = "docs/operators.md"
KEPT = {
    "updates that were handled": retention.UPDATES_KEPT,
    "updates that were set aside": retention.ASIDE_KEPT,
    "files that were imported": retention.UPDATES_KEPT,
    "what an import changed": retention.RUNS_KEPT,
    "messages that were sent or dropped": retention.MESSAGES_KEPT,
    "messages with a key, such as reminders, and those that failed": retention.KEYS_KEPT,
    "answers of the HTTP API to requests with a key": answered.KEPT,
    "links to sign in, once they are over": links.KEPT,
    "failed logins": throttle.FORGOTTEN_AFTER,
}


@pytest.mark.parametrize("what", KEPT)
def test_each_time_is_the_programs(what: str) -> None:
    """In days, from the constant that the clearing goes by."""
    said = {cells[0]: cells[1] for cells in rows(OPERATORS, "kept")}
    number = re.fullmatch(r"(\d+) days?", said[what])
    assert number is not None and timedelta(days=int(number[1])) == KEPT[what]


def test_nothing_else_is_in_the_table() -> None:
    """But what goes by months, or by a rule that is off until somebody sets it."""
    said = {cells[0]: cells[1] for cells in rows(OPERATORS, "kept") if cells[0] not in KEPT}
    assert said.pop("words that nobody found") == f"{misses.MONTHS_KEPT} months"
    assert set(said.values()) == {"for good"} and Policy().forget_after_months == 0
