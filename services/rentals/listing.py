"""Rentals picked by several conditions together, and everything that a program reads about each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from db import aliases
from db.models import Claim, Equipment, Extension, Item, Location, Rental, RentalLine
from db.states import ClaimStatus, ExtensionStatus, RentalStatus, Role
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.rentals import queries, reminders
from services.rentals.queries import Line

_OUT_FROM, _BACK_AT = aliases.kept(Location, "out_from"), aliases.kept(Location, "back_at")


@dataclass(frozen=True)
class Filter:
    """Conditions that all hold; those that are None or empty do not matter. `since`, `until`: it overlaps."""

    statuses: tuple[RentalStatus, ...] = ()
    number: int | None = None
    user_id: int | None = None
    item_id: int | None = None
    equipment_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    overdue: bool = False


@dataclass(frozen=True)
class Piece:
    """An item of a rental: its claim, and the names around it; `out_from` and `returned_to` are places."""

    claim: Claim
    item: Item
    equipment: str
    location: str | None
    out_from: str | None
    returned_to: str | None


@dataclass(frozen=True)
class Details:
    """A rental with everything around it. `names`: of the people that it mentions, by id."""

    rental: Rental
    names: dict[int, str]
    lines: tuple[Line, ...]
    pieces: tuple[Piece, ...]
    is_overdue: bool
    fields: dict[str, str] = field(default_factory=dict)
    extension: Extension | None = None


def find(
    tx: Tx, wanted: Filter, *, before: int | None = None, limit: int = 50
) -> tuple[list[Details], int | None]:
    """Return rentals, the newest first, and the id before which there are more.

    One's own, or with `user_id` None or another's any for a LENDER. Raises NOT_ALLOWED.
    """
    if wanted.user_id != tx.actor.user_id:
        tx.actor.require(Role.LENDER)
    query = select(Rental).where(_matching(tx, wanted)).order_by(Rental.id.desc())
    if before is not None:
        query = query.where(Rental.id < before)
    rows = list(tx.session.scalars(query.limit(limit + 1)))
    more = rows[limit - 1].id if len(rows) > limit else None
    return details(tx, rows[:limit]), more


def _matching(tx: Tx, wanted: Filter) -> ColumnElement[bool]:
    # A discarded basket was never a rental.
    condition = (Rental.organization_id == tx.organization_id) & Rental.requested_at.is_not(None)
    if wanted.statuses:
        condition &= Rental.status.in_(wanted.statuses)
    if wanted.number is not None:
        condition &= Rental.number == wanted.number
    if wanted.user_id is not None:
        condition &= Rental.user_id == wanted.user_id
    if wanted.item_id is not None:
        had = select(Claim.rental_id).where(
            Claim.item_id == wanted.item_id, Claim.status != ClaimStatus.RELEASED
        )
        condition &= Rental.id.in_(had)
    if wanted.equipment_id is not None:
        lines = select(RentalLine.rental_id).where(RentalLine.equipment_id == wanted.equipment_id)
        condition &= Rental.id.in_(lines)
    if wanted.since is not None:
        is_open = (Rental.status == RentalStatus.OUT) & Rental.due_at.is_(None)
        condition &= or_(func.coalesce(Rental.due_at, Rental.ended_at) > wanted.since, is_open)
    if wanted.until is not None:
        condition &= Rental.starts_at < wanted.until
    if wanted.overdue:
        condition &= (Rental.status == RentalStatus.OUT) & (Rental.due_at < tx.now)
        condition &= reminders.out_and_unclaimed()
    return condition


def one(tx: Tx, rental_id: int) -> Details:
    """Return one rental: one's own, or any for a LENDER. Raises NOT_FOUND, also for a basket."""
    rental = tx.session.get(Rental, rental_id)
    if rental is None or rental.organization_id != tx.actor.organization_id or rental.requested_at is None:
        raise Refusal(Refused.NOT_FOUND)
    mine = tx.actor.user_id in (rental.user_id, rental.entered_by)
    if not mine and not tx.actor.has_role(Role.LENDER):
        raise Refusal(Refused.NOT_FOUND)
    return details(tx, [rental])[0]


def details(tx: Tx, rentals: Sequence[Rental]) -> list[Details]:
    """Return everything about these rentals, in their order, in as many statements as for one."""
    if not rentals:
        return []
    ids = [rental.id for rental in rentals]
    pieces = _pieces(tx, ids)
    lines = queries.lines_of_all(tx.session, ids)
    extensions = {
        row.rental_id: row
        for row in tx.session.scalars(
            select(Extension).where(Extension.rental_id.in_(ids), Extension.status == ExtensionStatus.ASKED)
        )
    }
    people: list[int | None] = []
    for rental in rentals:
        people += [rental.user_id, rental.entered_by, rental.decided_by]
    people += [i for some in pieces.values() for p in some for i in (p.claim.out_by, p.claim.returned_to)]
    names = identity.names(tx.session, people, told_apart=False)
    return [
        Details(
            rental,
            names,
            lines.get(rental.id, ()),
            tuple(pieces.get(rental.id, ())),
            _is_overdue(rental, pieces.get(rental.id, ()), tx.now),
            {label: str(value) for label, value in rental.custom.items()},
            extensions.get(rental.id),
        )
        for rental in rentals
    ]


def _is_overdue(rental: Rental, pieces: Sequence[Piece], now: datetime) -> bool:
    with_member = any(p.claim.status is ClaimStatus.OUT and p.claim.return_claimed_at is None for p in pieces)
    return with_member and rental.due_at is not None and rental.due_at < now


def _pieces(tx: Tx, rental_ids: Sequence[int]) -> dict[int, list[Piece]]:
    rows = tx.session.execute(
        select(
            *(Claim, Item, Equipment.name, Location.name.label("location")),
            *(_OUT_FROM.name.label("out_from"), _BACK_AT.name.label("back_at")),
        )
        .join(Item, Item.id == Claim.item_id)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .outerjoin(Location, Location.id == Item.location_id)
        .outerjoin(_OUT_FROM, _OUT_FROM.id == Claim.out_location_id)
        .outerjoin(_BACK_AT, _BACK_AT.id == Claim.returned_location_id)
        .where(Claim.rental_id.in_(rental_ids), Claim.status != ClaimStatus.RELEASED)
        .order_by(Claim.line_id, func.lower(Item.code), Claim.id)
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Piece]] = {}
    for claim, item, *names in rows:
        found.setdefault(claim.rental_id or 0, []).append(Piece(claim, item, *names))
    return found


def current_of_item(tx: Tx, item_id: int) -> Details | None:
    """Return the rental that an item is out for now; None where it is with nobody."""
    rental = tx.session.scalar(
        select(Rental)
        .join(Claim, Claim.rental_id == Rental.id)
        .where(
            Claim.item_id == item_id,
            Claim.status == ClaimStatus.OUT,
            Rental.organization_id == tx.organization_id,
        )
    )
    return details(tx, [rental])[0] if rental is not None else None
