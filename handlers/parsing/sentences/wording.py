"""Words left out of a sentence before it is taken apart: greetings, who writes, `all day`, `last"
" minute`."""

import re

from handlers.parsing import date_vocabulary, quantities, typos
from handlers.parsing.sentences.words_around import PEOPLE_AND_PURPOSES, SAYING_NOTHING

_DASH = re.compile(r"(?P<before>\S+) [-–—] (?P<after>\w+)")
_ALL_DAY = re.compile(
    r"[,]? (?:at all|all day(?: long)?|(?:for )?the (?:whole )?day|hele dagen|heile dagen"
    r"|den ganzen tag)\b",
    re.IGNORECASE,
)
_FEW_HOURS = re.compile(
    r",? (?:just |only |bare |kun |nur )?(?:a few|a couple of|\d{1,2}|noen få|noen|et par"
    r"|ein paar) (?:hours?|hrs?|timer|stunden)\b",
    re.IGNORECASE,
)
_HOURS_LONG = re.compile(
    r",? (?:just |only |bare |nur )?(?:for|i|in|på|für) (?:about |ca )?(?:a|an|\w+|a couple of|a few"
    r"|et par|ein paar) (?:hours?|hrs?|timer?|timar|stunden?)\b",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"(?:(?<=^)|(?<=[.,!:;])) (?i:this is|it[’']?s|its|det er|dette er|her er|jeg heter|eg heiter"
    r"|my name is|my names|i[’']?m|i am|hier ist|ich bin) "
    r"[A-ZÆØÅÄÖÜ]\w+(?: (?:[A-ZÆØÅÄÖÜ]\w+|(?:from|fra|frå|of|in|i|von) (?:the )?\w+))*(?: here"
    r"| her)?(?=[.,!:;]|$| -)[.,!:;]?"
)
_SO_MANY = re.compile(
    rf",? (?P<number>\d{{1,3}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)}) ?"
    r"(?:stk\.?(?! \w)|stykker|pcs|pairs?|paa?r|of (?:them|those)|av dem|av de|davon)(?=[,.;!?]|\s|$)",
    re.IGNORECASE,
)
_SO_MANY_OF_US = re.compile(
    r"\b(we are|we[’']re|we(?: will|[’']ll|[’']d|d)(?: be)?|there(?: are|[’']s| will be)"
    r"|vi er|me er|vi blir|me blir|wir sind)"
    rf"( about| around| ca\.?)? (\d{{1,2}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)})(?: stk\.?)?"
    r"(?= (?:and|og|und|so|who|som|for|on|på|til)\b|[,.!]|$)",
    re.IGNORECASE,
)
_GROUP_OF = re.compile(
    r"\b(?:an? |en |ei |et |eine |our |vår )?(?:\w+ )?"
    r"(?:group|party|team|bunch|family|gang|gjeng|gruppe|familie|flokk) (?:of|på|av|von|with) "
    r"(?:about |ca\.? )?"
    rf"(\d{{1,2}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)})(?: people| stk\.?| personer)?"
    r"(?=[,.!?\s]|$)",
    re.IGNORECASE,
)
_FOR_SO_MANY = re.compile(
    rf"\b(for|til|für) (\d{{1,2}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)})"
    r" (?:of (?:us|them)|av oss|av dem|stykker|von uns)(?=[,.!?\s]|$)",
    re.IGNORECASE,
)
_COME_BY = re.compile(r"\b((?:swing|come|coming|stop|drop|pop|pass|nip|run)) by\b", re.IGNORECASE)
_DAY = date_vocabulary.any_of((*date_vocabulary.WEEKDAYS, *date_vocabulary.NAMED_DAYS))
_EVE = re.compile(rf"\b({_DAY}) (?:eve|evng|evg)\b", re.IGNORECASE)
_GREETING = re.compile(
    r"(^|[,.!] )\s*(?:(?:good|god|guten?|gu) ?(?:morning|evening|afternoon|day|morgen|kveld|dag"
    r"|ettermiddag|abend|tag)"
    r"|(?:morning|evening|afternoon|kveld)(?=[!,.]))\b[!,.]*",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(
    r"(?<![,.;]) (?:at )?(?:around|about|roughly|approx\.?|ca\.?|circa|cirka|rundt|omtrent|ungefähr"
    r"|gegen) (?:at |kl\.? ?|klokka )?"
    r"(?=\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?(?:[,.!?]|$| ?[-–]| (?:on|to|til|till|until|tomorrow"
    r"|today|på|i|and|og|to)\b))",
    re.IGNORECASE,
)
_OF_YOUR = re.compile(
    rf"\b(\d{{1,3}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)}|pairs?) of (?:the|your|those"
    rf"|these|our) ",
    re.IGNORECASE,
)
_IDIOMS = re.compile(
    r",? (?:(?:you|u) (?:would|do)n[’']?t happen to have(?: got)?|(?:would|do|could) (?:you|u)(?=[?.! ]*$)"
    r"|if (?:you|u) (?:do ?n[’']?t|do not) mind|no (?:rush|hurry|worries|problem)"
    r"|if (?:it|that)[’']?s? (?:is )?not (?:a|too much(?: of an?)?) (?:problem|trouble|bother|hassle)"
    r"|hvis det ikke er (?:for mye )?(?:noe )?(?:problem|bry|bryderi|trøbbel))\b"
    r"| (?:last minute|first thing(?: in the morning)?(?= )|later on|first (?:of all|time)|in advance"
    r"|(?:at |for the |on |such )?(?:very )?(?:short|late) notice|to spare|going spare"
    r"|zu (?:zweit|dritt|viert|fünft|sechst)|til overs|til leie|til låns|på forhånd|i siste liten)\b",
    re.IGNORECASE,
)
_ME_AND = re.compile(
    r"\b(i|me|my \w+|jeg|eg|æ|meg|min \w+|ich) (?:and|n|&|\+|og|å|und) (?!(?:my|a|an|the|en|et|ei|min"
    r"|mine|i|we|\d+)\b)[^\W\d]+(?= (?:are|is|want|wanna|would|need|will|can|could|have|skal|vil"
    r"|ønsker|trenger|har|må|kan|er|wollen|brauchen|möchten|going|planning|thinking)\b)",
    re.IGNORECASE,
)
_BY_CLOCK = re.compile(
    r",? (?:after|from|before|by|no later than|etter|fra|før|innen|senest|nach|vor) (?=(?:kl\.? ?\d"
    r"|\d{1,2}[:.]\d\d\b|\d{1,2} ?[ap]\.?m\b))",
    re.IGNORECASE,
)
_OF_DAY = re.compile(
    r"\b((?:tomorrow|today|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|next week)[’']s\b",
    re.IGNORECASE,
)


_PAIRS = re.compile(
    rf"\b(\d{{1,3}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)})? ?\b"
    r"(?:pairs?(?: of)?|par|paar) (?=[^\W\d])",
    re.IGNORECASE,
)


_AGE = re.compile(
    r"\b(sønn|datter|son|daughter|boy|girl|kid|gutt|jente|nephew|niece|barn|sohn|tochter) (?:på|of"
    r"|aged?|som er|who is|von) "
    r"\d{1,2}(?: ?år| years?(?: old)?)?",
    re.IGNORECASE,
)


_DEAR = re.compile(
    r"^ (?i:dear|hi|hello|hey|hei|hallo|kjære|liebe|lieber) "
    r"(?:(?i:all|everyone|alle|dere|dokker|you|folks|club|\w+ team)\b|[A-ZÆØÅÄÖÜ][^\W\d]+(?=[,!]))[,!.]*"
)


_IS_HERE = re.compile(r"(?:^|(?<=[,.!:;])) [A-ZÆØÅÄÖÜ]\w+ (?:here|her|hier)\b[.,!:]?")
_WHOLE = re.compile(
    r"\b(?:the whole|whole|entire|hele|heile|ganze) (?=(?:familien?|klassen?|gjengen|family|class"
    r"|team|gang|group|laget|gruppa)\b)",
    re.IGNORECASE,
)


_FEAST_OF = re.compile(
    r"\b(?:xmas|christmas|easter|new year[’']?s?|halloween|weekend|birthday) "
    r"(?=(?:trip|party|do|dinner|concert|show|market|camp|gig|hike|outing)\b)",
    re.IGNORECASE,
)
"""The feast of a `christmas party`, which is rather what it is for than when."""


_NUMBER = rf"(?P<number>\d{{1,2}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)})"
_WHO = r"(?P<who>(?:(?:my|our|the|min|mi|mine|vår|den|meinen?|meine) )?[^\W\d]+)"
_AND_FOR = re.compile(
    rf",? (?:and|og|und|plus|pluss|å|&|\+) {_NUMBER} (?:for|til|te|für) {_WHO}(?=[,.!? ]|$)", re.IGNORECASE
)


def and_for_others(text: str) -> tuple[str, int]:
    """Return `a canoe for me` and 1 of `a canoe for me and one for my wife`; 0 without such words."""
    more = 0

    def without(found: re.Match[str]) -> str:
        nonlocal more
        who = found["who"].lower().split()[-1]
        if who not in PEOPLE_AND_PURPOSES and who not in SAYING_NOTHING:
            return found[0]
        more += quantities.number_alone(found["number"]) or 0
        return ""

    return _AND_FOR.sub(without, text), more


_HOURS = (
    rf"(?:\d{{1,2}}|{date_vocabulary.any_of(date_vocabulary.NUMBERS)}) (?:hours?|hrs?|timer?|timar|stunden?)"
)
_LENGTH_FIRST = re.compile(
    rf",? (?P<long>(?:for|i|på|für) {_HOURS}),?"
    rf"(?P<day>(?: (?:on|på|am|i|the|next|this|neste|denne|{_DAY}))*)"
    r",?(?P<hour> (?:from|fra|frå|at|kl\.?|klokka|klokken|starting at|ab|um) ?(?:kl\.? ?|at )?"
    r"\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\b\.?)?)(?![\w:.]*\d| ?(?:-|–|to|til|until)\b)",
    re.IGNORECASE,
)
"""A length before the hour that it begins at: `for 3 hours on saturday from 12`."""


def hours_after(text: str) -> str:
    """Return `on saturday from 12 for 3 hours` of `for 3 hours on saturday from 12`."""
    return _LENGTH_FIRST.sub(
        lambda found: f"{found['day']}{found['hour']} {re.sub('^på', 'i', found['long'])}", text
    )


_OUR_GROUP = re.compile(
    r"(?:(?<=^ )|(?<=[.!?] ))(?:the |our |my |vår )?[^\W\d]*"
    r"(?:gruppa|gruppen|troppen|klassen|laget|patruljen|korpset|koret"
    r"|group|troop|patrol|class|team|choir|band)(?: min| vår| vårt)? "
    r"(?=(?:needs?|wants?|would|will|is|are|trenger|treng|ønsker|vil|skal|har)\b)",
    re.IGNORECASE,
)
"""A group that wants something, in place of `we`: `speidergruppa trenger`, `our troop needs`."""
_MANY = r"(?=(?:[^\W\d]+ )?[^\W\d]{3,}s\b)"
HEARD_NUMBER = re.compile(
    rf"(?:^|(?<=\b(?:need|want|rent|book) )|(?<=\bborrow ))(?:to|too|for) {_MANY}", re.IGNORECASE
)
"""A `two` or `four` as dictation writes it before a plural: `I need to tents`."""
FOR_ALL = re.compile(
    r",? (?:for|til|te|åt|für) (?:"
    r"(?:the |my |our |min |mi |vår )?(?:whole|entire|hele|heile|ganze) (?:of )?(?:the |my |our |min |vår )?"
    r"[^\W\d]{3,}"
    r"|(?:all(?: of)?(?: the| my| our)?|alle|each of the|every) "
    r"(?:us|them|oss|dem|uns|the |(?!(?:på|i|for|on|in)\b"
    r"|days?\b|dage|dager|weeks?\b|week|night|uk|time)[^\W\d]{3,})"
    r"|everyone|everybody|every one|alle(?: sammen)?|oss alle|dem alle)"
    r"(?: (?:of us|in (?:the|my) \w+|i (?:klassen|gruppa|gruppen|laget|gjengen)))?"
    r"(?=[,.!?]|$| (?!of\b|av\b))",
    re.IGNORECASE,
)
"""People without a number of them, each of whom may want one: `for the whole class`, `til alle elevene`."""
AS_MANY = re.compile(
    r"\b(?:just as many|as many|the same number of|equally many|like mange|lika mange|like many|ebenso viele)"
    r" (?=[^\W\d])",
    re.IGNORECASE,
)
"""A number that is that of another thing, and is asked: `two tents and as many mats`."""
SOMETHING = re.compile(
    r"\b(?:something|anything|sth|noe|noko|nokke|etwas)\b (?:\w+ )?"
    r"(?:for|to|å|til|zum|zu|som kan|that|which)\b",
    re.IGNORECASE,
)
"""A wish that is described, and no name: `something to sleep in`."""
HAS_ALREADY = re.compile(
    r"\b(?:have|has|[’']ve|har|habe|haben) (?:\w+ )?"
    r"(?:booked|reserved|bestilt|booket|booka|reservert|gebucht)\b"
    r"|\b(?:i|we|jeg|vi|eg|ich|wir)(?: already| allerede)?(?:[’']ve| have| har| habe| haben| got)\b"
    r"(?! (?:to|a question|å)\b)[^.?!]*\b(?:but|men|aber)\b",
    re.IGNORECASE,
)
"""One thing is there already, and which of them is wanted is asked: `I have a tent but need a stove`."""
_RATHER = re.compile(
    r"\b(i|we)(?:[’']d| would) (?:rather|prefer to|sooner) (?:have|take|borrow|rent|get) ", re.IGNORECASE
)
_BOTH_OF_US = re.compile(
    r",? (?:for |on |til |i |an )?(?:both|begge|beide) "
    r"(?:of )?(?:us|them|oss|dem|uns|of us|days|dager|dagene|nights|nettene|tage)\b",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:both|begge|beide) (?:of )?(?:(?:the|your|de|dei|die|av) )?(?=[^\W\d])", re.IGNORECASE
)
_BOTH_AND = re.compile(
    r"\b(?:both|begge|både|beide) (?=(?:the |a |en |et )?[^\W\d]+(?: [^\W\d]+)? (?:and|og|und) )",
    re.IGNORECASE,
)
_IF_THERE = re.compile(
    r",? (?:if|hvis|om|wenn) (?:you|u|dere|du|de|there|det|ihr|es)"
    r"(?:[’']ve|[’']s| have| has| got| is| are| har| er| habt| finnes| gibt)(?: got)?"
    r"(?: (?:one|any|some|noen|en|et|ein|welche))?(?: (?:free|left|spare|ledige?|frei))?(?=[,.!?]|$)",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:(?:yet )?another|one more) (?!(?:day|night|week|hour|time|month|one)\b)(?=[^\W\d])", re.IGNORECASE
)


