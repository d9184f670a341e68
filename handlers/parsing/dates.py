"""Parsing of typed dates, in English and Norwegian.

Only forms of our own: general parsers guess, and read `1.12.` as a time of day.

- A day without a year is the next one: `1.12.`, `7` and `friday` look ahead, the first two may be today.
- `friday` is the next Friday after today; `next friday`, `neste fredag` is the one in the week after this.
- A day that ends a period looks ahead from its beginning, and lengths count both ends: from the 1st,
  `3 days` is until the 3rd, `a week` until the 7th, `weekend` until Sunday.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum

from handlers.parsing import date_vocabulary as words
from handlers.parsing import typos
from handlers.parsing.spans import date_ranges


class Unclear(StrEnum):
    """The reason why a text is no date; the comment says what the Problem carries with it."""

    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"  # day, month
    NO_SUCH_TIME = "no_such_time"
    AMBIGUOUS = "ambiguous"  # choices: what it may mean, the sooner first
    SOME_DAYS = "some_days"  # choices: the first and the last of the days among which some are meant
    TIME_ONLY = "time_only"  # clock
    LENGTH_ONLY = "length_only"  # a length, where no beginning is known


@dataclass(frozen=True)
class DateAnswer:
    """A local day, perhaps with a time of day; `past`: the day is before today."""

    day: date
    clock: time | None = None
    past: bool = False


@dataclass(frozen=True)
class Problem:
    """A text that was not understood; `month` is always 1 to 12, so that it can be named."""

    code: Unclear
    day: int | None = None
    month: int | None = None
    clock: time | None = None
    choices: tuple[date, ...] = ()


LONGEST = 80
"""Characters of the longest text that is parsed at all."""

YEARS = range(1900, 2200)
"""Years that a calendar can show; nobody means others."""

_NOT_A_DATE = Problem(Unclear.NOT_A_DATE)


@dataclass(frozen=True)
class _Frame:
    """The context from which a date is computed."""

    today: date
    after: date | None
    alone: bool
    day_first: bool = False

    @property
    def start(self) -> date:
        return self.after or self.today


def understand(
    text: str,
    *,
    today: date,
    expect_after: date | None = None,
    alone: bool = True,
    day_first: bool = False,
) -> DateAnswer | Problem:
    """Return the day that `text` names, in English or Norwegian.

    `expect_after`: the first day of a period, when its last day is asked for. A last day before the first is
    returned as it is, and so is a day in the past. Not `alone`: the text may belong to a name, so no time
    before the day and no `sunday 6` is accepted. `day_first`: where people write so, `4/12` is in December.
    Never raises, whatever the text.
    """
    said = tidy(text) if len(text) <= LONGEST else ""
    frame = _Frame(today, expect_after, alone, day_first)
    found = _understand(said, frame)
    if alone and found == _NOT_A_DATE and (meant := typos.mended(said)) != said:
        return _understand(meant, frame)
    return found


def _understand(said: str, frame: _Frame) -> DateAnswer | Problem:
    today, alone, said = frame.today, frame.alone, words.hours_in_digits(said)
    filler = words.FILLER.match(said)
    if (part_of_today := said[filler.end() :] if filler else said) in words.PARTS_OF_TODAY:
        return DateAnswer(today, time(words.PARTS_OF_TODAY[part_of_today]))
    begins = words.WEEKDAY_FROM.fullmatch(said)
    if begins and isinstance(day := _day(begins["rest"], frame), date):
        hour = words.likely_hour(begins["hour"])
        # "friday from 4" may be the 4th.
        if int(begins["hour"]) != day.day and hour < 24:
            return DateAnswer(day, time(hour))
    timed = words.CLOCK_LAST.fullmatch(said)
    if timed and timed["rest"] in words.PARTS_OF_TODAY and (clock := _clock(timed)):
        return DateAnswer(today, _in_part(clock, words.PARTS_OF_TODAY[timed["rest"]]))
    clock = None
    part = words.PART_OF_DAY.fullmatch(said)
    if part and not part["rest"].isdigit() and isinstance(day := _day(part["rest"], frame), date):
        # "1 night" is so long.
        return DateAnswer(day, time(words.PARTS_OF_DAY[part["part"]]), past=day < today)
    noon = words.NOON_OF.fullmatch(said)
    if noon and isinstance(day := _day(noon["rest"], frame), date):
        return DateAnswer(day, time(12), past=day < today)
    if timed := words.CLOCK_LAST.fullmatch(said) or (
        words.CLOCK_FIRST if alone else words.TIME_FIRST
    ).fullmatch(said):
        said = timed["rest"]
        clock = _clock(timed)
        if not said or words.FILLER.fullmatch(f"{said} "):
            return Problem(Unclear.TIME_ONLY, clock=clock) if clock else _NOT_A_DATE
    day = _day(said, frame) or _NOT_A_DATE
    if timed and clock and day == _NOT_A_DATE and (part := words.PART_OF_DAY.fullmatch(said)):
        # "tomorrow afternoon at 3"
        day = _day(part["rest"], frame) or _NOT_A_DATE
        clock = _in_part(clock, words.PARTS_OF_DAY[part["part"]])
    if isinstance(day, Problem):
        return replace(day, clock=clock)
    if timed and clock is None:
        return Problem(Unclear.NO_SUCH_TIME)
    return DateAnswer(day, clock, past=day < today)


def _in_part(clock: time, begins: int) -> time:
    """Return the hour that is meant in the part of a day that begins so late: the 3 of an afternoon."""
    return clock.replace(hour=clock.hour + 12) if begins >= 12 and clock.hour < 12 else clock


def tidy(text: str) -> str:
    """Return it in lower case, with single blanks and ASCII digits, without invisible characters."""
    plain = "".join(
        str(unicodedata.decimal(character, character))
        for character in unicodedata.normalize("NFC", text).casefold()
        if unicodedata.category(character) != "Cf"
    )
    return " ".join(plain.split()).rstrip(",!? ")


def _clock(timed: re.Match[str]) -> time | None:
    def part(name: str) -> str | None:
        return next(
            (timed[name + n] for n in "1234" if name + n in timed.re.groupindex and timed[name + n]), None
        )

    hour, minute, half = int(part("h") or 0), int(part("m") or 0), part("half")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif timed["h1"] and not timed["m1"]:
        hour = words.likely_hour(timed["h1"])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(said: str, frame: _Frame) -> date | Problem | None:
    while True:
        for read in (_named_day, _with_month, _weekday, _weekday_and_date, _counted, _weekend, _bare_day):
            if found := read(said, frame):
                return found
        filler = words.FILLER.match(said)
        if not filler:
            return None
        said = said[filler.end() :]


def _named_day(said: str, frame: _Frame) -> date | None:
    said = words.AT_FEAST.sub("", said) if words.AT_FEAST.sub("", said) in words.FEASTS else said
    if advent := words.ADVENT.fullmatch(said):
        return _advent(int(advent["number"] or words.ORDINALS[advent["name"]]), frame.start)
    ahead = words.NAMED_DAYS.get(said)
    if ahead is not None:
        return frame.today + timedelta(days=ahead)
    if said not in words.FEASTS:
        return None
    month, day = words.FEASTS[said]
    year = frame.start.year
    feast = date(year, month, day)
    return feast if feast >= frame.start else feast.replace(year=year + 1)


def _advent(number: int, start: date) -> date:
    """Return the Sunday of Advent that is next; the fourth is the last before Christmas Day."""
    for year in (start.year, start.year + 1):
        eve = date(year, 12, 24)
        sunday = eve - timedelta(days=(eve.weekday() + 1) % 7, weeks=4 - number)
        if sunday >= start:
            break
    return sunday


def _with_month(said: str, frame: _Frame) -> date | Problem | None:
    if found := words.ISO.fullmatch(said) or words.DAY_MONTH.fullmatch(said):
        return _make(frame, int(found["day"]), int(found["month"]), found["year"])
    by_name = (words.DAY_NAME, words.NAME_DAY, words.YEAR_NAME_DAY)
    if found := next(filter(None, (form.fullmatch(said) for form in by_name)), None):
        return _make(frame, int(found["day"]), words.MONTHS[found["name"]], found["year"])
    found = words.SLASHES.fullmatch(said)
    if not found or (found["mark"] == "-" and not found["year"]):
        return None
    one, two = int(found["one"]), int(found["two"])
    readings = _make(frame, one, two, found["year"]), _make(frame, two, one, found["year"])
    if frame.day_first and isinstance(readings[0], date):
        return readings[0]
    choices = sorted({reading for reading in readings if isinstance(reading, date)})
    # What is past is not meant, where something else may be.
    choices = [choice for choice in choices if choice >= frame.start] or choices
    if len(choices) > 1:
        return Problem(Unclear.AMBIGUOUS, choices=tuple(choices))
    if choices:
        return choices[0]
    return next((reading for reading in readings if reading != _NOT_A_DATE), _NOT_A_DATE)


def _make(frame: _Frame, day: int, month: int, year: str | None) -> date | Problem:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return _NOT_A_DATE
    number = int(year) if year else _likely_year(frame, day, month)
    if year and len(year) == 2:
        number += 2000
    if number not in YEARS:
        return _NOT_A_DATE
    if day > monthrange(number, month)[1]:
        return Problem(Unclear.NO_SUCH_DAY, day=day, month=month)
    return date(number, month, day)


def _likely_year(frame: _Frame, day: int, month: int) -> int:
    """Return the year of the next such day; but a last day shortly before the first stays before it."""
    start = frame.start
    if (month, day) >= (start.month, start.day):
        return start.year
    if frame.after and month + 12 - start.month > 6:
        return start.year
    return start.year + 1


def _bare_day(said: str, frame: _Frame) -> date | None:
    found = words.BARE_DAY.fullmatch(said)
    if not found or not 1 <= (day := int(found["day"])) <= 31:
        return None
    first = frame.start.replace(day=1)
    if day < frame.start.day:
        first = _add_months(first, 1)
    while day > monthrange(first.year, first.month)[1]:
        first = _add_months(first, 1)
    return first.replace(day=day)


def _weekday(said: str, frame: _Frame) -> date | None:
    found = words.WEEKDAY.fullmatch(said)
    if not found:
        return _weekday_in_weeks(said, frame) or date_ranges.day_of_week(said, frame.today)
    number = words.WEEKDAYS[found["name"]]
    if found["which"] in ("next", "neste"):
        day = _in_week_of(frame.today, number) + timedelta(days=7)
        return day if day >= frame.start else _in_week_of(frame.start, number) + timedelta(days=7)
    soonest = 0 if found["which"] in ("this", "denne") else 1
    return frame.start + timedelta(days=(number - frame.start.weekday() - soonest) % 7 + soonest)


def _weekday_in_weeks(said: str, frame: _Frame) -> date | None:
    """Return the Friday of `friday in two weeks`, `fredag om to uker`."""
    found = next(filter(None, (form.fullmatch(said) for form in words.WEEKDAY_IN_WEEKS)), None)
    if not found:
        return None
    number = "one" if found.re is words.WEEKDAY_WEEK else found["number"]
    weeks = words.NUMBERS[number] if number in words.NUMBERS else int(number)
    weekday = words.WEEKDAYS[found["name"]]
    if found.re in (words.WEEKS_FROM, words.WEEKDAY_WEEK):
        return frame.today + timedelta((weekday - frame.today.weekday()) % 7, weeks=weeks)
    return _in_week_of(frame.today + timedelta(weeks=weeks), weekday)


def _in_week_of(day: date, weekday: int) -> date:
    return day + timedelta(days=weekday - day.weekday())


def _weekday_and_date(said: str, frame: _Frame) -> date | Problem | None:
    found = words.WEEKDAY_AND.fullmatch(said)
    if not found:
        return None
    rest = found["rest"]
    bare = words.DATED.fullmatch(rest) or (
        (found["article"] or frame.alone) and words.BARE_DAY.fullmatch(rest)
    )
    day = _bare_day(rest, frame) if bare else _with_month(rest, frame)
    if isinstance(day, Problem):
        # "friday 11/12" is the one of both that is a Friday.
        fitting = [one for one in day.choices if one.weekday() == words.WEEKDAYS[found["name"]]]
        return fitting[0] if len(fitting) == 1 else day
    if day is None:
        return None
    same_week = _in_week_of(day, words.WEEKDAYS[found["name"]])
    if day == same_week:
        return day
    return Problem(Unclear.AMBIGUOUS, choices=tuple(sorted((day, same_week))))


def _counted(said: str, frame: _Frame) -> date | Problem | None:
    found = words.COUNT.fullmatch(said)
    if not found:
        return None
    word = found["number"].strip()
    number = words.NUMBERS[word] if word in words.NUMBERS else int(word)
    if found["ahead"] or found["how"] in ("in", "om", "i dag om"):
        day = _ahead(frame.today, number, found)
    elif frame.after is None:
        return Problem(Unclear.LENGTH_ONLY)
    else:
        # Three nights from Friday are until Monday, three days until Sunday.
        day = _ahead(frame.after, number, found) - timedelta(days=0 if found["nights"] else 1)
    return day if day.year in YEARS else _NOT_A_DATE


def _ahead(day: date, number: int, unit: re.Match[str]) -> date:
    if unit["months"]:
        return _add_months(day, number)
    return day + timedelta(days=number * words.days_of(unit))


def _add_months(day: date, number: int) -> date:
    years, month = divmod(day.month - 1 + number, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _weekend(said: str, frame: _Frame) -> date | Problem | None:
    if words.AFTER_WEEKEND.fullmatch(said):
        return _in_week_of(frame.start, 6) + timedelta(days=1)
    if words.END_OF_WEEK.fullmatch(said):
        return _in_week_of(frame.start, 6)
    if not words.WEEKEND.fullmatch(said):
        return None
    return _in_week_of(frame.after, 6) if frame.after else Problem(Unclear.LENGTH_ONLY)
