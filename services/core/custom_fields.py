"""An organization's own fields of equipment, items, members and rentals.

A field is identified by its label; the values are in `custom` of the row that it describes, by that label. A
field that is switched off is no longer asked for, and still shown where it has a value.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import CustomField, Equipment, Item, Organization, Rental, User
from db.states import Described, Role
from services.core import audit, locks, naming
from services.core.errors import Refusal, Refused
from services.core.naming import Taken
from services.core.tx import Tx

LONGEST_LABEL = 100
LONGEST_VALUE = 500
_CHUNK = 500

_Row = type[Equipment] | type[Item] | type[User] | type[Rental] | type[Organization]

_ROWS: dict[Described, _Row] = {
    Described.EQUIPMENT: Equipment,
    Described.ITEM: Item,
    Described.USER: User,
    Described.RENTAL: Rental,
    Described.ORGANIZATION: Organization,
}

SHOWN_TO_MEMBERS = (Described.EQUIPMENT, Described.ITEM)
"""Kinds whose fields can be marked for members; the fields of the others have their own readers."""

_ALL = (
    select(CustomField)
    .where(
        CustomField.organization_id == bindparam("organization"),
        CustomField.describes == bindparam("describes"),
    )
    .order_by(CustomField.position, CustomField.id)
)
_SWITCHED_ON = _ALL.where(CustomField.disabled_at.is_(None))


def of(
    session: Session, organization_id: int, describes: Described, *, switched_off: bool = False
) -> list[CustomField]:
    """Return the fields in their order, including disabled ones with `switched_off`."""
    query = _ALL if switched_off else _SWITCHED_ON
    return list(session.scalars(query, {"organization": organization_id, "describes": describes}))


def get(session: Session, organization_id: int, field_id: int) -> CustomField:
    """Return a field of this organization. Raises NOT_FOUND."""
    found = session.get(CustomField, field_id)
    if found is None or found.organization_id != organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return found


def labeled(session: Session, organization_id: int, describes: Described, label: str) -> CustomField:
    """Return the enabled field with this label, ignoring case. Raises FIELD_UNKNOWN."""
    for field in of(session, organization_id, describes):
        if field.label.casefold() == label.strip().casefold():
            return field
    raise Refusal(Refused.FIELD_UNKNOWN, label=label)


def values(
    session: Session, organization_id: int, describes: Described, custom: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Return the labels and values in `custom` in the fields' order, those without a field last."""
    if not custom:
        return []
    known = [field.label for field in of(session, organization_id, describes, switched_off=True)]
    order = known + sorted(custom.keys() - set(known))
    return [(label, str(custom[label])) for label in order if custom.get(label) not in (None, "")]


def changed(custom: Mapping[str, Any], label: str, text: str) -> dict[str, Any]:
    """Return `custom` with this value; an empty one removes it. Raises TOO_MUCH_TEXT."""
    text = text.strip()
    if len(text) > LONGEST_VALUE:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_VALUE)
    kept = {key: value for key, value in custom.items() if key != label}
    return kept | {label: text} if text else kept


def add(tx: Tx, describes: Described, label: str) -> CustomField:
    """Add a field, in the last place. Raises NOT_ALLOWED, NAME_EMPTY, TOO_MUCH_TEXT, NAME_TAKEN."""
    tx.actor.require(Role.ADMIN)
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    label = naming.clean(label, LONGEST_LABEL)
    naming.require_new(label, _taken(tx, describes))
    field = CustomField(
        organization_id=tx.actor.organization_id,
        describes=describes,
        label=label,
        position=_last(tx.session, tx.actor.organization_id, describes) + 1,
    )
    tx.session.add(field)
    tx.session.flush()
    _note(tx, field, "add", label=[None, label], describes=describes)
    return field


def rename(tx: Tx, field_id: int, label: str) -> CustomField:
    """Rename a field and carry its values over. Raises as `add` does, and NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    field = get(tx.session, tx.actor.organization_id, field_id)
    label = naming.clean(label, LONGEST_LABEL)
    if label == field.label:
        return field
    naming.require_new(label, _taken(tx, field.describes), but=field.id)
    before, field.label = field.label, label
    tx.session.flush()
    rows = _carry_over(tx.session, field, before)
    _note(tx, field, "rename", label=[before, label], rows=rows)
    return field


def switch(tx: Tx, field_id: int, *, on: bool) -> CustomField:
    """Enable or disable a field; its values stay. Raises NOT_ALLOWED, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    field = get(tx.session, tx.actor.organization_id, field_id)
    if (field.disabled_at is None) != on:
        field.disabled_at = None if on else tx.now
        tx.session.flush()
        _note(tx, field, "enable" if on else "disable")
    return field


