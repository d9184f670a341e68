"""Sentences of lenders, put together: each form with members, things, days, and courtesies around it.

A reading counts where its member and its thing are known, as whoever looks them up does.
"""

from itertools import cycle

from handlers.parsing.sentences import counter, courtesy, staff
from handlers.parsing.sentences.staff_words import Kind

WHO = ("Kari", "Ola Hansen", "kari")
ENGLISH = ("the canoe", "CANOE-1", "the ropes")
NORWEGIAN = ("kanoen", "CANOE-1", "tauene")
KNOWN = {"canoe", "canoe-1", "ropes", "kanoen", "tauene", "everything", *staff.RENTALS}
AROUND = ("{}", "Hi, {}!", "{} please", "hei, {} takk", "{}?")
BIDDING = ("{}", "can you {}?", "please {}", "kan du {} takk", "Vennligst {}")

BACK = """
{} came back/{} is back/{} has been returned/{} back/KARI returned {}/KARI is back with {}
KARI brought {} back/KARI came back with {}/got {} back from KARI/received {} from KARI/return {} from KARI
{} from KARI is back
KARI handed in {}/KARI delivered {}/take back {} from KARI
{} er levert/{} er kommet tilbake/{} kom tilbake/{} tilbake/KARI har levert inn {}/KARI kom tilbake med {}
fikk {} tilbake fra KARI/mottatt {} fra KARI/ta imot {} fra KARI/{} fra KARI er tilbake
"""
GIVEN = """
hand out {} to KARI/give {} to KARI/KARI gets {}/KARI wants to borrow {}/KARI is here for {}/KARI picks up {}
lån ut {} til KARI/gi {} til KARI/lån {} til KARI/KARI får {}/KARI vil låne {}/KARI er her for å hente {}
KARI henter {}
"""
UNTIL = {
    "until friday": "friday",
    "by friday": "friday",
    "to sunday": "sunday",
    "until 4 dec": "4 dec",
    "for 3 days": "3 days",
    "til fredag": "fredag",
    "frem til fredag": "fredag",
    "til og med søndag": "søndag",
    "ut uka": "ut uka",
}
STAFF = {
    Kind.WHERE: "where is {}/who has {}/who's got {}/who is using {}/who took {}/locate {}/status"
    " of {}/is {} back"
    "/hvor er {}/hvem har {}/hvem bruker {}/hvem har lånt {}/hvor har vi {}/er {} levert/hos hvem er {}",
    Kind.HISTORY: "history of {}/{} history/show the log for {}/historikk for {}/vis historikk for"
    " {}/logg for {}",
    Kind.LABELS: "print labels for {}/labels for {}/new label for {}/qr code for {}/i need labels"
    " for {}"
    "/skriv ut etiketter til {}/etikett for {}/ny etikett til {}/qr-kode for {}",
    Kind.COUNT: "number of {}/how many {} do we have/how many {} are out/antall {}/hvor mange {} har vi",
    Kind.BLOCK: "block {}/take {} out of service/put {} out of service/{} can't be lent/mark {} as"
    " unavailable"
    "/sperr {}/ta {} ut av drift/sett {} ut av drift/{} kan ikke lånes ut",
    Kind.EXTEND: "extend {} for KARI until friday/KARI keeps {} until friday/KARI can keep {} until"
    " friday"
    "/forleng {} til KARI frem til fredag/KARI beholder {} til fredag/forleng {} til KARI ut uka",
    Kind.FIND: "find KARI/contact KARI/call KARI/phone number of KARI/rentals of KARI/KARI's"
    " rentals/show KARI's loans"
    "/what did KARI borrow/does KARI have anything/finn KARI/ring KARI/nummeret til KARI/lånene til"
    " KARI/KARIs lån"
    "/hva låner KARI/hvordan når jeg KARI/vis medlem KARI/eposten til KARI",
}


def _is_member(who: str) -> bool:
    return who.lower() in {one.lower() for one in WHO}


def _is_thing(what: str) -> bool:
    return counter.without_article(what).lower() in KNOWN


def _said(forms: str) -> list[tuple[str, str, str]]:
    """Return each form with the courtesies, members and things in turn: the text, who and what it names."""
    who, english, norwegian = cycle(WHO), cycle(ENGLISH), cycle(NORWEGIAN)
    found = []
    for form in forms.replace("\n", "/").strip("/").split("/"):
        is_norwegian = not form.isascii() or bool(
            {"er", "til", "fra", "har", "hvem", "tilbake"} & set(form.split())
        )
        for _ in range(3):
            name, thing = next(who), next(norwegian if is_norwegian else english)
            found.append((form.format(thing).replace("KARI", name), name, thing))
    return found


def test_what_comes_back_and_goes_out() -> None:
    """The first reading with a known thing, and member where one is named, has them and the last day."""
    wrong = []
    around, untils = cycle(AROUND), cycle(UNTIL)
    for is_back, forms in ((True, BACK), (False, GIVEN)):
        for said, name, thing in _said(forms):
            until = "" if is_back else next(untils)
            text = next(around).format(f"{said} {until}".strip())
            plain = courtesy.plainly(text)
            splits = [(plain, ""), *counter.untils(plain)] if is_back else counter.untils(plain)
            readings = [
                (one.is_back, one.who, counter.without_article(one.what).lower(), when)
                for before, when in splits
                for one in counter.handings(before)
                if _is_thing(one.what) and (not one.who or _is_member(one.who))
            ]
            who = name if name in said else ""
            wanted = (is_back, who, counter.without_article(thing).lower(), UNTIL.get(until, ""))
            if readings[:1] != [wanted]:
                wrong.append((text, readings[:1], wanted))
    assert wrong == []


def test_what_else_staff_says() -> None:
    """The first reading with a known member or thing is of its kind, with them."""
    wrong = []
    for kind, forms in STAFF.items():
        around = cycle(AROUND)
        for said, name, thing in _said(forms):
            text = next(around).format(said)
            what_is_said = counter.without_article(thing).lower() if thing in said else ""
            wanted = (kind, name if kind is Kind.FIND else "", what_is_said)
            found = [
                (one.kind, who if kind is Kind.FIND else "", counter.without_article(what).lower())
                for one in staff.wishes(text)
                for who, what in ((one.who, one.what), *staff.owners(one.what))
                if (_is_thing(what) or not what) and (_is_member(who) or not who)
            ]
            if found[:1] != [wanted]:
                wrong.append((text, found[:1], wanted))
    assert wrong == []
