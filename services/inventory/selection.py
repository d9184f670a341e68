"""Equipment and items picked by several conditions together, for lists that programs read page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, EquipmentTag, Item, Location, Tag
from db.states import LENDABLE, ClaimStatus, Condition, Role
from services.availability import schedules
from services.core import policy
from services.core.errors import Refusal, Refused
from services.core.hours.periods import Period
from services.core.text import fold, same_letters
from services.core.tx import Tx
from services.inventory import catalog, kits
from services.inventory.catalog import Entry
from services.inventory.codes import stickers
from services.inventory.codes.forms import has_sticker


class State(StrEnum):
    """Free or out: at least one piece is, now or in the period asked for."""

    FREE = "free"
    OUT = "out"
    RETIRED = "retired"


_A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Filter:
    """Conditions that all hold; those that are None or empty do not matter.

    With a place and State.FREE, something that is kept there is free.
    """

    words: str = ""
    type: str | None = None
    tag_ids: tuple[int, ...] = ()
    location_id: int | None = None
    state: State | None = None
    period: Period | None = None


@dataclass(frozen=True)
class There:
    """The pieces that are kept at a place, and how many are free: in the period asked for, or now."""

    pieces: int
    free: int


@dataclass(frozen=True)
class Found:
    """Equipment with its numbers. `free`: in the period asked for; None where none was. `there`: at the place
    asked for; None where none was.
    """

    equipment: Equipment
    pieces: int
    free_now: int
    free: int | None
    needed: Role
    tags: tuple[Tag, ...]
    there: There | None = None


@dataclass(frozen=True)
class Page:
    rows: tuple[Found, ...]
    total: int


def equipment(tx: Tx, wanted: Filter, *, offset: int = 0, limit: int = 50) -> Page:
    """Return the equipment that fits, best first, from `offset` on. Retired equipment is for an ADMIN.

    Raises NOT_ALLOWED.
    """
    query = _ranked(tx, wanted)
    if wanted.state in (None, State.RETIRED):
        total = tx.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        ids = list(tx.session.scalars(query.limit(limit).offset(offset)))
        return Page(described(tx, ids, wanted.period, wanted.location_id), total)
    ids = _in_state(tx, list(tx.session.scalars(query)), wanted)
    shown = ids[offset : offset + limit]
    return Page(described(tx, shown, wanted.period, wanted.location_id), len(ids))


def _ranked(tx: Tx, wanted: Filter) -> Select[Any]:
    folded = fold(wanted.words)
    begins = Equipment.search_text.startswith(folded, autoescape=True)
    return (
        select(Equipment.id)
        .where(_matching(tx, wanted))
        .order_by(begins.desc(), func.lower(Equipment.name), Equipment.id)
    )


def _matching(tx: Tx, wanted: Filter) -> ColumnElement[bool]:
    condition: ColumnElement[bool]
    if wanted.state is State.RETIRED:
        tx.actor.require(Role.ADMIN)
        condition = (Equipment.organization_id == tx.organization_id) & Equipment.retired_at.is_not(None)
        for word in fold(wanted.words[:200]).split()[: catalog.MOST_WORDS]:
            condition &= Equipment.search_text.contains(word, autoescape=True)
    else:
        condition = catalog.matching(tx.organization_id, wanted.words, None, None)
        item = catalog.item_by_code(tx, wanted.words)
        if item is not None:
            condition = or_(condition, Equipment.id == item.equipment_id)
    if wanted.type is not None:
        condition &= Equipment.type == wanted.type
    for tag_id in wanted.tag_ids:
        tagged = select(EquipmentTag.equipment_id).where(EquipmentTag.tag_id == tag_id)
        condition &= Equipment.id.in_(tagged)
    if wanted.location_id is not None:
        there = select(Item.equipment_id).where(
            Item.organization_id == tx.organization_id,
            Item.location_id == wanted.location_id,
            Item.condition.in_(LENDABLE),
        )
        condition &= Equipment.id.in_(there)
    return condition


def _in_state(tx: Tx, ids: list[int], wanted: Filter) -> list[int]:
    if wanted.state is State.OUT:
        out = set(
            tx.session.scalars(
                select(Item.equipment_id)
                .join(Claim, Claim.item_id == Item.id)
                .where(Item.organization_id == tx.organization_id, Claim.status == ClaimStatus.OUT)
            )
        )
        return [one for one in ids if one in out]
    if wanted.location_id is not None:
        return _free_there(tx, ids, wanted.period, wanted.location_id)
    free = _free(tx, ids, wanted.period)
    return [one for one in ids if free[one]]


def _free_there(tx: Tx, ids: Sequence[int], period: Period | None, location_id: int) -> list[int]:
    """Return the equipment of which an item that is kept at this place is free, now or in the period."""
    there = _there(tx, ids, period, location_id)
    return [one for one in ids if there[one].free]


def _there(tx: Tx, ids: Sequence[int], period: Period | None, location_id: int) -> dict[int, There]:
    """Return the numbers of what is kept at this place, now or in the period."""
    schedule = schedules.load(tx, tx.organization_id, ids)
    rows = tx.session.scalars(select(Equipment).where(Equipment.id.in_(ids)))
    turnaround = {row.id: policy.of(tx.organization, row).turnaround for row in rows}

    def free(one: int) -> int:
        if period is None:
            found = schedule.free(one, tx.now, tx.now + _A_MOMENT)
        else:
            starts_at = max(period.starts_at, tx.now)
            if period.due_at <= starts_at or location_id in schedule.closed_places(
                one, starts_at, period.due_at
            ):
                return 0
            found = schedule.free(one, starts_at, period.due_at + turnaround[one])
        return sum(slots.place == location_id for slots in found)

    return {
        one: There(sum(slots.place == location_id for slots in schedule.slots.get(one, ())), free(one))
        for one in ids
    }


def _free(tx: Tx, ids: Sequence[int], period: Period | None) -> dict[int, int]:
    if period is not None:
        return free_on(tx, ids, period)
    schedule = schedules.load(tx, tx.organization_id, ids)
    return {one: schedule.free_at(one, tx.now) for one in ids}


def described(
    tx: Tx, ids: Sequence[int], period: Period | None = None, location_id: int | None = None
) -> tuple[Found, ...]:
    """Return these equipment with their numbers, at one place too, and their tags, in this order."""
    if not ids:
        return ()
    rows = {row.id: row for row in tx.session.scalars(select(Equipment).where(Equipment.id.in_(ids)))}
    schedule = schedules.load(tx, tx.organization_id, ids)
    free = _free(tx, ids, period) if period is not None else {}
    there = _there(tx, ids, period, location_id) if location_id is not None else {}
    tags = tags_of(tx.session, ids)
    organization = tx.organization
    return tuple(
        Found(
            rows[one],
            schedule.pieces(one),
            schedule.free_at(one, tx.now),
            free.get(one),
            policy.of(organization, rows[one]).who_may_rent,
            tags.get(one, ()),
            there.get(one),
        )
        for one in ids
    )


def one(tx: Tx, equipment_id: int, period: Period | None = None) -> Found:
    """Return one equipment; retired equipment for an ADMIN only. Raises NOT_FOUND."""
    row = catalog.get(tx, equipment_id)
    if row.retired_at is not None and not tx.actor.has_role(Role.ADMIN):
        raise Refusal(Refused.NOT_FOUND)
    return described(tx, [row.id], period)[0]


def tags_of(session: Session, equipment_ids: Sequence[int]) -> dict[int, tuple[Tag, ...]]:
    """Return the tags of each equipment, by name."""
    rows = session.execute(
        select(EquipmentTag.equipment_id, Tag)
        .join(Tag, Tag.id == EquipmentTag.tag_id)
        .where(EquipmentTag.equipment_id.in_(equipment_ids))
        .order_by(func.lower(Tag.name), Tag.id)
    )
    found: dict[int, list[Tag]] = {}
    for equipment_id, tag in rows:
        found.setdefault(equipment_id, []).append(tag)
    return {equipment_id: tuple(tags) for equipment_id, tags in found.items()}


# Items


@dataclass(frozen=True)
class ItemFilter:
    words: str = ""
    equipment_id: int | None = None
    location_id: int | None = None
    condition: Condition | None = None
    state: State | None = None


@dataclass(frozen=True)
class FoundItem:
    """An item with the names around it, and the codes of its stickers. `is_out`: it is with somebody now."""

    item: Item
    equipment: str
    location: str | None
    is_out: bool
    other_codes: tuple[str, ...] = ()


def items(
    tx: Tx, wanted: ItemFilter, *, offset: int = 0, limit: int = 50
) -> tuple[tuple[FoundItem, ...], int]:
    """Return the items that fit by code, from `offset` on, and the number of all."""
    query = _items(tx).where(_matching_items(tx, wanted))
    total = tx.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = tx.session.execute(
        query.order_by(func.lower(Item.code), Item.id).limit(limit).offset(offset)
    ).all()
    codes = stickers.of_items(tx.session, [row[0].id for row in rows])
    return tuple(FoundItem(*row, tuple(codes[row[0].id])) for row in rows), total


def item(tx: Tx, item_id: int) -> FoundItem:
    """Return an item of the organization. Raises NOT_FOUND."""
    catalog.get_item(tx, item_id)
    codes = stickers.of_items(tx.session, [item_id])[item_id]
    return FoundItem(*tx.session.execute(_items(tx).where(Item.id == item_id)).one(), tuple(codes))


def _items(tx: Tx) -> Select[Any, Any, Any, Any]:
    out = (
        select(Claim.id)
        .where(Claim.item_id == Item.id, Claim.status == ClaimStatus.OUT)
        .correlate(Item)
        .exists()
    )
    return (
        select(Item, Equipment.name, Location.name.label("location"), out.label("is_out"))
        .join(Equipment, Equipment.id == Item.equipment_id)
        .outerjoin(Location, Location.id == Item.location_id)
        .where(Item.organization_id == tx.organization_id)
    )


def _matching_items(tx: Tx, wanted: ItemFilter) -> ColumnElement[bool]:
    condition = Item.organization_id == tx.organization_id
    words = wanted.words.strip()[:200]
    if words:
        condition &= or_(
            func.lower(Item.code).startswith(words.lower(), autoescape=True),
            same_letters(Item.code, {words}),
            same_letters(Item.serial_number, {words}),
            has_sticker(tx.organization_id, words),
            Equipment.search_text.contains(fold(words), autoescape=True),
        )
    if wanted.equipment_id is not None:
        condition &= Item.equipment_id == wanted.equipment_id
    if wanted.location_id is not None:
        condition &= Item.location_id == wanted.location_id
    if wanted.condition is not None:
        condition &= Item.condition == wanted.condition
    out = select(Claim.item_id).where(
        Claim.organization_id == tx.organization_id, Claim.status == ClaimStatus.OUT
    )
    if wanted.state is State.OUT:
        condition &= Item.id.in_(out)
    if wanted.state is State.FREE:
        busy = select(Claim.item_id).where(
            Claim.organization_id == tx.organization_id,
            (Claim.status == ClaimStatus.OUT)
            | (
                (Claim.status == ClaimStatus.HELD)
                & (Claim.starts_at <= tx.now)
                & (Claim.blocked_until > tx.now)
            ),
        )
        condition &= Item.id.not_in(busy) & Item.condition.in_(LENDABLE) & Equipment.retired_at.is_(None)
    if wanted.state is State.RETIRED:
        condition &= (Item.condition == Condition.RETIRED) | Equipment.retired_at.is_not(None)
    return condition


# Lists that have some days in mind


MOST_SORTED = 1000
"""Matches up to which those with none free come last: beyond, a page is counted by itself."""

_MOST_ALIKE = 50


def free_on(
    tx: Tx, equipment_ids: Sequence[int], period: Period, *, without: Collection[int] = ()
) -> dict[int, int]:
    """Return how many of each can be had for the whole period, from now at the earliest.

    `without`: rentals that hold nothing, since what is chosen takes their place.
    """
    starts_at = max(period.starts_at, tx.now)
    if period.due_at <= starts_at or not equipment_ids:
        return dict.fromkeys(equipment_ids, 0)
    schedule = schedules.load(tx, tx.organization_id, equipment_ids, without_rentals=without)
    rows = tx.session.scalars(select(Equipment).where(Equipment.id.in_(equipment_ids)))
    turnaround = {row.id: policy.of(tx.organization, row).turnaround for row in rows}
    return {
        one: schedule.count(one, starts_at, period.due_at + turnaround[one], due_at=period.due_at)
        for one in equipment_ids
    }


def search_on(
    tx: Tx,
    period: Period,
    *,
    words: str = "",
    type_: str | None = None,
    tag_id: int | None = None,
    page: int = 0,
    per_page: int = 8,
    without: Collection[int] = (),
) -> catalog.Page:
    """Search as `catalog.search` does, with the numbers of these days; those with none free come last."""
    found = tx.session.execute(*catalog.ranked(tx, words, type_, tag_id))
    rows = [(row.id, bool(row.kit)) for row in found]
    pages = max(1, -(-len(rows) // per_page))
    page = min(max(page, 0), pages - 1)
    part = slice(page * per_page, (page + 1) * per_page)
    if len(rows) > MOST_SORTED:
        shown = rows[part]
        free = _free_rows(tx, shown, period, without)
    else:
        free = _free_rows(tx, rows, period, without)
        shown = sorted(rows, key=lambda row: free[row] == 0)[part]
    return catalog.Page(_entries(tx, shown, free), len(rows), page, pages)


def alike(
    tx: Tx,
    equipment_id: int,
    period: Period,
    *,
    page: int = 0,
    per_page: int = 8,
    without: Collection[int] = (),
) -> catalog.Page:
    """Return other equipment of the same type, or with one of its tags, that is free on these days."""
    one = catalog.get(tx, equipment_id)
    tags = select(EquipmentTag.tag_id).where(EquipmentTag.equipment_id == equipment_id)
    shared = select(EquipmentTag.equipment_id).where(EquipmentTag.tag_id.in_(tags))
    same: ColumnElement[bool] = Equipment.id.in_(shared)
    if one.type:
        same = or_(same, Equipment.type == one.type)
    ids = tx.session.scalars(
        select(Equipment.id)
        .where(catalog.matching(tx.organization_id, "", None, None), same, Equipment.id != equipment_id)
        .order_by((Equipment.type == one.type).desc(), Equipment.name, Equipment.id)
        .limit(_MOST_ALIKE)
    ).all()
    numbers = free_on(tx, ids, period, without=without)
    rows = [(one, False) for one in ids if numbers[one]]
    pages = max(1, -(-len(rows) // per_page))
    page = min(max(page, 0), pages - 1)
    shown = rows[page * per_page : (page + 1) * per_page]
    return catalog.Page(_entries(tx, shown, {row: numbers[row[0]] for row in rows}), len(rows), page, pages)


def entries_on(
    tx: Tx, found: Sequence[Entry], period: Period, *, without: Collection[int] = ()
) -> tuple[Entry, ...]:
    """Return these entries with the numbers of these days."""
    rows = [(one.kit_id or one.equipment_id, one.kit_id is not None) for one in found]
    free = _free_rows(tx, rows, period, without)
    return tuple(replace(one, free=free[row]) for one, row in zip(found, rows, strict=True))


_Row = tuple[int, bool]
"""An equipment's id, or a kit's where it says so."""


def _free_rows(tx: Tx, rows: Sequence[_Row], period: Period, without: Collection[int]) -> dict[_Row, int]:
    parts = kits.parts_of(tx.session, [one for one, is_kit in rows if is_kit])
    ids = {one for one, is_kit in rows if not is_kit}
    ids |= {part.equipment_id for some in parts.values() for part in some}
    free = free_on(tx, sorted(ids), period, without=without)
    return {
        (one, is_kit): min((free[p.equipment_id] // p.quantity for p in parts[one]), default=0)
        if is_kit
        else free[one]
        for one, is_kit in rows
    }


def _entries(tx: Tx, rows: Sequence[_Row], free: dict[_Row, int]) -> tuple[Entry, ...]:
    plain = {one.equipment_id: one for one in catalog.entries(tx, [one for one, kit in rows if not kit])}
    kits_ = {one.kit_id: one for one in catalog.kit_entries(tx, [one for one, kit in rows if kit])}
    return tuple(replace(kits_[one] if kit else plain[one], free=free[one, kit]) for one, kit in rows)
