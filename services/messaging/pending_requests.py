"""Pending requests: beyond a few, one card, the pile, lists them all, to keep within a group's message limit.

The pile belongs to an organization and exists once in each chat in which requests are decided: from the first
request beyond the few until none is pending. Then it says so, and the next pile gets a new card.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from db.models import Card, Organization, OutboxMessage, Rental
from db.states import Lane, OutboxStatus, RentalStatus
from services.core.tx import Tx
from services.messaging import cards, outbox

PILE = "pile"
"""The card that lists the pending requests. Its subject is the organization."""

PILE_DONE = "pile_done"
"""A pile without pending requests. Its subject is the card itself, since there may be many."""

MOST_SINGLE = 3
"""The number of pending requests with a card each; one more makes them a pile."""

SINGLE = "desk"
"""The card of one request (notifications.DESK_CARD, which stands above this module)."""

RENEW_EVERY = timedelta(minutes=3)
"""The shortest time between two new messages with the pile, each of which rings."""

EDIT_EVERY = timedelta(seconds=5)
"""The shortest time between two drawings: 12 of the 20 messages and edits that a group takes a minute."""

EDIT_EVERY_UNDER_LOAD = timedelta(seconds=20)
"""The same while the group was sent BUSY other messages and edits within the last minute."""

BUSY = 8

_MINUTE = timedelta(minutes=1)


def count(session: Session, organization_id: int) -> int:
    """Return the number of pending requests."""
    return session.scalar(_COUNT, {"organization": organization_id}) or 0


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

    All are locked at once and in order of id, so that two transactions that answer them all cannot deadlock;
    with them the rentals that they change, whose ids are lower. Those that wait for the member's answer are
    left out.
    """
    those = _waits(organization_id) & (Rental.requested_at <= until) & Rental.proposed_by.is_(None)
    changed = select(Rental.changes_id).where(those, Rental.changes_id.is_not(None))
    rows = session.execute(
        select(Rental.id, Rental.requested_at, Rental.status, Rental.proposed_by)
        .where(those | Rental.id.in_(changed))
        .order_by(Rental.id)
        .with_for_update()
    ).all()
    waiting = [row for row in rows if row.status is RentalStatus.REQUESTED and row.proposed_by is None]
    return [row.id for row in sorted(waiting, key=lambda row: (row.requested_at, row.id))]


def _waits(organization_id: int | BindParameter[int]) -> ColumnElement[bool]:
    return and_(Rental.organization_id == organization_id, Rental.status == RentalStatus.REQUESTED)


_COUNT = select(func.count(Rental.id)).where(_waits(bindparam("organization")))
_PILES = select(Card).where(Card.kind == PILE, Card.subject_id == bindparam("organization")).order_by(Card.id)


def takes(tx: Tx, organization: Organization, chat_id: int, thread_id: int | None) -> bool:
    """Queue the pile in this chat if a new request belongs to it; return whether it does.

    The pile shows each request within seconds, and is sent as a new message, which rings, at most every few
    minutes: what came in between rings with the next one (`ring`).
    """
    card = cards.find(tx.session, PILE, organization.id, chat_id)
    if card is None and count(tx.session, organization.id) <= MOST_SINGLE:
        return False
    times = _times(tx, card) if card is not None else _Times(None, None)
    outbox.render_card(
        tx,
        PILE,
        organization.id,
        chat_id=chat_id,
        thread_id=thread_id,
        organization_id=organization.id,
        renew=times.may_ring(tx.now),
        not_before=tx.now if card is None or times.may_ring(tx.now) else _next_edit(tx, times, card),
    )
    if card is None:
        _strip_singles(tx, organization.id, chat_id)
    return True


_PILE_IN = select(Card.id).where(
    Card.kind == PILE, Card.subject_id == bindparam("organization"), Card.chat_id == bindparam("chat")
)


def shows(session: Session, rental: Rental, chat_id: int) -> bool:
    """Return whether this chat's pile lists the request."""
    those = {"organization": rental.organization_id, "chat": chat_id}
    return rental.status is RentalStatus.REQUESTED and session.scalar(_PILE_IN, those) is not None


