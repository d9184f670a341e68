"""Obstacles to undoing an import: things of it that were lent, promised, blocked or changed since."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import or_, select

from db.models import (
    Claim,
    DamageNote,
    Equipment,
    ImportRun,
    Item,
    Kit,
    KitPart,
    Location,
    Rental,
    RentalLine,
    User,
)
from db.states import LENDABLE, ClaimStatus, Condition, RentalStatus
from services.core.tx import Tx
from services.imports.inventory import guards
from services.imports.inventory.effects import Touched, Whole

_AT_ONCE = 5_000
"""Ids in one statement, fewer than any database takes."""


class Why(StrEnum):
    LENT = "lent"
    PROMISED = "promised"
    BLOCKED = "blocked"
    CHANGED = "changed"
    IN_BASKET = "in_basket"  # by: whose
    IN_KIT = "in_kit"  # by: its name
    JOINED = "joined"  # a member who is in Telegram
    HAS_MORE = "has_more"  # equipment with other items


@dataclass(frozen=True)
class Obstacle:
    """A thing by its name and code, the latter only of items; without a name it is no longer there."""

    name: str
    code: str
    why: Why
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    code: str
    version: int
    equipment_id: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    version: int
    retired_at: datetime | None


T = TypeVar("T")


def parts(ids: Iterable[T]) -> Iterator[list[T]]:
    """Yield the ids in order, so many at a time as one statement takes."""
    found = sorted(ids)  # type: ignore[type-var]
    for start in range(0, len(found), _AT_ONCE):
        yield found[start : start + _AT_ONCE]


def lock(tx: Tx, whole: Whole) -> None:
    """Lock what the import touched until the transaction ends: first the equipment, as reservations do."""
    kinds = set(whole.equipment)
    for some in parts(whole.items):
        kinds.update(tx.session.scalars(select(Item.equipment_id).where(Item.id.in_(some)).distinct()))
    for table, ids in ((Equipment, kinds), (Item, set(whole.items))):
        for some in parts(ids):
            tx.session.execute(
                select(table.id).where(table.id.in_(some)).order_by(table.id).with_for_update()
            )


def find(tx: Tx, run: ImportRun, whole: Whole, *, to_do: bool) -> list[Obstacle]:
    """Return each thing that is in the way, once, with the first reason that is found.

    `to_do`: it is undone in this transaction, and not only asked about.
    """
    looks = _Looks(tx, run, whole)
    found: dict[tuple[str, str], Obstacle] = {}
    for one in (*looks.claimed(), *looks.asked_for(), *looks.in_kits(), *looks.changed(), *looks.not_alone()):
        found.setdefault((one.name, one.code), one)
    if to_do and not found:
        for one in looks.needed():
            found.setdefault((one.name, one.code), one)
    # Of equipment whose items are named, nothing more is said.
    told = {one.name for one in found.values() if one.code}
    return [one for one in found.values() if one.code or one.why is not Why.PROMISED or one.name not in told]


class _Looks:
    def __init__(self, tx: Tx, run: ImportRun, whole: Whole) -> None:
        self.tx, self.run, self.whole = tx, run, whole
        self.new_items, self.new_kinds = whole.new(whole.items), whole.new(whole.equipment)
        self.items: dict[int, _Item] = {}
        for some in parts(whole.items):
            query = select(
                Item.id, Equipment.name, Item.code, Item.version, Item.equipment_id, Item.condition
            )
            rows = tx.session.execute(query.join(Equipment).where(Item.id.in_(some)))
            self.items |= {row[0]: _Item(*row[1:]) for row in rows}
        self.kinds: dict[int, _Kind] = {}
        for some in parts(whole.equipment):
            kinds = select(Equipment.id, Equipment.name, Equipment.version, Equipment.retired_at)
            found = tx.session.execute(kinds.where(Equipment.id.in_(some)))
            self.kinds |= {row[0]: _Kind(*row[1:]) for row in found}

    def _item(self, item_id: int, why: Why, by: str = "") -> Obstacle:
        item = self.items.get(item_id)
        return Obstacle(item.name, item.code, why, by) if item is not None else Obstacle("", "", why, by)

    def _kind(self, equipment_id: int, why: Why, by: str = "") -> Obstacle:
        kind = self.kinds.get(equipment_id)
        return Obstacle(kind.name if kind is not None else "", "", why, by)

    def claimed(self) -> Iterator[Obstacle]:
        """Yield the items that were lent, promised or blocked since."""
        since = or_(Claim.id > self.run.last_claim_id, Claim.out_at >= self.run.created_at)
        for some in parts(self.whole.items):
            query = select(Claim.item_id, Claim.status, Claim.block_id).where(Claim.item_id.in_(some), since)
            for item_id, status, block_id in self.tx.session.execute(query.order_by(Claim.id.desc())):
                yield self._item(item_id, _why(status, is_block=block_id is not None))

    def asked_for(self) -> Iterator[Obstacle]:
        """Yield the new things that baskets and requests name."""
        query = select(RentalLine.equipment_id, RentalLine.item_id, Rental.status, User).join_from(
            RentalLine, Rental, Rental.id == RentalLine.rental_id
        )
        query = query.join(User, User.id == Rental.user_id)
        for ids, column in ((self.new_kinds, RentalLine.equipment_id), (self.new_items, RentalLine.item_id)):
            for some in parts(ids):
                for row in self.tx.session.execute(query.where(column.in_(some))):
                    is_basket = row.status is RentalStatus.DRAFT
                    why, by = (Why.IN_BASKET, row.User.name) if is_basket else (Why.PROMISED, "")
                    if column is RentalLine.item_id:
                        yield self._item(row.item_id, why, by)
                    else:
                        yield self._kind(row.equipment_id, why, by)

    def in_kits(self) -> Iterator[Obstacle]:
        for some in parts(self.new_kinds):
            query = select(KitPart.equipment_id, Kit.name).join(Kit, Kit.id == KitPart.kit_id)
            for equipment_id, kit in self.tx.session.execute(query.where(KitPart.equipment_id.in_(some))):
                yield self._kind(equipment_id, Why.IN_KIT, kit)

    def changed(self) -> Iterator[Obstacle]:
        """Yield what somebody changed since, or what has no way back."""
        places = self._there(Location, "location_id")
        kinds = self._there(Equipment, "equipment_id")
        for id_, touched in self.whole.items.items():
            item, former = self.items.get(id_), touched.former
            is_other = item is None or _is_other(touched, item.version)
            if is_other or former.get("location_id") not in places or former.get("equipment_id") not in kinds:
                yield self._item(id_, Why.CHANGED)
        for id_, touched in self.whole.equipment.items():
            kind = self.kinds.get(id_)
            if kind is None or _is_other(touched, kind.version):
                yield self._kind(id_, Why.CHANGED)
        for some in parts(self.new_items):
            noted = select(DamageNote.item_id).where(DamageNote.item_id.in_(some)).distinct()
            yield from (self._item(item_id, Why.CHANGED) for item_id in self.tx.session.scalars(noted))

    def _there(self, table: type[Location] | type[Equipment], name: str) -> Collection[int | None]:
        """Return the former values of this column that are still there, and None."""
        wanted = {one.former.get(name) for one in self.whole.items.values()} - {None}
        found: set[int | None] = {None}
        for some in parts(wanted):
            found.update(self.tx.session.scalars(select(table.id).where(table.id.in_(some))))
        return found

    def not_alone(self) -> Iterator[Obstacle]:
        """Yield the new equipment that has items of somebody else's."""
        for some in parts(self.new_kinds):
            query = select(Item.id, Item.equipment_id).where(Item.equipment_id.in_(some))
            for item_id, equipment_id in self.tx.session.execute(query):
                touched = self.whole.items.get(item_id)
                if touched is None or not (touched.is_new or "equipment_id" in touched.former):
                    yield self._kind(equipment_id, Why.HAS_MORE)

    def needed(self) -> Iterator[Obstacle]:
        """Yield what cannot leave the lending: it is out, or promised since before the import."""
        leaving = [
            id_
            for id_, touched in self.whole.items.items()
            if "equipment_id" in touched.former or _withdraws(touched, self.items[id_])
        ]
        for some in parts(leaving):
            yield from (self._item(id_, Why.PROMISED) for id_ in sorted(guards.items(self.tx, some)))
        retiring = [
            self.kinds[id_].name
            for id_, touched in self.whole.equipment.items()
            if touched.former.get("retired_at") is not None and self.kinds[id_].retired_at is None
        ]
        for names in parts(retiring):
            yield from (Obstacle(name, "", Why.PROMISED) for name in guards.equipment(self.tx, names))


def _why(status: ClaimStatus, *, is_block: bool) -> Why:
    if is_block:
        return Why.BLOCKED
    lent = (ClaimStatus.OUT, ClaimStatus.RETURNED, ClaimStatus.LOST)
    return Why.LENT if status in lent else Why.PROMISED


def _is_other(touched: Touched, version: int) -> bool:
    return touched.is_broken or touched.version != version


def _withdraws(touched: Touched, item: _Item) -> bool:
    former = touched.former.get("condition")
    return former is not None and former not in LENDABLE and item.condition in LENDABLE
