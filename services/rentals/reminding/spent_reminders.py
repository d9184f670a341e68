"""Reminders that were sent and have had their day: they lose their buttons, or go.

A sent reminder keeps its `message_id` for as long as it stands; taking it away marks the reminder as spent.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, literal_column, select

from db.models import Organization, OutboxMessage, Rental, User
from db.states import OutboxStatus, RentalStatus
from services.availability import reservations
from services.core.tx import Tx
from services.messaging import outbox
from services.messaging.kinds import REMINDER
from services.rentals.reminders import FETCHING, SAID_BACK, STILL, out_and_unclaimed, promise

SHOWN_AGAIN = "reminder_again"
"""Kind of the card that takes the place of a reminder which was sent; its subject is the outbox row."""

# In literals, so that the database sees that its index over just these rows will do.
_SHOWN = (
    OutboxMessage.kind == literal_column(f"'{REMINDER}'"),
    OutboxMessage.status == literal_column(f"'{OutboxStatus.SENT}'"),
    OutboxMessage.message_id.is_not(None),
)


def are_shown() -> ColumnElement[bool]:
    """Build the condition that reminders of an organization are shown somewhere."""
    return exists().where(OutboxMessage.organization_id == Organization.id, *_SHOWN)


def end(tx: Tx) -> int:
    """Draw the messages again of which a reminder is spent; return their number.

    A reminder is spent when what it says holds no more, and when a newer one of the same rental was sent.
    """
    rows = tx.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.organization_id == tx.organization_id, *_SHOWN)
        .order_by(OutboxMessage.id)
    ).all()
    newest = {(row.chat_id, row.params["rental_id"]): row.id for row in rows}
    standing = _standing(tx, rows)
    settled: dict[tuple[int, int | None], list[int]] = {}
    carriers: dict[tuple[int, int | None], OutboxMessage] = {}
    for row in rows:
        is_newest = newest[row.chat_id, row.params["rental_id"]] == row.id
        if row.id in standing and is_newest:
            continue
        place = (row.chat_id, row.message_id)
        carriers.setdefault(place, row)
        settled.setdefault(place, [])
        if is_newest:
            settled[place].append(row.params["rental_id"])
    for place, row in carriers.items():
        _draw_again(tx, row, settled[place])
    for row in rows:
        if row.id not in standing or newest[row.chat_id, row.params["rental_id"]] != row.id:
            row.message_id = None
    tx.session.flush()
    return len(carriers)


def _draw_again(tx: Tx, row: OutboxMessage, settled: Sequence[int]) -> None:
    card = outbox.render_card(
        tx,
        SHOWN_AGAIN,
        # A message of several reminders may be drawn again several times, each time as the same card.
        row.message_id or row.id,
        chat_id=row.chat_id,
        thread_id=row.thread_id,
        organization_id=row.organization_id,
        params={"settled": list(settled)},
    )
    card.message_id = card.message_id or row.message_id


def _standing(tx: Tx, rows: Sequence[OutboxMessage]) -> set[int]:
    """Return the ids of the reminders that still say what is so."""
    ids = {row.params["rental_id"] for row in rows}
    found = tx.session.execute(
        select(Rental, User, out_and_unclaimed())
        .join(User, User.id == Rental.user_id)
        .where(Rental.id.in_(ids))
    )
    about = {rental.id: (rental, user, waits) for rental, user, waits in found}
    said = [row.params["rental_id"] for row in rows if row.params["moment"] == SAID_BACK]
    said_back = reservations.said_back_at(tx.session, said) if said else {}

    def stands(row: OutboxMessage) -> bool:
        rental, user, waits = about.get(row.params["rental_id"], (None, None, False))
        name = row.params["moment"]
        if (
            rental is None
            or user is None
            or rental.starts_at is None
            or row.params["promise"] != promise(rental, name)
        ):
            return False
        if name in FETCHING:
            is_there = name != SAID_BACK or rental.id in said_back
            return is_there and rental.status is RentalStatus.APPROVED and user.is_active(tx.now)
        if name.startswith(STILL) and rental.due_at is not None:
            return False
        return bool(waits) and rental.status is RentalStatus.OUT

    return {row.id for row in rows if stands(row)}


def shown_in(tx: Tx, chat_id: int, message_id: int | None) -> list[OutboxMessage]:
    """Return the reminders that still stand in a message."""
    if message_id is None:
        return []
    query = select(OutboxMessage).where(
        OutboxMessage.chat_id == chat_id, OutboxMessage.message_id == message_id, *_SHOWN[:2]
    )
    return list(tx.session.scalars(query.order_by(OutboxMessage.id)))
