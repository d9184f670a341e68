"""The meaning of each column: by its header, and by what stands in it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from services.core.text import key
from services.imports.understanding.cells.repeats import Repeats
from services.imports.understanding.choices import number_of
from services.imports.understanding.content import Content
from services.imports.understanding.header import Header
from services.imports.understanding.headers import naming
from services.imports.understanding.vocabulary import (
    PLACE,
    Meaning,
    Word,
    asked,
    is_known,
    is_of_days,
    is_own,
    is_secret,
    is_total_key,
    keys,
    label_of,
    likely,
    normalized,
    of_people,
    spelled,
    yes_no,
)


@dataclass
class Columns:
    """The meaning of each column, by its number, and the label that it is kept under where it has none."""

    headers: list[str]
    meanings: dict[int, Meaning]
    names: list[int]
    """The columns whose cells make up the name; none where it cannot be told."""
    product: str = ""
    asked: list[int] = field(default_factory=list)
    """The columns that ask by their headers for a condition, with yes and no below."""
    ticked: list[int] = field(default_factory=list)
    """The columns of ticks, where a blank is a no."""
    days: list[int] = field(default_factory=list)
    """The columns of days that a spreadsheet wrote as numbers."""
    times: bool = False
    """True where a number of pieces may stand beside the name: `3 x Tent`."""
    hyphens: bool = False
    """True where a code with a hyphen may be a range of codes."""
    units: int | None = None
    """The column of the units in which the number of pieces is counted, or the amount measured."""

    def label(self, column: int) -> str:
        """Return a column's header, or its number where it has none."""
        return self.headers[column] or number_of(column)


_ORDER = (
    *(Meaning.CODE, Meaning.SERIAL_NUMBER, Meaning.NAME, Meaning.QUANTITY, Meaning.BRAND, Meaning.MODEL),
    *(Meaning.TYPE, Meaning.TAGS, Meaning.CONDITION, Meaning.STATUS, Meaning.LENDABLE, Meaning.RETIRED),
    Meaning.EQUIPMENT_RETIRED,
    *PLACE,
    *(Meaning.DESCRIPTION, Meaning.COMMENT, Meaning.HOLDER, Meaning.SINCE, Meaning.UNTIL, Meaning.LABEL),
    Meaning.OTHER_CODES,
)


def assign(header: Header, content: Sequence[Content]) -> Columns:
    """Give each column its meaning. What has none is kept as a custom field under its own header."""
    headers = [*header.cells, *[""] * (len(content) - len(header.cells))]
    words = [likely(text) for text in headers]
    taken: dict[int, Meaning] = {}
    for column, text in enumerate(headers):
        if is_secret(text) or is_own(text) or (not text and not content[column].filled):
            taken[column] = Meaning.LEFT_OUT
    product = _product(headers)
    if product == "snipe-it":
        _snipe_it(headers, taken)
    if not any(word.meaning is Meaning.QUANTITY and not word.weak for of in words for word in of):
        _added_up(headers, content, taken)
        _there(headers, content, taken)
    asking = [c for c, of in enumerate(content) if c not in taken and of.asks and of.is_answered]
    taken |= dict.fromkeys(asking, Meaning.STATUS)
    for meaning in _ORDER:
        if meaning in taken.values():
            continue
        found = _best(meaning, words, content, taken)
        if found is not None:
            taken[found] = meaning
    _leave_out_numbers(headers, words, content, taken)
    _by_content(content, taken)
    _coded(headers, words, content, taken)
    _typed(content, taken)
    names = [column for column, meaning in taken.items() if meaning is Meaning.NAME]
    names = naming.decided(names, content, taken)
    _holders(headers, taken)
    for column in range(len(headers)):
        if (
            column not in taken
            and normalized(headers[column]) in _ONE_ITEM
            and Meaning.LABEL not in taken.values()
        ):
            taken[column] = Meaning.LABEL
        taken.setdefault(column, Meaning.CUSTOM)
    ticked = [c for c, meaning in taken.items() if meaning is Meaning.LENDABLE and content[c].is_ticked]
    days = [
        c
        for c, meaning in taken.items()
        if meaning in (Meaning.CUSTOM, Meaning.SINCE, Meaning.UNTIL) and is_of_days(headers[c])
        if content[c].filled and content[c].day_numbers == content[c].filled
    ]
    code = next((c for c, meaning in taken.items() if meaning is Meaning.CODE), None)
    hyphens = code is not None and content[code].has_ranges
    is_counted = Meaning.QUANTITY in taken.values()
    times = len(names) == 1 and not is_counted and content[names[0]].is_multiplied
    labels = [label_of(text) for text in headers]
    units = next((c for c, text in enumerate(headers) if normalized(text) in keys("pieces", "unit")), None)
    return Columns(labels, taken, names, product, asking, ticked, days, times, hyphens, units)


