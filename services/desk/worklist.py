"""The day's work at the desk: confirmations, overdue rentals, check-outs and check-ins, in that order."""

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
    """The next task with a rental."""

    CONFIRM = "c"  # the member reports a return
    LATE = "l"  # it is overdue
    HAND_OUT = "o"  # it goes out today, or should have gone out
    TAKE_BACK = "b"  # it is due today


@dataclass(frozen=True)
class Entry:
    """A rental in the day's list, and its time: return reported, due, or to be handed out."""

    task: Task
    rental_id: int
    at: datetime


def day(tx: Tx, tonight: datetime) -> list[Entry]:
    """Return all tasks until `tonight`, the beginning of the next day: by task, then by time.

    A rental that is returned in part appears once as returned and once as not.
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
            .where(Rental.organization_id == tx.organization_id, Rental.status.in_(statuses), condition)
            .order_by(at, Rental.id)
        )
        rows = tx.session.execute(query).all()
        found += [Entry(task, row.id, row.at) for row in rows]
    return found


def view(tx: Tx, rental_id: int) -> RentalView:
    """Return a rental of the list as a card shows it."""
    return queries.view(tx, tx.session.get_one(Rental, rental_id))


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
