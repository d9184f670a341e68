"""Suspensions: the member may only return items for a while, for a stated reason."""

from datetime import datetime

from db.models import User
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import directory, editing
from services.messaging import notifications
from services.rentals import obstacles
from services.transfers import expiry

LONGEST_REASON = 300


def require_suspendable(tx: Tx, user_id: int) -> User:
    """Return the member, locked, if they can be suspended.

    Raises NOT_FOUND, NOT_ALLOWED, SELF_SUSPENSION, LAST_LEADER, CHANGED_MEANWHILE where they are suspended
    already.
    """
    user = editing.locked(tx, user_id)
    if user.is_suspended(tx.now):
        raise directory.changed_meanwhile(tx.session, user)
    if user.id == tx.actor.user_id:
        raise Refusal(Refused.SELF_SUSPENSION)
    editing.require_other_leader(tx, user)
    return user


def suspend(tx: Tx, user_id: int, *, reason: str, until: datetime | None) -> User:
    """Suspend a member until a moment in UTC, or without an end.

    Raises as `require_suspendable` does, TOO_MUCH_TEXT, IN_THE_PAST.
    """
    user = require_suspendable(tx, user_id)
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_REASON)
    if until is not None and until <= tx.now:
        raise Refusal(Refused.IN_THE_PAST)
    user.suspended_at, user.suspended_until = tx.now, until
    user.suspended_by, user.suspended_reason = tx.actor.user_id, reason
    tx.session.flush()
    end = until.isoformat() if until is not None else None
    editing.note(tx, user, "suspend", reason=reason, until=end)
    notifications.tell_user(tx, user, "suspended", by=tx.actor.name, until=end, reason=reason)
    expiry.settle(tx, user_id=user.id)
    obstacles.redraw(tx, user)
    return user


def reactivate(tx: Tx, user_id: int) -> User:
    """End the suspension, if there is one. Raises NOT_FOUND, NOT_ALLOWED."""
    user = editing.locked(tx, user_id)
    if not user.is_suspended(tx.now):
        return user
    user.suspended_at = user.suspended_until = user.suspended_by = user.suspended_reason = None
    tx.session.flush()
    editing.note(tx, user, "reactivate")
    notifications.tell_user(tx, user, "reactivated", by=tx.actor.name)
    obstacles.redraw(tx, user)
    return user
