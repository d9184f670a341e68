"""The form in which a code is compared, however a scanner or a person writes it."""

import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    select,
    union,
)
from sqlalchemy.orm import Session

from db.models import Item, ItemCode
from services.core.text import written_and_lower


def compared(code: str) -> str:
    """Return a code in one case, without spaces and invisible characters, a UPC without its EAN's zero."""
    if code.isascii() and code.isprintable():
        form = code.lower().replace(" ", "")
    else:
        folded = unicodedata.normalize("NFC", code).casefold()
        form = "".join(c for c in folded if c.isprintable() and not c.isspace())
    return form[1:] if _is_upc(form) else form


def _is_upc(form: str) -> bool:
    """Return whether it is an EAN of 13 digits that a scanner may also read as a UPC of 12."""
    if len(form) != 13 or not (form.isascii() and form.isdigit()) or form[0] != "0":
        return False
    digits = [int(c) for c in form]
    return (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def has_sticker(organization_id: int, code: str) -> ColumnElement[bool]:
    """Match the item of this organization that has a sticker with this code."""
    return Item.id.in_(with_sticker(organization_id, {code}))


def with_sticker(organization_id: int, codes: Collection[str]) -> Select[Any]:
    """Select the ids of the organization's items that have a sticker with one of these codes."""
    return select(ItemCode.item_id).where(
        ItemCode.organization_id == organization_id,
        ItemCode.compared.in_({compared(code) for code in codes}),
    )


def with_letters(organization_id: int, column: Any, texts: Collection[str]) -> Select[Any]:
    """Select the ids of the organization's items in which a column is one of these, as `same_letters` does,
    by the index of the column in lower case.
    """
    written, _ = written_and_lower(texts)
    lowered = [form for one in sorted(written) for form in (func.lower(one), one.lower())]
    return select(Item.id).where(own(organization_id), func.lower(column).in_(lowered))


@lru_cache(64)
def _with_codes(number: int) -> Select[Any]:
    """Return the statement of `with_codes` for so many, built once: a typed line asks it for each reading."""
    here: BindParameter[int] = bindparam("organization")
    forms: BindParameter[str] = bindparam("forms", expanding=True)
    lowered: list[ColumnElement[Any]] = []
    for n in range(number):
        lowered += [
            func.lower(bindparam(f"written_{n}", type_=String)),
            bindparam(f"lower_{n}", type_=String),
        ]
    letters = select(Item.id).where(own(here), func.lower(Item.code).in_(lowered))
    found = ItemCode.organization_id == here, ItemCode.compared.in_(forms)
    stickers = select(ItemCode.item_id, ItemCode.compared).where(*found).subquery()
    return (
        select(Item, stickers.c.compared)
        .outerjoin(stickers, stickers.c.item_id == Item.id)
        .where(Item.id.in_(union(letters, select(ItemCode.item_id).where(*found))))
        .order_by(Item.id)
    )


def with_codes(session: Session, organization_id: int, codes: Collection[str]) -> Sequence[Row[Any, Any]]:
    """Return the organization's items with these codes, each with the form of a sticker that it has."""
    written = sorted(written_and_lower(codes)[0])
    values = {f"written_{n}": one for n, one in enumerate(written)}
    values |= {f"lower_{n}": one.lower() for n, one in enumerate(written)}
    forms = sorted({compared(one) for one in codes})
    return session.execute(
        _with_codes(len(written)), {"organization": organization_id, "forms": forms, **values}
    ).all()


def own(organization_id: int | BindParameter[Any]) -> ColumnElement[bool]:
    """Match the organization's items, not by an index: SQLite would take it, and read all of them."""
    return literal_column("+items.organization_id", Integer) == organization_id
