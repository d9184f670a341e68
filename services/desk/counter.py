"""Handing out over the counter: a LENDER gives a free item to a member, who asked for nothing before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from db.models import Claim, Equipment, Item, Rental, RentalLine, User
from db.states import ClaimStatus, RentalStatus, Role
from services.availability import reservations, schedules
from services.availability.schedules import Demand, Schedule
from services.core import audit, identity, policy
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import Timetable, What
from services.core.hours.periods import FOREVER, Period
from services.core.state_machine import move_rental
from services.core.tx import Tx
from services.desk import checkout, lookup
from services.rentals import approval, numbers
from services.rentals.booking import baskets, on_behalf, request
from services.rentals.custody import dates

MOST_DAYS = 92
"""The number of days, today included, in which a last day can be chosen."""

MOST_RECENT = 3
_RECENTLY, _JUST_NOW = timedelta(days=30), timedelta(minutes=15)


def hand_out_now(tx: Tx, user_id: int, item_ids: Sequence[int], due_at: datetime | None) -> Rental:
    """Hand these items out to a member at once: requested, approved and out in one step.

    Without `due_at` it is lent until further notice. The member gets the card of it, and nobody is asked.
    Limits and the role are the member's. Raises NOT_FREE, NOT_FOR_YOU, TOO_MANY, as `require_possible`,
    `on_behalf.renter` and `request.check_period`.
    """
    items = require_possible(tx, item_ids, user_id)
    identity.require_open(tx.session, tx.organization_id, stays=True)
    user = on_behalf.renter(tx, user_id)
    period = Period(tx.now.replace(second=0, microsecond=0), due_at or FOREVER)
    rental = _rental(tx, user, items, period)
    lines = reservations.lines_of(tx.session, rental.id)
    rule, timetable = request.require_within_rules(tx, rental, period, lines)
    reservations.lock(tx.session, [item.equipment_id for item in items])
    # Another lender may have been faster, until the lock was ours.
    _require_here(tx, items)
    reservations.reserve(tx, rental, ClaimStatus.HELD, lines)
    number = numbers.take(tx.session, tx.organization_id)
    move_rental(tx.session, rental, RentalStatus.REQUESTED, requested_at=tx.now, number=number)
    audit.rental(tx, rental, "request")
    move_rental(
        tx.session,
        rental,
        RentalStatus.APPROVED,
        **tx.decided(tx.actor.user_id if rule.approval else None),
        expires_at=request.fetch_until(tx, rental, rule, timetable=timetable),
    )
    audit.rental(tx, rental, "approve", user_id=tx.actor.user_id if rule.approval else None)
    checkout.hand_out(tx, rental.id)
    if due_at is None:
        dates.begin(tx, rental)
    return rental


def hand_out_open(tx: Tx, user_id: int | None, item_ids: Sequence[int]) -> Rental:
    """Hand these items out until further notice, to a member or to oneself. Raises as `hand_out_now` does,
    and ONLY_UNTIL where somebody needs one of them later.
    """
    require_possible(tx, item_ids, user_id)
    require_until(tx, item_ids, None)
    return hand_out_now(tx, tx.actor.user_id if user_id is None else user_id, item_ids, None)


def hand_out_request(tx: Tx, rental_id: int) -> Rental:
    """Hand out what was asked for in the same step; a request is approved first, as far as the desk may.

    Raises NOT_FOUND, NEEDS_APPROVAL, and as `approval.approve` and `checkout.hand_out` do.
    """
    rental = request.get(tx, rental_id)
    if rental.status is RentalStatus.REQUESTED:
        for line in reservations.lines_of(tx.session, rental.id):
            equipment = tx.session.get_one(Equipment, line.equipment_id)
            _require_no_approval(tx, equipment, rental.user_id)
        approval.approve(tx, rental.id, by_desk=True)
    return checkout.hand_out(tx, rental.id)


def _rental(tx: Tx, user: User, items: Sequence[Item], period: Period) -> Rental:
    """Add what goes out. It is no basket: the lender's and the member's stay as they are."""
    rental = Rental(
        organization_id=tx.organization_id,
        user_id=user.id,
        entered_by=(by := tx.actor.user_id if user.id != tx.actor.user_id else None),
        entered_token=tx.token_of(by),
        at_once=True,
        starts_at=period.starts_at,
        due_at=period.due_at,
        created_at=tx.now,
    )
    tx.session.add(rental)
    tx.session.flush()
    for item in items:
        tx.session.add(
            RentalLine(rental_id=rental.id, equipment_id=item.equipment_id, item_id=item.id, quantity=1)
        )
        tx.session.flush()
    return rental


def require_possible(tx: Tx, item_ids: Sequence[int], user_id: int | None = None) -> list[Item]:
    """Return the items, if this person may hand them out at once, to this member where one is chosen.

    Raises NOT_ALLOWED, NOT_FOUND, EMPTY_BASKET, ITEM_IS_WITH, ITEM_NOT_LENDABLE, NEEDS_APPROVAL, and
    NOT_FOR_YOU and OVERDUE_FIRST about the member.
    """
    require_lender(tx)
    if not item_ids:
        raise Refusal(Refused.EMPTY_BASKET)
    items = [_item(tx, item_id) for item_id in dict.fromkeys(item_ids)]
    _require_here(tx, items)
    for item in items:
        baskets.require_lendable(tx.session, item)
        _require_no_approval(tx, tx.session.get_one(Equipment, item.equipment_id), user_id)
    if user_id is not None:
        _require_renter(tx, items, user_id)
    return items


def _require_renter(tx: Tx, items: Sequence[Item], user_id: int) -> None:
    """Raise NOT_FOR_YOU or OVERDUE_FIRST: before anybody is asked until when."""
    equipment = [tx.session.get_one(Equipment, item.equipment_id) for item in items]
    baskets.require_role_of(tx, tx.organization_id, user_id, equipment)
    if any(policy.of(tx.organization, one).overdue_blocks for one in equipment):
        request.require_nothing_overdue(tx, user_id, by_other=user_id != tx.actor.user_id)


def require_lender(tx: Tx) -> None:
    """Raise NOT_ALLOWED, SUSPENDED or MEMBERSHIP_ENDED for whoever may not hand out now."""
    tx.actor.require(Role.LENDER)
    tx.actor.require_active()


def _item(tx: Tx, item_id: int) -> Item:
    item = tx.session.get(Item, item_id)
    if item is None or item.organization_id != tx.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    return item


def _require_no_approval(tx: Tx, equipment: Equipment, user_id: int | None) -> None:
    """Raise NEEDS_APPROVAL for whoever may not approve it, and may not do without.

    Lenders do without where the organization lets them, not where the equipment's own rules ask for
    approval, and not for themselves.
    """
    rule = policy.of(tx.organization, equipment)
    if not rule.approval or tx.actor.has_role(rule.approver):
        return
    is_own_rule = "approval" in equipment.policy
    if is_own_rule or not rule.desk_hands_out or user_id == tx.actor.user_id:
        raise Refusal(Refused.NEEDS_APPROVAL, name=equipment.name)


def _require_here(tx: Tx, items: Sequence[Item]) -> None:
    """Raise ITEM_IS_WITH for an item that somebody was given meanwhile."""
    found = tx.session.execute(
        select(Item.code, User, Rental.due_at)
        .join(Claim, Claim.item_id == Item.id)
        .join(Rental, Rental.id == Claim.rental_id)
        .join(User, User.id == Rental.user_id)
        .where(Item.id.in_([item.id for item in items]), Claim.status == ClaimStatus.OUT)
        .limit(1)
    ).one_or_none()
    if found is not None:
        code, user, due_at = found
        raise Refusal(Refused.ITEM_IS_WITH, code=code, name=user.name_for_others(), due_at=due_at)


def is_free(tx: Tx, item: Item) -> bool:
    """Return whether it could be handed out now: lendable, not blocked, and nobody's today."""
    found = lookup.at_hand(tx, item)
    if found.today is not None or found.blocked_until is not None:
        return False
    try:
        baskets.require_lendable(tx.session, item)
    except Refusal:
        return False
    return True


