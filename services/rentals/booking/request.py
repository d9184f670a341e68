"""A member's rental until it is requested: the basket, the period, the request."""

from datetime import date, datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Extension, Rental, RentalLine, User
from db.models.base import total
from db.states import OCCUPYING, ClaimStatus, ExtensionStatus, RentalStatus, Role
from services.availability.reservations import Lines, lines_of, replaced, require_free, reserve
from services.core import audit, identity, policy, state_machine
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import Timetable, What
from services.core.hours.periods import FOREVER, Period
from services.core.policy import Policy
from services.core.state_machine import move_rental
from services.core.tx import Tx
from services.messaging import notifications
from services.rentals import numbers, waiting
from services.rentals.booking.baskets import require_allowed, require_draft, require_kits

_NOTHING = timedelta(seconds=1)


def get(tx: Tx, rental_id: int) -> Rental:
    """Return a rental of the actor's organization: their own, or any for a LENDER. Raises NOT_FOUND."""
    found = tx.session.get(Rental, rental_id)
    if found is None or found.organization_id != tx.actor.organization_id:
        raise Refusal(Refused.NOT_FOUND)
    if found.user_id != tx.actor.user_id and not tx.actor.has_role(Role.LENDER):
        raise Refusal(Refused.NOT_FOUND)
    return found


def own(tx: Tx, rental_id: int) -> Rental:
    """Return one of the actor's own rentals. Raises NOT_FOUND."""
    found = get(tx, rental_id)
    if found.user_id != tx.actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    return found


def basket(tx: Tx, rental_id: int) -> Rental:
    """Return a rental that the actor entered, for themselves or on behalf of a member. Raises NOT_FOUND."""
    found = get(tx, rental_id)
    if (found.entered_by or found.user_id) != tx.actor.user_id:
        raise Refusal(Refused.NOT_FOUND)
    return found


def open_basket(tx: Tx, rental_id: int) -> Rental:
    """Return the same, locked, as long as it was not sent. Raises ALREADY."""
    found = basket(tx, rental_id)
    tx.session.refresh(found, with_for_update=True)
    require_draft(tx.session, found)
    return found


_OPEN = select(Rental).where(
    or_(
        and_(Rental.request_key == bindparam("key"), Rental.request_key.is_not(None)),
        and_(
            Rental.user_id == bindparam("user"),
            Rental.entered_by.is_(None),
            Rental.status == RentalStatus.DRAFT,
            Rental.changes_id.is_(None),
        ),
    )
)


def open_draft(tx: Tx, *, request_key: str | None = None) -> Rental:
    """Return the member's basket, or open it; each member has one. Raises MEMBERSHIP_ENDED, ALREADY.

    `request_key` identifies the message that asks for it: when the same message comes again after its basket
    was sent, the refusal tells the status of that rental.
    """
    tx.actor.require_active()
    known = tx.session.scalars(_OPEN, {"key": request_key, "user": tx.actor.user_id}).all()
    for same in known:
        if same.status is not RentalStatus.DRAFT:
            raise state_machine.already(tx.session, same)
    found = next((one for one in known if one.user_id == tx.actor.user_id and one.entered_by is None), None)
    if found is None:
        # A basket that this message began may have become one for somebody else, which goes on.
        is_taken = any(one.request_key == request_key for one in known)
        found = Rental(
            organization_id=tx.actor.organization_id,
            user_id=tx.actor.user_id,
            request_key=None if is_taken else request_key,
            created_at=tx.now,
        )
        tx.session.add(found)
        tx.session.flush()
    return found


_ASKED_EXTENSION = select(Extension).where(
    Extension.rental_id == bindparam("rental"), Extension.status == ExtensionStatus.ASKED
)


def open_extension(session: Session, rental: Rental) -> Extension | None:
    """Return the rental's extension that waits for an answer; None where there is none."""
    return session.scalar(_ASKED_EXTENSION, {"rental": rental.id})