def mark(tx: Tx, field_id: int, *, for_members: bool) -> CustomField:
    """Show a field of equipment or items to members, or to lenders only. Raises NOT_ALLOWED, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    field = get(tx.session, tx.actor.organization_id, field_id)
    if field.describes not in SHOWN_TO_MEMBERS:
        raise Refusal(Refused.NOT_FOUND)
    if field.for_members != for_members:
        field.for_members = for_members
        tx.session.flush()
        _note(tx, field, "show" if for_members else "hide")
    return field


def labels_for_members(session: Session, organization_id: int, describes: Described) -> list[str]:
    """Return the labels of the fields that are marked for members, in their order."""
    return [field.label for field in of(session, organization_id, describes) if field.for_members]


def for_members(
    session: Session, organization_id: int, describes: Described, custom: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Return the labels and values that are marked for members, in the fields' order."""
    if not custom:
        return []
    marked = labels_for_members(session, organization_id, describes)
    return [(label, str(custom[label])) for label in marked if custom.get(label) not in (None, "")]


def move(tx: Tx, field_id: int, position: int) -> None:
    """Move a field to this position, counted from 1. Raises NOT_ALLOWED, NOT_FOUND."""
    tx.actor.require(Role.ADMIN)
    locks.one_at_a_time(tx.session, tx.actor.organization_id)
    field = get(tx.session, tx.actor.organization_id, field_id)
    order = of(tx.session, tx.actor.organization_id, field.describes, switched_off=True)
    before = order.index(field) + 1
    position = min(max(position, 1), len(order))
    order.remove(field)
    order.insert(position - 1, field)
    for place, one in enumerate(order, start=1):
        one.position = place
    tx.session.flush()
    if position != before:
        _note(tx, field, "move", position=[before, position])


def register(
    session: Session, organization_id: int, describes: Described, labels: Iterable[str]
) -> list[CustomField]:
    """Create fields for the labels of an import that have none yet, in this order; return the new ones.

    Labels that are too long are skipped; their values are kept all the same.
    """
    wanted = [label for label in dict.fromkeys(labels) if 0 < len(label) <= LONGEST_LABEL]
    if not wanted or not _missing(session, organization_id, describes, wanted):
        return []
    locks.one_at_a_time(session, organization_id)
    # Checked once more under the lock: another import may have made them meanwhile.
    missing = _missing(session, organization_id, describes, wanted)
    last = _last(session, organization_id, describes)
    made = [
        CustomField(organization_id=organization_id, describes=describes, label=label, position=last + place)
        for place, label in enumerate(missing, start=1)
    ]
    session.add_all(made)
    session.flush()
    return made


def _missing(
    session: Session, organization_id: int, describes: Described, labels: Sequence[str]
) -> list[str]:
    known = {field.label for field in of(session, organization_id, describes, switched_off=True)}
    return [label for label in labels if label not in known]


def _last(session: Session, organization_id: int, describes: Described) -> int:
    query = select(func.max(CustomField.position)).filter_by(
        organization_id=organization_id, describes=describes
    )
    return session.scalar(query) or 0


def _taken(tx: Tx, describes: Described) -> list[Taken]:
    found = of(tx.session, tx.organization_id, describes, switched_off=True)
    return [Taken(field.id, field.label, field.disabled_at is not None) for field in found]


def _organization_of(table: _Row) -> InstrumentedAttribute[int]:
    """Return the column with the organization of a row."""
    found: InstrumentedAttribute[int] = (
        table.id if table is Organization else cast("Any", table).organization_id
    )
    return found


def _carry_over(session: Session, field: CustomField, before: str) -> int:
    """Move the values to the field's new label; return how many rows had one.

    Rows with versions get a new one, since an edit that began earlier knows only the old label.
    """
    table = _ROWS[field.describes]
    found = session.execute(
        select(table.id, table.custom).where(_organization_of(table) == field.organization_id)
    )
    ids = [row.id for row in found if before in row.custom]
    for start in range(0, len(ids), _CHUNK):
        part = table.id.in_(ids[start : start + _CHUNK])
        # Locked, so that no value written concurrently is lost.
        rows = session.execute(
            select(table.id, table.custom).where(part).order_by(table.id).with_for_update()
        )
        changes = [
            {"id": row.id, "custom": {field.label if k == before else k: v for k, v in row.custom.items()}}
            for row in rows
            if before in row.custom
        ]
        if changes:
            session.execute(update(table), changes)
        if table is Equipment or table is Item:
            session.execute(
                update(table)
                .where(part)
                .values(version=table.version + 1)
                .execution_options(synchronize_session=False)
            )
    for row in session.identity_map.values():
        if isinstance(row, table):
            session.expire(row)
    return len(ids)


def _note(tx: Tx, field: CustomField, action: str, **details: Any) -> None:
    audit.note(tx, action, "field", field.id, **details)
