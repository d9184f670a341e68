"""The reminder that a person sees: one card per organization, sent anew when something more falls due.

Each reminder is a row of the outbox (services/rentals/reminders.py). The card shows what still holds of them
all, and it is updated with a rental's other cards at each change (services/messaging/notifications.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_

from db.models import Card, OutboxMessage, Rental
from db.states import OutboxStatus, RentalStatus
from services.core.tx import Tx
from services.messaging.kinds import REMINDER
from services.rentals import queries, reminders
from services.rentals.reminders import DUE, DUE_SOON


@dataclass(frozen=True)
class Entry:
    """A rental on the card, and the moment of its newest reminder: None where that no longer holds.

    Not `for_member`: a stand-in reads it, because the member cannot. `was`: the moment as it was told.
    """

    rental: Rental
    moment: str | None
    for_member: bool = True
    was: str = ""


@dataclass(frozen=True)
class Content:
    """The entries of the card; `is_news`: some of them are to be told now."""

    entries: Sequence[Entry]
    is_news: bool

    @property
    def is_open(self) -> bool:
        return any(one.moment is not None for one in self.entries)


def content(tx: Tx, rows: Sequence[OutboxMessage]) -> Content:
    """Return what a message about these rows shows: first what is to be told now, in order of time.

    What the card shows already keeps its place when it is settled, so that no other button comes under the
    same finger; nothing else that is settled is shown.
    """
    card = next((tx.session.get(Card, row.card_id) for row in rows if row.card_id is not None), None)
    fresh = [row for row in rows if "moment" in row.params]
    known = {row.id for row in fresh}
    reminded = {one.row.id: one for one in reminders.reminded(tx, _shown_with(card, known))}
    others = [one.row for one in reminded.values() if one.row.id not in known]
    here = [row for row in others if card is not None and row.message_id == card.message_id]
    newest = {row.params["rental_id"]: row for row in (*others, *fresh)}
    held = {
        id_: reminders.still_holds(tx, reminded[row.id], is_shown=row.id not in known)
        if row.id in reminded
        else None
        for id_, row in newest.items()
    }
    is_news = any(held[row.params["rental_id"]] is not None for row in fresh)
    stays = [] if is_news else [row.params["rental_id"] for row in here]
    shown = [row.params["rental_id"] for row in fresh] + stays + list(newest)
    found = []
    for id_ in dict.fromkeys(shown):
        one = held[id_]
        if one is not None:
            found.append(Entry(one.rental, _moment(tx, one.rental, newest[id_]), one.for_member))
        elif id_ in stays:
            found.append(Entry(queries.rental(tx, id_), None, was=_name(newest[id_])))
    return Content(found, is_news or not fresh)


def _moment(tx: Tx, rental: Rental, row: OutboxMessage) -> str:
    """Return the name of a reminder's moment; what was due soon may be due by now."""
    name = _name(row)
    return DUE if name == DUE_SOON and rental.due_at is not None and rental.due_at <= tx.now else name


def _name(row: OutboxMessage) -> str:
    return str(row.params["moment"]).split(":")[0]


def _shown_with(card: Card | None, known: Collection[int]) -> ColumnElement[bool]:
    """Return the SQL condition for these reminders and those of their card that were sent, or are on their
    way: those about rentals that go on, and those that its message shows.
    """
    these = OutboxMessage.id.in_(known)
    if card is None:
        return these
    goes_on = Rental.status.in_((RentalStatus.APPROVED, RentalStatus.OUT))
    return or_(
        these,
        and_(
            OutboxMessage.bundle == f"{REMINDER}:{card.subject_id}:{card.chat_id}",
            OutboxMessage.status != OutboxStatus.PENDING,
            or_(goes_on, OutboxMessage.message_id == card.message_id),
        ),
    )
