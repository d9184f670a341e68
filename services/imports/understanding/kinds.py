"""Equipment that shares a name, told apart."""

from services.core.text import fold
from services.imports.understanding.things import Kind, Thing


class Kinds:
    """Names that several kinds of things share, told apart by brand and model, else by type.

    Which names come out depends on the set of kinds alone, not on the order of the rows. Of spellings that
    differ in case, accents or spaces, the first counts.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, set[Kind]] = {}
        self._spelled: dict[str, str] = {}

    def note(self, thing: Thing, *, apart: bool = True) -> None:
        """Note a thing. `apart`: several brands, models or types of one name are equipment of their own."""
        name = fold(thing.name)
        self._spelled.setdefault(name, thing.name)
        self._kinds.setdefault(name, set()).add(thing.kind if apart else ("", "", ""))

    def count(self) -> int:
        """Return the number of different equipment."""
        return sum(len({_apart(kinds, kind) for kind in kinds}) for kinds in self._kinds.values())

    def name(self, thing: Thing) -> str:
        """Return the name of the equipment that the thing belongs to."""
        folded = fold(thing.name)
        by_make, by_type = _apart(self._kinds.get(folded, set()), thing.kind)[:2]
        parts = [part for part in (thing.brand, thing.model) if part and by_make]
        parts += [thing.type] if by_type else []
        name = self._spelled.get(folded, thing.name)
        return f"{name} ({' '.join(parts)})" if parts else name

    def full_name(self, thing: Thing) -> str:
        """Return the name with brand and model, under which the equipment may already be known."""
        parts = " ".join(filter(None, (thing.brand, thing.model)))
        name = self._spelled.get(fold(thing.name), thing.name)
        return f"{name} ({parts})" if parts else name


def _apart(kinds: set[Kind], kind: Kind) -> tuple[bool, bool, Kind]:
    """Return whether a kind is told from the others by make, and by type; and what of it counts."""
    makes = {one[:2] for one in kinds if any(one[:2])}
    types = {one[2] for one in kinds if one[2] and one[:2] == kind[:2]}
    by_make, by_type = len(makes) > 1, len(types) > 1 and bool(kind[2])
    make = kind[:2] if by_make else ("", "")
    return by_make, by_type, (*make, kind[2] if by_type else "")
