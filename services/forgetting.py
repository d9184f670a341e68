"""Anonymous rentals: once a rental has been over for as long as the policy says, nobody is in it any more.

Kept: which items were out when, in what condition they came back, and notes of damage, which say something
about the item; so do the statistics. Erased: who had them, what was written with the request and in answer
to it, the cards that show it, and all entries of the audit that are as old.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from db.models import (
    AuditEntry,
    Card,
    Claim,
    DamageNote,
    Item,
    JoinRequest,
    Organization,
    OutboxMessage,
    Rental,
    User,
)
from db.states import ClaimStatus, Condition, JoinStatus, RentalStatus
from services.core import audit
from services.core.hours import periods
from services.core.tx import Tx
from services.messaging import kinds, notifications

RENTALS_AT_ONCE = 200
ENTRIES_AT_ONCE = 2000
"""Rows that one transaction takes: other writers wait for as long."""

CLOSED = (RentalStatus.RETURNED, RentalStatus.DECLINED, RentalStatus.CANCELLED, RentalStatus.EXPIRED)

_CARDS = (notifications.RENTAL_CARD, notifications.DESK_CARD, kinds.UNCONFIRMED)
_SHORTEST = timedelta(days=28)
"""No month is shorter."""


def may_have_work(now: datetime) -> ColumnElement[bool]:
    """Return the condition on Organization that something in it may be old enough."""
    old = now - _SHORTEST
    rentals = exists().where(Rental.organization_id == Organization.id, _is_over(old), _has_somebody())
    entries = exists().where(AuditEntry.organization_id == Organization.id, AuditEntry.at < old)
    return or_(rentals, entries)


def run(tx: Tx) -> None:
    """Make the oldest rentals anonymous and delete the oldest entries of the audit, a portion at a time."""
    months = tx.policy.forget_after_months
    if not months:
        return
    before = periods.start_of_day(months_before(tx.today, months), tx.zone)
    found = tx.session.scalars(
        select(Rental.id)
        .where(Rental.organization_id == tx.organization_id, _is_over(before), _has_somebody())
        .where(~_is_unsettled())
        .order_by(Rental.id)
        .limit(RENTALS_AT_ONCE)
    ).all()
    if found:
        _forget_rentals(tx, found)
        audit.note(tx, "anonymise", "organization", tx.organization_id, user_id=None, rentals=len(found))
    _forget_requests_to_join(tx, before)
    _forget_entries(tx, before)


def months_before(day: date, months: int) -> date:
    """Return the day so many months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _is_over(before: datetime) -> ColumnElement[bool]:
    ended = func.coalesce(Rental.ended_at, Rental.due_at, Rental.created_at)
    return and_(Rental.status.in_(CLOSED), ended < before)


def _has_somebody() -> ColumnElement[bool]:
    return Rental.user_id.not_in(select(User.id).where(User.is_anonymous))


def _is_unsettled() -> ColumnElement[bool]:
    """Return the condition that something about a rental is still open: who had the item may be asked."""
    damaged = (
        select(DamageNote.id)
        .join(Claim, Claim.id == DamageNote.claim_id)
        .where(Claim.rental_id == Rental.id, DamageNote.closed_at.is_(None))
        .exists()
    )
    lost = (
        select(Claim.id)
        .join(Item, Item.id == Claim.item_id)
        .where(
            Claim.rental_id == Rental.id, Claim.status == ClaimStatus.LOST, Item.condition == Condition.LOST
        )
        .exists()
    )
    occupied = exists().where(Claim.rental_id == Rental.id, Claim.status == ClaimStatus.OUT)
    return or_(damaged, lost, occupied)


def nobody(tx: Tx) -> int:
    """Return the id of the user without a name who stands for everybody; made when first needed."""
    known = tx.session.scalar(
        select(User.id).where(User.organization_id == tx.organization_id, User.is_anonymous)
    )
    if known is not None:
        return known
    user = User(
        organization_id=tx.organization_id,
        first_name="",
        active_until=tx.now,
        forgotten_at=tx.now,
        is_anonymous=True,
        created_at=tx.now,
    )
    tx.session.add(user)
    tx.session.flush()
    return user.id


def _forget_rentals(tx: Tx, ids: Sequence[int]) -> None:
    stands_in = nobody(tx)
    session = tx.session
    claims = select(Claim.id).where(Claim.rental_id.in_(ids))
    by_member = select(Rental.user_id).where(Rental.id.in_(ids))
    session.execute(
        update(DamageNote)
        .where(DamageNote.claim_id.in_(claims), DamageNote.reported_by.in_(by_member))
        .values(reported_by=stands_in)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Rental)
        .where(Rental.id.in_(ids))
        .values(user_id=stands_in, purpose="", comment="", reason="", custom={}, request_key=None)
    )
    _forget_cards(session, and_(Card.kind.in_(_CARDS), Card.subject_id.in_(ids)))
    session.execute(
        delete(AuditEntry)
        .where(
            AuditEntry.organization_id == tx.organization_id,
            AuditEntry.subject == "rental",
            AuditEntry.subject_id.in_(ids),
        )
        .execution_options(synchronize_session=False)
    )


def _forget_cards(session: Session, which: ColumnElement[bool]) -> None:
    """Forget which messages show something; those stay in the chats as they are."""
    cards = select(Card.id).where(which)
    session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.card_id.in_(cards))
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Card).where(which).execution_options(synchronize_session=False))


def _forget_requests_to_join(tx: Tx, before: datetime) -> None:
    """Delete what people wrote who asked to join, once that is decided and as old."""
    old = tx.session.scalars(
        select(JoinRequest.id)
        .where(
            JoinRequest.organization_id == tx.organization_id,
            JoinRequest.status != JoinStatus.ASKED,
            JoinRequest.asked_at < before,
        )
        .limit(RENTALS_AT_ONCE)
    ).all()
    if not old:
        return
    _forget_cards(tx.session, and_(Card.kind == notifications.ADMISSION_CARD, Card.subject_id.in_(old)))
    tx.session.execute(
        delete(JoinRequest).where(JoinRequest.id.in_(old)).execution_options(synchronize_session=False)
    )


def _forget_entries(tx: Tx, before: datetime) -> None:
    """Delete the entries of the audit that are as old, not those about rentals that still have somebody."""
    kept = select(Rental.id).where(Rental.organization_id == tx.organization_id, _has_somebody())
    old = (
        select(AuditEntry.id)
        .where(
            AuditEntry.organization_id == tx.organization_id,
            AuditEntry.at < before,
            or_(AuditEntry.subject != "rental", AuditEntry.subject_id.not_in(kept)),
        )
        .order_by(AuditEntry.at)
        .limit(ENTRIES_AT_ONCE)
    )
    tx.session.execute(
        delete(AuditEntry).where(AuditEntry.id.in_(old)).execution_options(synchronize_session=False)
    )
