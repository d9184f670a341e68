"""Codes of stickers in a chunk of rows: which item has each, and what changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import bindparam, delete, insert, or_, select

from db.models import Item, ItemCode
from services.core.tx import Tx
from services.imports.inventory.rows import Row
from services.imports.lookups.among import among, in_each_case, same_letters
from services.inventory.codes import stickers
from services.inventory.codes.forms import compared

_ITEMS = cast("sa.Table", Item.__table__)
_CODES = cast("sa.Table", ItemCode.__table__)
_HERE = _ITEMS.c.organization_id == bindparam("organization")
_IDS = select(_ITEMS.c.code, _ITEMS.c.id).where(_HERE, among(_ITEMS.c.code, "codes"))
_HOLDERS = (
    select(_CODES.c.compared, _ITEMS.c.code)
    .join(_ITEMS, _ITEMS.c.id == _CODES.c.item_id)
    .where(_CODES.c.organization_id == bindparam("organization"), among(_CODES.c.compared, "forms"))
)
_OWNERS = select(_ITEMS.c.code, _ITEMS.c.serial_number).where(
    _HERE, or_(same_letters(_ITEMS.c.code, "texts"), same_letters(_ITEMS.c.serial_number, "texts"))
)


@dataclass(frozen=True)
class Taken:
    """A code of a row that leads to another item, with that item's own code."""

    value: str
    by: str
    is_own_code: bool


class Stickers:
    """The codes that the rows of a chunk name, with the item of each, by the item's own code as compared.

    `items` are the existing items that the rows may be about: their own code by id.
    """

    def __init__(self, tx: Tx, rows: Sequence[Row], items: Mapping[int, str]) -> None:
        self.tx = tx
        named = {code for row in rows for code in row.other_codes or ()}
        known = {compared(code) for code in items.values()}
        new = {compared(row.code) for row in rows if row.code} - known
        forms = {compared(code) for code in named} | new
        self._holder = _stickers(tx, forms)
        self._owner = _owners(tx, named)
        self._is_said = any(row.other_codes is not None for row in rows)
        self._before = stickers.of_items(tx.session, list(items)) if self._is_said else {}
        self._wanted: dict[str, tuple[int | None, tuple[str, ...]]] = {}

    def taken(self, row: Row, code: str) -> Taken | None:
        """Return what keeps the row's item, which has this own code or will, from having its codes."""
        if row.code and self._holder and self._is_others(self._holder, compared(row.code), code):
            return Taken(row.code, self._holder[compared(row.code)], True)
        for one in row.other_codes or ():
            for leads in (self._holder, self._owner):
                if self._is_others(leads, compared(one), code):
                    return Taken(one, leads[compared(one)], False)
        return None

    @staticmethod
    def _is_others(leads: dict[str, str], form: str, code: str) -> bool:
        return form in leads and compared(leads[form]) != compared(code)

    def own(self, code: str, serial: str | None) -> None:
        """Note the own code and the serial number of an item, which no later row can have on a sticker."""
        if not self._is_said:
            return
        for text in filter(None, (code, serial)):
            self._owner.setdefault(compared(text), code)

    def put(self, item_id: int | None, code: str, codes: Collection[str]) -> list[str] | None:
        """Let the item have these codes and no others; return the former ones, None where nothing changes."""
        forms = {compared(one): one for one in codes if compared(one)}
        before = {compared(one) for one in self._before.get(item_id or 0, ())}
        for form in before - forms.keys():
            self._holder.pop(form, None)
        self._holder.update(dict.fromkeys(forms, code))
        if forms.keys() == before:
            return None
        self._wanted[code] = (item_id, tuple(forms.values()))
        return list(self._before.get(item_id or 0, ()))

    def write(self) -> None:
        """Write what changed, once the new items are there."""
        if not self._wanted:
            return
        new = [code for code, (item_id, _) in self._wanted.items() if item_id is None]
        ids: dict[str, int] = {}
        if new:
            wanted = {"organization": self.tx.organization_id, "codes": new}
            ids = {row.code: row.id for row in self.tx.session.execute(_IDS, wanted)}
        known = {code: item_id or ids[code] for code, (item_id, _) in self._wanted.items()}
        gone: list[tuple[int, set[str]]] = []
        values: list[dict[str, Any]] = []
        for code, (_, codes) in self._wanted.items():
            item_id = known[code]
            before = {compared(one) for one in self._before.get(item_id, ())}
            forms = {compared(one): one for one in codes}
            if before - forms.keys():
                gone.append((item_id, before - forms.keys()))
            values += [
                {
                    "organization_id": self.tx.organization_id,
                    "item_id": item_id,
                    "code": one,
                    "compared": form,
                    "created_at": self.tx.now,
                }
                for form, one in forms.items()
                if form not in before
            ]
        for item_id, forms_gone in gone:
            self.tx.session.execute(
                delete(ItemCode).where(ItemCode.item_id == item_id, ItemCode.compared.in_(forms_gone))
            )
        if values:
            self.tx.session.execute(insert(_CODES), values)


def _stickers(tx: Tx, forms: Collection[str]) -> dict[str, str]:
    """Return the own code of the item that has a sticker, by the sticker's compared form."""
    if not forms:
        return {}
    rows = tx.session.execute(_HOLDERS, {"organization": tx.organization_id, "forms": forms})
    return {row.compared: row.code for row in rows}


def _owners(tx: Tx, named: Collection[str]) -> dict[str, str]:
    """Return the own code of the items that have one of these as their code or serial number."""
    if not named:
        return {}
    written = {form for code in named for form in (code, compared(code))}
    rows = tx.session.execute(_OWNERS, {"organization": tx.organization_id, "texts": in_each_case(written)})
    found: dict[str, str] = {}
    for code, serial in rows:
        found[compared(code)] = code
        if serial:
            found.setdefault(compared(serial), code)
    return found
