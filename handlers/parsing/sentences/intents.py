"""Sentences about what one has: `I need to give the tent back`, by their form, and by their words alone
`my mate will bring the tent back tomorrow`.

For want of a reading of the whole: what the words lead to asks or shows, and changes nothing.
"""

import re

from handlers.parsing.sentences.questions import HELLO_BEFORE, HOURS, PROBLEM
from handlers.parsing.sentences.words_around import words_of

_RETURNING = words_of(
    "return returning returned returns dropoff lever levere leverer levert leverte leverast innlevering "
    "returnere returnerer returnert tilbakelevere zurückgeben zurückbringen zurück abgeben"
)
_BACK = words_of("back off in inn innom tilbake att")
_MOVING = words_of(
    "bring brings bringing brought drop dropping dropped give giving gave hand handing handed get take "
    "taking send sending put come coming gi gir gitt gje komme kommer kjem ta tar sende sender få får"
)
_LATER = words_of(
    "keep keeping extend extending extension longer prolong delay delayed late behold beholde beholder "
    "behalde forlenge forleng forlenger forlengelse forlenga lenger lengre utsette utsett forsinket "
    "forsinka forsinkelse behalten länger verlängern verspätung später"
)
_NOT_ABLE = words_of(
    "can't cant cannot won't wont unable not running behind stuck ikke ikkje ikkj rekker rekk klarer "
    "greier nicht schaffe before før"
)
_DEADLINE = words_of("fristen frist deadline fristdato")
_PUT_BACK = (("back", "shelf"), ("back", "place"), ("left", "outside"), ("left", "door"), ("på", "plass"))
_MORE = words_of("extra ekstra another")
_UNITS = words_of(
    "day days night nights week time dag dager dagar natt netter uke uka veke tid tag tage woche"
)
_NOT = words_of("don't dont not no longer anymore ikke ikkje nicht")
_NEEDING = words_of("need want needed wanted going coming trenger treng trengs skal vil kommer brauche")
_CANCELLING = words_of(
    "cancel cancelling cancelled cancellation avbestille avbestill avbestiller avlyse avlys avlyst "
    "kansellere kanseller stornieren absagen"
)
_OFF_COURSE = words_of("off plans anymore likevel allikevel avlyst")
_PASSING_ON = (
    ("take", "over"),
    ("taking", "over"),
    ("took", "over"),
    ("ta", "over"),
    ("tar", "over"),
    ("pass", "on"),
    ("gi", "videre"),
    ("hand", "over"),
    ("overta",),
    ("overtar",),
    ("overtatt",),
    ("overlate",),
    ("overlevere",),
    ("someone", "else"),
    ("somebody", "else"),
    ("noen", "andre"),
    ("swap", "with"),
    ("übernehmen",),
    ("übernimmt",),
)
_HARM = words_of(
    "broken broke bent cracked leaking leaks leak ripped torn damaged stolen snapped burst missing lost "
    "dead hole ødelagt øydelagt brekt brakk brukket knekte knust knakk knekt bøyd revnet revna sprukket "
    "sprukke hull hol lekker lek mistet mista stjålet stålet defekt borte rift flerra røk røyk kaputt "
    "verloren gerissen flenge undicht"
)
_FAILING = words_of("won't wont doesn't doesnt stopped funker fungerer virker")
_SIGNS = ",.!?:;()\"'“”«»"


def _words(text: str) -> list[str]:
    return [word.strip(_SIGNS) for word in text.lower().replace("’", "'").split()]


def passes_on(text: str) -> bool:
    """Return whether somebody else is to take over what one has."""
    said = set(_words(text))
    return any(all(one in said for one in pair) for pair in _PASSING_ON)


def intent(text: str) -> str | None:
    """Return the command that is meant, or HOURS or PROBLEM; None where the words tell nothing of it."""
    asks = text.rstrip().endswith("?")
    said = set(_words(text))
    if passes_on(text):
        return "rentals"
    returning = bool(said & _RETURNING) or bool(said & _MOVING and said & _BACK)
    returning = returning or any(one in said and other in said for one, other in _PUT_BACK)
    if returning and said & {"where", "hvor", "kor", "wo"} and asks:
        return HOURS
    if returning and said & {"when", "når", "wann"} and asks:
        return "rentals"
    if said & _CANCELLING or (said & _NOT and said & _NEEDING and said & _OFF_COURSE):
        return "cancel"
    if (
        said & _LATER
        or (said & _DEADLINE and said & _NOT_ABLE)
        or (said & _MORE and said & _UNITS)
        or (returning and said & _NOT_ABLE)
    ):
        return "extend"
    if (
        said & _HARM
        or (said & _FAILING and not said & {"i", "we", "jeg", "vi"})
        or (said & _NOT_ABLE and said & {"find", "finne", "finner"})
    ) and not asks:
        return PROBLEM
    return "return" if returning else None


WISH = re.compile(
    r"^(?:(?:hi|hello|hey|hei|hallo|please|pls|plz|sorry)[,!.]? +)*"
    r"(?:(?:can|could|may|will|shall) (?:i|we|you)(?: please)?"
    r"|(?:i|we)(?:[’']d| would)? (?:like|want|need|wish|have) to|(?:i|we)(?:[’']ll| will| must| can)"
    r"|(?:i[’']m|i am) going to|(?:kan|kunne|må|får|skal) (?:jeg|eg|vi|du|me)"
    r"|(?:jeg|eg|vi|me) (?:vil gjerne|vil|skal|må|ønsker|ønskjer|kan)(?: å)?(?: få)?|pls|plz|please) +",
    re.IGNORECASE,
)
"""Beginnings of a sentence whose rest is a command: `I want to`, `kan jeg`."""

