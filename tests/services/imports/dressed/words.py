"""Words that people write into lists, by language: headers, states, units, titles, notes (words.toml)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

_TABLE = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Language:
    """Words of one language; several for one thing are parted by `|`."""

    name: str
    count: str
    code: str
    place: str
    state: str
    remark: str
    number: str
    category: str
    states: dict[str, str]
    units: str
    about: str
    broken: str
    """The words behind the number of broken ones, in `12 (2 broken)`."""
    works: str
    answers: str
    """Yes and no."""
    is_broken: str
    fine: str
    """Remarks that say nothing of harm; those of `harmed` do."""
    harmed: str
    holder: str
    lent: str
    """Before a name, in a column of states."""
    total: str
    subtotal: str
    title: str
    notes: str
    signature: str
    legend: str
    places: str
    sections: str
    things: str
    price: str
    insured: str
    checked: str
    keeper: str
    weight: str
    year: str
    link: str
    serial: str
    brand: str
    model: str
    bought: str
    lendable: str
    room: str
    shelf: str
    wanted: str
    """Above how many there should be."""
    ditto: str
    currency: str = "€ {}"
    comma: bool = True


LANGUAGES = {name: Language(**words) for name, words in _TABLE["languages"].items()}
COMMON: tuple[str, ...] = tuple(_TABLE["common"]["things"].split("|"))
"""Names that are the same in all languages."""
PEOPLE: tuple[str, ...] = tuple(_TABLE["common"]["people"].split("|"))
BRANDS: dict[str, tuple[str, ...]] = {
    brand: tuple(models.split("|")) for brand, models in _TABLE["brands"].items()
}
