"""The one table of what people write instead of a command: `my rentals`, `lever tilbake`, `tusen takk`."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from handlers.parsing.sentences import courtesy, intents, questions
from handlers.parsing.sentences.intents import WISH
from handlers.parsing.sentences.questions import HOURS, PRICE, PROBLEM, THANKS
from services.core.text import key

HELLO, FINE, PICKED_UP = "hello", "fine", "picked_up"
NO_COMMANDS = (THANKS, HELLO, FINE, PROBLEM, PICKED_UP, HOURS, PRICE)
"""Meanings without a command: handlers/plain_text/understanding.py answers them."""

_SAID = {
    "rent": (
        "rent/borrow/book/reserve/rent something/borrow something/something/new rental/new booking",
        "ausleihen/leihen/mieten/rent again/borrow again/same again/same as last time/the same as last time",
        "lån igjen/låne igjen/lei igjen/samme igjen/det samme igjen/samme som sist/det samme som sist",
        "lån/låne/leie/lei/låne noe/leie noe/noe/ny utleie/nytt lån/ny bestilling/bestill/bestille",
    ),
    "items": (
        "items/equipment/gear/catalog/catalogue/list/everything/what do you have/what can i borrow",
        "what can i rent/show me everything/all equipment",
        "utstyr/utstyret/utstyrsliste/liste/alt/hva har dere/hva kan jeg låne/hva kan jeg leie/vis alt",
    ),
    "rentals": (
        "rentals/my rentals/my rental/my things/my bookings/my booking/bookings/my loans/loans/my requests",
        "change/change it/change my booking/when can i pick it up/where do i pick it up",
        "is it approved/has it been approved/is my request approved/where is my request",
        "do i have anything out/do i have anything overdue/am i late/is anything of mine overdue",
        "har jeg noe ute/har jeg noe forfalt/er jeg for sen/er jeg sen",
        "what do i have/what have i borrowed/when is it due/when do i have to return it/history",
        "er det godkjent/er lånet godkjent/er det blitt godkjent/når kan jeg hente det",
        "endre/endre det/endre bestillingen/hvor kan jeg hente det/hvor henter jeg det",
        "mine lån/lån mine/mine utlån/utlån/mine leier/mine ting/mine bestillinger/min bestilling",
        "mine/lånene mine/hva har jeg/hva har jeg lånt/når er fristen/når må jeg levere/historikk",
    ),
    "return": (
        "return/return it/returning/bring back/bring it back/give back/give it back/take it back/returned",
        "i want to return something/i brought it back/it is back/its back/hand it back",
        "lever/levere/lever tilbake/levere tilbake/lever inn/levere inn/levert/returner/returnere",
        "zurückgeben/rückgabe/zurück",
        "innlevering/gi tilbake/tilbakelever/tilbakelevere/jeg vil levere/jeg skal levere/jeg har levert",
    ),
    "extend": (
        "extend/extend it/extension/longer/keep it longer/keep longer/more time/i need more time",
        "can i keep it longer/i need it longer/can i have it longer/one more day",
        "forleng/forlenge/forlengelse/lenger/mer tid/ha det lenger/behold lenger/en dag til/ha lenger",
    ),
    "cancel": (
        "cancel/stop/abort/never mind/nevermind/forget it/cancel it/cancel my booking/cancel my request",
        "abbrechen/stornieren/nvm/nm/scrap that/drop it/forget that/glem det/dropp det",
        "avbryt/avbestill/avbestille/avlys/stopp/glem det/kanseller/kansellere/angre",
    ),
    "help": (
        "who are you/can i talk to someone/contact/hvem er du/kan jeg snakke med noen/kontakt",
        "hilfe/can you help/you help me/can you help me",
        "help/help me/what can you do/how does this work/how does it work/commands/menu/info/instructions",
        "hjelp/hjelp meg/hva kan du/hva kan du gjøre/hvordan virker dette/kommandoer/meny/veiledning",
    ),
    "language": ("language/change language/english/språk/bytt språk/norsk/bokmål",),
    "calendar": ("calendar/my calendar/kalender/min kalender",),
    "me": ("me/my data/my profile/profile/mine data/min profil/profil/om meg",),
    "desk": (
        "desk/the desk/skranke/skranken/disken/utlevering/today at the desk",
        "what goes out/what goes out today",
        "what needs doing/what needs doing today/what is to do/what is to do today/anything to do",
        "what is due/what is due today/what comes back/what comes back today/hva skal ut/hva skal ut i dag",
        "what is coming in/what is coming in today/what is coming back/what is coming back today",
        "who is coming/who is coming today/who comes today/what happens today/what is on today",
        "hvem kommer/hvem kommer i dag/hva skjer i dag/wer kommt heute/was geht heute raus",
        "hva skal gjøres/hva skal gjøres i dag/hva skal inn/hva skal inn i dag/hva kommer tilbake",
    ),
    "handout": ("hand out/handout/lever ut/levere ut",),
    "takeback": ("take back/takeback/ta imot/ta i mot",),
    "out": ("what is out/who has what/what is lent/hva er ute/hvem har hva/hva er utlånt",),
    "overdue": (
        "overdue/what is overdue/who is late/who's late/whos late/what's overdue",
        "what is late/what is too late/what has not come back",
        "who has not brought things back/who has not brought their things back/who has not returned things",
        "who hasn't brought things back/who hasn't returned their things/who has not returned anything",
        "forfalt/hva er forfalt/hvem er for sen/hva er for sent/hva er sent/hvem er sen/hva mangler",
        "hvem har ikke levert/hvem har ikke levert tilbake/hvem har ikke levert i tide/hva er ikke levert",
        "was ist überfällig/überfällig/was ist zu spät/wer ist zu spät/wer hat nicht zurückgegeben",
        "wer hat nichts zurückgebracht/was fehlt noch",
    ),
    "pending": (
        "pending/requests/open requests/ventende/forespørsler/ubehandlet/approve/approvals/to approve",
        "what is waiting/what is there to approve/anything to approve/godkjenn/godkjenne/hva venter",
        "noe å godkjenne/er det noe å godkjenne",
        "approve all/approve everything/anything new/any requests/any new requests/new requests",
        "godkjenn alle/godkjenn alt/noe nytt/er det noe nytt/nye forespørsler/noen forespørsler/etwas neues",
    ),
    "export": ("export/export everything/export the list/eksport/eksporter/eksporter alt/exportieren",),
    "labels": ("labels/print labels/stickers/print stickers/etiketter/skriv ut etiketter/merkelapper",),
    "audit": ("audit/log/the log/who did what/history of everything/logg/loggen/hvem gjorde hva",),
    "inventory": ("inventory/manage equipment/lager/inventar",),
    "members": (
        "members/all members/member list/list of members/show me the members/show members",
        "medlemmer/medlem/medlemsliste/medlemslista/vis medlemmer/vis medlemmene/alle medlemmer/mitglieder",
    ),
    "invite": ("invite/invite link/inviter/invitasjon/invitere",),
    "policy": (
        "policy/rules/the rules/settings/the settings/change the rules/change the settings/options",
        "regler/reglene/innstillinger/innstillingene/endre reglene/endre innstillingene/oppsett",
        "einstellungen/die regeln",
    ),
    "stats": ("stats/statistics/statistikk/tall",),
    THANKS: (
        "thanks/thank you/thx/ty/thanks a lot/many thanks/thank you very much/thank you so much/cheers",
        "thanks for your help/thanks for the help/thank you for your help/danke/vielen dank/danke schön",
        "mange takk for hjelpen/tusen takk for hjelpen/takk for hjelp/takk for lånet/takk for meg",
        "takk/tusen takk/mange takk/takk skal du ha/takk for hjelpen/takk takk/hjertelig takk",
    ),
    HELLO: (
        "yo/hiya/howdy/moin/guten tag/hallo der",
        "hi/hello/hey/hi there/hello there/good morning/good evening/good afternoon",
        "hei/hallo/heisann/hei hei/heia/god morgen/god kveld/god dag/morn/halla",
    ),
    FINE: (
        "bye/goodbye/see you/see you later/see you tomorrow/sorry/sorry, wrong chat/wrong chat/beklager",
        "ha det/ha det bra/vi sees/sees/snakkes/feil chat",
        "ok/okay/great/perfect/cool/nice/good/super/got it/alright/fine",
        "greit/fint/flott/supert/bra/perfekt/topp/den er god/skjønner/kult",
    ),
    PROBLEM: (
        "problem/a problem/it is broken/its broken/broken/damaged/it broke/something is wrong/defect",
        "et problem/ødelagt/den er ødelagt/det er ødelagt/noe er galt/skadet/skade/defekt/i stykker",
    ),
    PICKED_UP: (
        "picked up/pick up/i picked it up/i have it/i got it",
        "hentet/hent/hente/jeg har hentet/jeg har hentet det",
    ),
}
"""By command, and by what is none; several in one text are separated by a slash."""

CONFIRM = (
    *("confirm", "send", "send it", "yes", "yes please", "ok", "okay", "done"),
    *("bekreft", "ja", "ja takk", "ferdig"),
)
"""Words that send a basket, where it is open."""

CANCEL = ("cancel", "avbryt")
"""Words that end any question: as answers these would be nobody's name, purpose or day."""

