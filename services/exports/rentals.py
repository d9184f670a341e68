"""The rentals of a period, a row each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Item, Location, Rental, RentalLine
from db.states import ClaimStatus, RentalStatus
from services.core import identity
from services.core.hours.periods import Period
from services.exports.custom_columns import Labels, values
from services.exports.writers import Cell, Chunk
from services.imports.headings import Headings, Kind

CHUNK = 500
COLUMNS = (
    *("number", "member", "equipment", "codes", "from", "due", "out", "back"),
    *("status", "purpose", "decided by", "hours late"),
    *("comment", "out from", "out by", "back to", "taken by"),
)


class Rentals:
    """Rentals that overlap the period, declined and canceled ones too; no baskets.

    A rental that is out lasts until it is returned. `out` is the first check-out, `back` the last return,
    once nothing is out any more; `hours late` counts started hours, up to now while something is out.

    `due` is empty for what is lent until further notice, which is never late.
    """

    def __init__(
        self, organization_id: int, headings: Headings, zone: ZoneInfo, now: datetime, period: Period
    ) -> None:
        self.organization_id, self.headings = organization_id, headings
        self.zone, self.now, self.period = zone, now, period
        self._labels = Labels(Rental, organization_id)
        self.labels: Sequence[Labels] = (self._labels,)
        self._own: list[str] = []
        self._places: dict[int, str] = {}

    def header(self, session: Session) -> list[str]:
        self._own = self._labels.listed(session)
        return [*self.headings.of(Kind.RENTALS, COLUMNS), *self._own]

    def chunk(self, session: Session, after: int) -> Chunk:
        rentals = session.scalars(
            select(Rental)
            .where(
                Rental.organization_id + 0 == self.organization_id,
                Rental.id > after,
                Rental.requested_at.is_not(None),
                Rental.starts_at < self.period.due_at,
                or_(
                    func.coalesce(Rental.due_at, Rental.ended_at) > self.period.starts_at,
                    Rental.status == RentalStatus.OUT,
                ),
            )
            .order_by(Rental.id)
            .limit(CHUNK)
        ).all()
        ids = [rental.id for rental in rentals]
        lines, claims = _lines(session, ids), _claims(session, ids)
        people: set[int | None] = {u for r in rentals for u in (r.user_id, r.decided_by)}
        people |= {u for some in claims.values() for c, _ in some for u in (c.out_by, c.returned_to)}
        names = identity.names(session, people, told_apart=False)
        self._places = _places(session, self.organization_id)
        rows = [self._row(r, lines[r.id], claims[r.id], names) for r in rentals]
        return Chunk(rows, ids[-1] if len(ids) == CHUNK else None)

    def _row(
        self, rental: Rental, lines: list[str], claims: Sequence[tuple[Claim, str]], names: dict[int, str]
    ) -> list[Cell]:
        out = [claim.out_at for claim, _ in claims if claim.out_at is not None]
        still = any(claim.status is ClaimStatus.OUT and not claim.return_claimed_at for claim, _ in claims)
        returns = [
            moment
            for claim, _ in claims
            if claim.out_at is not None and (moment := claim.return_claimed_at or claim.returned_at)
        ]
        back = max(returns) if returns and not still else None
        return [
            rental.number,
            names[rental.user_id],
            ", ".join(lines),
            ", ".join(code for _, code in claims),
            self._local(rental.starts_at),
            self._local(rental.due_at),
            self._local(min(out, default=None)),
            self._local(back),
            self.headings.word(rental.status),
            rental.purpose,
            names.get(rental.decided_by) if rental.decided_by else None,
            _hours_late(rental.due_at, self.now if still else back),
            rental.comment,
            _each(self._places.get(claim.out_location_id or 0) for claim, _ in claims),
            _each(names.get(claim.out_by or 0) for claim, _ in claims),
            _each(self._places.get(claim.returned_location_id or 0) for claim, _ in claims),
            _each(names.get(claim.returned_to or 0) for claim, _ in claims),
            *values(rental.custom, self._own),
        ]

    def _local(self, moment: datetime | None) -> datetime | None:
        return None if moment is None else moment.astimezone(self.zone).replace(tzinfo=None)


def _each(found: Iterable[str | None]) -> str:
    """Return each of these once, in their order."""
    return ", ".join(dict.fromkeys(one for one in found if one))


def _places(session: Session, organization_id: int) -> dict[int, str]:
    rows = session.execute(select(Location.id, Location.name).filter_by(organization_id=organization_id))
    return {row.id: row.name for row in rows}


def _hours_late(due_at: datetime | None, until: datetime | None) -> int | None:
    if due_at is None or until is None or until <= due_at:
        return None
    return -int((due_at - until).total_seconds() // 3600)


def _lines(session: Session, rental_ids: list[int]) -> dict[int, list[str]]:
    query = (
        select(RentalLine.rental_id, Equipment.name, RentalLine.quantity)
        .join(Equipment, Equipment.id == RentalLine.equipment_id)
        .where(RentalLine.rental_id.in_(rental_ids))
        .order_by(RentalLine.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for rental_id, name, quantity in session.execute(query):
        found[rental_id].append(name if quantity == 1 else f"{quantity} × {name}")
    return found


def _claims(session: Session, rental_ids: list[int]) -> dict[int, list[tuple[Claim, str]]]:
    """Return the pieces by code: those that the rentals have, had, or were to get."""
    query = (
        select(Claim, Item.code)
        .join(Item, Item.id == Claim.item_id)
        .where(Claim.rental_id.in_(rental_ids), Claim.status != ClaimStatus.RELEASED)
        .order_by(Item.code)
    )
    found: dict[int, list[tuple[Claim, str]]] = defaultdict(list)
    for claim, code in session.execute(query):
        assert claim.rental_id is not None
        found[claim.rental_id].append((claim, code))
    return found
