"""Searches without a result are counted, by month and word, and nothing that is personal."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import SearchMiss
from services.core.tx import Tx
from services.inventory.search import misses
from services.reports import stats
from tests import factories
from tests.factories import Club


def test_words_are_counted_by_month(session: Session, club: Club, now: datetime) -> None:
    """However they are written; shown in the statistics of their year, and only to their own club."""
    tx = Tx(session, now, club.kari)
    for text in ("zorb", "Zorb", "  ZORB ", "fat bike", "drone"):
        misses.count(tx, text)
    misses.count(Tx(session, now - timedelta(days=40), club.kari), "drone")
    anna = Tx(session, now, club.anna)
    assert stats.of_year(anna).missed == (("zorb", 3), ("drone", 2), ("fat bike", 1))
    assert stats.of_year(anna, str(now.year - 1)).missed == ()
    other = factories.club(session, now, "Turlaget")
    assert stats.of_year(Tx(session, now, other.anna)).missed == ()


def test_nothing_personal_is_kept(session: Session, club: Club, now: datetime) -> None:
    """No names of members, numbers, addresses, sentences, nor what is no word."""
    tx = Tx(session, now, club.kari)
    for text in (
        *("kari", "Lars", "KARI bike", "99887766", "kari@example.com", "a b", "it", "", "x" * 31, "🦊🦊🦊"),
        *("my back hurts so", "<b>zorb</b>", "zorb\nhe"),
    ):
        misses.count(tx, text)
    assert session.scalars(select(SearchMiss.words)).all() == []


def test_the_table_stays_small(session: Session, club: Club, now: datetime) -> None:
    """In a full month a new word takes the place of one that came once; after two years words go."""
    tx = Tx(session, now, club.kari)
    month = tx.today.replace(day=1)
    session.add_all(
        SearchMiss(organization_id=tx.organization_id, month=month, words=f"w{n}", times=2 if n else 1)
        for n in range(misses.MOST)
    )
    session.add(SearchMiss(organization_id=tx.organization_id, month=date(2020, 1, 1), words="old", times=9))
    session.flush()
    misses.count(tx, "zorb")
    assert session.get(SearchMiss, (tx.organization_id, month, "zorb")) is not None
    number = select(func.count()).select_from(SearchMiss)
    assert session.scalar(number) == misses.MOST
    assert session.scalar(number.where(SearchMiss.words.in_(["w0", "old"]))) == 0
    misses.count(tx, "drone")  # in the place of "zorb"
    assert session.scalar(number) == misses.MOST
