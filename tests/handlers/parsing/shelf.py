"""An inventory in memory, searched as the catalogue is: a table of phrases asks for thousands of words."""

from collections.abc import Sequence
from typing import Self

from bot.demo.sample_data import STOCK
from db.models import Item
from services.core.text import search_text
from services.inventory.catalog import MOST_WORDS, Meant, Named
from services.inventory.search.word_search import asked, beginning, text_has


class Shelf:
    """Equipment by name, with one item each, coded N0, N1 and so on; tarpaulins are tents by type."""

    def __init__(self, names: Sequence[str], texts: Sequence[str] | None = None) -> None:
        self.named = [Named(number, name) for number, name in enumerate(names, 1)]
        self.texts = texts or [search_text(name, "", "", kind_of(name), ()) for name in names]
        self.items = {f"n{n}": Item(code=f"N{n}", equipment_id=n + 1) for n in range(len(names))}

    @classmethod
    def of_demo(cls) -> Self:
        """Return the demo's equipment, which has its Norwegian words beside the names."""
        texts = [
            search_text(one.name, one.brand, one.model, one.type, (*one.tags, one.also)) for one in STOCK
        ]
        return cls([one.name for one in STOCK], texts)

    def look(self, readings: Sequence[str]) -> dict[str, Meant]:
        """Answer as `catalog.meant`."""
        return {words: self._meant(words) for words in readings}

    def _meant(self, words: str) -> Meant:
        item, begin = self.items.get(words.strip().lower()), beginning(words)
        found = [
            (not text.startswith(begin), one.name.lower(), one.equipment_id, one)
            for one, text in zip(self.named, self.texts, strict=True)
            if all(text_has(text, word) for word in asked(words, MOST_WORDS))
            or (item is not None and item.equipment_id == one.equipment_id)
        ]
        return Meant(item, tuple(one for *_, one in sorted(found, key=lambda row: row[:3])))


def kind_of(name: str) -> str:
    return "tents" if name.startswith("Tarpaulin") else ""
