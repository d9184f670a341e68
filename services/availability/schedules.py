"""Availability: the only place that computes what is free, and when.

The number of free pieces in a period is the number that could be allocated: claims that are not checked out
yet change items to make room (services/availability/allocation.py). The database's constraint decides on a
booking; the schedule predicts its answer. An item that is overdue, or lent until further notice, is busy
without an end, until it is returned, or said to be.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, literal_column, or_, select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Item, Rental, RentalLine
from db.states import LENDABLE, OCCUPYING, ClaimStatus
from services.availability.allocation import Allocation, Barred, Pool
from services.availability.allocation_search import Assignment, Span, Wanted
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import Place, Timetable, What
from services.core.hours.periods import FOREVER
from services.core.tx import Tx

_A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Busy:
    starts_at: datetime
    until: datetime
    claim_id: int
    moves: bool = False
    """Allocated, not checked out yet and not demanded individually: another item will do."""
    due_at: datetime | None = None


@dataclass
class Slots:
    """A lendable item and its busy times, in order."""

    item_id: int
    code: str
    busy: list[Busy] = field(default_factory=list)
    place: Place = None

    def is_free(self, starts_at: datetime, until: datetime) -> bool:
        """Return whether nothing takes the item in this time."""
        return all(b.until <= starts_at or until <= b.starts_at for b in self.busy)

    def free_until(self, moment: datetime) -> datetime:
        """Return the end of the item's free time at `moment`; `moment` itself where it is busy."""
        for b in self.busy:
            if b.starts_at <= moment < b.until:
                return moment
            if b.starts_at > moment:
                return b.starts_at
        return FOREVER


