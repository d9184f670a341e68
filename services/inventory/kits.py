"""Kits: equipment that is rented together under one name.

A kit is available when all its parts are, and in a basket it is expanded to their lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from db.models import Equipment, Kit, KitPart
from db.states import Role
from services.core import audit, locks, naming
from services.core.errors import Refusal, Refused
from services.core.naming import Taken
from services.core.text import fold
from services.core.tx import Tx
from services.inventory.search.word_search import Bound, has_words

LONGEST_NAME = 200
MOST_OF_A_PART = 999
MOST_WORDS = 8


@dataclass(frozen=True)
class Part:
    """The number of pieces of one equipment in each kit."""

    equipment_id: int
    name: str
    quantity: int
    retired: bool


@dataclass(frozen=True)
class Listed:
    id: int
    name: str
    retired: bool
    parts: int


@dataclass(frozen=True)
class Page:
    entries: tuple[Listed, ...]
    total: int
    page: int
    pages: int


def search(tx: Tx, *, words: str = "", page: int = 0, per_page: int = 8) -> Page:
    """Search all kits, retired ones last. A page beyond the end is the last one."""
    condition = Kit.organization_id == tx.organization_id
    for word in fold(words[:200]).split()[:MOST_WORDS]:
        condition &= Kit.search_text.contains(word, autoescape=True)
    total = tx.session.scalar(select(func.count(Kit.id)).where(condition)) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(page, 0), pages - 1)
    parts = select(func.count(KitPart.id)).where(KitPart.kit_id == Kit.id).scalar_subquery()
    found = tx.session.execute(
        select(Kit.id, Kit.name, Kit.retired_at, parts.label("parts"))
        .where(condition)
        .order_by(Kit.retired_at.is_not(None), func.lower(Kit.name), Kit.id)
        .limit(per_page)
        .offset(page * per_page)
    )
    entries = tuple(Listed(r.id, r.name, r.retired_at is not None, r.parts) for r in found)
    return Page(entries, total, page, pages)


def select_kits(
    tx: Tx, *, words: str = "", retired: bool = False, offset: int = 0, limit: int = 50
) -> tuple[Sequence[Kit], int]:
    """Return kits that have all the words, by name from `offset` on, and the number of all.

    Without `retired` only those that members find: in use, and with parts.
    """
    condition = Kit.organization_id == tx.organization_id
    for word in fold(words[:200]).split()[:MOST_WORDS]:
        condition &= Kit.search_text.contains(word, autoescape=True)
    if not retired:
        condition &= Kit.retired_at.is_(None) & select(KitPart.id).where(KitPart.kit_id == Kit.id).exists()
    total = tx.session.scalar(select(func.count(Kit.id)).where(condition)) or 0
    ordered = select(Kit).where(condition).order_by(Kit.retired_at.is_not(None), func.lower(Kit.name), Kit.id)
    return tx.session.scalars(ordered.limit(limit).offset(offset)).all(), total


def with_words(organization_id: int | BindParameter[Any], words: str | Bound) -> ColumnElement[bool]:
    """Match the kits that members find by these words: in use, and with parts."""
    some = select(KitPart.id).where(KitPart.kit_id == Kit.id).exists()
    own = Kit.organization_id == organization_id
    return and_(own, Kit.retired_at.is_(None), some, *has_words(Kit.search_text, words, MOST_WORDS))


def get(tx: Tx, kit_id: int) -> Kit:
    """Return the organization's kit. Raises NOT_FOUND, also for another organization's."""
    found = tx.session.get(Kit, kit_id)
    if found is None or found.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return found


def parts_of(session: Session, kit_ids: Iterable[int]) -> dict[int, list[Part]]:
    """Return the parts of each kit, in the order in which they were added."""
    found: dict[int, list[Part]] = {kit_id: [] for kit_id in kit_ids}
    rows = session.execute(
        select(KitPart.kit_id, Equipment.id, Equipment.name, KitPart.quantity, Equipment.retired_at)
        .join(Equipment, Equipment.id == KitPart.equipment_id)
        .where(KitPart.kit_id.in_(found))
        .order_by(KitPart.id)
    )
    for kit_id, equipment_id, name, quantity, retired_at in rows:
        found[kit_id].append(Part(equipment_id, name, quantity, retired_at is not None))
    return found


def parts(session: Session, kit_id: int) -> Sequence[Part]:
    return parts_of(session, [kit_id])[kit_id]


def lacking(session: Session, equipment_id: int, pieces: int) -> list[str]:
    """Return the names of the kits in use that need more than `pieces` of this equipment."""
    return list(
        session.scalars(
            select(Kit.name)
            .join(KitPart, KitPart.kit_id == Kit.id)
            .where(KitPart.equipment_id == equipment_id, KitPart.quantity > pieces, Kit.retired_at.is_(None))
            .order_by(func.lower(Kit.name), Kit.id)
        )
    )


# Changes


def add(tx: Tx, name: str) -> Kit:
    """Add a kit without parts, which members do not find yet.

    Raises NOT_ALLOWED, NAME_EMPTY, TOO_MUCH_TEXT, NAME_TAKEN.
    """
    tx.actor.require(Role.ADMIN)
    name = naming.clean(name, LONGEST_NAME)
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    naming.require_new(name, _taken(tx))
    kit = Kit(organization_id=tx.actor.organization_id, name=name, search_text=fold(name), created_at=tx.now)
    tx.session.add(kit)
    tx.session.flush()
    _note(tx, kit, "add", name=[None, name])
    return kit


def rename(tx: Tx, kit_id: int, name: str, *, seen: int) -> Kit:
    """Rename a kit; `seen` is the version seen. Raises as `add` does, NOT_FOUND, CHANGED_MEANWHILE."""
    kit = _to_change(tx, kit_id, seen)
    name = naming.clean(name, LONGEST_NAME)
    if name == kit.name:
        return kit
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    naming.require_new(name, _taken(tx), but=kit.id)
    before, kit.name, kit.search_text = kit.name, name, fold(name)
    return _changed(tx, kit, "rename", name=[before, name])


def set_part(tx: Tx, kit_id: int, equipment_id: int, quantity: int, *, seen: int) -> Kit:
    """Set the number of pieces of an equipment in the kit; 0 removes it.

    Existing rentals keep the parts they were requested with. Raises NOT_ALLOWED, NOT_FOUND, OUT_OF_RANGE,
    CHANGED_MEANWHILE.
    """
    kit = _to_change(tx, kit_id, seen)
    equipment = tx.session.get(Equipment, equipment_id)
    if equipment is None or equipment.organization_id != kit.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    if not 0 <= quantity <= MOST_OF_A_PART:
        raise Refusal(Refused.OUT_OF_RANGE, least=1, most=MOST_OF_A_PART)
    part = tx.session.scalar(select(KitPart).filter_by(kit_id=kit.id, equipment_id=equipment_id))
    before = part.quantity if part is not None else 0
    if before == quantity:
        return kit
    if part is None:
        if equipment.retired_at is not None:
            raise Refusal(Refused.NOT_FOUND)
        tx.session.add(KitPart(kit_id=kit.id, equipment_id=equipment_id, quantity=quantity))
    elif quantity == 0:
        tx.session.execute(delete(KitPart).where(KitPart.id == part.id))
    else:
        part.quantity = quantity
    return _changed(tx, kit, "set_part", own=equipment.name, value=[before, quantity])


def retire(tx: Tx, kit_id: int, *, seen: int) -> Kit:
    """Hide a kit from members; its rentals go on. Raises NOT_ALLOWED, NOT_FOUND, CHANGED_MEANWHILE."""
    kit = _to_change(tx, kit_id, seen)
    if kit.retired_at is not None:
        return kit
    kit.retired_at = tx.now
    return _changed(tx, kit, "retire")


def bring_back(tx: Tx, kit_id: int, *, seen: int) -> Kit:
    """Show a retired kit to members again. Raises as `retire` does."""
    kit = _to_change(tx, kit_id, seen)
    if kit.retired_at is None:
        return kit
    kit.retired_at = None
    return _changed(tx, kit, "bring_back")


def _to_change(tx: Tx, kit_id: int, seen: int) -> Kit:
    """Return the kit, locked, if it is unchanged since it was seen."""
    tx.actor.require(Role.ADMIN)
    kit = get(tx, kit_id)
    tx.session.refresh(kit, with_for_update=True)
    if kit.version != seen:
        raise audit.changed_meanwhile(tx.session, kit.organization_id, "kit", kit.id)
    return kit


def _changed(tx: Tx, kit: Kit, action: str, **details: Any) -> Kit:
    kit.version += 1
    tx.session.flush()
    _note(tx, kit, action, **details)
    return kit


def _taken(tx: Tx) -> list[Taken]:
    rows = tx.session.execute(
        select(Kit.id, Kit.name, Kit.retired_at).filter_by(organization_id=tx.organization_id)
    )
    return [Taken(r.id, r.name, r.retired_at is not None) for r in rows]


def _note(tx: Tx, kit: Kit, action: str, **details: Any) -> None:
    audit.note(tx, action, "kit", kit.id, **details)
