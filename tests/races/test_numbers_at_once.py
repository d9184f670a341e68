"""One number, and two organizations that take it at the same moment."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization
from db.session import Database
from db.states import Role
from services.core.actor import Actor
from services.core.errors import Refused
from services.organizations import management
from tests import factories
from tests.races.harness.acting import prepared, race, require_one
from tests.races.harness.processes import Racers
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
