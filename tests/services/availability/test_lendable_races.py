"""A booking and somebody who takes the thing out of lending, at the same moment, on PostgreSQL."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db.models import Claim, Item, Rental
from db.session import Database
from db.states import LENDABLE, OCCUPYING, Condition
from services.availability import reservations
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.maintenance import service_status
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club

PATIENCE = 20
"""Seconds until a test gives up waiting for another transaction to stand in line."""


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    database = Database(postgresql_url)
    yield database
    database.close()


def basket(session: Session, who: Actor, now: datetime, c: Club) -> int:
    """One stove, of which there is one."""
    draft = request.open_draft(Tx(session, now, who))
    baskets.put(Tx(session, now, who), draft, c.stove.id, 1)
    request.set_period(Tx(session, now), draft, factories.days(now, 1, 2))
    return draft.id


class Aside(threading.Thread):
    """A write at the same time; what came of it is there once it is done."""

    def __init__(self, database: Database, work: Callable[[Session], object]) -> None:
        super().__init__(daemon=True)
        self.database, self.work = database, work
        self.refusal: Refusal | None = None

    def run(self) -> None:
        try:
            self.database.write_now(self.work)
        except Refusal as refusal:
            self.refusal = refusal

    def stands_in_line(self) -> None:
        """Wait until it waits for a lock, or is done."""
        end = time.monotonic() + PATIENCE
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        while self.is_alive():
            assert time.monotonic() < end, "nobody waits for anybody"
            if self.database.read_now(lambda session: session.scalar(waiting)):
                return
            self.join(0.01)


def stove_is_booked_though_it_cannot_be_lent(database: Database) -> bool:
    return database.read_now(
        lambda session: (
            session.scalar(
                select(Claim.id)
                .join(Item, Item.id == Claim.item_id)
                .where(Claim.status.in_(OCCUPYING), Item.condition.not_in(LENDABLE))
            )
            is not None
        )
    )


def retire_while_booking(database: Database, now: datetime) -> Aside:
    """The stove is retired, and before that is committed a request for it comes in."""
    club = database.write_now(lambda session: factories.club(session, now))
    draft = database.write_now(lambda session: basket(session, club.kari, now, club))
    booking = Aside(database, lambda session: request.request(Tx(session, now, club.kari), draft))

    def retire(session: Session) -> None:
        stove = session.scalars(select(Item).filter_by(code="S1")).one()
        service_status.set_condition(
            Tx(session, now, club.anna), stove.id, condition=Condition.RETIRED, seen=1
        )
        booking.start()
        booking.stands_in_line()

    database.write_now(retire)
    booking.join(PATIENCE)
    assert not booking.is_alive()
    return booking


def test_nobody_books_what_is_being_retired(postgresql: Database, now: datetime) -> None:
    """The booking waits, looks again, and finds nothing free."""
    booking = retire_while_booking(postgresql, now)
    assert booking.refusal is not None and booking.refusal.code is Refused.NOT_FREE
    assert not stove_is_booked_though_it_cannot_be_lent(postgresql)


def test_without_the_lock_it_would_be_booked(
    postgresql: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: these two do meet, and it is the lock that keeps them apart."""
    monkeypatch.setattr(reservations, "lock", lambda session, equipment_ids: None)
    assert retire_while_booking(postgresql, now).refusal is None
    assert stove_is_booked_though_it_cannot_be_lent(postgresql)


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_being_booked_is_not_retired(postgresql: Database, now: datetime, whole: bool) -> None:
    """Neither the item nor its equipment: whoever retires it waits, and reads which rental gets it."""
    club = postgresql.write_now(lambda session: factories.club(session, now))
    draft = postgresql.write_now(lambda session: basket(session, club.kari, now, club))

    def retire(session: Session) -> None:
        if whole:
            service_status.retire(Tx(session, now, club.anna), club.stove.id, seen=1)
        else:
            stove = session.scalars(select(Item).filter_by(code="S1")).one()
            service_status.set_condition(
                Tx(session, now, club.anna), stove.id, condition=Condition.RETIRED, seen=1
            )

    retiring = Aside(postgresql, retire)

    def book(session: Session) -> None:
        request.request(Tx(session, now, club.kari), draft)
        retiring.start()
        retiring.stands_in_line()

    postgresql.write_now(book)
    retiring.join(PATIENCE)
    assert retiring.refusal is not None
    assert (retiring.refusal.code, retiring.refusal.data) == (Refused.ITEM_PROMISED, {"rentals": [draft]})
    assert not stove_is_booked_though_it_cannot_be_lent(postgresql)
    assert postgresql.read_now(lambda session: session.get_one(Rental, draft).requested_at) == now
