"""Names and codes that are there already in another spelling, or names told apart by brand and model."""

from collections.abc import Collection, Sequence
from typing import cast

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from db.models import Equipment, Item
from services.core.text import fold
from services.core.tx import Tx
from services.imports.inventory.rows import Row
from services.imports.lookups.among import among, in_each_case, same_letters

_EQUIPMENT = cast("sa.Table", Equipment.__table__)
_ITEMS = cast("sa.Table", Item.__table__)
_SPELLED = (
    select(_EQUIPMENT.c.name, _EQUIPMENT.c.brand, _EQUIPMENT.c.model)
    .where(
        _EQUIPMENT.c.organization_id == bindparam("organization"), same_letters(_EQUIPMENT.c.name, "names")
    )
    .order_by(_EQUIPMENT.c.id.desc())
)
_CODED = (
    select(_EQUIPMENT.c.name, _ITEMS.c.code)
    .join(_EQUIPMENT, _EQUIPMENT.c.id == _ITEMS.c.equipment_id)
    .where(_ITEMS.c.organization_id == bindparam("organization"), among(_ITEMS.c.code, "codes"))
)
_ANY_ZERO = (
    select(_ITEMS.c.id)
    .where(_ITEMS.c.organization_id == bindparam("organization"), _ITEMS.c.code.startswith("0"))
    .limit(1)
)


def settle(tx: Tx, rows: Sequence[Row]) -> None:
    """Give each row the name under which its equipment is known, if it is."""
    wanted = {row.name for row in rows} | {row.full_name for row in rows if row.full_name}
    values = {"organization": tx.organization_id, "names": in_each_case(wanted)}
    known = {row.name: (row.brand, row.model) for row in tx.session.execute(_SPELLED, values)}
    spelled = {fold(name): name for name in known}
    settled: dict[tuple[str, str], str] = {}
    for row in rows:
        names = row.name, row.full_name
        if names not in settled:
            settled[names] = _known(row, known, spelled)
        row.name = settled[names]


def _known(row: Row, known: dict[str, tuple[str, str]], spelled: dict[str, str]) -> str:
    if row.full_name and (found := spelled.get(fold(row.full_name))):
        return found
    return row.name if row.name in known else spelled.get(fold(row.name), row.name)


_LONGEST_NUMBER = 14
"""Digits of the longest number of a label, that of a carton."""


def with_zeros(number: str) -> set[str]:
    """Return a number with other zeros in front, or none: a spreadsheet drops them when it saves a CSV."""
    bare = number.lstrip("0")
    if not bare or not (number.isascii() and number.isdecimal()):
        return set()
    longest = max(_LONGEST_NUMBER, len(number))
    return {bare.rjust(width, "0") for width in range(len(bare), longest + 1)} - {number}


def settle_codes(tx: Tx, rows: Sequence[Row], there: Collection[str]) -> None:
    """Give each row whose code is a number the code of its equipment's item that differs in zeros in front.

    `there`: the codes that are known as they are. Of several such items none is meant.
    """
    forms = {code: with_zeros(code) for row in rows if (code := row.code).isdecimal() and code not in there}
    wanted = set[str]().union(*forms.values())
    if not wanted or not _has_numbers(tx, forms):
        return
    said = {row.code for row in rows}
    found: dict[tuple[str, str], set[str]] = {}
    for name, code in tx.session.execute(_CODED, {"organization": tx.organization_id, "codes": wanted}):
        if code not in said:
            found.setdefault((name, code.lstrip("0")), set()).add(code)
    for row in rows:
        same = found.get((row.name, row.code.lstrip("0")), ()) if forms.get(row.code) else ()
        if len(same) == 1:
            row.written_code, row.code = row.code, next(iter(same))


def _has_numbers(tx: Tx, forms: Collection[str]) -> bool:
    """Return whether any code begins with a zero, here or in the file: in most inventories none does."""
    is_here = tx.session.scalar(_ANY_ZERO, {"organization": tx.organization_id}) is not None
    return is_here or any(code.startswith("0") for code in forms)
