"""The day at the desk: what waits for those who hand out and take back, in the order in which it is done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.sql.expression import SQLColumnExpression

from db.models import Claim, Rental
from db.states import ClaimStatus, RentalStatus
from services.core.tx import Tx
from services.rentals import queries, reminders
from services.rentals.queries import RentalView


class Task(StrEnum):
    """What is to be done with a rental now."""

    CONFIRM = "c"  # the member says that something is back
    LATE = "l"  # it should be back
    HAND_OUT = "o"  # it goes out today, or should have gone
    TAKE_BACK = "b"  # it comes back today


@dataclass(frozen=True)
class Entry:
    """One rental in the day's list, and when: said to be back, due, or to be handed out."""

    task: Task
    rental_id: int
    at: datetime


def day(tx: Tx, organization_id: int, tonight: datetime) -> list[Entry]:
    """Everything until `tonight`, where the next day begins: each task's rentals by time.

    A rental of which some is said to be back and some is not appears with both.
    """
    by_task: tuple[tuple[Task, ColumnElement[bool], SQLColumnExpression[Any]], ...] = (
        (Task.CONFIRM, _claimed_back(), _claimed_at()),
        (Task.LATE, (Rental.due_at < tx.now) & reminders.out_and_unclaimed(), Rental.due_at),
        (Task.HAND_OUT, (Rental.starts_at < tonight) & (Rental.due_at > tx.now) & _held(), Rental.starts_at),
        (
            Task.TAKE_BACK,
            Rental.due_at.between(tx.now, tonight) & reminders.out_and_unclaimed(),
            Rental.due_at,
        ),
    )
    found: list[Entry] = []
    for task, condition, at in by_task:
        statuses = [RentalStatus.OUT]
        if task is Task.HAND_OUT:
            statuses.append(RentalStatus.APPROVED)
        query: Select[int, Any] = (
            select(Rental.id, at.label("at"))
            .where(Rental.organization_id == organization_id, Rental.status.in_(statuses), condition)
            .order_by(at, Rental.id)
        )
        rows = tx.session.execute(query).all()
        found += [Entry(task, row.id, row.at) for row in rows]
    return found


def view(tx: Tx, entry: Entry) -> RentalView:
    """Return an entry's rental as a card shows it."""
    return queries.view(tx, tx.session.get_one(Rental, entry.rental_id))


def _held() -> ColumnElement[bool]:
    return exists().where(Claim.rental_id == Rental.id, Claim.status == ClaimStatus.HELD)


def _claimed_back() -> ColumnElement[bool]:
    return exists().where(
        Claim.rental_id == Rental.id,
        Claim.status == ClaimStatus.OUT,
        Claim.return_claimed_at.is_not(None),
    )


def _claimed_at() -> ColumnElement[datetime | None]:
    return (
        select(func.min(Claim.return_claimed_at))
        .where(Claim.rental_id == Rental.id, Claim.status == ClaimStatus.OUT)
        .correlate(Rental)
        .scalar_subquery()
    )
