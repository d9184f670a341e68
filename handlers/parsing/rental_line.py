"""Parsing of the line after `/rent`, such as `tent x2 2026-12-01 2026-12-03`.

Names of equipment hold numbers and dots ("Genelec 8050A", "50mm 1.8", "Strand LX 12/24"), so days are looked
for at the end of the line alone, and what may as well be part of a name is a day only in company:

- the longest end of the line that reads as one day, or as a first and a last one, is taken;
- a plain `7`, a `1.8`, a `24/12` and the short weekdays of the other language are no days by themselves, but
  are after `from` or `fra`, or where another day completes them: `1.8. til 7`, `1-3 December`;
- a day after `to`, `til` or `until` with none before it is the last day, and the first is still open.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import partial

from handlers.parsing import clock_ranges, date_ranges, date_vocabulary
from handlers.parsing.date_ranges import Still
from handlers.parsing.dates import LONGEST, DateAnswer, Problem, Unclear, tidy, understand
from handlers.parsing.quantities import take_quantity


@dataclass(frozen=True)
class RentLine:
    """A parsed line. None was not said, or is among the problems, first day before last.

    `quantity` is the number as it was written: zero, negative or a million. `length`: a number of days
    without a first one. `moved`: the range that was named is over, or has begun too long ago today; these
    are the days that can still be had. `counted_first`: the number stood before all the words.
    """

    words: str
    quantity: int | None = None
    first: DateAnswer | None = None
    last: DateAnswer | None = None
    problems: tuple[Problem, ...] = ()
    length: int | None = None
    moved: bool = False
    counted_first: bool = False

    @property
    def tells_when(self) -> bool:
        return bool(self.first or self.last or self.problems or self.length)


@dataclass(frozen=True)
class _Days:
    """One reading of the end of a line."""

    first: DateAnswer | Problem | None = None
    last: DateAnswer | Problem | None = None
    length: int | None = None
    moved: bool = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(end for end in (self.first, self.last) if isinstance(end, Problem))


_Read = Callable[..., DateAnswer | Problem]
_ReadSpan = Callable[[str], _Days | None]

THIS_WEEKEND = "this weekend"

_MOST_TOKENS = 14
"""Tokens, as in "from tuesday 1. december 2026 at 14:00 until thursday 3. december 2026 at 10:00"."""

_LONG = 183
"""Days between two dates that are rather of one year: in "1.12.-3.12.2028" both are of 2028."""

_NO_DAY = (Unclear.NOT_A_DATE, Unclear.TIME_ONLY)

_CUT = re.compile(r" ?[-–—] ?| (?:and|og|und|n|å|[&+]) | ")
_FROM = re.compile(rf"(?:{date_vocabulary.FROM}|the|den) ")
_ON = re.compile(r"(?:on|på|for|am) ")
_TO = re.compile(rf"{date_vocabulary.TO} ")
_WEEKDAY = date_vocabulary.any_of(date_vocabulary.WEEKDAYS)
_BOTH_DATED = re.compile(
    rf"(?:{date_vocabulary.FROM} )?(?P<w1>{_WEEKDAY})\.? (?P<d1>\d{{1,2}})\.?(?: ?[-–] ?| (?:to|til"
    rf"|until|and|og|bis) )"
    rf"(?P<w2>{_WEEKDAY})\.? (?P<d2>\d{{1,2}})\.?"
)
_BARE_DAY = re.compile(r"\d{1,2}(?:\.|st|nd|rd|th)?")
_PLAIN_DAY = re.compile(r"\d{1,2}")
_DECIMAL = re.compile(r"\d{1,2}[./]\d{1,2}")
_FRACTION = re.compile(r"\d{1,2}/\d{1,2}")
_SMALL_DECIMAL = re.compile(r"\d\.\d")
_SLASHED_ON = re.compile(r"(?:on|på|den|am) \d{1,2}/\d{1,2}")
_WITH_MONTH = re.compile(r"\d{1,2}(?!\d|\.?$)")


def parse(
    text: str, *, today: date, language: str, day_first: bool = False, still: Still | None = None
) -> RentLine:
    """Parse the words after `/rent`, as far as possible without the inventory. Never raises.

    `words` is the rest, as it was written. Look for the whole line as a name or a code first: an item called
    "Adapter 3.12" is not an adapter for the 3rd. `day_first`: as for `understand`. `still`: as for
    `date_ranges.read`.
    """
    line, quantity = take_quantity(text.strip())
    counted_first = not text.strip().startswith(line)
    read = partial(understand, today=today, alone=False, day_first=day_first)
    span = partial(_span, today=today, still=still)
    line, days = _take_days(line, read, span, partial(_vague, today=today), language)
    if line and days.last == Problem(Unclear.LENGTH_ONLY) and days.first is None:
        # "tent weekend"; without a thing it may be the beginning of a name.
        days = (is_weekend(text.rpartition(" ")[2]) and span(THIS_WEEKEND)) or days
    if quantity is None:
        line, quantity = take_quantity(line)
    return RentLine(
        line,
        quantity,
        days.first if isinstance(days.first, DateAnswer) else None,
        days.last if isinstance(days.last, DateAnswer) else None,
        days.problems,
        days.length,
        days.moved,
        counted_first,
    )


def is_days(
    text: str, *, today: date, language: str, day_first: bool = False, still: Still | None = None
) -> bool:
    """Return whether the whole text is days, as the end of a line may be."""
    read = partial(understand, today=today, alone=False, day_first=day_first)
    span, vague = partial(_span, today=today, still=still), partial(_vague, today=today)
    return _end_of_line(tidy(text), read, span, vague, language) is not None


def only_days(
    text: str, *, today: date, language: str, day_first: bool = False, still: Still | None = None
) -> RentLine | None:
    """Return the first and last day, or a length, where only days are asked for: there `27-29` is clear."""
    for said in (text, f"from {text}", f"the {text}"):
        line = parse(said[:100], today=today, language=language, day_first=day_first, still=still)
        if not line.words and ((line.first and line.last) or line.length):
            return line
    return None


def both_days(
    text: str, *, today: date, language: str, day_first: bool = False
) -> tuple[DateAnswer, DateAnswer] | None:
    """Return the first and last day, where only days are asked for."""
    line = only_days(text, today=today, language=language, day_first=day_first)
    return (line.first, line.last) if line and line.first and line.last else None


def without_name(line: RentLine, *, today: date, language: str, day_first: bool = False) -> RentLine | None:
    """Return another reading, where nothing has that name: in `tent 12/24` the end is a date after all."""
    words, _, last = line.words.rpartition(" ")
    if not words or line.first or line.last or line.problems or not _FRACTION.fullmatch(last):
        return None
    again = parse(f"{words} from {last}", today=today, language=language, day_first=day_first)
    return replace(again, quantity=line.quantity)


def _take_days(
    line: str, read: _Read, span: _ReadSpan, vague: Callable[[str], Problem | None], language: str
) -> tuple[str, _Days]:
    starts = [token.start() for token in re.finditer(r"\S+", line)]
    for start in starts[-_MOST_TOKENS:]:
        if len(line) - start > 2 * LONGEST:
            continue
        if days := _end_of_line(tidy(line[start:]), read, span, vague, language):
            return line[:start].rstrip().rstrip(",;").rstrip(), days
    return line, _Days()


def _end_of_line(
    said: str, read: _Read, span: _ReadSpan, vague: Callable[[str], Problem | None], language: str
) -> _Days | None:
    """Prefer one day to two, and unambiguous readings to problems."""
    if days := span(said):
        return days
    if days := _around(said, read, language):
        return days
    if some := _either(said, read) or vague(said) or _before(said, read):
        return _Days(first=some)
    if length := _length(said):
        return _Days(length=length)
    if dated := _BOTH_DATED.fullmatch(said):
        first, last = (
            read(f"{dated[day]} the {dated[number]}") for day, number in (("w1", "d1"), ("w2", "d2"))
        )
        if isinstance(first, DateAnswer) and isinstance(last, DateAnswer):
            # "sat 12 to sun 13", where these are such days; "friday 16 to sunday 12" are hours.
            return _Days(first, last)
    if (pair := _BOTH_AFTER_TO.fullmatch(said)) and (
        days := next((two for two in _two_days(pair[1], read, language) if not two.problems), None)
    ):
        return days
    said = date_vocabulary.hours_in_digits(said)
    if hours := clock_ranges.read(said, read):
        return _Days(*hours)
    one = _one_day(said, read, language)
    if one and (not one.problems or date_vocabulary.WEEKDAY_AND.fullmatch(said)):
        # "saturday 6 december", which is a Sunday, is asked about.
        return one
    pairs = list(_two_days(said, read, language))
    return next((pair for pair in pairs if not pair.problems), None) or one or next(iter(pairs), None)


_AROUND = re.compile(
    r"(?:(?:for|over|on|in|i) )?(?:the )?(?:(?P<weekend>weekend|wknd|helg(?:a|en)?)|week|uka|uken|veka) "
    r"(?:(?:of|around|starting|beginning|with|rundt|med|fra|som begynner) )?(?P<day>\S.*)"
)


def _around(said: str, read: _Read, language: str) -> _Days | None:
    """Return the days of `the weekend of the 12th`, `uka fra 14. desember`."""
    found = _AROUND.fullmatch(said)
    if not found or not re.search(r"\d", found["day"]) or found["day"].isdigit():
        return None
    if found["day"][0].isdigit() and (
        pair := next((p for p in _two_days(found["day"], read, language) if not p.problems), None)
    ):
        # "helgen 12-13 desember"
        return pair
    day = read(found["day"])
    if not isinstance(day, DateAnswer) or day.clock:
        return None
    monday = day.day - timedelta(days=day.day.weekday())
    first, last = (monday + timedelta(days=after) for after in ((4, 6) if found["weekend"] else (0, 6)))
    return _Days(replace(day, day=first), replace(day, day=last))


_BOTH_AFTER_TO = re.compile(
    r"(?:til|for|on|på|den|am|vom) (\d{1,2}\.? ?(?:[-–]|to|til|and|og|und|bis) ?\d{1,2}\.? ?[^\W\d].*)"
)
"""The `til 4.-6. januar` in which `til` is for, not until."""

_OR = re.compile(r"(?P<one>\S.*) (?:or|eller|oder) (?:on |på |am )?(?P<other>.*\S)")


def _either(said: str, read: _Read) -> Problem | None:
    """Return the question which of two days is meant: `tomorrow or saturday`."""
    found = _OR.fullmatch(said)
    if not found:
        return None
    one, other = (read(_without(_ON, found[name])) for name in ("one", "other"))
    if not (isinstance(one, DateAnswer) and isinstance(other, DateAnswer)) or one.day == other.day:
        return None
    return Problem(Unclear.AMBIGUOUS, choices=tuple(sorted((one.day, other.day))))


_BEFORE = re.compile(r"(?:some ?time )?(?:before|før|vor) (?P<day>\S.*)")


def _before(said: str, read: _Read) -> Problem | None:
    """Return the question which of the days before one is meant."""
    found = _BEFORE.fullmatch(said)
    if not found:
        return None
    day, today = read(_without(_ON, found["day"])), read("today")
    if (
        not (isinstance(day, DateAnswer) and isinstance(today, DateAnswer))
        or day.clock
        or day.day <= today.day
    ):
        return None
    return Problem(Unclear.SOME_DAYS, choices=(today.day, day.day - timedelta(days=1)))


def _vague(said: str, *, today: date) -> Problem | None:
    found = date_ranges.vague(said, today)
    return Problem(Unclear.SOME_DAYS, choices=found) if found else None


def _span(said: str, *, today: date, still: Still | None) -> _Days | None:
    usual, found = date_ranges.read(said, today), date_ranges.read(said, today, still)
    if found is None:
        return None
    first, last = (DateAnswer(day, past=day < today) for day in found)
    return _Days(first, last, moved=found != usual)


THIS_WEEKEND = "this weekend"


def is_weekend(text: str) -> bool:
    """Return whether the text is `weekend`, and nothing else."""
    return bool(date_vocabulary.WEEKEND.fullmatch(tidy(text[-LONGEST:])))


def _length(said: str) -> int | None:
    """Return the days of `3 days`, `for en uke`: from when it can begin. Not `in 3 days`."""
    found = date_vocabulary.COUNT.fullmatch(said)
    if not found or found["ahead"] or found["how"] not in (None, "for", "i", "für") or found["months"]:
        return None
    word = found["number"].strip()
    number = date_vocabulary.NUMBERS[word] if word in date_vocabulary.NUMBERS else int(word)
    return number * date_vocabulary.days_of(found) + bool(found["nights"])


def _one_day(said: str, read: _Read, language: str) -> _Days | None:
    if said.startswith("for ") and date_vocabulary.WEEKS_FROM.fullmatch(said[4:]):
        return None  # so long, from that day on
    answer = read(said)
    unclear = answer.code if isinstance(answer, Problem) else None
    bare = _without(_TO, _without(_ON, said))
    other = _other_weekday(bare, language)
    dated = _SLASHED_ON.fullmatch(said)
    if not dated and any(form.fullmatch(bare) for form in (_PLAIN_DAY, _SMALL_DECIMAL, _FRACTION)):
        return None
    if unclear in _NO_DAY:
        return None
    if other and (unclear or other == bare):
        return None
    # "to uker fra fredag" is two weeks from then.
    until = _TO.match(said) and read(_without(_TO, said)) != Problem(Unclear.NOT_A_DATE)
    if unclear is Unclear.LENGTH_ONLY or until:
        return _Days(last=answer)
    return _Days(first=answer)


def _two_days(said: str, read: _Read, language: str) -> Iterator[_Days]:
    """Yield all pairs that the text can be split into, those with the longest first day first."""
    for cut in reversed(list(_CUT.finditer(said))):
        left, right = said[: cut.start()], said[cut.end() :]
        if _together(left, cut[0], right, language) and (pair := _pair(left, right, read)):
            yield pair


def _together(left: str, gap: str, right: str, language: str) -> bool:
    """Return whether the left day belongs with the right one, and is not rather the end of a name."""
    if gap == " " and (right in date_vocabulary.FEASTS or _PLAIN_DAY.fullmatch(right)):
        # The name of the day before it; "saturday 9" is no two days.
        return False
    if _PLAIN_DAY.fullmatch(_without(_FROM, _without(_TO, right))) and _names_day(left):
        # "saturday until 17" and "saturday from 9" may be times.
        return False
    if _PLAIN_DAY.fullmatch(_without(_ON, left).rstrip(",")) and any(
        form.fullmatch(right) for form in (date_vocabulary.COUNT, date_vocabulary.WEEKEND)
    ):
        # "3-4 days", "for 2 weekends"
        return False
    if _FROM.match(left):
        return True
    tight = gap in "-–—"
    linked = not tight and (gap != " " or bool(_TO.match(right)))
    left, right = _without(_ON, left), _without(_TO, right)
    small = bool(_SMALL_DECIMAL.fullmatch(right))
    if _PLAIN_DAY.fullmatch(left):  # "1-3 December", not "Switch 8 to 16" nor "18-55mm 4-5.6"
        return (tight or linked) and bool(_WITH_MONTH.match(right)) and not small
    if _SMALL_DECIMAL.fullmatch(left) and small:  # not "18-55mm 3.5-5.6"
        return linked
    if tight or linked:
        return True
    length = bool(date_vocabulary.COUNT.fullmatch(right) or date_vocabulary.WEEKEND.fullmatch(right))
    if _DECIMAL.fullmatch(left):  # "1.12 3.12", not "50mm 1.8 tomorrow"
        return length or bool(_DECIMAL.fullmatch(right))
    if _other_weekday(left, language) == left:
        return length or _other_weekday(right, language) == right
    return True


def _names_day(said: str) -> bool:
    last = said.rpartition(" ")[2]
    return last.rstrip(".") in date_vocabulary.WEEKDAYS or said in date_vocabulary.NAMED_DAYS


def _pair(left: str, right: str, read: _Read) -> _Days | None:
    first, last = read(left), read(right)
    if near := _nearest_pair(first, last):
        return near
    if isinstance(first, Problem):
        if first.code in _NO_DAY or last == Problem(Unclear.NOT_A_DATE):
            return None
        if first.code is not Unclear.LENGTH_ONLY:
            return _Days(first, None if last == Problem(Unclear.LENGTH_ONLY) else last)
        # "3 days from tomorrow"
        return _Days(last, read(left, expect_after=last.day)) if isinstance(last, DateAnswer) else None
    bare = _without(_FROM, _without(_ON, left))
    if _BARE_DAY.fullmatch(bare) and _WITH_MONTH.match(_without(_TO, right)) and isinstance(last, DateAnswer):
        return _Days(read(_last_such_day(int(re.sub(r"\D", "", bare)), last.day).isoformat()), last)
    if (
        isinstance(last, DateAnswer)
        and first.day == last.day
        and (first.clock or _MIDNIGHT) < (last.clock or _MIDNIGHT)
    ):
        return _Days(first, last)  # "saturday morning to saturday evening"
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
            return _Days(replace(first, clock=last.clock))  # "friday from 18:00"
        if last.code is Unclear.TIME_ONLY:
            last = DateAnswer(first.day, last.clock, first.past)
    elif (last.day - first.day).days > _LONG:
        nearer = read(left, expect_after=last.day)
        if isinstance(nearer, DateAnswer) and first.day < nearer.day <= last.day:
            first = nearer
    return _Days(first, last)


_MIDNIGHT = time(0)
_MONTH_AND_A_HALF = 45


def _nearest_pair(first: DateAnswer | Problem, last: DateAnswer | Problem) -> _Days | None:
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
    return _Days(DateAnswer(pairs[0][0]), DateAnswer(pairs[0][1])) if len(pairs) == 1 else None


def _last_such_day(number: int, until: date) -> date:
    """Return the first day in "1.-3.12.": of the last day's month, or of the one before as in"
    " "30.-2.1."."""
    month = until if number <= until.day else until.replace(day=1) - timedelta(days=1)
    return month.replace(day=min(number, monthrange(month.year, month.month)[1]))


def _without(prefix: re.Pattern[str], said: str) -> str:
    found = prefix.match(said)
    return said[found.end() :] if found else said


def _other_weekday(said: str, language: str) -> str | None:
    """Return the other language's short weekday that `said` begins with: "man" may be Monday or a man."""
    first = said.partition(" ")[0]
    return first if first in date_vocabulary.SHORT_WEEKDAYS["en" if language == "nb" else "nb"] else None
