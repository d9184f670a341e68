"""Members who may only bring things back for a while: suspended, with a reason, and taken back."""

from datetime import datetime

from sqlalchemy.orm import Session

from db.models import User
from services.core.errors import Refusal, Refused
from services.core.identity import Actor
from services.members import directory, editing
from services.messaging import notifications
from services.transfers import expiry

LONGEST_REASON = 300


def require_suspendable(session: Session, actor: Actor, user_id: int, now: datetime) -> User:
    """Raises NOT_FOUND, NOT_ALLOWED, ONESELF, LAST_LEADER, CHANGED_MEANWHILE for who is suspended already."""
    user = editing.locked(session, actor, user_id)
    if user.is_suspended(now):
        raise directory.changed_meanwhile(session, user)
    if user.id == actor.user_id:
        raise Refusal(Refused.ONESELF)
    editing.require_other_leader(session, user, now)
    return user


def suspend(
    session: Session, actor: Actor, user_id: int, now: datetime, *, reason: str, until: datetime | None
) -> User:
    """Until then, or without an end. Raises as `require_suspendable` does, TOO_MUCH_TEXT, IN_THE_PAST."""
    user = require_suspendable(session, actor, user_id, now)
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Refusal(Refused.TOO_MUCH_TEXT, most=LONGEST_REASON)
    if until is not None and until <= now:
        raise Refusal(Refused.IN_THE_PAST)
    user.suspended_at, user.suspended_until = now, until
    user.suspended_by, user.suspended_reason = actor.user_id, reason
    session.flush()
    end = until.isoformat() if until is not None else None
    editing.note(session, actor, now, user, "suspend", reason=reason, until=end)
    notifications.tell_user(session, now, user, "suspended", by=actor.name, until=end, reason=reason)
    expiry.settle(session, now, user_id=user.id)
    return user


def reactivate(session: Session, actor: Actor, user_id: int, now: datetime) -> User:
    """The suspension is over, if there is one. Raises NOT_FOUND, NOT_ALLOWED."""
    user = editing.locked(session, actor, user_id)
    if not user.is_suspended(now):
        return user
    user.suspended_at = user.suspended_until = user.suspended_by = user.suspended_reason = None
    session.flush()
    editing.note(session, actor, now, user, "reactivate")
    notifications.tell_user(session, now, user, "reactivated", by=actor.name)
    return user
