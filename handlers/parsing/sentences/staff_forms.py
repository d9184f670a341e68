"""The forms of staff's sentences: a pattern each, with the names of what is said in it."""

import re

from handlers.parsing.sentences.staff_words import (
    AT_MOST,
    AT_ONCE,
    CLUB,
    DAYS,
    EACH,
    EXTEND,
    HAPPENING,
    NAME,
    NUMBER,
    PERSON,
    RENTAL,
    REST,
    THINGS,
    TO,
    WHAT_HAPPENS,
    Kind,
)

FORMS = tuple(
    (kind, rule, re.compile(form, re.IGNORECASE))
    for kind, rule, form in (
        (
            Kind.BLOCK,
            "",
            r"(?:nobody|no one|ingen|niemand) (?:may|can|should|får|kan|skal|darf) (?:borrow"
            r"|rent|take|have|låne|leie|ha) (?P<what>\S.*)",
        ),
        (
            Kind.BLOCK,
            "",
            r"(?P<what>\S.*?) (?:is|are|er|ist|sind) (?:not available|unavailable|not for rent"
            r"|ikke tilgjengelige?|utilgjengelige?|nicht verfügbar)(?: (?P<when>\S.*))?",
        ),
        (
            Kind.BLOCK,
            "",
            r"(?:reserve|reserver|set aside|keep|hold|sett av) (?P<what>\S.*?) (?:for repairs?"
            r"|til reparasjon|for service|til service|zur reparatur)(?: (?P<when>\S.*))?",
        ),
        (Kind.BLOCK, "", r"(?:lock|close|steng|stenge|lås) (?P<what>\S.*)"),
        (
            Kind.BLOCK,
            "",
            r"(?:no (?:more )?(?:lending|renting|rental|loans?) (?:out )?(?:of )?|(?:do not|don[’']?t|never)"
            r" (?:lend|rent|hand|give)(?: out)? |ikk[je]e? (?:lån|lei|lever) ut |ingen utlån av "
            r"|kein verleih von )(?P<what>\S.*)",
        ),
        (
            Kind.BLOCK,
            "",
            r"(?P<what>\S.*?) (?:can[’']?t|cannot|can not|must not|may not"
            r"|should(?: not|n[’']?t)|(?:is|are)(?: not|n[’']?t) to|bør ikke|kan ikke|skal ikke|darf nicht) "
            r"(?:be (?:lent|rented|borrowed)(?: out)?|lånes(?: ut)?|leies ut"
            r"|verliehen werden)(?: (?P<when>\S.*))?",
        ),
        (
            Kind.BLOCK,
            "",
            r"(?:put|mark|set|sett|merk|marker) (?P<what>\S.*?) (?:(?:as )?(?:out of (?:service|order"
            r"|use)|unavailable|not available|blocked)|(?:som )?(?:ut av (?:drift|bruk|utlån)|utilgjengelig"
            r"|sperret))(?: (?P<when>\S.*))?",
        ),
        (
            Kind.CLOSE,
            "",
            r"(?:we|vi|wir) (?:are|will be|have|er|har|holder|sind|haben) (?:closed|stengt"
            r"|geschlossen|zu)(?: .+)?",
        ),
        (
            Kind.ADD,
            "",
            r"(?:add|register|create|legg til|opprett|registrer"
            r"|(?:we|vi|jeg|i)(?:[’']ve| have| har)? (?:got|bought|get|have|fått|kjøpt|fikk|kjøpte|har))"
            r" (?:\S+ )?(?:new|nytt|ny|nye) (?P<what>\S.*)",
        ),
        (
            Kind.ADD,
            "",
            r"(?:\S+ )?(?:new|nytt|ny|nye) (?P<what>\S.*?) (?:have |has |har |er )?"
            r"(?:arrived|came|come|are here|is here|kommet|kom|er her)(?: in| inn)?",
        ),
        (
            Kind.BLOCK,
            "",
            r"(?:block off|block|blokker|blokkere|sperr|sperre|sperren|blockiere?) (?P<what>.+)",
        ),
        (
            Kind.BLOCK,
            "",
            r"(?:take|ta|nimm) (?P<what>.+?) (?:out of (?:lending|service|use|circulation)"
            r"|ut av (?:utlån|utlånet|drift|bruk|sirkulasjon)|aus dem verleih)(?: (?P<when>.+))?",
        ),
        (
            Kind.LIMIT,
            "most_items",
            rf"{AT_MOST} {NUMBER} {THINGS}(?: {AT_ONCE})? {EACH} {PERSON}(?: {AT_ONCE})?",
        ),
        (
            Kind.LIMIT,
            "most_items",
            rf"(?:people|members|everybody|everyone|medlemmer|alle|folk|leute|mitglieder) (?:may"
            rf"|can|kan|får|dürfen)"
            rf" (?:have|rent|borrow|ha|låne|haben) {AT_MOST} {NUMBER} {THINGS}(?: {AT_ONCE})?(?: haben)?",
        ),
        (Kind.LIMIT, "longest_days", rf"{AT_MOST} {NUMBER} {DAYS} {EACH} {RENTAL}"),
        (
            Kind.LIMIT,
            "longest_days",
            rf"(?:the )?(?:longest|maximum|max\.?|lengste|maks|längste) {RENTAL}(?: is| er| ist"
            rf"|:)? {NUMBER} {DAYS}",
        ),
        (
            Kind.LIMIT,
            "ahead_days",
            rf"{AT_MOST} {NUMBER} {DAYS} (?:ahead|in advance|fram(?: i tid)?|im voraus)",
        ),
        (
            Kind.MOVE,
            "",
            r"(?:move|shift|postpone|flytt|utsett|verschiebe?) (?:everything|all|alt|alles"
            r"|alle)(?: (?:rentals|returns"
            r"|loans|bookings|returer|innleveringer|tilbakeleveringer|things|utlån|lån|was|som|that"
            r"|which))?(?: (?:is|are|er|ist|skal))?(?: (?:due|back|inn|leveres|tilbake"
            r"|har frist|fällig))?(?: (?:on|from|fra|på|von|vom|am|den))? (?P<what>\S.*?)(?: (?:fällig|due))?"
            rf" {TO} (?P<when>\S.*)",
        ),
        (
            Kind.MOVE,
            "",
            rf"(?:move|shift|postpone|flytt|utsett) (?P<what>\S+?)(?:[’']?s) (?:returns|rentals|loans"
            rf"|returer|lån|utlån) {TO}"
            r" (?P<when>\S.*)",
        ),
        (
            Kind.ENROL,
            "",
            r"(?:add|register|create|invite|legg til|opprett|inviter) (?:a |an |et |en |ein |einen )?"
            r"(?:new |nytt |ny |neues )?(?:member|lender|admin|person|medlem|utlåner|mitglied)",
        ),
        (
            Kind.ENROL,
            "",
            r"(?:a )?(?:(?:new|nytt|ny) (?:member|lender|admin|medlem|utlåner)|neues mitglied)[:,]?"
            r" (?P<who>\S.*)",
        ),
        (
            Kind.ENROL,
            "",
            r"(?:add|register|enrol|enroll|sign up|admit|legg til|meld inn|registrer|opprett"
            r"|füge|nimm) (?P<who>\S.*?)"
            rf" (?:to|as|in|into|til|som|i|zum|als|im|in den) (?:the |our |a |an |et |ein "
            rf"|einen )?(?:new )?{CLUB}"
            r"(?: hinzu| auf)?",
        ),
        (Kind.ENROL, "", r"(?:invite|inviter|lade) (?P<who>\S.*?)(?: ein)?"),
        (Kind.EXTEND, "", rf"{EXTEND} (?:for|til) {NAME} {TO} (?P<when>\S.*)"),
        (Kind.EXTEND, "", rf"{EXTEND} (?P<what>\S.*?) {REST}"),
        (Kind.EXTEND, "", rf"{EXTEND} (?P<what>\S.*) {TO} (?P<when>\S.*)"),
        (
            Kind.EXTEND,
            "",
            rf"{NAME} (?:keeps?|can keep|may keep|beholder|kan beholde|får beholde|behält) (?P<what>\S.*?)"
            rf"(?: {TO} (?P<when>\S.*)| (?:longer|lenger|for \S+ (?:days?|weeks?)|i \S+ (?:dager|uker?)"
            rf"|ut (?:uka|uken)))?",
        ),
        (
            Kind.EXTEND,
            "",
            rf"(?:give|gi|let) {NAME} (?:more time|lenger tid|mer tid|longer) (?:with|for|med|på"
            rf"|til) (?P<what>\S.*?)(?: {TO} (?P<when>\S.*))?",
        ),
        (Kind.EXTEND, "", rf"{EXTEND} (?P<what>\S.*?)(?: longer| lenger| länger)?"),
        (
            Kind.EXTEND,
            "",
            rf"{NAME} (?:needs?|wants?|gets?|trenger|vil ha|får)"
            r" (?P<when>(?:another|\S+ more|\S+ extra|an extra) \w+|\S+ \w+ til)"
            r" (?:with|for|on|med|på) (?P<what>\S.*)",
        ),
        (
            Kind.EXTEND,
            "",
            r"(?:set|change|move|sett|endre|flytt) (?:the )?(?:due date|deadline|frist(?:en)?)"
            rf"(?: (?:of|for|on|på|til))? (?P<what>\S.*) {TO} (?P<when>\S.*)",
        ),
        (
            Kind.EXTEND,
            "",
            r"(?:let|la|lass) (?P<who>\S+(?: \S+)?) (?:keep|have|beholde|ha|behalten) (?P<what>\S.*?)"
            rf" {TO} (?P<when>\S.*)",
        ),
        (
            Kind.EXTEND,
            "",
            r"(?P<who>\S+(?: \S+)?) (?:wants?|would like|needs?|has|vil|skal|må|ønsker|trenger"
            r"|möchte|will|muss)(?: to| å)? (?:keep|have|beholde|ha|få ha|behalten) (?P<what>\S.*?)"
            rf"(?: {TO} (?P<when>\S.*)| (?:longer|lenger|länger|(?:one|two|a|three|en|to"
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
            r"|logg(?:en)? (?:til|for|på)|vis (?:logg(?:en)?|historikk(?:en)?) (?:til|for|på|av)"
            r"|verlauf von|geschichte von|(?:show |vis )?(?:the )?(?:history|historikk(?:en)?)(?! (?:of"
            r"|for|til|på|av)\b)) (?P<what>\S.*)",
        ),
        (
            Kind.HISTORY,
            "",
            r"(?:(?:show|vis) )?(?:the )?(?P<what>\S.*?) (?:history|historikk(?:en)?|log|logg(?:en)?)",
        ),
        (
            Kind.WHERE,
            "",
            r"(?:who|hvem|kven|wer) (?:is using|uses|took|has taken|has borrowed|is borrowing|bruker|tok"
            r"|har tatt|har lånt|låner|benutzt) (?P<what>\S.*?)(?: (?:now|nå))?",
        ),
        (
            Kind.WHERE,
            "",
            r"(?:(?:with whom|hos hvem) (?:is|are|er)|hvor blir det av|locate|(?:the )?status (?:of|on|på"
            r"|for)"
            r"|where (?:do|did) we (?:keep|have|store|put)|where (?:have|has) we got|(?:hvor|kor) (?:har"
            r"|holder|oppbevarer) vi|where did) (?P<what>\S.*?)(?: go| gone| gjort av)?",
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
            r"(?:(?:print(?: out)?|make|create|(?:i |we |jeg |vi )?(?:need|want|trenger|må ha)"
            r"|skriv(?:e)? ut|lag(?:e)?|drucke?) )?(?:(?:the|a|an|new|me|en|et|ny|nye|nytt|neue) )*"
            r"(?:labels?|stickers?|qr[ -]?(?:codes?|koder?)|codes|etikett(?:er|en)?|merkelapp(?:er)?"
            r"|aufkleber) (?:for|of|to|til|på|für) (?P<what>\S.*)",
        ),
        (
            Kind.COUNT,
            "",
            r"how many (?P<what>\S.*?) (?:do we (?:have|own)|have we got|are there"
            r"|does the club (?:have|own))(?: in total| altogether| all in all)?",
        ),
        (
            Kind.COUNT,
            "",
            r"(?:hvor|kor) mange (?P<what>\S.*?) (?:har vi|eier vi|finnes(?: det)?"
            r"|finst(?: det)?|er det)(?: totalt| til sammen)?",
        ),
        (
            Kind.COUNT,
            "",
            r"(?:(?:the )?number of|count(?: the)?|antall|antal|tell(?: opp)?"
            r"|anzahl(?: der)?) (?P<what>\S.*?)(?: (?:do we have|have we got|har vi))?",
        ),
        (
            Kind.COUNT,
            "",
            r"(?:how many|hvor mange|kor mange) (?P<what>\S.*?) (?:have we(?: got)?|finnes(?: det)?"
            r"|eier vi|har klubben)",
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
            r"(?:is|are|er|ist|sind) (?P<what>\S.*?) (?:back|home|in|out|returned|inne|hjemme|tilbake|ute"
            r"|(?:inn)?levert(?: inn| tilbake)?|zurück|da|draußen)"
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
            r"|leverer) (?P<who>\S+(?: \S+)??) (?:bring|bringing|return|returning|(?:com(?:e|ing) )?back with"
            r"|levere|tilbake|(?:komme )?(?:tilbake )?med) (?P<what>\S.*?)(?: back| tilbake| inn)?",
        ),
        (
            Kind.FIND,
            "",
            r"(?:what (?:does|has|did|is out with|is with)|hva (?:har|låner|lånte|leier)|kva har|was hat"
            r"|har|does|has|hat) (?P<who>\S+(?: \S+)??)"
            r"(?: (?:have|got|borrow|borrowed|rented|out|ute|lånt|leid|anything|something|noe|ausgeliehen))*",
        ),
        (
            Kind.FIND,
            "",
            r"(?:show |vis )?(?:the )?(?:rentals|loans|bookings|things|lån|lånene|utlån|utlånene|leier"
            r"|tingene|bestillingene|ausleihen) (?:of|for|by|til|hos|på|von) (?P<who>\S.*)",
        ),
        (
            Kind.FIND,
            "",
            r"(?:show |vis )?(?P<who>\S.*?)(?:[’']s|s| sin| sitt| sine)? (?:rentals|loans|bookings|things"
            r"|stuff|lån|utlån|leier|ting|bestillinger|ausleihen)",
        ),
        (
            Kind.FIND,
            "",
            r"(?:(?:how (?:do|can) (?:i|we) (?:reach|contact|call)|hvordan (?:når|kontakter) (?:jeg|vi))"
            r"|contact(?: info(?:rmation)?)?(?: for| of)?|call|ring(?: til)?|kontakt(?:info)?(?: til| for)?"
            r"|(?:what is |hva er |was ist )?(?:the )?(?:phone ?number|phone|number|telephone"
            r"|e-?mail(?: address)?|telefon(?:nummer)?"
            r"(?:et)?|nummer(?:et)?|e-?post(?:en)?|mail(?:en)?|adresse[n]?) (?:of|for|to|til|på"
            r"|von)) (?P<who>\S.*)",
        ),
        (
            Kind.FIND,
            "",
            r"(?:make|promote|gjør|mach) (?P<who>\S.*?) (?:to |til |zum )?(?:a |an "
            r"|en )?(?:new )?(?:lender|admin|leader|member|utlåner|leder|medlem|verleiher|mitglied)",
        ),
        (
            Kind.FIND,
            "",
            r"(?:can |could |kan |should |bør )?(?P<who>\S.*?) (?:become|be made|be|bli) (?:a |an |en |ny )?"
            r"(?:lender|admin|leader|member|utlåner|leder|medlem)",
        ),
        (
            Kind.FIND,
            "",
            r"(?:remind|nudge|message|ping|minn|purr(?: på)?|mas på|erinnere) (?P<who>\S+(?: \S+)??)"
            r"(?: (?:about|on|of|to|om|på|an) .+)?",
        ),
        (
            Kind.FIND,
            "",
            r"(?:give|grant|gi) (?P<who>\S.*?) (?:(?:the )?(?:lender|admin|leader) (?:role|rights?)"
            r"|rollen (?:som )?\w+|\w+rollen)",
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
            r"|who[’']?s (?:still )?got"
            r"|(?:who|hvem|kven|wer) (?:still |ennå |enda |fortsatt )?(?:has(?: still)?(?: got)?"
            r"|have|har|hat)(?: still| fortsatt| ennå| enda| noch)?) (?P<what>\S.*?)(?: (?:now"
            r"|right now|nå|no|jetzt))?",
        ),
        (
            Kind.FIND,
            "",
            r"(?:(?:find|show)(?: me)?(?: the)? member|find|look up|show(?: me)?|search(?: for)?"
            r"|finn(?: medlem)?|vis medlem|vis(?: meg)?|slå opp|søk etter|zeige?(?: mir)?|suche?"
            r"|finde|(?:who is|who[’']s|hvem er|kven er|wer ist)) (?P<who>\S.*)",
        ),
        (
            Kind.DAYS,
            "",
            rf"(?:{WHAT_HAPPENS}|{HAPPENING})(?: (?:on|for|over|på|til|for|am|für))? (?P<when>\S.*)",
        ),
        (Kind.DAYS, "", r"(?:was|wer) (?:geht|kommt) (?P<when>\S.*?) (?:raus|aus|zurück|rein|wieder)"),
        (
            Kind.PLACE,
            "order",
            r"(?:i )?(?:put|moved?|store[ds]?|place[ds]?|left|flytt(?:e|et)?|sett|satte|legg|plasser(?:te)?)"
            r" (?P<what>\S.*?) (?:back )?(?:in|into|to|at|on|i|til|på|inn i|ned i) (?P<where>\S.*)",
        ),
        (
            Kind.PLACE,
            "order",
            r"(?P<what>\S.*?) (?:(?:is|was|has been|er|ble|har blitt) )?(?:moved|put|flyttet|satt|lagt)"
            r" (?:to|in|into|at|til|i|på) (?P<where>\S.*)",
        ),
        (
            Kind.PLACE,
            "",
            r"(?P<what>\S.*?) (?:is|are|er|ligger|står|henger|lies|belongs|lives|hører hjemme|ist|sind)"
            r" (?:now |kept |stored |nå )?(?:in|at|on|i|på|ved) (?P<where>\S.*?)(?: now| nå)?",
        ),
        (
            Kind.CHANGE,
            "",
            r"(?:rename|retire|delete|remove|edit|change|scrap|discard|throw (?:out|away)|døp om"
            r"|endre(?: navn på)?|slett|slette|fjern|utranger|rediger|kast|umbenennen|lösche?|ändere?)"
            r" (?P<what>\S.*?)(?: (?:to|into|til|in|from|fra|aus) \S.*)?",
        ),
    )
)
