"""Alternatives to a late item, and the member's choice: other equipment, or other days.

A choice changes the rental, in one transaction. Where the policy requires approval and whoever chooses may
not approve, the rental waits for approval again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Rental, RentalLine
from db.states import ClaimStatus, RentalStatus, Role
from services.availability import next_available, reallocation, reservations
from services.core import audit, state_machine
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.periods import Period
from services.core.state_machine import move_claims
from services.core.tx import Tx
from services.inventory import catalog
from services.messaging import notifications
from services.rentals import approval
from services.rentals.booking import baskets, request
from services.rentals.late import conflicts as late_conflicts
from services.rentals.late.conflicts import Missing
from services.transfers import expiry

MOST_DAYS = 3
"""The most alternative periods on offer, the nearest first."""


@dataclass(frozen=True)
class Other:
    """Alternative equipment: the same where another item than the requested one will do."""

    gone_id: int
    equipment_id: int
    name: str


@dataclass(frozen=True)
class Choices:
    others: tuple[Other, ...]
    days: tuple[Period, ...]


def find(tx: Tx, rental: Rental, missing: Sequence[Missing]) -> Choices:
    """Return the alternatives available now, for all late items of the rental together."""
    if rental.starts_at is None or rental.due_at is None:
        return Choices((), ())
    zone = tx.of(rental.organization_id).zone
    schedule, demands = reservations.schedule_for(tx, rental), reservations.demands(tx.session, rental)
    others: list[Other] = []
    for equipment_id in sorted({one.equipment_id for one in missing}):
        pieces = sum(one.equipment_id == equipment_id for one in missing)
        name = tx.session.get_one(Equipment, equipment_id).name
        any_item = [replace(w, item_id=None) if w.equipment_id == equipment_id else w for w in demands]
        if any_item != demands and schedule.has(any_item, max(rental.starts_at, tx.now), rental.due_at):
            others.append(Other(equipment_id, equipment_id, name))
        others += [
            Other(equipment_id, other_id, other)
            for other_id, other in reallocation.instead(tx, rental, equipment_id, pieces=pieces)
        ]
    days: list[Period] = []
    for later in next_available.later_periods(
        schedule,
        demands,
        rental.starts_at,
        rental.due_at,
        zone,
        days=reservations.SEARCH_AHEAD_DAYS,
        timetable=opening_hours.for_rental(tx, rental, anew=True),
    ):
        period = Period(*later)
        if period.starts_at > tx.now and _is_allowed(tx, rental, period):
            days.append(period)
        if len(days) == MOST_DAYS:
            break
    return Choices(tuple(others[: reallocation.OFFERS]), tuple(days))


def _is_allowed(tx: Tx, rental: Rental, period: Period) -> bool:
    try:
        request.check_period(tx, rental, period, timetable=opening_hours.for_rental(tx, rental, anew=True))
    except Refusal:
        return False
    return True


def other_equipment(tx: Tx, rental_id: int, gone_id: int, equipment_id: int) -> Rental:
    """Replace the late items by this equipment, on the same days.

    By the member, or for them by whoever entered it, or an approver. Raises NOT_FOUND, ALREADY, NOT_ALLOWED,
    NOT_LATE (it is back, or there is another item by now), NOT_FOR_YOU, NOT_FREE, and as
    `request.check_period`.
    """
    rental, missing = _to_change(tx, rental_id)
    gone = [one for one in missing if one.equipment_id == gone_id]
    if not gone:
        raise Refusal(Refused.NOT_LATE)
    lines = [one.line_id or 0 for one in gone]
    if equipment_id == gone_id:
        for line_id in set(lines):
            tx.session.get_one(RentalLine, line_id).item_id = None
    else:
        equipment = catalog.get(tx.of(rental.organization_id), equipment_id)
        kind = tx.session.get_one(Equipment, gone_id).type
        if not kind or equipment.type != kind:
            raise Refusal(Refused.NOT_FOUND)
        baskets.require_role(tx, rental, [equipment])
        _release(tx, rental)
        reallocation.shorten(tx.session, rental, lines)
        _add(tx.session, rental, equipment_id, len(lines))
    tx.session.flush()
    assert rental.starts_at is not None and rental.due_at is not None
    period = Period(rental.starts_at, rental.due_at)
    details: dict[str, Any] = {"equipment": [gone_id, equipment_id], "pieces": len(lines)}
    _change(tx, rental, period, **details)
    late_conflicts.show_answer(tx, rental, by=tx.actor.user_id, equipment_id=equipment_id, gone_id=gone_id)
    return rental


def _add(session: Session, rental: Rental, equipment_id: int, pieces: int) -> None:
    line = session.scalar(
        select(RentalLine).filter_by(
            rental_id=rental.id, equipment_id=equipment_id, item_id=None, kit_id=None
        )
    )
    if line is None:
        session.add(RentalLine(rental_id=rental.id, equipment_id=equipment_id, quantity=pieces))
    else:
        line.quantity += pieces


def other_days(tx: Tx, rental_id: int, first: date) -> Rental:
    """Move the rental to begin on this later day, with the same items. Raises as `other_equipment`."""
    rental, missing = _to_change(tx, rental_id)
    if not missing:
        raise Refusal(Refused.NOT_LATE)
    assert rental.starts_at is not None and rental.due_at is not None
    zone = tx.of(rental.organization_id).zone
    ahead = first - periods.first_day(rental.starts_at, zone)
    if ahead < timedelta(days=1):
        raise Refusal(Refused.IN_THE_PAST)
    furthest = request.rules(tx, rental).ahead_days
    if first > periods.local_today(tx.now, zone) + timedelta(days=furthest):
        raise Refusal(Refused.TOO_FAR_AHEAD, days=furthest)
    timetable = opening_hours.for_rental(tx, rental, anew=True)
    later = next_available.moved(rental.starts_at, rental.due_at, ahead.days, zone, timetable)
    if later is None:
        # Closed then: checking the period says why.
        later = next_available.moved(rental.starts_at, rental.due_at, ahead.days, zone, None)
    assert later is not None
    period = Period(*later)
    before = rental.starts_at.isoformat()
    _change(tx, rental, period, starts_at=[before, period.starts_at.isoformat()])
    late_conflicts.show_answer(tx, rental, by=tx.actor.user_id)
    return rental


def _to_change(tx: Tx, rental_id: int) -> tuple[Rental, list[Missing]]:
    """Return the rental, locked, and its late items. Refuses by status before permission."""
    rental = request.get(tx, rental_id)
    tx.session.refresh(rental, with_for_update=True)
    if rental.status is not RentalStatus.APPROVED:
        raise state_machine.already(tx.session, rental)
    if rental.user_id == tx.actor.user_id:
        tx.actor.require_active()
    elif rental.entered_by == tx.actor.user_id:
        tx.actor.require(Role.LENDER)
    else:
        approval.require_approver(tx)
    return rental, late_conflicts.of(tx, rental)


def _release(tx: Tx, rental: Rental) -> None:
    """Release what it holds now, and with that any transfer offered to it."""
    held = tx.session.scalars(select(Claim.id).filter_by(rental_id=rental.id, status=ClaimStatus.HELD)).all()
    move_claims(tx.session, held, ClaimStatus.RELEASED)
    expiry.settle(tx, rental.id)


def _change(tx: Tx, rental: Rental, period: Period, **details: Any) -> None:
    """Reserve everything anew for this period; approved as before, or to be approved again."""
    rule = request.rules(tx, rental)
    request.check_period(tx, rental, period, timetable=opening_hours.for_rental(tx, rental, anew=True))
    _release(tx, rental)
    rental.starts_at, rental.due_at = period.starts_at, period.due_at
    tx.session.flush()
    reservations.reserve(tx, rental, ClaimStatus.HELD)
    again = rule.approval and not tx.actor.has_role(rule.approver)
    if again:
        request.wait_for_answer(tx, rental, rule, since=RentalStatus.APPROVED)
    else:
        rental.expires_at = request.fetch_until(tx, rental, rule)
    audit.rental(tx, rental, "change", again=again, **details)
    notifications.update_member_card(tx, rental, notify=True, by=tx.actor.user_id)
    notifications.update_desk_card(tx, rental, notify=again)
