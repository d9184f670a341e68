"""Expiry of transfer offers that no longer apply."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select

from db import aliases
from db.models import Claim, HandOver, Rental, User
from db.states import ClaimStatus, HandOverStatus
from services.core import audit
from services.core.state_machine import move_hand_overs
from services.core.tx import Tx
from services.messaging import notifications, outbox
from services.transfers import offers
from services.transfers.offers import Offer

_FROM, _TO = aliases.kept(Claim, "now"), aliases.kept(Claim, "next")
_TAKER = aliases.kept(Rental, "next")

CARD = "hand_over"
"""The question to the next member. Its subject is the first transfer that was offered with it."""

OFF = "hand_over_off"
"""Kind of the message to the giver that the next member does not take over the items any more."""


_NOW: BindParameter[datetime] = bindparam("now")
_IS_SUSPENDED = and_(
    User.suspended_at.is_not(None), or_(User.suspended_until.is_(None), User.suspended_until > _NOW)
)
_OVER = (
    select(HandOver, _FROM.rental_id, _TO.rental_id)
    .join(_FROM, _FROM.id == HandOver.claim_id)
    .join(_TO, _TO.id == HandOver.to_claim_id)
    .join(_TAKER, _TAKER.id == _TO.rental_id)
    .join(User, User.id == _TAKER.user_id)
    .where(
        HandOver.status == HandOverStatus.OFFERED,
        or_(
            _FROM.status != ClaimStatus.OUT,
            _FROM.return_claimed_at.is_not(None),
            _TO.status != ClaimStatus.HELD,
            User.active_until <= _NOW,
            _IS_SUSPENDED,
        ),
    )
    .order_by(HandOver.id)
)


_LIMITS: dict[str, ColumnElement[bool]] = {
    "rental": or_(_FROM.rental_id == bindparam("rental"), _TO.rental_id == bindparam("rental")),
    "user": User.id == bindparam("user"),
    "organization": HandOver.organization_id == bindparam("organization"),
}


@cache
def _over(*limits: str) -> Select[HandOver, int | None, int | None]:
    return _OVER.where(*(_LIMITS[name] for name in limits))


def settle(
    tx: Tx,
    rental_id: int | None = None,
    *,
    user_id: int | None = None,
    organization_id: int | None = None,
) -> None:
    """Withdraw offers whose item was returned, or whose next rental was checked out, cancelled or expired, or
    belongs to a former or suspended member. The giver who still has an item is notified.

    Limited to offers from or to this rental, to this user, or in this organization, where given.
    """
    limits = {"rental": rental_id, "user": user_id, "organization": organization_id}
    given = {name: id_ for name, id_ in limits.items() if id_ is not None}
    over: dict[tuple[int, int, datetime], list[int]] = {}
    for row, from_rental, to_rental in tx.session.execute(_over(*given), {"now": tx.now, **given}):
        over.setdefault((from_rental or 0, to_rental or 0, row.offered_at), []).append(row.id)
    for (from_rental, _, _), ids in over.items():
        if move_hand_overs(tx.session, ids, HandOverStatus.WITHDRAWN, decided_at=tx.now):
            _follow(tx, tx.session.get_one(Rental, from_rental), ids)


def _follow(tx: Tx, rental: Rental, ids: Sequence[int]) -> None:
    found = offers.find(tx.of(rental.organization_id), ids[0])
    audit.rental(tx, rental, "withdraw_offer", user_id=None, to=found.to_rental.number)
    redraw(tx, found)
    notifications.update_member_card(tx, rental)
    notifications.update_reminders(tx, rental)
    still_there = [thing for thing in offers.things(tx.session, found, of=ids) if thing.is_with_giver]
    if still_there:
        things = [[thing.name, thing.code] for thing in still_there]
        notifications.tell_member(tx, rental, OFF, taker_id=found.to_rental.user_id, things=things)


def redraw(tx: Tx, found: Offer) -> None:
    """Update the card of an offer."""
    for row in found.rows:
        outbox.refresh_card(tx, kind=CARD, subject_id=row.id)
