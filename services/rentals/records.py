"""The record of a member, as whoever decides on their requests reads it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, or_, select

from db.models import ChatAccount, Claim, Rental
from db.states import ClaimStatus
from services.core import identity
from services.core.tx import Tx


@dataclass(frozen=True)
class Record:
    """A member's record: pieces out now, number of late rentals, and an account that reaches them."""

    out_now: int
    late: int
    account_id: int | None = None

    @property
    def is_reached(self) -> bool:
        return self.account_id is not None


def _query() -> Select[Any]:
    """Build the query for a member's record."""
    user = bindparam("user", type_=Integer)
    out_now = (
        select(func.count(Claim.id))
        .join(Rental, Rental.id == Claim.rental_id)
        .where(Rental.user_id == user, Claim.status == ClaimStatus.OUT, Claim.return_claimed_at.is_(None))
    )
    came_back = func.coalesce(Claim.return_claimed_at, Claim.returned_at)
    late = (
        select(func.count(func.distinct(Rental.id)))
        .join(Claim, Claim.rental_id == Rental.id)
        .where(
            Rental.user_id == user,
            Claim.out_at.is_not(None),
            or_(came_back > Rental.due_at, came_back.is_(None) & (Rental.due_at < bindparam("now"))),
        )
    )
    account = identity.reached(user).order_by(ChatAccount.id).limit(1).scalar_subquery()
    return select(out_now.scalar_subquery(), late.scalar_subquery(), account)


_QUERY = _query()  # built once: it is on each card of the desk


def of(tx: Tx, user_id: int) -> Record:
    """Return a member's record, for whoever decides on a request."""
    return Record(*tx.session.execute(_QUERY, {"user": user_id, "now": tx.now}).one())