_BARE = (Meaning.CODE, Meaning.SERIAL_NUMBER, Meaning.OTHER_CODES, Meaning.LABEL)
"""Meanings of columns whose values are no other thing's."""


def repeats(
    columns: Columns, content: Sequence[Content], written_once: Container[str] = frozenset()
) -> Repeats:
    """Return the columns whose cells may mean the ones above: a place, a type, or a name, once per block.

    `written_once`: the headers of those that are known to be so by several tables together.
    """
    meanings_of = columns.meanings
    told = frozenset(c for c, meaning in meanings_of.items() if meaning in _BARE[:2])
    blocks = {c for c, of in enumerate(content) if of.is_in_blocks}
    named = (
        frozenset(c for c in columns.names if c in blocks or _is_written_once(content, c, told))
        if told and len(columns.names) == 1
        else frozenset()
    )
    down = {
        c
        for c in blocks
        if meanings_of[c] in (*PLACE, Meaning.TYPE) and content[c].adjacent * 3 <= content[c].filled
        if not (meanings_of[c] in PLACE and content[c].is_sparse)
    } | {c for c, header in enumerate(columns.headers) if header in written_once and content[c].first == 1}
    ditto = frozenset(c for c, of in enumerate(content) if of.dittos)
    bare = frozenset(c for c in ditto if meanings_of[c] in _BARE)
    return Repeats(ditto, bare, named | down, named, told)


def _is_written_once(content: Sequence[Content], name: int, told: Container[int]) -> bool:
    """Return whether a name that is blank in many rows is blank in none that has no code."""
    of = content[name]
    codes = [one for c, one in enumerate(content) if c in told]
    is_coded = any(one.filled == one.rows and not one.repeated for one in codes)
    return is_coded and of.first == 1 and of.filled * 3 <= of.rows * 2 and not of.dittos


def _added_up(headers: Sequence[str], content: Sequence[Content], taken: dict[int, Meaning]) -> None:
    """Take a column that adds up others for the number of pieces: a list may have one for each place."""
    counted = [c for c, of in enumerate(content) if c not in taken and of.filled and of.numbers == of.filled]
    sums = [c for c in counted if is_total_key(key(headers[c]))]
    parts = [c for c in counted if c not in sums]
    if len(sums) != 1 or len(parts) < 2:
        return
    is_exact = content[sums[0]].amount == sum(content[c].amount for c in parts)
    # Of what is broken the numbers of those that are there and those that are out often know nothing.
    if is_exact or any(asked(headers[c]) == ("available", False) for c in parts):
        taken |= {sums[0]: Meaning.QUANTITY, **dict.fromkeys(parts, Meaning.CUSTOM)}


def _there(headers: Sequence[str], content: Sequence[Content], taken: dict[int, Meaning]) -> None:
    """Take how many are there now for the number of pieces, where nothing else counts them."""
    for column, of in enumerate(content):
        is_count = of.filled > 0 and of.numbers == of.filled and of.amount > of.filled
        if is_count and column not in taken and asked(headers[column]) == ("available", False):
            taken[column] = Meaning.QUANTITY
            return


