"""Descriptions of places, as rows of our own files tell them."""

from collections.abc import Sequence

from sqlalchemy import select

from db.models import Location
from services.core.tx import Tx
from services.imports.inventory.rows import Row


def describe(tx: Tx, rows: Sequence[Row]) -> None:
    """Write what the rows say of their places; of several descriptions of one place the first counts."""
    wanted: dict[str, str] = {}
    for row in rows:
        if row.about_place and (place := row.item.get("location")):
            wanted.setdefault(place, row.about_place)
    if not wanted:
        return
    query = select(Location).where(Location.organization_id == tx.organization_id, Location.name.in_(wanted))
    for place in tx.session.scalars(query):
        if place.description != wanted[place.name]:
            place.description = wanted[place.name]
