"""The inventory as admins see it, including retired equipment and items that cannot be lent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, union
from sqlalchemy.orm import Session

from db.folding import begins_with
from db.models import Block, Claim, Equipment, Item, Location, Rental, User
from db.states import LENDABLE, ClaimStatus, Condition, Role
from services.availability import schedules
from services.core.actor import Actor
from services.core.text import fold, same_letters
from services.core.tx import Tx
from services.inventory import catalog
from services.inventory.catalog import Entry, Page
from services.inventory.codes.forms import own, with_letters, with_sticker
from services.inventory.search.parts import containing
from services.inventory.search.word_search import beginning

MOST_WORDS = 8


def require_keeper(actor: Actor) -> None:
    """Raise NOT_ALLOWED or MEMBERSHIP_ENDED for anybody below ADMIN."""
    actor.require(Role.ADMIN)


def find(tx: Tx, *, words: str = "", retired: bool = False, page: int = 0, per_page: int = 8) -> Page:
    """Search equipment in use, or retired equipment, whose text has all the words, best first.

    The beginning of an item's code, a whole serial number, the code of a sticker and a place match too. An
    entry counts the items that are not retired. A page beyond the end is the last one.
    """
    condition = _matching(tx.organization_id, words, retired)
    total = count(tx, words=words, retired=retired)
    pages = max(1, -(-total // per_page))
    page = min(max(page, 0), pages - 1)
    query = select(Equipment.id, Equipment.name).where(condition)
    if fold(words):
        query = query.order_by(Equipment.search_text.startswith(fold(words), autoescape=True).desc())
    query = query.order_by(func.lower(Equipment.name), Equipment.id)
    found = tx.session.execute(query.limit(per_page).offset(page * per_page)).all()
    return Page(_entries(tx, [(r.id, r.name) for r in found]), total, page, pages)


def count(tx: Tx, *, words: str, retired: bool) -> int:
    """Count the results of `find`."""
    condition = _matching(tx.organization_id, words, retired)
    return tx.session.scalar(select(func.count(Equipment.id)).where(condition)) or 0


def _matching(organization_id: int, words: str, retired: bool) -> ColumnElement[bool]:
    words = words.strip()[:200]
    which = Equipment.retired_at.is_not(None) if retired else Equipment.retired_at.is_(None)
    if not words:
        return which & (Equipment.organization_id == organization_id)
    codes = with_letters(organization_id, Item.code, {words})
    serials = with_letters(organization_id, Item.serial_number, {words})
    begins = select(Item.id).where(own(organization_id), begins_with(func.lower(Item.code), words.lower()))
    places = select(Location.id).where(
        Location.organization_id == organization_id, same_letters(Location.name, {words})
    )
    there = select(Item.id).where(own(organization_id), Item.location_id.in_(places))
    items = union(codes, begins, serials, with_sticker(organization_id, {words}), there)
    found = [select(Item.equipment_id).where(Item.id.in_(items))]
    # `tents` finds the tent, and whatever has all of its letters.
    asked = [beginning(word) for word in fold(words).split()[:MOST_WORDS]]
    # Words of nothing but accents fold to no word at all, and no word matches every text.
    if asked:
        found.append(select(Equipment.id).where(containing(organization_id, asked)))
    return which & Equipment.id.in_(union(*found))


def _entries(tx: Tx, found: Sequence[tuple[int, str]]) -> tuple[Entry, ...]:
    ids = [i for i, _ in found]
    pieces = {
        row.equipment_id: row.n
        for row in tx.session.execute(
            select(Item.equipment_id, func.count(Item.id).label("n"))
            .where(Item.equipment_id.in_(ids), Item.condition != Condition.RETIRED)
            .group_by(Item.equipment_id)
        )
    }
    schedule = schedules.load(tx, tx.organization_id, ids)
    return tuple(Entry(i, name, pieces.get(i, 0), schedule.free_at(i, tx.now)) for i, name in found)


def item_by_number(tx: Tx, words: str) -> Item | None:
    """Return the item with this code, or that of a sticker, or else the only one with this serial number."""
    item = catalog.item_by_code(tx, words)
    words = words.strip()
    if item is not None or not words or len(words) > 200:
        return item
    ids = with_letters(tx.organization_id, Item.serial_number, {words})
    same = tx.session.scalars(select(Item).where(Item.id.in_(ids)).limit(2)).all()
    return same[0] if len(same) == 1 else None


def item_by_visible_number(tx: Tx, words: str) -> Item | None:
    """Return the item as `item_by_number` does, for those who may see serial numbers; else None."""
    if tx.actor.has_role(Role.LENDER) or tx.policy.serial_numbers_shown:
        return item_by_number(tx, words)
    return None


def is_lent(session: Session, item: Item) -> bool:
    """Return whether the item is in a lendable condition and its equipment not retired."""
    equipment = session.get_one(Equipment, item.equipment_id)
    return item.condition in LENDABLE and equipment.retired_at is None


def by_name(tx: Tx, name: str) -> Equipment | None:
    """Return the equipment with this name, ignoring case, retired or not."""
    return tx.session.scalars(
        select(Equipment)
        .where(Equipment.organization_id == tx.organization_id, same_letters(Equipment.name, {name}))
        .order_by((Equipment.name == name).desc(), Equipment.id)
        .limit(1)
    ).first()


# Counts and claims


@dataclass(frozen=True)
class Counts:
    """Counts of an equipment's items. `promised`: allocated or blocked now, but not out."""

    conditions: dict[Condition, int]
    free: int
    out: int
    promised: int

    def of(self, condition: Condition) -> int:
        return self.conditions.get(condition, 0)

    @property
    def items(self) -> int:
        return sum(self.conditions.values()) - self.of(Condition.RETIRED)


