"""The lending in numbers, and the picture of them."""

import io
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import Claim, KeptFigures
from db.states import Role
from handlers.i18n.texts import LANGUAGES, Texts
from handlers.reports import stats_chart
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin
from services.reports import nightly, stats
from services.reports.figures import Figures
from tests import factories
from tests.factories import OSLO, Club
from tests.services.permissions.assertions import refuses


def lent(session: Session, c: Club, now: datetime, *, days_ago: int, back_after: float) -> None:
    """Kari's tent for two days, brought back after so many."""
    then = now - timedelta(days=days_ago)
    rental = factories.handed_out(session, c, then, factories.days(then, 0, 2), (c.tent, 1))
    checkin.take_back(Tx(session, then + timedelta(days=back_after), c.lars), rental.id)


def of_year(session: Session, c: Club, now: datetime, words: str = "") -> Figures:
    """The figures as counted at once, which are those that are counted in the night."""
    tx = Tx(session, now, c.anna)
    found = stats.of_year(tx, words)
    store = nightly.count(tx)
    assert store is not None
    store(tx)
    assert stats.of_year(tx, words) == replace(found, as_of=now)
    session.execute(delete(KeptFigures))
    session.expire_all()
    return found


def test_nothing_yet(session: Session, club: Club, now: datetime) -> None:
    """Zero everywhere, and no division by it."""
    f = of_year(session, club, now)
    assert (f.rentals, f.borrowers, f.most_rented, f.late_share, f.idle_total) == (0, 0, (), 0, 0)
    assert all(count == 0 for _, count in f.weeks)


def test_what_was_lent_is_counted(session: Session, club: Club, now: datetime) -> None:
    """One late of two; the weeks in which something was out; the stove, which nobody ever wanted."""
    for one in (club.tent, club.stove):
        one.created_at = now - timedelta(days=400)
    session.flush()
    lent(session, club, now, days_ago=30, back_after=1)
    lent(session, club, now, days_ago=15, back_after=4)
    f = of_year(session, club, now)
    assert (f.rentals, f.borrowers, f.due, f.late, f.late_share) == (2, 1, 2, 1, 50)
    assert f.most_rented == (("Tent", 2),)
    assert f.late_things == (("Tent", 1),)
    assert (f.idle, f.idle_total, f.equipment) == ((("Stove", None),), 1, 2)
    assert sum(count for _, count in f.weeks) == 3  # the second went over a Sunday


def test_a_year_counts_what_went_out_in_it(session: Session, club: Club, now: datetime) -> None:
    """In local days; another year has none of it."""
    lent(session, club, now, days_ago=30, back_after=1)
    assert of_year(session, club, now, str(now.year)).rentals == 1
    other = of_year(session, club, now, str(now.year - 1))
    assert (other.rentals, other.first) == (0, date(now.year - 1, 1, 1))


def test_weeks_are_counted_as_one_by_one(session: Session, club: Club, now: datetime) -> None:
    """Whatever stays there were, over new years and changes of the clock, still out, or none at all."""
    for n in range(3):
        lent(session, club, now, days_ago=40 - 10 * n, back_after=1)
    factories.handed_out(session, club, now, factories.days(now, 0, 2), (club.tent, 2))
    claims, dice = session.scalars(select(Claim)).all(), random.Random(1)
    for _ in range(8):
        stays = []
        for claim in claims:
            claim.out_at = now - timedelta(minutes=dice.randrange(500 * 24 * 60))
            claim.returned_at = dice.choice([None, claim.out_at + timedelta(hours=dice.randrange(1, 3000))])
            stays.append((claim.out_at, claim.returned_at))
        session.flush()
        for words in ("", "2025"):
            weeks = stats.of_year(Tx(session, now, club.anna), words).weeks
            assert weeks == tuple((monday, _out(stays, monday, now)) for monday, _ in weeks)


def _out(stays: Sequence[tuple[datetime, datetime | None]], monday: date, now: datetime) -> int:
    """Count those that were out at some time of that week, by local days."""
    days = [(out_at.astimezone(OSLO).date(), (back or now).astimezone(OSLO).date()) for out_at, back in stays]
    return sum(first < monday + timedelta(days=7) and last >= monday for first, last in days)


@pytest.mark.parametrize("words", ["soon", "99999999999", "-1", "²", "20 26"])
def test_what_is_no_year_is_refused(session: Session, club: Club, now: datetime, words: str) -> None:
    """Rather than guessed."""
    with refuses(session, Refused.NOT_FOUND):
        stats.of_year(Tx(session, now, club.anna), words)


def test_another_organisation_is_not_counted(session: Session, club: Club, now: datetime) -> None:
    """Nor read by members and lenders."""
    lent(session, club, now, days_ago=30, back_after=1)
    other = factories.club(session, now, "Turlaget")
    f = stats.of_year(Tx(session, now, other.anna))
    assert (f.rentals, f.equipment, sum(count for _, count in f.weeks)) == (0, 2, 0)
    for actor in (club.kari, club.lars):
        with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
            stats.of_year(Tx(session, now, actor))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("many", [1, 5000])
def test_the_picture_is_one_for_a_phone(now: datetime, language: str, many: int) -> None:
    """Upright, with nothing over its edge, in whatever letters the things are called."""
    things = tuple((f"Каяк {'Å' * 200} {n}", many) for n in range(5))
    monday = date(2025, 12, 1)
    weeks = tuple((monday + timedelta(weeks=n), many) for n in range(53))
    idle = tuple((name, None) for name, _ in things)
    f = Figures(
        organization="Ø" * 200,
        first=monday,
        last=date(2026, 12, 1),
        rentals=many,
        borrowers=many,
        most_rented=things,
        idle=idle,
        idle_total=many,
        equipment=many,
        due=many,
        late=1,
        late_things=things,
        weeks=weeks,
    )
    with Image.open(io.BytesIO(stats_chart.draw(Texts(language, now=now), f))) as picture:
        assert picture.size[0] == stats_chart.WIDTH
        assert picture.size[0] <= picture.size[1] < stats_chart.HIGHEST
        edges = [picture.crop((0, 0, 30, picture.size[1])), picture.crop((1050, 0, 1080, picture.size[1]))]
        assert all(edge.getcolors() == [(edge.size[0] * edge.size[1], (255, 255, 255))] for edge in edges)
