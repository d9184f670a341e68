"""Sentences that have an answer of their own: about hours and prices, about what one has, about harm."""

import re
from collections.abc import Iterator

HOURS, PRICE, THANKS, PROBLEM = "hours", "price", "thanks", "problem"

HELLO_BEFORE = re.compile(
    r"^(?:(?:hi|hello|hey|hei|hallo|and|og|so|hæ|oh|eh|but|men|btw|just wondering|jeg lurer på"
    r"|lurer på)[,!.]? +)+",
    re.IGNORECASE,
)

_YOU = (
    r"(?:you(?: guys)?|it|we|the \w+|everything|dere|dokker|de|du|det|klubben|lageret|skranken|boden"
    r"|kontoret"
    r"|ihr|das lager)"
)
_QUESTIONS = {
    HOURS: re.compile(
        r"(?:do|can|could|will|would) you(?: guys)? deliver\b.*"
        r"|(?:leverer|kjører|bringer) dere (?:ut|hjem|på døra)\b.*"
        r"|kan (?:dere|de) (?:levere|kjøre|bringe) (?:det |den |dem )?(?:hjem|ut|på døra|til meg)\b.*"
        r"|liefert ihr\b.*|"
        rf"(?:when|what time|what days|which days|how late|how long|until when|till when)"
        rf"(?: (?:are|is|do|does|will))? {_YOU}(?: be)? (?:open|opened|opens?|closed?|closes"
        rf"|closing)(?: .*)?"
        rf"|(?:are|is) {_YOU} (?:open|closed)(?: .*)?|(?:what are )?(?:your |the )?(?:opening"
        rf"|business) (?:hours|times)(?: .*)?"
        r"|what are (?:your|the) (?:hours|times)(?: .*)?"
        r"|(?:who|whom|hvem) (?:do|should|shall|can|skal|kan) (?:i|we|jeg|vi)"
        r" (?:give|hand|return|bring|levere) .*"
        r"|(?:where|hvor|kor|wo) (?:do|can|should|must|shall|skal|kan|må) (?:i|we|jeg|vi|eg"
        r"|ich) (?:return|bring|leave|drop|put|levere|leverer)\b.*"
        rf"|where (?:are you|is (?:the )?(?:club|desk|store|storage|storeroom|shop|office))(?: located"
        rf"| based)?"
        r"|(?:what is|what's) (?:your|the) address|address|when can i (?:come|drop) (?:by|in|over)"
        rf"|(?:når|hvor lenge|hvor sent|ka tid|når tid) (?:har|er|åpner|stenger|opnar|stengjer"
        rf"|held) {_YOU}(?: .*)?"
        rf"|har (?:dere|de|dokker) (?:åpent|ope|oppe|stengt)(?: .*)?|er {_YOU} (?:åpent|åpen|ope"
        rf"|stengt)(?: .*)?"
        r"|(?:hva er |kva er )?(?:åpningstid|åpningstider|åpningstiden|åpningstidene|opningstider"
        r"|opningstidene)(?: .*)?"
        rf"|(?:hvor|kor) (?:er|ligger|ligg|holder|held) {_YOU}(?: (?:til|hen))?|adresse|hva er adressen"
        rf"|(?:wann|wie lange) (?:habt|seid|ist|macht) {_YOU}(?: .*)?|öffnungszeiten|wo seid ihr",
        re.IGNORECASE,
    ),
    THANKS: re.compile(
        r"(?:thanks|thank you|thx|cheers|takk|tusen takk|mange takk|takk skal du ha|danke"
        r"|vielen dank)(?: so much| a lot| very much| så mye)?"
        r"(?: for .*|[,!.]* (?:great|nice|lovely|good|super|awesome|perfect|brilliant|flott|fint"
        r"|fin|kjempe\w*|bra) .*"
        r"| (?:i|we|guys|everyone|alle|dere)\b.*|[,!.]+ (?:that|it|you|this|everything|all"
        r"|see|have|det|dette|alt|dere|du|vi|ha)\b.*)",
        re.IGNORECASE,
    ),
    "policy": re.compile(
        r"(?:what (?:happens|if)|hva (?:skjer|om))"
        r" .*\b(?:late|lost?|breaks?|broken|sent?|ødela\w*|mist\w*)\b.*|"
        r"(?:what(?:[’']?s| is)|is there) (?:the |a )?(?:longest|max|maximum|limit)\b.*"
        r"|how (?:long|many days|far ahead|far in advance|many things)"
        r" (?:can|may|could|do) (?:i|we|you|one|people)"
        r" (?:borrow|rent|hire|loan|book|have)\b.*"
        r"|(?:hvor|kor) (?:lenge|mange dager|langt fram|lang tid i forveien) (?:kan|får) "
        r"(?:jeg|eg|vi|man|en|me) (?:få )?(?:låne|låna|leie|leige|booke)\b.*"
        r"|(?:hva|ka|kva) er (?:den )?(?:lengste|maks|maksimal)\b.*"
        r"|wie lange (?:kann|darf) (?:ich|man) .*leihen",
        re.IGNORECASE,
    ),
    "rentals": re.compile(
        r"(?:when|what time|what day|by when) (?:is|are|do|does|must|should|shall|will) .*\b(?:due|back"
        r"|returned|return|bring|end|over)\b.*"
        r"|(?:the |my )?(?:fristen?|deadline|due date)(?: (?:for|på|til|of|on) .*)?"
        r"|what (?:did|have|had) (?:i|we) (?:book|rent|borrow|reserve|order|ask)\w*(?: for)?(?: .*)?"
        r"|(?:hva|ka) har (?:jeg|vi|eg) (?:lånt|bestilt|leid|leigd|booket|reservert)(?: .*)?"
        r"|how long (?:can|may|do|have) (?:i|we) (?:keep|have|got)\b.*|(?:when|where) (?:can|do|should"
        r"|must) (?:i|we) (?:pick|collect|fetch|get)\b.*"
        r"|(?:can|could|may|might) (?:i|we) (?:pick|collect|fetch|get) .*\b(?:earlier|sooner)\b.*"
        r"|(?:kan|får) (?:jeg|vi|eg) (?:hente|få) (?:.* )?(?:tidligere|før|allerede)\b.*"
        r"|(?:is|has|are|have) (?:my|our|the) .*(?:been )?(?:approved|confirmed|accepted|ready)\b.*"
        r"|er (?:.* )?(?:godkjent|bekreftet|klart?|klare)(?: (?:ennå|enda|nå))?"
        r"|(?:når|kva tid|ka tid) (?:må|skal|kan) (?:jeg|eg|vi|me) (?:levere|hente|returnere|komme med)\b.*"
        r"|når (?:er|skal|må) .*\b(?:fristen|levert|leveres|tilbake|inn)\b.*|hvor lenge (?:har"
        r"|kan) (?:jeg|vi|eg) (?:ha|beholde|lånt)?\b.*"
        r"|(?:hvor|kor) (?:kan|skal|må) (?:jeg|vi|eg) hente\b.*|wann muss .* zurück.*",
        re.IGNORECASE,
    ),
    "extend": re.compile(
        r"(?:.* )?(?:more|extra) (?:days?|nights?|weeks?|time)(?: (?:with|for|on) .*)?|(?:.* )?(?:en|ein|én"
        r"|ei|to|tre|fire|fem|par|\d+) (?:dag|dager|dagar|natt|netter|uke|uker|veke|veker) til"
        r"(?: (?:med|på|for|av) .*)?"
        r"|(?:.* )?(?:litt )?mer tid(?: .*)?|(?:.* )?noch (?:einen|zwei|ein paar) tage?(?: .*)?|"
        r"(?:i[’']m|we[’']re|i am|we are|i[’']ll be|we[’']ll be|i will be|we will be) (?:running "
        r"|going to be )?(?:a (?:bit|little) )?late\b.*"
        r"|(?:jeg|eg|vi|me) (?:blir|er|kommer|kjem|vert) (?:litt |nok |dessverre )*(?:for )?(?:sen"
        r"|seine?|sent|seint|sene|forsinke[dt]e?)\b.*"
        r"|(?:jeg|eg|vi|me) (?:rekker|rekk|klarer|greier|får) (?:ikke|ikkje) (?:å )?(?:lever|kom"
        r"|return)\w*\b.*"
        r"|(?:i|we) (?:can[’']?t|cannot|can not|won[’']t|will not)(?: be able to)? (?:make it|return"
        r"|bring|get it back)\b.*"
        r"|ich (?:bin|komme) (?:zu )?spät.*",
        re.IGNORECASE,
    ),
    PRICE: re.compile(
        r"how much (?:is|are|does|do|would|will|for|to)(?! (?:left|free|out)).*"
        r"|what (?:does|do|would|will|is|are) .*(?:cost|price|prices|fee|fees|rates?)(?: .*)?"
        r"|(?:what's )?(?:the )?(?:price|prices|fees?|costs?|rates?)(?: (?:for|of) .*)?"
        r"|is (?:it|this|renting|borrowing)(?: \w+)? free(?: of charge)?|(?:does|do) (?:it|they|a"
        r"|the) .*cost.*"
        r"|do (?:i|we) (?:have|need) to pay.*|(?:is there|do you charge|do you want) (?:a |any )?(?:fee"
        r"|deposit|charge|money).*"
        r"|(?:what|how much) do (?:i|we) owe.*|(?:hva|kva|ka|hvor mye) (?:skylder|skuldar) (?:jeg|vi|eg).*"
        r"|(?:hva|kva|ka|hvor mye|kor mykje|kor mye) (?:koster|kostar|kosta|er prisen|blir prisen).*"
        r"|(?:hva er )?(?:prisen|pris|priser|leiepris|leieprisen|prisene|prisliste)(?: (?:på|for) .*)?"
        r"|(?:må|skal) (?:jeg|eg|vi|man) betale.*|er det gratis.*|(?:koster|kostar) (?:det|de) .*"
        r"|hvor mye tar dere.*"
        r"|(?:.* )?(?:deposit|depositum|kaution|pfand)(?: .*)?"
        r"|(?:was|wie ?viel) kostet.*|preise?|kostet das .*",
        re.IGNORECASE,
    ),
}
"""Questions that have an answer of their own: `when are you open?`, `hva koster et telt?`"""

