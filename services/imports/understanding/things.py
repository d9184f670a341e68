"""The things of a list: each row's name, pieces, codes and values, as its columns' meanings say."""

import re
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from db.states import Condition
from services.core import text as core_text
from services.core.text import fold, key, one_line
from services.imports.mapping import custom_columns, equipment_columns, without_item
from services.imports.readers.dates import day_of_number
from services.imports.understanding.body import Line
from services.imports.understanding.cells import lent, some_pieces, values
from services.imports.understanding.cells.codes import codes, counted_range
from services.imports.understanding.columns import Columns
from services.imports.understanding.layouts.sections import is_place
from services.imports.understanding.vocabulary import (
    PLACE,
    Meaning,
    answer,
    asked,
    is_nothing,
    keys,
    meanings,
    normalized,
    says_no_items,
    yes_no,
)

_OF_CONDITION = {Meaning.CONDITION, Meaning.STATUS, Meaning.RETIRED, Meaning.LENDABLE}

_TEXTS = {
    "brand": Meaning.BRAND,
    "model": Meaning.MODEL,
    "type": Meaning.TYPE,
    "serial_number": Meaning.SERIAL_NUMBER,
}
_NONE = ("brand", "model", "type")
"""Texts that may say that there is none: `n/a`."""
_MORE_TEXTS = {
    "label": Meaning.LABEL,
    "equipment_retired": Meaning.EQUIPMENT_RETIRED,
    "since": Meaning.SINCE,
    "until": Meaning.UNTIL,
}
"""Texts that a thing has as they are in their columns; those by which it is told from others come first."""

MOST_PIECES = 200
"""More pieces of a row are asked about: they are rather counted than lent one by one."""


Kind = tuple[str, str, str]
"""Brand, model and type, folded."""


@dataclass
class Thing:
    """One row of a list as a thing. `count` pieces of it, of which `codes` have codes of their own."""

    line: int
    name: str
    brand: str = ""
    model: str = ""
    type: str = ""
    codes: list[str] = field(default_factory=list)
    count: int = 1
    serial_number: str | None = None
    location: str | None = None
    condition: Condition | None = None
    some: tuple[int, Condition] | None = None
    """The number of pieces in a condition of their own, and that condition."""
    of_codes: dict[str, Condition] = field(default_factory=dict)
    """Conditions of single pieces, by their codes."""
    comment: str = ""
    label: str = ""
    description: str = ""
    tags: str = ""
    other_codes: str = ""
    """Codes of its stickers."""
    holder: str = ""
    since: str = ""
    until: str = ""
    custom: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    """Custom fields of the equipment."""
    equipment_retired: str = ""
    unknown: str = ""
    """A word for the condition that was not understood."""
    doubt: str = ""
    """Words of a remark by which it is not lent until somebody has looked at it."""
    odd_count: str = ""
    """A number of pieces that is none, such as `15 mm`."""

    @property
    def key(self) -> str:
        """The name, brand and model by which the row is known again where it has no code."""
        return "\x1f".join(map(fold, (self.name, self.brand, self.model)))

    @property
    def kind(self) -> Kind:
        return fold(self.brand), fold(self.model), fold(self.type)


_ALL = [one.name for one in fields(Thing)]
_values = attrgetter(*_ALL)
_CONDITION, _SOME, _OF_CODES = map(_ALL.index, ("condition", "some", "of_codes"))


def to_plain(thing: Thing) -> list[Any]:
    """Return a thing as plain values, to be kept in a file."""
    values = list(_values(thing))
    values[_CONDITION] = thing.condition and thing.condition.value
    values[_SOME] = thing.some and (thing.some[0], thing.some[1].value)
    values[_OF_CODES] = {code: one.value for code, one in thing.of_codes.items()}
    return values


def of_plain(values: list[Any]) -> Thing:
    """Return what `to_plain` made into values."""
    thing = Thing(*values)
    thing.condition = thing.condition and Condition(thing.condition)
    thing.some = thing.some and (thing.some[0], Condition(thing.some[1]))
    thing.of_codes = {code: Condition(one) for code, one in thing.of_codes.items()}
    return thing


