"""Two processes that do something to each of many rentals, and what is asked afterwards."""

from collections import Counter
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import TypeVar, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Claim
from db.session import Database
from db.states import ClaimStatus
from services.core.actor import Actor
from services.core.errors import Refused
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club, Rows, insert_rows, rows_of
from tests.races.harness.processes import DONE, Act, Outcome, Racers, Turn
from tests.races.harness.rounds import each_round, round_count

T = TypeVar("T")


def rent_at_once(session: Session, member: Actor, equipment_id: int, period: Period, now: datetime) -> None:
    """From the empty basket to the request, in one transaction."""
    draft = request.open_draft(Tx(session, now, member))
    baskets.put(Tx(session, now, member), draft, equipment_id, 1)
    request.set_period(Tx(session, now), draft, period)
    request.request(Tx(session, now, member), draft.id)


def members(session: Session, club: Club, now: datetime) -> list[Actor]:
    """One for each round, each of whom may want a piece of the club's many tents."""
    pieces = [f"P{number}" for number in range(2 * round_count())]
    club.tent = factories.equipment(session, club.organization, now, "Tarp", *pieces)
    return [factories.member(session, club.organization, now, f"Member {number}") for number in each_round()]


_PREPARED: dict[tuple[Hashable, ...], tuple[object, Rows]] = {}


def prepared(database: Database, prepare: Callable[..., T], *arguments: Hashable) -> T:
    """Fill the empty database by `prepare(session, *arguments)`: once, and copied row by row from then on.

    What it returns must hold no rows.
    """
    key = (prepare.__module__, prepare.__qualname__, round_count(), *arguments)
    if key in _PREPARED:
        result, rows = _PREPARED[key]
        database.write_now(lambda session: insert_rows(session, rows))
        return cast("T", result)
    made = database.write_now(lambda session: prepare(session, *arguments))
    _PREPARED[key] = made, database.read_now(rows_of)
    return made


def race(racers: Racers, database: Database, pairs: list[tuple[Act, Act]]) -> list[tuple[Outcome, ...]]:
    return racers.race(database, [[Turn(act) for act in acts] for acts in pairs])


def require_one(found: list[tuple[Outcome, ...]], refused: Refused) -> None:
    """In each round one of the two did it, and the other reads that it is done."""
    for outcomes in found:
        assert Counter(outcome.result for outcome in outcomes) == {DONE: 1, refused: 1}


def noted(session: Session, rental_id: int, *actions: str) -> int:
    """Count the audit entries about the rental with one of these actions."""
    query = select(func.count(AuditEntry.id)).filter_by(subject="rental", subject_id=rental_id)
    return session.scalar(query.where(AuditEntry.action.in_(actions))) or 0


def claim_statuses(session: Session, rental_id: int) -> list[ClaimStatus]:
    return list(session.scalars(select(Claim.status).filter_by(rental_id=rental_id)))
