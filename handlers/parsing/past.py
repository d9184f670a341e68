"""Parsing of moments that lie back: `friday` is the last one, `28.11.` the last such day."""

from datetime import date, timedelta

from handlers.parsing import dates, opening_hours
from handlers.parsing.dates import DateAnswer, Problem, Unclear

_BACK = (1, 7, 31, 366)
"""Days before today from which a day is looked for ahead: the nearest one behind us is found from one."""


def understand(text: str, *, today: date, day_first: bool = False) -> DateAnswer | Problem:
    """Return the last day, today at the latest, that `text` names, with the time of day that it may have.

    What can only lie ahead, such as `tomorrow`, is returned as it is.
    """
    said = dates.understand(text, today=today, day_first=day_first)
    if isinstance(said, Problem):
        clock = said.clock if said.code is Unclear.TIME_ONLY else opening_hours.clock(text)
        is_time = clock is not None and said.code in (Unclear.TIME_ONLY, Unclear.NOT_A_DATE)
        return DateAnswer(today, clock) if is_time else said
    if said.day <= today or _moves_with_today(text, said.day, today):
        return said
    for back in _BACK:
        answer = dates.understand(text, today=today - timedelta(days=back), day_first=day_first)
        if isinstance(answer, DateAnswer) and answer.day <= today:
            return DateAnswer(answer.day, answer.clock, past=answer.day < today)
    return said


def _moves_with_today(text: str, day: date, today: date) -> bool:
    """Return whether it is counted from today, unlike the name of a weekday or a date."""
    before = dates.understand(text, today=today - timedelta(days=1))
    return isinstance(before, DateAnswer) and day - before.day == timedelta(days=1)
