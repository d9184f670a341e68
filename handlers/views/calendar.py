"""A month to tap a day in."""

from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.callbacks import Verb, pack
from handlers.message import Button, Rows
from handlers.texts import Texts

TAKEN = "✕"
GONE = "·"
BLANK = "\u2800"
"""Looks empty, and is not: Telegram refuses a button without text."""


@dataclass(frozen=True)
class Month:
    """The days of a month that can be tapped; others are gone (past, out of range) or taken."""

    first: date
    free: frozenset[date]
    taken: frozenset[date]
    chosen: date | None = None
    has_before: bool = True
    has_after: bool = True


def month_rows(t: Texts, month: Month, data: Callable[[str, str], str]) -> Rows:
    """Seven columns, Monday first; `data(word, value)` makes what a button carries."""
    nothing = pack(Verb.NOTHING)
    previous = (month.first - timedelta(days=1)).replace(day=1)
    following = (month.first + timedelta(days=32)).replace(day=1)
    head = (
        Button("‹", data("month", previous.isoformat())) if month.has_before else Button(BLANK, nothing),
        Button(t.month(month.first), nothing),
        Button("›", data("month", following.isoformat())) if month.has_after else Button(BLANK, nothing),
    )
    names = tuple(Button(name, nothing) for name in t.weekdays())
    weeks = []
    for week in Calendar().monthdatescalendar(month.first.year, month.first.month):
        if any(day in month.free or day in month.taken or day == month.chosen for day in week):
            weeks.append(tuple(_day(month, day, data) for day in week))
    return (head, names, *weeks)


def _day(month: Month, day: date, data: Callable[[str, str], str]) -> Button:
    if day.month != month.first.month:
        return Button(BLANK, pack(Verb.NOTHING))
    if day in month.free:
        label = f"[{day.day}]" if day == month.chosen else str(day.day)
        return Button(label, data("day", day.isoformat()))
    if day == month.chosen:
        return Button(f"[{day.day}]", pack(Verb.NOTHING))
    if day in month.taken:
        return Button(TAKEN, pack(Verb.NOTHING, arg="taken"))
    return Button(GONE, pack(Verb.NOTHING))