def goes_unasked(tx: Tx, item: Item) -> bool:
    """Return whether this person may hand it out to somebody without anybody's approval."""
    try:
        require_lender(tx)
        _require_no_approval(tx, tx.session.get_one(Equipment, item.equipment_id), None)
    except Refusal:
        return False
    return True


def is_spare(tx: Tx, item: Item) -> bool:
    """Return whether it could go to anybody today though it is promised: another one would do instead."""
    try:
        baskets.require_lendable(tx.session, item)
    except Refusal:
        return False
    return bool(outlook(tx, [item.id]).days)


def recent(tx: Tx) -> list[User]:
    """Return the members who were last at the desk and may be given something, the last one first."""
    last = func.max(func.coalesce(Claim.returned_at, Claim.out_at))
    rows = tx.session.execute(
        select(User, last)
        .join(Rental, Rental.user_id == User.id)
        .join(Claim, Claim.rental_id == Rental.id)
        .where(
            Rental.organization_id == tx.organization_id,
            Rental.status.in_((RentalStatus.OUT, RentalStatus.RETURNED)),
            Claim.out_at >= tx.now - _RECENTLY,
            User.forgotten_at.is_(None),
        )
        .group_by(User.id)
        .order_by(last.desc(), User.id)
        .limit(4 * MOST_RECENT)
    ).all()
    fit = [user for user, _ in rows if user.is_active(tx.now) and not user.is_suspended(tx.now)]
    return fit[:MOST_RECENT]


