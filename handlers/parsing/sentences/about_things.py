"""Sentences about a thing that one has: `I need to give the tent back`, `teltet er levert`."""

import re

from handlers.parsing.sentences.questions import HELLO_BEFORE

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
            rf"(?:(?:jeg|eg|vi|me) )?(?:kommer|kjem|leverer|returnerer) (?:med "
            rf"|tilbake med |innom med )?{_THING}(?: tilbake| inn)?{_SOON}",
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
            r"(?:have|ha) (?:the |my |this )(?P<thing>\S+(?: \S+){0,2}?) (?:until|till|longer"
            r"|for another)\b.*"
            r"|ha (?P<thing2>\S+(?:et|en|a|ene)) (?:til|lenger|litt)\b.*",
        ),
        (
            "cancel",
            rf"(?:i|we|jeg|vi|eg) (?:don[’']t|do not|no longer|trenger ikke|treng ikkje)(?: need"
            rf"| want)? {_THING}"
            r" (?:anymore|any more|any longer|after all|lenger|likevel|allikevel)",
        ),
    )
)
"""Sentences about a thing that one has, with the command that they mean."""


def about_thing(text: str) -> tuple[str, str] | None:
    """Return the command that is meant, and the words for the thing; None for others."""
    plain = HELLO_BEFORE.sub("", text.strip().rstrip("?!. "))
    for command, form in _ABOUT_A_THING:
        if found := form.fullmatch(WISH.sub("", plain, count=1)) or form.fullmatch(plain):
            return command, found.groupdict().get("thing") or found["thing2"]
    return None
