"""All requests approved by two admins in the same moment, or while one of them is called off."""

from datetime import datetime

from sqlalchemy.orm import Session

from db.models import Rental
from db.session import Database
from db.states import RentalStatus, Role
from services.core.actor import Actor
from services.core.errors import Refused
from services.rentals import approval
from tests import factories
from tests.factories import days
from tests.races.harness.acting import noted, prepared, race
from tests.races.harness.processes import DONE, Racers
from tests.races.harness.rounds import each_round
from tests.transactions import in_tx

REQUESTS = 5


def piles(session: Session, now: datetime) -> list[tuple[Actor, Actor, Actor, list[int]]]:
    """In each club five requests for tents on days of their own: two admins, the member, the requests."""
    found = []
    for number in each_round():
        club = factories.club(session, now, f"Club {number}")
        berit = factories.member(session, club.organization, now, "Berit Admin", Role.ADMIN)
        asked = [
            factories.requested(session, club.kari, now, days(now, 2 + n, 4 + n), (club.tent, 1)).id
            for n in range(REQUESTS)
        ]
        found.append((club.anna, berit, club.kari, asked))
    return found


def test_two_admins_approve_all_once(database: Database, racers: Racers, now: datetime) -> None:
    """Each request is approved by one of them, and nobody waits for the other for good."""
    found = prepared(database, piles, now)
    every = approval.approve_all
    outcomes = race(
        racers,
        database,
        [
            (in_tx(every, now, anna, until=now), in_tx(every, now, berit, until=now))
            for anna, berit, _, _ in found
        ],
    )
    for one, other in outcomes:
        assert {one.result, other.result} == {DONE, Refused.NO_PENDING_REQUESTS}

    def check(session: Session) -> None:
        for *_, asked in found:
            for number in asked:
                assert session.get_one(Rental, number).status is RentalStatus.APPROVED
                assert noted(session, number, "approve") == 1

    database.read_now(check)


def test_what_is_called_off_meanwhile_is_not_approved(
    database: Database, racers: Racers, now: datetime
) -> None:
    """The others are; the one is approved and then called off, or only called off."""
    found = prepared(database, piles, now)
    outcomes = race(
        racers,
        database,
        [
            (
                in_tx(approval.approve_all, now, anna, until=now),
                in_tx(approval.cancel, now, kari, rental_id=asked[2]),
            )
            for anna, _, kari, asked in found
        ],
    )
    assert {outcome.result for pair in outcomes for outcome in pair} == {DONE}

    def check(session: Session) -> None:
        for *_, asked in found:
            statuses = [session.get_one(Rental, number).status for number in asked]
            assert statuses.pop(2) is RentalStatus.CANCELLED
            assert set(statuses) == {RentalStatus.APPROVED}

    database.read_now(check)