_BEFORE_A_THING = {
    **dict.fromkeys(("return", "returning", "lever", "levere", "leverer", "returner", "returnere"), "return"),
    **dict.fromkeys(("extend", "keep", "forleng", "forlenge", "behold", "beholde"), "extend"),
    **dict.fromkeys(("cancel", "avbestill", "avbestille"), "cancel"),
}
"""Words that begin a line such as `return T1`."""

_LATE_WORDS = re.compile(
    r"[ ,]+(?:yet|already|now|today|allerede|ennå|enda|nå|then|da)[ ?!.]*$", re.IGNORECASE
)
"""Words at the end of a question that change nothing in it."""

_WHEN_BACK = re.compile(
    r"[ ,]+(?:today|tomorrow|tonight|later|i dag|i morgen|i kveld|morgen|heute)[ ?!.]*$", re.IGNORECASE
)

_WHO_HAS = ("who has ", "who's got ", "who got ", "whos got ", "whose got ", "kven har ", "hvem har ")
"""Beginnings of a question about a thing that is out."""

_ARTICLES = {
    *("the", "a", "an", "my", "our", "this", "that", "these", "those"),
    *("mitt", "min", "mine", "det", "den", "de"),
}
"""Words before the name of a thing."""

_MOST_AFTER = 5


