"""Words of a sentence around a thing and its days: `can I borrow a tent, please?`"""

import re

from handlers.parsing.sentences.questions import HELLO_BEFORE

_GREETING = (
    r"(?:(?:hi|hello|hey|hei sann|hiya|howdy|yo|halla|heia|morn|servus|hei|hallo|heisann|moin|guten tag"
    r"|good (?:morning|evening|afternoon)"
    r"|god (?:morgen|kveld|dag)"
    r"|please|bitte|pls|sorry|excuse me|unnskyld|so|ok|okay|yes|ja)\b(?: there| all| everyone| folks"
    r"| guys| again"
    r"| alle| dere| sammen| igjen)?[,!.:;]*\s+)*"
)
_GET = (
    r"(?:borrow|rent|hire|have|get|book|reserve|loan|use|take|grab|order|request|pick up"
    r"|(?:få )?(?:låne|låna|lånt|lån|leie|leige|leid|leigd|få|fått|ha|hatt|booke|booket|reservere"
    r"|reservert|bestille"
    r"|bestilt|bruke|ta|tinge)|ausleihen|leihen|mieten|haben|bekommen)"
)
_I = (
    r"(?:(?:my|min|mi|mein|meine) \w+(?: (?:and|og|und) (?:i|me|jeg|eg|ich))?|\w+ (?:and|og|und) (?:i"
    r"|me|jeg|eg|ich)"
    r"|(?:jeg|eg|vi) og \w+(?: \w+)?|i|we|me|jeg|eg|vi|ich|wir)"
)
_GLADLY = (
    r"(?:(?: please| also| maybe| possibly| perhaps| just| really| gjerne| veldig| også| kanskje"
    r"| då| nok| bitte| gerne?))*"
)
_ASKING = "|".join(
    [
        rf"(?:(?:do you think|trur (?:du|de)|tror (?:du|dere)|is there any chance|any chance)(?: that"
        rf"| at)? )?"
        rf"(?:(?:can|could|may|might|kan|kunne|får|fekk|må|skal|kann|könnte|könnten|können|darf"
        rf"|dürfen) {_I}"
        rf"|{_I} (?:can|could|kan|kunne|får)){_GLADLY}(?: {_GET})?",
        rf"{_I}(?:[’']d|[’']ll| would| will)?{_GLADLY} (?:like|love|want|need|wish|hope|plan|are hoping"
        rf"|am hoping)"
        rf"{_GLADLY}(?: to {_GET})?",
        rf"{_I}(?:[’']d| had| have| was| were| am|[’']m|[’']re| are)? (?:wondering|wonder|hoping"
        rf"|planning|thinking|going|asking)"
        rf"(?: to| of| about| if| whether| on)?(?: {_I} (?:can|could|might|may))?(?: {_GET}(?:ing)?)?",
        rf"(?:would|is|er|var|hadde|går|ville) (?:it|det)(?: be| vært)? (?:possible|ok|okay|mulig|an"
        rf"|muleg|greit)"
        rf"(?: for {_I})?(?: to| if {_I}(?: could)?| å| om {_I}(?: kunne)?)(?: {_GET})?",
        rf"{_I} (?:skulle|ville|vil|hadde|trenger|trengte|treng|trong|ønsker|ønskjer|ønsket|skal|må"
        rf"|vurderer|tenkte|hadde tenkt)"
        rf"{_GLADLY}(?: {_I})?(?: ha| like| trenge)?{_GLADLY}(?: på)?(?: å)?(?: {_GET})?",
        rf"(?:ich|wir) (?:brauche|brauchen|möchte|möchten|hätte|hätten|würde|würden|will|wollen|nehme"
        rf"|nehmen|suche|suchen){_GLADLY}",
        r"(?:brauche|brauchen|habt ihr(?: noch)?|gibt es|(?:ist|sind) noch|was (?:habt ihr|gibt es|ist))",
        r"(?:(?:i'll|we'll) )?take|make (?:it|that)|just|only|bare|(?:jeg|vi|eg|me) tar|heller",
        r"(?:have )?(?:you |u )?got(?= (?:any|some|an?\b))"
        r"|(?:do|did) you(?: guys)?(?: still)? have|have you(?: got)?|you have|is there|are there|is|are",
        r"(?:i'm|i am|we're|we are) looking for|looking for|anybody got|any chance of",
        r"(?:does|do|has|have) (?:any|some)(?:one|body)(?: here)?(?: have| got)*|har noen(?: av dere)?",
        r"har (?:dere|du|de|klubben|vi|dokker)|(?:finnes|fins|finst|er) (?:det|der)|finnes|finst|er",
        r"(?:jeg|vi|eg|me) (?:ser|leter|leiter) etter|ser etter|leter etter",
        rf"what (?:is|are|do you have|have you(?: got)?|you got|you have"
        rf"|can {_I} {_GET})|what's|which|what(?= \w+(?: \w+)? (?:do you|can"
        rf"|could|are|is)\b)",
        rf"(?:hva|kva|ka) (?:er|e|har (?:dere|du|de)|finnes|kan {_I} (?:få )?{_GET})|(?:hvilke|kva for)",
        r"who has|who's got|hvem har|kven har|where (?:is|are)|(?:hvor|kor) er",
        r"how many|hvor mange|kor mange|anything(?= (?:is )?(?:free|available))|noe(?= (?:er )?ledig)",
        r"(?:lend|give|get|book|reserve) (?:me|us)|(?:lån|gi|skaff|book|reserver) (?:meg|oss)",
        r"(?:borrow|rent|hire|book|reserve|need|want|get|låne|låna|lån|leie|leige|reserver|reservere"
        r"|bestill|bestille|trenger|treng"
        r"|ønsker|vil ha|skulle hatt|booking|reservation)(?: of| av)?",
    ]
)
_BEFORE = re.compile(
    rf"{_GREETING}(?:(?P<asked>{_ASKING})\s+)?(?:(?:the|some|any|anything|something|noen|noe|noko|nokre|etwas|my)\s+)*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:[,.!]?\s*\b(?:please|pls|plz|thanks|thank you|thx|takk|vær så snill|tusen takk|bitte"
    r"|danke))+[!.?\s]*$",
    re.IGNORECASE,
)
_VERB_LAST = re.compile(
    r"\s+(?:ausleihen|leihen|mieten|haben|bekommen|reservieren|buchen|ausborgen"
    r"|frei)[!.?\s]*$",
    re.IGNORECASE,
)


