"""Closing an organisation while somebody rents, or hands out, in it: by two processes at the same moment."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Organization, Rental
from db.session import Database
from db.states import ClaimStatus, RentalStatus, Role
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkout
from services.organizations import closing
from services.rentals import approval
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import days
from tests.races.harness.acting import race
from tests.races.harness.processes import DONE, Racers
from tests.races.harness.rounds import each_round
from tests.transactions import in_tx


def _clubs(session: Session, now: datetime, *, approved: bool) -> list[tuple[Actor, Actor, int]]:
    """As many clubs: who leads it, who acts, and a rental that is a basket, or approved."""
    found = []
    for number in each_round():
        club = factories.club(session, now, f"Club {number}")
        ada = factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)
        if approved:
            rental = factories.requested(session, club.kari, now, days(now, 0, 2), (club.tent, 1))
            approval.approve(Tx(session, now, club.anna), rental.id)
            found.append((ada, club.lars, rental.id))
        else:
            draft = request.open_draft(Tx(session, now, club.kari))
            baskets.put(Tx(session, now, club.kari), draft, club.tent.id, 1)
            request.set_period(Tx(session, now), draft, days(now, 1, 2))
            found.append((ada, club.kari, draft.id))
    return found


@pytest.mark.parametrize("approved", [False, True], ids=["request", "hand-out"])
def test_nothing_goes_on_in_what_is_closed(
    database: Database, racers: Racers, now: datetime, approved: bool
) -> None:
    """A request comes first and is cancelled, or too late; what goes out first keeps it open."""
    clubs = database.write_now(lambda session: _clubs(session, now, approved=approved))
    act = checkout.hand_out if approved else request.request
    outcomes = race(
        racers,
        database,
        [
            (
                in_tx(closing.close, now, ada),
                in_tx(act, now, actor, rental_id=rental_id),
            )
            for ada, actor, rental_id in clubs
        ],
    )

    def check(session: Session) -> None:
        for (ada, _, rental_id), (closes, acts) in zip(clubs, outcomes, strict=True):
            is_closed = session.get_one(Organization, ada.organization_id).closed_at is not None
            status = session.get_one(Rental, rental_id).status
            held = session.scalars(
                select(Claim.status).where(Claim.rental_id == rental_id, Claim.status != ClaimStatus.RELEASED)
            ).all()
            stands = closes.result, acts.result, status
            if approved:
                assert stands in (
                    (DONE, Refused.ALREADY, RentalStatus.CANCELLED),
                    (Refused.ITEMS_STILL_OUT, DONE, RentalStatus.OUT),
                )
            else:
                assert stands in (
                    (DONE, DONE, RentalStatus.CANCELLED),
                    (DONE, Refused.CLOSED, RentalStatus.DRAFT),
                )
            assert is_closed == (closes.result == DONE)
            assert bool(held) != is_closed

    database.read_now(check)
