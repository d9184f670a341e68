"""Lending statistics: most rented, idle, late, and pieces out by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Item, Rental
from db.states import LENDABLE, ClaimStatus, Role
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.tx import Tx
from services.inventory.search import misses

IDLE_DAYS = 180
"""Days without a check-out after which equipment counts as idle."""

MOST = 5
_YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Figures:
    """`weeks`: pieces out in each week, by its Monday. `idle`: with the last check-out; None: never.

    `late` of the `due` rentals were returned late, or are late; `late_things` had the most of those.
    `open_ended` pieces are out until further notice, and not among them. `missed`: words that were looked for
    and not found.
    """

    organization: str
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
    open_ended: int = 0
    missed: tuple[tuple[str, int], ...] = ()

    @property
    def late_share(self) -> int:
        """Percentage of rentals that were late."""
        return round(100 * self.late / self.due) if self.due else 0


def of_year(tx: Tx, words: str = "") -> Figures:
    """Return the statistics of a year, or of the last 12 months. Raises NOT_ALLOWED, NOT_FOUND (no year)."""
    tx.actor.require(Role.ADMIN)
    zone, today = tx.zone, tx.today
    first, last = _period(words.strip(), today)
    starts_at, ends_at = periods.start_of_day(first, zone), periods.start_of_day(last + timedelta(1), zone)
    was_out = and_(
        Claim.organization_id == tx.organization_id,
        Claim.rental_id.is_not(None),
        Claim.out_at >= starts_at,
        Claim.out_at < ends_at,
    )
    rentals, borrowers = tx.session.execute(
        select(func.count(Rental.id.distinct()), func.count(Rental.user_id.distinct()))
        .join(Claim, Claim.rental_id == Rental.id)
        .where(was_out)
    ).one()
    late = _is_late(tx.now)
    due, were_late = tx.session.execute(
        select(func.count(Rental.id.distinct()), func.count(Rental.id.distinct()).filter(late))
        .join(Claim, Claim.rental_id == Rental.id)
        .where(
            was_out,
            Rental.due_at.is_not(None),
            or_(Rental.due_at < tx.now, Claim.returned_at.is_not(None)),
        )
    ).one()
    idle, idle_total, equipment = _idle(tx)
    return Figures(
        organization=tx.organization.name,
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
        open_ended=_open_ended(tx),
        missed=misses.top(tx, first, last, MOST),
        weeks=_weeks(tx, first, min(last, today)),
    )


def _open_ended(tx: Tx) -> int:
    """Return how many pieces are out until further notice now."""
    query = (
        select(func.count(Claim.id))
        .join(Rental, Rental.id == Claim.rental_id)
        .where(
            Rental.organization_id == tx.organization_id,
            Claim.status == ClaimStatus.OUT,
            Rental.due_at.is_(None),
        )
    )
    return tx.session.scalar(query) or 0


def _period(words: str, today: date) -> tuple[date, date]:
    if not words:
        return today - timedelta(days=364), today
    if not (words.isascii() and words.isdigit() and int(words[:9]) in _YEARS):
        raise Refusal(Refused.NOT_FOUND)
    return date(int(words), 1, 1), date(int(words), 12, 31)


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
    starts_at = periods.start_of_day(mondays[0], tx.zone)
    ends_at = periods.start_of_day(monday, tx.zone)
    rows = tx.session.execute(
        select(Claim.out_at, Claim.returned_at).where(
            Claim.organization_id == tx.organization_id,
            Claim.rental_id.is_not(None),
            Claim.out_at < ends_at,
            or_(Claim.returned_at.is_(None), Claim.returned_at >= starts_at),
        )
    )
    return tuple(zip(mondays, _counted(tx, rows.all(), mondays), strict=True))


def _counted(tx: Tx, rows: Sequence[Any], mondays: Sequence[date]) -> list[int]:
    """Count stays by week, from begin to end; a week begins on Monday at midnight by local clocks."""
    weeks = len(mondays)

    def week(moment: datetime) -> int:
        return (moment.astimezone(tx.zone).date() - mondays[0]).days // 7

    steps = [0] * (weeks + 1)
    for out_at, returned_at in rows:
        begin = max(week(out_at), 0)
        end = min(week(returned_at or tx.now), weeks - 1)
        if begin <= end:
            steps[begin] += 1
            steps[end + 1] -= 1
    counts, out = [], 0
    for step in steps[:weeks]:
        out += step
        counts.append(out)
    return counts
