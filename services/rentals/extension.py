"""Extensions: granted at once or by approval, as the policy says; never into somebody's booking.

Others who are promised the same item later move to another one, where there is one.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Claim, Extension, Item, Rental, RentalLine
from db.states import LENDABLE, OCCUPYING, ClaimStatus, ExtensionStatus, RentalStatus
from services.availability import reservations, schedules
from services.availability.allocation import Allocation
from services.availability.allocation_search import Wanted
from services.core import audit, state_machine
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import What
from services.core.policy import Policy
from services.core.state_machine import move_extension
from services.core.tx import Tx
from services.messaging import notifications
from services.rentals.booking import request
from services.rentals.custody import dates


def rental_id_of(tx: Tx, extension_id: int) -> int:
    """Return the id of the rental that an extension is about. Raises NOT_FOUND."""
    extension = tx.session.get(Extension, extension_id)
    if extension is None:
        raise Refusal(Refused.NOT_FOUND)
    return extension.rental_id


def due_on(tx: Tx, rental: Rental, day: date) -> datetime:
    """Return when a rental is due that ends on this local day. Raises CLOSED_DAY."""
    if rental.due_at is None:
        return dates.due_on(tx, rental, day)
    return opening_hours.for_rental(tx, rental).due(day, rental.due_at, tx.zone)


def open_one(tx: Tx, rental_id: int) -> int:
    """Return the id of the extension that waits for an answer. Raises NOT_FOUND, ALREADY where none does."""
    rental = request.get(tx, rental_id)
    waiting = request.open_extension(tx.session, rental)
    if waiting is None:
        raise state_machine.already(tx.session, rental)
    return waiting.id


def latest(tx: Tx, rental: Rental, *, by_desk: bool = False) -> datetime:
    """Return the latest due time that is possible, others moving for it; at most the policy's limit, in days
    from the last one, or from today where that is over.

    `by_desk`: a lender gives it, whom only other bookings and the longest rental limit. Never before the
    present due time. Raises EXTENSION_NOT_ALLOWED, TOO_MANY_EXTENSIONS, ALREADY.
    """
    rule = tx.of(rental.organization_id).policy if by_desk else _require_allowed(tx, rental)
    if rental.due_at is None or (by_desk and rental.status not in (RentalStatus.APPROVED, RentalStatus.OUT)):
        raise state_machine.already(tx.session, rental)
    days = max(rule.extension_days, rule.longest_days) if by_desk else rule.extension_days
    kept = _Kept(tx, rental)
    ends = [*kept.turns(), _furthest(tx, rental, rental.due_at, days)]
    ends = sorted({end for end in ends if rental.due_at < end <= ends[-1]})
    # What is possible until one day is possible until any day before it.
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        if kept.until(ends[middle]) is not None:
            low = middle + 1
        else:
            high = middle
    return ends[low - 1] if low else rental.due_at


def _furthest(tx: Tx, rental: Rental, due_at: datetime, days: int) -> datetime:
    """Return the end of the last day that the policy allows: the usual time, or when it closes, if later."""
    zone = tx.of(rental.organization_id).zone
    due_day = periods.last_day(due_at, zone)
    ahead = (max(due_day, periods.local_today(tx.now, zone)) - due_day).days + days
    usual = periods.days_later(due_at, ahead, zone)
    timetable = opening_hours.for_rental(tx, rental)
    last = due_day + timedelta(days=ahead)
    return usual if timetable.shut(last, What.RETURN) else max(usual, timetable.due(last, due_at, zone))


class _Kept:
    """The claims that a rental would keep, and all others on the same equipment."""

    def __init__(self, tx: Tx, rental: Rental) -> None:
        assert rental.due_at is not None
        self._session, self._due_at = tx.session, rental.due_at
        self._claims = _claims_kept(tx.session, rental)
        self._wanted: dict[int, list[tuple[Claim, Wanted]]] = {}
        for claim in self._claims:
            item = tx.session.get_one(Item, claim.item_id)
            kept = self._wanted.setdefault(item.equipment_id, [])
            is_out = claim.status is ClaimStatus.OUT
            if is_out and item.condition not in LENDABLE:
                continue  # it is not among the items to allocate to others
            stays = is_out or tx.session.get_one(RentalLine, claim.line_id).item_id is not None
            one = Wanted(
                claim.starts_at if is_out else max(claim.starts_at, tx.now),
                claim.blocked_until,
                item_id=claim.item_id if stays else None,
                prefers=claim.item_id,
            )
            kept.append((claim, one))
        self._schedule = schedules.load(
            tx, rental.organization_id, list(self._wanted), without_rentals=[rental.id]
        )

    def turns(self) -> list[datetime]:
        """Return the due times at which somebody else begins to be in the way."""
        groups = [*self._schedule.slots.values(), *self._schedule.gone.values()]
        begins = {busy.starts_at for group in groups for slots in group for busy in slots.busy}
        after = {claim.blocked_until - self._due_at for claim in self._claims}
        return [begin - turnaround for begin in begins for turnaround in after]

    def until(self, due_at: datetime) -> tuple[Allocation, dict[int, int]] | None:
        """Return the allocation of all others, and the rental's own moves; None where there is none."""
        moves: dict[int, int] = {}
        own: dict[int, int] = {}
        longer = due_at - self._due_at
        for equipment_id, kept in self._wanted.items():
            wanted = [replace(one, until=one.until + longer) for _, one in kept]
            allocation = self._schedule.pool(equipment_id).allocate(wanted)
            if allocation is None:
                return None
            moves |= allocation.moves
            own |= {
                claim.id: item
                for (claim, _), item in zip(kept, allocation.items, strict=True)
                if item != claim.item_id
            }
        if any(self._is_barred(claim, claim.blocked_until + longer, moves) for claim in self._claims):
            return None
        return Allocation((), moves), own

    def _is_barred(self, claim: Claim, until: datetime, moves: Collection[int]) -> bool:
        """Return whether somebody else was promised what is out, and stays where they are.

        Such as where it is overdue, and their time is over too; or where it cannot be lent any more.
        """
        if claim.status is not ClaimStatus.OUT:
            return False
        others = self._session.scalars(
            select(Claim.id).where(
                Claim.item_id == claim.item_id,
                Claim.id.not_in([one.id for one in self._claims]),
                Claim.status == ClaimStatus.HELD,
                Claim.starts_at < until,
                Claim.blocked_until > claim.starts_at,
            )
        )
        return any(other not in moves for other in others)


