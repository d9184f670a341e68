"""Sentences about what one has, by their words alone: `my mate will bring the tent back tomorrow`.

For want of a reading of the whole: what they lead to asks or shows, and changes nothing.
"""

from handlers.parsing.sentences.questions import HOURS, PROBLEM
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
    if (
        said & _LATER
        or (said & _DEADLINE and said & _NOT_ABLE)
        or (said & _MORE and said & _UNITS)
        or (returning and said & _NOT_ABLE)
    ):
        return "extend"
    if said & _CANCELLING or (said & _NOT and said & _NEEDING and said & _OFF_COURSE):
        return "cancel"
    if (
        said & _HARM
        or (said & _FAILING and not said & {"i", "we", "jeg", "vi"})
        or (said & _NOT_ABLE and said & {"find", "finne", "finner"})
    ) and not asks:
        return PROBLEM
    return "return" if returning else None
