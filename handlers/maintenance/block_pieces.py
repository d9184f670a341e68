"""Number of pieces to block, or the items."""

import re

from db.models import Conversation as Row
from db.states import Role
from handlers.maintenance import block_screens as screens
from handlers.maintenance.block_days import DAYS, FIRST, problem, take_said
from handlers.maintenance.data import BlockData
from handlers.ui import conversation
from handlers.ui.form import number
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.inventory import catalog
from services.maintenance import blocks

CHOOSE = "choose"

_MOST_CODES = 200
_ALL = ("all", "alle")


def tap_pieces(step: Request, row: Row, value: str) -> None:
    take_pieces(step, row, number(value))


def take_pieces(step: Request, row: Row, pieces: int) -> None:
    most = blocks.lendable(step.tx, BlockData.of(row).equipment_id)
    if 1 <= pieces <= most:
        conversation.update(row, BlockData(pieces=pieces, items=(), month=None), to=FIRST)
        take_said(step, row)
    else:
        problem(row, Refusal(Refused.BAD_QUANTITY, most=most, name=screens.name_of(step.tx, row)))


def to_choose(step: Request, row: Row, value: str) -> None:
    conversation.update(row, BlockData(page=number(value)), to=CHOOSE)


def tap_item(step: Request, row: Row, value: str) -> None:
    item, _, on = value.partition("/")
    chosen = set(BlockData.of(row).items) - {number(item)}
    if on == "1":
        chosen.add(number(item))
    conversation.update(row, BlockData(items=tuple(sorted(chosen))))


def chosen(step: Request, row: Row, _value: str) -> None:
    if BlockData.of(row).items:
        conversation.update(row, BlockData(pieces=0, page=0, month=None), to=FIRST)
        take_said(step, row)


def typed_pieces(step: Request, row: Row, text: str) -> None:
    """Take a number or codes; a first day where the block is about one item already."""
    step.active().require(Role.ADMIN)
    if BlockData.of(row).item_id:
        DAYS.typed_first(step, row, text)
        return
    text = " ".join(text.split())[:1000]
    if text.lower() in _ALL:
        take_pieces(step, row, blocks.lendable(step.tx, BlockData.of(row).equipment_id))
        return
    if text.isascii() and text.isdigit() and len(text) < 6:
        known = catalog.item_by_code(step.tx.of(row.organization_id), text)
        if known is None or known.equipment_id != BlockData.of(row).equipment_id:
            take_pieces(step, row, int(text))
            return
    typed_codes(step, row, text)


def typed_codes(step: Request, row: Row, text: str) -> None:
    step.active().require(Role.ADMIN)
    found = []
    for code in _codes(step, row, text):
        item = catalog.item_by_code(step.tx.of(row.organization_id), code)
        if item is None or item.equipment_id != BlockData.of(row).equipment_id:
            problem(
                row,
                Refusal(Refused.NOT_FOUND)
                if item is None
                else Refusal(Refused.WRONG_EQUIPMENT, code=item.code),
            )
            return
        found.append(item.id)
    conversation.update(
        row, BlockData(items=tuple(sorted(set(found))), pieces=0, page=0, month=None), to=FIRST
    )
    take_said(step, row)


def _codes(step: Request, row: Row, text: str) -> list[str]:
    """Split a line into codes, which may contain blanks: whole, else at commas, else at blanks."""
    if catalog.item_by_code(step.tx.of(row.organization_id), text) is not None:
        return [text]
    parts = re.split(r"[,;]", text) if re.search(r"[,;]", text) else text.split()
    return [part.strip() for part in parts if part.strip()][:_MOST_CODES]
