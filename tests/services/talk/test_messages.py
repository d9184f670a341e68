"""Messages between a rental's member and the desk: which rental a reply is about, and what stays of them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import OutboxMessage
from db.states import OutboxStatus
from services.core.tx import Tx
from services.members.departure import erasure
from services.messaging import outbox
from services.talk import messages as talk
from tests import factories
from tests.factories import Club, days


def test_a_reply_is_about_the_one_rental_of_its_message(session: Session, club: Club, now: datetime) -> None:
    """Of a message about several rentals, or about none, nobody can say which is meant."""
    tx = Tx(session, now, club.anna)
    for message_id, rental_ids in ((1, [7]), (2, [7, 8]), (3, [7, 7]), (4, [None])):
        for rental_id in rental_ids:
            outbox.send(tx, "reminder", chat_id=5, params={"rental_id": rental_id} if rental_id else {})
            row = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
            row.message_id = message_id
    session.flush()
    assert [talk.rental_of(session, 5, message_id) for message_id in range(1, 6)] == [7, None, 7, None, None]


def test_nothing_stays_of_what_was_written(session: Session, club: Club, now: datetime) -> None:
    """Sent or given up, the words go; a message of somebody who was erased meanwhile is not shown."""
    club.organization.group_chat_id = -5
    rental = factories.requested(session, club.kari, now, days(now, 1, 3), (club.tent, 1))
    talk.to_desk(Tx(session, now, club.kari), rental, "May Ola fetch it?", "photo")
    (row,) = session.scalars(select(OutboxMessage).filter_by(kind=talk.MESSAGE))
    assert (row.chat_id, row.params["wrote"], row.params["picture"]) == (-5, "May Ola fetch it?", "photo")
    assert talk.sender(session, row) is not None
    erasure.forget(Tx(session, now, club.kari), seen=[rental.id])
    assert talk.sender(session, row) is None
    outbox.end(row, OutboxStatus.FAILED, "refused")
    assert row.params.keys() == {"rental_id", "user_id"}
