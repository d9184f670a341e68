"""Late conflicts: an overdue item that somebody else has next, and the alternatives for them.

Whoever can have another item of that equipment gets it, without a message. The others are told once, as
is the desk, and choose: other equipment, other days, or to wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from db import aliases
from db.models import Claim, Equipment, Item, OutboxMessage, Rental, RentalLine, User
from db.states import ClaimStatus, OutboxStatus, RentalStatus
from services.availability import reservations, schedules
from services.core import identity
from services.core.hours import periods
from services.core.tx import Tx
from services.messaging import outbox, quiet_hours, recipients
from services.messaging.kinds import LATE, LATE_DESK

_OUT, _NEXT = aliases.kept(Claim, "now"), aliases.kept(Claim, "next")
_GIVER, _TAKER = aliases.kept(Rental, "now"), aliases.kept(Rental, "next")

CHOSEN = "late_and_chosen"
"""Outbox kind of such a message once the rental has changed; its subject is the row that was sent first."""

AHEAD_DAYS = 2
"""Days of notice before a period begins: what is late a week before may be back long before that."""

GRACE = timedelta(hours=1)
"""Delay before an item counts as late, unless the next period has begun: most come a little late."""


_A_MOMENT = timedelta(seconds=1)
"""Late is after the due time."""


@dataclass(frozen=True)
class Missing:
    """A piece that somebody is promised, and that somebody else has not returned."""

    claim_id: int
    line_id: int | None
    rental_id: int
    late_claim_id: int
    late_rental_id: int
    due_at: datetime
    equipment_id: int
    name: str
    code: str


@dataclass(frozen=True)
class _Pair:
    """A claim on an item that is out. `wish`: the item, where this very one was requested."""

    missing: Missing
    starts_at: datetime
    wish: int | None


def of(tx: Tx, rental: Rental) -> list[Missing]:
    """Return the pieces that this rental is promised, and cannot have now because somebody else is late."""
    own = tx.of(rental.organization_id)
    return _look(own, _late(own, rental.id))[0]


def queue(tx: Tx) -> None:
    """Move waiting rentals to other items; notify those for which there is none, once."""
    missing, movable = _look(tx, _late(tx))
    if movable:
        reservations.lock(tx.session, movable)
        for equipment_id in movable:
            schedule = schedules.load(tx, tx.organization_id, [equipment_id])
            # Nothing more is wanted: only those move whose own item is not there for them.
            allocation = schedule.pool(equipment_id).allocate([])
            if allocation is not None:
                reservations.apply_allocation(tx, allocation)
    for one in missing:
        _tell(tx, one)


def _tell(tx: Tx, one: Missing) -> None:
    organization = tx.organization
    rental = tx.session.get_one(Rental, one.rental_id)
    quiet = quiet_hours.after_quiet_hours(tx.now, tx.policy, tx.zone)
    to: list[tuple[str, int, int | None]] = [
        (LATE, account, None) for account in identity.accounts_of(tx.session, rental.user_id)
    ]
    # A stand-in for a member who cannot be reached reads the message of the desk, and can choose.
    desk: list[tuple[int, int | None]] = [(account, None) for account in recipients.stand_ins(tx, rental)]
    desk += identity.desk_chats(tx, organization)
    to += [(LATE_DESK, *chat) for chat in dict.fromkeys(desk)]
    for kind, chat_id, thread_id in to:
        outbox.send(
            tx,
            kind,
            chat_id=chat_id,
            thread_id=thread_id,
            params={"rental_id": one.rental_id},
            organization_id=organization.id,
            dedup_key=f"{kind}:{one.late_claim_id}:{one.rental_id}:{chat_id}",
            bundle=f"{kind}:{one.rental_id}:{chat_id}",
            not_before=quiet,
        )


def show_answer(tx: Tx, rental: Rental, **chosen: int) -> None:
    """Redraw the messages that asked for a choice, wherever they are, to tell the outcome.

    `chosen`, after a choice: `by` (a user), and for other equipment `equipment_id` in place of `gone_id`.
    """
    said = tx.session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.status == OutboxStatus.SENT,
            OutboxMessage.message_id.is_not(None),
            or_(*(OutboxMessage.bundle.startswith(f"{kind}:{rental.id}:") for kind in (LATE, LATE_DESK))),
        )
        .order_by(OutboxMessage.id)
    ).all()
    # All rows of a bundle are one message.
    for row in {(row.chat_id, row.message_id): row for row in said}.values():
        card = outbox.render_card(
            tx,
            CHOSEN,
            row.id,
            chat_id=row.chat_id,
            thread_id=row.thread_id,
            organization_id=row.organization_id,
            params={"rental_id": rental.id, **chosen},
        )
        card.message_id = card.message_id or row.message_id


def moments(tx: Tx) -> list[datetime]:
    """Return the moments after `now` at which somebody will be notified, if nothing comes back before."""
    found = []
    for pair in _pairs(tx):
        due_at, begin = pair.missing.due_at, pair.starts_at
        found.append(
            max(periods.days_later(begin, -AHEAD_DAYS, tx.zone), due_at, min(due_at + GRACE, begin))
            + _A_MOMENT
        )
    return [moment for moment in found if moment > tx.now]


def _late(tx: Tx, rental_id: int | None = None) -> list[_Pair]:
    return [
        pair
        for pair in _pairs(tx, rental_id, only_late=True)
        if (pair.missing.due_at <= tx.now - GRACE or pair.starts_at <= tx.now)
    ]


def _look(tx: Tx, pairs: Sequence[_Pair]) -> tuple[list[Missing], list[int]]:
    """Return the pieces that cannot be replaced; and the equipment that can be allocated anew."""
    ids = sorted({pair.missing.equipment_id for pair in pairs})
    schedule = schedules.load(tx, tx.organization_id, ids) if ids else None
    missing, movable = [], set()
    for pair in pairs:
        assert schedule is not None
        pool = schedule.pool(pair.missing.equipment_id)
        if pair.wish is not None or pair.missing.claim_id in {one.claim_id for one in pool.unallocated}:
            missing.append(pair.missing)
        else:
            movable.add(pair.missing.equipment_id)
    return missing, sorted(movable)


def _pairs(tx: Tx, rental_id: int | None = None, *, only_late: bool = False) -> list[_Pair]:
    """Return the claims on items that are out with somebody else, of approved rentals."""
    query = (
        select(
            _NEXT.id,
            _NEXT.line_id,
            _TAKER.id,
            _OUT.id,
            _GIVER.id,
            _GIVER.due_at,
            Item.equipment_id,
            Equipment.name,
            Item.code,
            _NEXT.starts_at,
            RentalLine.item_id,
        )
        .select_from(_GIVER)
        .join(_OUT, and_(_OUT.rental_id == _GIVER.id, _OUT.status == ClaimStatus.OUT))
        .join(_NEXT, and_(_NEXT.item_id == _OUT.item_id, _NEXT.status == ClaimStatus.HELD))
        .join(_TAKER, _TAKER.id == _NEXT.rental_id)
        # Who may not fetch it waits for nothing.
        .join(User, and_(User.id == _TAKER.user_id, identity.is_active(tx.now)))
        .join(RentalLine, RentalLine.id == _NEXT.line_id)
        .join(Item, Item.id == _NEXT.item_id)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(
            _GIVER.organization_id == tx.organization_id,
            _GIVER.status == RentalStatus.OUT,
            _GIVER.due_at.is_not(None),
            _OUT.return_claimed_at.is_(None),
            _TAKER.status == RentalStatus.APPROVED,
            _TAKER.due_at > tx.now,
        )
        .order_by(_TAKER.starts_at, _TAKER.id, _NEXT.id)
    )
    if only_late:
        soon = periods.days_later(tx.now, AHEAD_DAYS, tx.zone)
        query = query.where(_GIVER.due_at < tx.now, _NEXT.starts_at < soon)
    if rental_id is not None:
        query = query.where(_TAKER.id == rental_id)
    return [_Pair(Missing(*row), begin, wish) for (*row, begin, wish) in tx.session.execute(query)]