def _claims_kept(session: Session, rental: Rental) -> list[Claim]:
    """Return the claims that are out or held, read anew: the new due time is for both."""
    query = (
        select(Claim).where(Claim.rental_id == rental.id, Claim.status.in_(OCCUPYING)).order_by(Claim.item_id)
    )
    return list(session.scalars(query, execution_options={"populate_existing": True}))


def require_with_member(session: Session, rental: Rental) -> None:
    """Raise ALREADY where nothing of the rental is out, or all of it is said to be back."""
    out = select(Claim.id).filter_by(rental_id=rental.id, status=ClaimStatus.OUT, return_claimed_at=None)
    if session.scalar(out.limit(1)) is None:
        raise state_machine.already(session, rental)


def _require_allowed(tx: Tx, rental: Rental) -> Policy:
    if rental.status is not RentalStatus.OUT or rental.due_at is None:
        raise state_machine.already(tx.session, rental)
    rule = tx.of(rental.organization_id).policy
    if rule.extensions == 0:
        raise Refusal(Refused.EXTENSION_NOT_ALLOWED)
    granted = tx.session.scalar(
        select(func.count(Extension.id)).filter_by(
            rental_id=rental.id, status=ExtensionStatus.GRANTED, sets_date=False
        )
    )
    if (granted or 0) >= rule.extensions:
        raise Refusal(Refused.TOO_MANY_EXTENSIONS, limit=rule.extensions)
    return rule


def ask(tx: Tx, rental_id: int, due_at: datetime) -> Extension:
    """Ask to keep a rental until `due_at`, by the member: granted at once, or asked of the approvers.

    A new question replaces an open one. For what is out until further notice it is `dates.suggest`. Raises as
    `latest`, NOT_LATER, IN_THE_PAST, CLOSED_DAY, NOT_FREE_UNTIL.
    """
    rental = request.own(tx, rental_id)
    if dates.is_open(rental):
        return dates.suggest(tx, rental_id, due_at)
    tx.session.refresh(rental, with_for_update=True)
    tx.actor.require_active()
    reservations.lock(
        tx.session, [line.equipment_id for line in reservations.lines_of(tx.session, rental.id)]
    )
    require_with_member(tx.session, rental)
    end = latest(tx, rental)
    if rental.due_at is None or due_at <= rental.due_at:
        raise Refusal(Refused.NOT_LATER, due_at=rental.due_at)
    if due_at <= tx.now:
        raise Refusal(Refused.IN_THE_PAST)
    require_open(tx, rental, due_at)
    if due_at > end:
        raise Refusal(Refused.NOT_FREE_UNTIL, until=end)
    waiting = request.open_extension(tx.session, rental)
    if waiting is not None:
        if waiting.due_at == due_at:
            return waiting
        move_extension(tx.session, waiting, ExtensionStatus.WITHDRAWN, decided_at=tx.now)
    extension = Extension(rental_id=rental.id, due_at=due_at, status=ExtensionStatus.ASKED, asked_at=tx.now)
    tx.session.add(extension)
    tx.session.flush()
    audit.rental(tx, rental, "ask_extension", due_at=due_at.isoformat())
    if tx.policy.extension_approval:
        notifications.update_desk_card(tx, rental, notify=True)
        notifications.update_member_card(tx, rental)
    else:
        apply(tx, rental, extension, None)
    return extension


