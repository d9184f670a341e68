"""A group that becomes a supergroup: what was said stays said, and what waits for an answer is there."""

from datetime import datetime

from sqlalchemy.orm import Session

from db.states import OutboxStatus
from services import periodic
from services.core import identity
from services.core.tx import Tx
from services.messaging import group_chats, kinds, notifications
from services.onboarding import join_requests
from services.rentals import approval
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import DAY, HOUR, said, set_policy

OLD, NEW = -5, -1000000000005


def bound(session: Session, club: Club) -> None:
    club.organization.group_chat_id = OLD
    session.flush()


def send_all(session: Session, kind: str) -> None:
    for row in said(session, kind):
        row.status = OutboxStatus.SENT
    session.flush()


def test_what_was_overdue_is_said_once_that_day(session: Session, club: Club, now: datetime) -> None:
    """The digest of the day went to the old chat: the new one gets the next day's."""
    bound(session, club)
    factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    morning = now + 2 * DAY
    periodic.run(Tx(session, morning))
    send_all(session, kinds.DIGEST)
    group_chats.moved(Tx(session, morning), OLD, NEW)
    periodic.run(Tx(session, morning + HOUR))
    assert len(said(session, kinds.DIGEST)) == 1
    periodic.run(Tx(session, morning + DAY))
    assert [row.chat_id for row in said(session, kinds.DIGEST)] == [OLD, NEW]


def test_who_waits_for_a_late_thing_is_told_of_once(session: Session, club: Club, now: datetime) -> None:
    """Also when the group has moved since, however often it hears of the move."""
    bound(session, club)
    factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    following = factories.requested(session, club.ola, now, days(now, 2, 3), (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), following.id)
    late = now + DAY + 2 * HOUR
    periodic.run(Tx(session, late))
    send_all(session, kinds.LATE_DESK)
    for _ in range(2):
        group_chats.moved(Tx(session, late), OLD, NEW)
    periodic.run(Tx(session, late + HOUR))
    assert len(said(session, kinds.LATE_DESK)) == 1


def test_what_waits_to_be_said_together_stays_together(session: Session, club: Club, now: datetime) -> None:
    """A digest that was held up, and the one of the next day, are one message."""
    bound(session, club)
    factories.handed_out(session, club, now, days(now, 0, 1), (club.stove, 1))
    periodic.run(Tx(session, now + 2 * DAY))
    group_chats.moved(Tx(session, now + 2 * DAY), OLD, NEW)
    periodic.run(Tx(session, now + 3 * DAY))
    found = said(session, kinds.DIGEST)
    assert [(row.chat_id, row.renew) for row in found] == [(NEW, True)]


def test_who_asks_to_join_is_shown_in_the_new_chat(session: Session, club: Club, now: datetime) -> None:
    """As requests are: the buttons in the old one lead nowhere."""
    bound(session, club)
    set_policy(session, club.organization, join_requests=True)
    identity.remember_account(Tx(session, now), account_id=77, first_name="Nora", language="en")
    join_requests.ask(
        Tx(session, now),
        account_id=77,
        organization_id=club.organization.id,
        first_name="Nora",
        last_name="Dahl",
        told={},
    )
    send_all(session, notifications.ADMISSION_CARD)
    group_chats.moved(Tx(session, now), OLD, NEW)
    shown = [row for row in said(session, notifications.ADMISSION_CARD) if row.status is OutboxStatus.PENDING]
    assert [row.chat_id for row in shown] == [NEW]
