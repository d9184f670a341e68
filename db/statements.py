"""Statements that are built once: building one often takes longer than running it."""

from typing import TypeVar

from sqlalchemy.sql import ClauseElement

AnyStatement = TypeVar("AnyStatement", bound=ClauseElement)


def prepared(statement: AnyStatement) -> AnyStatement:
    """Return a statement over aliases, with the columns of these prepared.

    SQLAlchemy prepares them when they are first used, and two threads at once could leave them wrong.
    """
    statement.compile()
    return statement
