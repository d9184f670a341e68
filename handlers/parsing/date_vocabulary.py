"""Vocabulary of dates in English and Norwegian, and the forms in which dates are typed.

All of it matches text in lower case with single blanks and ASCII digits.
"""

import re
from collections.abc import Iterable


def _numbered(*names: str, start: int = 0) -> dict[str, int]:
    return {name: number for number, group in enumerate(names, start) for name in group.split("/")}


MONTHS = _numbered(
    "jan/january/januar",
    "feb/february/februar",
    "mar/march/mars",
    "apr/april",
    "may/mai",
    "jun/june/juni",
    "jul/july/juli",
    "aug/august",
    "sep/sept/september",
    "oct/october/okt/oktober",
    "nov/november",
    "dec/december/des/desember",
    start=1,
)
SHORT_WEEKDAYS = {
    "en": _numbered("mon", "tue/tues", "wed", "thu/thur/thurs", "fri", "sat", "sun"),
    "nb": _numbered("man", "tir/tirs", "ons", "tor/tors", "fre", "lør", "søn"),
}
WEEKDAYS = (
    _numbered(
        "monday/mandag/måndag",
        "tuesday/tirsdag/tysdag",
        "wednesday/onsdag",
        "thursday/torsdag",
        "friday/fredag",
        "saturday/lørdag/lordag/laurdag",
        "sunday/søndag/sondag/sundag",
    )
    | SHORT_WEEKDAYS["en"]
    | SHORT_WEEKDAYS["nb"]
)
NAMED_DAYS = _numbered(
    "yesterday/i går/igår",
    "today/now/right now/right away/asap/as soon as possible"
    "/i dag/idag/nå/snarest/så fort som mulig/med en gang/med det samme",
    "tomorrow/tmrw/tmr/i morgen/imorgen/i morra/imorra",
    "day after tomorrow/i overmorgen/iovermorgen/overmorgen/overimorgen/i overmorra",
    start=-1,
)
FEASTS = {
    name: (month, day)
    for month, day, names in (
        (1, 1, "new year/new years/new year's/new year's day/new years day/nyttår/nyttårsdag/1. nyttårsdag"),
        (2, 14, "valentine's/valentine's day/valentines day/valentine/valentinsdagen"),
        (5, 1, "may day/labour day/labor day"),
        (5, 17, "syttende mai/17de mai/17.mai/constitution day/grunnlovsdagen"),
        (6, 23, "sankthans/sankthansaften/st. hans/st hans/sankt hans/sankthansaften/jonsok"),
        (10, 31, "halloween"),
        (12, 13, "lucia/luciadagen"),
        (12, 23, "lillejulaften/lille julaften"),
        (12, 24, "christmas eve/xmas eve/x-mas eve/julaften/julaftan/jul/jula"),
        (12, 25, "christmas/xmas/x-mas/christmas day/xmas day/første juledag/1. juledag/1.juledag/juledagen"),
        (12, 26, "boxing day/second christmas day/andre juledag/2. juledag/2.juledag"),
        (12, 27, "tredje juledag/3. juledag"),
        (12, 28, "romjul/romjula/romjulen"),
        (12, 31, "new year's eve/new years eve/nye/nyttårsaften/nyttårsaftan"),
    )
    for name in names.split("/")
}
PARTS_OF_DAY = {
    name: hour
    for hour, names in (
        (9, "morning/in the morning/morgen/om morgenen/morgenen/formiddag/formiddagen/om formiddagen"),
        (12, "noon/at noon/midday/lunch/lunchtime/kl tolv/middag"),
        (15, "afternoon/in the afternoon/ettermiddag/ettermiddagen/om ettermiddagen"),
        (18, "evening/in the evening/night/kveld/kvelden/om kvelden/på kvelden"),
    )
    for name in names.split("/")
}
"""The hour that a part of a day begins with."""
PARTS_OF_TODAY = {
    name: hour
    for hour, names in (
        (9, "this morning/i formiddag/i dag tidlig"),
        (15, "this afternoon/i ettermiddag/i ettermiddagen"),
        (18, "tonight/tonite/2nite/this evening/i kveld/ikveld/i kveldinga"),
    )
    for name in names.split("/")
}
NUMBERS = _numbered(
    "a/an/one/en/ett/et/ei/ein/eit",
    "two/to",
    "three/tre",
    "four/fire",
    "five/fem",
    "six/seks",
    "seven/sju/syv",
    "eight/åtte",
    "nine/ni",
    "ten/ti",
    "eleven/elleve",
    "twelve/tolv",
    "thirteen/tretten",
    "fourteen/fjorten",
    start=1,
) | {"twenty": 20, "tjue": 20}


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


