"""Resolve who is notified about a rental: the member, or a lender as fallback."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Rental, User
from db.states import ClaimStatus, Role
from services.core import identity
from services.core.tx import Tx


def accounts(tx: Tx, rental: Rental) -> list[int]:
    """Return the accounts that messages to a rental's member go to."""
    return identity.accounts_of(tx.session, rental.user_id) or stand_ins(tx, rental)


def stand_ins(tx: Tx, rental: Rental, *, but: int | None = None) -> list[int]:
    """Return the accounts of the lender notified in place of an unreachable member; none for a reachable one.

    That is the lender who checked out the items, else the one who entered the rental. `but` is a user who
    knows already.
    """
    if identity.accounts_of(tx.session, rental.user_id):
        return []
    closest = [_handed_out(tx.session, rental, ClaimStatus.OUT), _handed_out(tx.session, rental)]
    closest.append({rental.entered_by} if rental.entered_by is not None else set())
    for user_ids in closest:
        found = [
            account
            for user_id in sorted(user_ids)
            if _is_lender(tx.session.get_one(User, user_id), tx.now)
            for account in identity.accounts_of(tx.session, user_id)
        ]
        if found:
            known = identity.accounts_of(tx.session, but) if but is not None else []
            return [account for account in found if account not in known]
    return []


def _handed_out(session: Session, rental: Rental, status: ClaimStatus | None = None) -> set[int]:
    query = select(Claim.out_by).where(Claim.rental_id == rental.id, Claim.out_by.is_not(None))
    if status is not None:
        query = query.where(Claim.status == status)
    return {user_id for user_id in session.scalars(query) if user_id is not None}


def _is_lender(user: User, now: datetime) -> bool:
    return user.is_active(now) and user.role.covers(Role.LENDER)