def _strip_singles(tx: Tx, organization_id: int, chat_id: int) -> None:
    """Draw the single cards of what the pile lists from now on, which lose their buttons."""
    waiting = select(Rental.id).where(_waits(organization_id))
    outbox.refresh_cards(
        tx,
        and_(Card.kind == SINGLE, Card.chat_id == chat_id, Card.subject_id.in_(waiting)),
        lane=Lane.REPLY,
    )


@dataclass(frozen=True)
class _Times:
    """When the pile was last drawn in any way, and when it last rang."""

    drawn: datetime | None
    rang: datetime | None

    def may_ring(self, now: datetime) -> bool:
        return self.rang is None or self.rang + RENEW_EVERY <= now


def _times(tx: Tx, card: Card) -> _Times:
    rang = OutboxMessage.not_before
    row = tx.session.execute(
        select(func.max(rang), func.max(rang).filter(OutboxMessage.renew.is_(True))).where(
            OutboxMessage.status.in_([OutboxStatus.PENDING, OutboxStatus.SENDING, OutboxStatus.SENT]),
            OutboxMessage.not_before > tx.now - RENEW_EVERY,
            OutboxMessage.card_id == card.id,
        )
    ).one()
    return _Times(*row)


def _next_edit(tx: Tx, times: _Times, card: Card) -> datetime:
    """Return when the pile may be edited next: less often where its chat gets much else."""
    if times.drawn is None:
        return tx.now
    lately = tx.session.scalar(
        select(func.count(OutboxMessage.id)).where(
            OutboxMessage.chat_id == card.chat_id,
            OutboxMessage.card_id.is_distinct_from(card.id),
            OutboxMessage.status == OutboxStatus.SENT,
            OutboxMessage.sent_at > tx.now - _MINUTE,
        )
    )
    every = EDIT_EVERY_UNDER_LOAD if (lately or 0) >= BUSY else EDIT_EVERY
    return max(tx.now, times.drawn + every)


def have_to_ring(now: datetime) -> ColumnElement[bool]:
    """Build the condition that an organization has requests in its pile that have not rung, and may now."""
    return exists().where(Card.subject_id == Organization.id, *_silent(now))


def _silent(now: datetime) -> tuple[ColumnElement[bool], ...]:
    last_ring = (
        select(func.max(OutboxMessage.not_before))
        .where(OutboxMessage.card_id == Card.id, OutboxMessage.renew.is_(True))
        .correlate(Card)
        .scalar_subquery()
    )
    newer = exists().where(
        Rental.organization_id == Card.subject_id,
        Rental.status == RentalStatus.REQUESTED,
        Rental.requested_at > last_ring,
    )
    return Card.kind == PILE, last_ring <= now - RENEW_EVERY, newer


def ring(tx: Tx) -> None:
    """Send the organization's piles anew that have requests which have not rung, as soon as they may."""
    found = select(Card).where(Card.subject_id == tx.organization_id, *_silent(tx.now))
    for card in tx.session.scalars(found.order_by(Card.id)).all():
        _draw(tx, card, renew=True)


def follow(tx: Tx, organization_id: int, *, at_once: bool = False) -> None:
    """Update the piles after a request was answered or cancelled, or end them where none is pending.

    Not more often than after new requests, unless `at_once`.
    """
    piles = tx.session.scalars(_PILES, {"organization": organization_id}).all()
    if not piles:
        return
    left = count(tx.session, organization_id)
    for card in piles:
        if not left:
            _end(tx, card)
        else:
            later = tx.now if at_once else _next_edit(tx, _times(tx, card), card)
            _draw(tx, card, not_before=later)


def _draw(tx: Tx, card: Card, *, renew: bool = False, not_before: datetime | None = None) -> None:
    outbox.render_card(
        tx,
        card.kind,
        card.subject_id,
        chat_id=card.chat_id,
        thread_id=card.thread_id,
        organization_id=card.organization_id,
        renew=renew,
        not_before=not_before,
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
