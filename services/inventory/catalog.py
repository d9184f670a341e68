"""The equipment that members can rent: searched by words, type, tag or code."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from db.models import (
    Equipment,
    EquipmentTag,
    Item,
    ItemCode,
    Kit,
    Organization,
    Photo,
)
from db.states import Role
from services.availability import schedules
from services.core import policy
from services.core.errors import Refusal, Refused
from services.core.text import fold, limit
from services.core.tx import Tx
from services.inventory import kits
from services.inventory.codes.forms import compared, with_codes
from services.inventory.search.parts import with_words

MOST_WORDS = 8

LONGEST_CODE = limit(ItemCode.code)
"""Characters of the longest code that leads to an item."""


@dataclass(frozen=True)
class Entry:
    """A line in a list of equipment: the number of pieces, and how many are free now.

    With `kit_id` it is a kit, and `equipment_id` is 0; then the numbers say how often the kit is available
    with nothing out, and now. `needed`: the minimum role for renting it. `free`: on the days in question,
    where there are any.
    """

    equipment_id: int
    name: str
    pieces: int
    free_now: int
    kit_id: int | None = None
    needed: Role = Role.USER
    free: int | None = None


@dataclass(frozen=True)
class Named:
    """Equipment, or with `kit_id` a kit, by its name; the equipment id of a kit is 0."""

    equipment_id: int
    name: str
    kit_id: int | None = None


@dataclass(frozen=True)
class Meant:
    """Matches for one reading of a line: the item with that code, and all with the words, best first."""

    item: Item | None
    named: tuple[Named, ...]

    @property
    def is_known(self) -> bool:
        return self.item is not None or bool(self.named)


MOST_MEANT = 50
"""Maximum number of matches for one reading."""


@dataclass(frozen=True)
class Page:
    entries: tuple[Entry, ...]
    total: int
    page: int
    pages: int


Param = BindParameter[Any]


def matching(
    organization_id: int | Param, words: str, type_: str | Param | None, tag_id: int | Param | None
) -> ColumnElement[bool]:
    condition = listed_only() & with_words(organization_id, words, MOST_WORDS)
    if type_ is not None:
        condition &= Equipment.type == type_
    if tag_id is not None:
        condition &= Equipment.id.in_(select(EquipmentTag.equipment_id).where(EquipmentTag.tag_id == tag_id))
    return condition


def listed_only() -> ColumnElement[bool]:
    """Match equipment that is in use and has an item to lend, in the words of its indexes."""
    return Equipment.retired_at.is_(None) & (Equipment.lendable > literal_column("0"))


_ORGANIZATION: Param = bindparam("organization")


def search_equipment(
    tx: Tx,
    *,
    words: str = "",
    type_: str | None = None,
    tag_id: int | None = None,
    page: int = 0,
    per_page: int = 8,
) -> Page:
    """Search equipment whose text has all the words, best first. A page beyond the end is the last one.

    An item's code finds its equipment. Equipment without a lendable item is left out.
    """
    condition = matching(tx.organization_id, words, type_, tag_id)
    by_code = _equipment_by_code(tx, words)
    if by_code is not None:
        condition = or_(condition, Equipment.id == by_code)
    total = tx.session.scalar(select(func.count(Equipment.id)).where(condition)) or 0
    pages = max(1, -(-total // per_page))
    page = min(max(page, 0), pages - 1)
    found = tx.session.execute(
        _ranked(select(Equipment.id, Equipment.name).where(condition), fold(words))
        .limit(per_page)
        .offset(page * per_page)
    ).all()
    return Page(entries(tx, [r.id for r in found]), total, page, pages)


def _ranked(query: Select[int, str], folded: str) -> Select[int, str]:
    """Order equipment that begins with the words first, then by name."""
    if folded:
        query = query.order_by(Equipment.search_text.startswith(folded, autoescape=True).desc())
    return query.order_by(func.lower(Equipment.name), Equipment.id)


_NAMES_AND_RULES = (
    select(Equipment.id, Equipment.name, Equipment.policy.label("own"), Organization.policy.label("usual"))
    .join(Organization, Organization.id == Equipment.organization_id)
    .where(Equipment.id.in_(bindparam("ids", expanding=True)))
)


def entries(tx: Tx, equipment_ids: Sequence[int]) -> tuple[Entry, ...]:
    """Return the list entries of these equipment, in this order."""
    if not equipment_ids:
        return ()
    schedule = schedules.load(tx, tx.organization_id, equipment_ids)
    # A list that one impossible rule empties could not lead to where it is set anew.
    rows = {
        row.id: (row.name, policy.readable({**row.usual, **row.own})[0].who_may_rent)
        for row in tx.session.execute(_NAMES_AND_RULES, {"ids": list(equipment_ids)})
    }
    return tuple(
        Entry(i, rows[i][0], schedule.pieces(i), schedule.free_at(i, tx.now), needed=rows[i][1])
        for i in equipment_ids
    )


def get(tx: Tx, equipment_id: int) -> Equipment:
    """Return the organization's equipment. Raises NOT_FOUND, also for another organization's."""
    found = tx.session.get(Equipment, equipment_id)
    if found is None or found.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return found


def find(tx: Tx, equipment_id: int) -> Equipment | None:
    """Return equipment of any organization; None where there is none."""
    return tx.session.get(Equipment, equipment_id)


def get_item(tx: Tx, item_id: int) -> Item:
    """Return the organization's item. Raises NOT_FOUND, also for another organization's."""
    found = tx.session.get(Item, item_id)
    if found is None or found.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return found


def find_item(tx: Tx, item_id: int) -> Item | None:
    """Return an item of any organization; None where there is none."""
    return tx.session.get(Item, item_id)


def items_of(session: Session, equipment_id: int) -> Sequence[Item]:
    return session.scalars(select(Item).filter_by(equipment_id=equipment_id).order_by(Item.code)).all()


def item_by_code(tx: Tx, code: str) -> Item | None:
    """Return the item with this code, preferring the exact spelling over one in other case.

    The code of a sticker that it has leads to it too.
    """
    return items_by_code(tx, [code]).get(code)


def _equipment_by_code(tx: Tx, words: str) -> int | None:
    item = item_by_code(tx, words)
    return item.equipment_id if item is not None else None


def item_by_label(tx: Tx, token: str) -> Item:
    """Return the item whose label was scanned. Raises NOT_FOUND, also for another organization's."""
    found = labelled(tx, token)
    if found is None:
        raise Refusal(Refused.NOT_FOUND)
    return found