def rules(tx: Tx, rental: Rental, lines: Lines | None = None) -> Policy:
    """Return the organization's rules, as narrowed by the equipment in the rental."""
    organization = tx.organization_of(rental.organization_id)
    common = policy.of(organization)
    each = [
        policy.of(organization, tx.session.get_one(Equipment, line.equipment_id))
        for line in (lines_of(tx.session, rental.id) if lines is None else lines)
    ]
    return common.model_copy(
        update={
            "longest_days": min([p.longest_days for p in each], default=common.longest_days),
            "approval": any(p.approval for p in each) if each else common.approval,
        }
    )


def check_period(
    tx: Tx, rental: Rental, period: Period, *, lines: Lines | None = None, timetable: Timetable | None = None
) -> Policy:
    """Check a period against the rules, and return the rules that hold for the rental.

    One until FOREVER is given by the desk, not asked for: no length is too long, and no day is its last.
    `lines` and `timetable`: the rental's, where they are known. Raises IN_THE_PAST, TODAY_OVER,
    END_BEFORE_START, TOO_LONG, TOO_FAR_AHEAD, CLOSED_DAY.
    """
    timetable = timetable or opening_hours.for_rental(tx, rental)
    if period.due_at <= tx.now:
        timetable.require_return_still(tx.now, tx.of(rental.organization_id).zone, period.due_at)
        raise Refusal(Refused.IN_THE_PAST)
    if period.due_at <= period.starts_at:
        raise Refusal(Refused.END_BEFORE_START)
    rule = rules(tx, rental, lines)
    zone = tx.of(rental.organization_id).zone
    # A day lasts until the same time of the next one, however many hours it has.
    has_end = period.due_at < FOREVER
    too_long = has_end and period.due_at > periods.days_later(period.starts_at, rule.longest_days, zone)
    if too_long and periods.last_day(period.due_at, zone) > last_day(
        timetable, rule, periods.first_day(period.starts_at, zone)
    ):
        raise Refusal(Refused.TOO_LONG, days=rule.longest_days)
    furthest = periods.local_today(tx.now, zone) + timedelta(days=rule.ahead_days)
    if periods.first_day(period.starts_at, zone) > furthest:
        raise Refusal(Refused.TOO_FAR_AHEAD, days=rule.ahead_days)
    timetable.require(periods.first_day(period.starts_at, zone), What.HAND_OUT)
    if has_end:
        timetable.require(periods.last_day(period.due_at, zone), What.RETURN)
    return rule


def last_day(timetable: Timetable, rule: Policy, first: date) -> date:
    """Return the last day of the longest rental that begins on `first`."""
    if rule.open_days_only:
        return timetable.last_within(first, rule.longest_days)
    return first + timedelta(days=rule.longest_days - 1)


def set_period(tx: Tx, draft: Rental, period: Period, *, timetable: Timetable | None = None) -> None:
    """Set the basket's period. `timetable`: the basket's, where it is known.

    Raises as `check_period`, OUTSIDE_HOURS, NOT_FREE with the next free period.
    """
    require_draft(tx.session, draft)
    starts_at = max(period.starts_at, tx.now.replace(second=0, microsecond=0))
    if starts_at >= period.due_at:
        starts_at = period.starts_at
    period = Period(starts_at, period.due_at)
    timetable = timetable or opening_hours.for_rental(tx, draft)
    lines = lines_of(tx.session, draft.id)
    check_period(tx, draft, period, lines=lines, timetable=timetable)
    zone = tx.of(draft.organization_id).zone
    timetable.require_still(periods.first_day(period.starts_at, zone), tx.now, zone)
    require_free(tx, draft, period, lines)
    draft.starts_at, draft.due_at = period.starts_at, period.due_at
    tx.session.flush()


