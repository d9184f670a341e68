"""Conditions on hundreds of texts, which go to the database as one parameter.

They are for statements that are built once, when the program starts: `name` is the parameter, whose value is
given with each execution.

A parameter for each text makes another statement of every number of them: SQLAlchemy writes it anew, and
SQLite keeps it, by the megabyte.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, BindParameter, ColumnElement, Dialect, String, Text, bindparam, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine

from services.core.text import written_and_lower


class _Texts(TypeDecorator[Collection[str]]):
    """Many texts: an array, or on SQLite a JSON list."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        of: TypeEngine[Any] = ARRAY(Text()) if dialect.name == "postgresql" else String()
        return dialect.type_descriptor(of)

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class _Among(FunctionElement[bool]):
    """A column that is one of many texts."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Return the condition as it is: `= 1` behind it would keep SQLite from its indexes."""
        return self


class _AmongLower(_Among):
    """The same, of the texts in the database's lower case."""

    name = "among_lower"
    inherit_cache = True


@compiles(_Among, "sqlite")
@compiles(_AmongLower, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, texts = (compiler.process(part, **kw) for part in element.clauses)
    each = "lower(value)" if isinstance(element, _AmongLower) else "value"
    return f"({column} IN (SELECT {each} FROM json_each({texts})))"


@compiles(_Among, "postgresql")
@compiles(_AmongLower, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    # An array, no subquery: of a table without statistics, PostgreSQL would rather read the whole.
    column, texts = (compiler.process(part, **kw) for part in element.clauses)
    if isinstance(element, _AmongLower):
        texts = f"ARRAY(SELECT lower(one) FROM unnest({texts}) AS one)"
    return f"({column} = ANY ({texts}))"


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Match a column that is one of the texts."""
    return _Among(column, _parameter(name))


def same_letters(column: Any, name: str) -> ColumnElement[bool]:
    """Match a column that is one of the texts in whatever case, by its index in lower case.

    Their `in_each_case` is the parameter's value.
    """
    return _AmongLower(func.lower(column), _parameter(name))


def in_each_case(texts: Collection[str]) -> set[str]:
    """Return the texts in all cases in which the database may have to compare them."""
    written, _ = written_and_lower(texts)
    return written | {one.lower() for one in written}


def _parameter(name: str) -> BindParameter[Collection[str]]:
    return bindparam(name, type_=_Texts())
