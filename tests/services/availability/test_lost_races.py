"""Something is declared lost, and at the same moment booked or taken back, on PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Item
from db.session import Database
from db.states import ClaimStatus, Condition
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin
from services.maintenance import loss
from services.rentals.booking import request
from tests import factories
from tests.factories import Club
from tests.services.availability.test_lendable_races import (
    PATIENCE,
    Aside,
    basket,
    stove_is_booked_though_it_cannot_be_lent,
)


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    database = Database(postgresql_url)
    yield database
    database.close()


def stove(session: Session) -> Item:
    return session.scalars(select(Item).filter_by(code="S1")).one()


def test_nobody_books_what_is_being_lost(postgresql: Database, now: datetime) -> None:
    """The booking waits, looks again, and finds nothing free."""
    club = postgresql.write_now(lambda s: factories.club(s, now))
    draft = postgresql.write_now(lambda s: basket(s, club.kari, now, club))
    booking = Aside(postgresql, lambda s: request.request(Tx(s, now, club.kari), draft))

    def lose(session: Session) -> None:
        loss.declare(Tx(session, now, club.lars), stove(session).id, reason="Lost")
        booking.start()
        booking.stands_in_line()

    postgresql.write_now(lose)
    booking.join(PATIENCE)
    assert booking.refusal is not None and booking.refusal.code is Refused.NOT_FREE
    assert not stove_is_booked_though_it_cannot_be_lent(postgresql)


def handed_out(database: Database, now: datetime) -> tuple[Club, int, int]:
    """Kari has the stove; the rental and its claim."""

    def work(session: Session) -> tuple[Club, int, int]:
        club = factories.club(session, now)
        rental = factories.handed_out(session, club, now, factories.days(now, 0, 2), (club.stove, 1))
        return club, rental.id, session.scalars(select(Claim.id)).one()

    return database.write_now(work)


def test_what_is_being_taken_back_is_not_lost(postgresql: Database, now: datetime) -> None:
    """An item that is being taken back is not lost: declaring its loss waits, then is refused."""
    club, rental_id, claim_id = handed_out(postgresql, now)
    losing_it = Aside(postgresql, lambda s: loss.declare_of(Tx(s, now, club.anna), claim_id, reason="Lost"))

    def take_back(session: Session) -> None:
        checkin.take_back(Tx(session, now, club.lars), rental_id)
        losing_it.start()
        losing_it.stands_in_line()

    postgresql.write_now(take_back)
    losing_it.join(PATIENCE)
    assert losing_it.refusal is not None and losing_it.refusal.code is Refused.ALREADY
    assert postgresql.read_now(lambda s: s.get_one(Claim, claim_id).status) is ClaimStatus.RETURNED
    assert postgresql.read_now(lambda s: stove(s).condition) is Condition.OK


def test_what_is_being_lost_is_not_taken_back(postgresql: Database, now: datetime) -> None:
    """The other way round: nothing is out any more."""
    club, rental_id, claim_id = handed_out(postgresql, now)
    taking = Aside(postgresql, lambda s: checkin.take_back(Tx(s, now, club.anna), rental_id))

    def lose(session: Session) -> None:
        loss.declare_of(Tx(session, now, club.lars), claim_id, reason="Lost")
        taking.start()
        taking.stands_in_line()

    postgresql.write_now(lose)
    taking.join(PATIENCE)
    assert taking.refusal is not None and taking.refusal.code is Refused.ALREADY
    assert postgresql.read_now(lambda s: s.get_one(Claim, claim_id).status) is ClaimStatus.LOST
    assert postgresql.read_now(lambda s: stove(s).condition) is Condition.LOST