def request(tx: Tx, rental_id: int) -> Rental:
    """Turn the basket into a request; approved at once where the policy requires no approval.

    Limits and the role are the member's, whoever enters it. Raises EMPTY_BASKET, NO_PERIOD, NOT_FOR_YOU,
    KIT_RETIRED, NOT_FREE, TOO_MANY, as `check_period`; ALREADY when repeated; on behalf NOT_ALLOWED,
    RENTER_SUSPENDED, RENTER_LEFT.
    """
    draft = basket(tx, rental_id)
    require_draft(tx.session, draft)
    tx.actor.require_active()
    identity.require_open(tx.session, draft.organization_id, stays=True)
    if draft.entered_by is not None:
        tx.actor.require(Role.LENDER)
        identity.require_renter(tx, draft.user_id)
    lines = lines_of(tx.session, draft.id)
    if not lines:
        raise Refusal(Refused.EMPTY_BASKET)
    if draft.starts_at is None or draft.due_at is None:
        raise Refusal(Refused.NO_PERIOD)
    rule, timetable = require_within_rules(tx, draft, Period(draft.starts_at, draft.due_at), lines)
    holds = rule.request_holds or not rule.approval
    reserve(tx, draft, ClaimStatus.HELD if holds else ClaimStatus.WANTED, lines)
    wait_for_answer(tx, draft, rule, timetable, since=RentalStatus.DRAFT)
    audit.rental(tx, draft, "request")
    if draft.entered_by is not None:
        notifications.update_member_card(tx, draft, notify=True, by=tx.actor.user_id)
    if rule.approval:
        notifications.update_desk_card(tx, draft, notify=True)
    else:
        move_rental(
            tx.session,
            draft,
            RentalStatus.APPROVED,
            decided_at=tx.now,
            expires_at=fetch_until(tx, draft, rule, timetable=timetable),
        )
        audit.rental(tx, draft, "approve", user_id=None)
    return draft


def wait_for_answer(
    tx: Tx, rental: Rental, rule: Policy, timetable: Timetable | None = None, *, since: RentalStatus
) -> None:
    """Make it a request of now, whatever was decided before, with a number if it has none yet.

    Raises ALREADY where it is no longer `since`.
    """
    until = answer_until(tx, rental, rule, timetable)
    remind = waiting.next_reminder(tx, rental, until, timetable=timetable) if rule.approval else None
    moved = move_rental(
        tx.session,
        rental,
        RentalStatus.REQUESTED,
        since=since,
        requested_at=tx.now,
        decided_at=None,
        decided_by=None,
        decided_token=None,
        expires_at=until,
        remind_desk_at=remind,
        number=rental.number or numbers.take(tx.session, rental.organization_id),
    )
    if not moved:
        raise state_machine.already(tx.session, rental)


def require_within_rules(tx: Tx, rental: Rental, period: Period, lines: Lines) -> tuple[Policy, Timetable]:
    """Check everything but the stock; return the rules that hold for the rental, and its timetable.

    Locks the member: requests take turns. Raises NOT_FOR_YOU, KIT_RETIRED, TOO_MANY, OVERDUE_FIRST, and as
    `check_period`.
    """
    require_allowed(tx, rental, lines)
    require_kits(tx.session, rental, lines)
    timetable = opening_hours.for_rental(tx, rental)
    rule = check_period(tx, rental, period, lines=lines, timetable=timetable)
    _require_below_limit(tx.session, rental, sum(line.quantity for line in lines), rule.most_items)
    if rule.overdue_blocks:
        require_nothing_overdue(tx, rental.user_id, by_other=rental.entered_by is not None)
    return rule, timetable


def answer_until(tx: Tx, rental: Rental, rule: Policy, timetable: Timetable | None = None) -> datetime:
    """Return the deadline for an answer to a request that is made now (services/rentals/waiting.py).

    `timetable`: the rental's, where it is known. Raises NO_PERIOD.
    """
    if rental.starts_at is None or rental.due_at is None:
        raise Refusal(Refused.NO_PERIOD)
    return waiting.answer_until(tx, rental, rule, rental.starts_at, rental.due_at, timetable)


def fetch_until(tx: Tx, rental: Rental, rule: Policy, *, timetable: Timetable | None = None) -> datetime:
    """Return the pick-up deadline of a rental that is approved now: not beyond its own end.

    `timetable`: the rental's, where it is known. Raises NO_PERIOD.
    """
    if rental.starts_at is None or rental.due_at is None:
        raise Refusal(Refused.NO_PERIOD)
    since = max(tx.now, rental.starts_at)
    until = opening_hours.deadline(tx, rental, since, rule.fetch_hours, What.HAND_OUT, timetable=timetable)
    return min(until, rental.due_at)


