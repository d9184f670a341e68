"""Vocabulary of dates in English and Norwegian, and the forms in which dates are typed.

All of it matches text in lower case with single blanks and ASCII digits.
"""

import re


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
    "today/now/i dag/idag/nå",
    "tomorrow/tmrw/i morgen/imorgen/i morra/imorra",
    "day after tomorrow/i overmorgen/iovermorgen/overmorgen/overimorgen/i overmorra",
    start=-1,
)
NUMBERS = _numbered(
    "a/an/one/en/ett/et/ei",
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


def any_of(words: dict[str, int]) -> str:
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
    r"(?:(?P<days>days?|dag|dager|døgn)|(?P<weeks>weeks?|uke|uker)|(?P<months>months?|måned|måneder|mnd\.?))"
    r"(?P<ahead> (?:from (?:now|today)|fra (?:nå|i dag|idag)))?"
)
WEEKEND = re.compile(
    r"(?:(?:for|over|i|ut|all|hele) )?(?:(?:the|this|denne|hele) )?(?:weekend|helg)(?:a|en)?"
)
FROM = r"(?:from|fra og med|fra|f\.?o\.?m\.?)"
TO = r"(?:to|til og med|(?:fr[ae]m )?til|till|until|through|thru|t\.?o\.?m\.?|by|innen)"
FILLER = re.compile(rf"(?:{FROM}|{TO}|on|på|the|den|just|only|bare) ")
DATED = re.compile(r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)")
_CLOCK = (
    r"(?:(?:at|@|kl\.?|klokka|klokken) ?(?P<h1>\d{1,2})(?:[:.](?P<m1>\d{2}))?(?: ?(?P<half1>[ap])\.?m\.?)?"
    r"|(?P<h2>\d{1,2}):(?P<m2>\d{2})(?: ?(?P<half2>[ap])\.?m\.?)?"
    r"|(?P<h3>\d{1,2}) ?(?P<half3>[ap])\.?m\.?)"
)
CLOCK_LAST = re.compile(rf"(?P<rest>.*?)(?:^|,? |(?<=\d)t){_CLOCK}")
CLOCK_FIRST = re.compile(rf"{_CLOCK},? (?P<rest>.+)")
