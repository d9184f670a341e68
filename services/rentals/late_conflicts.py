"""Late, and somebody waits: an overdue thing that somebody else has next, and what they can have instead.

Whoever can have another item of that equipment gets it, and hears nothing. The others are told once, as are
those who decide, and choose: other equipment, other days, or to wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from db.models import Claim, Equipment, Item, Organization, OutboxMessage, Rental, RentalLine
from db.states import ClaimStatus, OutboxStatus, RentalStatus
from services.availability import reservations, schedules
from services.core import identity, policy
from services.core.tx import Tx
from services.messaging import outbox, quiet_hours, recipients
from services.messaging.kinds import LATE, LATE_DESK

_OUT, _NEXT = aliased(Claim), aliased(Claim)
_GIVER, _TAKER = aliased(Rental), aliased(Rental)
"""Aliases are made once: SQLAlchemy prepares the columns of each at their first use."""

CHOSEN = "late_and_chosen"
"""What such a message is once the rental has changed; its subject is the row that said it."""

AHEAD = timedelta(days=2)
"""So long before their begin somebody is told: what is late a week before may be back long before that."""

GRACE = timedelta(hours=1)
"""So late a thing has to be, unless the time of who waits has begun: most come a little late."""


_A_MOMENT = timedelta(seconds=1)
"""Late is after the due time."""


@dataclass(frozen=True)
class Missing:
    """A piece that somebody is promised, and that somebody else has not brought back."""

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
    """A claim on an item that is out. `wish`: it was asked for as this very item."""

    missing: Missing
    starts_at: datetime
    wish: int | None


def of(tx: Tx, rental: Rental) -> list[Missing]:
    """What this rental is promised, and cannot have now that it is late with somebody else."""
    organization = tx.session.get_one(Organization, rental.organization_id)
    return _look(tx, organization, _late(tx, organization, rental.id))[0]


def queue(tx: Tx, organization: Organization) -> None:
    """Give another item to who waits for a late one; tell those for whom there is none, once."""
    pairs = _late(tx, organization)
    missing, movable = _look(tx, organization, pairs)
    if movable:
        reservations.lock(tx.session, movable)
        for equipment_id in movable:
            schedule = schedules.load(tx, organization.id, [equipment_id])
            # Nothing more is wanted: only those move whose own item is not there for them.
            allocation = schedule.pool(equipment_id).allocate([])
            if allocation is not None:
                reservations.apply_allocation(tx, allocation)
    for one in missing:
        _tell(tx, organization, one)


def _tell(tx: Tx, organization: Organization, one: Missing) -> None:
    rental = tx.session.get_one(Rental, one.rental_id)
    quiet = quiet_hours.after_quiet_hours(tx.now, policy.of(organization), organization.zone)
    to: list[tuple[str, int, int | None]] = [
        (LATE, account, None) for account in identity.accounts_of(tx.session, rental.user_id)
    ]
    # Whoever stands in for a member whom nobody can write to reads what the desk reads, and can choose.
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
    """The messages that asked what to do say what was done, wherever they are.

    `chosen`, where something was: `by` whom, and where it was no other period, `equipment_id` for `gone_id`.
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


def moments(tx: Tx, organization: Organization) -> list[datetime]:
    """When somebody will be told, if nothing comes back before; later than `now`."""
    found = []
    for pair in _pairs(tx, organization):
        due_at, begin = pair.missing.due_at, pair.starts_at
        found.append(max(begin - AHEAD, due_at, min(due_at + GRACE, begin)) + _A_MOMENT)
    return [moment for moment in found if moment > tx.now]


def _late(tx: Tx, organization: Organization, rental_id: int | None = None) -> list[_Pair]:
    return [
        pair
        for pair in _pairs(tx, organization, rental_id, only_late=True)
        if (pair.missing.due_at <= tx.now - GRACE or pair.starts_at <= tx.now)
    ]


def _look(tx: Tx, organization: Organization, pairs: Sequence[_Pair]) -> tuple[list[Missing], list[int]]:
    """Who waits in vain; and the equipment of which those who wait can have another item."""
    ids = sorted({pair.missing.equipment_id for pair in pairs})
    schedule = schedules.load(tx, organization.id, ids) if ids else None
    missing, movable = [], set()
    for pair in pairs:
        assert schedule is not None
        pool = schedule.pool(pair.missing.equipment_id)
        if pair.wish is not None or pair.missing.claim_id in {one.claim_id for one in pool.unallocated}:
            missing.append(pair.missing)
        else:
            movable.add(pair.missing.equipment_id)
    return missing, sorted(movable)


def _pairs(
    tx: Tx, organization: Organization, rental_id: int | None = None, *, only_late: bool = False
) -> list[_Pair]:
    """Who has something out, and who of those that are approved is promised that very item next."""
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
        .join(RentalLine, RentalLine.id == _NEXT.line_id)
        .join(Item, Item.id == _NEXT.item_id)
        .join(Equipment, Equipment.id == Item.equipment_id)
        .where(
            _GIVER.organization_id == organization.id,
            _GIVER.status == RentalStatus.OUT,
            _OUT.return_claimed_at.is_(None),
            _TAKER.status == RentalStatus.APPROVED,
            _TAKER.due_at > tx.now,
        )
        .order_by(_TAKER.starts_at, _TAKER.id, _NEXT.id)
    )
    if only_late:
        query = query.where(_GIVER.due_at < tx.now, _NEXT.starts_at < tx.now + AHEAD)
    if rental_id is not None:
        query = query.where(_TAKER.id == rental_id)
    return [_Pair(Missing(*row), begin, wish) for (*row, begin, wish) in tx.session.execute(query)]