def fetch_from(tx: Tx, rental: Rental) -> datetime | None:
    """Return the moment from which the member may pick up a rental: the first of its first day."""
    if rental.starts_at is None:
        return None
    return periods.start_of_day(periods.first_day(rental.starts_at, tx.zone), tx.zone)


# Weak enough for those who have just added rows of this member: two of them would wait for each other.
_LOCKED_MEMBER = select(User.id).where(User.id == bindparam("member")).with_for_update(key_share=True)


def _require_below_limit(session: Session, rental: Rental, asked: int, most: int) -> None:
    """Raise TOO_MANY above the limit of pieces at once. Locks the member: requests take turns."""
    session.execute(_LOCKED_MEMBER, {"member": rental.user_id})
    already, said_back = _pieces_of_member(session, rental)
    if already + asked > most:
        name = session.get_one(User, rental.user_id).name if rental.entered_by is not None else None
        raise Refusal(Refused.TOO_MANY, limit=most, already=already, name=name, said_back=said_back)


_ASKED_FOR = select(total(RentalLine.quantity)).where(RentalLine.rental_id == Rental.id)
_PIECES_OF_MEMBER = (
    select(
        Rental.id,
        Rental.status,
        Rental.changes_id,
        func.count(Claim.id),
        func.count(Claim.return_claimed_at),
        _ASKED_FOR.scalar_subquery(),
    )
    .outerjoin(Claim, and_(Claim.rental_id == Rental.id, Claim.status.in_(OCCUPYING)))
    .where(
        Rental.user_id == bindparam("user"),
        Rental.status.in_([RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT]),
        Rental.id.not_in(bindparam("but", expanding=True)),
    )
    .group_by(Rental.id)
)


def _pieces_of_member(session: Session, rental: Rental) -> tuple[int, int]:
    """Return the number of pieces that the member has or gets beside this rental, and of those said back.

    What they say is back counts until it is sure: or one could have more than allowed. A change that waits
    and the rental whose place it takes count once, with the greater number.
    """
    beside = {"user": rental.user_id, "but": replaced(session, rental)}
    rows = session.execute(_PIECES_OF_MEMBER, beside).all()
    pieces: dict[int, int] = {}
    for id_, status, changes_id, claims, _, asked in rows:
        waits = status is RentalStatus.REQUESTED
        one = changes_id if waits and changes_id is not None else id_
        pieces[one] = max(pieces.get(one, 0), asked if waits else claims)
    return sum(pieces.values()), sum(said_back for *_, said_back, _ in rows)


def require_nothing_overdue(tx: Tx, user_id: int, *, by_other: bool) -> None:
    """Raise OVERDUE_FIRST while the member has something overdue that they do not say is back.

    `by_other`: somebody else asks for them, and reads who it is about.
    """
    found = tx.session.scalar(
        select(Rental)
        .join(Claim, Claim.rental_id == Rental.id)
        .where(
            Rental.user_id == user_id,
            Rental.due_at <= tx.now,
            Claim.status == ClaimStatus.OUT,
            Claim.return_claimed_at.is_(None),
        )
        .order_by(Rental.due_at, Rental.id)
        .limit(1)
    )
    if found is not None:
        name = tx.session.get_one(User, user_id).name if by_other else None
        raise Refusal(Refused.OVERDUE_FIRST, rental_id=found.id, number=found.number, name=name)


def discard(tx: Tx, rental_id: int) -> Rental:
    """Discard a basket. Raises ALREADY where it was sent meanwhile."""
    draft = open_basket(tx, rental_id)
    throw_away(tx, draft)
    return draft


def throw_away(tx: Tx, draft: Rental) -> None:
    """Discard a basket, whosever it is."""
    move_rental(
        tx.session, draft, RentalStatus.CANCELLED, ended_at=tx.now, starts_at=tx.now, due_at=tx.now + _NOTHING
    )
