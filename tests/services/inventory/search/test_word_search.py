"""Plurals find what is named in the singular; a number is not found inside another one."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from services.core.tx import Tx
from services.inventory import catalog
from services.inventory.search.word_search import is_called
from tests import factories
from tests.factories import Club

NAMES = (
    "Sleeping bag",
    "Sovepose",
    "Pulk",
    "Sykkel",
    "Kano",
    "Knife",
    "Battery",
    "Stuhl",
    "Zelt",
    "Hodelykt",
    "Tåpelykt",
    "Sjøkart",
    "Bærestropp",
    "Müllsack",
)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        *(
            ("tents", "Tent"),
            ("sleeping bags", "Sleeping bag"),
            ("knives", "Knife"),
            ("batteries", "Battery"),
        ),
        *(
            ("soveposer", "Sovepose"),
            ("soveposene", "Sovepose"),
            ("soveposen", "Sovepose"),
            ("pulker", "Pulk"),
        ),
        *(("sykler", "Sykkel"), ("kanoene", "Kano"), ("hodelykter", "Hodelykt"), ("hodelyktene", "Hodelykt")),
        *(("taapelykter", "Tåpelykt"), ("sjoekart", "Sjøkart"), ("sjøkart", "Sjøkart")),
        *(("baerestropp", "Bærestropp"), ("muellsack", "Müllsack")),
        *(("Stühle", "Stuhl"), ("Zelte", "Zelt"), ("Zelten", "Zelt")),
    ],
)
def test_plurals_find_the_singular(
    session: Session, club: Club, now: datetime, words: str, name: str
) -> None:
    """In English, Norwegian and German, as people write how many they want."""
    for number, one in enumerate(NAMES):
        factories.equipment(session, club.organization, now, one, f"N{number}")
    meant = catalog.meant(Tx(session, now, within=club.organization.id), [words])[words]
    assert [one.name for one in meant.named] == [name]
    assert is_called(name, words)


def test_a_number_is_no_part_of_another(session: Session, club: Club, now: datetime) -> None:
    """`3` finds what has a 3 in its name, neither 300 nor X3 nor 13."""
    for code, name in {"A": "Rope 300 m", "B": "Behringer X3", "C": "Tarp 3 × 4 m", "D": "Lamp 13"}.items():
        factories.equipment(session, club.organization, now, name, code)
    meant = catalog.meant(Tx(session, now, within=club.organization.id), ["3", "300"])
    assert [one.name for one in meant["3"].named] == ["Tarp 3 × 4 m"]
    assert [one.name for one in meant["300"].named] == ["Rope 300 m"]


def test_letters_written_out_are_whole_words(session: Session, club: Club, now: datetime) -> None:
    """`canoe` is no Canon, though `oe` may stand for ø."""
    factories.equipment(session, club.organization, now, "Canon EOS 5D", "C")
    meant = catalog.meant(Tx(session, now, within=club.organization.id), ["canoe"])["canoe"]
    assert meant.named == ()