@dataclass
class Schedule:
    """The lendable items of some equipment with their busy times, from `now` (UTC) on."""

    now: datetime
    slots: dict[int, list[Slots]]
    gone: Mapping[int, list[Slots]] = field(default_factory=dict)
    """Items no longer lendable that are still allocated: their claims need another one."""

    timetable: Callable[[], tuple[Timetable, ZoneInfo]] | None = None
    """The opening hours of all places, and the zone; asked for only where items have a place."""

    _pools: dict[int, Pool] = field(default_factory=dict)

    def pieces(self, equipment_id: int) -> int:
        """Return the number of lendable items."""
        return len(self.slots.get(equipment_id, ()))

    def free(
        self, equipment_id: int, starts_at: datetime, until: datetime, *, item_id: int | None = None
    ) -> list[Slots]:
        """Return the items free for the whole period without moves, smallest remaining gap first.

        There may be room for more once other claims move: see `count` and `allocate`.
        """
        found = [
            s
            for s in self.slots.get(equipment_id, ())
            if (item_id is None or s.item_id == item_id) and s.is_free(starts_at, until)
        ]
        return sorted(found, key=lambda s: (s.free_until(starts_at), s.code))

    def take(
        self, equipment_id: int, item_ids: Collection[int], starts_at: datetime, until: datetime
    ) -> None:
        """Mark these items as busy for that time; call it before any query."""
        for slots in self.slots.get(equipment_id, ()):
            if slots.item_id in item_ids:
                slots.busy.append(Busy(starts_at, until, 0))
                slots.busy.sort(key=lambda busy: busy.starts_at)
        self._pools.pop(equipment_id, None)

    def pool(self, equipment_id: int) -> Pool:
        """Return the equipment's pool: its items with fixed times and movable claims from now on."""
        if equipment_id not in self._pools:
            slots = self.slots.get(equipment_id, ())
            fixed = {s.item_id: [Span(b.starts_at, b.until) for b in s.busy if not b.moves] for s in slots}
            assignments = [
                Assignment(
                    b.claim_id,
                    s.item_id,
                    max(b.starts_at, self.now),
                    b.until,
                    due_at=b.due_at,
                    has_begun=b.starts_at < self.now,
                )
                for s in [*slots, *self.gone.get(equipment_id, ())]
                for b in s.busy
                if b.moves and b.until > self.now
            ]
            places = {s.item_id: s.place for s in slots}
            barred = self._barred(places)
            self._pools[equipment_id] = Pool(
                fixed, fixed, assignments, places if barred is not None else None, barred
            )
        return self._pools[equipment_id]

    def _barred(self, places: Mapping[int, Place]) -> Barred | None:
        """Return the pool's question which items are barred; None where none has a place of its own."""
        if self.timetable is None or set(places.values()) <= {None}:
            return None
        timetable, zone = self.timetable()

        @cache
        def barred(starts_at: datetime, due_at: datetime, has_begun: bool) -> frozenset[int]:
            first, last = periods.first_day(starts_at, zone), periods.last_day(due_at, zone)
            closed = {
                place
                for place in set(places.values())
                if (not has_begun and timetable.is_shut(place, first, What.HAND_OUT))
                or timetable.is_shut(place, last, What.RETURN)
            }
            return frozenset(item for item, place in places.items() if place in closed)

        return barred

    def closed_places(self, equipment_id: int, starts_at: datetime, due_at: datetime) -> set[Place]:
        """Return the places of this equipment's items that are closed on the first or the last day."""
        places = {s.item_id: s.place for s in self.slots.get(equipment_id, ())}
        barred = self._barred(places)
        return {places[item] for item in barred(starts_at, due_at, False)} if barred is not None else set()

    def lacks_open_places(self, demands: Sequence["Demand"], starts_at: datetime, due_at: datetime) -> bool:
        """Return whether demands that cannot be served could be, were all places open on these days."""
        if not any(self.closed_places(demand.equipment_id, starts_at, due_at) for demand in demands):
            return False
        return replace(self, timetable=None, _pools={}).has(demands, starts_at, due_at)

    def allocate(self, equipment_id: int, wanted: Sequence[Wanted]) -> Allocation | None:
        """Return items for all demands and the moves they need; None where not all can be served."""
        return self.pool(equipment_id).allocate(wanted) if wanted else Allocation((), {})

    def count(
        self,
        equipment_id: int,
        starts_at: datetime,
        until: datetime,
        *,
        item_id: int | None = None,
        due_at: datetime | None = None,
    ) -> int:
        """Return the pieces available for the whole period; with `item_id`, 1 or 0 for that item.

        With `due_at`, of those whose place is open on the first and the last day.
        """
        pool = self.pool(equipment_id)
        if item_id is not None:
            return int(pool.fits([Wanted(starts_at, until, item_id, due_at=due_at)]))
        return pool.most(starts_at, until, due_at)

    def free_at(self, equipment_id: int, moment: datetime) -> int:
        """Return the number of items without a claim at this moment."""
        return len(self.free(equipment_id, moment, moment + _A_MOMENT))

    def next_free_moment(self, equipment_id: int, moment: datetime) -> datetime | None:
        """Return when the next item becomes free after `moment`; None where unknown or there is none."""
        ends = {
            b.until for s in self.slots.get(equipment_id, ()) for b in s.busy if moment < b.until < FOREVER
        }
        return next((end for end in sorted(ends) if self.free_at(equipment_id, end)), None)

    def has(self, demands: Iterable["Demand"], starts_at: datetime, due_at: datetime) -> bool:
        """Return whether all demands can be served together in the period."""
        return self.shortage(demands, starts_at, due_at) is None

    def shortage(
        self, demands: Iterable["Demand"], starts_at: datetime, due_at: datetime
    ) -> "Shortage | None":
        """Return the first demand that cannot be served in the period; None where all can be together.

        A shortage of equipment counts the pieces of all its lines; one of an individual item, that item.
        """
        asked = list(demands)
        before: dict[int, list[Wanted]] = {}
        for demand in sorted(asked, key=lambda demand: demand.item_id is None):
            others = before.setdefault(demand.equipment_id, [])
            others += demand.wanted(starts_at, due_at)
            if self.pool(demand.equipment_id).fits(others):
                continue
            if demand.item_id is not None:
                return Shortage(demand, 0)
            same = [one.quantity for one in asked if one.equipment_id == demand.equipment_id]
            until = due_at + demand.turnaround
            return Shortage(
                replace(demand, quantity=sum(same)),
                self.count(demand.equipment_id, starts_at, until, due_at=due_at),
            )
        return None


@dataclass(frozen=True)
class Demand:
    """A number of pieces of one equipment, or one individual item of it."""

    equipment_id: int
    quantity: int
    turnaround: timedelta = timedelta(0)
    item_id: int | None = None

    def wanted(self, starts_at: datetime, due_at: datetime) -> list[Wanted]:
        """Return one `Wanted` per piece, for this period and the turnaround after it.

        One without an end is brought back on no known day, which could be a closed one.
        """
        if due_at >= FOREVER:
            return [Wanted(starts_at, FOREVER, self.item_id)] * self.quantity
        until = due_at + self.turnaround
        return [Wanted(starts_at, until, self.item_id, due_at=due_at)] * self.quantity


@dataclass(frozen=True)
class Shortage:
    demand: Demand
    free: int


def pieces(session: Session, organization_id: int, equipment_ids: Collection[int]) -> dict[int, int]:
    """Return the number of lendable items of each equipment, like `Schedule.pieces`."""
    counted = (
        select(Item.equipment_id, func.count(Item.id))
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(
            Equipment.organization_id == organization_id,
            Item.equipment_id.in_(equipment_ids),
            Item.condition.in_(LENDABLE),
            Equipment.retired_at.is_(None),
        )
        .group_by(Item.equipment_id)
    )
    return dict(session.execute(counted).all())


