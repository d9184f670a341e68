"""Hand-outs and returns that are entered later than they happened."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Rental
from db.states import RentalStatus
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin, checkout, counter, earlier
from services.inventory import locations
from services.rentals import approval, queries, records, reminders
from services.reports import stats
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import DAY, HOUR, claims, refuses, set_policy
from tests.services.permissions.assertions import item as item_named


def lent(session: Session, c: Club, now: datetime) -> Rental:
    """To Kari, until the evening of the second day."""
    tx = Tx(session, now, c.lars)
    return counter.hand_out_now(tx, c.kari.user_id, [item_named(session, "T2").id], days(now, 0, 1).due_at)


def details(session: Session, action: str) -> list[object]:
    query = select(AuditEntry.details).filter_by(action=action).order_by(AuditEntry.id)
    return [one.get("at") for one in session.scalars(query)]


def test_who_came_in_time_is_not_late(session: Session, club: Club, now: datetime) -> None:
    """Noted two days late, then corrected: the record, the statistics and the history have the real time."""
    rental = lent(session, club, now)
    assert rental.due_at is not None
    noted, really = rental.due_at + 2 * DAY, rental.due_at - HOUR
    checkin.take_back(Tx(session, noted, club.lars), rental.id)
    assert records.of(Tx(session, noted), club.kari.user_id).late == 1
    return_id = locations.last_return(session, rental.id)
    assert return_id is not None
    assert earlier.returned(Tx(session, noted, club.lars), return_id).due_at == rental.due_at
    earlier.return_was(Tx(session, noted, club.lars), return_id, really)
    assert records.of(Tx(session, noted), club.kari.user_id).late == 0
    assert stats.of_year(Tx(session, noted, club.anna)).late == 0
    view = queries.view(Tx(session, noted), rental)
    assert (view.back_at, rental.ended_at, rental.status) == (really, really, RentalStatus.RETURNED)
    assert details(session, "back_earlier") == [[noted.isoformat(), really.isoformat()]]


def test_it_can_be_entered_so_at_once(session: Session, club: Club, now: datetime) -> None:
    """`at` of a return and of a confirmation, also before the member reported it; nothing overdue is left."""
    rental = lent(session, club, now)
    assert rental.due_at is not None
    noted, really = rental.due_at + 2 * DAY, rental.due_at - HOUR
    checkin.give_back(Tx(session, rental.due_at + DAY, club.kari), rental.id)
    checkin.confirm_return(Tx(session, noted, club.lars), rental.id, at=really)
    assert records.of(Tx(session, noted), club.kari.user_id).late == 0
    assert reminders.overdue(Tx(session, noted, within=club.organization.id), per_page=9) == ([], 0)
    assert details(session, "take_back") == [really.isoformat()]


def test_a_return_is_between_hand_out_and_now(session: Session, club: Club, now: datetime) -> None:
    """Neither before the thing went out nor in the future, entered at once or corrected; by lenders only."""
    rental, later = lent(session, club, now), now + DAY
    tx = Tx(session, later, club.lars)
    for at in (now - HOUR, later + HOUR):
        with refuses(session, Refused.NOT_THEN, earliest=now, latest=later):
            checkin.take_back(tx, rental.id, at=at)
    checkin.take_back(tx, rental.id)
    return_id = locations.last_return(session, rental.id) or 0
    for at in (now - HOUR, later + HOUR):
        with refuses(session, Refused.NOT_THEN):
            earlier.return_was(tx, return_id, at)
    with refuses(session, Refused.NOT_ALLOWED):
        earlier.return_was(Tx(session, later, club.kari), return_id, now + HOUR)


def test_a_hand_out_was_earlier(session: Session, club: Club, now: datetime) -> None:
    """Entered at once or corrected: not before the item came back from the member before."""
    set_policy(session, club.organization, return_confirmed=True)
    first = lent(session, club, now)
    checkin.take_back(Tx(session, now + 2 * HOUR, club.lars), first.id)
    evening = now + 6 * HOUR
    rental = lent(session, club, evening)
    tx = Tx(session, evening, club.lars)
    for at in (now + HOUR, evening + HOUR):
        with refuses(session, Refused.NOT_THEN, earliest=now + 2 * HOUR):
            earlier.hand_out_was(tx, rental.id, at)
    earlier.hand_out_was(tx, rental.id, now + 3 * HOUR)
    (claim,) = claims(session, rental)
    assert (claim.out_at, claim.starts_at, rental.starts_at) == (now + 3 * HOUR,) * 3
    assert details(session, "out_earlier") == [[evening.isoformat(), (now + 3 * HOUR).isoformat()]]
    with refuses(session, Refused.NOT_ALLOWED):
        earlier.hand_out_was(Tx(session, evening, club.kari), rental.id, now + 4 * HOUR)


def test_an_approved_rental_went_out_earlier(session: Session, club: Club, now: datetime) -> None:
    """By a lender; a member who picks up has it from now on."""
    asked = factories.requested(session, club.kari, now, days(now, 0, 3), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), asked.id)
    later = now + 5 * HOUR
    with refuses(session, Refused.NOT_ALLOWED):
        checkout.hand_out(Tx(session, later, club.kari), asked.id, at=now + HOUR)
    checkout.hand_out(Tx(session, later, club.lars), asked.id, at=now + HOUR)
    (claim,) = claims(session, asked)
    assert claim.out_at == now + HOUR
    assert details(session, "hand_out") == [(now + HOUR).isoformat()]


def test_said_back_goes_on_earlier(session: Session, club: Club, now: datetime) -> None:
    """The next member had it since before it was entered: so long it is back from the one before."""
    first = lent(session, club, now)
    checkin.give_back(Tx(session, now + 2 * HOUR, club.kari), first.id)
    draft = factories.requested(session, club.ola, now, days(now, 2, 3), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), draft.id)
    (claim,) = claims(session, draft)
    claim.item_id = item_named(session, "T2").id
    session.flush()
    later = now + timedelta(days=2, hours=5)
    checkout.hand_out(Tx(session, later, club.lars), draft.id, at=later - HOUR)
    (before,) = claims(session, first)
    assert (before.returned_at, claim.out_at) == (later - HOUR, later - HOUR)
