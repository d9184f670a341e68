"""Parsing of opening hours, and of lists of closed days."""

import re
from datetime import date, time
from itertools import pairwise

from handlers.parsing import rental_line
from handlers.parsing.dates import DateAnswer
from services.core.hours.periods import Span, joined
from services.organizations.opening_hours_settings import LAST_MINUTE, Days

_MOST_TOKENS = 10
"""Tokens, as in "from tuesday 24. december 2026 until thursday 2. january 2027"."""

_GAP = re.compile(r"\s*[-–—]\s*|\s+(?:to|til|until)\s+")


_AND = re.compile(r"\s*[,;&+]\s*|\s+(?:and|og)\s+")
_MOST_SPANS = 3

_YEARLY = re.compile(r"(?:every year|each year|yearly|annually|hvert år|årlig)\b[:,]?\s*", re.IGNORECASE)
_OPEN = re.compile(r"(?:open|åpent|åpen)\b:?\s*", re.IGNORECASE)


def hours(text: str) -> Span | None:
    """Parse `10-18`, or with breaks `10-12, 16-18`. None for anything else, and for hours that overlap."""
    found = [_span(part) for part in _AND.split(text.strip().lower(), maxsplit=_MOST_SPANS)]
    spans = [one for one in found if one is not None]
    if len(spans) < len(found) or len(spans) > _MOST_SPANS:
        return None
    if any(later.opens <= before.closes for before, later in pairwise(spans)):
        return None
    return joined(spans)


def _span(text: str) -> Span | None:
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
    """Parse one line each: the days; then, as far as given, `every year`, `open 10-14`, the reason.

    Return the first line not understood.
    """
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
        return _rest(read.first.day, last, " ".join(tokens[count:]))
    return None


def _rest(first: date, last: date, text: str) -> Days | None:
    """Read what is said of the days; None where it says that they are open, and not when."""
    plain = _YEARLY.sub("", text, count=1) if _YEARLY.match(text) else text
    opens = _OPEN.match(plain)
    if opens is None:
        return Days(first, last, plain, yearly=plain != text)
    tokens = plain[opens.end() :].split()
    for count in range(len(tokens), 0, -1):
        span = hours(" ".join(tokens[:count]).rstrip(":,"))
        if span is not None:
            return Days(first, last, " ".join(tokens[count:]), yearly=plain != text, hours=span)
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