_YEAR = r"(?P<year>\d{4}|\d{2})"
ISO = re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})")
DAY_MONTH = re.compile(rf"(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})(?:\.|\. ?{_YEAR})?")
SLASHES = re.compile(rf"(?P<one>\d{{1,2}})(?P<mark>[/-])(?P<two>\d{{1,2}})(?:(?P=mark){_YEAR})?")
_DAY = r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?"
DAY_NAME = re.compile(rf"{_DAY} ?(?:of )?(?P<name>{any_of(MONTHS)})\b\.?(?:,? ?'?{_YEAR})?")
NAME_DAY = re.compile(rf"(?P<name>{any_of(MONTHS)})\b\.? ?(?:the )?{_DAY}(?:,? (?P<year>\d{{4}}))?")
YEAR_NAME_DAY = re.compile(rf"(?P<year>\d{{4}}),? (?P<name>{any_of(MONTHS)})\b\.? {_DAY}")
BARE_DAY = re.compile(_DAY)
_WHICH = "next|neste|this|denne|coming|kommende|førstkommende"
WEEKDAY = re.compile(rf"(?:(?P<which>{_WHICH}) )?(?P<name>{any_of(WEEKDAYS)})\.?")
WEEKDAY_AND = re.compile(rf"(?P<name>{any_of(WEEKDAYS)})\b\.?,? (?P<article>the |den )?(?P<rest>.+)")
COUNT = re.compile(
    rf"(?:(?P<how>in|(?:i dag )?om|for|i) )?(?P<number>\d{{1,4}} ?|(?:{any_of(NUMBERS)}) )"
    r"(?:(?P<days>days?|dag|dager|døgn)|(?P<nights>nights?|natt|netter)|(?P<fortnights>fortnights?)"
    r"|(?P<weeks>weeks?|uke|uker|veke|veker)|(?P<months>months?|måned|måneder|mnd\.?))"
    r"(?P<ahead> (?:from (?:now|today)|fra (?:nå|i dag|idag)))?"
)


_NIGHT_UNTIL = 5


def likely_hour(written: str) -> int:
    """Return the hour of a bare number after `at`: nobody fetches a tent at 3 in the night."""
    hour = int(written)
    return hour + 12 if 1 <= hour <= _NIGHT_UNTIL and not written.startswith("0") else hour


def days_of(count: re.Match[str]) -> int:
    """Return the days of one unit of a COUNT; a month has none."""
    return 14 if count["fortnights"] else 7 if count["weeks"] else 1


WEEKEND = re.compile(
    r"(?:(?:for|over|i|ut|all|hele) )?(?:(?:the|this|denne|hele) )?(?:weekend|wknd|helg)(?:a|en)?"
)
FROM = r"(?:from|fra og med|fra|f\.?o\.?m\.?)"
TO = r"(?:to|til og med|(?:fr[ae]m )?til|till|until|through|thru|t\.?o\.?m\.?|by|innen)"
FILLER = re.compile(rf"(?:{FROM}|{TO}|for|on|på|the|den|just|only|bare) ")
DATED = re.compile(r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)")
_CLOCK = (
    r"(?:(?:at|@|kl\.?|klokka|klokken) ?(?P<h1>\d{1,2})(?:[:.](?P<m1>\d{2}))?(?: ?(?P<half1>[ap])\.?m\.?)?"
    r"|(?P<h2>\d{1,2}):(?P<m2>\d{2})(?: ?(?P<half2>[ap])\.?m\.?)?"
    r"|(?P<h3>\d{1,2}) ?(?P<half3>[ap])\.?m\.?)"
)
CLOCK_LAST = re.compile(rf"(?P<rest>.*?)(?:^|,? |(?<=\d)t){_CLOCK}")
TIME_FIRST = re.compile(
    rf"(?:(?:{FROM}|{TO}) )?"
    r"(?=(?:at|@|kl\.?|klokka|klokken) ?\d|\d{1,2}(?:[:.]\d{2})? ?[ap]\.?m\b)"
    rf"{_CLOCK},? (?P<rest>.+)"
)
"""As CLOCK_FIRST, where only what is surely a time counts: "16:10" may be a name's."""
CLOCK_FIRST = re.compile(rf"{_CLOCK},? (?P<rest>.+)")
NOON_OF = re.compile(r"(?:at )?(?:noon|midday|lunchtime) (?:on )?(?P<rest>.+)")
PART_OF_DAY = re.compile(rf"(?P<rest>.+?)(?:,? )?(?P<part>{any_of(PARTS_OF_DAY)})")
_WEEKS = rf"(?P<number>\d{{1,2}}|{any_of(NUMBERS)}) (?:weeks?|uke|uker|veke|veker)"
WEEKS_FROM = re.compile(rf"{_WEEKS} (?:from|fra|on) (?P<name>{any_of(WEEKDAYS)})")
WEEKDAY_WEEK = re.compile(rf"(?P<name>{any_of(WEEKDAYS)}) week")
"""The British `monday week`: a week from Monday."""
WEEKDAY_IN_WEEKS = (
    WEEKDAY_WEEK,
    re.compile(rf"(?P<name>{any_of(WEEKDAYS)})\b\.?,? (?:in|om) {_WEEKS}(?: time| tid)?"),
    re.compile(rf"(?:in|om) {_WEEKS},? (?:on |på )?(?P<name>{any_of(WEEKDAYS)})"),
    WEEKS_FROM,
)
