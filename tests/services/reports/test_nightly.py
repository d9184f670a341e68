"""Figures that are counted in the night: of whom, from when to when, and with nobody's name in them."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import KeptFigures, RentalNumbers
from services import periodic
from services.core.tx import Tx
from services.desk import checkin
from services.inventory.search import misses
from services.reports import nightly, stats
from services.reports.figures import Figures
from tests import factories
from tests.factories import Club, days

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def large(session: Session, club: Club, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Club:
    """Two rentals are many."""
    monkeypatch.setattr(nightly, "MANY", 1)
    for _ in range(2):
        rental = factories.handed_out(session, club, now - 2 * DAY, days(now, -2, -1), (club.tent, 1))
        checkin.take_back(Tx(session, now - DAY, club.lars), rental.id)
    return club


def works(session: Session, now: datetime) -> int:
    """Do the hourly work as the program does; how many jobs of figures wrote something."""
    left = [
        job.read(Tx(session, now))
        for job in periodic.jobs(Tx(session, now), {"figures": periodic.HOURLY["figures"]})
    ]
    for job in left:
        if job is not None:
            job.do(Tx(session, now))
    session.expire_all()
    return sum(job is not None for job in left)


def lends(session: Session, club: Club, now: datetime) -> None:
    factories.handed_out(session, club, now, days(now, 0, 2), (club.stove, 1))


def shown(session: Session, club: Club, now: datetime, words: str = "") -> Figures:
    return stats.of_year(Tx(session, now, club.anna), words)


def test_a_small_club_has_none(session: Session, club: Club, now: datetime) -> None:
    """It is counted as it is at the moment, and nothing is stored."""
    lends(session, club, now)
    assert session.get_one(RentalNumbers, club.organization.id).last <= nightly.MANY
    assert works(session, now) == 0
    assert shown(session, club, now).as_of is None
    assert session.scalars(select(KeptFigures)).all() == []


def test_it_is_as_of_the_night(session: Session, large: Club, now: datetime) -> None:
    """At once when a club becomes large; what comes later is in them after four o'clock, and not before."""
    assert works(session, now) == 1
    assert works(session, now + HOUR) == 0
    lends(session, large, now + HOUR)
    evening, night = now + 10 * HOUR, now + 18 * HOUR
    for words in ("", str(now.year)):
        assert shown(session, large, evening, words).rentals == 2
        assert shown(session, large, night, words).as_of == now
    assert works(session, night) == 0
    assert works(session, night + HOUR) == 1
    for words in ("", str(now.year)):
        found = shown(session, large, night + 5 * HOUR, words)
        assert (found.rentals, found.as_of) == (3, night + HOUR)
    assert shown(session, large, now, "2020").as_of is None


def _other_zone(session: Session, club: Club) -> None:
    club.organization.timezone = "Asia/Tokyo"


def _other_version(session: Session, club: Club) -> None:
    for row in session.scalars(select(KeptFigures)):
        row.figures = {"rentals": 2}


@pytest.mark.parametrize("change", [_other_zone, _other_version])
def test_what_no_longer_fits_is_counted_at_once(
    session: Session, large: Club, now: datetime, change: Callable[[Session, Club], None]
) -> None:
    """Other days, another version of the program; and so it is after two nights without it."""
    works(session, now)
    lends(session, large, now + HOUR)
    assert shown(session, large, now + 40 * HOUR).as_of == now
    assert shown(session, large, now + 48 * HOUR).as_of is None
    change(session, large)
    session.flush()
    found = shown(session, large, now + HOUR)
    assert (found.rentals, found.as_of) == (3, None)


def test_other_days_are_counted_within_the_hour(session: Session, large: Club, now: datetime) -> None:
    """The organization's night is elsewhere, too."""
    works(session, now)
    _other_zone(session, large)
    session.flush()
    assert works(session, now + HOUR) == 1
    assert shown(session, large, now + HOUR).as_of == now + HOUR


def test_nothing_in_them_is_anybody_s(session: Session, large: Club, now: datetime) -> None:
    """Neither names, nor what members looked for; a forgotten member needs nothing to be erased from them."""
    misses.count(Tx(session, now, large.kari), "zorb")
    works(session, now)
    kept = session.scalars(select(KeptFigures)).all()
    text = json.dumps([row.figures for row in kept])
    assert {row.year for row in kept} == {0, now.year, now.year - 1}
    assert "Tent" in text
    assert not any(word in text for word in ("Kari", "Nordmann", "zorb"))
    assert shown(session, large, now).missed == (("zorb", 1),)
    assert {name for row in kept for name, value in row.figures.items() if value} <= {
        *("first", "last", "rentals", "borrowers", "most_rented", "idle", "idle_total", "equipment"),
        *("due", "late", "late_things", "weeks"),
    }
