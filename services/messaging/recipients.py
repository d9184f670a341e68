"""Whom a message about a rental reaches: its member, or where nobody can write to them, a lender."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Rental, User
from db.states import ClaimStatus, Role
from services.core import identity
from services.core.tx import Tx


def accounts(tx: Tx, rental: Rental) -> list[int]:
    """Where what the member is to know is written to."""
    return identity.accounts_of(tx.session, rental.user_id) or stand_ins(tx, rental)


def stand_ins(tx: Tx, rental: Rental, *, but: int | None = None) -> list[int]:
    """Where a lender hears it in the member's place; nowhere while the member can be written to.

    That is whoever handed out what is out, or was; before that whoever entered it. Not `but`, a user who
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
