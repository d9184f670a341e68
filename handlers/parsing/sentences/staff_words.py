"""The kinds of staff's sentences, and words that several of their forms have, as parts of patterns."""

from enum import StrEnum

from handlers.parsing import date_vocabulary


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
    DAYS = "days"
    CHANGE = "change"
    PLACE = "place"


NUMBER = rf"(?P<number>\d{{1,4}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)})"
AT_MOST = (
    r"(?:(?:allow |set |erlaube )?(?:at most|not more than|no more than|max\.?|maximum|maximal"
    r"|maks\.?|maksimum"
    r"|maksimalt|høchstens|høyst|inntil|ikke mer enn|ikke flere enn|up to|only|bare|nur|höchstens))"
)
EACH = r"(?:per|for each|for every|each|every|pr\.?|pro|hver|for hver|til hver|je)"
PERSON = r"(?:person|member|user|head|medlem|bruker|mitglied|nase|one)"
AT_ONCE = r"(?:at once|at a time|at the same time|om gangen|samtidig|gleichzeitig|auf einmal)"
THINGS = (
    r"(?:rentals?|things?|items?|pieces?|loans?|bookings?|utlån|lån|ting|gjenstander|leier|sachen|dinge"
    r"|ausleihen|geräte)"
)
DAYS = r"(?:days?|dager|dagar|døgn|tage?n?)"
RENTAL = r"(?:rental|loan|booking|utlån|lån|leie|leier|ausleihe)"
TO = r"(?:to|until|till|by|(?:fr[ae]m til|(?<!fr[ae]m )til)(?: og med)?|inntil|bis(?: zum)?|auf)"
REST = r"(?P<when>ut (?:uka|uken|veka|måneden))"
NAME = r"(?P<who>\S+(?: \S+)??)"
REPAIR = r"(?:repairs?|reparasjon|service|maintenance|vedlikehold|cleaning|washing|vask|reparatur|wartung)"
CLUB = r"(?:club|group|organi[sz]ation|members?|klubben|klubb|laget|foreningen|klub|verein|mitglied|medlem)"
EXTEND = r"(?:extend|prolong|forleng|forlenge|verlänger[en]?)"
WHAT_HAPPENS = (
    r"(?:what|who|whos|whats|anything|anyone|everything|which (?:things|rentals)|what rentals"
    r"|hva|hvem|kva|kven|noe|noen|was|wer)(?:[’']?s)?"
    r"(?: (?:is|are|does|do|will|has to|have to|must|er|skal|må|ist|muss))? (?:be )?"
    r"(?:go(?:es|ing)? out|leav(?:es|ing)|picked up|com(?:es?|ing)(?: back| in| by)?|due(?: back)?|returned"
    r"|back|ready|on|ut|går ut|hentes|hente|inn|kommer(?: inn| tilbake)?|tilbake|leveres(?: inn)?|levere|klar"
    r"|geht (?:raus|aus)|kommt(?: zurück)?|zurück|fällig)"
)
HAPPENING = (
    r"(?:(?:the |our )?(?:desk|plan|schedule|worklist|shift|returns?|pick-?ups?|hand-?outs?|check-?outs?"
    r"|check-?ins?|due(?: back)?|skranken?|vakta?|vakten|planen?|utlevering(?:er)?|innlevering(?:er)?|returer"
    r"|henting(?:er)?|forfaller|rückgaben?|ausgaben?|abholungen))"
)
