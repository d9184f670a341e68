"""Lending statistics of a year: counted when they are asked for, or in the night where that takes long."""

from dataclasses import replace

from sqlalchemy import func, select

from db.models import Claim, Rental
from db.states import ClaimStatus, RentalStatus, Role
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory.search import misses
from services.reports import figures, nightly
from services.reports.figures import MOST, Figures

_YEARS = range(2000, 2101)


def of_year(tx: Tx, words: str = "") -> Figures:
    """Return the statistics of a year, or of the last 12 months. Raises NOT_ALLOWED, NOT_FOUND (no year)."""
    tx.actor.require(Role.ADMIN)
    year = _year(words.strip())
    found = nightly.find(tx, year) or figures.count(tx, *nightly.days(tx.today, year))
    return replace(
        found,
        organization=tx.organization.name,
        open_ended=_open_ended(tx),
        missed=misses.top(tx, found.first, found.last, MOST),
    )


def _year(words: str) -> int | None:
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and int(words[:9]) in _YEARS):
        raise Refusal(Refused.NOT_FOUND)
    return int(words)


def _open_ended(tx: Tx) -> int:
    """Return how many pieces are out until further notice now."""
    query = (
        select(func.count(Claim.id))
        .join(Rental, Rental.id == Claim.rental_id)
        .where(
            Rental.organization_id == tx.organization_id,
            Rental.status == RentalStatus.OUT,
            Rental.due_at.is_(None),
            Claim.status == ClaimStatus.OUT,
        )
    )
    return tx.session.scalar(query) or 0
