"""The desk's things and people by their names: who is to get or bring something, and what is free of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, or_, select

from db.models import Claim, Item, Rental
from db.states import LENDABLE, ClaimStatus, RentalStatus
from services.core.hours import periods
from services.core.tx import Tx
from services.desk import counter
from services.inventory import catalog, kits, listing, locations
from services.inventory.search import near_names, word_search

MOST = 8
"""The most rentals, and the most free items, that are offered for a name."""

_MOST_LOOKED_AT = 40


@dataclass(frozen=True)
class Named:
    """The equipment, members and places that some words name."""

    equipment_ids: tuple[int, ...] = ()
    user_ids: tuple[int, ...] = ()
    place_ids: tuple[int, ...] = ()

    @property
    def is_known(self) -> bool:
        return bool(self.equipment_ids or self.user_ids or self.place_ids)


def look_up(tx: Tx, words: str, user_ids: Sequence[int] = ()) -> Named:
    """Return what the words name, besides these members: what is called exactly so, else what has them."""
    equipment = _equipment(tx, words)
    places = tuple(p.id for p in locations.listed(tx) if word_search.is_called(p.name, words))
    return Named(equipment, tuple(user_ids), places)


def _equipment(tx: Tx, words: str) -> tuple[int, ...]:
    """Return the equipment with the words, the parts of kits among it, also what cannot be lent."""
    entries = catalog.search(tx, words=words, per_page=MOST).entries or (
        *listing.find(tx, words=words, per_page=MOST).entries,
        *listing.find(tx, words=words, retired=True, per_page=MOST).entries,
    )
    named = [(one.equipment_id, one.kit_id, one.name) for one in entries]
    named = named or [(one.equipment_id, one.kit_id, one.name) for one in near_names.near(tx, words)]
    exact = [one for one in named if word_search.is_called(one[2], words)]
    found: list[int] = []
    for equipment_id, kit_id, _ in exact or named:
        found += [part.equipment_id for part in kits.parts(tx.session, kit_id)] if kit_id else [equipment_id]
    return tuple(dict.fromkeys(found))


def rentals(tx: Tx, named: Named, statuses: Collection[ClaimStatus]) -> list[Rental]:
    """Return the rentals that have what is named and goes out today, or is out and not said to be back; a
    member's also where it goes out later.
    """
    tonight = periods.start_of_day(tx.today + timedelta(days=1), tx.zone)
    of_things = or_(Item.equipment_id.in_(named.equipment_ids), Item.location_id.in_(named.place_ids))
    of_people = Rental.user_id.in_(named.user_ids)
    which = []
    if ClaimStatus.HELD in statuses:
        held = and_(Claim.status == ClaimStatus.HELD, Rental.due_at > tx.now)
        which += [and_(held, of_people), and_(held, of_things, Claim.starts_at < tonight)]
    if ClaimStatus.OUT in statuses:
        which.append(and_(Claim.status == ClaimStatus.OUT, or_(of_people, of_things)))
    ids = (
        select(Claim.rental_id)
        .join(Item, Item.id == Claim.item_id)
        .join(Rental, Rental.id == Claim.rental_id)
        .where(
            Claim.organization_id == tx.organization_id,
            Rental.status.in_((RentalStatus.APPROVED, RentalStatus.OUT)),
            or_(*which),
        )
    )
    query = select(Rental).where(Rental.id.in_(ids)).order_by(Rental.starts_at, Rental.id).limit(MOST)
    return list(tx.session.scalars(query))


def free(tx: Tx, named: Named) -> list[Item]:
    """Return items of what is named that could be handed out now."""
    query = (
        select(Item)
        .where(
            Item.organization_id == tx.organization_id,
            Item.condition.in_(LENDABLE),
            or_(Item.equipment_id.in_(named.equipment_ids), Item.location_id.in_(named.place_ids)),
        )
        .order_by(Item.equipment_id, Item.code)
        .limit(_MOST_LOOKED_AT)
    )
    found = (item for item in tx.session.scalars(query) if counter.is_free(tx, item))
    return [item for _, item in zip(range(MOST), found, strict=False)]