# The organization of the equipment, not of the items or claims: SQLite would take the index of that, and read
# all of the organization's.
_ITEMS = (
    select(Item.id, Item.code, Item.equipment_id, Item.location_id)
    .join(Equipment, Equipment.id == Item.equipment_id)
    .where(
        # Nor that of the equipment in use: a sum has no index.
        Equipment.organization_id + literal_column("0") == bindparam("organization"),
        Item.equipment_id.in_(bindparam("equipment", expanding=True)),
        Item.condition.in_(LENDABLE),
        Item.id.not_in(bindparam("without", expanding=True)),
        Equipment.retired_at.is_(None),
    )
    .order_by(Item.code)
)

_CLAIMS = (
    select(
        Claim.id,
        Claim.item_id,
        Claim.rental_id,
        Claim.status,
        Claim.starts_at,
        Claim.blocked_until,
        Claim.return_claimed_at,
        Rental.due_at,
        RentalLine.item_id.label("demanded_item_id"),
        Item.code,
        Item.equipment_id,
    )
    .join(Item, Item.id == Claim.item_id)
    .join(Equipment, Equipment.id == Item.equipment_id)
    .outerjoin(Rental, Rental.id == Claim.rental_id)
    .outerjoin(RentalLine, RentalLine.id == Claim.line_id)
    .where(
        Equipment.organization_id == bindparam("organization"),
        Item.equipment_id.in_(bindparam("equipment", expanding=True)),
        Claim.status.in_(OCCUPYING),
        or_(Claim.blocked_until > bindparam("now"), Claim.status == ClaimStatus.OUT),
    )
    .order_by(Claim.starts_at)
)


def load(
    tx: Tx,
    organization_id: int,
    equipment_ids: Sequence[int],
    *,
    without_rentals: Collection[int] = (),
    without_claims: Collection[int] = (),
    without_items: Collection[int] = (),
) -> Schedule:
    """Load the schedule from `tx.now` on.

    `without_rentals` and `without_claims` leave out claims that are to be moved; `without_items` treats items
    as not lendable.
    """
    those = {"organization": organization_id, "equipment": list(equipment_ids)}
    items = tx.session.execute(_ITEMS, {**those, "without": list(without_items)}).all()
    by_item = {row.id: Slots(row.id, row.code, place=row.location_id) for row in items}
    slots: dict[int, list[Slots]] = {}
    for row in items:
        slots.setdefault(row.equipment_id, []).append(by_item[row.id])
    gone: dict[int, list[Slots]] = {}
    rows = tx.session.execute(_CLAIMS, {**those, "now": tx.now}).all()
    for claim in rows:
        if claim.id in without_claims or claim.rental_id in without_rentals:
            continue
        overdue = claim.status is ClaimStatus.OUT and (claim.due_at or claim.blocked_until) <= tx.now
        moves = (
            claim.status is ClaimStatus.HELD
            and claim.rental_id is not None
            and claim.demanded_item_id is None
        )
        until = FOREVER if overdue else claim.blocked_until
        if claim.return_claimed_at is not None:
            until = _until_back(tx, claim, rows)
        if claim.item_id not in by_item:
            by_item[claim.item_id] = Slots(claim.item_id, claim.code)
            gone.setdefault(claim.equipment_id, []).append(by_item[claim.item_id])
        by_item[claim.item_id].busy.append(Busy(claim.starts_at, until, claim.id, moves, claim.due_at))
    of = tx.of(organization_id)
    return Schedule(tx.now, slots, gone, lambda: (opening_hours.of_all(of), of.zone))


def counts_as_back_at(tx: Tx, rental: Rental, said_at: datetime) -> datetime:
    """Return when a return counts as back that was reported at that moment and that nobody confirms."""
    hours = tx.of(rental.organization_id).policy.confirm_hours
    return opening_hours.deadline(tx, rental, said_at, hours, What.RETURN)


def _until_back(tx: Tx, said: Any, rows: Iterable[Any]) -> datetime:
    """Return how long an item is busy that is said to be back: until it counts as back at the latest.

    Nobody has seen it, so it is not offered to more people before; who is promised it keeps it.
    """
    rental = tx.session.get_one(Rental, said.rental_id)
    counts = counts_as_back_at(tx, rental, said.return_claimed_at)
    next_: list[datetime] = [
        one.starts_at for one in rows if one.item_id == said.item_id and one.status is ClaimStatus.HELD
    ]
    until: datetime = said.blocked_until
    return max(until, min([counts, *next_]))
