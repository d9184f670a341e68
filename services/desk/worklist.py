"""The day's work at the desk: confirmations, overdue rentals, check-outs and check-ins, in that order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select

from db.models import Claim, Rental
from db.states import RentalStatus
from services.core.tx import Tx
from services.rentals import queries, reminders, returns
from services.rentals.queries import RentalView


class Task(StrEnum):
    """The next task with a rental."""

    CONFIRM = "c"  # the member reports a return
    LATE = "l"  # it is overdue
    HAND_OUT = "o"  # it goes out today, or should have gone out
    TAKE_BACK = "b"  # it is due today
    ANSWER = "a"  # it begins then, and is not approved yet: seen ahead, and answered on the rental's card


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
    by_task = (
        (Task.CONFIRM, _said_back(tx)),
        (Task.LATE, _due(tx, Rental.due_at < tx.now)),
        (Task.HAND_OUT, _to_hand_out(tx, tonight)),
        (Task.TAKE_BACK, _due(tx, Rental.due_at.between(tx.now, tonight))),
    )
    return _entries(tx, by_task)


def _entries(tx: Tx, by_task: Iterable[tuple[Task, Select[Any, Any]]]) -> list[Entry]:
    return [
        Entry(task, rental_id, at)
        for task, query in by_task
        for rental_id, at in tx.session.execute(query.order_by("at", Rental.id))
    ]


def ahead(tx: Tx, since: datetime, until: datetime) -> list[Entry]:
    """Return what begins, waits to be approved, and is due from `since` until before `until`: as `day`."""
    by_task = (
        (Task.ANSWER, _beginning(tx, RentalStatus.REQUESTED, since, until)),
        (Task.HAND_OUT, _beginning(tx, RentalStatus.APPROVED, since, until)),
        (Task.TAKE_BACK, _due_then(tx, since, until)),
    )
    return _entries(tx, by_task)


def views(tx: Tx, rental_ids: Iterable[int]) -> dict[int, RentalView]:
    """Return rentals of the list by their ids, as the list shows them."""
    rentals = tx.session.scalars(select(Rental).where(Rental.id.in_(rental_ids)))
    return {view.id: view for view in queries.in_list(tx, rentals.all())}


# Of claims whose index has only those in this status, which a statement has to name itself, and without the
# rentals' organization, by which SQLite would read all that are out.


def _said_back(tx: Tx) -> Select[Any, Any]:
    return (
        select(Rental.id, func.min(Claim.return_claimed_at).label("at"))
        .join(Claim, Claim.rental_id == Rental.id)
        .where(
            Claim.organization_id == tx.organization_id,
            returns.SAID_BACK,
            Rental.status == RentalStatus.OUT,
        )
        .group_by(Rental.id)
    )


def _to_hand_out(tx: Tx, tonight: datetime) -> Select[Any, Any]:
    # A claim begins with its rental, or when it was made, if that was later.
    held = select(Claim.rental_id).where(
        Claim.organization_id == tx.organization_id,
        Claim.status == literal_column("'held'"),
        Claim.starts_at < tonight,
    )
    return select(Rental.id, Rental.starts_at.label("at")).where(
        Rental.id.in_(held),
        Rental.status.in_([RentalStatus.OUT, RentalStatus.APPROVED]),
        Rental.starts_at < tonight,
        Rental.due_at > tx.now,
    )


def _beginning(tx: Tx, status: RentalStatus, since: datetime, until: datetime) -> Select[Any, Any]:
    return select(Rental.id, Rental.starts_at.label("at")).where(
        Rental.organization_id == tx.organization_id,
        Rental.status == status,
        Rental.starts_at >= since,
        Rental.starts_at < until,
    )


def _due_then(tx: Tx, since: datetime, until: datetime) -> Select[Any, Any]:
    """Return those that are due, also if they only go out before that; by the index of statuses."""
    return select(Rental.id, Rental.due_at.label("at")).where(
        Rental.organization_id == tx.organization_id,
        Rental.status.in_([RentalStatus.APPROVED, RentalStatus.OUT]),
        Rental.due_at >= since,
        Rental.due_at < until,
        or_(Rental.status == RentalStatus.APPROVED, reminders.out_and_unclaimed()),
    )


def _due(tx: Tx, when: ColumnElement[bool]) -> Select[Any, Any]:
    return select(Rental.id, Rental.due_at.label("at")).where(
        Rental.organization_id == tx.organization_id,
        Rental.status == RentalStatus.OUT,
        when,
        reminders.out_and_unclaimed(),
    )
