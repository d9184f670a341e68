"""Deadlines in hours do not run while the club is closed."""

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ClosedDays, OpeningHours, Rental
from db.states import RentalStatus
from services import periodic
from services.core.hours import opening_hours
from services.core.hours.opening_hours import What
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin
from services.rentals import approval
from tests import factories
from tests.factories import OSLO, Club
from tests.services.permissions.assertions import set_policy

BOTH = (What.HAND_OUT, What.RETURN)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in December 2026 by clocks in Oslo; the 4th is a Friday."""
    return datetime(2026, 12, day, hour, minute, tzinfo=OSLO).astimezone(UTC)


def opens(session: Session, club: Club, opens: int, closes: int, *weekdays: int) -> None:
    for weekday in weekdays:
        session.add(
            OpeningHours(
                organization_id=club.organization.id, weekday=weekday, opens=time(opens), closes=time(closes)
            )
        )
    session.flush()


def asked(session: Session, club: Club, now: datetime, period: Period) -> Rental:
    return factories.requested(session, club.kari, now, period, (club.stove, 1))


def sweep(session: Session, *moments: datetime) -> None:
    for moment in moments:
        periodic.run(Tx(session, moment))


def test_who_missed_friday_has_the_next_opening(session: Session, club: Club, now: datetime) -> None:
    """Open on Mondays and Fridays from 17 to 18, to be fetched from Friday on: kept until Monday's close."""
    opens(session, club, 17, 18, 0, 4)
    rental = asked(session, club, now, Period(at(4, 17), at(14, 18)))
    approval.approve(Tx(session, now, club.anna), rental.id)
    sweep(session, at(4, 18), at(5, 17), at(7, 17, 59))
    assert rental.status is RentalStatus.APPROVED
    sweep(session, at(7, 18))
    assert (rental.status, rental.ended_at) == (RentalStatus.EXPIRED, at(7, 18))


def test_a_request_waits_for_days_on_which_somebody_is_there(
    session: Session, club: Club, now: datetime
) -> None:
    """72 hours are three of them: Friday, Monday and Friday after a Tuesday."""
    opens(session, club, 17, 18, 0, 4)
    rental = asked(session, club, now, Period(at(14, 17), at(18, 18)))
    assert rental.expires_at == at(11, 18)


def test_a_return_waits_for_days_on_which_somebody_is_there(
    session: Session, club: Club, now: datetime
) -> None:
    """48 hours are two of them: Friday and Monday after a Tuesday."""
    rental = factories.handed_out(session, club, now, Period(now, at(4, 18)), (club.stove, 1))
    opens(session, club, 17, 18, 0, 4)
    checkin.give_back(Tx(session, now, club.kari), rental.id)
    sweep(session, at(7, 17, 59))
    assert rental.status is RentalStatus.OUT
    sweep(session, at(7, 18))
    assert rental.ended_at == at(7, 18)


@pytest.mark.parametrize(
    "since, hours, what, end",
    [
        (at(4, 16), 4, BOTH, at(7, 12)),  # an hour of Friday, three of Monday
        (at(4, 16), 1, BOTH, at(4, 17)),
        (at(4, 18), 1, BOTH, at(7, 10)),  # begins while it is closed
        (at(3, 9), 24, BOTH, at(4, 17)),  # a day of hours: until the next day's close at the latest
        (at(4, 9), 72, BOTH, at(9, 17)),
        (at(4, 16), 4, (What.RETURN,), at(9, 12)),  # nothing is taken back on the 7th and 8th
    ],
)
def test_only_open_hours_count(
    session: Session,
    club: Club,
    now: datetime,
    since: datetime,
    hours: int,
    what: tuple[What, ...],
    end: datetime,
) -> None:
    """Open from 9 to 17 on weekdays."""
    rental = asked(session, club, now, Period(at(10, 9), at(11, 17)))
    opens(session, club, 9, 17, 0, 1, 2, 3, 4)
    if what == (What.RETURN,):
        for row in session.scalars(select(OpeningHours).where(OpeningHours.weekday < 2)):
            row.takes_back = False
        session.flush()
    assert opening_hours.deadline(Tx(session, now), rental, since, hours, *what) == end


def test_closed_days_do_not_count(session: Session, club: Club, now: datetime) -> None:
    """Without opening hours it is always open but for those; also for a deadline that began before them."""
    rental = asked(session, club, now, Period(at(10, 9), at(11, 17)))
    session.add(
        ClosedDays(
            organization_id=club.organization.id,
            first=at(5, 9).date(),
            last=at(6, 9).date(),
            reason="Advent",
        )
    )
    session.flush()
    for looked_at in (at(4, 17), at(9, 9)):
        assert opening_hours.deadline(Tx(session, looked_at), rental, at(4, 17), 24, What.HAND_OUT) == at(
            7, 17
        )


def test_where_it_is_always_open_an_hour_is_an_hour(session: Session, club: Club, now: datetime) -> None:
    """As before."""
    set_policy(session, club.organization, request_hours=5)
    assert asked(session, club, now, Period(at(10, 9), at(11, 17))).expires_at == at(1, 14)


def test_a_club_that_never_opens_again_keeps_nothing_for_ever(
    session: Session, club: Club, now: datetime
) -> None:
    """Hours count as they are then."""
    rental = asked(session, club, now, Period(at(10, 9), at(11, 17)))
    session.add(
        ClosedDays(
            organization_id=club.organization.id,
            first=now.date(),
            last=datetime(2030, 1, 1, tzinfo=UTC).date(),
        )
    )
    session.flush()
    assert opening_hours.deadline(Tx(session, now), rental, now, 3, What.HAND_OUT) == at(1, 12)
