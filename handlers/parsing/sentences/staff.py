"""Sentences of those who lend and keep things: `block the tents next week`, `extend Kari's tent to sunday`.

They tell a form from others, not yet a member from a thing: whoever looks them up knows which are there.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers.parsing import date_vocabulary
from handlers.parsing.sentences import courtesy
from handlers.parsing.sentences.about_things import WISH
from handlers.parsing.sentences.counter import without_article
from handlers.parsing.sentences.questions import HELLO_BEFORE


class Kind(StrEnum):
    BLOCK = "block"
    LIMIT = "limit"
    MOVE = "move"
    ENROL = "enrol"
    EXTEND = "extend"
    CANCEL = "cancel"
    HISTORY = "history"
    LABELS = "labels"
    COUNT = "count"
    WHERE = "where"
    FIND = "find"
    ADD = "add"
    CLOSE = "close"


@dataclass(frozen=True)
class Sentence:
    """A sentence as it was said: about `what` or `who`, `when`; `rule` and `number` of a limit."""

    kind: Kind
    what: str = ""
    who: str = ""
    when: str = ""
    rule: str = ""
    number: int = 0


_NUMBER = rf"(?P<number>\d{{1,4}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)})"
_AT_MOST = (
    r"(?:(?:allow |set |erlaube )?(?:at most|not more than|no more than|max\.?|maximum|maximal"
    r"|maks\.?|maksimum"
    r"|maksimalt|høchstens|høyst|inntil|ikke mer enn|ikke flere enn|up to|only|bare|nur|höchstens))"
)
_EACH = r"(?:per|for each|for every|each|every|pr\.?|pro|hver|for hver|til hver|je)"
_PERSON = r"(?:person|member|user|head|medlem|bruker|mitglied|nase|one)"
_AT_ONCE = r"(?:at once|at a time|at the same time|om gangen|samtidig|gleichzeitig|auf einmal)"
_THINGS = (
    r"(?:rentals?|things?|items?|pieces?|loans?|bookings?|utlån|lån|ting|gjenstander|leier|sachen|dinge"
    r"|ausleihen|geräte)"
)
_DAYS = r"(?:days?|dager|dagar|døgn|tage?n?)"
_RENTAL = r"(?:rental|loan|booking|utlån|lån|leie|leier|ausleihe)"
_TO = r"(?:to|until|till|til|inntil|bis(?: zum)?|auf)"
_CLUB = r"(?:club|group|organi[sz]ation|members?|klubben|klubb|laget|foreningen|klub|verein|mitglied|medlem)"
_EXTEND = r"(?:extend|prolong|forleng|forlenge|verlänger[en]?)"
_FORMS = tuple(
    (kind, rule, re.compile(form, re.IGNORECASE))
    for kind, rule, form in (
        (
            Kind.BLOCK,
            "",
            r"(?:nobody|no one|ingen|niemand) (?:may|can|should|får|kan|skal|darf) (?:borrow"
            r"|rent|take|have|låne|leie|ha)"
            r" (?P<what>\S.*)",
        ),
        (
            Kind.BLOCK,
            "",
            r"(?P<what>\S.*?) (?:is|are|er|ist|sind) (?:not available|unavailable|not for rent"
            r"|ikke tilgjengelige?"
            r"|utilgjengelige?|nicht verfügbar)(?: (?P<when>\S.*))?",
        ),
        (
            Kind.BLOCK,
            "",
            r"(?:reserve|reserver|set aside|keep|hold|sett av) (?P<what>\S.*?) (?:for repairs?"
            r"|til reparasjon|for service"
            r"|til service|zur reparatur)(?: (?P<when>\S.*))?",
        ),
        (Kind.BLOCK, "", r"(?:lock|close|steng|stenge|lås) (?P<what>\S.*)"),
        (
            Kind.CLOSE,
            "",
            r"(?:we|vi|wir) (?:are|will be|have|er|har|holder|sind|haben) (?:closed|stengt"
            r"|geschlossen|zu)(?: .+)?",
        ),
        (
            Kind.ADD,
            "",
            r"(?:add|register|create|legg til|opprett|registrer) (?:a |an |et |en |ei )?(?:new"
            r"|nytt|ny|nye) (?P<what>\S.*)",
        ),
        (Kind.BLOCK, "", r"(?:block|blokker|blokkere|sperr|sperre|sperren|blockiere?) (?P<what>.+)"),
        (
            Kind.BLOCK,
            "",
            r"(?:take|ta|nimm) (?P<what>.+?) (?:out of (?:lending|service|use|circulation)"
            r"|ut av (?:utlån|utlånet|drift|bruk|sirkulasjon)|aus dem verleih)(?: (?P<when>.+))?",
        ),
        (
            Kind.LIMIT,
            "most_items",
            rf"{_AT_MOST} {_NUMBER} {_THINGS}(?: {_AT_ONCE})? {_EACH} {_PERSON}(?: {_AT_ONCE})?",
        ),
        (
            Kind.LIMIT,
            "most_items",
            rf"(?:people|members|everybody|everyone|medlemmer|alle|folk|leute|mitglieder) (?:may"
            rf"|can|kan|får|dürfen)"
            rf" (?:have|rent|borrow|ha|låne|haben) {_AT_MOST} {_NUMBER} {_THINGS}(?: {_AT_ONCE})?(?: haben)?",
        ),
        (Kind.LIMIT, "longest_days", rf"{_AT_MOST} {_NUMBER} {_DAYS} {_EACH} {_RENTAL}"),
        (
            Kind.LIMIT,
            "longest_days",
            rf"(?:the )?(?:longest|maximum|max\.?|lengste|maks|längste) {_RENTAL}(?: is| er| ist"
            rf"|:)? {_NUMBER} {_DAYS}",
        ),
        (
            Kind.LIMIT,
            "ahead_days",
            rf"{_AT_MOST} {_NUMBER} {_DAYS} (?:ahead|in advance|fram(?: i tid)?|im voraus)",
        ),
        (
            Kind.MOVE,
            "",
            r"(?:move|shift|postpone|flytt|utsett|verschiebe?) (?:everything|all|alt|alles"
            r"|alle)(?: (?:rentals|returns"
            r"|things|utlån|lån|was|som|that|which))?(?: (?:is|are|er|ist|skal))?(?: (?:due|back"
            r"|inn|leveres|tilbake"
            r"|har frist|fällig))?(?: (?:on|from|fra|på|von|vom|am|den))? (?P<what>\S.*?)(?: (?:fällig|due))?"
            rf" {_TO} (?P<when>\S.*)",
        ),
        (
            Kind.ENROL,
            "",
            r"(?:add|register|create|invite|legg til|opprett|inviter) (?:a |an |et |en |ein |einen )?"
            r"(?:new |nytt |ny |neues )?(?:member|lender|admin|person|medlem|utlåner|mitglied)",
        ),
        (Kind.ENROL, "", r"(?:a )?(?:new member|nytt medlem|ny medlem|neues mitglied)[:,]? (?P<who>\S.*)"),
        (
            Kind.ENROL,
            "",
            r"(?:add|register|enrol|enroll|sign up|admit|legg til|meld inn|registrer|opprett"
            r"|füge|nimm) (?P<who>\S.*?)"
            rf" (?:to|as|in|into|til|som|i|zum|als|im|in den) (?:the |our |a |an |et |ein "
            rf"|einen )?(?:new )?{_CLUB}"
            r"(?: hinzu| auf)?",
        ),
        (Kind.ENROL, "", r"(?:invite|inviter|lade) (?P<who>\S.*?)(?: ein)?"),
        (Kind.EXTEND, "", rf"{_EXTEND} (?P<what>\S.*) {_TO} (?P<when>\S.*)"),
        (Kind.EXTEND, "", rf"{_EXTEND} (?P<what>\S.*?)(?: longer| lenger| länger)?"),
        (
            Kind.EXTEND,
            "",
            r"(?:let|la|lass) (?P<who>\S+(?: \S+)?) (?:keep|have|beholde|ha|behalten) (?P<what>\S.*?)"
            rf" {_TO} (?P<when>\S.*)",
        ),
        (
            Kind.EXTEND,
            "",
            r"(?P<who>\S+(?: \S+)?) (?:wants?|would like|needs?|has|vil|skal|må|ønsker|trenger"
            r"|möchte|will|muss)"
            r"(?: to| å)? (?:keep|have|beholde|ha|få ha|behalten) (?P<what>\S.*?)"
            rf"(?: {_TO} (?P<when>\S.*)| (?:longer|lenger|länger|(?:one|two|a|three|en|to"
            rf"|tre) (?:more )?(?:day|days|week"
            r"|night|dag|dager|uke)(?: (?:more|longer|til|lenger))?))",
        ),
        (
            Kind.CANCEL,
            "",
            r"(?:cancel|call off|avbestill|avlys|kanseller|avbryt|stornier(?:e|en)?"
            r"|sag) (?P<what>\S.*?)(?: ab)?",
        ),
        (
            Kind.HISTORY,
            "",
            r"(?:(?:show |vis )?(?:the )?(?:history|log|story) (?:of|for)|historikk(?:en)? (?:til|for|på|av)"
            r"|loggen? (?:til|for|på)|verlauf von|geschichte von) (?P<what>\S.*)",
        ),
        (
            Kind.HISTORY,
            "",
            r"(?:who|hvem|kven|wer) (?:had|hadde|hatte) (?P<what>\S.*?)(?: (?:last|before|sist"
            r"|før|zuletzt)(?: \S+)?)?",
        ),
        (
            Kind.HISTORY,
            "",
            r"(?:who|hvem|kven|wer) (?:borrowed|rented|used|lånte|leide|brukte) (?P<what>\S.*?)"
            r"(?: (?:last|before|sist|forrige|før|yesterday|i går)(?: \S+)?)?",
        ),
        (
            Kind.HISTORY,
            "",
            r"(?:how often (?:is|was)|hvor ofte (?:er|blir"
            r"|ble)) (?P<what>\S.*?) (?:used|lent|brukt|lånt)(?: ut)?",
        ),
        (
            Kind.LABELS,
            "",
            r"(?:print|make|create|skriv ut|lag|druck|drucke) (?:the |new |me |nye |neue )?"
            r"(?:labels?|stickers?|qr ?codes?|codes|etikett|etiketter|merkelapper|etiketten|aufkleber)"
            r" (?:for|of|to|til|på|für) (?P<what>\S.*)",
        ),
        (
            Kind.COUNT,
            "",
            r"how many (?P<what>\S.*?) (?:do we (?:have|own)|have we got|are there"
            r"|does the club (?:have|own))"
            r"(?: in total| altogether| all in all)?",
        ),
        (
            Kind.COUNT,
            "",
            r"(?:hvor|kor) mange (?P<what>\S.*?) (?:har vi|eier vi|finnes(?: det)?"
            r"|finst(?: det)?|er det)(?: totalt| til sammen)?",
        ),
        (Kind.COUNT, "", r"wie ?viele (?P<what>\S.*?) (?:haben wir|gibt es|besitzen wir)(?: insgesamt)?"),
        (
            Kind.COUNT,
            "",
            r"(?:how many|hvor mange|kor mange|wie ?viele) (?P<what>\S.*?) (?:are|er"
            r"|sind) (?P<when>out|ute|lent|utlånt|draußen"
            r"|in|inne|free|ledige?|left|frei|here)(?: now| nå)?",
        ),
        (
            Kind.WHERE,
            "",
            r"(?:is|are|er|ist|sind) (?P<what>\S.*?) (?:back|home|in|out|inne|hjemme|tilbake|ute"
            r"|zurück|da|draußen)"
            r"(?: (?:yet|again|now|ennå|enda|igjen|nå|schon|wieder))?",
        ),
        (
            Kind.WHERE,
            "",
            r"(?:when|by when|når|kva tid|wann) (?:is|are|does|do|will|er|skal|må|kommer|ist|sind|kommt|muss)"
            r" (?P<what>\S.*?) (?:be )?(?:due(?: back)?|back|com(?:e|ing) back|returned|tilbake"
            r"|inn|leveres|levert|fällig|zurück)",
        ),
        (
            Kind.FIND,
            "",
            r"(?:when|når|wann) (?:is|does|will|skal|kommer"
            r"|leverer) (?P<who>\S+(?: \S+)?) (?:bring|bringing|return|returning"
            r"|levere|tilbake|med) (?P<what>\S.*?)(?: back| tilbake| inn)?",
        ),
        (
            Kind.FIND,
            "",
            r"(?:what (?:does|has)|hva har|kva har|was hat) (?P<who>\S+(?: \S+)??)(?: (?:have|got"
            r"|borrowed|rented|out|ute"
            r"|lånt|leid|ausgeliehen))*",
        ),
        (
            Kind.FIND,
            "",
            r"(?:make|promote|gjør|mach) (?P<who>\S.*?) (?:to |til |zum )?(?:a |an "
            r"|en )?(?:new )?(?:lender|admin|leader|member"
            r"|utlåner|leder|medlem|verleiher|mitglied)",
        ),
        (
            Kind.FIND,
            "",
            r"(?:suspend|ban|reactivate|suspender|utesteng|steng ute|gjeninnsett|sperre?) (?P<who>\S.*)",
        ),
        (
            Kind.FIND,
            "",
            r"(?:(?:what is|what[’']s|hva er|was ist) )?(?P<who>\S.*?)(?:[’']s"
            r"|s)? (?:phone number|phone|telephone|number|e-?mail"
            r"|e-?mail address|address|role|telefonnummeret|telefonnummer|telefon|nummer|e-?post"
            r"|adresse|rolle)(?: til .+)?",
        ),
        (
            Kind.WHERE,
            "",
            r"(?:where(?:[’']s| is| are)|(?:hvor|kor) (?:er|ligger|ligg|finner jeg|finn eg)|wo (?:ist|sind)"
            r"|(?:who|hvem|kven|wer) (?:has(?: got)?|have|har|hat)) (?P<what>\S.*?)(?: (?:now"
            r"|right now|nå|no|jetzt))?",
        ),
        (
            Kind.FIND,
            "",
            r"(?:find|look up|show(?: me)?|search(?: for)?|finn|vis(?: meg)?|slå opp|søk etter"
            r"|zeige?(?: mir)?|suche?"
            r"|finde|(?:who is|who[’']s|hvem er|kven er|wer ist)) (?P<who>\S.*)",
        ),
    )
)

_OF = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<who>\S.*?)[’']s? (?P<what>\S.*)",
        r"(?P<who>\S.*?)(?: sin| sitt| si| sine) (?P<what>\S.*)",
        r"(?P<who>\S.*?)s (?P<what>\S.*)",
        r"(?P<what>\S.*) (?:til|von|vom|of|for|from|fra|som) (?P<who>\S.*?)(?: har)?",
    )
)

RENTALS = {
    *("rental", "rentals", "booking", "bookings", "loan", "loans", "request", "requests", "things", "stuff"),
    *("lån", "lånet", "utlån", "utlånet", "leie", "leien", "bestilling", "bestillingen", "forespørsel"),
    *("forespørselen", "ting", "tingene", "ausleihe", "buchung", "anfrage", "sachen", "reservation"),
}
"""Words for all that somebody has, whatever it is."""


_ALL = re.compile(r"(?:all|alle|samtlige)(?: the| de)? ", re.IGNORECASE)


def wishes(text: str) -> list[Sentence]:
    """Return all ways to read the text as such a sentence, the likeliest first; none without such a form."""
    plain = HELLO_BEFORE.sub("", " ".join(text.split()).rstrip("?!. "))
    said = dict.fromkeys((plain, WISH.sub("", plain, count=1), courtesy.without_courtesy(plain)))
    return [
        _wish(kind, rule, found)
        for one in said
        for kind, rule, form in _FORMS
        if (found := form.fullmatch(one)) is not None
    ]


def _wish(kind: Kind, rule: str, found: re.Match[str]) -> Sentence:
    parts = {name: words or "" for name, words in found.groupdict().items()}
    number = parts.pop("number", "").lower()
    value = int(number) if number.isdigit() else date_vocabulary.NUMBERS.get(number, 0)
    parts["what"] = _ALL.sub("", without_article(parts.get("what", "")))
    return Sentence(kind, rule=rule, number=value, **parts)


def owners(words: str) -> list[tuple[str, str]]:
    """Return who may have what, of `Kari's tent`, `Karis telt`, `teltet til Kari`, `das Zelt von Kari`."""
    found = [match for form in _OF if (match := form.fullmatch(words)) is not None]
    return [(match["who"], without_article(match["what"])) for match in found]
