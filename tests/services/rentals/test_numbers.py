"""Numbers of rentals: given with the request, by organization, and none for a basket."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import Item, Rental
from db.states import RentalStatus
from services.core.errors import Refusal
from services.core.tx import Tx
from services.desk import counter
from services.rentals import approval, numbers
from services.rentals.booking import baskets, request
from services.rentals.changes import contents, saving
from tests import factories


def test_a_discarded_basket_takes_none(session: Session, now: datetime) -> None:
    """Begun three times and sent once, it is the first rental; the id counts the baskets too."""
    c = factories.club(session, now)
    tx = Tx(session, now, c.kari)
    for _ in range(2):
        basket = request.discard(tx, request.open_draft(tx).id)
        assert basket.number is None
    sent = factories.requested(session, c.kari, now, factories.days(now, 1, 3), (c.tent, 1))
    assert (sent.number, sent.id) == (1, 3)
    waiting = request.open_draft(Tx(session, now, c.ola))
    assert waiting.number is None
    assert factories.requested(session, c.kari, now, factories.days(now, 5, 6), (c.tent, 1)).number == 2


def test_a_request_that_is_refused_takes_none(session: Session, now: datetime) -> None:
    """Nor does one that is rolled back after it had one."""
    c = factories.club(session, now)
    tx = Tx(session, now, c.kari)
    draft = request.open_draft(tx)
    with pytest.raises(Refusal):
        request.request(tx, draft.id)
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        assert numbers.take(session, c.organization.id) == 1
        _ = 1 / 0
    baskets.put(tx, draft, c.tent.id, 1)
    request.set_period(tx, draft, factories.days(now, 1, 3))
    assert request.request(tx, draft.id).number == 1


def test_each_organization_counts_its_own(session: Session, now: datetime) -> None:
    """A number leads to a rental of one's own organization, and to no basket."""
    here, there = factories.club(session, now), factories.club(session, now, "Turlaget")
    period = factories.days(now, 1, 3)
    mine = [factories.requested(session, here.kari, now, period, (here.tent, 1)) for _ in range(2)]
    theirs = factories.requested(session, there.kari, now, period, (there.tent, 1))
    assert ([rental.number for rental in mine], theirs.number) == ([1, 2], 1)
    draft = request.open_draft(Tx(session, now, there.ola))
    tx = Tx(session, now, there.anna)
    assert numbers.find(tx, "1") is theirs
    assert numbers.find(tx, " #1 ") is theirs
    for nothing in ("2", str(draft.id), "0", "-1", "x", "", "²", "9" * 30):
        assert numbers.find(tx, nothing) is None
    assert numbers.of(session, [theirs.id, mine[1].id, draft.id]) == {theirs.id: 1, mine[1].id: 2}


def test_what_goes_out_over_the_counter_has_one(session: Session, now: datetime) -> None:
    """It was no basket before; the lender's own stays, without one."""
    c = factories.club(session, now)
    tx = Tx(session, now, c.anna)
    own = request.open_draft(tx)
    item = session.scalars(select(Item).filter_by(code="T1")).one()
    rental = counter.hand_out_now(tx, c.kari.user_id, [item.id], now + timedelta(days=2))
    assert (rental.number, rental.status) == (1, RentalStatus.OUT)
    assert (own.number, own.status) == (None, RentalStatus.DRAFT)


def test_a_change_that_is_asked_for_has_its_own(session: Session, now: datetime) -> None:
    """A change that is saved at once takes none: the rental keeps its own."""
    c = factories.club(session, now)
    rental = factories.requested(session, c.kari, now, factories.days(now, 1, 3), (c.tent, 2))
    tx = Tx(session, now, c.kari)
    draft = contents.begin(tx, rental.id)
    baskets.put(tx, draft, c.tent.id, 1)
    assert (saving.send(tx, draft.id).number, draft.number) == (1, None)
    approval.approve(Tx(session, now, c.anna), rental.id)
    more = contents.begin(tx, rental.id)
    baskets.put(tx, more, c.stove.id, 1)
    assert saving.send(tx, more.id).number == 2


def test_the_database_holds_it(session: Session, now: datetime) -> None:
    """A rental that is no basket has a number, and no two of an organization have the same."""
    c = factories.club(session, now)
    rental = factories.requested(session, c.kari, now, factories.days(now, 1, 3), (c.tent, 1))
    with pytest.raises(IntegrityError, match="numbered"), session.begin_nested():
        rental.number = None
        session.flush()
    session.refresh(rental)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(
            Rental(
                organization_id=c.organization.id, user_id=c.ola.user_id, created_at=now, number=rental.number
            )
        )
        session.flush()