def just_given(tx: Tx) -> Rental | None:
    """Return what this lender handed out at the counter in the last minutes: a second thing goes with it."""
    return tx.session.scalar(
        select(Rental)
        .where(
            Rental.organization_id == tx.organization_id,
            Rental.entered_by == tx.actor.user_id,
            Rental.status == RentalStatus.OUT,
            Rental.requested_at >= tx.now - _JUST_NOW,
            or_(Rental.due_at.is_(None), Rental.due_at > tx.now),
        )
        .order_by(Rental.id.desc())
        .limit(1)
    )


# Until when


@dataclass(frozen=True)
class Needed:
    """An item that others need from `since` on, and another one of its equipment that could go for longer."""

    item_id: int
    code: str
    since: datetime
    other_id: int | None
    other: str | None


@dataclass(frozen=True)
class Outlook:
    """The last days until which all of the items can go out; what keeps them from going for longer.

    `has_no_end`: they can go until further notice; where they cannot, though for all of `days`, `promised`
    says which is needed later, and when.
    """

    days: tuple[date, ...]
    needed: tuple[Needed, ...]
    has_no_end: bool = False
    promised: tuple[Needed, ...] = ()

    def allows(self, day: date | None) -> bool:
        """Return whether they can go until that day; None: until further notice."""
        return self.has_no_end if day is None else day in self.days


def outlook(tx: Tx, item_ids: Sequence[int]) -> Outlook:
    """Return until when these items can go out together. Raises NOT_FOUND."""
    items = [_item(tx, item_id) for item_id in item_ids]
    if not items:
        return Outlook((), ())
    schedule = schedules.load(tx, tx.organization_id, sorted({item.equipment_id for item in items}))
    asked = [_demand(tx, item) for item in items]
    timetable = _timetable(tx, items)
    days: list[date] = []
    for day, due_at in _ends(tx, items, timetable):
        if not schedule.has(asked, tx.now, due_at):
            return Outlook(tuple(days), _all_needed(schedule, asked, items, tx.now, due_at))
        days.append(day)
    if schedule.has(asked, tx.now, FOREVER):
        return Outlook(tuple(days), (), has_no_end=True)
    return Outlook(tuple(days), (), promised=_all_needed(schedule, asked, items, tx.now, FOREVER))