_HARM = re.compile(
    r"(?:i|we|jeg|eg|vi) (?:have |har )?(?:found|noticed|discovered|fant|fann|funnet|oppdaget"
    r"|oppdaga) .{0,20}"
    r"(?:hole|crack|tear|leak|dent|hull|hol|rift|sprekk|bulk).{0,60}|"
    r"(?:(?:(?:i|we|(?!(?:is|are|have|has|er|har) )[^\W\d]+(?: [^\W\d]+)?)(?: have|[’']ve"
    r"| has)? )?(?:just |accidentally )?(?:lost|broken|broke|damaged|ripped"
    r"|torn|tore|cracked)"
    r"|(?:(?:jeg|eg|vi|me|(?!(?:er|har) )[^\W\d]+(?: [^\W\d]+)?) )?(?:har )?(?:dessverre )?(?:mistet"
    r"|ødela|ødelagt|knuste?|revet|skadet|mista"
    r"|øydelagt|øydela)) .{2,80}"
    r"|.{2,80} (?:has|have|got|har|fikk) (?:a |an |et |en |ei |eit |two |to )?(?:hole|crack|tear|leak"
    r"|dent|hull|hol|rift|sprekk|bulk).{0,40}"
    r"|.{2,60} (?:is|are|er) (?:missing|mangler) .{2,40}|.{2,60} (?:mangler|manglar)(?: .{2,40})?"
    r"|.{2,60} (?:came|comes|come|kom|kommer|kam) (?:back|tilbake|zurück) (?:with|broken|damaged"
    r"|wet|dirty|torn|med"
    r"|ødelagt|våt|våte|skitten|møkkete|kaputt|mit)\b.{0,40}"
    r"|.{2,60} (?:broke|snapped|tore|burst|stopped working"
    r"|won[’']t (?!need|want|be\b|make|come|use)\w+|røk|knakk|gikk i stykker"
    r"|gjekk i stykker)(?: .{2,40})?"
    r"|.{2,80} (?:is|are|has been|got|er|ble|har blitt|har vorte) "
    r"(?:broken|bent|leaking|damaged|torn|ripped|cracked|missing|lost|stolen|defect|dirty|wet|øydelagt"
    r"|skada|mista"
    r"|ødelagt|lekk|skadet|revnet|sprukket|knust|mistet|stjålet|defekt|borte|i stykker)"
    r"(?: (?:last|this|yesterday|today|during|at|by|in|on|i|på|under|da) .{1,40}| yesterday| today)?[.! ]*"
    r"|.{2,80} (?:(?:virker|funker|fungerer) (?:ikke|ikkje)|does not work|doesn[’']t work)"
    r"(?: (?:lenger|lengre|any ?more|any longer|properly|ordentlig|helt))?[.! ]*"
    r"|.{2,80} (?:leaks|lekker|lek|(?:needs?|må) (?:to be )?"
    r"(?:repair|repaired|fixing|fixed|mending|repareres|fikses)|(?:is|are|er) (?:missing|broke|gone)|(?:er )?"
    r"gått i stykker)[.! ]*"
    r"|(?:something is|something[’']s|noe er|det er noe) (?:wrong|galt|feil) (?:with|med) .{2,60}"
    r"|(?:there is|there[’']s|there are|det er) (?:a |et |en )?(?:hole|holes|crack|tear|leak|hull|hol|rift"
    r"|sprekk) (?:in|i|på) .{2,60}",
    re.IGNORECASE,
)
"""Sentences about a thing that is broken or lost: `the stove is leaking`, `jeg har mistet teltet`."""


