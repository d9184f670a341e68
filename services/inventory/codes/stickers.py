"""Codes of the stickers that items already have: EAN, Code 128, DataMatrix. Each leads to one item."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from db.models import Equipment, Item, ItemCode
from db.states import Role
from services.core import locks
from services.core.errors import Refusal, Refused
from services.core.text import limit, same_letters
from services.core.tx import Tx
from services.inventory import catalog, editing
from services.inventory.codes.forms import compared, has_sticker

LONGEST = limit(ItemCode.code)


def of_items(session: Session, item_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """Return the codes of these items as they were written, the oldest first."""
    found: dict[int, list[str]] = {item_id: [] for item_id in item_ids}
    rows = session.execute(
        select(ItemCode.item_id, ItemCode.code).where(ItemCode.item_id.in_(item_ids)).order_by(ItemCode.id)
    )
    for item_id, code in rows:
        found[item_id].append(code)
    return found


def restore(tx: Tx, codes: Mapping[int, Sequence[str]]) -> None:
    """Give items back the codes that they had, but for those that another has by now."""
    tx.session.execute(delete(ItemCode).where(ItemCode.item_id.in_(codes)))
    wanted = {compared(one): (item_id, one) for item_id, former in codes.items() for one in former}
    taken = select(ItemCode.compared).filter_by(organization_id=tx.organization_id)
    for form in tx.session.scalars(taken.where(ItemCode.compared.in_(wanted))):
        wanted.pop(form)
    tx.session.add_all(
        ItemCode(
            organization_id=tx.organization_id,
            item_id=item_id,
            code=code,
            compared=form,
            created_at=tx.now,
        )
        for form, (item_id, code) in wanted.items()
    )
    tx.session.flush()


def listed(session: Session, item_id: int) -> Sequence[ItemCode]:
    """Return an item's codes, the oldest first."""
    return session.scalars(select(ItemCode).filter_by(item_id=item_id).order_by(ItemCode.id)).all()


def add(tx: Tx, item_id: int, text: str, kind: str = "") -> Item:
    """Give an item a code; one that it has already stays as it is.

    Raises NOT_ALLOWED, NOT_FOUND, CODE_EMPTY, TOO_MUCH_TEXT, and CODE_TAKEN where it is another item's code
    or serial number.
    """
    tx.actor.require(Role.LENDER)
    locks.one_at_a_time(tx.session, tx.organization_id)
    item = catalog.get_item(tx, item_id)
    tx.session.refresh(item, with_for_update=locks.SHAPE)
    code = editing.line(text, LONGEST)
    form = compared(code)
    if not form:
        raise Refusal(Refused.CODE_EMPTY)
    if form in map(compared, (item.code, item.serial_number or "")):
        return item
    mine = {row.compared for row in listed(tx.session, item.id)}
    if form in mine:
        return item
    require_of_nobody_else(tx, item, code)
    tx.session.add(
        ItemCode(
            organization_id=tx.organization_id,
            item_id=item.id,
            code=code,
            compared=form,
            kind=kind,
            created_at=tx.now,
        )
    )
    editing.changed(tx, item, other_code=[None, code])
    return item


def remove(tx: Tx, item_id: int, code_id: int) -> Item:
    """Take a code from an item; one that is gone stays gone. Raises NOT_ALLOWED, NOT_FOUND."""
    item = editing.open_item(tx, item_id)
    row = tx.session.get(ItemCode, code_id)
    if row is not None and row.item_id == item.id:
        tx.session.delete(row)
        editing.changed(tx, item, other_code=[row.code, None])
    return item


def require_of_nobody_else(tx: Tx, item: Item, code: str) -> None:
    """Raise CODE_TAKEN where another item has this as a sticker's or its own code, or as serial number."""
    written = {code, compared(code)}
    other = tx.session.execute(
        select(Item.code, Equipment.name)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(
            Item.organization_id == tx.organization_id,
            Item.id != item.id,
            or_(
                has_sticker(tx.organization_id, code),
                same_letters(Item.code, written),
                same_letters(Item.serial_number, written),
            ),
        )
        .limit(1)
    ).first()
    if other is not None:
        raise Refusal(Refused.CODE_TAKEN, code=other.code, name=other.name)
