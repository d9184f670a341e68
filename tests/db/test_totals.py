"""Sums of whole numbers are whole numbers on both databases."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Equipment, RentalLine, SearchMiss
from db.models.base import total
from db.session import Database
from tests import factories
from tests.layering import PROGRAM


@pytest.mark.parametrize("column", [Equipment.lendable, RentalLine.quantity, SearchMiss.times])
def test_a_total_is_a_whole_number(
    database: Database, now: datetime, column: InstrumentedAttribute[int]
) -> None:
    """Also of nothing at all: what comes of it is divided, compared and kept as JSON."""

    def work(session: Session) -> object:
        factories.club(session, now)
        return session.scalar(select(total(column)))

    assert type(database.write_now(work)) is int


def test_nobody_sums_otherwise() -> None:
    """A sum of its own would be a decimal, on PostgreSQL alone."""
    assert [s.path for s in PROGRAM if "func.sum(" in s.text] == ["db/models/base.py"]
