"""Keeping things longer, and never into somebody's booking."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Rental
from db.states import ExtensionStatus, RentalStatus, Role
from services.availability import schedules
from services.core.errors import Refused
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.messaging import notifications
from services.rentals import approval, extension
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import (
    DAY,
    HOUR,
    MINUTE,
    claims,
    end_membership,
    refuses,
    said,
    set_policy,
)


def out(session: Session, c: Club, now: datetime) -> Rental:
    """Kari has the stove for three days."""
    return factories.handed_out(session, c, now, days(now, 0, 3), (c.stove, 1))


def test_a_question_waits_for_an_answer(session: Session, club: Club, now: datetime) -> None:
    """Asked of the desk; nothing moves until somebody says yes, and then everything does."""
    rental = out(session, club, now)
    question = extension.ask(Tx(session, now + HOUR, club.kari), rental.id, now + 5 * DAY)
    assert (question.status, rental.due_at) == (ExtensionStatus.ASKED, now + 3 * DAY)
    assert any(row.renew for row in said(session, notifications.DESK_CARD))
    extension.grant(Tx(session, now + 2 * HOUR, club.anna), question.id)
    assert (question.status, question.decided_by) == (ExtensionStatus.GRANTED, club.anna.user_id)
    assert (rental.due_at, [c.blocked_until for c in claims(session, rental)]) == (
        now + 5 * DAY,
        [now + 5 * DAY],
    )
    (entry,) = session.scalars(select(AuditEntry).filter_by(action="extend"))
    assert entry.user_id == club.anna.user_id


def test_granted_at_once_where_the_policy_asks_nobody(session: Session, club: Club, now: datetime) -> None:
    """No desk, no waiting."""
    set_policy(session, club.organization, extension_approval=False, turnaround_hours=6)
    rental = out(session, club, now)
    question = extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY)
    assert (question.status, question.decided_by) == (ExtensionStatus.GRANTED, None)
    assert rental.due_at == now + 5 * DAY
    assert [c.blocked_until for c in claims(session, rental)] == [now + 5 * DAY + 6 * HOUR]
    with refuses(session, Refused.NOT_LATER, due_at=now + 5 * DAY):
        extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY)


def test_not_into_the_next_booking(session: Session, club: Club, now: datetime) -> None:
    """Up to its start, less the turnaround, to the minute."""
    set_policy(session, club.organization, turnaround_hours=6)
    rental = out(session, club, now)
    factories.requested(session, club.ola, now, days(now, 6, 8), (club.stove, 1))
    until = now + 6 * DAY - 6 * HOUR
    assert extension.latest(Tx(session, now), rental) == until
    with refuses(session, Refused.NOT_FREE_UNTIL, until=until):
        extension.ask(Tx(session, now, club.kari), rental.id, until + MINUTE)
    question = extension.ask(Tx(session, now, club.kari), rental.id, until)
    extension.grant(Tx(session, now, club.anna), question.id)


def test_booked_between_question_and_answer(session: Session, club: Club, now: datetime) -> None:
    """The admin reads how long it could be; the question stays open for that."""
    rental = out(session, club, now)
    question = extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY)
    factories.requested(session, club.ola, now, days(now, 4, 6), (club.stove, 1))
    with refuses(session, Refused.NOT_FREE_UNTIL, until=now + 4 * DAY):
        extension.grant(Tx(session, now, club.anna), question.id)
    assert (question.status, rental.due_at) == (ExtensionStatus.ASKED, now + 3 * DAY)


def test_the_shortest_of_several_things_counts(session: Session, club: Club, now: datetime) -> None:
    """A rental has one due time: the tent could stay, the stove cannot."""
    rental = factories.handed_out(session, club, now, days(now, 0, 3), (club.tent, 1), (club.stove, 1))
    factories.requested(session, club.ola, now, days(now, 4, 6), (club.stove, 1))
    assert extension.latest(Tx(session, now), rental) == now + 4 * DAY
    checkin.take_back(Tx(session, now, club.lars), rental.id, only=[claims(session, rental)[1].id])
    assert extension.latest(Tx(session, now), rental) == now + 3 * DAY + timedelta(days=14)


def test_what_is_still_to_be_fetched_is_kept_longer_too(session: Session, club: Club, now: datetime) -> None:
    """Half picked up, then extended: the other half is promised to nobody else meanwhile."""
    rental = factories.requested(session, club.kari, now, days(now, 0, 3), (club.tent, 1), (club.stove, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    tent, stove = claims(session, rental)
    checkout.hand_out(Tx(session, now, club.lars), rental.id, only=[tent.id])
    factories.requested(session, club.ola, now, days(now, 6, 8), (club.stove, 1))
    with refuses(session, Refused.NOT_FREE_UNTIL, until=now + 6 * DAY):
        extension.ask(Tx(session, now, club.kari), rental.id, now + 7 * DAY)
    question = extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY)
    extension.grant(Tx(session, now, club.anna), question.id)
    assert {tent.blocked_until, stove.blocked_until} == {now + 5 * DAY}
    schedule = schedules.load(Tx(session, now), club.organization.id, [club.stove.id])
    assert schedule.free(club.stove.id, now + 3 * DAY, now + 5 * DAY) == []


def test_limits_of_the_policy(session: Session, club: Club, now: datetime) -> None:
    """Extensions are limited in days and number, or not allowed; questions that got no yes do not count."""
    set_policy(session, club.organization, extension_days=2, extensions=2)
    rental = out(session, club, now)
    with refuses(session, Refused.NOT_FREE_UNTIL, until=now + 5 * DAY):
        extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY + MINUTE)
    for day in (5, 7):
        refused = extension.ask(Tx(session, now, club.kari), rental.id, now + day * DAY)
        extension.decline(Tx(session, now, club.anna), refused.id)
        question = extension.ask(Tx(session, now, club.kari), rental.id, now + day * DAY)
        extension.grant(Tx(session, now, club.anna), question.id)
    with refuses(session, Refused.TOO_MANY_EXTENSIONS, limit=2):
        extension.ask(Tx(session, now, club.kari), rental.id, now + 8 * DAY)
    set_policy(session, club.organization, extensions=0)
    with refuses(session, Refused.EXTENSION_NOT_ALLOWED):
        extension.latest(Tx(session, now), rental)


def test_more_time_is_later(session: Session, club: Club, now: datetime) -> None:
    """Not before what was promised, and not before now."""
    rental = out(session, club, now)
    for early in (now + DAY, now + 3 * DAY):
        with refuses(session, Refused.NOT_LATER, due_at=now + 3 * DAY):
            extension.ask(Tx(session, now, club.kari), rental.id, early)
    with refuses(session, Refused.IN_THE_PAST):
        extension.ask(Tx(session, now + 5 * DAY, club.kari), rental.id, now + 4 * DAY)


def test_overdue_things_can_be_extended(session: Session, club: Club, now: datetime) -> None:
    """If nobody waits for them: then they are overdue no more. An answer may come too late, too."""
    rental = out(session, club, now)
    late = now + 4 * DAY
    question = extension.ask(Tx(session, late, club.kari), rental.id, now + 5 * DAY)
    with refuses(session, Refused.IN_THE_PAST):
        extension.grant(Tx(session, now + 5 * DAY, club.anna), question.id)
    extension.grant(Tx(session, late, club.anna), question.id)
    assert rental.due_at == now + 5 * DAY


def test_a_new_question_replaces_the_old_one(session: Session, club: Club, now: datetime) -> None:
    """The same again is the same question; another day is another, and the old one's buttons say so."""
    rental = out(session, club, now)
    first = extension.ask(Tx(session, now, club.kari), rental.id, now + 4 * DAY)
    assert extension.ask(Tx(session, now, club.kari), rental.id, now + 4 * DAY) is first
    second = extension.ask(Tx(session, now, club.kari), rental.id, now + 5 * DAY)
    assert (first.status, second.status) == (ExtensionStatus.WITHDRAWN, ExtensionStatus.ASKED)
    with refuses(session, Refused.EXTENSION_ANSWERED, extension_status=ExtensionStatus.WITHDRAWN, by=None):
        extension.decline(Tx(session, now, club.anna), first.id)


