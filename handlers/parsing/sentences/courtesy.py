"""Words of a sentence around a thing and its days: `can I borrow a tent, please?`"""

import re

_WORDS = (
    "i we me us my our you your yours din ditt dine deres rental guys "
    "someone somebody anybody anyone can could may might would will shall "
    "should do does did have has had got get is are was were be been am it that there any some the of for "
    "from with and so then just also please if whether possible think wonder wondering hope hoping like "
    "love want need wish looking look borrow rent hire lend loan book booking reserve use take grab order "
    "request pick up collect fetch still left free available in stock again maybe perhaps possibly really "
    "hi hello hey thanks thank i'd i'll i'm we'd we'll we're friend friends u ur which interested home "
    "brother sister mother father mum mom dad son daughter kid kids family wife husband partner colleague "
    "colleagues group team class at all spare lying around able trip hoped wanted needed planning going "
    "tour ok okay yes well add plus reservation jeg eg vi oss du de dere dokker meg min mitt mine kan "
    "kunne får få fått fekk skal skulle vil ville må har hadde hatt ha er var blir bli vært vore det den "
    "der noe noen nokre nokon å om på til med av og så da då gjerne veldig også kanskje bare mulig muleg "
    "greit går gått an trenger trengs treng trengte trong ønsker ønskjer ønsket tenkte lurer lurte låne "
    "låna lånt lån leie leige leid leigd booke booket reservere reservert bestille bestilt bruke ta hent "
    "hente henter tinge ledig ledige tilgjengelig igjen fortsatt enda ennå hei heisann takk vær "
    "snill hva kva ka tur "
    "turen ja tror trur dykk noken som interessert hjem hjemme venn venner bror søster familien gjengen "
    "ich wir uns mir ihr man kann könnte könnten können darf dürfen möchte möchten würde würden hätte "
    "hätten haben habt gibt ist wäre es noch gern gerne bitte brauche brauchen suche suchen leihen "
    "ausleihen mieten bekommen reservieren buchen frei verfügbar das die dem für mit und nehmen nehme "
    "wollen etwas sie "
)
SENTENCE_WORDS = frozenset((*_WORDS.split(), "happen"))
_BEFORE_TO = {"happen", "like", "love", "want", "need", "wish", "hope", "hoping", "able", "going", "possible"}
"""Words after which `to` is English: in Norwegian it is two."""
"""Words of sentences around a thing and its days: no thing, number or day, and nothing is refused by them."""

_SIGNS = ",.!?:;-–"

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
_FREE = re.compile(
    r"(?:^|(?<=\s))"
    r"(?:(?:is|are|er) (?:there )?)?(?:free|available|for rent|to rent|to borrow|left|do you have"
    r"|ledige?|ledig|inne|til overs|til leie|til låns|å låne|å leie|har dere)(?=\s|$)",
    re.IGNORECASE,
)
"""Words that a question has of a thing, and no name of one has."""

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


def _is_said_around(token: str) -> bool:
    said = token.strip(_SIGNS).lower().replace("’", "'")
    return not said or said in SENTENCE_WORDS


def _is_english_to(tokens: list[str]) -> bool:
    return len(tokens) > 1 and tokens[-1].lower() == "to" and tokens[-2].lower() in _BEFORE_TO


def core(text: str) -> str:
    """Return the text without the words of a sentence at its beginning and its end."""
    tokens = text.split()
    begin, end = 0, len(tokens)
    while begin < end and (_is_said_around(tokens[begin]) or _is_english_to(tokens[: begin + 1])):
        begin += 1
    while end > begin and _is_said_around(tokens[end - 1]):
        end -= 1
    return " ".join(tokens[begin:end])


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


def without_free(text: str) -> str | None:
    """Return `tents this weekend` of the question for `tents free this weekend`; None where nothing goes."""
    plain = " ".join(_FREE.sub(" ", text).split())
    return plain if plain and plain != text else None
