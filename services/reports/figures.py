"""The figures of the lending: most rented, idle, late, and pieces out by week, counted by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, literal_column, or_, select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Item, Rental
from db.models.base import UtcDateTime
from db.states import LENDABLE, ClaimStatus
from services.core.hours import periods
from services.core.tx import Tx

IDLE_DAYS = 180
"""Days without a check-out after which equipment counts as idle."""

MOST = 5


@dataclass(frozen=True)
class Figures:
    """`weeks`: pieces out in each week, by its Monday. `idle`: with the last check-out; None: never.

    `late` of the `due` rentals were returned late, or are late; `late_things` had the most of those.
    `open_ended` pieces are out until further notice, and not among them. `missed`: words that were looked for
    and not found. `as_of`: when all this was counted, if not just now.
    """

    first: date
    last: date
    rentals: int
    borrowers: int
    most_rented: tuple[tuple[str, int], ...]
    idle: tuple[tuple[str, date | None], ...]
    idle_total: int
    equipment: int
    due: int
    late: int
    late_things: tuple[tuple[str, int], ...]
    weeks: tuple[tuple[date, int], ...]
    organization: str = ""
    open_ended: int = 0
    missed: tuple[tuple[str, int], ...] = ()
    as_of: datetime | None = None

    @property
    def late_share(self) -> int:
        """Percentage of rentals that were late."""
        return round(100 * self.late / self.due) if self.due else 0


def count(tx: Tx, first: date, last: date) -> Figures:
    """Count what was handed out on these local days."""
    zone = tx.zone
    was_out = and_(
        Claim.organization_id == tx.organization_id,
        Claim.rental_id.is_not(None),
        Claim.out_at >= periods.start_of_day(first, zone),
        Claim.out_at < periods.start_of_day(last + timedelta(1), zone),
    )
    late = _is_late(tx.now)
    was_due = and_(Rental.due_at.is_not(None), or_(Rental.due_at < tx.now, Claim.returned_at.is_not(None)))
    rental = Rental.id.distinct()
    rentals, borrowers, due, were_late = tx.session.execute(
        select(
            func.count(rental),
            func.count(Rental.user_id.distinct()),
            func.count(rental).filter(was_due),
            func.count(rental).filter(was_due, late),
        )
        .join(Claim, Claim.rental_id == Rental.id)
        .where(was_out)
    ).one()
    # The same for each year of one night.
    idle, idle_total, equipment = tx.once(("idle", tx.organization_id, tx.now), lambda: _idle(tx))
    return Figures(
        first=first,
        last=last,
        rentals=rentals,
        borrowers=borrowers,
        most_rented=_top(tx.session, was_out),
        idle=idle,
        idle_total=idle_total,
        equipment=equipment,
        due=due,
        late=were_late,
        late_things=_top(tx.session, and_(was_out, late)),
        weeks=_weeks(tx, first, min(last, tx.today)),
    )


def _is_late(now: datetime) -> Any:
    """Return the condition for late, as in a member's record: a reported return counts."""
    came_back = func.coalesce(Claim.return_claimed_at, Claim.returned_at)
    return or_(came_back > Rental.due_at, and_(came_back.is_(None), Rental.due_at < now))


def _top(session: Session, condition: Any) -> tuple[tuple[str, int], ...]:
    """Return equipment by the number of its rentals."""
    number = func.count(Claim.rental_id.distinct())
    rows = session.execute(
        select(Equipment.name, number)
        .join(Item, Item.equipment_id == Equipment.id)
        .join(Claim, Claim.item_id == Item.id)
        .join(Rental, Rental.id == Claim.rental_id)
        .where(condition)
        .group_by(Equipment.id, Equipment.name)
        .order_by(number.desc(), Equipment.name)
        .limit(MOST)
    )
    return tuple((name, count) for name, count in rows)


def _idle(tx: Tx) -> tuple[tuple[tuple[str, date | None], ...], int, int]:
    """Return idle lendable equipment, the longest idle first; the number of it; and that of all lendable."""
    since = periods.days_later(tx.now, -IDLE_DAYS, tx.zone)
    claims = (
        select(Item.equipment_id, func.max(Claim.out_at).label("last"))
        .join(Claim, Claim.item_id == Item.id)
        .where(Claim.organization_id == tx.organization_id, Claim.out_at.is_not(None))
        .group_by(Item.equipment_id)
        .subquery()
    )
    out_now = select(Item.equipment_id).join(Claim).where(Claim.status == ClaimStatus.OUT)
    lendable = select(Item.equipment_id).where(
        Item.organization_id == tx.organization_id, Item.condition.in_(LENDABLE)
    )
    whole = and_(
        Equipment.organization_id == tx.organization_id,
        Equipment.retired_at.is_(None),
        Equipment.id.in_(lendable),
    )
    idle = and_(
        whole,
        Equipment.created_at < since,
        Equipment.id.not_in(out_now),
        or_(claims.c.last.is_(None), claims.c.last < since),
    )
    # The number comes with each row: a query of its own would find all of them again.
    rows = tx.session.execute(
        select(Equipment.name, claims.c.last, func.count().over())
        .outerjoin(claims, claims.c.equipment_id == Equipment.id)
        .where(idle)
        .order_by(claims.c.last.is_not(None), claims.c.last, Equipment.name)
        .limit(MOST)
    ).all()
    shown = tuple(
        (name, last.astimezone(tx.zone).date() if last is not None else None) for name, last, _ in rows
    )
    return (
        shown,
        rows[0][2] if rows else 0,
        tx.session.scalar(select(func.count(Equipment.id)).where(whole)) or 0,
    )


def _weeks(tx: Tx, first: date, last: date) -> tuple[tuple[date, int], ...]:
    """Return the number of pieces out at some time of each week."""
    monday = first - timedelta(days=first.weekday())
    mondays = []
    while monday <= last:
        mondays.append(monday)
        monday += timedelta(days=7)
    if not mondays:
        return ()
    *begins, end = (periods.start_of_day(day, tx.zone) for day in (*mondays, monday))
    back = func.coalesce(Claim.returned_at, literal(min(tx.now, end), UtcDateTime()))
    stays = (
        select(_week(Claim.out_at, begins).label("first"), _week(back, begins).label("last"))
        .where(
            Claim.organization_id == tx.organization_id,
            Claim.rental_id.is_not(None),
            Claim.out_at < end,
            or_(Claim.returned_at.is_(None), Claim.returned_at >= begins[0]),
        )
        .subquery()
    )
    by_weeks = (stays.c.first, stays.c.last)
    rows = tx.session.execute(select(*by_weeks, func.count()).group_by(*by_weeks))
    return tuple(zip(mondays, _counted(rows.all(), len(mondays)), strict=True))


def _week(moment: Any, begins: Sequence[datetime], number: int = 0) -> ColumnElement[int]:
    """Return the number of a moment's week, counted from `number`; earlier is the first, later the last.

    Halved again and again: six comparisons find one week of a year.
    """
    if len(begins) == 1:
        return literal_column(str(number))
    half = len(begins) // 2
    earlier, later = _week(moment, begins[:half], number), _week(moment, begins[half:], number + half)
    return case((moment < begins[half], earlier), else_=later)


def _counted(rows: Sequence[Any], weeks: int) -> list[int]:
    """Return how many were out in each week, from those that went out in one and came back in another."""
    steps = [0] * (weeks + 1)
    for begin, end, number in rows:
        if begin <= end:
            steps[begin] += number
            steps[end + 1] -= number
    counts, out = [], 0
    for step in steps[:weeks]:
        out += step
        counts.append(out)
    return counts
