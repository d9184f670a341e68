"""Names of equipment that are there already, in another spelling or told apart by brand and model."""

from collections.abc import Sequence

from sqlalchemy import select

from db.models import Equipment
from services.core.text import fold, same_letters
from services.core.tx import Tx
from services.imports.inventory.rows import Row


def settle(tx: Tx, rows: Sequence[Row]) -> None:
    """Give each row the name under which its equipment is known, if it is."""
    wanted = {row.name for row in rows} | {row.full_name for row in rows if row.full_name}
    query = select(Equipment.name, Equipment.brand, Equipment.model).where(
        Equipment.organization_id == tx.organization_id, same_letters(Equipment.name, wanted)
    )
    known = {
        row.name: (row.brand, row.model) for row in tx.session.execute(query.order_by(Equipment.id.desc()))
    }
    spelled = {fold(name): name for name in known}
    settled: dict[tuple[str, str], str] = {}
    for row in rows:
        names = row.name, row.full_name
        if names not in settled:
            settled[names] = _known(row, known, spelled)
        row.name = settled[names]


def _known(row: Row, known: dict[str, tuple[str, str]], spelled: dict[str, str]) -> str:
    if row.full_name and (found := spelled.get(fold(row.full_name))):
        return found
    return row.name if row.name in known else spelled.get(fold(row.name), row.name)
