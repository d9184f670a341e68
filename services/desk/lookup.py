"""The items, claims and rentals that buttons, typed codes and labels at the desk name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from db.models import Claim, Equipment, Item, Location, Rental, RentalLine, User
from db.states import LENDABLE, OCCUPYING, ClaimStatus, RentalStatus
from services.availability import schedules
from services.availability.allocation_search import Wanted
from services.core.errors import Refusal, Refused
from services.core.hours import periods
from services.core.tx import Tx
from services.desk import checkout

MOST_INSTEAD = 4
"""The most rentals of today that are offered for an item of the same equipment."""


@dataclass(frozen=True)
class Description:
    """An item with the names that its card shows; `location` is None where none is set."""

    item: Item
    equipment: str
    location: str | None


def item(tx: Tx, item_id: int) -> Item:
    """Return an item of any organization; the caller checks the permission. Raises NOT_FOUND."""
    found = tx.session.get(Item, item_id)
    if found is None:
        raise Refusal(Refused.NOT_FOUND)
    return found


def describe(tx: Tx, item_id: int) -> Description:
    """Return an item that exists, of any organization, with its equipment and location by name."""
    found = tx.session.get_one(Item, item_id)
    location = tx.session.get(Location, found.location_id) if found.location_id is not None else None
    return Description(
        found,
        tx.session.get_one(Equipment, found.equipment_id).name,
        location.name if location is not None else None,
    )


def organization_of_label(tx: Tx, token: str) -> int | None:
    """Return the organization whose label carries this token; None for an unknown one."""
    return tx.session.scalar(select(Item.organization_id).filter_by(label_token=token))


def item_of_label(tx: Tx, token: str) -> Item:
    """Return the item of any organization whose label carries this token. Raises NOT_FOUND."""
    found = tx.session.scalar(select(Item).filter_by(label_token=token))
    if found is None:
        raise Refusal(Refused.NOT_FOUND)
    return found


def claim(tx: Tx, claim_id: int | None) -> Claim:
    """Return a rental's claim, in any organization; the caller checks the permission. Raises NOT_FOUND."""
    found = tx.session.get(Claim, claim_id) if claim_id is not None else None
    if found is None or found.rental_id is None:
        raise Refusal(Refused.NOT_FOUND)
    return found


def claims_of_items(tx: Tx, rental_id: int, item_ids: Collection[int]) -> list[int]:
    """Return the ids of a rental's claims on these items. Raises NOT_FOUND where one is not in the rental."""
    rows = tx.session.execute(
        select(Claim.id, Claim.item_id).where(
            Claim.rental_id == rental_id,
            Claim.item_id.in_(item_ids),
            Claim.status.not_in([ClaimStatus.RELEASED]),
        )
    ).all()
    if {row.item_id for row in rows} != set(item_ids):
        raise Refusal(Refused.NOT_FOUND)
    return [row.id for row in rows]


def current_use(tx: Tx, item_id: int) -> tuple[Claim, Rental] | None:
    """Return an item's current claim and its rental; None where it is neither out nor promised."""
    found = checkout.current_claim(tx, item_id)
    if found is None or found.rental_id is None:
        return None
    return found, tx.session.get_one(Rental, found.rental_id)


@dataclass(frozen=True)
class Use:
    """A claim on an item, with its rental."""

    claim: Claim
    rental: Rental


@dataclass(frozen=True)
class AtHand:
    """The uses of an item in somebody's hand.

    `today`: it is out with this rental, or goes out with it today. Otherwise `instead` has rentals that go
    out today with another item of the same equipment and could have this one. `later` is the next promise
    after today, and `blocked_until` the end of a block that has begun.
    """

    today: Use | None
    instead: tuple[Use, ...] = ()
    later: Use | None = None
    blocked_until: datetime | None = None


def at_hand(tx: Tx, item: Item) -> AtHand:
    """Return the uses of an item of any organization; the caller checks the permission."""
    tx = tx.of(item.organization_id)
    tonight = periods.start_of_day(tx.today + timedelta(days=1), tx.zone)
    rows = tx.session.execute(
        select(Claim, Rental)
        .outerjoin(Rental, Rental.id == Claim.rental_id)
        .where(
            Claim.item_id == item.id,
            (Claim.status == ClaimStatus.OUT)
            | (Claim.status.in_(OCCUPYING) & (Claim.blocked_until > tx.now)),
        )
        .order_by(Claim.status.desc(), Claim.starts_at)
    ).all()
    uses = [Use(claim, rental) for claim, rental in rows if rental is not None]
    blocks = [claim.blocked_until for claim, rental in rows if rental is None and claim.starts_at <= tx.now]
    first = uses[0] if uses else None
    blocked_until = max(blocks, default=None)
    if first is not None and is_for_today(first, tonight):
        return AtHand(first, blocked_until=blocked_until)
    instead = () if blocks else _instead(tx, item, tonight)
    return AtHand(None, instead, first, blocked_until)


def is_for_today(use: Use, tonight: datetime) -> bool:
    """Return whether it is out or goes out before `tonight`; later ones do not matter at the desk."""
    if use.claim.status is ClaimStatus.OUT:
        return True
    return use.rental.status in _GOES_OUT and use.claim.starts_at < tonight


_GOES_OUT = (RentalStatus.APPROVED, RentalStatus.OUT)


def _instead(tx: Tx, item: Item, tonight: datetime) -> tuple[Use, ...]:
    """Return the rentals of today that any item will do for, and this one too, by time."""
    if item.condition not in LENDABLE:
        return ()
    found = tx.session.execute(
        select(Claim, Rental, User)
        .join(Item, Item.id == Claim.item_id)
        .join(Rental, Rental.id == Claim.rental_id)
        .join(User, User.id == Rental.user_id)
        .join(RentalLine, RentalLine.id == Claim.line_id)
        .where(
            Item.equipment_id == item.equipment_id,
            Item.id != item.id,
            RentalLine.item_id.is_(None),
            Claim.status == ClaimStatus.HELD,
            Claim.starts_at < tonight,
            Rental.status.in_(_GOES_OUT),
            Rental.due_at > tx.now,
        )
        .order_by(Claim.starts_at, Claim.id)
    ).all()
    fitting: dict[int, Use] = {}
    for claim, rental, member in found:
        if rental.id in fitting or not member.is_active(tx.now):
            continue  # one button for each rental, and none for who may not fetch it
        schedule = schedules.load(tx, item.organization_id, [item.equipment_id], without_claims=[claim.id])
        wanted = Wanted(max(claim.starts_at, tx.now), claim.blocked_until, item_id=item.id)
        if schedule.pool(item.equipment_id).fits([wanted]):
            fitting[rental.id] = Use(claim, rental)
        if len(fitting) == MOST_INSTEAD:
            break
    return tuple(fitting.values())


def last_use(tx: Tx, claim_id: int) -> Use | None:
    """Return a claim with its rental; None where it does not exist any more."""
    found = tx.session.get(Claim, claim_id)
    if found is None or found.rental_id is None:
        return None
    return Use(found, tx.session.get_one(Rental, found.rental_id))
