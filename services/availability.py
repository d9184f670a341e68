"""What is free, when, and if not, until when: computed here and nowhere else.

The database's constraint decides a booking; this explains it beforehand. An item that is out past its due
time is busy without an end, until it is returned.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Item, Rental
from db.states import LENDABLE, OCCUPYING, ClaimStatus
from services import periods

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The end of what has no known end: an overdue item's absence."""

_A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Busy:
    starts_at: datetime
    until: datetime
    claim_id: int


@dataclass
class Slots:
    """One item that may be lent, and when it is taken, in order of time."""

    item_id: int
    code: str
    busy: list[Busy] = field(default_factory=list)

    def is_free(self, starts_at: datetime, until: datetime) -> bool:
        return all(b.until <= starts_at or until <= b.starts_at for b in self.busy)

    def free_until(self, moment: datetime) -> datetime:
        """From `moment` on the item is free until then; `moment` itself where it is not free."""
        for b in self.busy:
            if b.starts_at <= moment < b.until:
                return moment
            if b.starts_at > moment:
                return b.starts_at
        return FOREVER


@dataclass
class Schedule:
    """The lendable items of some equipment, with what takes them."""

    now: datetime
    slots: dict[int, list[Slots]]

    def pieces(self, equipment_id: int) -> int:
        """How many there are at all."""
        return len(self.slots.get(equipment_id, ()))

    def free(
        self, equipment_id: int, starts_at: datetime, until: datetime, *, item_id: int | None = None
    ) -> list[Slots]:
        """Items free for the whole period, those first that leave the smallest gap behind."""
        found = [
            s
            for s in self.slots.get(equipment_id, ())
            if (item_id is None or s.item_id == item_id) and s.is_free(starts_at, until)
        ]
        return sorted(found, key=lambda s: (s.free_until(starts_at), s.code))

    def free_at(self, equipment_id: int, moment: datetime) -> int:
        """How many items nobody has or is promised at this moment."""
        return len(self.free(equipment_id, moment, moment + _A_MOMENT))

    def next_free_moment(self, equipment_id: int, moment: datetime) -> datetime | None:
        """When the next item comes free after `moment`; None where nobody knows, or there is none."""
        ends = {
            b.until for s in self.slots.get(equipment_id, ()) for b in s.busy if moment < b.until < FOREVER
        }
        return next((end for end in sorted(ends) if self.free_at(equipment_id, end)), None)

    def has(self, wishes: Iterable["Wish"], starts_at: datetime, due_at: datetime) -> bool:
        return self.shortage(wishes, starts_at, due_at) is None

    def shortage(self, wishes: Iterable["Wish"], starts_at: datetime, due_at: datetime) -> "Shortage | None":
        """The first wish that the stock cannot serve for the period; None when all can be served."""
        for wish in wishes:
            free = self.free(wish.equipment_id, starts_at, due_at + wish.turnaround, item_id=wish.item_id)
            if len(free) < wish.quantity:
                return Shortage(wish, len(free))
        return None


@dataclass(frozen=True)
class Wish:
    """So many pieces of one equipment, or one particular item of it."""

    equipment_id: int
    quantity: int
    turnaround: timedelta = timedelta(0)
    item_id: int | None = None


@dataclass(frozen=True)
class Shortage:
    wish: Wish
    free: int


def load(
    session: Session,
    organization_id: int,
    equipment_ids: Sequence[int],
    now: datetime,
    *,
    without_rental: int | None = None,
) -> Schedule:
    """The schedule from `now` on; `without_rental` leaves one rental's own claims out, to move them."""
    items = session.execute(
        select(Item.id, Item.code, Item.equipment_id)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(
            Item.organization_id == organization_id,
            Item.equipment_id.in_(equipment_ids),
            Item.condition.in_(LENDABLE),
            Equipment.retired_at.is_(None),
        )
        .order_by(Item.code)
    ).all()
    by_item = {row.id: Slots(row.id, row.code) for row in items}
    slots: dict[int, list[Slots]] = {}
    for row in items:
        slots.setdefault(row.equipment_id, []).append(by_item[row.id])
    claims = session.execute(
        select(Claim.id, Claim.item_id, Claim.status, Claim.starts_at, Claim.blocked_until, Rental.due_at)
        .join(Item, Item.id == Claim.item_id)
        .outerjoin(Rental, Rental.id == Claim.rental_id)
        .where(
            Item.organization_id == organization_id,
            Item.equipment_id.in_(equipment_ids),
            Claim.status.in_(OCCUPYING),
            or_(Claim.blocked_until > now, Claim.status == ClaimStatus.OUT),
            or_(Claim.rental_id.is_(None), Claim.rental_id != (without_rental or 0)),
        )
        .order_by(Claim.starts_at)
    )
    for claim in claims:
        if claim.item_id in by_item:
            overdue = claim.status is ClaimStatus.OUT and (claim.due_at or claim.blocked_until) <= now
            until = FOREVER if overdue else claim.blocked_until
            by_item[claim.item_id].busy.append(Busy(claim.starts_at, until, claim.id))
    return Schedule(now, slots)


def next_free(
    schedule: Schedule,
    wishes: Sequence[Wish],
    starts_at: datetime,
    due_at: datetime,
    zone: ZoneInfo,
    *,
    days: int,
) -> tuple[datetime, datetime] | None:
    """The nearest period on later days, within `days`, when all wishes can be served.

    From and until the same time of day in `zone` as asked, also where the clocks change.
    """
    for ahead in range(1, days + 1):
        later = _days_later(starts_at, ahead, zone), _days_later(due_at, ahead, zone)
        if schedule.has(wishes, *later):
            return later
    return None


def _days_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    return periods.at(local.date() + timedelta(days=days), local.time(), zone)
