"""A day is a local day, also where the clocks change in it, and whatever time of day it is now."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Invite, OpeningHours, Rental
from db.states import Role
from services.core.errors import Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.members import invites
from services.rentals import approval, extension
from services.rentals.late import conflicts as late_conflicts
from services.reports import stats
from tests import factories
from tests.factories import OSLO, Club
from tests.services.permissions.assertions import refuses, set_policy


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment by clocks in Oslo. They go back on 25 October 2026, and forward on 28 March 2027."""
    return datetime(year, month, day, hour, minute, tzinfo=OSLO).astimezone(UTC)


def out(session: Session, club: Club, since: datetime, due: datetime) -> Rental:
    return factories.handed_out(session, club, since, Period(since, due), (club.stove, 1))


def test_one_day_more_over_the_night_of_25_hours(session: Session, club: Club) -> None:
    """Due on Saturday at 20:00: until Sunday at 20:00, which can be asked for; and so in spring."""
    set_policy(session, club.organization, extension_days=1, extension_approval=False)
    for since, due, then in (
        (at(2026, 10, 22, 9), at(2026, 10, 24, 20), at(2026, 10, 25, 20)),
        (at(2027, 3, 25, 9), at(2027, 3, 27, 20), at(2027, 3, 28, 20)),
    ):
        with session.begin_nested() as undone:
            rental = out(session, club, since, due)
            assert extension.latest(Tx(session, since), rental) == then
            extension.ask(Tx(session, since, club.kari), rental.id, then)
            undone.rollback()
        session.expire_all()


def test_who_is_late_has_more_time_from_today(session: Session, club: Club) -> None:
    """Three days late, two days more: until the day after tomorrow; no day that is over is named."""
    set_policy(session, club.organization, extension_days=2)
    rental = out(session, club, at(2026, 12, 1, 9), at(2026, 12, 4, 20))
    assert extension.latest(Tx(session, at(2026, 12, 7, 10)), rental) == at(2026, 12, 9, 20)
    assert extension.latest(Tx(session, at(2026, 12, 4, 20)), rental) == at(2026, 12, 6, 20)


def test_who_is_late_and_awaited_has_none(session: Session, club: Club) -> None:
    """Ola has it from the 5th on."""
    rental = out(session, club, at(2026, 12, 1, 9), at(2026, 12, 4, 20))
    now = at(2026, 12, 2, 9)
    period = Period(at(2026, 12, 5, 8), at(2026, 12, 10, 20))
    approval.approve(
        Tx(session, now, club.anna), factories.requested(session, club.ola, now, period, (club.stove, 1)).id
    )
    late = at(2026, 12, 7, 10)
    with refuses(session, Refused.NOT_FREE_UNTIL):
        extension.ask(Tx(session, late, club.kari), rental.id, at(2026, 12, 8, 20))


def test_the_last_day_of_more_time_ends_when_it_closes(session: Session, club: Club) -> None:
    """Due on Friday at 18:00, a day more: Saturday's 21:00 is within it."""
    set_policy(session, club.organization, extension_days=1)
    rental = out(session, club, at(2026, 12, 1, 9), at(2026, 12, 4, 18))
    for weekday, closes in ((4, time(18)), (5, time(21))):
        session.add(
            OpeningHours(organization_id=club.organization.id, weekday=weekday, opens=time(9), closes=closes)
        )
    session.flush()
    assert extension.latest(Tx(session, at(2026, 12, 3, 9)), rental) == at(2026, 12, 5, 21)


@pytest.mark.parametrize("hour, minute", [(0, 0), (7, 30), (23, 59)])
def test_how_far_ahead_is_counted_in_days(session: Session, club: Club, hour: int, minute: int) -> None:
    """Seven days ahead of the 2nd is the 9th, from the morning to the evening; the 10th is not."""
    set_policy(session, club.organization, ahead_days=7)
    now = at(2026, 12, 2, hour, minute)
    ninth = Period(at(2026, 12, 9, 8), at(2026, 12, 9, 20))
    factories.requested(session, club.kari, now, ninth, (club.stove, 1))
    with refuses(session, Refused.TOO_FAR_AHEAD):
        tenth = Period(at(2026, 12, 10, 0), at(2026, 12, 10, 20))
        factories.requested(session, club.ola, now, tenth, (club.tent, 1))


def test_a_day_of_25_hours_is_no_longer_than_a_day(session: Session, club: Club) -> None:
    """From Saturday at 20:00 to Sunday at 20:00 is one day at most, whatever the clocks do."""
    set_policy(session, club.organization, longest_days=1)
    for day, now in ((at(2026, 10, 24, 20), at(2026, 10, 24, 9)), (at(2026, 12, 5, 20), at(2026, 12, 5, 9))):
        local = day.astimezone(OSLO)
        period = Period(day, at(local.year, local.month, local.day + 1, 20))
        factories.requested(session, club.kari, now, period, (club.tent, 1))


def test_a_link_is_good_for_local_days(session: Session, club: Club) -> None:
    """Until the same time of day."""
    now = at(2026, 10, 24, 12)
    made = invites.make(Tx(session, now, club.anna), role=Role.USER, days=1)

    assert made and session.scalars(select(Invite.expires_at)).one() == at(2026, 10, 25, 12)


def test_two_days_ahead_of_what_is_late_are_local(session: Session, club: Club) -> None:
    """The member who waits is told two days before by the clock."""
    rental = out(session, club, at(2026, 10, 20, 9), at(2026, 10, 22, 20))
    now = at(2026, 10, 21, 9)
    period = Period(at(2026, 10, 26, 8), at(2026, 10, 27, 20))
    asked = factories.requested(session, club.ola, now, period, (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), asked.id)
    assert rental.id
    found = late_conflicts.moments(Tx(session, now, within=club.organization.id))
    assert [moment.astimezone(OSLO).strftime("%d %H:%M:%S") for moment in found] == ["24 08:00:01"]


def test_weeks_of_the_statistics_begin_on_monday_at_midnight(session: Session, club: Club) -> None:
    """Also after the clocks went forward: what goes out at half past midnight is of that week."""
    out(session, club, at(2027, 3, 29, 0, 30), at(2027, 3, 30, 20))
    figures = stats.of_year(Tx(session, at(2027, 4, 1, 9), club.anna), "2027")
    assert dict(figures.weeks)[date(2027, 3, 29)] == 1
    assert dict(figures.weeks)[date(2027, 3, 22)] == 0
