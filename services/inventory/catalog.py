"""The equipment that members can rent: searched by words, type, tag or code."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Subquery,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from db.models import Equipment, EquipmentTag, Item, ItemCode, Kit, Organization, Photo
from db.states import Role
from services.availability import schedules
from services.core import policy
from services.core.errors import Refusal, Refused
from services.core.text import limit
from services.core.tx import Tx
from services.inventory import kits
from services.inventory.codes.forms import compared, with_codes
from services.inventory.search.parts import bound, with_words
from services.inventory.search.word_search import Bound, beginning, like

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
    organization_id: int | Param, words: str | Bound, type_: str | Param | None, tag_id: int | Param | None
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
        _ranked(select(Equipment.id, Equipment.name).where(condition), beginning(words))
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
    rows = {
        row.id: (row.name, policy.who_may_rent({**row.usual, **row.own}))
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
    shape, values = _line(words, item)
    values |= {"organization": tx.organization_id, "type": type_, "tag": tag_id}
    narrowed = type_ is not None, tag_id is not None

    def on(page: int) -> Sequence[Any]:
        place = {"limit": per_page, "offset": page * per_page, "most": (page + 1) * per_page}
        return tx.session.execute(_page(shape, *narrowed), {**values, **place}).all()

    page = max(page, 0)
    rows = on(page)
    total = page * per_page + len(rows)
    if len(rows) == per_page or (page and not rows):  # else this is the last page
        total = tx.session.scalar(_number(shape, *narrowed), values) or 0
    pages = max(1, -(-total // per_page))
    if page >= pages:
        page = pages - 1
        rows = on(page)
    plain = entries(tx, [r.id for r in rows if not r.kit])
    by_id = {entry.equipment_id: entry for entry in plain}
    kits_by_id = {entry.kit_id: entry for entry in kit_entries(tx, [r.id for r in rows if r.kit])}
    found_entries = tuple(kits_by_id[r.id] if r.kit else by_id[r.id] for r in rows)
    return Page(found_entries, total, page, pages)


def ranked(
    tx: Tx, words: str, type_: str | None, tag_id: int | None
) -> tuple[Select[Any, Any], dict[str, Any]]:
    """Return a query of all that `search` finds, best first: ids, and whether they are those of kits; and its
    parameters.
    """
    shape, values = _line(words, item_by_code(tx, words))
    values |= {"organization": tx.organization_id, "type": type_, "tag": tag_id}
    return _best(shape, type_ is not None, tag_id is not None), values


@dataclass(frozen=True)
class _Line:
    """The shape of a search: its words, and whether they are also the code of an item."""

    words: Bound
    has_item: bool

    @property
    def is_plain(self) -> bool:
        """Return whether nothing is searched for: all is listed."""
        return not self.words.ranges and not self.has_item

    def param(self, name: str, type_: Any = None) -> Param:
        return bindparam(f"{self.words.prefix}{name}", type_=type_)


def _line(words: str, item: Item | None, prefix: str = "") -> tuple[_Line, dict[str, Any]]:
    """Return the shape of a search and the parameters that it has."""
    shape, values = bound(words, MOST_WORDS, prefix)
    values[f"{prefix}begin"] = f"{like(beginning(words))}%"
    if item is not None:
        values[f"{prefix}found"] = item.equipment_id
    return _Line(shape, item is not None), values


def _narrowing(typed: bool, tagged: bool) -> tuple[Param | None, Param | None]:
    return bindparam("type") if typed else None, bindparam("tag") if tagged else None


@lru_cache(128)
def _number(line: _Line, typed: bool, tagged: bool) -> Select[int]:
    """Return the statement of the number of all that is found, with a type or a tag."""
    if line.has_item:
        return select(func.count()).select_from(_both(line, typed, tagged))
    # Not of the union: SQLite would read more of each than its index.
    matches = matching(_ORGANIZATION, line.words, *_narrowing(typed, tagged))
    number = select(func.count()).select_from(Equipment).where(matches)
    if typed or tagged:
        return number
    kit = select(func.count()).select_from(Kit).where(kits.with_words(_ORGANIZATION, line.words))
    return select(number.scalar_subquery() + kit.scalar_subquery())


@lru_cache(128)
def _page(line: _Line, typed: bool, tagged: bool) -> Select[Any, Any]:
    """Return the statement of a page of it."""
    query = _best(line, typed, tagged, paged=True)
    return query.limit(bindparam("limit")).offset(bindparam("offset"))


@lru_cache(128)
def _best(line: _Line, typed: bool, tagged: bool, *, paged: bool = False) -> Select[Any, Any]:
    """Return the statement of all of it, best first; `paged`: of which no more than `most` are wanted."""
    both = _both(line, typed, tagged, most=bindparam("most") if paged and line.is_plain else None)
    return select(both.c.id, both.c.kit).order_by(*_best_first(both, line))


def _both(line: _Line, typed: bool = False, tagged: bool = False, *, most: Param | None = None) -> Subquery:
    """Return a subquery of equipment and kits with all the words, including the equipment of the item.

    With `most`, only so many of the equipment, by name.
    """
    equipment: Select[Any, Any, Any, Any] = select(
        Equipment.id.label("id"), literal_column("0").label("kit"), Equipment.name, Equipment.search_text
    )
    matches = matching(_ORGANIZATION, line.words, *_narrowing(typed, tagged))
    if line.has_item:
        found = line.param("found")
        arms = [equipment.where(matches, Equipment.id != found), equipment.where(Equipment.id == found)]
    elif most is not None:
        some = equipment.where(matches).order_by(func.lower(Equipment.name), Equipment.id).limit(most)
        arms = [select(some.subquery())]
    else:
        arms = [equipment.where(matches)]
    if not typed and not tagged:
        kit: Select[Any, Any, Any, Any] = select(Kit.id, literal_column("1"), Kit.name, Kit.search_text)
        arms.append(kit.where(kits.with_words(_ORGANIZATION, line.words)))
    return union_all(*arms).subquery() if len(arms) > 1 else arms[0].subquery()


def _best_first(both: Subquery, line: _Line) -> tuple[ColumnElement[Any], ...]:
    by_name = func.lower(both.c.name), both.c.kit, both.c.id
    if line.is_plain:
        return by_name
    return both.c.search_text.like(line.param("begin", String), escape="/").desc(), *by_name


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
    values: dict[str, Any] = {"organization": tx.organization_id}
    shapes = []
    for number, words in enumerate(readings):
        shape, its_values = _line(words, items.get(words), f"r{number}_")
        shapes.append(shape)
        values |= its_values
    found: dict[str, list[Named]] = {words: [] for words in readings}
    for row in tx.session.execute(_meant(tuple(shapes)), values):
        named = Named(0 if row.kit else row.id, row.name, row.id if row.kit else None)
        found[readings[row.reading]].append(named)
    return {words: Meant(items.get(words), tuple(named)) for words, named in found.items()}


@lru_cache(256)
def _meant(lines: tuple[_Line, ...]) -> CompoundSelect[Any]:
    """Return the statement of `meant`, built once for all lines whose readings have these shapes."""
    looks = []
    for number, line in enumerate(lines):
        both = _both(line)
        place = func.row_number().over(order_by=_best_first(both, line)).label("place")
        best = select(literal_column(str(number)).label("reading"), both.c.id, both.c.kit, both.c.name, place)
        looks.append(select(best.order_by(place).limit(MOST_MEANT).subquery()))
    return union_all(*looks).order_by("reading", "place")


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
