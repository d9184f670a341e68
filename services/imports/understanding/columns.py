"""The meaning of each column: by its header, and by what stands in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.core.text import key, one_line
from services.imports.readers.cells import is_shortened
from services.imports.readers.dates import day_of_number
from services.imports.understanding.choices import number_of
from services.imports.understanding.header import Header
from services.imports.understanding.some_pieces import mixed
from services.imports.understanding.values import condition, kind_of, pieces
from services.imports.understanding.vocabulary import (
    PLACE,
    Meaning,
    Word,
    answer,
    asked,
    is_known,
    is_nothing,
    is_of_days,
    is_own,
    is_secret,
    is_total_key,
    label_of,
    meanings,
    normalized,
    says_no_items,
    yes_no,
)

_MOST_CODE = 60
_MOST_NAME = 90
_SAMPLES = 3
_FEW = 20
"""Different cells in a column of words that are chosen from."""
_FEWEST_CODES = 3
"""In fewer rows, anything is there only once."""

_LIKE_A_CODE = re.compile(
    r"(?=.{2,20}$)(?:[^\W\d_]{1,8}[-_/.#]?\d[\w./-]*|0\d+|\d{5,}|\d+[-_/]?[^\W\d_]{1,4}-?\d+)"
)
"""Letters with a number, or a number with zeros in front, or a long one: neither year, price nor measure."""


@dataclass
class Content:
    """The cells of a column below its header, summed up."""

    rows: int = 0
    filled: int = 0
    numbers: int = 0
    amount: int = 0
    """The sum of these numbers."""
    conditions: int = 0
    """Different cells that are understood as conditions."""
    characters: int = 0
    longest: int = 0
    spoken: int = 0
    repeated: bool = False
    coded: bool = True
    """True where each cell looks like a code, by its form."""
    tells: bool = True
    """True where the column may tell conditions, by its header."""
    is_stranger: bool = False
    """True where the header means nothing known."""
    worded: int = 0
    """Different cells that are words of a condition and nothing else, below an unknown header."""
    forbids: bool = False
    """True where one of these is not ok."""
    asks: bool = False
    """True where the header asks for yes or no."""
    answers: int = 0
    ticks: int = 0
    """Crosses and check marks, which have no value by themselves."""
    counts: bool = True
    """True where the cells count the rows: 1, 2, 3."""
    shortened: str = ""
    """The first number that a spreadsheet wrote by its first digits only."""
    day_numbers: int = 0
    """Cells that a spreadsheet would show as days: numbers of days since 1899."""
    samples: list[str] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set, repr=False)

    def add(self, cell: str) -> None:
        self.rows += 1
        text = one_line(cell)
        if self.asks:
            self.answers += bool(text) and (
                answer(text)[0] is not None or pieces(text) is not None or kind_of(text) is not None
            )
        if is_nothing(text):
            self.spoken += bool(text)
            self.ticks += bool(text) and yes_no(text) is True
            return
        self.filled += 1
        self.characters += len(text)
        self.day_numbers += day_of_number(text) is not None
        if not self.shortened and is_shortened(text):
            self.shortened = text
        self.counts = self.counts and text.rstrip(".") == str(self.filled)
        self.longest = max(self.longest, len(text))
        self.coded = self.coded and _LIKE_A_CODE.fullmatch(text) is not None
        if text.isalpha() or any(map(str.isdecimal, text)):
            number = pieces(text)
            self.numbers += number is not None or (text[0].isdecimal() and mixed(text) is not None)
            self.amount += number or 0
        if len(self._seen) < 2_000:
            known = hash(text.casefold())
            self.repeated = self.repeated or known in self._seen
            if known not in self._seen and self.tells:
                self.conditions += says_no_items(text) or not condition(text).unknown
            if known not in self._seen and self.is_stranger and len(self._seen) < _FEW:
                kind = kind_of(text)
                self.worded += kind is not None
                self.forbids = self.forbids or kind not in (None, "ok")
            self._seen.add(known)
        if len(self.samples) < _SAMPLES and text not in self.samples:
            self.samples.append(text)

    @property
    def different(self) -> int:
        return len(self._seen)

    @property
    def average(self) -> float:
        return self.characters / self.filled if self.filled else 0.0

    def is_code(self, *, weak: bool) -> bool:
        """Return whether the cells can be codes; a weak header needs each filled, and none twice."""
        if not self.filled:
            return not weak
        if self.longest > _MOST_CODE * (1 if weak else 8) or self.average > _MOST_CODE:
            return False
        if weak:
            return not self.repeated and (self.filled == self.rows or self._is_mostly_coded)
        return self.different >= min(self.filled, 2_000) / 2

    @property
    def _is_mostly_coded(self) -> bool:
        """Return whether whatever is there looks like a code, and a few rows have none."""
        return self.coded and self.filled > 1 and self.filled * 2 >= self.rows

    @property
    def may_be_code(self) -> bool:
        """Return whether the cells alone, whatever the header, look like codes."""
        return self.coded and self.rows >= _FEWEST_CODES and self.is_code(weak=True)

    def is_quantity(self, *, weak: bool) -> bool:
        """Return whether the cells can be numbers of pieces; below a plain header a few may be none."""
        if weak and self.counts and self.filled > 1:
            return False
        return self.filled > 0 and self.numbers >= (0.75 if weak else 0.5) * self.filled

    @property
    def is_numbered(self) -> bool:
        """Return whether the cells have digits in them, as models have and types have not."""
        return bool(self.samples) and all(any(map(str.isdigit, text)) for text in self.samples)

    @property
    def tells_conditions(self) -> bool:
        """Return whether the cells alone, whatever the header, are words of conditions, and not all ok."""
        return self.forbids and len(self._seen) < _FEW and self.worded >= 0.6 * len(self._seen)

    @property
    def is_answered(self) -> bool:
        """Return whether all cells below a header that asks are answers, or words of a condition."""
        return self.answers > 0 and self.answers >= self.filled

    @property
    def is_ticked(self) -> bool:
        """Return whether the cells are ticks or blank, so that a blank one is a no."""
        return not self.filled and 0 < self.ticks < self.rows and self.ticks == self.spoken

    @property
    def is_condition(self) -> bool:
        return not self.filled or self.conditions >= 0.3 * len(self._seen)


def contents(header: Header, rows: Iterable[Sequence[str]], *, ragged: bool) -> list[Content]:
    """Sum up each column of a table. `ragged`: there may be more columns than the header has."""
    width = len(header.cells)
    found = [
        Content(tells=_may_tell(text), is_stranger=not is_known(text), asks=asked(text) is not None)
        for text in header.cells
    ]
    for cells in rows:
        while ragged and len(found) < min(len(cells), 1_000):
            found.append(Content(tells=False, is_stranger=not width))
        for column, content in enumerate(found):
            content.add(cells[column] if column < len(cells) else "")
    while len(found) > width and not found[-1].filled:
        found.pop()
    return found


def _may_tell(header: str) -> bool:
    return any(word.meaning in (Meaning.CONDITION, Meaning.STATUS) for word in meanings(header))


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
    words = [meanings(text) for text in headers]
    taken: dict[int, Meaning] = {}
    for column, text in enumerate(headers):
        if is_secret(text) or is_own(text) or (not text and not content[column].filled):
            taken[column] = Meaning.LEFT_OUT
    product = _product(headers)
    if product == "snipe-it":
        _snipe_it(headers, taken)
    asking = [c for c, of in enumerate(content) if c not in taken and of.asks and of.is_answered]
    taken |= dict.fromkeys(asking, Meaning.STATUS)
    if not any(word.meaning is Meaning.QUANTITY for of in words for word in of):
        _added_up(headers, content, taken)
    for meaning in _ORDER:
        if meaning in taken.values():
            continue
        found = _best(meaning, words, content, taken)
        if found is not None:
            taken[found] = meaning
    _by_content(content, taken)
    _typed(content, taken)
    names = [column for column, meaning in taken.items() if meaning is Meaning.NAME]
    if not names or content[names[0]].filled * 2 < content[names[0]].rows:
        names = _other_name(names, content, taken, words)
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
    return Columns([label_of(text) for text in headers], taken, names, product, asking, ticked, days)


def _added_up(headers: Sequence[str], content: Sequence[Content], taken: dict[int, Meaning]) -> None:
    """Take a column that adds up others for the number of pieces: a list may have one for each place."""
    counted = [c for c, of in enumerate(content) if c not in taken and of.filled and of.numbers == of.filled]
    sums = [c for c in counted if is_total_key(key(headers[c]))]
    parts = [c for c in counted if c not in sums]
    if len(sums) == 1 and len(parts) > 1 and content[sums[0]].amount == sum(content[c].amount for c in parts):
        taken |= {sums[0]: Meaning.QUANTITY, **dict.fromkeys(parts, Meaning.CUSTOM)}


def _by_content(content: Sequence[Content], taken: dict[int, Meaning]) -> None:
    """Take a column of conditions for what it is where its header is unknown: nothing broken gets lent."""
    for meaning in (Meaning.CONDITION, Meaning.STATUS):
        found = [c for c, of in enumerate(content) if c not in taken and of.tells_conditions]
        if found and meaning not in taken.values():
            taken[found[0]] = meaning


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
        (word.weak, _emptiness(meaning, content[column]), word.rank, column)
        for column, of in enumerate(words)
        if column not in taken
        for word in of
        if word.meaning is meaning and _fits(word, content[column])
    ]
    return min(found)[-1] if found else None


def _emptiness(meaning: Meaning, content: Content) -> bool:
    return meaning in (Meaning.NAME, Meaning.CODE) and content.filled * 2 < content.rows


def _fits(word: Word, content: Content) -> bool:
    match word.meaning:
        case Meaning.CODE:
            return content.is_code(weak=word.weak)
        case Meaning.SERIAL_NUMBER:
            return not content.samples or any(any(map(str.isdigit, text)) for text in content.samples)
        case Meaning.QUANTITY:
            return content.is_quantity(weak=word.weak)
        case Meaning.NAME:
            return content.average <= 3 * _MOST_NAME and content.numbers * 2 <= max(1, content.filled)
        case Meaning.STATUS | Meaning.CONDITION:
            return content.is_condition
        case Meaning.LENDABLE | Meaning.RETIRED:
            return content.filled == 0 or content.different <= 4
        case _:
            return True


def _other_name(
    names: list[int], content: Sequence[Content], taken: dict[int, Meaning], words: Sequence[Sequence[Word]]
) -> list[int]:
    """Return the columns that can stand for a name that is missing or mostly blank: the model, with the
    brand where it says little alone, or a short description. The blank one becomes the label.
    """
    by_meaning = {meaning: column for column, meaning in taken.items()}
    model, brand = by_meaning.get(Meaning.MODEL), by_meaning.get(Meaning.BRAND)
    described = by_meaning.get(Meaning.DESCRIPTION)
    is_described = described is not None and _reads_as_name(content[described])
    is_model = (
        model is not None
        and 0 < content[model].filled * 2 >= content[model].rows
        and not (is_described and content[model].filled < content[described or 0].filled)
    )
    if model is not None and is_model:
        found = [model]
    else:
        if described is None or not is_described:
            return names
        found = [described]
    if names:
        taken[names[0]] = Meaning.LABEL
    if found == [model] and brand is not None and _is_bare(content[model or 0], content[brand]):
        return [brand, *found]
    taken[found[0]] = Meaning.NAME
    return found


def _reads_as_name(content: Content) -> bool:
    return content.filled * 4 >= 3 * content.rows and content.average <= _MOST_NAME and not content.numbers


def _is_bare(model: Content, brand: Content) -> bool:
    """Return whether models alone are no names: short, or with digits, beside a filled brand."""
    return brand.filled * 2 >= brand.rows and all(len(text.split()) < 2 for text in model.samples)


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
