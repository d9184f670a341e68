"""Races for what is lent until further notice: its claim has no end, and one lender sets it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Claim, Item, Rental
from db.session import Database
from db.states import OCCUPYING, Role
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.hours.periods import FOREVER
from services.core.tx import Tx
from services.desk import counter
from services.maintenance import blocks
from services.rentals.custody import dates
from tests import factories
from tests.races.harness.acting import noted, prepared, race, require_one
from tests.races.harness.processes import DONE, Racers
from tests.races.harness.rounds import each_round
from tests.transactions import in_tx


def things(session: Session, now: datetime) -> tuple[list[Actor], Actor, int, int, list[int]]:
    """Two lenders, an admin, a member, and a thing for each round."""
    club = factories.club(session, now, most_items=1000)
    liv = factories.member(session, club.organization, now, "Liv Lender", Role.LENDER)
    lamp = factories.equipment(session, club.organization, now, "Lamp", *(f"L{n}" for n in each_round()))
    items = session.scalars(select(Item.id).filter_by(equipment_id=lamp.id).order_by(Item.id)).all()
    return [club.lars, liv], club.anna, club.kari.user_id, lamp.id, list(items)


def test_a_block_or_custody(database: Database, racers: Racers, now: datetime) -> None:
    """A block next year against until further notice: one of them has the item, and the other hears of it."""
    (lars, _), anna, member, lamp, items = prepared(database, things, now)
    later = now + timedelta(days=300)
    rounds = [
        (
            in_tx(counter.hand_out_now, now, lars, user_id=member, item_ids=[item], due_at=None),
            in_tx(
                blocks.create,
                now,
                anna,
                asked=blocks.Asked(lamp, later, later + timedelta(days=1), item_ids=(item,)),
                reason="Own use",
            ),
        )
        for item in items
    ]
    for outcomes in race(racers, database, rounds):
        results = [outcome.result for outcome in outcomes]
        assert results in ([DONE, Refused.OUT_THEN], [Refused.NOT_FREE, DONE])

    def check(session: Session) -> None:
        query = select(func.count(Claim.id)).where(Claim.status.in_(OCCUPYING)).group_by(Claim.item_id)
        assert session.scalars(query).all() == [1] * len(items)

    database.read_now(check)


def lent(session: Session, now: datetime) -> tuple[list[Actor], list[int]]:
    lenders, _, member, _, items = things(session, now)
    tx = Tx(session, now, lenders[0])
    return lenders, [counter.hand_out_now(tx, member, [item], None).id for item in items]


def test_two_lenders_set_a_date(database: Database, racers: Racers, now: datetime) -> None:
    """One date holds, for the rental and its claim; the other lender reads it."""
    lenders, rentals = prepared(database, lent, now)
    first, second = (
        [
            in_tx(dates.set_date, now, lender, rental_id=rental, due_at=now + timedelta(days=days))
            for rental in rentals
        ]
        for lender, days in zip(lenders, (3, 5), strict=True)
    )
    require_one(race(racers, database, list(zip(first, second, strict=True))), Refused.HAS_DATE)

    def check(session: Session) -> None:
        rows = session.execute(
            select(Rental.id, Rental.due_at, Claim.blocked_until).join(Claim, Claim.rental_id == Rental.id)
        ).all()
        assert len(rows) == len(rentals)
        assert all(due_at == until != FOREVER for _, due_at, until in rows)
        assert [noted(session, rental, "set_date") for rental in rentals] == [1] * len(rentals)

    database.read_now(check)
