"""The last free item, asked for by several processes at the same moment."""

from collections import Counter
from datetime import datetime
from functools import partial

import pytest

from db.guards import drop_claim_guard
from db.session import Database
from services.core.errors import Refused
from services.rentals.booking import request
from tests.races.harness import stock
from tests.races.harness.processes import DONE, Outcome, Racers, Turn
from tests.races.harness.rounds import round_count
from tests.races.harness.stock import Last, look, take_unseen
from tests.transactions import in_tx


def by_members(things: list[Last], now: datetime) -> list[list[Turn]]:
    """Each has it in the basket; all send at once."""
    return [
        [Turn(in_tx(request.request, now, actor, rental_id=basket)) for actor, basket in thing.baskets]
        for thing in things
    ]


def unseen(things: list[Last], now: datetime) -> list[list[Turn]]:
    """Each has seen that it is free; all write at once."""
    return [
        [
            Turn(partial(take_unseen, thing=thing, now=now), partial(look, thing=thing, now=now))
            for _ in thing.baskets
        ]
        for thing in things
    ]


def require_one_winner(rounds: list[tuple[Outcome, ...]]) -> None:
    for outcomes in rounds:
        results = Counter(outcome.result for outcome in outcomes)
        assert results == {DONE: 1, Refused.NOT_FREE: len(outcomes) - 1}


@pytest.mark.parametrize("members", [2, 4])
def test_the_last_item_is_booked_once(
    database: Database, racers: Racers, now: datetime, members: int
) -> None:
    """Each time one gets it; the others read that it is not free, and nobody meets an error."""
    things = database.write_now(lambda session: stock.things(session, now, members, round_count()))
    outcomes = racers.race(database, by_members(things, now))
    require_one_winner(outcomes)
    assert set(database.read_now(lambda session: stock.bookings(session, things))) == {1}


@pytest.mark.parametrize("members", [2, 4])
def test_the_database_alone_is_enough(
    database: Database, racers: Racers, now: datetime, members: int
) -> None:
    """Also of those who write what they have seen, without a second look, one wins. PostgreSQL may end others
    that wait for each other, which is what the program tries again.
    """
    things = database.write_now(lambda session: stock.things(session, now, members, round_count()))
    for outcomes in racers.race(database, unseen(things, now)):
        lost = [one.result for one in outcomes if one.result != DONE]
        assert len(lost) == len(outcomes) - 1
        assert all(one == Refused.NOT_FREE or "DeadlockDetected" in one for one in lost), lost
    assert set(database.read_now(lambda session: stock.bookings(session, things))) == {1}


def test_without_the_guard_there_are_double_bookings(
    database: Database, racers: Racers, now: datetime
) -> None:
    """The control: the same race is lost where the constraint is taken away. So it proves something."""
    things = database.write_now(lambda session: stock.things(session, now, 2, round_count()))
    database.write_now(lambda session: drop_claim_guard(session.connection()))
    outcomes = racers.race(database, unseen(things, now))
    assert (DONE, DONE) in [tuple(outcome.result for outcome in each) for each in outcomes]
    assert max(database.read_now(lambda session: stock.bookings(session, things))) > 1
