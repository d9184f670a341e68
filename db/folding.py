"""Texts as searches compare them: without case and accents, by their beginning."""

import unicodedata
from itertools import filterfalse
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "œ": "oe"})
_LAST = "\U0010ffff"


def fold(text: str) -> str:
    """Return the text in lower case, without accents, spaces single: `Måleutstyr  Ø` is `maleutstyr o`."""
    if text.isascii():
        # Thousands of names are read in one go: most need none of what follows.
        return " ".join(text.lower().split())
    taken_apart = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    plain = "".join(filterfalse(unicodedata.combining, taken_apart))
    return " ".join(plain.split())


class _Between(FunctionElement[int]):
    """The range of what begins so, by bytes. PostgreSQL sees for itself what LIKE asks for.

    As a boolean it would be compared with 1 in SQLite, whose index would not serve that.
    """

    name = "between_bytes"
    type = Integer()
    inherit_cache = True


@compiles(_Between, "sqlite")
def _on_sqlite(element: _Between, compiler: SQLCompiler, **options: Any) -> str:
    expression, low, high = (compiler.process(one, **options) for one in element.clauses)
    return f"({expression} >= {low} AND {expression} < {high})"


@compiles(_Between)
def _elsewhere(element: _Between, compiler: SQLCompiler, **options: Any) -> str:
    return "true"


def begins_with(expression: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Match an expression that begins with this text, as an index of it serves on SQLite too."""
    return and_(expression.startswith(text, autoescape=True), _Between(expression, text, text + _LAST))