def require_until(tx: Tx, item_ids: Sequence[int], day: date | None) -> None:
    """Check that all of these items can go out until that day; None: until further notice.

    Raises NOT_FOUND, CLOSED_DAY, IN_THE_PAST, TOO_LONG, ONLY_UNTIL.
    """
    found = outlook(tx, item_ids)
    if found.allows(day):
        return
    if day is None:
        since = [one.since for one in (*found.needed, *found.promised)]
        raise Refusal(Refused.ONLY_UNTIL, until=min(since, default=tx.now))
    due_at = due(tx, item_ids, day)
    if due_at <= tx.now:
        raise Refusal(Refused.IN_THE_PAST)
    if found.needed and found.days:
        raise Refusal(Refused.ONLY_UNTIL, until=due(tx, item_ids, found.days[-1]))
    if found.needed:
        raise Refusal(Refused.ONLY_UNTIL, until=tx.now)
    raise Refusal(Refused.TOO_LONG, days=_longest(tx, [_item(tx, item_id) for item_id in item_ids]))


def due_or_open(tx: Tx, item_ids: Sequence[int], day: date | None) -> datetime | None:
    """Return when these items are due on that day, None where there is none. Raises as `due`."""
    return due(tx, item_ids, day) if day is not None else None


def due(tx: Tx, item_ids: Sequence[int], day: date) -> datetime:
    """Return when these items are due on that day. Raises NOT_FOUND, CLOSED_DAY."""
    timetable = _timetable(tx, [_item(tx, item_id) for item_id in item_ids])
    return periods.end_of(day, timetable.take_back_until(day), tx.zone)


def _ends(tx: Tx, items: Sequence[Item], timetable: Timetable) -> Iterator[tuple[date, datetime]]:
    """Return the open days of the longest rental, today included where it is not over, and their ends."""
    longest = _longest(tx, items)
    if tx.policy.open_days_only:
        longest = (timetable.last_within(tx.today, longest) - tx.today).days + 1
    for ahead in range(min(longest, MOST_DAYS)):
        day = tx.today + timedelta(days=ahead)
        if timetable.shut(day, What.RETURN) is not None:
            continue
        due_at = periods.end_of(day, timetable.take_back_until(day), tx.zone)
        if due_at > tx.now:
            yield day, due_at


def _longest(tx: Tx, items: Sequence[Item]) -> int:
    rules = (policy.of(tx.organization, tx.session.get_one(Equipment, i.equipment_id)) for i in items)
    return min([MOST_DAYS, *(rule.longest_days for rule in rules)])


def _timetable(tx: Tx, items: Sequence[Item]) -> Timetable:
    places = sorted({item.location_id for item in items}, key=lambda place: place or 0)
    return replace(opening_hours.of_all(tx), groups=[frozenset([place]) for place in places])


def _demand(tx: Tx, item: Item) -> Demand:
    equipment = tx.session.get_one(Equipment, item.equipment_id)
    return Demand(equipment.id, 1, policy.of(tx.organization, equipment).turnaround, item.id)


def _all_needed(
    schedule: Schedule, asked: Sequence[Demand], items: Sequence[Item], now: datetime, due_at: datetime
) -> tuple[Needed, ...]:
    """Return what keeps the items from going until then: those that cannot, or where each could without the
    rest, those that somebody was given.
    """
    own = {demand.item_id: demand for demand in asked}
    since = {
        one.item_id: one.free_until(now)
        for item in items
        for one in schedule.slots.get(item.equipment_id, ())
    }
    found = [item for item in items if not schedule.has([own[item.id]], now, due_at)]
    if not found:
        found = [i for i in items if since.get(i.id, now) < min(due_at + own[i.id].turnaround, FOREVER)]
    return tuple(_needed(schedule, own, item, since.get(item.id, now), now, due_at) for item in found)


def _needed(
    schedule: Schedule,
    asked: Mapping[int | None, Demand],
    item: Item,
    since: datetime,
    now: datetime,
    due_at: datetime,
) -> Needed:
    """Return from when on others need this item, and which other one could go until then."""
    own = asked[item.id]
    free = schedule.free(item.equipment_id, now, min(due_at + own.turnaround, FOREVER))
    others = (
        one
        for one in free
        if one.item_id not in asked and schedule.has([replace(own, item_id=one.item_id)], now, due_at)
    )
    other = next(others, None)
    return Needed(
        item.id,
        item.code,
        min(since, FOREVER),
        other.item_id if other is not None else None,
        other.code if other is not None else None,
    )
