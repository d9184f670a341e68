"""Two days of one text: `friday to sunday`, `1.-3. december`, `3 days from tomorrow`."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import pairwise

from handlers.parsing import date_vocabulary
from handlers.parsing.dates import DateAnswer, Problem, Unclear
from handlers.parsing.spans import clock_ranges


@dataclass(frozen=True)
class Days:
    """One reading of the end of a line."""

    first: DateAnswer | Problem | None = None
    last: DateAnswer | Problem | None = None
    length: int | None = None
    moved: bool = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(end for end in (self.first, self.last) if isinstance(end, Problem))


Read = Callable[..., DateAnswer | Problem]

_LONG = 183
"""Days between two dates that are rather of one year: in "1.12.-3.12.2028" both are of 2028."""

NO_DAY = (Unclear.NOT_A_DATE, Unclear.TIME_ONLY)

_CUT = re.compile(r" ?[-–—] ?| (?:and|og|und|n|å|[&+]) | ")
_FROM = re.compile(rf"(?:{date_vocabulary.FROM}|the|den) ")
_SINCE = re.compile(rf"{date_vocabulary.FROM} ")
_THE = re.compile(r"^(?:the|den) ")
ON = re.compile(r"(?:on|på|for|am) ")
TO = re.compile(rf"{date_vocabulary.TO} ")
_BARE_DAY = re.compile(r"\d{1,2}(?:\.|st|nd|rd|th)?")
PLAIN_DAY = re.compile(r"\d{1,2}")
_DECIMAL = re.compile(r"\d{1,2}[./]\d{1,2}")
FRACTION = re.compile(r"\d{1,2}/\d{1,2}")
SMALL_DECIMAL = re.compile(r"\d\.\d")
_WITH_MONTH = re.compile(r"\d{1,2}(?!\d|\.?$)")


def two_days(said: str, read: Read, language: str) -> Iterator[Days]:
    """Yield all pairs that the text can be split into, those with the longest first day first."""
    for cut in reversed(list(_CUT.finditer(said))):
        left, right = said[: cut.start()], said[cut.end() :]
        if _together(left, cut[0], right, language) and (pair := _pair(left, right, read)):
            yield pair


_LISTED = re.compile(r",? (?:and|og|und|n|å|[&+]) |, ?")


_AND_LAST = re.compile(r" (?:and|og|und|n|å|[&+]) [^,]+$")


def days_of_list(said: str, read: Read) -> Days | None:
    """Return the days of `4, 5 and 6 december`; those that do not follow each other are asked about."""
    parts = _LISTED.split(said)
    if len(parts) < 2 or (_FROM.match(said) and len(parts) == 2):
        return None
    last = read(without(ON, parts[-1]))
    if not isinstance(last, DateAnswer) or last.clock:
        return None
    days = [last.day]
    for part in reversed(parts[:-1]):
        bare = without(_FROM, without(ON, part))
        if _BARE_DAY.fullmatch(bare):
            day = _last_such_day(int(re.sub(r"\D", "", bare)), days[0])
        elif isinstance(answer := read(bare), DateAnswer) and not answer.clock:
            day = answer.day
        else:
            return None
        days.insert(0, day)
    apart = {(after - before).days for before, after in pairwise(days)}
    if min(apart) < 1:
        return None
    if apart == {1}:
        return Days(DateAnswer(days[0]), DateAnswer(days[-1]))
    return Days(Problem(Unclear.SOME_DAYS, choices=(days[0], days[-1])))


def _together(left: str, gap: str, right: str, language: str) -> bool:
    """Return whether the left day belongs with the right one, and is not rather the end of a name."""
    if gap == " " and (right in date_vocabulary.FEASTS or PLAIN_DAY.fullmatch(right)):
        # The name of the day before it; "saturday 9" is no two days.
        return False
    if PLAIN_DAY.fullmatch(without(_FROM, without(TO, right))) and _names_day(left):
        # "saturday until 17" and "saturday from 9" may be times.
        return False
    if PLAIN_DAY.fullmatch(without(ON, left).rstrip(",")) and any(
        form.fullmatch(right) for form in (date_vocabulary.COUNT, date_vocabulary.WEEKEND)
    ):
        # "3-4 days", "for 2 weekends"
        return False
    if TO.match(left) and PLAIN_DAY.fullmatch(without(TO, left)):
        # "til 6 på søndag" is for six, or until six o'clock.
        return False
    if _FROM.match(left):
        return True
    tight = gap in "-–—"
    linked = not tight and (gap != " " or bool(TO.match(right)))
    left, right = without(ON, left), without(TO, right)
    small = bool(SMALL_DECIMAL.fullmatch(right))
    if PLAIN_DAY.fullmatch(left):  # "1-3 December", not "Switch 8 to 16" nor "18-55mm 4-5.6"
        return (tight or linked) and bool(_WITH_MONTH.match(right)) and not small
    if SMALL_DECIMAL.fullmatch(left) and small:  # not "18-55mm 3.5-5.6"
        return linked
    if tight or linked:
        return True
    length = bool(date_vocabulary.COUNT.fullmatch(right) or date_vocabulary.WEEKEND.fullmatch(right))
    if _DECIMAL.fullmatch(left):  # "1.12 3.12", not "50mm 1.8 tomorrow"
        return length or bool(_DECIMAL.fullmatch(right))
    if other_weekday(left, language) == left:
        return length or other_weekday(right, language) == right
    return True


def _names_day(said: str) -> bool:
    last = said.rpartition(" ")[2]
    return last.rstrip(".") in date_vocabulary.WEEKDAYS or said in date_vocabulary.NAMED_DAYS


def _pair(left: str, right: str, read: Read) -> Days | None:
    first, last = read(left), read(right)
    if near := _nearest_pair(first, last):
        return near
    if isinstance(first, DateAnswer) and isinstance(last, DateAnswer) and _SINCE.match(right):
        # "over christmas, from the 23rd"
        return Days(replace(first, clock=last.clock)) if first.day == last.day else None
    if isinstance(first, Problem):
        if first.code in NO_DAY or last == Problem(Unclear.NOT_A_DATE):
            return None
        if first.code is not Unclear.LENGTH_ONLY:
            return Days(first, None if last == Problem(Unclear.LENGTH_ONLY) else last)
        # "3 days from tomorrow"
        return Days(last, read(left, expect_after=last.day)) if isinstance(last, DateAnswer) else None
    bare = without(_FROM, without(ON, left))
    dated = _WITH_MONTH.match(_THE.sub("", without(TO, right)))
    if _BARE_DAY.fullmatch(_THE.sub("", bare)) and dated and isinstance(last, DateAnswer):
        return Days(read(_last_such_day(int(re.sub(r"\D", "", bare)), last.day).isoformat()), last)
    if (
        isinstance(last, DateAnswer)
        and first.day == last.day
        and (first.clock or _MIDNIGHT) < (last.clock or _MIDNIGHT)
    ):
        return Days(first, last)  # "saturday morning to saturday evening"
    last = read(right, expect_after=first.day)
    if first.clock and (timed := clock_ranges.bare_hour(right)):
        # After a time a bare number is one: "friday 10:00 to sunday 14".
        day, clock = timed
        last = read(day, expect_after=first.day) if day else DateAnswer(first.day, clock, first.past)
        if isinstance(last, Problem):
            return None
        last = replace(last, clock=clock)
    if isinstance(last, Problem):
        if last.code is Unclear.NOT_A_DATE:
            return None
        if last.code is Unclear.TIME_ONLY and _FROM.match(right) and first.clock is None:
            return Days(replace(first, clock=last.clock))  # "friday from 18:00"
        if last.code is Unclear.TIME_ONLY:
            last = DateAnswer(first.day, last.clock, first.past)
    elif (last.day - first.day).days > _LONG:
        nearer = read(left, expect_after=last.day)
        if isinstance(nearer, DateAnswer) and first.day < nearer.day <= last.day:
            first = nearer
    return Days(first, last)


_MIDNIGHT = time(0)
_MONTH_AND_A_HALF = 45


def _nearest_pair(first: DateAnswer | Problem, last: DateAnswer | Problem) -> Days | None:
    """Return the only two days that may be one loan, where both are unclear: `8/1 to 10/1` is no"
    " half year."""
    unclear = [one for one in (first, last) if isinstance(one, Problem) and one.code is Unclear.AMBIGUOUS]
    if len(unclear) != 2:
        return None
    pairs = [
        (one, two)
        for one in unclear[0].choices
        for two in unclear[1].choices
        if 0 <= (two - one).days <= _MONTH_AND_A_HALF
    ]
    return Days(DateAnswer(pairs[0][0]), DateAnswer(pairs[0][1])) if len(pairs) == 1 else None


def _last_such_day(number: int, until: date) -> date:
    """Return the first day in "1.-3.12.": of the last day's month, or of the one before as in"
    " "30.-2.1."."""
    month = until if number <= until.day else until.replace(day=1) - timedelta(days=1)
    return month.replace(day=min(number, monthrange(month.year, month.month)[1]))


def without(prefix: re.Pattern[str], said: str) -> str:
    found = prefix.match(said)
    return said[found.end() :] if found else said


def other_weekday(said: str, language: str) -> str | None:
    """Return the other language's short weekday that `said` begins with: "man" may be Monday or a man."""
    first = said.partition(" ")[0]
    return first if first in date_vocabulary.SHORT_WEEKDAYS["en" if language == "nb" else "nb"] else None
