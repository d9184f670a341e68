"""Pending requests: beyond a few, one card, the pile, lists them all, to keep within a group's message limit.

The pile belongs to an organization and exists once in each chat in which requests are decided: from the first
request beyond the few until none is pending. Then it says so, and the next pile gets a new card.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from db.models import Card, Organization, OutboxMessage, Rental
from db.states import Lane, OutboxStatus, RentalStatus
from services.core.tx import Tx
from services.messaging import outbox

PILE = "pile"
"""The card that lists the pending requests. Its subject is the organization."""

PILE_DONE = "pile_done"
"""A pile without pending requests. Its subject is the card itself, since there may be many."""

MOST_SINGLE = 3
"""The number of pending requests with a card each; one more makes them a pile."""

RENEW_EVERY = timedelta(minutes=3)
"""The shortest time between two new messages with the pile: a group takes 20 messages a minute."""


def count(session: Session, organization_id: int) -> int:
    """Return the number of pending requests."""
    return session.scalar(select(func.count(Rental.id)).where(_waits(organization_id))) or 0


def page(session: Session, organization_id: int, *, page: int, per_page: int) -> list[Rental]:
    """Return a page of the pending requests, oldest first."""
    return list(
        session.scalars(
            select(Rental)
            .where(_waits(organization_id))
            .order_by(Rental.requested_at, Rental.id)
            .limit(per_page)
            .offset(page * per_page)
        )
    )


def lock(session: Session, organization_id: int, until: datetime) -> list[int]:
    """Lock the pending requests made by then (UTC); return their ids, oldest first.

    All are locked at once and in order of id, so that two transactions that answer them all cannot deadlock.
    """
    rows = session.execute(
        select(Rental.id, Rental.requested_at)
        .where(_waits(organization_id), Rental.requested_at <= until)
        .order_by(Rental.id)
        .with_for_update()
    ).all()
    return [row.id for row in sorted(rows, key=lambda row: (row.requested_at, row.id))]


def _waits(organization_id: int) -> ColumnElement[bool]:
    return and_(Rental.organization_id == organization_id, Rental.status == RentalStatus.REQUESTED)


def takes(tx: Tx, organization: Organization, chat_id: int, thread_id: int | None) -> bool:
    """Queue the pile in this chat if a new request belongs to it; return whether it does."""
    card = tx.session.scalar(select(Card).filter_by(kind=PILE, subject_id=organization.id, chat_id=chat_id))
    if card is None and count(tx.session, organization.id) <= MOST_SINGLE:
        return False
    outbox.render_card(
        tx,
        PILE,
        organization.id,
        chat_id=chat_id,
        thread_id=thread_id,
        organization_id=organization.id,
        renew=True,
        not_before=_next_renewal(tx, card) if card is not None else tx.now,
    )
    return True


def _next_renewal(tx: Tx, card: Card) -> datetime:
    last = tx.session.scalar(
        select(func.max(OutboxMessage.not_before)).where(
            OutboxMessage.status.in_([OutboxStatus.SENDING, OutboxStatus.SENT]),
            OutboxMessage.lane == Lane.REPLY,
            OutboxMessage.not_before > tx.now - RENEW_EVERY,
            OutboxMessage.card_id == card.id,
            OutboxMessage.renew.is_(True),
        )
    )
    return last + RENEW_EVERY if last is not None else tx.now


def follow(tx: Tx, organization_id: int, *, at_once: bool = False) -> None:
    """Update the piles after a request was answered or cancelled, or end them where none is pending.

    A pile that new requests will soon send again is not updated before, unless `at_once`.
    """
    cards = tx.session.scalars(
        select(Card).filter_by(kind=PILE, subject_id=organization_id).order_by(Card.id)
    ).all()
    if not cards:
        return
    left = count(tx.session, organization_id)
    for card in cards:
        if not left:
            _end(tx, card)
        elif at_once or not _is_renewed_soon(tx.session, card):
            _draw(tx, card)


def _is_renewed_soon(session: Session, card: Card) -> bool:
    pending = select(OutboxMessage.id).filter_by(card_id=card.id, status=OutboxStatus.PENDING, renew=True)
    return session.scalar(pending) is not None


def _draw(tx: Tx, card: Card) -> None:
    outbox.render_card(
        tx,
        card.kind,
        card.subject_id,
        chat_id=card.chat_id,
        thread_id=card.thread_id,
        organization_id=card.organization_id,
    )


def _end(tx: Tx, card: Card) -> None:
    under_way = [OutboxStatus.PENDING, OutboxStatus.SENDING]
    is_on_its_way = tx.session.scalar(
        select(OutboxMessage.id).filter_by(card_id=card.id, status=OutboxStatus.SENDING)
    )
    tx.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.card_id == card.id, OutboxMessage.status.in_(under_way))
        .values(kind=PILE_DONE)
        .execution_options(synchronize_session="fetch")
    )
    card.kind, card.subject_id = PILE_DONE, card.id
    tx.session.flush()
    pending = tx.session.scalar(
        select(OutboxMessage).filter_by(card_id=card.id, status=OutboxStatus.PENDING).with_for_update()
    )
    if pending is not None:
        pending.renew = False
    if card.message_id is None and not is_on_its_way:
        # It was never sent: there is nothing to update.
        if pending is not None:
            outbox.end(pending, OutboxStatus.DROPPED, "no longer holds")
    else:
        _draw(tx, card)
    tx.session.flush()
