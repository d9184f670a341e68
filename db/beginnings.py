"""The condition that an expression begins with a text; an index of the expression serves it on SQLite too."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, and_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_LAST = "\U0010ffff"


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
    """Match an expression that begins with this text."""
    return and_(expression.startswith(text, autoescape=True), _Between(expression, text, text + _LAST))
