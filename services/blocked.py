"""What is blocked now or will be, as lists show it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Block, Claim, Equipment, Item
from db.states import ClaimStatus


@dataclass(frozen=True)
class View:
    """A block as a list shows it."""

    id: int
    equipment: tuple[str, ...]
    codes: tuple[str, ...]
    reason: str
    starts_at: datetime
    until: datetime


def current(
    session: Session,
    organization_id: int,
    now: datetime,
    *,
    equipment_id: int | None = None,
    page: int = 0,
    per_page: int = 6,
) -> tuple[list[View], int]:
    """Blocks that are or will be, by their begin; and how many there are in all."""
    open_ = (
        (Block.organization_id == organization_id)
        & (Claim.status == ClaimStatus.HELD)
        & (Claim.blocked_until > now)
    )
    if equipment_id is not None:
        open_ &= Item.equipment_id == equipment_id
    query = (
        select(
            Block.id,
            Block.reason,
            func.min(Claim.starts_at).label("starts_at"),
            func.max(Claim.blocked_until).label("until"),
        )
        .join(Claim, Claim.block_id == Block.id)
        .join(Item, Item.id == Claim.item_id)
        .where(open_)
        .group_by(Block.id, Block.reason)
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(
        query.order_by(func.min(Claim.starts_at), Block.id).limit(per_page).offset(page * per_page)
    ).all()
    return [_view(session, row.id, row.reason, row.starts_at, row.until) for row in rows], total


def _view(session: Session, block_id: int, reason: str, starts_at: datetime, until: datetime) -> View:
    items = session.execute(
        select(Equipment.name, Item.code)
        .join(Item, Item.equipment_id == Equipment.id)
        .join(Claim, Claim.item_id == Item.id)
        .where(Claim.block_id == block_id)
        .order_by(Equipment.name, Item.code)
    ).all()
    names = tuple(dict.fromkeys(name for name, _ in items))
    return View(block_id, names, tuple(code for _, code in items), reason, starts_at, until)
