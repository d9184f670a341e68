"""What members find: equipment and kits in one list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal_column, or_, select, union_all
from sqlalchemy.orm import Session

from db.models import Equipment, Kit, KitPart
from db.states import Role
from services import availability, catalogue, kits
from services.catalogue import Entry, Page
from services.searching import fold


def search(
    session: Session,
    organization_id: int,
    now: datetime,
    *,
    words: str = "",
    type_: str | None = None,
    tag_id: int | None = None,
    page: int = 0,
    per_page: int = 8,
) -> Page:
    """As `catalogue.search`, with the kits by their names; a type or a tag leaves them out."""
    equipment = catalogue.matching(organization_id, words, type_, tag_id)
    item = catalogue.item_by_code(session, organization_id, words)
    if item is not None:
        equipment = or_(equipment, Equipment.id == item.equipment_id)
    found: Select[Any, Any, Any, Any] = select(
        Equipment.id.label("id"), literal_column("0").label("kit"), Equipment.name, Equipment.search_text
    ).where(equipment)
    if type_ is None and tag_id is None:
        some = select(KitPart.id).where(KitPart.kit_id == Kit.id).exists()
        kit = (Kit.organization_id == organization_id) & Kit.retired_at.is_(None) & some
        for word in fold(words[:200]).split()[: kits.MOST_WORDS]:
            kit &= Kit.search_text.contains(word, autoescape=True)
        both = union_all(
            found, select(Kit.id, literal_column("1"), Kit.name, Kit.search_text).where(kit)
        ).subquery()
    else:
        both = found.subquery()
    total = session.scalar(select(func.count()).select_from(both)) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(page, 0), pages - 1)
    begins = both.c.search_text.startswith(fold(words), autoescape=True)
    rows = session.execute(
        select(both.c.id, both.c.kit)
        .order_by(begins.desc(), func.lower(both.c.name), both.c.kit, both.c.id)
        .limit(per_page)
        .offset(page * per_page)
    ).all()
    plain = catalogue.entries(session, organization_id, [r.id for r in rows if not r.kit], now)
    by_id = {entry.equipment_id: entry for entry in plain}
    kits_by_id = {
        entry.kit_id: entry
        for entry in kit_entries(session, organization_id, [r.id for r in rows if r.kit], now)
    }
    entries = tuple(kits_by_id[r.id] if r.kit else by_id[r.id] for r in rows)
    return Page(entries, total, page, pages)


def kit_entries(
    session: Session, organization_id: int, kit_ids: Sequence[int], now: datetime
) -> tuple[Entry, ...]:
    """The lines of these kits: each can be had as often as its scarcest part serves."""
    if not kit_ids:
        return ()
    parts = kits.parts_of(session, kit_ids)
    ids = sorted({part.equipment_id for some in parts.values() for part in some})
    schedule = availability.load(session, organization_id, ids, now)
    free = {i: schedule.free_at(i, now) for i in ids}
    needed = {
        entry.equipment_id: entry.needed for entry in catalogue.entries(session, organization_id, ids, now)
    }
    names = {row.id: row.name for row in session.execute(select(Kit.id, Kit.name).where(Kit.id.in_(kit_ids)))}
    return tuple(
        Entry(
            0,
            names[kit_id],
            min((schedule.pieces(p.equipment_id) // p.quantity for p in parts[kit_id]), default=0),
            min((free[p.equipment_id] // p.quantity for p in parts[kit_id]), default=0),
            kit_id=kit_id,
            needed=max(
                (needed[p.equipment_id] for p in parts[kit_id]), key=lambda r: r.rank, default=Role.USER
            ),
        )
        for kit_id in kit_ids
    )