def counts(tx: Tx, equipment: Equipment) -> Counts:
    conditions = {
        row.condition: row.n
        for row in tx.session.execute(
            select(Item.condition, func.count(Item.id).label("n"))
            .where(Item.equipment_id == equipment.id)
            .group_by(Item.condition)
        )
    }
    out = (
        tx.session.scalar(
            select(func.count(Claim.id))
            .join(Item, Item.id == Claim.item_id)
            .where(Item.equipment_id == equipment.id, Claim.status == ClaimStatus.OUT)
        )
        or 0
    )
    schedule = schedules.load(tx, equipment.organization_id, [equipment.id])
    free, lendable = schedule.free_at(equipment.id, tx.now), schedule.pieces(equipment.id)
    return Counts(conditions, free, out, max(0, lendable - free - out))


@dataclass(frozen=True)
class Stay:
    """A claim on an item: with a member, promised to one, or blocked (without a name or a rental's number).

    `said_back`: the member says that it is back, and nobody has confirmed it.
    """

    item_id: int
    status: ClaimStatus
    number: int | None
    name: str
    starts_at: datetime
    until: datetime
    reason: str
    said_back: bool = False

    def is_late(self, now: datetime) -> bool:
        return self.status is ClaimStatus.OUT and not self.said_back and self.until <= now


def items_in_use(tx: Tx, equipment_id: int) -> int:
    """Count the items of an equipment that are not retired."""
    in_use = (Item.equipment_id == equipment_id) & (Item.condition != Condition.RETIRED)
    return tx.session.scalar(select(func.count(Item.id)).where(in_use)) or 0


def lendable(session: Session, equipment: Equipment, *, without: Collection[int] = ()) -> int:
    """Count the lendable items of this equipment, not counting those in `without`."""
    if equipment.retired_at is not None:
        return 0
    which = (Item.equipment_id == equipment.id) & Item.condition.in_(LENDABLE) & Item.id.not_in(without)
    return session.scalar(select(func.count(Item.id)).where(which)) or 0


def stays(tx: Tx, item_ids: Sequence[int]) -> list[Stay]:
    """Return current and future claims on these items: those that are out first, then by time."""
    rows = tx.session.execute(
        select(Claim, Rental.number, Rental.due_at, User, Block.reason)
        .outerjoin(Rental, Rental.id == Claim.rental_id)
        .outerjoin(User, User.id == Rental.user_id)
        .outerjoin(Block, Block.id == Claim.block_id)
        .where(
            Claim.item_id.in_(item_ids),
            or_(
                Claim.status == ClaimStatus.OUT,
                (Claim.status == ClaimStatus.HELD) & (Claim.blocked_until > tx.now),
            ),
        )
        .order_by(Claim.status.desc(), Claim.starts_at, Claim.id)
    )
    return [
        Stay(
            claim.item_id,
            claim.status,
            number,
            user.name if user is not None else "",
            claim.starts_at,
            due_at or claim.blocked_until,
            reason or "",
            said_back=claim.return_claimed_at is not None,
        )
        for claim, number, due_at, user, reason in rows
    ]


@dataclass(frozen=True)
class ItemLine:
    """An item in a list: its location, and its current claim."""

    item_id: int
    code: str
    condition: Condition
    place: str | None
    now: Stay | None


@dataclass(frozen=True)
class ItemPage:
    lines: tuple[ItemLine, ...]
    total: int
    page: int
    pages: int


def items(tx: Tx, equipment_id: int, *, page: int = 0, per_page: int = 10) -> ItemPage:
    """Return the equipment's items by code, retired ones last. A page beyond the end is the last one."""
    total = tx.session.scalar(select(func.count(Item.id)).filter_by(equipment_id=equipment_id)) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(page, 0), pages - 1)
    rows = tx.session.execute(
        select(Item.id, Item.code, Item.condition, Location.name.label("place"))
        .outerjoin(Location, Location.id == Item.location_id)
        .where(Item.equipment_id == equipment_id)
        .order_by((Item.condition == Condition.RETIRED), Item.code, Item.id)
        .limit(per_page)
        .offset(page * per_page)
    ).all()
    here: dict[int, Stay] = {}
    for stay in stays(tx, [row.id for row in rows]):
        if stay.status is ClaimStatus.OUT or stay.starts_at <= tx.now:
            here.setdefault(stay.item_id, stay)
    lines = tuple(ItemLine(row.id, row.code, row.condition, row.place, here.get(row.id)) for row in rows)
    return ItemPage(lines, total, page, pages)
