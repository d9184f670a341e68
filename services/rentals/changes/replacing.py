"""A change that waits for an answer, and the rental whose place it takes when it is approved.

The change is a request of its own; the rental stands as promised until the answer. Where requests hold the
stock, the change holds what it wants beyond the rental: other items, and the days before and after on the
same ones. Otherwise the stock is looked at when it is approved.
"""

from sqlalchemy import select

from db.models import Claim, Item, Rental
from db.states import ClaimStatus, RentalStatus
from services.availability import reservations
from services.availability.allocation_search import Wanted
from services.availability.reservations import Lines
from services.availability.schedules import Demand, load
from services.core import audit, state_machine
from services.core.errors import Refusal, Refused
from services.core.hours.periods import Period
from services.core.state_machine import move_claims, move_rental
from services.core.tx import Tx
from services.messaging import notifications
from services.transfers import expiry

REPLACED = "replaced:"
"""The beginning of the reason of a rental that an approved change took the place of; then its number."""

LAPSED = "lapsed"
"""The reason of a change that ended with the rental that it was to change."""


def open_claims(tx: Tx, rental: Rental) -> list[Claim]:
    """Return what the rental holds and has not got, read anew: others may have moved it to other items."""
    query = (
        select(Claim)
        .where(Claim.rental_id == rental.id, Claim.status.in_([ClaimStatus.WANTED, ClaimStatus.HELD]))
        .order_by(Claim.item_id, Claim.starts_at)
    )
    return list(tx.session.scalars(query, execution_options={"populate_existing": True}))


def hold(tx: Tx, change: Rental, base: Rental, lines: Lines, *, holds: bool) -> None:
    """Claim what the change wants beyond its base. Raises NO_PERIOD, NOT_FREE."""
    if change.starts_at is None or change.due_at is None:
        raise Refusal(Refused.NO_PERIOD)
    period = Period(max(change.starts_at, tx.now), change.due_at)
    reservations.lock(tx.session, [line.equipment_id for line in lines])
    reservations.require_free(tx, change, period, lines)
    if not holds or not _hold_extra(tx, change, base, lines, period):
        reservations.reserve(tx, change, ClaimStatus.WANTED, lines)


def _hold_extra(tx: Tx, change: Rental, base: Rental, lines: Lines, period: Period) -> bool:
    """Hold the extra; return False where it cannot be held as long as the base stands."""
    kept = _kept(tx, base)
    demands = reservations.demands(tx.session, change, lines)
    schedule = load(tx, change.organization_id, [line.equipment_id for line in lines])
    for equipment_id in sorted({line.equipment_id for line in lines}):
        wanted = [
            (line.id, one)
            for line, demand in zip(lines, demands, strict=True)
            if line.equipment_id == equipment_id
            for one in _extra(demand, period, kept.get(equipment_id, []))
        ]
        allocation = schedule.allocate(equipment_id, [one for _, one in wanted])
        if allocation is None:
            return False
        reservations.apply_allocation(tx, allocation)
        for (line_id, one), item_id in zip(wanted, allocation.items, strict=True):
            tx.session.add(
                Claim(
                    organization_id=change.organization_id,
                    item_id=item_id,
                    rental_id=change.id,
                    line_id=line_id,
                    status=ClaimStatus.HELD,
                    starts_at=one.starts_at,
                    blocked_until=one.until,
                )
            )
    tx.session.flush()
    return True


def _kept(tx: Tx, base: Rental) -> dict[int, list[Claim]]:
    found: dict[int, list[Claim]] = {}
    for claim in open_claims(tx, base):
        if claim.status is ClaimStatus.HELD:
            found.setdefault(tx.session.get_one(Item, claim.item_id).equipment_id, []).append(claim)
    return found


def _extra(demand: Demand, period: Period, kept: list[Claim]) -> list[Wanted]:
    """Return what is wanted beyond the claims in `kept`, each of which counts for one piece."""
    found = []
    for one in demand.wanted(period.starts_at, period.due_at):
        same = next(
            (
                claim
                for claim in kept
                if one.item_id in (None, claim.item_id)
                and one.starts_at < claim.blocked_until
                and claim.starts_at < one.until
            ),
            None,
        )
        if same is None:
            found.append(one)
            continue
        kept.remove(same)
        if one.starts_at < same.starts_at:
            found.append(Wanted(one.starts_at, same.starts_at, one.item_id, prefers=same.item_id))
        if same.blocked_until < one.until:
            found.append(Wanted(same.blocked_until, one.until, one.item_id, prefers=same.item_id))
    return found


def take_place(tx: Tx, change: Rental) -> None:
    """Free what the change and its base hold, and end the base; the caller holds everything for the change.

    Raises ALREADY where the base is not approved any more: handed out or called off meanwhile.
    """
    if change.changes_id is None:
        return
    base = tx.session.get_one(Rental, change.changes_id, with_for_update=True, populate_existing=True)
    move_claims(tx.session, [claim.id for claim in open_claims(tx, change)], ClaimStatus.RELEASED)
    held = [claim.id for claim in open_claims(tx, base)]
    moved = move_rental(
        tx.session,
        base,
        RentalStatus.CANCELLED,
        since=RentalStatus.APPROVED,
        **tx.decided(tx.acting.user_id if tx.acting is not None else None),
        ended_at=tx.now,
        reason=f"{REPLACED}{change.number}",
    )
    if not moved:
        tx.session.refresh(base)
        raise state_machine.already(tx.session, base)
    move_claims(tx.session, held, ClaimStatus.RELEASED)
    audit.rental(tx, base, "replace", to=change.number)
    notifications.redraw(tx, base)
    expiry.settle(tx, base.id)


def require_still(tx: Tx, change: Rental) -> None:
    """Raise ALREADY where a change's base is not approved any more."""
    if change.changes_id is not None:
        base = tx.session.get_one(Rental, change.changes_id)
        if base.status is not RentalStatus.APPROVED:
            raise state_machine.already(tx.session, base)


def lapse(tx: Tx, base: Rental) -> None:
    """End a change that waits, since its base is handed out, called off or over."""
    if not base.revision:
        return  # nobody asked for a change
    waits = select(Rental).filter_by(changes_id=base.id, status=RentalStatus.REQUESTED)
    change = tx.session.scalar(waits.with_for_update())
    if change is None:
        return
    move_rental(tx.session, change, RentalStatus.CANCELLED, ended_at=tx.now, reason=LAPSED)
    move_claims(tx.session, [claim.id for claim in open_claims(tx, change)], ClaimStatus.RELEASED)
    audit.rental(tx, change, "lapse", user_id=None)
    notifications.update_member_card(tx, change, notify=True)
    notifications.update_desk_card(tx, change)
