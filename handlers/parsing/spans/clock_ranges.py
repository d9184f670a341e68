"""Hours of one day: `saturday 9 to 17`, `10am tomorrow to 4pm`, `9-17 on friday`."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import time

from handlers.parsing import date_vocabulary
from handlers.parsing.dates import DateAnswer, Problem

_AT = r"(?:at |@ ?|kl\.? ?|klokka |klokken |um )?"
_TIME = rf"{_AT}(?P<{{0}}>\d{{{{1,2}}}}(?:[:.]\d{{{{2}}}})?(?: ?[ap]\.?m\.?)?)(?: ?o'?clock| uhr)?"
_FIRST, _LAST = _TIME.format("begin"), _TIME.format("end")
_FROM = r"(?:from |fra |frå |von |between |mellom )?"
_TO = r"(?: ?[-–—] ?| (?:to|til|till|until|bis|and|og) )"
_DAY = r"(?P<day>\S.*?)"
_FORMS = (
    re.compile(rf"{_DAY},? {_FROM}{_FIRST}{_TO}{_LAST}"),
    re.compile(rf"{_FROM}{_FIRST}{_TO}{_LAST},? (?:on |på |am )?{_DAY}"),
    re.compile(rf"{_FROM}{_FIRST},? (?:on |på |am )?{_DAY}{_TO}{_LAST}"),
)
_BARE = re.compile(rf"(?:{date_vocabulary.TO} )?(?P<day>.*?)(?:^|,? ){_AT}(?P<hour>\d{{1,2}})")
_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?: ?(?P<half>[ap])\.?m\.?)?")

_AT_END = re.compile(r"(?:at|@|kl\.?|klokka|klokken) ?$")
_NOON = 12
_NUMBER = re.compile(r"[\d .]+")


def read(said: str, understand: Callable[..., DateAnswer | Problem]) -> tuple[DateAnswer, DateAnswer] | None:
    """Return the first and last moment of a tidied text that names a day and two times in it."""
    for form in _FORMS:
        found = form.fullmatch(said)
        if not found or (_NUMBER.fullmatch(found["day"]) and "." not in found["day"].strip(".")):
            continue
        if form is _FORMS[2] and not _says_times(found):
            continue
        day = understand(found["day"])
        hours = _hours(found["begin"], found["end"])
        part = date_vocabulary.PART_OF_DAY.fullmatch(found["day"])
        begins = date_vocabulary.PARTS_OF_TODAY.get(found["day"])
        if begins and isinstance(day, DateAnswer):
            day = replace(day, clock=None)
        elif part and isinstance(day, DateAnswer) and day.clock:
            day, begins = understand(part["rest"]), date_vocabulary.PARTS_OF_DAY[part["part"]]
        if begins and hours and begins >= _NOON and hours[1].hour < _NOON:
            # "monday evening 7-9"
            hours = hours[0].replace(hour=hours[0].hour + _NOON), hours[1].replace(hour=hours[1].hour + _NOON)
        if not isinstance(day, DateAnswer) or day.clock or not hours:
            continue
        weekday = found["day"] in date_vocabulary.WEEKDAYS and form is _FORMS[0]
        if weekday and "clock" not in said and found["end"].isdigit() and found["begin"] == str(day.day.day):
            # "friday 4 to 6" may be the 4th of the month.
            continue
        return replace(day, clock=hours[0]), replace(day, clock=hours[1])
    return None


def bare_hour(said: str) -> tuple[str, time] | None:
    """Return the day, which may be empty, and the hour of `to sunday 14`, `to 14`."""
    found = _BARE.fullmatch(said)
    if not found or not (hour := int(found["hour"])) < 24:
        return None
    if found["day"] and _NUMBER.fullmatch(found["day"]):
        return None
    return found["day"], time(hour)


def _says_times(found: re.Match[str]) -> bool:
    """Return whether both numbers are surely times: `10am`, `10:00`, `kl 10`."""
    before = (found.string[: found.start(name)] for name in ("begin", "end"))
    numbers = (found["begin"], found["end"])
    return all(not n.isdigit() or _AT_END.search(b) for n, b in zip(numbers, before, strict=True))


def _hours(begin: str, end: str) -> tuple[time, time] | None:
    """Return both times; `9 to 5` ends in the afternoon, and so does the `2` of `2-4pm` begin there."""
    first, last = _CLOCK.fullmatch(begin), _CLOCK.fullmatch(end)
    if not first or not last:
        return None
    half = first["half"]
    if not half and last["half"] and int(first["hour"]) < int(last["hour"]) % 12:
        half = last["half"]
    opens, closes = _minutes(first, half), _minutes(last, last["half"])
    if opens is None or closes is None:
        return None
    if not half and not last["half"] and begin.isdigit() and end.isdigit() and opens < closes <= 12 * 60:
        later = 60 * date_vocabulary.likely_hour(begin) - opens
        opens, closes = opens + later, closes + later
    if closes <= opens and not last["half"] and closes < 12 * 60 and closes + 12 * 60 > opens:
        closes += 12 * 60
    if closes <= opens or closes >= 24 * 60:
        return None
    return time(*divmod(opens, 60)), time(*divmod(closes, 60))


def _minutes(found: re.Match[str], half: str | None) -> int | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None
