"""The codes of what an import brought, to be printed or kept beside the list, which had none."""

import csv
import io
from collections.abc import Sequence

from sqlalchemy import select

from db.models import Equipment, Item
from services.core.text import defuse
from services.core.tx import Tx
from services.imports.afterwards.obstacles import parts
from services.imports.headings import Headings, Kind
from services.imports.inventory import effects
from services.imports.mapping import Field

_COLUMNS = (Field.CODE, Field.NAME, Field.BRAND, Field.MODEL, Field.SERIAL_NUMBER)


def head(tx: Tx, language: str) -> list[str]:
    """Return the headers as our own files have them, so that the file can be sent again."""
    return Headings(language, tx.organization.labels).of(Kind.INVENTORY, _COLUMNS)


def content(tx: Tx, run_id: int, head: Sequence[str], separator: str = ",") -> str:
    """Return code, name, brand, model and serial number of each new thing as CSV, its headers as in `head`;
    empty where there is none. No cell runs as a formula.
    """
    whole = effects.of_run(tx, run_id)
    columns = (Item.code, Equipment.name, Equipment.brand, Equipment.model, Item.serial_number)
    query = select(*columns).join(Equipment, Equipment.id == Item.equipment_id).order_by(Item.id)
    rows = [
        [defuse(text or "") for text in row]
        for some in parts(sorted(whole.new(whole.items)))
        for row in tx.session.execute(query.where(Item.id.in_(some)))
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows([head, *rows] if rows else [])
    return out.getvalue()
