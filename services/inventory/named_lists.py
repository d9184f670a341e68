"""Named entries of an organization that can be disabled: its locations and tags."""

from typing import Any, TypeVar

from sqlalchemy import select

from db.models import Location, Tag
from services.core import audit, locks, naming
from services.core.errors import Refusal, Refused
from services.core.naming import Taken
from services.core.text import same_letters
from services.core.tx import Tx

Named = TypeVar("Named", Location, Tag)


def get(tx: Tx, table: type[Named], id_: int) -> Named:
    """Return the organization's entry. Raises NOT_FOUND, also for another organization's."""
    found = tx.session.get(table, id_)
    if found is None or found.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return found


def add(tx: Tx, table: type[Named], name: str, *, subject: str) -> Named:
    """Add an entry with a clean name. The caller checks permission. Raises NAME_TAKEN."""
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    naming.require_new(name, _taken(tx, table))
    row = table(organization_id=tx.actor.organization_id, name=name)
    tx.session.add(row)
    tx.session.flush()
    _note(tx, row, "add", subject=subject, name=[None, name])
    return row


def rename(tx: Tx, row: Named, name: str, *, subject: str) -> bool:
    """Rename an entry; return whether it changed. The caller checks permission. Raises NAME_TAKEN."""
    if name == row.name:
        return False
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    naming.require_new(name, _taken(tx, type(row)), but=row.id)
    before, row.name = row.name, name
    tx.session.flush()
    _note(tx, row, "rename", subject=subject, name=[before, name])
    return True


def switch(tx: Tx, row: Named, *, on: bool, subject: str) -> None:
    """Enable or disable an entry. The caller checks permission."""
    if (row.disabled_at is None) != on:
        row.disabled_at = None if on else tx.now
        tx.session.flush()
        _note(tx, row, "enable" if on else "disable", subject=subject)


def called(tx: Tx, table: type[Named], name: str, *, subject: str) -> Named:
    """Return the entry with this name, ignoring case; add it where there is none.

    A disabled one is enabled again. The caller checks permission. Raises NAME_EMPTY.
    """
    if not name:
        raise Refusal(Refused.NAME_EMPTY)
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    found = tx.session.scalars(
        select(table)
        .where(table.organization_id == tx.actor.organization_id, same_letters(table.name, {name}))
        .order_by((table.name == name).desc(), table.id)
        .limit(1)
    ).first()
    if found is None:
        return add(tx, table, name, subject=subject)
    switch(tx, found, on=True, subject=subject)
    return found


def _taken(tx: Tx, table: type[Named]) -> list[Taken]:
    rows = tx.session.execute(
        select(table.id, table.name, table.disabled_at).filter_by(organization_id=tx.organization_id)
    )
    return [Taken(r.id, r.name, r.disabled_at is not None) for r in rows]


def _note(tx: Tx, row: Named, action: str, *, subject: str, **details: Any) -> None:
    audit.note(tx, action, subject, row.id, **details)
