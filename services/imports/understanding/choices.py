"""Decisions of a person about a file where it could not be told, kept between two taps."""

from dataclasses import dataclass, field
from typing import Any

from services.imports.understanding.vocabulary import Meaning


def number_of(column: int) -> str:
    """Return the name for a column without a header."""
    return f"#{column + 1}"


@dataclass
class Choices:
    """Decisions about one file, or about files with the same headers.

    `columns`: the meaning by header, or by the column's number (`number_of`); `names`: the headers that make
    up the name; `encoding`: of a text file; `sheets`: the titles of those that are taken; `one_each`: rows
    with a very large number are one item each.
    """

    columns: dict[str, Meaning] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    encoding: str = ""
    sheets: list[str] = field(default_factory=list)
    one_each: bool | None = None
    make_codes: bool = False
    """True where no column is the code, though one may look so."""
    require_codes: bool = False
    """True where rows without a code are refused, instead of getting one."""
    headers: bool | None = None
    """True where the first row is a header; None where that was not asked."""

    def to_json(self) -> dict[str, Any]:
        nothing = Choices()
        return {name: value for name, value in vars(self).items() if value != getattr(nothing, name)}

    @classmethod
    def of(cls, data: dict[str, Any]) -> "Choices":
        known = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        known["columns"] = {
            header: Meaning(meaning)
            for header, meaning in known.get("columns", {}).items()
            if meaning in set(Meaning)
        }
        return cls(**known)