def require_open(tx: Tx, rental: Rental, due_at: datetime) -> None:
    """Raise CLOSED_DAY where nothing can be brought back on that day."""
    zone = tx.zone
    timetable = opening_hours.for_rental(tx, rental)
    timetable.require(periods.last_day(due_at, zone), What.RETURN)


def _to_decide(tx: Tx, extension_id: int) -> tuple[Rental, Extension]:
    extension = tx.session.get(Extension, extension_id)
    rental = tx.session.get(Rental, extension.rental_id) if extension is not None else None
    if extension is None or rental is None or rental.organization_id != tx.actor.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    tx.session.refresh(rental, with_for_update=True)
    tx.session.refresh(extension)
    if extension.status is not ExtensionStatus.ASKED or rental.status is not RentalStatus.OUT:
        raise state_machine.extension_answered(tx.session, extension)
    tx.actor.require(tx.policy.approver)
    return rental, extension


def grant(tx: Tx, extension_id: int) -> Rental:
    """Grant an extension, if nobody booked the time since.

    Raises EXTENSION_ANSWERED, NOT_ALLOWED, IN_THE_PAST, NOT_FREE_UNTIL.
    """
    rental, extension = _to_decide(tx, extension_id)
    if extension.due_at <= tx.now:
        raise Refusal(Refused.IN_THE_PAST)
    if extension.sets_date:
        dates.take(tx, rental, extension, tx.actor.user_id)
        return rental
    reservations.lock(
        tx.session, [line.equipment_id for line in reservations.lines_of(tx.session, rental.id)]
    )
    end = latest(tx, rental)
    if extension.due_at > end:
        raise Refusal(Refused.NOT_FREE_UNTIL, until=end)
    apply(tx, rental, extension, tx.actor.user_id)
    return rental


def apply(tx: Tx, rental: Rental, extension: Extension, by: int | None) -> None:
    """Move the due time, and others out of the way. Raises EXTENSION_ANSWERED, NOT_FREE_UNTIL."""
    assert rental.due_at is not None
    if not move_extension(tx.session, extension, ExtensionStatus.GRANTED, **tx.decided(by)):
        raise state_machine.extension_answered(tx.session, extension)
    found = _Kept(tx, rental).until(extension.due_at)
    if found is None:
        raise Refusal(Refused.NOT_FREE_UNTIL, until=rental.due_at)
    before = {claim.id: claim.item_id for claim in _claims_kept(tx.session, rental)}
    reservations.apply_allocation(tx, found[0], own=found[1])
    reservations.tell_places(tx, {claim: (before[claim], item) for claim, item in found[1].items()})
    for claim in _claims_kept(tx.session, rental):
        claim.blocked_until += extension.due_at - rental.due_at
    rental.due_at = extension.due_at
    tx.session.flush()
    audit.rental(tx, rental, "extend", user_id=by, due_at=extension.due_at.isoformat())
    notifications.update_member_card(tx, rental, notify=by is not None, by=by)
    notifications.update_desk_card(tx, rental)


def decline(tx: Tx, extension_id: int) -> Rental:
    """Decline an extension. Raises EXTENSION_ANSWERED, NOT_ALLOWED."""
    rental, extension = _to_decide(tx, extension_id)
    moved = move_extension(tx.session, extension, ExtensionStatus.DECLINED, **tx.decided(tx.actor.user_id))
    if not moved:
        raise state_machine.extension_answered(tx.session, extension)
    audit.rental(tx, rental, "decline_extension", due_at=extension.due_at.isoformat())
    notifications.tell_member(tx, rental, "extension_declined", due_at=extension.due_at.isoformat())
    notifications.update_member_card(tx, rental)
    notifications.update_desk_card(tx, rental)
    return rental
