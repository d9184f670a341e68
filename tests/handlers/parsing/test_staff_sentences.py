"""Sentences of those who lend and keep things, by their form."""

import pytest

from handlers.parsing.sentences.staff import Sentence, owners, wishes
from handlers.parsing.sentences.staff_words import Kind


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("block the tents next week", Sentence(Kind.BLOCK, "tents next week")),
        ("Sperr teltene neste uke!", Sentence(Kind.BLOCK, "teltene neste uke")),
        ("sperre die Zelte nächste Woche", Sentence(Kind.BLOCK, "Zelte nächste Woche")),
        ("take T1 out of service until friday", Sentence(Kind.BLOCK, "T1", when="until friday")),
        ("at most 3 rentals per person", Sentence(Kind.LIMIT, rule="most_items", number=3)),
        ("maks tre ting per person", Sentence(Kind.LIMIT, rule="most_items", number=3)),
        ("höchstens 3 Sachen pro Person", Sentence(Kind.LIMIT, rule="most_items", number=3)),
        ("at most 14 days per rental", Sentence(Kind.LIMIT, rule="longest_days", number=14)),
        ("move everything due on friday to monday", Sentence(Kind.MOVE, "friday", when="monday")),
        ("flytt alt som skal inn fredag til mandag", Sentence(Kind.MOVE, "fredag", when="mandag")),
        ("verschiebe alles von Freitag auf Montag", Sentence(Kind.MOVE, "Freitag", when="Montag")),
        ("new member Per Hansen", Sentence(Kind.ENROL, who="Per Hansen")),
        ("can you add Per to the club?", Sentence(Kind.ENROL, who="Per")),
        ("legg til Per Hansen som medlem", Sentence(Kind.ENROL, who="Per Hansen")),
        ("neues Mitglied Per Hansen", Sentence(Kind.ENROL, who="Per Hansen")),
        ("extend Kari's tent to sunday", Sentence(Kind.EXTEND, "Kari's tent", when="sunday")),
        ("forleng teltet til Kari til søndag", Sentence(Kind.EXTEND, "teltet til Kari", when="søndag")),
        ("la Kari beholde teltet til søndag", Sentence(Kind.EXTEND, "teltet", "Kari", "søndag")),
        ("verlängere Karis Zelt bis Sonntag", Sentence(Kind.EXTEND, "Karis Zelt", when="Sonntag")),
        ("avbestill Karis telt", Sentence(Kind.CANCEL, "Karis telt")),
        ("where is T2?", Sentence(Kind.WHERE, "T2")),
        ("who has the big tent", Sentence(Kind.WHERE, "big tent")),
        ("wo ist das Zelt", Sentence(Kind.WHERE, "Zelt")),
        ("history of T1", Sentence(Kind.HISTORY, "T1")),
        ("find Ola", Sentence(Kind.FIND, who="Ola")),
        ("hvem er Ola Berg?", Sentence(Kind.FIND, who="Ola Berg")),
        ("print labels for the tents", Sentence(Kind.LABELS, "tents")),
        ("skriv ut etiketter til teltene", Sentence(Kind.LABELS, "teltene")),
        ("how many tents do we have?", Sentence(Kind.COUNT, "tents")),
        ("hvor mange telt har vi", Sentence(Kind.COUNT, "telt")),
        ("what goes out tomorrow?", Sentence(Kind.DAYS, when="tomorrow")),
        ("hvem kommer på lørdag", Sentence(Kind.DAYS, when="lørdag")),
        ("was geht morgen raus", Sentence(Kind.DAYS, when="morgen")),
        ("rename the canoe to kayak", Sentence(Kind.CHANGE, "canoe")),
    ],
)
def test_the_forms(text: str, first: Sentence) -> None:
    assert wishes(text)[0] == first


@pytest.mark.parametrize("text", ["two tents this weekend", "cancel", "T1", "I need a tent for Kari"])
def test_others(text: str) -> None:
    assert wishes(text) == []


@pytest.mark.parametrize(
    ("words", "who", "what"),
    [
        ("Kari's tent", "Kari", "tent"),
        ("Lars’ telt", "Lars", "telt"),
        ("Karis telt", "Kari", "telt"),
        ("Kari sitt telt", "Kari", "telt"),
        ("teltet til Kari", "Kari", "teltet"),
        ("das Zelt von Kari Berg", "Kari Berg", "Zelt"),
    ],
)
def test_whose_it_is(words: str, who: str, what: str) -> None:
    """Of several readings, one has the member and the thing."""
    assert (who, what) in owners(words)
