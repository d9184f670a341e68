"""Requests that wait: the desk is reminded of them, and they end when they begin."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from db.models import OutboxMessage
from db.states import OutboxStatus, RentalStatus
from services import periodic
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkout
from services.messaging import kinds, notifications, pending_requests
from services.rentals import approval, queries, waiting
from tests import factories
from tests.factories import Club
from tests.services.permissions.assertions import DAY, HOUR, MINUTE, said, set_policy
from tests.services.rentals.reminding.test_periodic import at

GROUP = -500


@pytest.fixture
def grouped(session: Session, club: Club) -> Club:
    club.organization.group_chat_id = GROUP
    session.flush()
    return club


def sent(session: Session) -> None:
    """All that is queued was sent."""
    for row in session.query(OutboxMessage).filter_by(status=OutboxStatus.PENDING):
        row.status = OutboxStatus.SENT
    session.flush()


def rings(
    session: Session, kind: str, first: datetime, last: datetime, each: timedelta = HOUR / 2
) -> list[datetime]:
    """When a card of that kind came anew, with a sweep each half hour, or as often as is said."""
    sent(session)
    before = {row.id for row in said(session, kind)}
    while first <= last:
        periodic.run(Tx(session, first))
        sent(session)
        first += each
    return [row.created_at for row in said(session, kind) if row.id not in before and row.renew]


@pytest.mark.parametrize(
    "asked, starts, hours, until, expected",
    [
        # Six hours after, then a day before it runs out; the request itself in good time.
        (at(1, 9), at(20, 8), 6, at(4, 9), [at(1, 15), at(3, 9)]),
        # Asked for in the evening for the next but one morning: once after quiet hours, once a day before.
        (at(1, 20), at(3, 8), 6, at(3, 8), [at(2, 7), at(2, 14)]),
        # For the next morning: after quiet hours were too late.
        (at(1, 18), at(2, 8), 6, at(2, 8), [at(1, 21, 30), at(2, 7)]),
        # For today: half of what is left.
        (at(1, 10), at(1, 10), 48, at(2, 0), [at(1, 17)]),
    ],
)
def test_the_desk_is_reminded_in_time(
    session: Session,
    grouped: Club,
    asked: datetime,
    starts: datetime,
    hours: int,
    until: datetime,
    expected: list[datetime],
) -> None:
    """After some hours and in good time before it ends, never in quiet hours, and each time once."""
    set_policy(session, grouped.organization, request_reminder_hours=hours)
    rental = factories.requested(
        session, grouped.kari, asked, Period(starts, starts + DAY), (grouped.tent, 1)
    )
    assert rental.expires_at == until
    each = HOUR if all(moment.minute == 0 for moment in expected) else HOUR / 2
    assert rings(session, notifications.DESK_CARD, asked, until - MINUTE, each) == expected
    periodic.run(Tx(session, until))
    assert rental.status is RentalStatus.EXPIRED


def test_what_is_answered_reminds_nobody(session: Session, grouped: Club, now: datetime) -> None:
    """Approved or declined, the desk has done its part."""
    yes, no = (
        factories.requested(session, grouped.kari, now, factories.days(now, 9, 10), (thing, 1))
        for thing in (grouped.tent, grouped.stove)
    )
    approval.approve(Tx(session, now + HOUR, grouped.anna), yes.id)
    approval.decline(Tx(session, now + HOUR, grouped.anna), no.id)
    assert rings(session, notifications.DESK_CARD, now + HOUR, now + 4 * DAY, each=3 * HOUR) == []


def test_a_pile_comes_anew_as_one_card(session: Session, grouped: Club, now: datetime) -> None:
    """Five that have waited for as long are one message."""
    for n in range(5):
        period = factories.days(now, 9 + 3 * n, 10 + 3 * n)
        factories.requested(session, grouped.kari, now, period, (grouped.tent, 1))
    set_policy(session, grouped.organization, most_items=100)
    assert rings(session, pending_requests.PILE, now + HOUR, now + DAY) == [now + 6 * HOUR]


@pytest.mark.parametrize(
    "asked, starts, due, until",
    [
        (at(1, 9), at(2, 8), at(9, 20), at(2, 8)),
        (at(1, 9), at(1, 18), at(9, 20), at(1, 18)),
        (at(1, 9), at(1, 9), at(9, 20), at(2, 0)),
        (at(1, 9), at(1, 9), at(1, 20), at(1, 20)),
        (at(1, 23, 30), at(2, 0), at(9, 20), at(2, 1, 30)),
    ],
)
def test_a_request_ends_when_it_begins(
    session: Session, club: Club, asked: datetime, starts: datetime, due: datetime, until: datetime
) -> None:
    """A request made at the last minute can be answered that day, and at least for two hours."""
    rental = factories.requested(session, club.kari, asked, Period(starts, due), (club.tent, 1))
    assert rental.expires_at == until


def test_the_digest_tells_what_waits_and_goes(session: Session, grouped: Club, now: datetime) -> None:
    """From the next morning on, as one card that comes anew; it is drawn once more when nothing is left."""
    rental = factories.requested(session, grouped.kari, now, factories.days(now, 9, 10), (grouped.tent, 1))
    periodic.run(Tx(session, now))
    assert said(session, kinds.DIGEST) == []
    assert rings(session, kinds.DIGEST, now, at(3, 12), each=HOUR) == [at(2, 9), at(3, 9)]
    assert len({row.card_id for row in said(session, kinds.DIGEST)}) == 1
    assert waiting.unanswered(Tx(session, now, grouped.anna), most=9) == ([rental], 1)
    approval.approve(Tx(session, at(3, 13), grouped.anna), rental.id)
    sent(session)
    periodic.run(Tx(session, at(3, 14)))
    assert not [row for row in said(session, kinds.DIGEST) if row.status is OutboxStatus.PENDING]


def test_cards_are_drawn_again_when_they_fall_due(session: Session, club: Club, now: datetime) -> None:
    """The member's own, once, and without a ring."""
    rental = factories.requested(session, club.kari, now, Period(now, at(2, 20)), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    checkout.hand_out(Tx(session, now, club.lars), rental.id)
    sent(session)
    before = len(said(session, notifications.RENTAL_CARD))
    for moment in (at(2, 19), at(2, 20), at(2, 20, 30)):
        periodic.run(Tx(session, moment))
        sent(session)
    drawn = said(session, notifications.RENTAL_CARD)[before:]
    assert [(row.created_at, row.renew) for row in drawn] == [(at(2, 20), False)]
    assert queries.view(Tx(session, at(2, 20), club.kari), rental).is_overdue