def labelled(tx: Tx, token: str) -> Item | None:
    """Return the organization's item with this label; None for an unknown one, and for another's."""
    return tx.session.scalar(select(Item).filter_by(label_token=token, organization_id=tx.organization_id))


def photo_of(session: Session, equipment: Equipment) -> Photo | None:
    return session.get(Photo, equipment.photo_id) if equipment.photo_id is not None else None


def search(
    tx: Tx,
    *,
    words: str = "",
    type_: str | None = None,
    tag_id: int | None = None,
    page: int = 0,
    per_page: int = 8,
) -> Page:
    """Search as `search_equipment` does, with kits by name; a type or a tag leaves kits out."""
    item = item_by_code(tx, words)
    is_plain = item is None and not fold(words)
    total = _number(tx, words, item, type_, tag_id)
    pages = max(1, -(-total // per_page))
    page = min(max(page, 0), pages - 1)
    if is_plain:
        those = _asked(tx, type_, tag_id) | {"most": (page + 1) * per_page}
        query = _plain(type_ is not None, tag_id is not None)
        rows = tx.session.execute(query, {**those, "limit": per_page, "offset": page * per_page}).all()
    else:
        both = _both(tx.organization_id, words, item, type_, tag_id)
        best = select(both.c.id, both.c.kit).order_by(*_best_first(both, words))
        rows = tx.session.execute(best.limit(per_page).offset(page * per_page)).all()
    plain = entries(tx, [r.id for r in rows if not r.kit])
    by_id = {entry.equipment_id: entry for entry in plain}
    kits_by_id = {entry.kit_id: entry for entry in kit_entries(tx, [r.id for r in rows if r.kit])}
    found_entries = tuple(kits_by_id[r.id] if r.kit else by_id[r.id] for r in rows)
    return Page(found_entries, total, page, pages)


def ranked(tx: Tx, words: str, type_: str | None, tag_id: int | None) -> Select[Any, Any]:
    """Return a query of all that `search` finds, best first: ids, and whether they are those of kits."""
    both = _both(tx.organization_id, words, item_by_code(tx, words), type_, tag_id)
    return select(both.c.id, both.c.kit).order_by(*_best_first(both, words))


def _number(
    tx: Tx, words: str, item: Item | None, type_: str | None = None, tag_id: int | None = None
) -> int:
    if item is not None:
        both = _both(tx.organization_id, words, item, type_, tag_id)
        return tx.session.scalar(select(func.count()).select_from(both)) or 0
    # Not of the union: SQLite would read more of each than its index.
    if not fold(words):
        asked = _asked(tx, type_, tag_id)
        return tx.session.scalar(_plain_number(type_ is not None, tag_id is not None), asked) or 0
    return tx.session.scalar(_counting(tx.organization_id, words, type_, tag_id)) or 0


def _counting(
    organization_id: int | Param, words: str, type_: str | Param | None, tag_id: int | Param | None
) -> Select[int]:
    matches = matching(organization_id, words, type_, tag_id)
    number = select(func.count()).select_from(Equipment).where(matches)
    if type_ is not None or tag_id is not None:
        return number
    kit = select(func.count()).select_from(Kit).where(kits.with_words(organization_id, words))
    return select(number.scalar_subquery() + kit.scalar_subquery())


def _asked(tx: Tx, type_: str | None, tag_id: int | None) -> dict[str, Any]:
    """Return the parameters of the two statements below."""
    return {"organization": tx.organization_id, "type": type_, "tag": tag_id}


def _narrowing(typed: bool, tagged: bool) -> tuple[Param | None, Param | None]:
    return bindparam("type") if typed else None, bindparam("tag") if tagged else None


@cache
def _plain_number(typed: bool, tagged: bool) -> Select[int]:
    """Return the statement of the number of all, with a type or a tag."""
    return _counting(_ORGANIZATION, "", *_narrowing(typed, tagged))


@cache
def _plain(typed: bool, tagged: bool) -> Select[int, int]:
    """Return the statement of a page of all, by name, with a type or a tag."""
    both = _both(_ORGANIZATION, "", None, *_narrowing(typed, tagged), most=bindparam("most"))
    query = select(both.c.id, both.c.kit).order_by(*_best_first(both, ""))
    return query.limit(bindparam("limit")).offset(bindparam("offset"))


def _both(
    organization_id: int | Param,
    words: str,
    item: Item | None,
    type_: str | Param | None = None,
    tag_id: int | Param | None = None,
    *,
    most: Param | None = None,
) -> Subquery:
    """Return a subquery of equipment and kits with all the words, including the equipment of `item`.

    With `most`, only so many of the equipment, by name.
    """
    equipment: Select[Any, Any, Any, Any] = select(
        Equipment.id.label("id"), literal_column("0").label("kit"), Equipment.name, Equipment.search_text
    )
    matches = matching(organization_id, words, type_, tag_id)
    if item is not None:
        arms = [
            equipment.where(matches, Equipment.id != item.equipment_id),
            equipment.where(Equipment.id == item.equipment_id),
        ]
    elif most is not None:
        some = equipment.where(matches).order_by(func.lower(Equipment.name), Equipment.id).limit(most)
        arms = [select(some.subquery())]
    else:
        arms = [equipment.where(matches)]
    if type_ is None and tag_id is None:
        kit: Select[Any, Any, Any, Any] = select(Kit.id, literal_column("1"), Kit.name, Kit.search_text)
        arms.append(kit.where(kits.with_words(organization_id, words)))
    return union_all(*arms).subquery() if len(arms) > 1 else arms[0].subquery()


def _best_first(both: Subquery, words: str) -> tuple[ColumnElement[Any], ...]:
    by_name = func.lower(both.c.name), both.c.kit, both.c.id
    if not fold(words):
        return by_name
    return both.c.search_text.startswith(fold(words), autoescape=True).desc(), *by_name


def listed(tx: Tx, named: Sequence[tuple[int, int | None]]) -> Page:
    """Return a page of these, each by the id of the equipment, or of the kit after a 0; none that is gone."""
    found: list[Entry] = []
    for equipment_id, kit_id in named:
        found += kit_entries(tx, [kit_id]) if kit_id is not None else entries(tx, [equipment_id])
    there = tuple(entry for entry in found if entry.pieces)
    return Page(there, len(there), 0, 1)


def meant(tx: Tx, readings: Sequence[str]) -> dict[str, Meant]:
    """Return the matches for each reading of one typed line, in one query."""
    readings = list(dict.fromkeys(readings))
    items = items_by_code(tx, readings)
    looks = []
    for number, words in enumerate(readings):
        both = _both(tx.organization_id, words, items.get(words))
        place = func.row_number().over(order_by=_best_first(both, words)).label("place")
        best = select(literal_column(str(number)).label("reading"), both.c.id, both.c.kit, both.c.name, place)
        looks.append(select(best.order_by(place).limit(MOST_MEANT).subquery()))
    found: dict[str, list[Named]] = {words: [] for words in readings}
    for row in tx.session.execute(union_all(*looks).order_by("reading", "place")):
        named = Named(0 if row.kit else row.id, row.name, row.id if row.kit else None)
        found[readings[row.reading]].append(named)
    return {words: Meant(items.get(words), tuple(named)) for words, named in found.items()}


def items_by_code(tx: Tx, readings: Sequence[str]) -> dict[str, Item]:
    """Return the item that each of these codes leads to, in one query: by its own code, else a sticker's."""
    codes = {words: words.strip() for words in readings if 0 < len(words.strip()) <= LONGEST_CODE}
    if not codes:
        return {}
    forms = {code: compared(code) for code in codes.values()}
    rows = with_codes(tx.session, tx.organization_id, set(codes.values()))
    found = {}
    for words, code in codes.items():
        same = [item for item, _ in rows if item.code.lower() == code.lower()]
        by_sticker = (item for item, form in rows if form == forms[code])
        best = min(same, key=lambda item: (item.code != code, item.id), default=next(by_sticker, None))
        if best is not None:
            found[words] = best
    return found


def kit_entries(tx: Tx, kit_ids: Sequence[int]) -> tuple[Entry, ...]:
    """Return the list entries of these kits: each is available as often as its scarcest part allows."""
    if not kit_ids:
        return ()
    parts = kits.parts_of(tx.session, kit_ids)
    ids = sorted({part.equipment_id for some in parts.values() for part in some})
    schedule = schedules.load(tx, tx.organization_id, ids)
    free = {i: schedule.free_at(i, tx.now) for i in ids}
    needed = {entry.equipment_id: entry.needed for entry in entries(tx, ids)}
    names = {
        row.id: row.name for row in tx.session.execute(select(Kit.id, Kit.name).where(Kit.id.in_(kit_ids)))
    }
    return tuple(
        Entry(
            0,
            names[kit_id],
            min((schedule.pieces(p.equipment_id) // p.quantity for p in parts[kit_id]), default=0),
            min((free[p.equipment_id] // p.quantity for p in parts[kit_id]), default=0),
            kit_id=kit_id,
            needed=max(
                (needed[p.equipment_id] for p in parts[kit_id]), key=lambda r: r.rank, default=Role.USER
            ),
        )
        for kit_id in kit_ids
    )
