"""Changing the opening days: what a change leaves alone, who may, and what is noted."""

from datetime import date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, ClosedDays, Location, OpeningHours
from db.states import Role
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.hours import opening_hours
from services.core.hours.opening_hours import Weekday
from services.core.hours.periods import Span
from services.core.tx import Tx
from services.organizations import opening_hours_settings
from services.organizations.opening_hours_settings import Days
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import refuses

MORNING, EVENING = Span(time(9), time(12)), Span(time(16), time(20))
USUAL = Weekday(Span(time(8), time(20)), Span(time(8), time(20)))
CHRISTMAS = Days(date(2026, 12, 24), date(2027, 1, 2), "Christmas")


@pytest.fixture
def ada(session: Session, club: Club, now: datetime) -> Actor:
    return factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)


def noted(session: Session) -> list[str]:
    return [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_the_first_change_leaves_the_other_days_as_they_were(
    session: Session, club: Club, now: datetime, ada: Actor
) -> None:
    """Closed on Sundays: the other six are open at the policy's times, as before."""
    opening_hours_settings.set_days(Tx(session, now, ada), None, [6], Weekday(), seen={})
    week = opening_hours_settings.own_week(Tx(session, now, within=club.organization.id), None)
    assert week == dict.fromkeys(range(6), USUAL)
    (entry,) = session.scalars(select(AuditEntry))
    assert (entry.action, entry.user_id, entry.details) == (
        "set_hours",
        ada.user_id,
        {"location_id": None, "6": [["08:00-20:00", "08:00-20:00"], [None, None]]},
    )


def test_hours_for_one_of_the_two(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """Out in the evening, back in the morning: two rows, read again as they were meant."""
    hours = Weekday(EVENING, MORNING)
    opening_hours_settings.set_days(Tx(session, now, ada), None, [0], hours, seen={0: USUAL})
    week = opening_hours_settings.own_week(Tx(session, now, within=club.organization.id), None)
    assert week is not None and week[0] == hours
    monday = session.scalars(select(OpeningHours).filter_by(weekday=0)).all()
    assert len(monday) == 2


def test_the_same_again_changes_nothing(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """Nothing is noted a second time, of hours, of their end, of closed dates."""
    for _ in range(2):
        opening_hours_settings.set_days(Tx(session, now, ada), None, [6], Weekday(), seen={6: USUAL})
        opening_hours_settings.close_days(Tx(session, now, ada), None, [CHRISTMAS])
    assert noted(session) == ["set_hours", "close_days"]
    (row,) = session.scalars(select(ClosedDays))
    for _ in range(2):
        opening_hours_settings.clear(Tx(session, now, ada), None)
        opening_hours_settings.open_days(Tx(session, now, ada), row.id)
    assert noted(session) == ["set_hours", "close_days", "clear_hours", "open_days"]
    assert opening_hours_settings.own_week(Tx(session, now, within=club.organization.id), None) is None


def test_two_who_change_one_day(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """The second is told who was first, and nothing is overwritten; what both want is no quarrel."""
    per = factories.member(session, club.organization, now, "Per Vik", Role.LEADER)
    opening_hours_settings.set_days(Tx(session, now, per), None, [0], Weekday(), seen={0: USUAL})
    with refuses(session, Refused.CHANGED_MEANWHILE, by="Per Vik"):
        opening_hours_settings.set_days(
            Tx(session, now, ada), None, [0], Weekday(MORNING, MORNING), seen={0: USUAL}
        )
    opening_hours_settings.set_days(Tx(session, now, ada), None, [0], Weekday(), seen={0: USUAL})
    opening_hours_settings.set_days(
        Tx(session, now, ada), None, [0], Weekday(MORNING, MORNING), seen={0: Weekday()}
    )


def test_a_week_with_nothing_open(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """Is refused: nobody could ever rent, or bring anything back."""
    for hours in (Weekday(), Weekday(MORNING, None), Weekday(None, MORNING)):
        with refuses(session, Refused.NO_OPEN_DAY):
            opening_hours_settings.set_days(Tx(session, now, ada), None, range(7), hours, seen={})
    with refuses(session, Refused.NOT_HOURS):
        opening_hours_settings.set_days(
            Tx(session, now, ada), None, [0], Weekday(Span(time(9), time(9))), seen={}
        )


def test_a_place_begins_with_what_holds_for_all(
    session: Session, club: Club, now: datetime, ada: Actor
) -> None:
    """And goes back to it when its own hours are taken away."""
    cellar = Location(organization_id=club.organization.id, name="Cellar")
    session.add(cellar)
    session.flush()
    opening_hours_settings.set_days(Tx(session, now, ada), None, range(5), Weekday(MORNING, MORNING), seen={})
    opening_hours_settings.set_days(Tx(session, now, ada), cellar.id, [0], Weekday(), seen={})
    week = opening_hours_settings.own_week(Tx(session, now, within=club.organization.id), cellar.id)
    assert week is not None
    assert (week.get(0), week[1], week[5]) == (None, Weekday(MORNING, MORNING), USUAL)
    opening_hours_settings.clear(Tx(session, now, ada), cellar.id)
    assert opening_hours_settings.own_week(Tx(session, now, within=club.organization.id), cellar.id) is None
    assert opening_hours_settings.week_of(Tx(session, now, within=club.organization.id), cellar.id)[
        0
    ] == Weekday(MORNING, MORNING)


@pytest.mark.parametrize(
    "days, why",
    [
        (Days(date(2026, 12, 3), date(2026, 12, 2)), Refused.END_BEFORE_START),
        (Days(date(2026, 11, 1), date(2026, 11, 30)), Refused.IN_THE_PAST),
        (Days(date(2026, 12, 1), date(2027, 12, 2)), Refused.TOO_LONG),
        (Days(date(2026, 12, 1), date(2026, 12, 1), "x" * 201), Refused.TOO_MUCH_TEXT),
    ],
)
def test_dates_that_cannot_be_closed(
    session: Session, club: Club, now: datetime, ada: Actor, days: Days, why: Refused
) -> None:
    """And none of the list is, not even those before."""
    with refuses(session, why):
        opening_hours_settings.close_days(Tx(session, now, ada), None, [CHRISTMAS, days])
    assert session.scalars(select(ClosedDays)).all() == []


def test_a_better_reason(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """The same dates again with a reason get it; without one they keep what they have."""
    plain = Days(CHRISTMAS.first, CHRISTMAS.last)
    assert opening_hours_settings.close_days(Tx(session, now, ada), None, [plain, CHRISTMAS, plain]) == 1
    (row,) = session.scalars(select(ClosedDays))
    assert row.reason == "Christmas"
    assert (
        opening_hours_settings.reason_of(Tx(session, now, within=club.organization.id), row.id) == "Christmas"
    )


def test_only_leaders_change_them(session: Session, club: Club, now: datetime) -> None:
    """An admin reads, and no more."""
    for change in (
        lambda: opening_hours_settings.set_days(Tx(session, now, club.anna), None, [0], Weekday(), seen={}),
        lambda: opening_hours_settings.clear(Tx(session, now, club.anna), None),
        lambda: opening_hours_settings.close_days(Tx(session, now, club.anna), None, [CHRISTMAS]),
        lambda: opening_hours_settings.open_days(Tx(session, now, club.anna), 1),
    ):
        with refuses(session, Refused.NOT_ALLOWED, needed=Role.LEADER):
            change()


def test_of_another_organisation_nothing_is_seen_or_touched(
    session: Session, club: Club, now: datetime, ada: Actor
) -> None:
    """Neither its places nor its closures, by whatever number."""
    other = factories.club(session, now, "Seilklubben")
    petra = factories.member(session, other.organization, now, "Petra Vik", Role.LEADER)
    harbour = Location(organization_id=other.organization.id, name="Harbour")
    session.add(harbour)
    session.flush()
    opening_hours_settings.close_days(Tx(session, now, petra), None, [CHRISTMAS])
    (row,) = session.scalars(select(ClosedDays))
    with refuses(session, Refused.NOT_FOUND):
        opening_hours_settings.set_days(Tx(session, now, ada), harbour.id, [0], Weekday(), seen={})
    with refuses(session, Refused.NOT_FOUND):
        opening_hours_settings.close_days(Tx(session, now, ada), harbour.id, [CHRISTMAS])
    with refuses(session, Refused.NOT_FOUND):
        opening_hours_settings.open_days(Tx(session, now, ada), row.id)
    assert opening_hours_settings.reason_of(Tx(session, now, within=club.organization.id), row.id) is None
    assert opening_hours.of(session, club.organization, now.date()).closures == []
