"""Date ranges by the week: `this weekend`, `neste uke`, `uke 50`, `thu-fri next week`, `mandag uke 50`."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.parsing import date_vocabulary

_WEEK = r"(?:week|uke[na]?|uka|veka|veke[na]?|woche)"
_WHICH = (
    r"(?P<which>this|next|coming|denne|neste|kommende|førstkommende|komande|diese[sn]?"
    r"|nächste[sn]?|kommende[sn])"
)
_LEAD = (
    r"(?:(?:for|from|over|on|in|at|all|i|(?:nå |no )?(?:til|te|ti)|fra|hei?le|am|für) )?"
    r"(?:the (?:whole (?:of )?)?|all of |hei?le )?"
)
_WEEKDAY = date_vocabulary.any_of(date_vocabulary.WEEKDAYS)
_DAY_OF = rf"(?P<one>{_WEEKDAY})"
_DAY_TO = rf"(?: ?[-–—] ?| (?:to|til|till|through|thru|until|and|og|&) )(?P<two>{_WEEKDAY})"

_WEEKEND = re.compile(
    rf"{_LEAD}(?:{_WHICH} (?:weekend|wknd|wkend|weeknd|wochenende|helg(?:a|en|i|å)?)|(?P<plain>(?:am"
    rf"|fürs|übers"
    rf"|für das|das) wochenende|helg(?:a"
    rf"|en|å)))"
)
_THE_WEEKEND = re.compile(
    r"(?:over |for |on )?(?:the|all|i|hei?le) (?:whole )?(?:weekend|wknd|wkend|weeknd|helg(?:a|en|å)?)"
)
_SOME_MONTH = re.compile(rf"{_LEAD}{_WHICH} (?:month|måned(?:en)?)")
_MONTH_NAME = rf"(?P<month>{date_vocabulary.any_of(date_vocabulary.MONTHS)})\b\.?(?: (?P<year>\d{{4}}))?"
_NAMED_MONTH = re.compile(rf"(?:for )?(?:in|i|during|all of|the whole of|hei?le|i løpet av) {_MONTH_NAME}")
_FIRST_WEEKEND = re.compile(
    r"(?:(?:on|for|over|i) )?(?:(?:the|den) )?(?:first|1st|første|1\.) (?:weekend|helg(?:a|en)?) (?:in"
    r"|of|i) " + _MONTH_NAME
)
_REST_OF_WEEK = re.compile(
    r"(?:for )?(?:the )?rest of (?:the|this) week|(?:ut|resten av) (?:denne )?(?:uka|uken)"
)
_EASTER = re.compile(
    r"(?:(?:over|during|for|in|at|i|til) )?(?:the )?"
    r"(?P<which>easter|påske|påska|påsken|whitsun|pinse|pinsa|pinsen)(?: holidays?| weekend|helga|helgen)?"
)
_CHRISTMAS = re.compile(
    r"(?:over|during|for|in|i|til) (?:the )?(?:christmas|xmas|x-mas|jul|jula|julen)(?: holidays?)?"
    r"|(?:jula|julen)|(?:the )?christmas holidays?"
)
_OVER = r"(?:over|during|across|through|gjennom|über)"
_NEW_YEAR = re.compile(
    rf"{_OVER} (?:the )?(?:new year(?:[’']?s)?(?: eve)?|nyttår|nyttårsaften|nyttårsaftan|neujahr|silvester)"
)
"""The night between the years: whoever has a thing over it has it on both days."""
_OVER_FEAST = re.compile(rf"{_OVER} (?:the )?(?P<feast>{date_vocabulary.any_of(date_vocabulary.FEASTS)})")
_ROMJUL = re.compile(
    r"(?:in )?between (?:christmas|xmas) and (?:the )?new year(?:[’']?s)?|mellom jul(?:a|en)? og nyttår"
    r"|(?:(?:i|til|hei?le) )?romjul(?:a|å|en)?|zwischen den jahren"
)
_PART_OF_MONTH = re.compile(
    rf"(?:(?:in|at|by|i|på|for|from|fra|towards|mot) )?(?:the )?(?:(?P<begin>early|beginning of"
    rf"|start of|begynnelsen av|starten av|tidlig i"
    rf"|først i|anfang|anfang des)|(?P<mid>mid|middle of|midten av|midt i|mitte)|(?P<end>end of|late"
    rf"|slutten av|sent i|ende))[ -]"
    rf"(?:{_MONTH_NAME}|(?:(?P<which>the|this|next|denne|neste) )?(?:month|måneden|måned))"
)
_SOMETIME = re.compile(
    r"(?:some ?time|any ?time|any day|at some point|når som helst|some day|one day|en gang|en dag"
    r"|ein gong|ein dag|irgendwann) (?P<rest>.+)"
)
_WEEK_OF_MONTH = re.compile(
    rf"{_LEAD}(?:the )?(?P<which>first|second|third|last|1st|2nd|3rd|første|andre|tredje"
    rf"|siste) {_WEEK} (?:of|in|i) {_MONTH_NAME}"
)
_WEEK_BESIDE = re.compile(
    rf"{_LEAD}(?:the )?(?P<what>{_WEEK}|weekend|wknd|wkend|weeknd|helg(?:a|en)?) (?P<side>before"
    rf"|after|før|etter"
    rf"|vor|nach) (?P<feast>.+)"
)
_SOME_WEEK = re.compile(rf"{_LEAD}{_WHICH} {_WEEK}")
_NUMBERED = re.compile(rf"{_LEAD}{_WEEK} ?(?P<number>\d{{1,2}})")
_OF_WEEK = rf"(?:,? (?:(?:i|in|of) )?)(?:{_WHICH} {_WEEK}|{_WEEK} ?(?P<number>\d{{1,2}}))"
_DAYS_OF_WEEK = re.compile(rf"(?:(?:from|fra|on|på) )?{_DAY_OF}\.?(?:{_DAY_TO}\.?)?{_OF_WEEK}")

_DAY_LAST = re.compile(
    rf"{_LEAD}(?:{_WHICH} {_WEEK}|{_WEEK} ?(?P<number>\d{{1,2}})),? (?:on |på )?{_DAY_OF}(?P<two>)?\.?"
)

_THIS = ("this", "denne", "diese", "dieses", "diesen")
_NEXT = ("next", "neste", "nächste", "nächstes", "nächsten")
_MOST_YEARS = 10
"""Years ahead in which a month is still meant."""


@dataclass(frozen=True)
class Still:
    """The first days, today or tomorrow, on which things are still handed out and taken back."""

    hand_out: date
    take_back: date


def read(said: str, today: date, still: Still | None = None) -> tuple[date, date] | None:
    """Return the first and last day of a tidied text that names a range by itself.

    A weekend begins on Friday. A range that has begun already begins today, or as soon as there is `still`
    something to be had; one that is over is the following one. As with `next friday`, the next weekend is the
    one in the following week.
    """
    found = _read(said, today)
    if found is None or still is None or found[0] > today:
        return found
    first = max(found[0], still.hand_out)
    if first <= found[1] and still.take_back <= found[1]:
        return first, found[1]
    return _read(said, today + timedelta(days=1))


def _read(said: str, today: date) -> tuple[date, date] | None:
    monday = today - timedelta(days=today.weekday())
    if found := _WEEKEND.fullmatch(said) or _THE_WEEKEND.fullmatch(said):
        later = "which" in found.re.groupindex and found["which"] in _NEXT
        return _days(monday, 4, 6, today, weeks=int(later))
    if found := _SOME_WEEK.fullmatch(said):
        return _days(monday, 0, 6, today, weeks=0 if found["which"] in _THIS else 1)
    if found := _SOME_MONTH.fullmatch(said):
        return _month(today, later=found["which"] not in _THIS)
    if found := _WEEK_OF_MONTH.fullmatch(said):
        return _week_of_month(found, today)
    if _REST_OF_WEEK.fullmatch(said):
        return _days(monday, 0, 6, today)
    if found := _NAMED_MONTH.fullmatch(said):
        return _named_month(found, today)
    if found := _FIRST_WEEKEND.fullmatch(said):
        return _first_weekend(found, today)
    if found := _EASTER.fullmatch(said):
        return _easter_days(found["which"], today)
    if _CHRISTMAS.fullmatch(said):
        year = today.year + ((today.month, today.day) > (12, 26))
        return max(date(year, 12, 24), today), date(year, 12, 26)
    if _NEW_YEAR.fullmatch(said):
        last = date(today.year + ((today.month, today.day) > (1, 1)), 1, 1)
        return max(last - timedelta(days=1), today), last
    if _ROMJUL.fullmatch(said):
        year = today.year + ((today.month, today.day) > (12, 30))
        return max(date(year, 12, 27), today), date(year, 12, 30)
    if found := _NUMBERED.fullmatch(said):
        week = _numbered_week(int(found["number"]), monday)
        return _days(week, 0, 6, today) if week else None
    found = _DAYS_OF_WEEK.fullmatch(said)
    return _days_of_week(found, monday) if found and found["two"] else None


def vague(said: str, today: date) -> tuple[date, date] | None:
    """Return the days among which some are meant: those of `end of january`, `the week before"
    " christmas`."""
    if found := _SOMETIME.fullmatch(said):
        days = _read(found["rest"], today) or (today, today - timedelta(days=1))
    elif found := _PART_OF_MONTH.fullmatch(said):
        month = _named_month(found, today) if found["month"] else _month(today, later=found["which"] in _NEXT)
        if month is None:
            return None
        first, last = month[0].replace(day=1), month[1]
        begins, ends = (1, 10) if found["begin"] else (11, 20) if found["mid"] else (21, last.day)
        days = first.replace(day=begins), first.replace(day=ends)
    elif found := _WEEK_BESIDE.fullmatch(said):
        if found["feast"] not in date_vocabulary.FEASTS:
            return None
        feast = _feast(found["feast"], today)
        later = 1 if found["side"] in ("after", "etter", "nach") else -1
        near, far = feast + timedelta(days=later), feast + timedelta(days=10 * later)
        days = min(near, far), max(near, far)
    elif found := _OVER_FEAST.fullmatch(said):
        feast = _feast(found["feast"], today)
        days = feast - timedelta(days=1), feast + timedelta(days=1)
    elif found := _HOLIDAYS.fullmatch(said):
        days = _holidays(str(found.lastgroup), today)
    else:
        return None
    return (max(days[0], today), days[1]) if days[1] >= today else None


_HOLIDAYS = re.compile(
    r"(?:(?:in|over|during|for|i|til) )?(?:the )?(?:(?P<winter>jule?ferien?|(?:christmas|xmas) break"
    r"|weihnachtsferien)"
    r"|(?P<newyear>nyttårshelg(?:a|en)|new year(?:[’']?s)? weekend)|(?P<february>vinterferien?"
    r"|half[- ]term)|(?P<summer>sommer(?:en|ferien?)"
    r"|summer(?: holidays?)?)|(?P<autumn>høstferien?|haustferien?|autumn break))"
)
_OF_HOLIDAYS = {
    "winter": ((12, 19), (1, 4)),
    "newyear": ((12, 30), (1, 3)),
    "february": ((2, 13), (3, 7)),
    "summer": ((6, 19), (8, 20)),
    "autumn": ((9, 26), (10, 12)),
}


def _holidays(which: str, today: date) -> tuple[date, date]:
    (month, day), (last_month, last_day) = _OF_HOLIDAYS[which]
    for year in (today.year - 1, today.year, today.year + 1):
        last = date(year + (last_month < month), last_month, last_day)
        if last >= today:
            break
    return date(year, month, day), last


def _feast(name: str, today: date) -> date:
    month, day = date_vocabulary.FEASTS[name]
    feast = date(today.year, month, day)
    return feast if feast >= today else feast.replace(year=today.year + 1)


def _week_of_month(found: re.Match[str], today: date) -> tuple[date, date] | None:
    """Return the week that is the first, second, third or last one with a Monday in the month."""
    month = _named_month(found, today)
    if month is None:
        return None
    first, last = month[0].replace(day=1), month[1]
    monday = first + timedelta(days=-first.weekday() % 7)
    number = next((n for n, names in enumerate(_ORDINALS) if found["which"] in names), None)
    monday = (
        last - timedelta(days=(last.weekday() + 1) % 7 + 6)
        if number is None
        else monday + timedelta(weeks=number)
    )
    sunday = monday + timedelta(days=6)
    return (max(monday, today), sunday) if sunday >= today else None


_ORDINALS = (("first", "1st", "første"), ("second", "2nd", "andre"), ("third", "3rd", "tredje"))


def day_of_week(said: str, today: date) -> date | None:
    """Return the day of a tidied text such as `fredag neste uke` or `monday week 50`."""
    found = _DAYS_OF_WEEK.fullmatch(said) or _DAY_LAST.fullmatch(said)
    days = (
        _days_of_week(found, today - timedelta(days=today.weekday())) if found and not found["two"] else None
    )
    return days[0] if days else None


def _days(monday: date, first: int, last: int, today: date, *, weeks: int = 0) -> tuple[date, date]:
    begin = monday + timedelta(weeks=weeks)
    return max(begin + timedelta(days=first), today), begin + timedelta(days=last)


def _month(today: date, *, later: bool) -> tuple[date, date]:
    first = today
    if later:
        first = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _named_month(found: re.Match[str], today: date) -> tuple[date, date] | None:
    """Return the days of the next such month, of this one those that are left; None for a past year."""
    month = date_vocabulary.MONTHS[found["month"]]
    year = int(found["year"] or today.year + (month < today.month))
    if not today.year <= year <= today.year + _MOST_YEARS or (year, month) < (today.year, today.month):
        return None
    first = date(year, month, 1)
    return max(first, today), first.replace(day=monthrange(year, month)[1])


def _first_weekend(found: re.Match[str], today: date) -> tuple[date, date] | None:
    """Return the weekend with the first Saturday of the month; of this month's the next year's, once"
    " over."""
    for _ in range(2):
        month = _named_month(found, today)
        if month is None:
            return None
        first = month[0].replace(day=1)
        friday = first + timedelta(days=(5 - first.weekday()) % 7 - 1)
        sunday = friday + timedelta(days=2)
        if sunday >= today:
            return max(friday, today), sunday
        today = month[1] + timedelta(days=1)
    return None


