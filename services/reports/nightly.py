"""Figures that are counted in the night, where an organization has so many rentals that it takes long.

They hold numbers and names of equipment, of nobody. Whatever is changed for days that are over, as by an
earlier return, a merge or an undone import, is in them after the next night.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache, partial

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, delete, exists, insert

from db.models import KeptFigures, Organization, RentalNumbers
from services.core.hours import periods
from services.core.tx import Tx
from services.reports import figures
from services.reports.figures import Figures

MANY = 10_000
"""Rentals up to which figures are counted when they are asked for: in a quarter of a second."""

NIGHT = time(4)
"""By local clocks, from when on they are counted anew."""

_LAST_MONTHS = 0
"""In place of a year."""


def may_have_work(now: datetime) -> ColumnElement[bool]:
    """Return the condition on Organization that figures are kept for it."""
    many = exists().where(RentalNumbers.organization_id == Organization.id, RentalNumbers.last > MANY)
    return Organization.closed_at.is_(None) & many


def days(today: date, year: int | None) -> tuple[date, date]:
    """Return the first and last day of a year, or of the last 12 months."""
    if year is None:
        return today - timedelta(days=364), today
    return date(year, 1, 1), date(year, 12, 31)


def count(tx: Tx) -> Callable[[Tx], None] | None:
    """Count what may be asked for until the next night; return the function that stores it.

    None where it is done. This only reads, for some seconds where there are very many rentals.
    """
    newest = _row(tx, None)
    if newest is not None and _night(tx) <= newest.as_of <= tx.now:
        return None
    years = (None, tx.today.year, tx.today.year - 1)
    found = {year: figures.count(tx, *days(tx.today, year)) for year in years}
    return partial(_store, found=found, at=tx.now, timezone=tx.organization.timezone)


def find(tx: Tx, year: int | None) -> Figures | None:
    """Return the figures of the last night, or of the one before while they are not counted yet.

    None where none are kept, which includes those of another version of the program.
    """
    row = _row(tx, year)
    if row is None or row.as_of < periods.days_later(_night(tx), -1, tx.zone):
        return None
    try:
        return replace(_stored().validate_python(row.figures), as_of=row.as_of)
    except ValidationError:
        return None


def _store(tx: Tx, found: Mapping[int | None, Figures], at: datetime, timezone: str) -> None:
    old = delete(KeptFigures).where(KeptFigures.organization_id == tx.organization_id)
    tx.session.execute(old.execution_options(synchronize_session=False))
    tx.session.execute(
        insert(KeptFigures),
        [
            {
                "organization_id": tx.organization_id,
                "year": year or _LAST_MONTHS,
                "as_of": at,
                "timezone": timezone,
                "figures": _stored().dump_python(one, mode="json"),
            }
            for year, one in found.items()
        ],
    )


def _row(tx: Tx, year: int | None) -> KeptFigures | None:
    """Return what is kept, unless the organization's days have become others."""
    row = tx.session.get(KeptFigures, (tx.organization_id, year or _LAST_MONTHS))
    return row if row is not None and row.timezone == tx.organization.timezone else None


def _night(tx: Tx) -> datetime:
    """Return when the last night's figures are due."""
    tonight = periods.at(tx.today, NIGHT, tx.zone)
    return tonight if tonight <= tx.now else periods.at(tx.today - timedelta(days=1), NIGHT, tx.zone)


@cache
def _stored() -> TypeAdapter[Figures]:
    """Return the converter of figures to JSON and back; made by the first that needs it."""
    return TypeAdapter(Figures)
