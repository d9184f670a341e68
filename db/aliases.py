"""Aliases of models that are kept in modules, for statements that read a table twice."""

from functools import cache
from typing import TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import aliased

from db.models.base import Base

M = TypeVar("M", bound=Base)


def prepare(model: type[M]) -> type[M]:
    """Return a new alias of a model with all its columns prepared.

    SQLAlchemy prepares an alias's columns at their first use. Two threads that do so at once can leave one
    without its alias for as long as the program runs: statements then read the whole table beside it.
    """
    alias = aliased(model)
    for name in inspect(model).column_attrs.keys():  # noqa: SIM118 - no dictionary
        _ = getattr(alias, name).expression
    return alias


@cache
def kept(model: type[M], role: str) -> type[M]:
    """Return the one prepared alias of a model that has this role in statements, made at the first call.

    An alias of a large table takes 300 kilobytes: a new role is for statements that meet within another.
    """
    return prepare(model)
