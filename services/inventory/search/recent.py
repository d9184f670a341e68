"""The equipment that a member rented before."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from db.models import Equipment, Rental, RentalLine
from services.core.tx import Tx
from services.inventory.catalog import Entry, entries

# A subquery: in one join SQLite would start from all equipment, however little a member rented.
_RENTED = (
    select(RentalLine.equipment_id, func.max(Rental.id).label("last"))
    .join(Rental, Rental.id == RentalLine.rental_id)
    .where(
        Rental.user_id == bindparam("user"),
        # Without the baskets, also those that were discarded.
        Rental.requested_at.is_not(None),
        RentalLine.kit_id.is_(None),
    )
    .group_by(RentalLine.equipment_id)
    .subquery()
)

_RECENT = (
    select(Equipment.id)
    .join(_RENTED, _RENTED.c.equipment_id == Equipment.id)
    .where(Equipment.organization_id == bindparam("organization"), Equipment.retired_at.is_(None))
    .order_by(_RENTED.c.last.desc())
    .limit(bindparam("most"))
)


def of_member(tx: Tx, user_id: int, *, most: int = 4, known: Sequence[Entry] = ()) -> tuple[Entry, ...]:
    """Return the equipment this member rented last, without the parts of kits; `known` was read before."""
    those = {"user": user_id, "organization": tx.organization_id, "most": most}
    ids = tx.session.scalars(_RECENT, those).all()
    found = {one.equipment_id: one for one in known if one.kit_id is None}
    found |= {one.equipment_id: one for one in entries(tx, [i for i in ids if i not in found])}
    return tuple(found[i] for i in ids)
