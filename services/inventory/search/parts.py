"""Equipment that has words, by an index of what its words consist of (`EquipmentPart`)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, String, and_, bindparam, or_, select

from db.models import Equipment, EquipmentPart
from db.models.inventory import LONGEST_PART
from services.inventory.search.word_search import (
    NOWHERE,
    Bound,
    asked,
    found_by,
    has_words,
    like,
    literals,
)

_LAST = "\U0010ffff"


def bound(words: str, most: int, prefix: str = "") -> tuple[Bound, dict[str, Any]]:
    """Return the shape of the first `most` words, and the parameters for a statement that is built of it."""
    said = asked(words, most)
    begins = [_padded(_cut(literals(word))) for word in said]
    shape, values = Bound(tuple(len(some) for some in begins), prefix), {}
    for n, (word, some) in enumerate(zip(said, begins, strict=True)):
        has, pattern = found_by(word)
        values[shape.name("like", n)] = f"%{like(word)}%" if has else None
        values[shape.name("pattern", n)] = pattern or NOWHERE
        for part, one in enumerate(some):
            values |= {shape.name("from", n, part): one, shape.name("to", n, part): one + _LAST}
    return shape, values


def _padded(some: list[str]) -> list[str]:
    """Repeat the last until there are 1, 2, 4, 8, ... of them: fewer shapes."""
    return some + some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))


def with_words(
    organization_id: int | BindParameter[Any], words: str | Bound, most: int
) -> ColumnElement[bool]:
    """Match the organization's equipment that has the first `most` words, as `has_words` does.

    Without a word all of it. Where there are words, the organization is not asked for a second time: SQLite
    would read all that it has.
    """
    if isinstance(words, Bound):
        near = [_may_have_bound(organization_id, words, n) for n in range(len(words.ranges))]
    else:
        near = [may_have(organization_id, literals(word)) for word in asked(words, most)]
    if not near:
        return Equipment.organization_id == organization_id
    return and_(*near, *has_words(Equipment.search_text, words, most))


def containing(organization_id: int, words: Sequence[str]) -> ColumnElement[bool]:
    """Match the organization's equipment whose text has all of these, folded and without spaces."""
    near = (may_have(organization_id, [word]) for word in words)
    return and_(*near, *(Equipment.search_text.contains(word, autoescape=True) for word in words))


def may_have(organization_id: int | BindParameter[Any], any_of: Sequence[str]) -> ColumnElement[bool]:
    """Match the organization's equipment that may have one of these: what is longer than a part is cut."""
    return _in_ranges(organization_id, [(one, one + _LAST) for one in _cut(any_of)])


def _cut(any_of: Sequence[str]) -> list[str]:
    return sorted({one[:LONGEST_PART] for one in any_of})


def _may_have_bound(organization_id: int | BindParameter[Any], words: Bound, n: int) -> ColumnElement[bool]:
    ends = [(words.name("from", n, part), words.name("to", n, part)) for part in range(words.ranges[n])]
    ranges = [(bindparam(first, type_=String), bindparam(last, type_=String)) for first, last in ends]
    return _in_ranges(organization_id, ranges)


def _in_ranges(
    organization_id: int | BindParameter[Any], ranges: Sequence[tuple[Any, Any]]
) -> ColumnElement[bool]:
    begins = [and_(EquipmentPart.part >= first, EquipmentPart.part < last) for first, last in ranges]
    return Equipment.id.in_(
        select(EquipmentPart.equipment_id).where(
            EquipmentPart.organization_id == organization_id, or_(*begins)
        )
    )
