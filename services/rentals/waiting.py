"""Requests that wait for an answer: until when they may, and when the desk is reminded of them.

The desk is reminded some open hours after the request, and in good time before it runs out; the request's
card, or the pile, comes anew then. The next moment is a column of the request, set when the last has passed.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, select

from db.models import Rental
from db.states import RentalStatus
from services.core.hours import opening_hours, periods
from services.core.hours.opening_hours import Timetable, What
from services.core.policy import Policy
from services.core.tx import Tx
from services.messaging import notifications
from services.messaging.quiet_hours import after_quiet_hours, before_quiet_hours
from services.rentals.pages import page_of

LAST_MINUTE = timedelta(hours=2)
"""A request that begins sooner may be answered after it has begun, since there was no time before."""

IN_GOOD_TIME = timedelta(days=1)
"""The time before a request runs out at which the desk is reminded; half its life for one that is shorter."""

BEFORE_QUIET = timedelta(minutes=30)
"""The time before quiet hours for a reminder that would come too late after them."""

APART = timedelta(hours=1)
"""The shortest time between two reminders of one request."""


def answer_until(
    tx: Tx, rental: Rental, rule: Policy, starts_at: datetime, due_at: datetime, timetable: Timetable | None
) -> datetime:
    """Return the deadline for an answer to a request that is made now: at the latest when it begins.

    What has begun, or is about to, may be answered until that day ends.
    """
    until = _open_hours(tx, rental, tx.now, rule.request_hours, timetable)
    if starts_at >= tx.now + LAST_MINUTE:
        return min(until, starts_at)
    zone = tx.of(rental.organization_id).zone
    tomorrow = periods.local_today(tx.now, zone) + timedelta(days=1)
    return min(until, due_at, max(periods.at(tomorrow, time(0), zone), tx.now + LAST_MINUTE))


def _open_hours(tx: Tx, rental: Rental, since: datetime, hours: int, timetable: Timetable | None) -> datetime:
    return opening_hours.deadline(tx, rental, since, hours, What.HAND_OUT, What.RETURN, timetable=timetable)


def next_reminder(
    tx: Tx, rental: Rental, until: datetime, after: datetime | None = None, timetable: Timetable | None = None
) -> datetime | None:
    """Return when the desk is reminded next of a request that runs out at `until`; None where it is not.

    `after`: when it was reminded last; else the request is made now.
    """
    own = tx.of(rental.organization_id)
    rule, zone = own.policy, own.zone
    since = tx.now if after is None else rental.requested_at or after
    waited = _open_hours(tx, rental, since, rule.request_reminder_hours, timetable)
    in_time = max(until - IN_GOOD_TIME, since + (until - since) / 2)
    morning = after_quiet_hours(in_time, rule, zone)
    if morning > until - LAST_MINUTE:
        evening = before_quiet_hours(in_time, rule, zone)
        in_time = evening - BEFORE_QUIET if evening < in_time else in_time
    earliest = since if after is None else after + APART
    found = (after_quiet_hours(moment, rule, zone) for moment in (waited, in_time) if moment > earliest)
    return min((moment for moment in found if moment < until), default=None)


def to_remind(now: datetime) -> ColumnElement[bool]:
    """Build the condition that the desk is to be reminded of a request."""
    return and_(Rental.status == RentalStatus.REQUESTED, Rental.remind_desk_at <= now)


def remind(tx: Tx) -> None:
    """Show the desk anew, so that it rings, what has waited for so long; not in quiet hours."""
    query = select(Rental).where(Rental.organization_id == tx.organization_id, to_remind(tx.now))
    found = tx.session.scalars(query.order_by(Rental.id).with_for_update()).all()
    if not found or after_quiet_hours(tx.now, tx.policy, tx.zone) > tx.now:
        return
    for rental in found:
        until = rental.expires_at or rental.due_at or tx.now
        rental.remind_desk_at = next_reminder(tx, rental, until, tx.now)
        if until > tx.now:
            notifications.update_desk_card(tx, rental, notify=True)
    tx.session.flush()


def _unanswered(tx: Tx) -> ColumnElement[bool]:
    return (Rental.organization_id == tx.organization_id) & (Rental.status == RentalStatus.REQUESTED)


def unanswered(tx: Tx, *, most: int) -> tuple[list[Rental], int]:
    """Return the first requests that wait for an answer, by when they run out, and the number of all."""
    return page_of(tx.session, _unanswered(tx), Rental.expires_at.asc(), page=0, per_page=most)


def is_asked_since_before(tx: Tx, at: datetime) -> bool:
    """Return whether a request waits for an answer that was made before `at`."""
    return bool(tx.session.scalar(select(exists().where(_unanswered(tx), Rental.requested_at < at))))
