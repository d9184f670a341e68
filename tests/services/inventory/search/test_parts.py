"""Search by parts of words finds what a look at every text would."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Equipment
from services.core.text import fold
from services.inventory.search.parts import containing, with_words
from services.inventory.search.word_search import has_words
from tests import factories
from tests.factories import Club

NAMES = (
    *("Tents", "Telt 3", "Teltplugg", "Kano", "Canon EOS 300", "Canoe paddle", "Sekkel", "Støvler", "T-3"),
    *("Bøker", "Ås", "Sleeping bag", "Knives", "Kn%ife", "Averyveryverylongword", "x3", "3mm", "Stove 30"),
)
ASKED = (
    *(
        "tent",
        "tents",
        "teltene",
        "3",
        "30",
        "kanoer",
        "canoe",
        "oe",
        "a",
        "aas",
        "støvel",
        "stovler",
        "boker",
    ),
    *(
        "knife",
        "knives",
        "%",
        "_",
        "averyveryverylong",
        "averyveryverylongwords",
        "longword",
        "sleep bag",
        "x",
    ),
    *("'", '"', "\\", "\u26fa", "´", "", "es", "t-3", "eos 300 canon", "veryverylongwor", "nonesuch"),
)


def test_parts_find_what_a_look_at_every_text_does(session: Session, club: Club, now: datetime) -> None:
    for name in NAMES:
        factories.equipment(session, club.organization, now, name)
    other = factories.organization(session, now, "Other")
    factories.equipment(session, other, now, "Tents")
    id_, text, own = club.organization.id, Equipment.search_text, select(Equipment.id)
    every = own.where(Equipment.organization_id == club.organization.id)
    for words in ASKED:
        looked = set(session.scalars(every.where(*has_words(text, words, 8))))
        assert set(session.scalars(own.where(with_words(id_, words, 8)))) == looked, words
        asked = fold(words).split()
        if asked:
            looked = set(
                session.scalars(every.where(*(text.contains(one, autoescape=True) for one in asked)))
            )
            assert set(session.scalars(own.where(containing(id_, asked)))) == looked, words
