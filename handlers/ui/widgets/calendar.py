"""A month to tap a day in."""

from calendar import Calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from handlers.i18n.texts import Texts
from handlers.ui.callbacks import Verb, pack
from handlers.ui.message import Button, Rows
from services.core.hours.opening_hours import Shut, What

TAKEN = "✕"
CLOSED = "⊘"
GONE = "·"
SHUT_FOR_A_REASON = "closed"
SHUT_PLACE = "place"
TAKEN_UP = "taken"
PAST, BEFORE_FIRST, HAD = "past", "before", "had"
TOO_FAR, TOO_LONG = "far", "long"
BLANK = "\u2800"
"""Looks empty, and is not: Telegram refuses a button without text."""


@dataclass(frozen=True)
class Month:
    """The days that can be tapped; others are outside (past, out of range), taken or closed.

    `begin` is the earliest; `closed` has each day's callback argument, which tells the reason. `before` and
    `after`: the reasons why days cannot be tapped before the first one, and after the last.
    """

    first: date
    begin: date
    free: frozenset[date]
    taken: frozenset[date]
    chosen: date | None = None
    has_before: bool = True
    has_after: bool = True
    closed: Mapping[date, str] = field(default_factory=dict)
    before: str = PAST
    after: str = TOO_FAR

    def outside(self, day: date) -> str:
        """Return the reason for a day outside; empty between those that can be tapped."""
        inside = self.free | self.taken | self.closed.keys()
        if day < min(inside, default=self.begin):
            return self.before
        return self.after if day > max(inside, default=day) else ""


def month_rows(t: Texts, month: Month, data: Callable[[str, str], str], word: str = "day") -> Rows:
    """Return seven columns, Monday first; `data(word, value)` makes callback data.

    `word` is that of a day's button: two calendars in a row need two, so that a double tap on the first day
    does not choose the last one. A month with few weeks left is followed by the next one, so that the coming
    weekend needs no further tap.
    """
    nothing = pack(Verb.NOTHING)
    previous = (month.first - timedelta(days=1)).replace(day=1)
    following = next_month(month.first)
    weeks = _weeks(month, month.first, data, word)
    after = _weeks(month, following, data, word) if is_short(month.first, month.begin) else ()
    last_shown = following if after else month.first
    head: tuple[Button, ...] = (Button(t.month(month.first), nothing),)
    if month.has_before or month.has_after:
        head = (
            Button("‹", data("month", previous.isoformat())) if month.has_before else Button(BLANK, nothing),
            Button(t.month(month.first, narrow=True), nothing),
            Button("›", data("month", next_month(last_shown).isoformat()))
            if month.has_after
            else Button(BLANK, nothing),
        )
    names = tuple(Button(name, nothing) for name in t.weekdays())
    if not after:
        return (head, names, *weeks)
    return (head, names, *weeks, (Button(t.month(following), nothing),), *after)


def closed_day(what: What, shut: Shut) -> str:
    """Return the argument of a closed day's button: its closure, or which of the week's two has no hours."""
    if shut.closure is not None:
        return pack(Verb.NOTHING, shut.closure.id, SHUT_FOR_A_REASON)
    return pack(Verb.NOTHING, arg=what)


def over(what: What) -> str:
    """Return the argument of today's button, when it is too late for it."""
    return pack(Verb.NOTHING, arg=f"over_{what}")


def closed_place() -> str:
    """Return the argument of a day's button on which not all places are open that would be needed."""
    return pack(Verb.NOTHING, arg=SHUT_PLACE)


def next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def is_short(first: date, begin: date) -> bool:
    """Return whether fewer than ten days of the month are left from `begin` on."""
    return begin.replace(day=1) == first and (next_month(first) - begin).days < 10


def _weeks(month: Month, first: date, data: Callable[[str, str], str], word: str) -> Rows:
    """Return the weeks of one month with a day that can be tapped, or that is shown as taken or closed."""
    shown = month.free | month.taken | month.closed.keys() | {month.chosen}
    return tuple(
        tuple(_day(month, first, day, data, word) for day in week)
        for week in Calendar().monthdatescalendar(first.year, first.month)
        if any(day in shown and day.month == first.month for day in week)
    )


def _day(month: Month, first: date, day: date, data: Callable[[str, str], str], word: str) -> Button:
    if day.month != first.month:
        return Button(BLANK, pack(Verb.NOTHING))
    if day in month.free:
        label = f"[{day.day}]" if day == month.chosen else str(day.day)
        return Button(label, data(word, day.isoformat()))
    if day == month.chosen:
        taken = pack(Verb.NOTHING, arg=TAKEN_UP if day in month.taken else "")
        return Button(f"[{day.day}]", month.closed.get(day, taken))
    if day in month.closed:
        return Button(CLOSED, month.closed[day])
    if day in month.taken:
        return Button(TAKEN, pack(Verb.NOTHING, arg=TAKEN_UP))
    return Button(GONE, pack(Verb.NOTHING, arg=month.outside(day)))
