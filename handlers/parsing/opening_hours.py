"""Parsing of opening hours, and of lists of closed days."""

import re
from datetime import date, time

from handlers.parsing import rental_line
from handlers.parsing.dates import DateAnswer
from services.core.opening_hours import Span
from services.organizations.opening_hours_settings import LAST_MINUTE, Days

_MOST_TOKENS = 10
"""Tokens, as in "from tuesday 24. december 2026 until thursday 2. january 2027"."""

_GAP = re.compile(r"\s*[-–—]\s*|\s+(?:to|til|until)\s+")


def hours(text: str) -> Span | None:
    """Parse `10-18`, `9:30 – 17`, `10 til 18`; 24:00 is the latest time of a day. None for anything else."""
    parts = _GAP.split(text.strip().lower().removeprefix("from ").removeprefix("fra "))
    if len(parts) != 2:
        return None
    opens, closes = clock(parts[0]), clock(parts[1])
    if opens is None or closes is None:
        return None
    if not (closes.hour or closes.minute):
        closes = LAST_MINUTE
    return Span(opens, closes) if opens < closes else None


def closed_days(text: str, *, today: date, language: str) -> list[Days] | str:
    """Parse one closure per line: its day or days, then the reason. Return the first line not understood."""
    found = []
    for line in text.splitlines():
        if line.strip():
            days = _line(line.strip(), today, language)
            if days is None:
                return line.strip()[:100]
            found.append(days)
    return found or text.strip()[:100]


def _line(line: str, today: date, language: str) -> Days | None:
    """Take the longest beginning that is only days; the reason follows."""
    tokens = line.split()
    for count in range(min(len(tokens), _MOST_TOKENS), 0, -1):
        said = " ".join(tokens[:count]).rstrip(":,")
        read = rental_line.parse(said, today=today, language=language)
        if read.words or read.quantity is not None or read.problems or not isinstance(read.first, DateAnswer):
            continue
        last = read.last.day if isinstance(read.last, DateAnswer) else read.first.day
        return Days(read.first.day, last, " ".join(tokens[count:]))
    return None


_MOST_DIGITS = 6


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def clock(said: str) -> time | None:
    """Parse `17:30`, `17.30`, `1730`, `17`, `24:00`; None for what is no time of day."""
    said = said.strip().lower().removeprefix("kl.").removeprefix("kl").removeprefix("at ").strip()
    hours, _, minutes = said.replace(".", ":").partition(":")
    if not minutes and len(hours) in (3, 4):
        hours, minutes = hours[:-2], hours[-2:]
    minutes = minutes or "00"
    if not (is_number(hours) and is_number(minutes) and len(minutes) == 2):
        return None
    hour, minute = int(hours), int(minutes)
    if (hour, minute) == (24, 0):
        return time(0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
