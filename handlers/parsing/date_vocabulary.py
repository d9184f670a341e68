"""Vocabulary of dates in English and Norwegian, and the forms in which dates are typed.

All of it matches text in lower case with single blanks and ASCII digits.
"""

import re
from collections.abc import Iterable


def _numbered(*names: str, start: int = 0) -> dict[str, int]:
    return {name: number for number, group in enumerate(names, start) for name in group.split("/")}


MONTHS = _numbered(
    "jan/january/januar/jänner",
    "feb/february/februar",
    "mar/march/mars/märz",
    "apr/april",
    "may/mai",
    "jun/june/juni",
    "jul/july/juli",
    "aug/august",
    "sep/sept/september",
    "oct/october/okt/oktober",
    "nov/november",
    "dec/december/des/desember/dez/dezember",
    start=1,
)
SHORT_WEEKDAYS = {
    "en": _numbered("mon", "tue/tues", "wed/weds", "thu/thur/thurs", "fri", "sat", "sun"),
    "nb": _numbered("man", "tir/tirs", "ons", "tor/tors", "fre", "lør", "søn"),
}
WEEKDAYS = (
    _numbered(
        "monday/mandag/mandagen/måndag/montag",
        "tuesday/tirsdag/tirsdagen/tysdag/dienstag",
        "wednesday/onsdag/onsdagen/mittwoch",
        "thursday/torsdag/torsdagen/donnerstag",
        "friday/fredag/fredagen/freitag",
        "saturday/lørdag/lørdagen/lordag/laurdag/samstag/sonnabend",
        "sunday/søndag/søndagen/sondag/sundag/sonntag",
    )
    | SHORT_WEEKDAYS["en"]
    | SHORT_WEEKDAYS["nb"]
)
NAMED_DAYS = _numbered(
    "yesterday/i går/igår",
    "today/now/right now/right away/asap/as soon as possible"
    "/i dag/idag/heute/nå/snarest/så fort som mulig/med en gang/med det samme",
    "tomorrow/morgen/tmrw/tmr/tmw/tomoz/i morgen/imorgen/i morra/imorra"
    "/i mårra/imårra/i morgon/imorgon/i morgo",
    "day after tomorrow/the day after tomorrow/übermorgen"
    "/i overmorgen/iovermorgen/overmorgen/overimorgen/i overmorra",
    start=-1,
)
FEASTS = {
    name: (month, day)
    for month, day, names in (
        (
            1,
            1,
            "new year/new years/new year's/new year's day/new years day/nyttår/nyttårsdag/1."
            " nyttårsdag/neujahr",
        ),
        (2, 14, "valentine's/valentine's day/valentines day/valentine/valentinsdagen"),
        (5, 1, "may day/labour day/labor day"),
        (5, 17, "syttende mai/17de mai/17.mai/constitution day/grunnlovsdagen"),
        (6, 23, "sankthans/sankthansaften/st. hans/st hans/sankt hans/sankthansaften/jonsok"),
        (10, 31, "halloween"),
        (12, 13, "lucia/luciadagen"),
        (12, 23, "lillejulaften/lille julaften"),
        (12, 24, "christmas eve/xmas eve/x-mas eve/julaften/julaftan/jul/jula/heiligabend/weihnachten"),
        (12, 25, "christmas/xmas/x-mas/christmas day/xmas day/første juledag/1. juledag/1.juledag/juledagen"),
        (12, 26, "boxing day/second christmas day/andre juledag/2. juledag/2.juledag"),
        (12, 27, "tredje juledag/3. juledag"),
        (12, 28, "romjul/romjula/romjulen"),
        (12, 31, "new year's eve/new years eve/nye/nyttårsaften/nyttårsaftan/silvester"),
    )
    for name in names.split("/")
}
ORDINALS = _numbered("first/første/fyrste", "second/andre", "third/tredje", "fourth/fjerde", start=1)
DAYS_IN_WORDS = {
    name: day
    for names in (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
        " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first"
        " twenty-second twenty-third"
        " twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth"
        " thirty-first",
        "første andre tredje fjerde femte sjette sjuende åttende niende tiende ellevte tolvte trettende"
        " fjortende femtende sekstende syttende attende nittende tjuende tjueførste tjueandre tjuetredje"
        " tjuefjerde tjuefemte tjuesjette tjuesjuende tjueåttende tjueniende trettiende trettiførste",
    )
    for day, name in enumerate(names.split(), 1)
} | {"syvende": 7, "tyvende": 20, "tredevte": 30}
"""Days of the month as they are spoken."""
ADVENT = re.compile(
    r"(?:(?P<number>[1-4])(?:\.|st|nd|rd|th)|(?P<name>first|second|third|fourth|første|fyrste|andre|tredje|fjerde))"
    r" (?:søndag|sunday|sundag)? ?(?:i |in |of )?advent"
)
AT_FEAST = re.compile(r"(?:i|in|at|over|during|for|til|på|ved|under|around|an|zu|by) (?:the )?")
PARTS_OF_DAY = {
    name: hour
    for hour, names in (
        (
            9,
            "morning/in the morning/early/tidlig/tidleg/morgen/om morgenen/morgenen/formiddag/formiddagen"
            "/om formiddagen/vormittag/früh",
        ),
        (12, "noon/at noon/midday/lunch/lunchtime/kl tolv/middag/mittag"),
        (
            15,
            "afternoon/in the afternoon/arvo/nachmittag/ettermiddag/ettermidda/ittermiddag/ettermiddagen/om"
            " ettermiddagen",
        ),
        (18, "evening/in the evening/night/nite/kveld/kvelden/om kvelden/på kvelden/abend"),
    )
    for name in names.split("/")
}
"""The hour that a part of a day begins with."""
PARTS_OF_TODAY = {
    name: hour
    for hour, names in (
        (9, "this morning/i formiddag/i dag tidlig/heute früh"),
        (15, "this afternoon/this arvo/i ettermiddag/i ettermidda/i ettermiddagen"),
        (18, "tonight/tonite/2nite/this evening/i kveld/ikveld/i kveldinga"),
    )
    for name in names.split("/")
}
NUMBERS = _numbered(
    "a/an/one/en/ett/et/ei/ein/eit/eine/einen/eins",
    "two/to/zwei",
    "three/tre/tri/drei",
    "four/fire/vier",
    "five/fem/fünf",
    "six/seks/sechs",
    "seven/sju/syv/sieben",
    "eight/åtte/acht",
    "nine/ni/neun",
    "ten/ti/zehn",
    "eleven/elleve/elf",
    "twelve/tolv/zwölf",
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
_WHICH = "following|påfølgende|førstkomande|komande|next|neste|this|denne|coming|kommende|førstkommende"
WEEKDAY = re.compile(rf"(?:(?P<which>{_WHICH}) )?(?P<name>{any_of(WEEKDAYS)})\.?")
_ANY_WEEKDAY = re.compile(rf"\b{any_of(WEEKDAYS)}\b")
_WHICH_DAY = re.compile(rf"\b{_WHICH}\b|\d\.|\d/\d|\d(?:st|nd|rd|th)")
WEEKDAY_AND = re.compile(rf"(?P<name>{any_of(WEEKDAYS)})\b\.?,? (?P<article>the |den )?(?P<rest>.+)")
COUNT = re.compile(
    rf"(?:(?P<how>in|(?:i dag )?om|for|i|für) )?(?P<number>\d{{1,4}} ?|(?:{any_of(NUMBERS)}) )"
    r"(?:(?P<days>days?|dag|dager|dagar|døgn|tag|tage)|(?P<nights>nights?|natt|netter|nächte)"
    r"|(?P<fortnights>fortnights?)"
    r"|(?P<weeks>weeks?|uke|uker|veke|veker|wochen?)|(?P<months>months?|måned|måneder|mnd\.?))"
    r"(?P<ahead> (?:from (?:now|today)|fra (?:nå|i dag|idag)))?"
)


_HOURS = {
    name: hour for name, hour in NUMBERS.items() if hour <= 12 and name not in ("a", "an", "et", "ei", "ein")
} | {**dict.fromkeys(("noon", "midday", "mittag", "middag"), 12)}
_HOUR = "|".join(sorted(_HOURS, key=len, reverse=True))
_HALVES = {
    "half past": 30,
    "halv": -30,
    "halb": -30,
    "quarter past": 15,
    "kvart over": 15,
    "quarter to": -15,
    "kvart på": -15,
}
_HALF = "|".join(_HALVES)
_AN_HOUR = rf"(?:(?:{_HALF}) )?(?:\d{{1,2}}|{_HOUR})"
_AT = r"(?:at|kl\.?|klokka|klokken|um)"
WEEKDAY_FROM = re.compile(
    rf"(?:on |på |am )?(?P<rest>{any_of(WEEKDAYS)}) (?:from|fra|frå|ab) (?P<hour>\d{{1,2}})"
)
_BETWEEN_HOURS = re.compile(rf"\b(?:between|mellom|zwischen) ({_HOUR}) (?:and|og|und) ({_HOUR})$")
_SPOKEN = re.compile(
    rf"\b(?P<at>{_AT} )(?P<one>{_AN_HOUR})\b(?: (?P<to>to|til|till|until|and|og"
    rf"|bis) (?P<two>{_AN_HOUR})\b)?(?: uhr)?"
    rf"|(?:(?P<half>(?:{_HALF}) (?:\d{{1,2}}|{_HOUR}))\b"
    rf"(?:(?P<hto> (?:to|til|till|until|bis) )(?P<hend>{_AN_HOUR})\b)?)"
    rf"|(?<!\S)(?P<from>(?:from|fra|between|mellom|von) )?(?P<three>{_HOUR}|\d{{1,2}}) "
    rf"(?P<til>to|til|till|until|bis) (?P<four>{_HOUR}|\d{{1,2}}(?::\d\d)?(?: ?[ap]\.?m\.?)?)$"
)


HOUR_IN_WORDS = re.compile(rf"\b(?P<at>{_AT}) (?P<hour>{_HOUR})\b(?: (?:o'?clock|uhr))?", re.IGNORECASE)


def hour_in_digits(found: re.Match[str]) -> str:
    """Return `at 10` of the `at ten o'clock` that HOUR_IN_WORDS has found."""
    return f"{found['at']} {_HOURS[found['hour'].lower()]}"


_SO_LONG = re.compile(
    rf"(?:\b(?P<at>(?:from|fra|frå|von|ab|at|kl\.?|klokka|klokken|um) ))?"
    rf"(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))?"
    rf"(?: ?(?P<half>[ap])\.?m\.?)?,? (?:for|i|in|für) (?P<long>\d{{1,2}}|{any_of(NUMBERS)}) "
    r"(?:hours?|hrs?|timer?|timar|stunden?)\b"
)
_UNTIL = r"(?P<to>(?: ?[-–] ?| (?:to|til|till|until|bis) ))"
_ENDS = re.compile(
    rf"(?P<begin>\d ?(?:[ap]\.?m\.?)?){_UNTIL}"
    r"(?:(?P<noon>noon|midday|mittag)|(?P<late>late|sent|seint)|midnight|midnatt|mitternacht)\b"
)
_LATE_FROM = re.compile(r"(?:(?:from|fra|at|kl\.?) )?(\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?) \v")


_FROM_IN_PART = re.compile(
    r"(?<=night|kveld|ening|rning) (?:from|fra|frå|ab|after|etter|around|rundt) (?=\d{1,2}(?:[:.]\d\d)?$)"
)
"""The `from` of `tonight from 7`, where no end is said."""
_OF_PART = re.compile(
    r"\b(?P<hour>\d{1,2})(?P<minute>[:.]\d\d)? (?:in the|om|på) (?:(?P<morning>morning|morgenen|formiddagen)"
    r"|afternoon|evening|ettermiddagen|kvelden)\b"
)


def _in_part(found: re.Match[str]) -> str:
    """Return `8am` of `8 in the morning`."""
    if not 1 <= int(found["hour"]) <= 12:
        return found[0]
    return f"{found['hour']}{(found['minute'] or '').replace('.', ':')}{'am' if found['morning'] else 'pm'}"


def _with_ends(said: str) -> str:
    """Return `9am til 12:00` of `9am til noon`, and `at 5` of `5 til late`, whose end is asked."""

    def written(found: re.Match[str]) -> str:
        if found["late"]:
            return f"{found['begin']} \v"
        return f"{found['begin']}{found['to']}{'12:00' if found['noon'] else '23:59'}"

    return _LATE_FROM.sub(r"at \1", _ENDS.sub(written, said))


def _with_end(found: re.Match[str]) -> str:
    """Return `from 10:00 to 13:00` of `from 10 for 3 hours`."""
    if not (found["at"] or found["minute"] or found["half"]):
        return found[0]
    hour = int(found["hour"]) if found["half"] or found["minute"] else likely_hour(found["hour"])
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"] == "p")
    long = found["long"]
    last = hour + (int(long) if long.isdigit() else NUMBERS[long])
    minute = found["minute"] or "00"
    return f"from {hour}:{minute} to {last}:{minute}" if last < 24 else found[0]


def hours_in_digits(said: str) -> str:
    """Return `at 9 to 5` of a tidied `at nine to five`, and `at 08:30` of `klokka halv ni`."""
    said = _OF_PART.sub(_in_part, _FROM_IN_PART.sub(" at ", said))
    said = _SO_LONG.sub(_with_end, _with_ends(said))

    def written(found: re.Match[str]) -> str:
        if found["half"]:
            end = f"{found['hto']}{_hour(found['hend'])}" if found["hto"] else ""
            return f"{'' if end else 'at '}{_hour(found['half'])}{end}"
        if found["three"]:
            if found["three"].isdigit() and found["four"] not in _HOURS:
                return found[0]
            return f"{found['from'] or ''}{_hour(found['three'])} {found['til']} {_hour(found['four'])}"
        rest = f" {found['to']} {_hour(found['two'])}" if found["two"] else ""
        return f"{found['at']}{_hour(found['one'])}{rest}"

    return _SPOKEN.sub(written, _BETWEEN_HOURS.sub(r"from \1 to \2", said))


def _hour(said: str) -> str:
    half, _, name = said.rpartition(" ")
    if name not in _HOURS and not name.isdigit():
        return said  # "4:30 pm"
    hour = _HOURS[name] if name in _HOURS else int(name)
    if not half:
        return str(hour)
    minutes = hour * 60 + _HALVES[half]
    minutes += 12 * 60 if 0 < minutes < (_NIGHT_UNTIL + 1) * 60 else 0
    return f"{minutes // 60:02}:{minutes % 60:02}"


_NIGHT_UNTIL = 5


def likely_hour(written: str) -> int:
    """Return the hour of a bare number after `at`: nobody fetches a tent at 3 in the night."""
    hour = int(written)
    return hour + 12 if 1 <= hour <= _NIGHT_UNTIL and not written.startswith("0") else hour


def days_of(count: re.Match[str]) -> int:
    """Return the days of one unit of a COUNT; a month has none."""
    return 14 if count["fortnights"] else 7 if count["weeks"] else 1


WEEKEND = re.compile(
    r"(?:(?:for|over|i|ut|all|hei?le) )?(?:(?:the|this|denne|hei?le) )?(?:weekend|wknd|helg)(?:a|en)?"
)
END_OF_WEEK = re.compile(
    r"(?:(?:to|til|till|until|by|innen) )?(?:(?:the )?end of (?:the )?week|ut (?:uka|uken|veka)"
    r"|(?:uka|uken|veka) ut|slutten av (?:uka|uken|veka))"
)
AFTER_WEEKEND = re.compile(
    r"(?:(?:to|til|till|until) )?(?:(?:til|till|until) over|etter|after)"
    r" (?:the )?(?:weekend|wknd|helg)(?:a|en)?"
)
FROM = (
    r"(?:from|ifra|ifrå|starting(?: on| from)?|beginning(?: on)?|fra og med|frå og med|fra|frå|von|vom|ab"
    r"|between|mellom|zwischen|f\.?o\.?m\.?)"
)
TO = r"(?:to|til og med|(?:fr[ae]m )?til|te|till|untill?|through|thru|bis zum|bis|t\.?o\.?m\.?|by|innen)"
FILLER = re.compile(rf"(?:{FROM}|{TO}|for|on|på|the|den|am|dem|für|just|only|bare) ")
DATED = re.compile(r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)")
_CLOCK = (
    r"(?:(?:at|@|kl\.?|klokka|klokken"
    r"|um) ?(?P<h1>\d{1,2})(?:[:.]?(?P<m1>\d{2}))?(?: ?(?P<half1>[ap])\.?m\.?)?(?: uhr| o'?clock)?"
    r"|(?P<h2>\d{1,2}):(?P<m2>\d{2})(?: ?(?P<half2>[ap])\.?m\.?)?"
    r"|(?P<h3>\d{1,2}) ?(?P<half3>[ap])\.?m\.?"
    r"|(?P<h4>\d{1,2})(?:[:.](?P<m4>\d{2}))? ?uhr)"
)
CLOCK_LAST = re.compile(rf"(?P<rest>.*?)(?:^|,? |(?<=\d)t){_CLOCK}")
TIME_FIRST = re.compile(
    rf"(?:(?:{FROM}|{TO}) )?"
    r"(?=(?:at|@|kl\.?|klokka|klokken) ?\d|\d{1,2}(?:[:.]\d{2})? ?[ap]\.?m\b)"
    rf"{_CLOCK},? (?P<rest>.+)"
)
"""As CLOCK_FIRST, where only what is surely a time counts: "16:10" may be a name's."""
CLOCK_FIRST = re.compile(rf"{_CLOCK},? (?P<rest>.+)")
NOON_OF = re.compile(rf"(?:(?:{FROM}|{TO}) )?(?:at )?(?:noon|midday|lunchtime) (?:on )?(?P<rest>.+)")
PART_OF_DAY = re.compile(rf"(?P<rest>.+?)(?:,? )?(?P<part>{any_of(PARTS_OF_DAY)})")
_WEEKS = rf"(?P<number>\d{{1,2}}|{any_of(NUMBERS)}) (?:weeks?|uke|uker|veke|veker)"
WEEKS_FROM = re.compile(rf"{_WEEKS} (?:from|on) (?P<name>{any_of(WEEKDAYS)})")
WEEKDAY_WEEK = re.compile(rf"(?P<name>{any_of(WEEKDAYS)}) week")
"""The British `monday week`: a week from Monday."""
WEEKDAY_IN_WEEKS = (
    WEEKDAY_WEEK,
    re.compile(rf"(?P<name>{any_of(WEEKDAYS)})\b\.?,? (?:in|om) {_WEEKS}(?: time| tid)?"),
    re.compile(rf"(?:in|om) {_WEEKS},? (?:on |på )?(?P<name>{any_of(WEEKDAYS)})"),
    WEEKS_FROM,
)


_TIL = re.compile(r"(?<!fram )(?<!frem )\b(?:til|te)\b(?! og med)")


def says_til(text: str) -> bool:
    """Return whether the Norwegian word is in it that is `until` as well as `for`: `kano til lørdag`."""
    return _TIL.search(text.lower()) is not None


def names_weekday(text: str) -> bool:
    """Return whether a day is said by its weekday, and by nothing that tells which: `from saturday`."""
    said = text.lower()
    return _ANY_WEEKDAY.search(said) is not None and not _WHICH_DAY.search(said)
