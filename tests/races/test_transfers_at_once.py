"""Handed over to the next member in the moment in which a lender takes it back, or somebody calls off."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, HandOver, Rental
from db.session import Database
from db.states import ClaimStatus, HandOverStatus, RentalStatus
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin, checkout, transfer
from services.rentals import approval
from tests import factories
from tests.factories import days
from tests.races.harness.acting import claim_statuses, members, noted, prepared, race, require_one
from tests.races.harness.processes import DONE, Act, Racers
from tests.transactions import in_tx


def offers(session: Session, now: datetime) -> tuple[Actor, Actor, list[tuple[int, int, Actor, int]]]:
    """Each member has one thing and is asked to hand it over to Ola: both rentals, the member, the offer."""
    club = factories.club(session, now, most_items=1000)
    found = []
    for number, member in enumerate(members(session, club, now)):
        lamp = factories.equipment(session, club.organization, now, f"Lamp {number}", f"L{number}")
        rental = factories.requested(session, member, now, days(now, 0, 1), (lamp, 1))
        approval.approve(Tx(session, now, club.anna), rental.id)
        checkout.hand_out(Tx(session, now, club.lars), rental.id)
        following = factories.requested(session, club.ola, now, days(now, 1, 2), (lamp, 1))
        approval.approve(Tx(session, now, club.anna), following.id)
        transfer.offer(Tx(session, now, member), rental.id, following.id)
        (claim,) = session.scalars(select(Claim).filter_by(rental_id=rental.id))
        offer = session.scalars(select(HandOver.id).filter_by(claim_id=claim.id)).one()
        found.append((rental.id, following.id, member, offer))
    return club.lars, club.ola, found


def test_accepted_twice_at_once_it_is_handed_over_once(
    database: Database, racers: Racers, now: datetime
) -> None:
    """From two phones: one does it, the other reads that it is done."""
    _, ola, found = prepared(database, offers, now)
    outcomes = race(
        racers,
        database,
        [
            (
                in_tx(transfer.accept, now, ola, hand_over_id=offer),
                in_tx(transfer.accept, now, ola, hand_over_id=offer),
            )
            for _, _, _, offer in found
        ],
    )
    require_one(outcomes, Refused.HAND_OVER_ANSWERED)

    def check(session: Session) -> None:
        for rental, following, _, offer in found:
            assert claim_statuses(session, rental) == [ClaimStatus.RETURNED]
            assert claim_statuses(session, following) == [ClaimStatus.OUT]
            assert session.get_one(HandOver, offer).status is HandOverStatus.DONE
            assert noted(session, rental, "hand_over") == noted(session, following, "take_over") == 1

    database.read_now(check)


@pytest.mark.parametrize("how", ["takes back", "calls off", "takes the offer back"])
def test_it_is_handed_over_or_the_other_thing_happens(
    database: Database, racers: Racers, now: datetime, how: str
) -> None:
    """Never both: the thing is with Ola, or he has none of it."""
    lars, ola, found = prepared(database, offers, now)

    def other(rental: int, following: int, member: Actor, offer: int) -> Act:
        acts: dict[str, Act] = {
            "takes back": in_tx(checkin.take_back, now, lars, rental_id=rental),
            "calls off": in_tx(approval.cancel, now, ola, rental_id=following),
            "takes the offer back": in_tx(transfer.withdraw, now, member, hand_over_id=offer),
        }
        return acts[how]

    outcomes = race(
        racers,
        database,
        [(in_tx(transfer.accept, now, ola, hand_over_id=one[3]), other(*one)) for one in found],
    )
    lost = {"takes the offer back": Refused.HAND_OVER_ANSWERED}.get(how, Refused.ALREADY)
    for accepted, done in outcomes:
        assert (accepted.result, done.result) in [(DONE, lost), (Refused.HAND_OVER_ANSWERED, DONE)]

    def check(session: Session) -> None:
        for (rental, following, _, _), (accepted, _) in zip(found, outcomes, strict=True):
            has_it = accepted.result == DONE
            is_out = session.get_one(Rental, following).status is RentalStatus.OUT
            assert is_out == has_it
            assert claim_statuses(session, following).count(ClaimStatus.OUT) == int(has_it)
            out = claim_statuses(session, rental).count(ClaimStatus.OUT)
            assert out == int(not has_it and how != "takes back")

    database.read_now(check)