def _easter_days(which: str, today: date) -> tuple[date, date]:
    """Return the days of the feast: Easter from Thursday to Monday, Whitsun from Saturday to Monday."""
    from_, to = (-3, 1) if which.startswith(("easter", "påske", "påska")) else (48, 50)
    for year in (today.year, today.year + 1):
        sunday = _easter(year)
        if sunday + timedelta(days=to) >= today:
            break
    return max(sunday + timedelta(days=from_), today), sunday + timedelta(days=to)


def _easter(year: int) -> date:
    """Return Easter Sunday, as Meeus computes it."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    fours, ones = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * fours - epact - ones) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def _days_of_week(found: re.Match[str], monday: date) -> tuple[date, date] | None:
    if found["number"]:
        week = _numbered_week(int(found["number"]), monday)
    else:
        week = monday if found["which"] in _THIS else monday + timedelta(weeks=1)
    first = date_vocabulary.WEEKDAYS[found["one"]]
    last = date_vocabulary.WEEKDAYS[found["two"]] if found["two"] else first
    if week is None or last < first:
        return None
    return week + timedelta(days=first), week + timedelta(days=last)


def _numbered_week(number: int, monday: date) -> date | None:
    """Return the Monday of the next week with that number, this one included."""
    year = monday.isocalendar().year
    for each in (year, year + 1):
        try:
            begin = date.fromisocalendar(each, number, 1)
        except ValueError:
            continue
        if begin >= monday:
            return begin
    return None