def meaning(text: str) -> str | None:
    """Return the command, or what else is meant, where the whole text is a known phrase."""
    for said in _said_otherwise(text):
        if found := _table().get(key(said)):
            return found
    said = _WHEN_BACK.sub("", WISH.sub("", courtesy.without_courtesy(text), count=1))
    if _table().get(key(said)) == "return":
        return "return"
    if asked := questions.question(text):
        return asked
    return "help" if set(text.split()) & {"?", "??", "???"} and not key(text) else None


def _said_otherwise(text: str) -> Iterator[str]:
    """Yield the text, then without courtesy, and without `I want to` before it and `yet` after it."""
    yield text
    plain = courtesy.without_courtesy(text)
    yield plain
    for one in (text, plain):
        yield _LATE_WORDS.sub("", WISH.sub("", one, count=1))


def before_thing(text: str) -> tuple[str, str] | None:
    """Return the command and the rest of `return T1`, `lever teltet`; None where it is no such line."""
    said = next((text[len(one) - 1 :] for one in _WHO_HAS if text.lower().startswith(one)), None)
    if said is not None:
        return _before(f"out {said}", {"out": "out"})
    if about := intents.about_thing(text):
        return _before(" ".join(about), {about[0]: about[0]})
    return _before(text, _BEFORE_A_THING) or _before(WISH.sub("", text, count=1), _BEFORE_A_THING)


def _before(text: str, commands: Mapping[str, str]) -> tuple[str, str] | None:
    first, *rest = courtesy.without_courtesy(text).split()[: _MOST_AFTER + 2] or [""]
    command = commands.get(key(first))
    if command is None or not 1 <= len(rest) <= _MOST_AFTER:
        return None
    while len(rest) > 1 and key(rest[0]) in _ARTICLES:
        del rest[0]
    return command, " ".join(rest)


def is_command(text: str) -> bool:
    """Return whether the text means a command: `my rentals`, `return the tent`."""
    return meaning(text) is not None or before_thing(text) is not None


def confirms(text: str) -> bool:
    return key(text) in CONFIRM


def cancels(text: str) -> bool:
    """Return whether this ends a question, and is no answer to it."""
    return key(text) in CANCEL


@cache
def _table() -> dict[str, str]:
    return {
        key(phrase): command
        for command, groups in _SAID.items()
        for group in groups
        for phrase in group.split("/")
    }


def command_of(word: str) -> str | None:
    """Return the command that a mistyped one is another word for: `/hjelp`."""
    found = _table().get(key(word))
    return None if found in NO_COMMANDS else found
