"""The two leaders of an organisation who go at the same moment, or send each other away."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import User
from db.session import Database
from db.states import Role
from services.core.actor import Actor
from services.core.errors import Refused
from services.members import editing, suspensions
from services.members.departure import leaving
from tests import factories
from tests.races.harness.acting import race, require_one
from tests.races.harness.processes import Act, Racers
from tests.races.harness.rounds import each_round
from tests.transactions import in_tx

How = Callable[[Actor, Actor, datetime], Act]


def deposes(by: Actor, other: Actor, now: datetime) -> Act:
    change = editing.change_role
    return in_tx(change, now, by, user_id=other.user_id, role=Role.USER, seen=Role.LEADER)


def ends(by: Actor, other: Actor, now: datetime) -> Act:
    """Their own membership."""
    end = editing.set_moment
    return in_tx(end, now, by, user_id=by.user_id, field="active_until", moment=now, seen="")


def leaves(by: Actor, other: Actor, now: datetime) -> Act:
    return in_tx(leaving.leave, now, by, seen=[])


def suspends(by: Actor, other: Actor, now: datetime) -> Act:
    return in_tx(suspensions.suspend, now, by, user_id=other.user_id, reason="x", until=None)


@pytest.mark.parametrize(
    ("first", "second"),
    [(deposes, deposes), (leaves, leaves), (ends, leaves), (suspends, suspends)],
    ids=["depose each other", "leave", "end and leave", "suspend each other"],
)
def test_one_of_two_leaders_stays(
    database: Database, racers: Racers, now: datetime, first: How, second: How
) -> None:
    """The second to act is told that no leader would be left."""

    def prepare(session: Session) -> list[tuple[Actor, Actor]]:
        clubs = [factories.organization(session, now, f"Club {number}") for number in each_round()]
        return [
            (
                factories.member(session, of, now, "Leo Leader", Role.LEADER),
                factories.member(session, of, now, "Ida Leader", Role.LEADER),
            )
            for of in clubs
        ]

    pairs = database.write_now(prepare)
    outcomes = race(racers, database, [(first(leo, ida, now), second(ida, leo, now)) for leo, ida in pairs])
    require_one(outcomes, Refused.LAST_LEADER)

    def check(session: Session) -> None:
        left = [
            user.organization_id
            for user in session.scalars(select(User).filter_by(role=Role.LEADER))
            if user.is_active(now)
        ]
        assert sorted(left) == sorted(leo.organization_id for leo, _ in pairs)

    database.read_now(check)