_THING = r"(?:the |my |our |this |that |those |these )?(?P<thing>\S+(?: \S+){0,3}?)"
_SOON = (
    r"(?: (?:back|today|now|tomorrow|already|again|yesterday|i dag|nå|i morgen|igjen|allerede"
    r"|tilbake|inn|att|på plass))*(?: (?:on|by|before|at|på|innen|før) .{1,20})?"
)
_ABOUT_A_THING = tuple(
    (command, re.compile(form, re.IGNORECASE))
    for command, form in (
        ("return", rf"(?:to )?(?:give|bring|hand|take|send|drop|put|get) {_THING} (?:back|off|in){_SOON}"),
        (
            "return",
            rf"(?:i|we)(?: have|[’']ve)?(?: just)? (?:returned|brought back|gave back"
            rf"|given back) {_THING}{_SOON}",
        ),
        ("return", rf"{_THING} (?:is|are|has been|have been|was) (?:back|returned|brought back){_SOON}"),
        (
            "return",
            rf"(?:å )?(?:levere|lever|gi|gje|komme med|returnere) {_THING} (?:tilbake|inn|att){_SOON}",
        ),
        ("return", rf"(?:jeg|eg|vi|me) (?:har )?(?:levert|leverte|returnert) {_THING}{_SOON}"),
        (
            "return",
            rf"(?:(?:jeg|eg|vi|me) )?(?:(?:kommer|kjem) (?:(?:tilbake|innom) )?med|leverer|returnerer) "
            rf"{_THING}(?: tilbake| inn)?{_SOON}",
        ),
        ("return", rf"{_THING} (?:er|ble|har blitt|vart) (?:levert|tilbake|returnert|innlevert){_SOON}"),
        (
            "return",
            rf"(?:(?:i|we)(?:[’']?m| am| are|[’']?re) )?(?:all )?"
            rf"(?:done|finished|through) with {_THING}{_SOON}",
        ),
        ("return", rf"(?:(?:jeg|eg|vi|me) )?(?:er )?ferdige? med {_THING}{_SOON}"),
        ("return", rf"{_THING} (?:zurückgeben|zurückbringen)"),
        ("return", rf"(?:ich )?(?:gebe|bringe) (?:das |den |die )?{_THING} zurück"),
        (
            "extend",
            rf"(?:å )?(?:keep|hold on to|extend|beholde|behalde|behalten|forlenge|forleng) {_THING}"
            r" (?:(?:until|till|til|to|for|bis|a (?:bit|little)|some|one|two|en|to|litt|longer|lenger"
            r"|lengre|another)\b.*)",
        ),
        (
            "extend",
            rf"(?:can|could|may|kan|får) {_THING} (?:stay|remain|bli)"
            r" (?:with|here|longer|out|hos|her|lenger|ute)\b.*",
        ),
        (
            "extend",
            r"(?:have|ha) (?:the |my |this )(?P<thing>\S+(?: \S+){0,2}?) (?:until|till|longer"
            r"|for another)\b.*"
            r"|ha (?P<thing2>\S+(?:et|en|a|ene)) (?:til|lenger|litt)\b.*",
        ),
        (
            "cancel",
            r"(?:actually )?(?:(?:i|we|jeg|vi|eg) )?(?:don[’']t|do not|no longer|trenger ikke|treng ikkje)"
            rf"(?: need| want)? {_THING} (?:anymore|any more|any longer|after all|lenger|likevel|allikevel)",
        ),
        (
            "cancel",
            rf"(?:actually )?(?:(?:i|we) )?(?:won[’']t|will not|no longer)(?: need| want) {_THING}"
            r"(?: anymore| any more| any longer| after all)?",
        ),
    )
)
"""Sentences about a thing that one has, with the command that they mean."""


_OTHER_DAYS = re.compile(
    r"(?:change|move|reschedule|postpone|shift|push|endre|flytt|flytte|utsett|utsette) (?:back )?"
    r"(?:my |our |the |min |mitt |mine |vår )?(?P<thing>\S+(?: \S+){0,2}?)"
    r"(?: (?:booking|rental|loan|reservation|bestilling(?:en)?|lån(?:et)?))? (?:to|until|by|from|til|fra) .+",
    re.IGNORECASE,
)


def moved(text: str) -> str:
    """Return the thing of `can I move my canoe booking to next weekend`; empty for others."""
    found = _OTHER_DAYS.fullmatch(WISH.sub("", HELLO_BEFORE.sub("", text.strip().rstrip("?!. ")), count=1))
    return found["thing"] if found else ""


def about_thing(text: str) -> tuple[str, str] | None:
    """Return the command that is meant, and the words for the thing; None for others."""
    plain = HELLO_BEFORE.sub("", text.strip().rstrip("?!. "))
    for command, form in _ABOUT_A_THING:
        if found := form.fullmatch(WISH.sub("", plain, count=1)) or form.fullmatch(plain):
            return command, found.groupdict().get("thing") or found["thing2"]
    return None
