"""An item is blocked in the moment in which a request for it is approved, where requests hold nothing."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Claim, Item, Rental
from db.session import Database
from db.states import OCCUPYING, RentalStatus
from services.core.actor import Actor
from services.core.errors import Refused
from services.maintenance import blocks
from services.rentals import approval
from tests import factories
from tests.factories import days
from tests.races.harness.acting import members, prepared, race
from tests.races.harness.processes import DONE, Racers
from tests.transactions import in_tx


def wanted(session: Session, now: datetime) -> tuple[Actor, list[tuple[int, int, int]]]:
    """Each member asks for a thing of which there is one: the request, the thing, its item."""
    club = factories.club(session, now, request_holds=False)
    found = []
    for number, member in enumerate(members(session, club, now)):
        lamp = factories.equipment(session, club.organization, now, f"Lamp {number}", f"L{number}")
        item = session.scalars(select(Item.id).filter_by(equipment_id=lamp.id)).one()
        rental = factories.requested(session, member, now, days(now, 1, 3), (lamp, 1))
        found.append((rental.id, lamp.id, item))
    return club.anna, found


def test_it_is_blocked_or_promised(database: Database, racers: Racers, now: datetime) -> None:
    """Never both: whoever comes second reads why it cannot be."""
    anna, found = prepared(database, wanted, now)
    period = days(now, 2, 4)
    outcomes = race(
        racers,
        database,
        [
            (
                in_tx(
                    blocks.create,
                    now,
                    anna,
                    asked=blocks.Asked(lamp, period.starts_at, period.due_at, item_ids=(item,)),
                    reason="Own use",
                    seen=(),
                ),
                in_tx(approval.approve, now, anna, rental_id=rental),
            )
            for rental, lamp, item in found
        ],
    )
    for blocked, approved in outcomes:
        assert (blocked.result, approved.result) in [
            (DONE, Refused.NOT_FREE),
            (Refused.MORE_RENTALS_AFFECTED, DONE),
        ]

    def check(session: Session) -> None:
        taken = select(func.count(Claim.id)).where(Claim.status.in_(OCCUPYING)).group_by(Claim.item_id)
        assert session.scalars(taken).all() == [1] * len(found)
        for (rental, _, _), (_, approved) in zip(found, outcomes, strict=True):
            is_approved = session.get_one(Rental, rental).status is RentalStatus.APPROVED
            assert is_approved == (approved.result == DONE)

    database.read_now(check)
