"""What is exported, as the runner sees it: a header, then chunk after chunk of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from services.exporting.fields import Labels
from services.exporting.writing import Cell


@dataclass(frozen=True)
class Chunk:
    """`last`: what the next chunk begins after, such as an id; None where there is none."""

    rows: Sequence[Sequence[Cell]]
    last: int | None


class Table(Protocol):
    """`labels` are looked through first; then come the header and the chunks."""

    labels: Sequence[Labels]

    def header(self, session: Session) -> list[str]:
        """The columns' names."""

    def chunk(self, session: Session, after: int) -> Chunk:
        """The rows that come after those that ended here; 0 is the beginning."""