def test_the_second_answer_reads_who_was_first(session: Session, club: Club, now: datetime) -> None:
    """State before permission, here too; a no is told to the member in words."""
    rental = out(session, club, now)
    question = extension.ask(Tx(session, now, club.kari), rental.id, now + 4 * DAY)
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.ADMIN):
        extension.grant(Tx(session, now, club.lars), question.id)
    extension.decline(Tx(session, now, club.anna), question.id)
    for answer in (extension.grant, extension.decline):
        with refuses(
            session,
            Refused.EXTENSION_ANSWERED,
            extension_status=ExtensionStatus.DECLINED,
            by="Anna Admin",
        ):
            answer(Tx(session, now, club.lars), question.id)
    (row,) = said(session, "extension_declined")
    assert row.chat_id == club.kari.account_id
    assert rental.due_at == now + 3 * DAY


def test_who_may_ask_and_when(session: Session, club: Club, now: datetime) -> None:
    """Only the member who has the things may ask, while they are out and the membership lasts."""
    rental = factories.requested(session, club.kari, now, days(now, 0, 3), (club.stove, 1))
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.REQUESTED):
        extension.ask(Tx(session, now, club.kari), rental.id, now + 4 * DAY)
    approval.approve(Tx(session, now, club.anna), rental.id)
    checkout.hand_out(Tx(session, now, club.lars), rental.id)
    with refuses(session, Refused.NOT_FOUND):
        extension.ask(Tx(session, now, club.lars), rental.id, now + 4 * DAY)
    with refuses(session, Refused.MEMBERSHIP_ENDED):
        extension.ask(Tx(session, now, end_membership(session, club.kari, now)), rental.id, now + 4 * DAY)
    checkin.take_back(Tx(session, now, club.lars), rental.id)
    with refuses(session, Refused.ALREADY, rental_status=RentalStatus.RETURNED):
        extension.ask(Tx(session, now, club.kari), rental.id, now + 4 * DAY)
