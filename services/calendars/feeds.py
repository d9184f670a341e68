"""Secret addresses of calendars: whoever has one sees what is in it, until its member renews it."""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from db.models import CalendarFeed, Rental, User
from db.states import CalendarScope, RentalStatus, Role
from services.calendars import ical
from services.core import audit
from services.core.tx import Tx
from services.rentals import queries

SHOWN = (RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT, RentalStatus.RETURNED)

KEPT = timedelta(days=180)
"""Since when rentals that are over are left out: phones read the whole calendar each time."""

MOST = 2000
"""Rentals in a calendar."""


def scopes_of(tx: Tx) -> tuple[CalendarScope, ...]:
    """Return the calendars that the actor may have."""
    is_lender = tx.actor.active and tx.actor.role.covers(Role.LENDER)
    return tuple(CalendarScope) if is_lender else (CalendarScope.OWN,)


def secrets_of(tx: Tx) -> dict[CalendarScope, str]:
    """Return the secrets of the actor's calendars; what has none gets one."""
    known = tx.session.scalars(select(CalendarFeed).filter_by(user_id=tx.actor.user_id))
    found = {feed.scope: feed.token for feed in known}
    missing = [scope for scope in scopes_of(tx) if scope not in found]
    if missing:
        audit.note(tx, "renew_calendars", "user", tx.actor.user_id)
    for scope in missing:
        found[scope] = _made(tx, scope)
    return {scope: found[scope] for scope in scopes_of(tx)}


def renew(tx: Tx) -> dict[CalendarScope, str]:
    """Return new secrets; the earlier ones show nothing any more."""
    erase(tx.session, tx.actor.user_id)
    return secrets_of(tx)


def erase(session: Session, user_id: int) -> None:
    """Let the member's addresses show nothing any more."""
    session.execute(delete(CalendarFeed).filter_by(user_id=user_id))


def _made(tx: Tx, scope: CalendarScope) -> str:
    secret = secrets.token_urlsafe(24)
    tx.session.add(CalendarFeed(user_id=tx.actor.user_id, scope=scope, token=secret, created_at=tx.now))
    tx.session.flush()
    return secret


def calendar(tx: Tx, secret: str) -> bytes | None:
    """Return the calendar behind a secret; None where there is none, or it may not be seen now."""
    feed = tx.session.scalar(select(CalendarFeed).filter_by(token=secret))
    user = tx.session.get(User, feed.user_id) if feed is not None else None
    if feed is None or user is None or user.forgotten_at is not None:
        return None
    here = tx.of(user.organization_id)
    is_own = feed.scope is CalendarScope.OWN
    if here.organization.closed_at is not None:
        return None
    if not is_own and not (user.is_active(tx.now) and user.role.covers(Role.LENDER)):
        return None
    those = Rental.user_id == user.id if is_own else Rental.organization_id == user.organization_id
    return ical.written(here, _shown(here, those), names_member=not is_own)


_end = func.coalesce(Rental.due_at, Rental.ended_at)


def _shown(tx: Tx, those: ColumnElement[bool]) -> list[queries.RentalView]:
    found = tx.session.scalars(
        select(Rental)
        .where(those, Rental.status.in_(SHOWN), or_(_end > tx.now - KEPT, _end.is_(None)))
        .order_by(Rental.starts_at.desc(), Rental.id)
        .limit(MOST)
    )
    return queries.in_list(tx, list(found))
