"""Columns for an organization's custom fields, in their display order."""

import re
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import CustomField, Equipment, Item, Rental, User
from db.states import Described

CHUNK = 2_000
"""Rows scanned per chunk."""

Holder = type[Equipment] | type[Item] | type[Rental] | type[User]
DESCRIBED: dict[Holder, Described] = {
    Equipment: Described.EQUIPMENT,
    Item: Described.ITEM,
    Rental: Described.RENTAL,
    User: Described.USER,
}


class Labels:
    """Labels of the custom fields of one kind of record: enabled fields in their order, then others in use.

    Those in use are found chunk by chunk, so that no transaction is long.
    """

    def __init__(self, holder: Holder, organization_id: int) -> None:
        self.holder, self.organization_id = holder, organization_id
        self._held: set[str] = set()
        self._after = 0
        self.done = False

    def look(self, session: Session) -> None:
        """Scan the next chunk."""
        holder = self.holder
        # `+ 0` keeps the planner from the organization's index: by id there is nothing to sort.
        rows = session.execute(
            select(holder.id, holder.custom)
            .where(holder.organization_id + 0 == self.organization_id, holder.id > self._after)
            .order_by(holder.id)
            .limit(CHUNK)
        ).all()
        for _, custom in rows:
            self._held.update(label for label, value in custom.items() if value not in ("", None))
        self.done = len(rows) < CHUNK
        if rows:
            self._after = rows[-1].id

    def listed(self, session: Session) -> list[str]:
        """Return the labels, once everything has been scanned."""
        fields = session.execute(
            select(CustomField.label, CustomField.disabled_at)
            .filter_by(organization_id=self.organization_id, describes=DESCRIBED[self.holder])
            .order_by(CustomField.position, CustomField.id)
        ).all()
        ordered = [f.label for f in fields if f.disabled_at is None or f.label in self._held]
        return ordered + sorted(self._held.difference(ordered))


def values(custom: dict[str, Any], labels: list[str]) -> list[str | date]:
    """Return a record's values, one for each label; days as such, which a workbook then sorts and counts."""
    found = (custom.get(label) for label in labels)
    return ["" if value is None else _day(str(value)) for value in found]


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIRST_YEAR = 1901
"""Workbooks know no days before 1900, and count a day too many in that year."""


def _day(text: str) -> str | date:
    if _DAY.fullmatch(text) is None or int(text[:4]) < _FIRST_YEAR:
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