def _leave_out_numbers(
    headers: Sequence[str],
    words: Sequence[Sequence[Word]],
    content: Sequence[Content],
    taken: dict[int, Meaning],
) -> None:
    """Leave out columns that merely number the rows, by their headers, or beside codes or quantities."""
    for column, of in enumerate(content):
        if not of.goes_on_counting or taken.get(column, Meaning.CODE) is not Meaning.CODE:
            continue
        if not of.numbers_rows and Meaning.CODE not in {m for c, m in taken.items() if c != column}:
            continue
        is_weak = any(word.meaning is Meaning.CODE and word.weak for word in words[column])
        is_numbering = normalized(headers[column]) in keys("numbering")
        others = {meaning for other, meaning in taken.items() if other != column}
        is_beside = bool(others & {Meaning.CODE, Meaning.QUANTITY}) or any(
            other.may_be_code for c, other in enumerate(content) if c not in taken
        )
        if is_numbering or (is_beside and (is_weak or not headers[column])):
            taken[column] = Meaning.LEFT_OUT


def _by_content(content: Sequence[Content], taken: dict[int, Meaning]) -> None:
    """Take a column of conditions for what it is where its header is unknown: nothing broken gets lent."""
    for meaning in (Meaning.CONDITION, Meaning.STATUS):
        found = [c for c, of in enumerate(content) if c not in taken and of.tells_conditions]
        if found and meaning not in taken.values():
            taken[found[0]] = meaning


def _coded(
    headers: Sequence[str],
    words: Sequence[Sequence[Word]],
    content: Sequence[Content],
    taken: dict[int, Meaning],
) -> None:
    """Take codes for what they are below another word for a thing, such as `Asset` beside `Item`, and in
    front of everything below `Kit no`.
    """
    if Meaning.CODE in taken.values():
        return
    has_name = Meaning.NAME in taken.values()
    for column, of in enumerate(words):
        is_thing = column not in taken and any(word.meaning is Meaning.NAME for word in of)
        if has_name and is_thing and content[column].may_be_code:
            taken[column] = Meaning.CODE
            return
    first = next((column for column, of in enumerate(content) if of.filled), 0)
    is_numbered = normalized(headers[first]).endswith(tuple(spelled("numbered")))
    if is_numbered and first not in taken and content[first].is_code(weak=True) and not content[first].counts:
        taken[first] = Meaning.CODE


def _typed(content: Sequence[Content], taken: dict[int, Meaning]) -> None:
    """Take what a maker calls the type, such as `DS1054Z`, for the model."""
    by_meaning = {meaning: column for column, meaning in taken.items()}
    typed = by_meaning.get(Meaning.TYPE)
    if typed is None or Meaning.BRAND not in by_meaning or Meaning.MODEL in by_meaning:
        return
    if content[typed].is_numbered:
        taken[typed] = Meaning.MODEL


_ONE_ITEM = ("name", "item name", "asset name")
"""Headers of what a single item is called, where another column has the name of the equipment."""


def _holders(headers: Sequence[str], taken: dict[int, Meaning]) -> None:
    """Take all columns about a holder together: the name may be in two of them, or only a place be known."""
    for column, text in enumerate(headers):
        said = normalized(text)
        about_holder = said.startswith(("checked out to ", "borrower ")) or said == "checkout type"
        if about_holder and taken.get(column, Meaning.HOLDER) is Meaning.HOLDER:
            taken[column] = Meaning.HOLDER


def _best(
    meaning: Meaning, words: Sequence[Sequence[Word]], content: Sequence[Content], taken: dict[int, Meaning]
) -> int | None:
    """Return the column that fits the meaning best; an emptier one only where no other is there."""
    found = [
        (*_order(word, content[column]), column)
        for column, of in enumerate(words)
        if column not in taken
        for word in of
        if word.meaning is meaning and _fits(word, content[column])
    ]
    return min(found)[-1] if found else None


def _order(word: Word, content: Content) -> tuple[bool, bool, bool, bool, int]:
    """Return how far behind others a column comes by its word: one of codes without any, a weak one, one that
    rather numbers the rows than that it has their codes, an empty one.
    """
    of_code = word.meaning is Meaning.CODE
    is_numbering = word.weak and of_code and content.numbers_rows
    is_empty = of_code and content.filled * 2 < content.rows
    is_empty = is_empty or (word.meaning is Meaning.NAME and content.filled * 4 < content.rows * 3)
    return of_code and not content.filled, word.weak, is_numbering, is_empty, word.rank


