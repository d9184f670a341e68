"""The form in which a code is compared, however a scanner or a person writes it."""

import unicodedata

from sqlalchemy import ColumnElement, select

from db.models import Item, ItemCode


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
    return Item.id.in_(
        select(ItemCode.item_id).where(
            ItemCode.organization_id == organization_id, ItemCode.compared == compared(code)
        )
    )
