"""Two lenders hand out the same thing over the counter at the same moment."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Claim, Item, Rental
from db.session import Database
from db.states import ClaimStatus, Role
from services.core.actor import Actor
from services.core.errors import Refused
from services.desk import counter
from tests import factories
from tests.races.harness.acting import prepared, race, require_one
from tests.races.harness.processes import Racers
from tests.races.harness.rounds import each_round
from tests.transactions import in_tx


def lenders(session: Session, now: datetime) -> tuple[list[Actor], list[int], list[int]]:
    """Two lenders, the members they give to, and a thing for each round."""
    club = factories.club(session, now, most_items=1000)
    liv = factories.member(session, club.organization, now, "Liv Lender", Role.LENDER)
    lamp = factories.equipment(session, club.organization, now, "Lamp", *(f"L{n}" for n in each_round()))
    items = session.scalars(select(Item.id).filter_by(equipment_id=lamp.id).order_by(Item.id)).all()
    return [club.lars, liv], [club.kari.user_id, club.ola.user_id], list(items)


def test_one_of_them_gives_it(database: Database, racers: Racers, now: datetime) -> None:
    """The other reads who has it; there is one rental of each thing, and it is out."""
    people, members, items = prepared(database, lenders, now)
    first, second = (
        [
            in_tx(
                counter.hand_out_now,
                now,
                lender,
                user_id=member,
                item_ids=[item],
                due_at=now + timedelta(days=2),
            )
            for item in items
        ]
        for lender, member in zip(people, members, strict=True)
    )
    require_one(race(racers, database, list(zip(first, second, strict=True))), Refused.ITEM_IS_WITH)

    def check(session: Session) -> None:
        counted = session.execute(select(Claim.status, func.count()).group_by(Claim.status)).all()
        assert [tuple(row) for row in counted] == [(ClaimStatus.OUT, len(items))]
        assert session.scalar(select(func.count(Rental.id))) == len(items)

    database.read_now(check)