def question(text: str) -> str | None:
    """Return the command, or what else is asked about, of a sentence such as `when are you open?`."""
    said = HELLO_BEFORE.sub("", text.strip()).rstrip("?!. ")
    return next((about for about, form in _QUESTIONS.items() if form.fullmatch(said)), None)


_HARMED = (
    re.compile(
        r"(?:my |our |the |this |that )?(?P<thing>\S+(?: \S+){0,3}?) (?:is|are|has|have|had|came"
        r"|comes|kom|got"
        r"|broke|snapped|tore"
        r"|burst|stopped|won[’']t|leaks|does not|doesn[’']t|needs?|må|er|har|fikk|ble|mangler|røk|knakk"
        r"|gikk|gjekk|lekker|lek"
        r"|virker|ist|sind|hat)\b.*",
        re.IGNORECASE,
    ),
    re.compile(
        r".*\b(?:lost|broken|broke|damaged|ripped|torn|tore|cracked|mistet|ødela|ødelagt|knuste?"
        r"|revet|skadet|mista"
        r"|in|on|in the|on the|i|på|with|med) (?:my |our |the |this |that "
        r"|an? )?(?P<thing>\S+(?: \S+){0,3}?)[.! ]*",
        re.IGNORECASE,
    ),
)


def harmed(text: str) -> list[str]:
    """Return what may be broken or lost, of a sentence that tells of harm."""
    found = (form.fullmatch(one) for one in _tellings(text) for form in _HARMED)
    return [match["thing"] for match in found if match is not None]


def tells_of_harm(text: str) -> bool:
    """Return whether a sentence says that a thing is broken or lost."""
    return any(_HARM.fullmatch(one) for one in _tellings(text))


def _tellings(text: str) -> Iterator[str]:
    """Yield what is told, and its beginning: `T1 needs repair, take it out`, unless the rest asks."""
    told = _told(text)
    yield told
    first, sign, rest = told.partition(", ")
    if sign and not _REQUEST.search(rest) and not text.rstrip().endswith("?"):
        yield first


_REQUEST = re.compile(
    r"\b(?:need|want|borrow|rent|get|trenger|vil|låne|leie|brauche|möchte)\b", re.IGNORECASE
)


def _told(text: str) -> str:
    return _AFTER.sub("", HELLO_BEFORE.sub("", _TAG.sub("", text.strip())))


_TAG = re.compile(r"<[^<>]{0,20}>")
_AFTER = re.compile(r"\W*(?: (?:please|pls|thanks|takk|bitte|danke|sorry|beklager))?\W*$", re.IGNORECASE)
