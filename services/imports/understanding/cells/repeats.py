"""Cells that mean the one above: `dito`, and blank ones in a column that is filled once per block."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.core.text import key, one_line
from services.imports.understanding.body import LeftOut, Line
from services.imports.understanding.vocabulary import keys

_LONGEST = 20
_MARKS = re.compile(r"[-–—\s.]*(?:[\"″”“„〃]{1,2}|''|,,|´´|’’)[-–—\s.]*")


def is_ditto(text: str) -> bool:
    """Return whether the cell says that it has the value of the one above: `dito`, `siehe oben`, `″`."""
    return 0 < len(text) <= _LONGEST and not text[-1].isdigit() and _is_ditto(text)


@lru_cache(4_096)
def _is_ditto(text: str) -> bool:
    return _MARKS.fullmatch(text) is not None or key(text) in keys("ditto")


@dataclass(frozen=True)
class Repeats:
    """The columns of a table whose cells may mean the ones above. `ditto`: those with words or marks that say
    so; `bare`: those of them where that is no value, as below a code; `down`: those filled once per block;
    `names`: those of them that are filled only where one of `told` has a value.
    """

    ditto: frozenset[int] = frozenset()
    bare: frozenset[int] = frozenset()
    down: frozenset[int] = frozenset()
    names: frozenset[int] = frozenset()
    told: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.ditto or self.down)

    def fill(self, lines: Iterable[Line | LeftOut]) -> Iterator[Line | LeftOut]:
        """Yield the lines with these cells filled in; a section's things take nothing from those above it."""
        above: dict[int, str] = {}
        section = None
        for line in lines:
            if not isinstance(line, Line) or line.record.problem is not None:
                yield line
                continue
            if line.section != section:
                section = line.section
                above.clear()
            yield replace(line, record=replace(line.record, cells=self._filled(line.record.cells, above)))

    def _filled(self, cells: Sequence[str], above: dict[int, str]) -> list[str]:
        found = list(cells)
        for column in self.ditto | self.down:
            text = one_line(found[column]) if column < len(found) else ""
            if text and not is_ditto(text):
                above[column] = found[column]
            elif text or (column in self.down and self._takes(column, found)):
                found += [""] * (column + 1 - len(found))
                found[column] = "" if column in self.bare else above.get(column, "")
        return found

    def _takes(self, column: int, cells: Sequence[str]) -> bool:
        return column not in self.names or any(c < len(cells) and cells[c].strip() for c in self.told)
