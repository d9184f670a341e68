"""More time, asked for or granted by two processes at the same moment."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Extension, Rental
from db.session import Database
from db.states import ClaimStatus, Role
from services.availability import reservations
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkout
from services.rentals import approval, extension
from tests import factories
from tests.factories import Club, days
from tests.races.harness.acting import members, noted, prepared, race, rent_at_once, require_one
from tests.races.harness.processes import DONE, Racers
from tests.services.permissions.assertions import DAY
from tests.transactions import in_tx


def out_for_three_days(session: Session, now: datetime, **policy: Any) -> tuple[Club, list[Rental]]:
    """Each member has one thing of which there is no other, until in three days."""
    club = factories.club(session, now, **policy)
    out = []
    for number, member in enumerate(members(session, club, now)):
        lamp = factories.equipment(session, club.organization, now, f"Lamp {number}", f"L{number}")
        rental = factories.requested(session, member, now, days(now, 0, 3), (lamp, 1))
        approval.approve(Tx(session, now, club.anna), rental.id)
        out.append(checkout.hand_out(Tx(session, now, club.lars), rental.id))
    return club, out


def renter(rental: Rental) -> Actor:
    return Actor(rental.organization_id, rental.user_id, 0, "", Role.USER)


def require_claims_follow(session: Session, rental_id: int, due_at: datetime) -> None:
    """The rental is due then, and its thing is taken until then."""
    assert session.get_one(Rental, rental_id).due_at == due_at
    until = select(Claim.blocked_until).filter_by(rental_id=rental_id, status=ClaimStatus.OUT)
    assert session.scalars(until).all() == [due_at]


def test_one_of_two_gets_the_days_between(database: Database, racers: Racers, now: datetime) -> None:
    """One keeps it longer, or another has it then: never both."""

    def prepare(session: Session) -> tuple[Actor, list[tuple[int, Actor, int]]]:
        club, out = out_for_three_days(session, now, extension_approval=False, most_items=1000)
        having = [renter(rental) for rental in out]
        things = [reservations.lines_of(session, rental.id)[0].equipment_id for rental in out]
        return club.ola, list(zip([rental.id for rental in out], having, things, strict=True))

    ola, out = prepared(database, prepare)
    outcomes = race(
        racers,
        database,
        [
            (
                in_tx(extension.ask, now, member, rental_id=rental_id, due_at=now + 5 * DAY),
                partial(rent_at_once, member=ola, equipment_id=thing, period=days(now, 4, 6), now=now),
            )
            for rental_id, member, thing in out
        ],
    )
    for kept, booked in outcomes:
        assert (kept.result, booked.result) in [(DONE, Refused.NOT_FREE), (Refused.NOT_FREE_UNTIL, DONE)]

    def check(session: Session) -> None:
        for (rental_id, _, _), (kept, _) in zip(out, outcomes, strict=True):
            require_claims_follow(session, rental_id, now + (5 if kept.result == DONE else 3) * DAY)

    database.read_now(check)


@pytest.mark.parametrize("second", [5, 6])
def test_two_extensions_at_once_are_as_one_after_the_other(
    database: Database, racers: Racers, now: datetime, second: int
) -> None:
    """The later day is what counts, once: from two taps on one day, or on two."""

    def prepare(session: Session) -> list[tuple[int, Actor]]:
        _, out = out_for_three_days(session, now, extension_approval=False)
        return [(rental.id, renter(rental)) for rental in out]

    out = prepared(database, prepare)
    outcomes = race(
        racers,
        database,
        [
            (
                in_tx(extension.ask, now, member, rental_id=rental_id, due_at=now + 5 * DAY),
                in_tx(extension.ask, now, member, rental_id=rental_id, due_at=now + second * DAY),
            )
            for rental_id, member in out
        ],
    )
    for one, other in outcomes:
        allowed = {(DONE, Refused.NOT_LATER), (Refused.NOT_LATER, DONE)}
        if second > 5:
            allowed = {(DONE, DONE), (Refused.NOT_LATER, DONE)}
        assert (one.result, other.result) in allowed

    def check(session: Session) -> None:
        for (rental_id, _), results in zip(out, outcomes, strict=True):
            require_claims_follow(session, rental_id, now + second * DAY)
            done = sum(outcome.result == DONE for outcome in results)
            assert noted(session, rental_id, "extend") == done

    database.read_now(check)


def test_a_question_for_more_time_has_one_answer(database: Database, racers: Racers, now: datetime) -> None:
    """Granted by two admins at once, the time is added once."""

    def prepare(session: Session) -> tuple[list[tuple[int, int]], Actor, Actor]:
        club, out = out_for_three_days(session, now)
        berit = factories.member(session, club.organization, now, "Berit Admin", Role.ADMIN)
        asked = []
        for rental in out:
            question = extension.ask(Tx(session, now, renter(rental)), rental.id, now + 5 * DAY)
            asked.append((rental.id, question.id))
        return asked, club.anna, berit

    asked, anna, berit = prepared(database, prepare)
    outcomes = race(
        racers,
        database,
        [
            (
                in_tx(extension.grant, now, anna, extension_id=question),
                in_tx(extension.grant, now, berit, extension_id=question),
            )
            for _, question in asked
        ],
    )
    require_one(outcomes, Refused.EXTENSION_ANSWERED)

    def check(session: Session) -> None:
        for (rental_id, question), (by_anna, _) in zip(asked, outcomes, strict=True):
            require_claims_follow(session, rental_id, now + 5 * DAY)
            by = anna if by_anna.result == DONE else berit
            assert session.get_one(Extension, question).decided_by == by.user_id
            assert noted(session, rental_id, "extend") == 1

    database.read_now(check)
