"""Conditions on hundreds of texts, which go to the database as one parameter.

A parameter for each text makes another statement of every number of them: SQLAlchemy writes it anew, and
SQLite keeps it, by the megabyte.
"""

import json
from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Dialect, String, Text, bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

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


class _Listed(FunctionElement[str]):
    """The texts of a list, as a subquery."""

    name = "listed"
    type = String()
    inherit_cache = True
    of_each = "{}"


class _ListedLower(_Listed):
    """The texts in the database's lower case."""

    name = "listed_lower"
    inherit_cache = True
    of_each = "lower({})"


@compiles(_Listed, "sqlite")
def _on_sqlite(element: _Listed, compiler: SQLCompiler, **kw: Any) -> str:
    texts = compiler.process(element.clauses, **kw)
    return f"(SELECT {element.of_each.format('value')} FROM json_each({texts}))"


@compiles(_Listed, "postgresql")
def _on_postgresql(element: _Listed, compiler: SQLCompiler, **kw: Any) -> str:
    texts = compiler.process(element.clauses, **kw)
    return f"(SELECT {element.of_each.format('one')} FROM unnest({texts}) AS one)"


def among(column: Any, texts: Collection[str]) -> ColumnElement[bool]:
    """Match a column that is one of these texts."""
    return _is_in(column, _Listed(_parameter(texts)))


def same_letters(column: Any, texts: Collection[str]) -> ColumnElement[bool]:
    """Match a column that is one of these texts in whatever case, by its index in lower case."""
    written, _ = written_and_lower(texts)
    return _is_in(func.lower(column), _ListedLower(_parameter(written | {one.lower() for one in written})))


def _parameter(texts: Collection[str]) -> BindParameter[Collection[str]]:
    return bindparam(None, texts, type_=_Texts(), unique=True)


def _is_in(column: ColumnElement[Any], listed: _Listed) -> ColumnElement[bool]:
    return cast("ColumnElement[bool]", column.bool_op("IN")(listed))
