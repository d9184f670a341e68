"""Equipment that has words, by an index of what its words consist of (`EquipmentPart`)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, or_, select

from db.models import Equipment, EquipmentPart
from db.models.inventory import LONGEST_PART
from services.inventory.search.word_search import asked, has_words, literals

_LAST = "\U0010ffff"


def with_words(organization_id: int | BindParameter[Any], words: str, most: int) -> ColumnElement[bool]:
    """Match the organization's equipment that has the first `most` words, as `has_words` does.

    Without a word all of it. Where there are words, the organization is not asked for a second time: SQLite
    would read all that it has.
    """
    said = asked(words, most)
    if not said:
        return Equipment.organization_id == organization_id
    near = (may_have(organization_id, literals(word)) for word in said)
    return and_(*near, *has_words(Equipment.search_text, words, most))


def containing(organization_id: int, words: Sequence[str]) -> ColumnElement[bool]:
    """Match the organization's equipment whose text has all of these, folded and without spaces."""
    near = (may_have(organization_id, [word]) for word in words)
    return and_(*near, *(Equipment.search_text.contains(word, autoescape=True) for word in words))


def may_have(organization_id: int | BindParameter[Any], any_of: Sequence[str]) -> ColumnElement[bool]:
    """Match the organization's equipment that may have one of these: what is longer than a part is cut."""
    cut = {one[:LONGEST_PART] for one in any_of}
    begins = [and_(EquipmentPart.part >= one, EquipmentPart.part < one + _LAST) for one in sorted(cut)]
    return Equipment.id.in_(
        select(EquipmentPart.equipment_id).where(
            EquipmentPart.organization_id == organization_id, or_(*begins)
        )
    )