def _fits(word: Word, content: Content) -> bool:
    match word.meaning:
        case Meaning.CODE:
            return content.is_code(weak=word.weak)
        case Meaning.SERIAL_NUMBER:
            return not content.samples or any(any(map(str.isdigit, text)) for text in content.samples)
        case Meaning.QUANTITY:
            return content.is_quantity(weak=word.weak)
        case Meaning.NAME:
            is_varied = not word.weak or content.different * 2 >= min(content.filled, 2_000)
            return (
                is_varied
                and content.average <= 3 * naming.MOST
                and content.numbers * 2 <= max(1, content.filled)
            )
        case Meaning.STATUS | Meaning.CONDITION:
            return content.is_condition
        case meaning if meaning in PLACE:
            is_sure = not word.weak or not (content.numbers or content.coded)
            return is_sure and (not content.samples or any(map(_may_be_place, content.samples)))
        case Meaning.HOLDER:
            return not content.samples or any(yes_no(text) is None for text in content.samples)
        case Meaning.LENDABLE | Meaning.RETIRED:
            return content.filled == 0 or content.different <= 4
        case _:
            return True


def _may_be_place(text: str) -> bool:
    return yes_no(text) is None and "://" not in text


_REACHED_BY = {"email", "phone"}


def is_of_people(columns: Columns) -> bool:
    """Return whether a sheet lists people and nothing of equipment: names, and how they are reached."""
    if any(
        meaning not in (Meaning.NAME, Meaning.COMMENT, Meaning.CUSTOM)
        for meaning in columns.meanings.values()
    ):
        return False
    of = [
        of_people(header)
        for c, header in enumerate(columns.headers)
        if header and columns.meanings.get(c) is not Meaning.COMMENT
    ]
    return len(of) > 1 and all(of) and any(not _REACHED_BY.isdisjoint(one) for one in of)


def priced(columns: Columns) -> bool:
    """Return whether a sheet has nothing but names and what they cost."""
    others = [header for c, header in enumerate(columns.headers) if header and c not in columns.names]
    said = [set(normalized(header).split()) for header in others]
    return bool(columns.names and others) and not any(map(keys("prices").isdisjoint, said))


_FEWEST_THINGS = 2
"""Fewer columns of numbers are numbers of pieces, and more of them."""


def is_matrix(columns: Columns, content: Sequence[Content]) -> bool:
    """Return whether each thing is a column, and each row a place or a person who has so many of it."""
    first, *others = [c for c, of in enumerate(content) if of.filled] or [0]
    if columns.names or len(others) < _FEWEST_THINGS or not columns.headers[first:]:
        return False
    header = columns.headers[first]
    is_known_row = bool(of_people(header)) or key(header) in keys("rows") or columns.meanings[first] in PLACE
    things = [c for c in others if not is_total_key(key(columns.headers[c]))]
    return (
        (is_known_row or not header)
        and not content[first].numbers
        and all(columns.headers[c] and not is_known(columns.headers[c]) for c in things)
        and all(content[c].numbers == content[c].filled for c in others)
    )


def _product(headers: Sequence[str]) -> str:
    keys = {key(text) for text in headers}
    if (
        "asset tag" in keys
        and not keys.isdisjoint({"model", "model name"})
        and not keys.isdisjoint({"manufacturer", "category", "model number", "model no", "checkout type"})
    ):
        return "snipe-it"
    return ""


def _snipe_it(headers: Sequence[str], taken: dict[int, Meaning]) -> None:
    """Snipe-IT calls the product its model, and what its one asset is called the name."""
    wanted = {
        Meaning.NAME: ("model", "model name"),
        Meaning.LABEL: ("name", "item name", "asset name"),
        Meaning.MODEL: ("model number", "model no"),
        Meaning.DESCRIPTION: ("model notes",),
        Meaning.COMMENT: ("asset notes", "item notes", "notes"),
        Meaning.TYPE: ("category",),
    }
    keys = [key(text) for text in headers]
    for meaning, names in wanted.items():
        column = next((keys.index(name) for name in names if name in keys), None)
        if column is not None and column not in taken:
            taken[column] = meaning
