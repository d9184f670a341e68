"""The session of one transaction: SQLAlchemy's, without most of what that does for each statement."""

from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Select, bindparam, event, inspect, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import QueryableAttribute, Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_state

from db.models import Card, ChatAccount, Equipment, Organization, Rental, User

_KEPT = (Organization, User, ChatAccount, Equipment, Rental, Card)
_MOST_KEPT = 300


class Transaction(Session):
    """The session of one transaction, which keeps common rows alive: SQLAlchemy's identity map is weak, and
    `session.get` would read the organization again and again.

    Only the first rows of `_KEPT` are kept, since a transaction may read a whole inventory. Code that locks a
    row refreshes it, with `refresh` or `populate_existing`.

    A SELECT of columns, without objects, goes straight to the connection. What a session does besides, for
    objects, costs as much again. The connection is looked up once; `get` takes a row from the session, or
    reads it with a statement that is built once for each class.
    """

    if not TYPE_CHECKING:  # the types are those of Session
        _known = None

        def connection(self, *arguments: Any, **options: Any) -> Any:
            if arguments or options:
                return super().connection(*arguments, **options)
            if self._known is None or not self.is_active or self._known[0] is not self.get_transaction():
                found = super().connection()
                self._known = self.get_transaction(), found
            return self._known[1]

        def get(self, entity: Any, ident: Any, **options: Any) -> Any:
            if options or not isinstance(ident, int):
                return super().get(entity, ident, **options)
            row = self.identity_map.get((entity, (ident,), None))
            if row is None:
                return self.scalar(_by_key(entity), {"key": ident})
            return super().get(entity, ident) if instance_state(row).expired else row

        def get_one(self, entity: Any, ident: Any, **options: Any) -> Any:
            if options:
                return super().get_one(entity, ident, **options)
            row = self.get(entity, ident)
            if row is None:
                raise NoResultFound("no row was found where there has to be one")
            return row

        def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
            if options or not _is_of_columns(statement):
                return super().execute(statement, params, **options)
            self._autoflush()
            return self.connection().execute(statement, params)

        def scalars(self, statement: Any, params: Any = None, **options: Any) -> Any:
            if options or not _is_of_columns(statement):
                return super().scalars(statement, params, **options)
            return self.execute(statement, params).scalars()

        def scalar(self, statement: Any, params: Any = None, **options: Any) -> Any:
            if options or not _is_of_columns(statement):
                return super().scalar(statement, params, **options)
            return self.execute(statement, params).scalar()


@cache
def _by_key(entity: type[Any]) -> Select[Any]:
    (key,) = inspect(entity).primary_key
    return select(entity).where(key == bindparam("key"))


_of_columns: "WeakKeyDictionary[Any, bool]" = WeakKeyDictionary()
"""Of statements, which never change, whether they select columns alone."""


def _is_of_columns(statement: Any) -> bool:
    if not isinstance(statement, Select):
        return False
    known = _of_columns.get(statement)
    if known is None:
        selected = (one["expr"] for one in statement.column_descriptions)
        known = all(isinstance(one, ColumnElement | QueryableAttribute) for one in selected)
        _of_columns[statement] = known
    return known


@event.listens_for(Transaction, "loaded_as_persistent")
@event.listens_for(Transaction, "pending_to_persistent")
def _keep(session: Session, row: object) -> None:
    if isinstance(row, _KEPT):
        kept = session.info.setdefault("kept", [])
        if len(kept) < _MOST_KEPT:
            kept.append(row)


@event.listens_for(Transaction, "pending_to_persistent")
def _hold(session: Session, row: object) -> None:
    """Record rows added within a savepoint, to expunge them when it is rolled back: SQLAlchemy forgets only
    the very object that was added, if it still exists.
    """
    if session.in_nested_transaction():
        session.info.setdefault("added", []).append(row)


@event.listens_for(Transaction, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    """Expire rows read since a savepoint that is rolled back: SQLAlchemy itself forgets only flushed ones,
    not those that an UPDATE returned.
    """
    if previous.nested:
        session.expire_all()