class Reader:
    """Reads rows by the meanings of their columns."""

    def __init__(self, columns: Columns, *, sheet_type: str = "") -> None:
        self.columns, self.sheet_type = columns, sheet_type
        self._of: dict[Meaning, list[int]] = {}
        for column, meaning in sorted(columns.meanings.items()):
            self._of.setdefault(meaning, []).append(column)
        self._first = {meaning: found[0] for meaning, found in self._of.items()}
        self._texts = [(name, self._first[of]) for name, of in _TEXTS.items() if of in self._first]
        self._more_texts = [(name, self._first[of]) for name, of in _MORE_TEXTS.items() if of in self._first]
        self.place = tuple(part for part in PLACE if part in self._of)
        self._tells = not _OF_CONDITION.isdisjoint(self._of)
        self._custom, self._own = self._labels()
        self._asked = [
            (column, found)
            for column in columns.asked
            if columns.meanings[column] is Meaning.STATUS and (found := asked(columns.headers[column]))
        ]
        self._told = [
            columns_of[0]
            for meaning in (Meaning.CONDITION, Meaning.STATUS)
            if (columns_of := [c for c in self._of.get(meaning, ()) if c not in columns.asked])
        ]
        self._remarks = self._columns_of_remarks()
        self._days = [(column, self._custom[column]) for column in columns.days if column in self._custom]
        self._held_days = any(columns.meanings[c] in (Meaning.SINCE, Meaning.UNTIL) for c in columns.days)
        self._is_ticked = bool(columns.ticked) and self._of.get(Meaning.LENDABLE, [None])[0] in columns.ticked

    def _labels(self) -> tuple[dict[int, str], dict[int, str]]:
        """Return the labels of the custom fields of items, and of equipment."""
        headers = self.columns.headers
        others = {column for column in range(len(headers)) if column not in self._of.get(Meaning.CUSTOM, [])}
        of_equipment = equipment_columns(headers, others)
        items = [without_item(header) for header in headers]
        return custom_columns(items, others | of_equipment.keys()), of_equipment

    def _columns_of_remarks(self) -> list[int]:
        """Return the columns of remarks, known or kept as a field; where there is none, the description."""
        found = [
            column
            for column, meaning in self.columns.meanings.items()
            if meaning is Meaning.COMMENT
            or (meaning is Meaning.CUSTOM and _may_be_comment(self.columns.headers[column]))
        ]
        described = [c for c in self._of.get(Meaning.DESCRIPTION, ()) if c not in self.columns.names]
        return sorted(found) or described

    @property
    def custom_labels(self) -> list[str]:
        return list(self._custom.values())

    @property
    def own_labels(self) -> list[str]:
        return list(self._own.values())

    def has(self, meaning: Meaning) -> bool:
        return meaning in self._of

    def is_place(self, above: str) -> bool:
        """Return whether words above things are their place, as they have no other."""
        return bool(above) and not self.place and is_place(above)

    def thing(self, line: Line, *, whole: bool = True) -> Thing:
        """Return the row as a thing; its name is empty where the row has none.

        Without `whole` it is only told from others and counted: its texts are left out.
        """
        cells = line.record.cells
        name, behind = some_pieces.of_name(
            " ".join(filter(None, (_at(cells, c) for c in self.columns.names)))
        )
        name, number = some_pieces.times(name) if self.columns.times else (name, None)
        thing = Thing(line.record.line, name)
        _take_texts(thing, cells, self._texts)
        above = line.section or self.sheet_type
        is_kept_there = self.is_place(above)
        thing.type = thing.type or (above if not is_kept_there else "")
        thing.location = above if is_kept_there else None
        if thing.serial_number is not None:
            thing.serial_number = core_text.serial_number(thing.serial_number)
        thing.codes = codes(self._raw(cells, Meaning.CODE))
        thing.holder = self._holder(cells)
        if whole:
            self._describe(thing, cells)
        self._count(thing, cells, number)
        self._condition(thing, cells, behind, whole=whole)
        return thing

    def _describe(self, thing: Thing, cells: list[str]) -> None:
        thing.tags = self._raw(cells, Meaning.TAGS)
        thing.other_codes = self._raw(cells, Meaning.OTHER_CODES)
        thing.description = core_text.many_lines(self._raw(cells, Meaning.DESCRIPTION))
        _take_texts(thing, cells, self._more_texts)
        places = [
            text
            for part in self.place
            if not is_nothing(text := self._text(cells, part))
            if not (thing.holder and lent.named(text))
        ]
        thing.location = " / ".join(places) or thing.location
        thing.custom = {
            label: core_text.many_lines(cells[column])
            for column, label in self._custom.items()
            if column < len(cells)
        }
        for column, label in self._days:
            if column < len(cells):
                thing.custom[label] = _day(thing.custom[label])
        if self._held_days:
            thing.since, thing.until = _day(thing.since), _day(thing.until)
        thing.own = {
            label: text
            for column, label in self._own.items()
            if column < len(cells) and (text := core_text.many_lines(cells[column]))
        }

    def _holder(self, cells: list[str]) -> str:
        """Return who has the thing: a first and last name, else a username, an email address or a place."""
        if Meaning.HOLDER not in self._of:
            named = (lent.named(text) for part in self.place if (text := self._text(cells, part)))
            return next(filter(None, named), "")
        parts: dict[str, str] = {}
        for column in self._of.get(Meaning.HOLDER, []):
            if not is_nothing(text := _at(cells, column)):
                part = re.sub("^(checked out to|borrower) ", "", normalized(self.columns.headers[column]))
                parts.setdefault(part, text)
        kind = parts.pop("checkout type", "")
        name = " ".join(parts[part] for part in ("first name", "last name") if part in parts)
        return name or next(iter(parts.values()), kind)

    def _raw(self, cells: list[str], meaning: Meaning) -> str:
        column = self._first.get(meaning)
        return cells[column] if column is not None and column < len(cells) else ""

    def _text(self, cells: list[str], meaning: Meaning) -> str:
        raw = self._raw(cells, meaning)
        return one_line(raw) if raw else ""

    def _count(self, thing: Thing, cells: list[str], beside: int | None) -> None:
        """Count the pieces; `beside`: their number beside the name."""
        if Meaning.QUANTITY not in self._of:
            self._spread(thing, cells, beside)
            thing.count = max(len(thing.codes), beside or 1)
            return
        text = self._text(cells, Meaning.QUANTITY)
        found = None if is_nothing(text) else values.pieces(text)
        unit = _at(cells, self.columns.units) if self.columns.units is not None else ""
        if key(unit) in keys("compound", "measures"):
            thing.odd_count, found = f"{text} {unit}", None  # so many liters are no pieces
        elif found is None and not is_nothing(text):
            if (mixed := some_pieces.mixed(text)) is not None:
                found, thing.some = mixed[0], mixed[1].some
            elif (number := values.of_unknown_unit(text)) is not None:
                found = number
            else:
                thing.odd_count = text
        self._spread(thing, cells, found)
        if found is not None and len(thing.codes) > max(1, found):
            found, thing.odd_count = None, text  # each code is one thing: none is dropped
        thing.count = len(thing.codes) or 1 if found is None else found

    def _spread(self, thing: Thing, cells: list[str], count: int | None) -> None:
        """Take a code with a hyphen for a range where it may be one, or where there are so many pieces."""
        if count is None and self.columns.hyphens:
            thing.codes = codes(self._raw(cells, Meaning.CODE), hyphens=True)
        elif len(thing.codes) == 1 and count is not None and count > 1:
            thing.codes = counted_range(thing.codes[0], count) or thing.codes
        elif len(thing.codes) > 1 and count == 1:
            thing.codes = codes(self._raw(cells, Meaning.CODE), hyphens=False)

    def _condition(self, thing: Thing, cells: list[str], behind: str, *, whole: bool) -> None:
        """Tell the condition, and who has it; `behind`: words behind the name that say it is not lent."""
        found: list[Condition | None] = []
        kept: list[str] = []
        if self._tells:
            if says_no_items(self._text(cells, Meaning.CONDITION)):
                thing.count = 0 if not thing.codes and thing.serial_number is None else thing.count
                return
            self._told_by_columns(thing, cells, found, kept)
        for column in self._remarks:
            if text := _at_lines(cells, column):
                thing.holder = thing.holder or lent.named(text)
                found.append(self._remarked(thing, text))
        if behind:
            said = values.condition(behind)
            found.append(said.condition)
            kept += [behind] if said.kept else []
        if not whole:
            return
        thing.condition = values.worst(*found)
        comment = core_text.many_lines(self._raw(cells, Meaning.COMMENT))
        odd = [f"{self._header(Meaning.QUANTITY)}: {thing.odd_count}"] if thing.odd_count else []
        thing.comment = "\n".join(filter(None, [comment, *dict.fromkeys([*kept, *odd])]))

    @staticmethod
    def _remarked(thing: Thing, text: str) -> Condition | None:
        """Return the condition that a remark tells of the whole thing; note words that only hint."""
        rest = _of_all(thing, text)
        found, doubt = values.remark(rest) if rest else (None, "")
        thing.doubt = thing.doubt or doubt
        return found

    def _told_by_columns(
        self, thing: Thing, cells: list[str], found: list[Condition | None], kept: list[str]
    ) -> None:
        """Add what the columns about conditions say, and the words that tell more."""
        for column in self._told:
            if not (text := _at(cells, column)):
                continue
            holder, more = lent.holder(text)
            if holder:
                thing.holder = thing.holder or holder
                kept += [text] if more else []
                continue
            rest = _of_all(thing, text)
            said = values.told(rest)
            found.append(said.condition)
            kept += [text] if said.kept or rest != text else []
            thing.unknown = thing.unknown or (rest if said.unknown else "")
        for column, kind in self._asked:
            if text := _at(cells, column):
                found += self._answer(thing, text, *kind, kept)
        if (retired := self._text(cells, Meaning.RETIRED)) and yes_no(retired) is not False:
            found.append(Condition.RETIRED)
        lendable = self._text(cells, Meaning.LENDABLE)
        if self._is_ticked and not lendable:
            found.append(Condition.IN_REPAIR)
            kept.append(f"{self._header(Meaning.LENDABLE)}: –")
        truth, more = answer(lendable)
        if truth is False:
            found.append(Condition.IN_REPAIR)
            kept.append(f"{self._header(Meaning.LENDABLE)}: {lendable}")
        elif more:
            one = values.condition(more)
            found.append(one.condition)
            kept += [lendable] if one.kept else []

    def _answer(
        self, thing: Thing, text: str, kind: str, of_yes: bool, kept: list[str]
    ) -> list[Condition | None]:
        """Return the conditions that an answer below a header such as `Broken?` or `of which broken` tells,
        and the words behind it.
        """
        number = values.pieces(text) if of_yes and thing.count > 1 else None
        if number is not None and 0 < number < thing.count:
            thing.some = (number, Condition(kind))
            return []
        truth, more = (True, "") if number else answer(text)
        found: list[Condition | None] = []
        is_out = False
        if more:
            kept.append(more)
            said = values.condition(_UNTIL.sub("", more)).condition
            found += [said] if said not in (None, Condition.OK) else []
            is_out = said is Condition.OK  # `no, on loan`
        if truth is of_yes and not (kind == "available" and (thing.holder or is_out or found)):
            found.append(Condition.IN_REPAIR if kind == "available" else Condition(kind))
        return found

    def _header(self, meaning: Meaning) -> str:
        return self.columns.headers[self._of[meaning][0]]


_UNTIL = re.compile(
    r"\s(?:until|till|til|bis|to|by|jusqu['’]au|hasta|fino al|tot|até|do)\s.*\d.*$", re.IGNORECASE
)


def _of_all(thing: Thing, text: str) -> str:
    """Note what a text tells of single pieces of the thing; return what it says of all of them."""
    told = some_pieces.told(text, thing.codes, thing.count)
    thing.of_codes |= told.codes
    thing.some = told.some or thing.some
    return told.rest


def _day(text: str) -> str:
    found = day_of_number(text)
    return found.isoformat() if found is not None else text


def _take_texts(thing: Thing, cells: list[str], columns: list[tuple[str, int]]) -> None:
    for name, column in columns:
        if column < len(cells) and (raw := cells[column]):
            text = one_line(raw)
            setattr(thing, name, "" if name in _NONE and text not in "xX" and is_nothing(text) else text)


def _may_be_comment(header: str) -> bool:
    return any(word.meaning is Meaning.COMMENT for word in meanings(header))


def _at_lines(cells: list[str], column: int) -> str:
    return core_text.many_lines(cells[column]) if column < len(cells) else ""


def _at(cells: list[str], column: int) -> str:
    return one_line(cells[column]) if column < len(cells) else ""
