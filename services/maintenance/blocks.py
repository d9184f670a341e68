"""Blocks: items that are out of lending for a period."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db.models import Block, Claim, Equipment, Item, Rental
from db.states import LENDABLE, ClaimStatus, Role
from services.availability import reservations, schedules
from services.availability.allocation_search import Wanted
from services.availability.reallocation import LONGEST_REASON, Effect, Loss, carry_out, effect, losses
from services.core import audit, identity
from services.core.errors import Refusal, Refused
from services.core.state_machine import move_claims
from services.core.tx import Tx
from services.inventory import catalog


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
    tx: Tx, *, equipment_id: int | None = None, page: int = 0, per_page: int = 6, offset: int | None = None
) -> tuple[list[View], int]:
    """Return one page of current and future blocks by their start, and their total number.

    `offset`: the page's first place, from 0, where pages are not all of one size.
    """
    open_ = (
        (Block.organization_id == tx.organization_id)
        & (Claim.status == ClaimStatus.HELD)
        & (Claim.blocked_until > tx.now)
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
    total = tx.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = tx.session.execute(
        query.order_by(func.min(Claim.starts_at), Block.id)
        .limit(per_page)
        .offset(page * per_page if offset is None else offset)
    ).all()
    return [_view(tx.session, row.id, row.reason, row.starts_at, row.until) for row in rows], total


def view(tx: Tx, block_id: int) -> View:
    """Return a block of the organization, over or not. Raises NOT_FOUND."""
    block = tx.session.get(Block, block_id)
    if block is None or block.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    times = select(func.min(Claim.starts_at), func.max(Claim.blocked_until)).where(Claim.block_id == block_id)
    starts_at, until = tx.session.execute(times).one()
    return _view(tx.session, block_id, block.reason, starts_at, until)


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


@dataclass(frozen=True)
class Asked:
    """A block that is asked for: a number of pieces of one equipment, or exactly these items of it."""

    equipment_id: int
    starts_at: datetime
    until: datetime
    pieces: int = 0
    item_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """An item that cannot be blocked then: it is out (overdue, where `until` is past) or blocked already."""

    code: str
    is_out: bool
    until: datetime


@dataclass(frozen=True)
class Preview:
    """The items of a block and its effects: `moved` allocations move silently, `losses` lose an item."""

    item_ids: tuple[int, ...]
    codes: tuple[str, ...]
    moved: int
    losses: tuple[Loss, ...]
    left_out: tuple[LeftOut, ...]
    effect: Effect


def lendable(tx: Tx, equipment_id: int) -> int:
    """Count the items of an equipment that can be lent."""
    which = (Item.equipment_id == equipment_id) & Item.condition.in_(LENDABLE)
    return tx.session.scalar(select(func.count(Item.id)).where(which)) or 0


def choices(tx: Tx, equipment_id: int, *, page: int, per_page: int) -> list[tuple[int, str]]:
    """Return the ids and codes of items that can be lent, by code."""
    found = tx.session.execute(
        select(Item.id, Item.code)
        .where(Item.equipment_id == equipment_id, Item.condition.in_(LENDABLE))
        .order_by(Item.code)
        .limit(per_page)
        .offset(page * per_page)
    )
    return [(row.id, row.code) for row in found]


def codes(tx: Tx, item_ids: Sequence[int]) -> Sequence[str]:
    """Return the codes of these items, in order."""
    return tx.session.scalars(select(Item.code).where(Item.id.in_(item_ids)).order_by(Item.code)).all()


def preview(tx: Tx, asked: Asked) -> Preview:
    """Preview a block without creating it.

    Raises NOT_ALLOWED, NOT_FOUND, IN_THE_PAST, END_BEFORE_START, BAD_QUANTITY, ONLY_SOME_THEN, and OUT_THEN
    or BLOCKED_THEN for an item that cannot be blocked then.
    """
    tx.actor.require(Role.ADMIN)
    equipment = catalog.get(tx, asked.equipment_id)
    if asked.until <= tx.now:
        raise Refusal(Refused.IN_THE_PAST)
    starts_at = max(asked.starts_at, tx.now)
    if asked.until <= starts_at:
        raise Refusal(Refused.END_BEFORE_START)
    items = {item.id: item for item in catalog.items_of(tx.session, equipment.id)}
    left_out = _left_out(tx, list(items), starts_at, asked.until)
    if asked.item_ids:
        chosen = _exactly(items, asked.item_ids, left_out)
    else:
        lendable = [i for i, item in items.items() if item.condition in LENDABLE]
        free = [i for i in lendable if i not in left_out]
        if not 1 <= asked.pieces <= len(free):
            if not free and lendable:
                _refuse(left_out[lendable[0]])
            too_many = 1 <= asked.pieces <= len(lendable)
            raise Refusal(
                Refused.ONLY_SOME_THEN if too_many else Refused.BAD_QUANTITY,
                most=len(free) if too_many else len(lendable),
                name=equipment.name,
            )
        chosen = _some(tx, equipment, free, asked.pieces, starts_at, asked.until)
    found = effect(tx, tx.actor.organization_id, chosen, starts_at=starts_at, until=asked.until)
    return Preview(
        item_ids=tuple(chosen),
        codes=tuple(items[i].code for i in chosen),
        moved=len(found.moves),
        losses=tuple(losses(tx.session, found)),
        left_out=tuple(left for i, left in left_out.items() if i not in chosen),
        effect=found,
    )


def _left_out(tx: Tx, item_ids: Sequence[int], starts_at: datetime, until: datetime) -> dict[int, LeftOut]:
    rows = tx.session.execute(
        select(
            Claim.item_id,
            Item.code,
            Claim.status,
            Claim.blocked_until,
            Claim.starts_at,
            Claim.return_claimed_at,
            Rental.due_at,
        )
        .join(Item, Item.id == Claim.item_id)
        .outerjoin(Rental, Rental.id == Claim.rental_id)
        .where(
            Claim.item_id.in_(item_ids),
            (Claim.status == ClaimStatus.OUT)
            | ((Claim.status == ClaimStatus.HELD) & Claim.block_id.is_not(None)),
        )
        .order_by(Claim.starts_at)
    )
    found = {}
    for row in rows:
        is_out = row.status is ClaimStatus.OUT
        due_at = row.due_at or row.blocked_until
        overdue = is_out and row.return_claimed_at is None and due_at <= tx.now
        if overdue or (row.starts_at < until and starts_at < row.blocked_until):
            found[row.item_id] = LeftOut(row.code, is_out, due_at)
    return found


def _refuse(left: LeftOut) -> None:
    raise Refusal(Refused.OUT_THEN if left.is_out else Refused.BLOCKED_THEN, code=left.code, until=left.until)


def _exactly(items: dict[int, Item], item_ids: Sequence[int], left_out: dict[int, LeftOut]) -> list[int]:
    for item_id in item_ids:
        item = items.get(item_id)
        if item is None:
            raise Refusal(Refused.NOT_FOUND)
        if item.condition not in LENDABLE:
            raise Refusal(Refused.ITEM_NOT_LENDABLE, code=item.code, condition=item.condition)
        if item_id in left_out:
            _refuse(left_out[item_id])
    return sorted(set(item_ids), key=lambda i: items[i].code)


def _some(
    tx: Tx, equipment: Equipment, free: Sequence[int], pieces: int, starts_at: datetime, until: datetime
) -> list[int]:
    """Choose items that no rental misses where possible, else those with the fewest allocations then."""
    schedule = schedules.load(tx, equipment.organization_id, [equipment.id])
    allocation = schedule.allocate(equipment.id, [Wanted(starts_at, until)] * pieces)
    slots = {s.item_id: s for s in schedule.slots.get(equipment.id, ())}
    if allocation is not None:
        return sorted(allocation.items, key=lambda i: slots[i].code)

    def promised(item_id: int) -> tuple[int, int, str]:
        then = [b for b in slots[item_id].busy if b.starts_at < until and starts_at < b.until]
        return sum(not b.moves for b in then), len(then), slots[item_id].code

    return sorted(sorted(free, key=promised)[:pieces], key=lambda i: slots[i].code)


def create(tx: Tx, asked: Asked, *, reason: str, seen: Collection[int] | None = None) -> Block:
    """Create a block.

    `seen`: the rentals that the person knows to lose an item; None: all are known. Raises as `preview` does,
    TEXT_EXPECTED, TOO_MUCH_TEXT, MORE_RENTALS_AFFECTED.
    """
    tx.actor.require(Role.ADMIN)
    reason = reason.strip()
    if not reason:
        raise Refusal(Refused.TEXT_EXPECTED)
    if len(reason) > LONGEST_REASON:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_REASON)
    reservations.lock(tx.session, [asked.equipment_id])
    found = preview(tx, asked)
    if seen is not None and not {loss.rental_id for loss in found.losses} <= set(seen):
        raise Refusal(Refused.MORE_RENTALS_AFFECTED)
    block = Block(
        organization_id=tx.actor.organization_id,
        reason=reason,
        created_by=tx.actor.user_id,
        created_at=tx.now,
    )
    tx.session.add(block)
    tx.session.flush()
    block_id = block.id
    audit.note(
        tx,
        "block",
        "block",
        block_id,
        items=list(found.item_ids),
        starts_at=max(asked.starts_at, tx.now).isoformat(),
        until=asked.until.isoformat(),
        reason=reason,
    )
    carry_out(tx, found.effect, reason=reason)
    tx.session.add_all(
        Claim(
            organization_id=tx.actor.organization_id,
            item_id=item_id,
            block_id=block_id,
            status=ClaimStatus.HELD,
            starts_at=max(asked.starts_at, tx.now),
            blocked_until=asked.until,
        )
        for item_id in found.item_ids
    )
    tx.session.flush()
    return block


def end(tx: Tx, block_id: int) -> Block:
    """End a block: its items can be lent again from now on. Raises NOT_FOUND, NOT_ALLOWED, BLOCK_OVER."""
    block = tx.session.get(Block, block_id)
    if block is None or block.organization_id != tx.actor.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    tx.session.refresh(block, with_for_update=True)
    claims = tx.session.scalars(
        select(Claim).where(
            Claim.block_id == block_id, Claim.status == ClaimStatus.HELD, Claim.blocked_until > tx.now
        )
    ).all()
    if block.ended_at is not None or not claims:
        names = identity.names(tx.session, [block.ended_by])
        raise Refusal(Refused.BLOCK_OVER, by=names.get(block.ended_by) if block.ended_by else None)
    tx.actor.require(Role.ADMIN)
    block.ended_at, block.ended_by = tx.now, tx.actor.user_id
    begun = [claim.id for claim in claims if claim.starts_at < tx.now]
    move_claims(tx.session, [claim.id for claim in claims if claim.id not in begun], ClaimStatus.RELEASED)
    shortened = update(Claim).where(Claim.id.in_(begun)).values(blocked_until=tx.now)
    tx.session.execute(shortened.execution_options(synchronize_session="fetch"))
    audit.note(tx, "end", "block", block_id)
    return block