def _of_us(found: re.Match[str]) -> str:
    """Return `we are 4 people` of `we are about four`."""
    is_norwegian = found[1].lower().partition(" ")[0] in ("vi", "me")
    return f"{found[1]} {found[3]} {'personer' if is_norwegian else 'people'}"


def _people(found: re.Match[str]) -> str:
    """Return `for 4 people` of `for four of us`."""
    return f"{found[1]} {found[2]} {'people' if ' of ' in found[0] else 'personer'}"


def both_as_two(text: str) -> str:
    """Return `2 canoes` of `both the canoes`, and `a tent and a stove` of `both a tent and a stove`."""
    return _BOTH.sub("2 ", _BOTH_AND.sub("", text))


def _dashed(found: re.Match[str]) -> str:
    """Return an end of an entry for a dash that is not between days: `a tent - saturday`."""
    before, after = (found[name].strip(",.").lower() for name in ("before", "after"))
    if all(word[-1:].isdigit() or word[:1].isdigit() or typos.says_day((word,)) for word in (before, after)):
        return found[0]
    return f"{found['before']}, {found['after']}"


def plain(text: str) -> str:
    """Leave out who writes and `all day`, and write `two of them` as `x2`."""
    text = _INTRODUCED.sub(" ", f" {text}")
    text = _OUR_GROUP.sub("we ", text)
    text = _FEAST_OF.sub("", _ROUGHLY.sub(" at ", text))
    text = _OF_DAY.sub(r"\1", text)
    text = _EVE.sub(r"\1 evening", text)
    text = _WHOLE.sub("", _IS_HERE.sub(" ", text))
    text = _DEAR.sub(" ", text)
    text = _GREETING.sub(r"\1", text)
    text = _COME_BY.sub(r"\1 ", _GROUP_OF.sub(r"\1 people", text))
    text = _SO_MANY_OF_US.sub(_of_us, text)
    text = _IDIOMS.sub("", _ME_AND.sub(r"\1", text))
    text = _RATHER.sub(r"\1 want ", _FOR_SO_MANY.sub(_people, text))
    text = _BY_CLOCK.sub(lambda found: " " if found.string[found.end() :].startswith("kl") else " at ", text)
    text = _AGE.sub(r"\1", text)
    text = _PAIRS.sub(lambda found: f"{found[1] or 'a'} ", text)
    text = both_as_two(_BOTH_OF_US.sub("", text))
    text = _ANOTHER.sub("a ", _IF_THERE.sub("", text))
    text = _OF_YOUR.sub(r"\1 ", text)
    text = _ALL_DAY.sub("", _DASH.sub(_dashed, text))
    return _SO_MANY.sub(
        lambda found: f"{found[0][: found[0][0] == ',']} x{quantities.number_alone(found['number'])}", text
    ).strip()


def without_hours(text: str) -> str:
    """Leave out `for 2 hours`: days are borrowed by day, and the hour of the end is asked."""
    return _FEW_HOURS.sub("", _HOURS_LONG.sub("", text))


def hours_said(text: str) -> tuple[str, int]:
    """Return the words that `without_hours` leaves out, and the number of hours; 0 for a few."""
    found = _HOURS_LONG.search(text) or _FEW_HOURS.search(text)
    if found is None:
        return "", 0
    words = found[0].strip(" ,")
    numbers = (quantities.number_alone(word) for word in words.split())
    return words, 2 if re.search("couple|et par|ein paar", words) else next(filter(None, numbers), 0)
