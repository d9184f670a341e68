"""Parsing of the line after `/rent`, such as `tent x2 2026-12-01 2026-12-03`.

Names of equipment hold numbers and dots ("Genelec 8050A", "50mm 1.8", "Strand LX 12/24"), so days are looked
for at the end of the line alone, and what may as well be part of a name is a day only in company:

- the longest end of the line that reads as one day, or as a first and a last one, is taken;
- a plain `7`, a `1.8`, a `24/12` and the short weekdays of the other language are no days by themselves, but
  are after `from` or `fra`, or where another day completes them: `1.8. til 7`, `1-3 December`;
- a day after `to`, `til` or `until` with none before it is the last day, and the first is still open.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, partial

from handlers.parsing import date_vocabulary
from handlers.parsing.dates import LONGEST, DateAnswer, Problem, Unclear, tidy, understand
from handlers.parsing.quantities import take_quantity
from handlers.parsing.spans import clock_ranges, date_ranges
from handlers.parsing.spans.date_ranges import Still
from handlers.parsing.spans.pairs import (
    FRACTION,
    NO_DAY,
    ON,
    PLAIN_DAY,
    SMALL_DECIMAL,
    TO,
    Days,
    Read,
    days_of_list,
    other_weekday,
    two_days,
    without,
)


@dataclass(frozen=True)
class RentLine:
    """A parsed line. None was not said, or is among the problems, first day before last.

    `quantity` is the number as it was written: zero, negative or a million. `length`: a number of days
    without a first one. `moved`: the range that was named is over, or has begun too long ago today; these
    are the days that can still be had. `counted_first`: the number stood before all the words.
    `may_be_only_day`: the last day, which in Norwegian may be the day that it is for: `kano til lørdag`.
    """

    words: str
    quantity: int | None = None
    first: DateAnswer | None = None
    last: DateAnswer | None = None
    problems: tuple[Problem, ...] = ()
    length: int | None = None
    moved: bool = False
    counted_first: bool = False
    may_be_only_day: bool = False

    @property
    def tells_when(self) -> bool:
        return bool(self.first or self.last or self.problems or self.length)


_ReadSpan = Callable[[str], Days | None]

_MOST_TOKENS = 14
"""Tokens, as in "from tuesday 1. december 2026 at 14:00 until thursday 3. december 2026 at 10:00"."""


_WEEKDAY = date_vocabulary.any_of(date_vocabulary.WEEKDAYS)
_BOTH_DATED = re.compile(
    rf"(?:{date_vocabulary.FROM} )?(?P<w1>{_WEEKDAY})\.? (?P<d1>\d{{1,2}})\.?(?: ?[-–] ?| (?:to|til"
    rf"|until|and|og|bis) )"
    rf"(?P<w2>{_WEEKDAY})\.? (?P<d2>\d{{1,2}})\.?"
)
_SLASHED_DAYS = re.compile(rf"\b({_WEEKDAY})/(?=(?:{_WEEKDAY})\b)")
_SLASHED_ON = re.compile(r"(?:on|på|den|am) \d{1,2}/\d{1,2}")


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
        days.first is None and isinstance(days.last, DateAnswer) and date_vocabulary.says_til(text),
    )


@lru_cache(4000)
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
    if not words or line.first or line.last or line.problems or not FRACTION.fullmatch(last):
        return None
    again = parse(f"{words} from {last}", today=today, language=language, day_first=day_first)
    return replace(again, quantity=line.quantity)


def _take_days(
    line: str, read: Read, span: _ReadSpan, vague: Callable[[str], Problem | None], language: str
) -> tuple[str, Days]:
    starts = [token.start() for token in re.finditer(r"\S+", line)]
    for start in starts[-_MOST_TOKENS:]:
        if len(line) - start > 2 * LONGEST:
            continue
        if days := _end_of_line(tidy(line[start:]), read, span, vague, language):
            return line[:start].rstrip().rstrip(",;").rstrip(), days
    return line, Days()


def _end_of_line(
    said: str, read: Read, span: _ReadSpan, vague: Callable[[str], Problem | None], language: str
) -> Days | None:
    """Prefer one day to two, and unambiguous readings to problems."""
    said = _SLASHED_DAYS.sub(r"\1 and ", said)
    if days := span(said):
        return days
    if days := _around(said, read, language) or days_of_list(said, read):
        return days
    if some := _either(said, read) or vague(said) or _before(said, read):
        return Days(first=some)
    if length := _length(said):
        return Days(length=length)
    if dated := _BOTH_DATED.fullmatch(said):
        first, last = (
            read(f"{dated[day]} the {dated[number]}") for day, number in (("w1", "d1"), ("w2", "d2"))
        )
        if isinstance(first, DateAnswer) and isinstance(last, DateAnswer):
            # "sat 12 to sun 13", where these are such days; "friday 16 to sunday 12" are hours.
            return Days(first, last)
    if (pair := _BOTH_AFTER_TO.fullmatch(said)) and (
        days := next((two for two in two_days(pair[1], read, language) if not two.problems), None)
    ):
        return days
    said = date_vocabulary.hours_in_digits(said)
    if hours := clock_ranges.read(said, read):
        return Days(*hours)
    one = _one_day(said, read, language)
    if one and (not one.problems or date_vocabulary.WEEKDAY_AND.fullmatch(said)):
        # "saturday 6 december", which is a Sunday, is asked about.
        return one
    pairs = list(two_days(said, read, language))
    return next((pair for pair in pairs if not pair.problems), None) or one or next(iter(pairs), None)


_AROUND = re.compile(
    r"(?:(?:for|over|on|in|i) )?(?:the )?(?:(?P<weekend>weekend|wknd|helg(?:a|en)?)|week|uka|uken|veka) "
    r"(?:(?:of|around|starting|beginning|with|rundt|med|fra|som begynner) )?(?P<day>\S.*)"
)


def _around(said: str, read: Read, language: str) -> Days | None:
    """Return the days of `the weekend of the 12th`, `uka fra 14. desember`."""
    found = _AROUND.fullmatch(said)
    if not found or not re.search(r"\d", found["day"]) or found["day"].isdigit():
        return None
    if found["day"][0].isdigit() and (
        pair := next((p for p in two_days(found["day"], read, language) if not p.problems), None)
    ):
        # "helgen 12-13 desember"
        return pair
    day = read(found["day"])
    if not isinstance(day, DateAnswer) or day.clock:
        return None
    monday = day.day - timedelta(days=day.day.weekday())
    first, last = (monday + timedelta(days=after) for after in ((4, 6) if found["weekend"] else (0, 6)))
    return Days(replace(day, day=first), replace(day, day=last))


_BOTH_AFTER_TO = re.compile(
    r"(?:til|for|on|på|den|am|vom) (\d{1,2}\.? ?(?:[-–]|to|til|and|og|und|bis) ?\d{1,2}\.? ?[^\W\d].*)"
)
"""The `til 4.-6. januar` in which `til` is for, not until."""

_OR = re.compile(r"(?P<one>\S.*) (?:or|eller|oder) (?:on |på |am )?(?P<other>.*\S)")


def _either(said: str, read: Read) -> Problem | None:
    """Return the question which of two days is meant: `tomorrow or saturday`."""
    found = _OR.fullmatch(said)
    if not found:
        return None
    one, other = (read(without(ON, found[name])) for name in ("one", "other"))
    if not (isinstance(one, DateAnswer) and isinstance(other, DateAnswer)) or one.day == other.day:
        return None
    return Problem(Unclear.AMBIGUOUS, choices=tuple(sorted((one.day, other.day))))


_BEFORE = re.compile(r"(?:some ?time )?(?:before|før|vor) (?P<day>\S.*)")


def _before(said: str, read: Read) -> Problem | None:
    """Return the question which of the days before one is meant."""
    found = _BEFORE.fullmatch(said)
    if not found:
        return None
    day, today = read(without(ON, found["day"])), read("today")
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


def _span(said: str, *, today: date, still: Still | None) -> Days | None:
    usual, found = date_ranges.read(said, today), date_ranges.read(said, today, still)
    if found is None:
        return None
    first, last = (DateAnswer(day, past=day < today) for day in found)
    return Days(first, last, moved=found != usual)


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


def _one_day(said: str, read: Read, language: str) -> Days | None:
    if said.startswith("for ") and date_vocabulary.WEEKS_FROM.fullmatch(said[4:]):
        return None  # so long, from that day on
    answer = read(said)
    unclear = answer.code if isinstance(answer, Problem) else None
    bare = without(TO, without(ON, said))
    other = other_weekday(bare, language)
    dated = _SLASHED_ON.fullmatch(said)
    if not dated and any(form.fullmatch(bare) for form in (PLAIN_DAY, SMALL_DECIMAL, FRACTION)):
        return None
    if unclear in NO_DAY:
        return None
    if other and (unclear or other == bare):
        return None
    # "to uker fra fredag" is two weeks from then.
    until = TO.match(said) and read(without(TO, said)) != Problem(Unclear.NOT_A_DATE)
    if unclear is Unclear.LENGTH_ONLY or until:
        return Days(last=answer)
    return Days(first=answer)