_JUST = re.compile(r"(?<=\S) (?:just|already|nettopp|akkurat|allerede|gerade)(?= \S)", re.IGNORECASE)
_BIDDING = re.compile(
    r"(?:(?:(?:can|could|would|will|kan|kunne|kannst|könntest) (?:you|du)(?: please| vær så snill(?: å)?"
    r"| bitte)?|please|pls|plz|vennligst|vær så snill å|bitte)[, ]+)+",
    re.IGNORECASE,
)


def plainly(text: str) -> str:
    """Return `block T1` of `Hi, could you block T1, please?`: no greeting, bidding or thanks is around it."""
    plain = _JUST.sub("", HELLO_BEFORE.sub("", " ".join(text.split())))
    plain = _AFTER.sub("", plain.rstrip("?!. ")).rstrip("?!,. ")
    return _BIDDING.sub("", plain, count=1) if _BIDDING.match(plain) else plain


def without_courtesy(text: str) -> str:
    """Return `a tent tomorrow` of `Can I borrow a tent tomorrow, please?`"""
    text = _VERB_LAST.sub("", _AFTER.sub("", text.strip().rstrip("?!.").rstrip()))
    asked = _BEFORE.match(text)
    return text[asked.end() :] if asked else text


def asks(text: str) -> bool:
    """Return whether this asks for something: `do you have a tent`, `jeg trenger et telt`."""
    asked = _BEFORE.match(text.strip())
    if asked is None:
        return False
    return asked["asked"] is not None or asked[0].lower().startswith(("any ", "noen "))
