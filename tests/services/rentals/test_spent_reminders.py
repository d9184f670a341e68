"""Reminders that were sent: once they have had their day, they lose their buttons or go."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import OutboxMessage, Rental
from db.states import OutboxStatus
from services import periodic
from services.core.periods import Period
from services.core.tx import Tx
from services.desk import checkin
from services.messaging import kinds
from services.rentals import extension, reminders
from services.rentals.reminding import spent_reminders
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import said

DUE = datetime(2026, 12, 4, 19, 0, tzinfo=UTC)
EVENING_BEFORE = DUE - timedelta(hours=20)


def reminded(session: Session, club: Club, now: datetime) -> Rental:
    """A rental of which the member was reminded, in message 7."""
    rental = factories.handed_out(session, club, now, Period(now, DUE), (club.stove, 1))
    periodic.run(Tx(session, EVENING_BEFORE))
    _send(session, 7)
    return rental


def _send(session: Session, message_id: int) -> None:
    for row in said(session, kinds.REMINDER):
        if row.status is OutboxStatus.PENDING:
            row.status, row.message_id = OutboxStatus.SENT, message_id
    session.flush()


def again(session: Session) -> list[OutboxMessage]:
    query = select(OutboxMessage).filter_by(kind=spent_reminders.SHOWN_AGAIN).order_by(OutboxMessage.id)
    return list(session.scalars(query))


def test_while_it_stands_it_is_left_alone(session: Session, club: Club, now: datetime) -> None:
    """However often the sweep comes by."""
    reminded(session, club, now)
    for minutes in (1, 2):
        periodic.run(Tx(session, EVENING_BEFORE + timedelta(minutes=minutes)))
    assert again(session) == []


def test_what_is_back_or_extended_ends_its_reminder_once(session: Session, club: Club, now: datetime) -> None:
    """And the message that shows it is drawn once more, to say how it ended."""
    rental = reminded(session, club, now)
    question = extension.ask(Tx(session, EVENING_BEFORE, club.kari), rental.id, DUE + timedelta(days=4))
    extension.grant(Tx(session, EVENING_BEFORE, club.anna), question.id)
    for minutes in (1, 2):
        periodic.run(Tx(session, EVENING_BEFORE + timedelta(minutes=minutes)))
    (row,) = again(session)
    assert row.params["settled"] == [rental.id]

    later = DUE + timedelta(days=3, hours=4)
    periodic.run(Tx(session, later))
    _send(session, 8)
    checkin.take_back(Tx(session, later, club.anna), rental.id)
    periodic.run(Tx(session, later))
    assert [one.params["settled"] for one in again(session)] == [[rental.id], [rental.id]]


def test_a_newer_reminder_takes_the_place_of_the_last(session: Session, club: Club, now: datetime) -> None:
    """The day before and due are one message that comes anew: the old one goes."""
    reminded(session, club, now)
    periodic.run(Tx(session, DUE))
    assert again(session) == [], "not before the new one is there"
    _send(session, 8)
    periodic.run(Tx(session, DUE))
    (row,) = again(session)
    assert row.params["settled"] == []
    standing = [one for one in said(session, kinds.REMINDER) if one.message_id is not None]
    assert [(one.params["moment"], one.message_id) for one in standing] == [(reminders.DUE, 8)]
