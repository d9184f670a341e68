"""Numbers that two take at the same moment: of organizations, and of rentals."""

from collections import Counter
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization, Rental, RentalNumbers
from db.session import Database
from db.states import Role
from services.core.actor import Actor
from services.core.errors import Refused
from services.organizations import management
from tests import factories
from tests.races.harness.acting import members, prepared, race, rent_at_once, require_one
from tests.races.harness.processes import DONE, Racers
from tests.races.harness.rounds import each_round
from tests.transactions import in_tx


def leaders(session: Session, now: datetime) -> list[tuple[Actor, Actor]]:
    """Two leaders a round, of two organizations."""

    def leader(name: str) -> Actor:
        of = factories.organization(session, now, f"Club {name}")
        return factories.member(session, of, now, f"Leader {name}", Role.LEADER)

    return [(leader(f"{n}a"), leader(f"{n}b")) for n in each_round()]


def test_one_number_is_one_organizations(database: Database, racers: Racers, now: datetime) -> None:
    """The other reads that it is taken: no fault of the database."""
    rounds = prepared(database, leaders, now)
    acts = [
        [in_tx(management.change, now, one, detail="number", value=f"N-{n}", seen=None) for one in pair]
        for n, pair in enumerate(rounds)
    ]
    require_one(race(racers, database, [(first, second) for first, second in acts]), Refused.NUMBER_TAKEN)
    numbers = database.read_now(lambda session: list(session.scalars(select(Organization.number))))
    assert sorted(filter(None, numbers)) == sorted(f"N-{n}" for n in each_round())


def renters(session: Session, now: datetime) -> tuple[list[Actor], list[Actor], int, int]:
    """Two members a round, and what they want; the club has given no number yet."""
    club = factories.club(session, now, most_items=1000)
    first = members(session, club, now)
    second = [factories.member(session, club.organization, now, f"Other {n}") for n in each_round()]
    return first, second, club.organization.id, club.tent.id


def test_each_request_gets_a_number_of_its_own(database: Database, racers: Racers, now: datetime) -> None:
    """Nobody is refused, and none is left out: not even the first, which begins the count."""
    first, second, organization_id, tent_id = prepared(database, renters, now)
    period = factories.days(now, 1, 3)
    acts = [
        [partial(rent_at_once, member=one, equipment_id=tent_id, period=period, now=now) for one in some]
        for some in (first, second)
    ]
    found = race(racers, database, list(zip(*acts, strict=True)))
    assert Counter(outcome.result for outcomes in found for outcome in outcomes) == {DONE: 2 * len(first)}

    def check(session: Session) -> None:
        numbers = session.scalars(select(Rental.number).order_by(Rental.number))
        assert list(numbers) == list(range(1, 2 * len(first) + 1))
        assert session.get_one(RentalNumbers, organization_id).last == 2 * len(first)

    database.read_now(check)
