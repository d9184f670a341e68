"""Moments that lie back, as lenders type them."""

from datetime import date, time

import pytest

from handlers.parsing import past
from handlers.parsing.dates import DateAnswer, Problem

TUESDAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("14:30", TUESDAY, time(14, 30)),
        ("14.30", TUESDAY, time(14, 30)),
        ("yesterday 18:00", date(2026, 11, 30), time(18)),
        ("i går kl 18", date(2026, 11, 30), time(18)),
        ("friday", date(2026, 11, 27), None),
        ("tuesday 9:00", TUESDAY, time(9)),
        ("28.11. 17:00", date(2026, 11, 28), time(17)),
        ("5", date(2026, 11, 5), None),
        ("2.12.", date(2025, 12, 2), None),
        ("tomorrow", date(2026, 12, 2), None),
    ],
)
def test_the_last_one_is_meant(text: str, day: date, clock: time | None) -> None:
    """A day without a year, or a weekday, is the last one; only what counts from today may lie ahead."""
    answer = past.understand(text, today=TUESDAY)
    assert isinstance(answer, DateAnswer)
    assert (answer.day, answer.clock) == (day, clock)


def test_what_is_no_day_is_none() -> None:
    """Words are a problem, as elsewhere."""
    assert isinstance(past.understand("the blue tent", today=TUESDAY), Problem)
