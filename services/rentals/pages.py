"""Pages of a list of rentals, with the number of all: neither reads more than it shows."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.models import Rental


def page_of(
    session: Session, those: ColumnElement[bool], by: ColumnElement[Any], *, page: int, per_page: int
) -> tuple[list[Rental], int]:
    """Return a page of the rentals of this condition, by time and then by id, and the number of all.

    A page beyond the end is the last.
    """
    total = session.scalar(select(func.count(Rental.id)).where(those)) or 0
    page = min(page, max(1, -(-total // per_page)) - 1)
    query = select(Rental).where(those).order_by(by, Rental.id)
    return list(session.scalars(query.limit(per_page).offset(page * per_page))), total
