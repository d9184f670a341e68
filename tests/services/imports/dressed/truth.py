"""The truth that a dressed list has to bring in."""

from dataclasses import dataclass, field

from tests.services.imports.dressed.stock import Kind, Piece

Row = list[str]


@dataclass(frozen=True)
class Expected:
    """One piece as it must come in. `code`: None where one is made; `kept`: what must not be lost."""

    name: str
    brand: str
    model: str
    type: str
    code: str | None
    serial: str
    place: str
    state: str
    holder: str
    kept: frozenset[str]


@dataclass
class Entry:
    """A row of the table: its pieces, and its cells by their columns."""

    kind: Kind
    pieces: list[Piece]
    cells: dict[str, str] = field(default_factory=dict)


@dataclass
class Dressed:
    """A list: its sheets by title, its things, and what its dress has."""

    sheets: list[tuple[str, list[Row]]]
    things: list[Expected]
    features: set[str]
    name_header: str = ""
    code_header: str = ""
    encoding: str = ""
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """Cells of the first sheet that go to the right: row, column, and how many they are."""
