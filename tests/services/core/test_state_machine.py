"""Moves: one statement moves the row and tells how it is now."""

from datetime import datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from db.models import Claim, Rental
from db.session import Database
from db.states import ClaimStatus, RentalStatus
from services.core.state_machine import change_items, move_claims, move_rental
from services.core.tx import Tx
from tests import factories
from tests.factories import days


def _behind_its_back(session: Session, rental: Rental, **values: object) -> None:
    """Change the row as another transaction would: the session does not know."""
    change = update(Rental).where(Rental.id == rental.id).values(**values)
    session.execute(change, execution_options={"synchronize_session": False})


def test_what_moved_is_read_anew(database: Database, now: datetime) -> None:
    """Also what others changed in the row since the session has loaded it."""

    def work(session: Session) -> None:
        club = factories.club(session, now)
        rental = factories.requested(session, club.kari, now, days(now, 1, 2), (club.tent, 1))
        _behind_its_back(session, rental, purpose="a trip")
        assert move_rental(session, rental, RentalStatus.APPROVED, decided_at=now)
        assert (rental.status, rental.purpose, rental.decided_at) == (RentalStatus.APPROVED, "a trip", now)

    database.write_now(work)


def test_what_did_not_move_is_seen_as_it_is(database: Database, now: datetime) -> None:
    """The second to move a row reads what the first has made of it."""

    def work(session: Session) -> None:
        club = factories.club(session, now)
        rental = factories.requested(session, club.kari, now, days(now, 1, 2), (club.tent, 1))
        _behind_its_back(session, rental, status=RentalStatus.CANCELLED)
        assert not move_rental(session, rental, RentalStatus.APPROVED)
        assert rental.status is RentalStatus.CANCELLED

    database.write_now(work)


def test_claims_that_change_items_are_read_anew(database: Database, now: datetime) -> None:
    """Two change places, and whoever holds them sees it; then both move, and one that is gone does not."""

    def work(session: Session) -> None:
        club = factories.club(session, now)
        rental = factories.requested(session, club.kari, now, days(now, 1, 2), (club.tent, 2))
        one, two = session.query(Claim).filter_by(rental_id=rental.id).order_by(Claim.id)
        first, second = one.item_id, two.item_id
        change_items(Tx(session, now), {one.id: (first, second), two.id: (second, first)})
        assert (one.item_id, two.item_id) == (second, first)
        assert move_claims(session, [one.id], ClaimStatus.RELEASED) == 1
        assert move_claims(session, [one.id, two.id], ClaimStatus.OUT, out_at=now) == 1
        assert (one.status, two.status) == (ClaimStatus.RELEASED, ClaimStatus.OUT)

    database.write_now(work)


def test_a_move_that_is_rolled_back_has_not_happened(database: Database, now: datetime) -> None:
    """The session sees the row as it was before the savepoint."""

    def work(session: Session) -> None:
        club = factories.club(session, now)
        rental = factories.requested(session, club.kari, now, days(now, 1, 2), (club.tent, 1))
        with pytest.raises(ValueError, match="changed"), session.begin_nested():
            assert move_rental(session, rental, RentalStatus.APPROVED, decided_at=now)
            assert rental.decided_at == now
            raise ValueError("changed my mind")
        assert (rental.status, rental.decided_at) == (RentalStatus.REQUESTED, None)

    database.write_now(work)
