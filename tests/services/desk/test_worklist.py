"""The day at the desk: what is to be done, in what order, and with whom."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from db.models import Equipment, Rental
from db.states import ClaimStatus
from services.core.actor import Actor
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin, checkout, worklist
from services.desk.worklist import Task
from services.rentals import approval
from tests import factories
from tests.factories import Club, days


def approved(
    session: Session, of: Club, who: Actor, now: datetime, period: Period, *lines: tuple[Equipment, int]
) -> Rental:
    rental = factories.requested(session, who, now, period, *lines)
    return approval.approve(Tx(session, now, of.anna), rental.id)


def out(
    session: Session, of: Club, who: Actor, now: datetime, period: Period, *lines: tuple[Equipment, int]
) -> Rental:
    rental = approved(session, of, who, now, period, *lines)
    return checkout.hand_out(Tx(session, now, of.lars), rental.id)


def seen(session: Session, club: Club, now: datetime) -> list[tuple[Task, int]]:
    tonight = now + timedelta(hours=12)
    return [
        (e.task, e.rental_id) for e in worklist.day(Tx(session, now, within=club.organization.id), tonight)
    ]


def test_an_empty_day(session: Session, club: Club, now: datetime) -> None:
    """Nothing is asked for, nothing is to be done; what is only asked for neither."""
    assert seen(session, club, now) == []
    factories.requested(session, club.kari, now, days(now, 0, 2), (club.tent, 1))
    assert seen(session, club, now) == []


def test_what_is_approved_goes_out_on_its_day(session: Session, club: Club, now: datetime) -> None:
    """Today's, and those of yesterday that nobody fetched; not tomorrow's, and not what is over."""
    today = approved(session, club, club.kari, now, days(now, 0, 2), (club.tent, 1))
    approved(session, club, club.ola, now, days(now, 1, 2), (club.tent, 1))
    assert seen(session, club, now) == [(Task.HAND_OUT, today.id)]
    later = now + timedelta(days=1)
    assert (Task.HAND_OUT, today.id) in seen(session, club, later)
    assert seen(session, club, now + timedelta(days=2)) == []


def test_a_rental_that_is_partly_out_has_both(session: Session, club: Club, now: datetime) -> None:
    """Pieces that were not fetched wait to be handed out, and pieces that are out to be taken back."""
    rental = approved(session, club, club.kari, now, days(now, 0, 1), (club.tent, 2))
    claims = checkout.claims_of(session, rental, ClaimStatus.HELD)
    checkout.hand_out(Tx(session, now, club.lars), rental.id, only=[claims[0].id])
    evening = now + timedelta(hours=20)
    assert seen(session, club, evening) == [(Task.HAND_OUT, rental.id), (Task.TAKE_BACK, rental.id)]


def test_what_is_out_comes_back_late_or_said(session: Session, club: Club, now: datetime) -> None:
    """Due today, then overdue, then said to be back, then nothing."""
    rental = out(session, club, club.kari, now, days(now, 0, 2), (club.tent, 1))
    assert seen(session, club, now) == []
    due = now + timedelta(days=2)
    assert seen(session, club, due - timedelta(hours=1)) == [(Task.TAKE_BACK, rental.id)]
    assert seen(session, club, due + timedelta(hours=1)) == [(Task.LATE, rental.id)]
    checkin.give_back(Tx(session, due + timedelta(hours=2), club.kari), rental.id)
    assert seen(session, club, due + timedelta(hours=3)) == [(Task.CONFIRM, rental.id)]
    checkin.confirm_return(Tx(session, due + timedelta(hours=4), club.lars), rental.id)
    assert seen(session, club, due + timedelta(hours=5)) == []


def test_each_task_is_by_time(session: Session, club: Club, now: datetime) -> None:
    """The rental that is due first comes first."""
    late = out(session, club, club.kari, now, days(now, 0, 3), (club.tent, 1))
    later = out(session, club, club.ola, now, days(now, 0, 2), (club.tent, 1))
    assert seen(session, club, now + timedelta(days=4)) == [(Task.LATE, later.id), (Task.LATE, late.id)]


def test_another_organisation_has_a_desk_of_its_own(session: Session, club: Club, now: datetime) -> None:
    """Nothing of it is seen here."""
    other = factories.club(session, now, "Turlaget")
    out(session, other, other.kari, now, days(now, 0, 2), (other.tent, 1))
    assert seen(session, club, now + timedelta(days=3)) == []
