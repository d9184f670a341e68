"""The changes that time alone brings about, and the moment at which the next of them falls due."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, OutboxMessage
from db.states import ClaimStatus, OutboxStatus, RentalStatus, Role
from services import periodic
from services.core.hours.periods import Period
from services.core.tx import Tx
from services.desk import checkin
from services.messaging import kinds
from services.rentals import approval, reminders
from tests import factories
from tests.factories import OSLO, Club
from tests.services.permissions.assertions import DAY, HOUR, MINUTE, said, set_policy, statuses


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in December 2026 by clocks in Oslo."""
    return datetime(2026, 12, day, hour, minute, tzinfo=OSLO).astimezone(UTC)


def digests(session: Session) -> list[tuple[int, datetime]]:
    return [(row.chat_id, row.not_before) for row in said(session, kinds.DIGEST)]


def overdue_since(session: Session, club: Club, now: datetime, due: datetime) -> int:
    return factories.handed_out(session, club, now, Period(now, due), (club.stove, 1)).id


def test_requests_run_out_and_so_do_approved_ones(session: Session, club: Club, now: datetime) -> None:
    """Nobody answered, nobody fetched: both are over and free; what is out stays out."""
    unanswered = factories.requested(session, club.kari, now, factories.days(now, 9, 10), (club.tent, 1))
    unfetched = factories.requested(session, club.ola, now, factories.days(now, 1, 10), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), unfetched.id)
    out = factories.handed_out(session, club, now, factories.days(now, 0, 1), (club.tent, 1))
    periodic.run(Tx(session, now + 2 * DAY - MINUTE))
    assert (unanswered.status, unfetched.status) == (RentalStatus.REQUESTED, RentalStatus.APPROVED)
    periodic.run(Tx(session, now + 3 * DAY))
    assert (unanswered.status, unfetched.status) == (RentalStatus.EXPIRED, RentalStatus.EXPIRED)
    assert statuses(session, unanswered) == statuses(session, unfetched) == [ClaimStatus.RELEASED]
    assert out.status is RentalStatus.OUT


def test_a_second_sweep_finds_nothing_to_do(session: Session, club: Club, now: datetime) -> None:
    """Run ten times at one moment it has done what it did the first time: no row more, no entry more."""
    factories.requested(session, club.kari, now, factories.days(now, 9, 10), (club.tent, 1))
    overdue_since(session, club, now, now + DAY)
    late = now + 5 * DAY

    def rows() -> tuple[int, int]:
        outbox = session.scalars(select(OutboxMessage.id)).all()
        return len(outbox), len(session.scalars(select(AuditEntry.id)).all())

    before = rows()
    periodic.run(Tx(session, late))
    once = rows()
    assert once > before
    for _ in range(9):
        periodic.run(Tx(session, late))
    assert rows() == once


def test_the_digest_comes_once_a_day(session: Session, club: Club, now: datetime) -> None:
    """At nine, to the group, on each day on which something was overdue at nine."""
    club.organization.group_chat_id, club.organization.group_thread_id = -500, 3
    rental = overdue_since(session, club, now, at(4, 20))
    periodic.run(Tx(session, at(4, 21)))
    assert digests(session) == []
    for hour in (8, 9, 10, 21):
        periodic.run(Tx(session, at(5, hour)))
    assert digests(session) == [(-500, at(5, 9))]
    said(session, kinds.DIGEST)[0].status = OutboxStatus.SENT
    session.flush()
    periodic.run(Tx(session, at(6, 9)))
    checkin.take_back(Tx(session, at(7, 8), club.lars), rental)
    periodic.run(Tx(session, at(7, 9)))
    assert digests(session) == [(-500, at(5, 9)), (-500, at(6, 9))]
    assert {row.thread_id for row in said(session, kinds.DIGEST)} == {3}


def test_what_became_overdue_later_waits_for_tomorrow(session: Session, club: Club, now: datetime) -> None:
    """A sweep at noon does not make a digest of what fell due at eleven."""
    overdue_since(session, club, now, at(2, 11))
    periodic.run(Tx(session, at(2, 12)))
    assert digests(session) == []
    periodic.run(Tx(session, at(3, 9)))
    assert len(digests(session)) == 1


def test_without_a_group_each_admin_gets_the_digest(session: Session, club: Club, now: datetime) -> None:
    """Those who decide, in private."""
    boss = factories.member(session, club.organization, now, "Berit Boss", Role.LEADER)
    overdue_since(session, club, now, at(2, 11))
    periodic.run(Tx(session, at(3, 9)))
    periodic.run(Tx(session, at(3, 10)))
    assert {chat for chat, _ in digests(session)} == {club.anna.account_id, boss.account_id}
    assert len(digests(session)) == 2


def test_the_digest_keeps_quiet_hours(session: Session, club: Club, now: datetime) -> None:
    """Made up for after a downtime at eleven at night, it waits for the morning."""
    overdue_since(session, club, now, at(2, 11))
    periodic.run(Tx(session, at(3, 23)))
    assert digests(session) == [(club.anna.account_id, at(4, 7))]


def test_clubs_are_swept_each_by_its_own_clock(session: Session, club: Club, now: datetime) -> None:
    """Nine in Auckland is not nine in Oslo; a closed organisation is left alone."""
    far = factories.club(session, now, "Tramping Club")
    far.organization.timezone = "Pacific/Auckland"
    shut = factories.club(session, now, "Closed Club")
    for c in (club, far, shut):
        overdue_since(session, c, now, now + HOUR)
    shut.organization.closed_at = now
    periodic.run(Tx(session, datetime(2026, 12, 1, 20, 0, tzinfo=UTC)))
    assert [chat for chat, _ in digests(session)] == [far.anna.account_id]
    periodic.run(Tx(session, at(2, 9)))
    assert [chat for chat, _ in digests(session)] == [far.anna.account_id, club.anna.account_id]


def stops(session: Session, now: datetime, until: datetime) -> list[datetime]:
    """Move the clock from moment to moment, with a sweep at each, and return its stops."""
    found = []
    while (moment := reminders.upcoming(Tx(session, now))) is not None and moment <= until:
        assert moment > now
        found.append(moment)
        periodic.run(Tx(session, moment))
        now = moment
    return found


def test_the_clock_stops_where_something_falls_due(session: Session, club: Club, now: datetime) -> None:
    """Each reminder, each digest, each expiry, and the end of quiet hours where something waits for it."""
    set_policy(session, club.organization, digest_at="10:00:00", request_hours=8)
    overdue_since(session, club, now, at(2, 23))
    factories.requested(session, club.ola, now, factories.days(now, 9, 10), (club.tent, 1))
    assert stops(session, now, at(6, 12)) == [
        at(1, 10),  # the digest, of the request
        at(1, 13),  # the desk is reminded of it
        at(1, 15),
        at(1, 17),  # it expires
        at(2, 23),  # due, in quiet hours
        at(3, 7),  # said
        at(3, 9),  # a day over
        at(3, 10),  # the digest
        at(4, 10),
        at(5, 9),  # three days over
        at(5, 10),
        at(6, 10),
    ]


def test_the_clock_stops_when_a_thing_can_be_fetched(session: Session, club: Club, now: datetime) -> None:
    """At the start, and when it is given up."""
    rental = factories.requested(session, club.kari, now, Period(at(5, 8), at(9, 20)), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    assert stops(session, now, at(31, 0)) == [at(5, 8), at(6, 8)]
    assert rental.status is RentalStatus.EXPIRED


def test_the_clock_does_not_stop_for_nothing(session: Session, club: Club, now: datetime) -> None:
    """With nothing out and nothing asked there is none; a return to confirm is in the next digest."""
    assert reminders.upcoming(Tx(session, now)) is None
    rental = overdue_since(session, club, now, at(9, 20))
    assert reminders.upcoming(Tx(session, now)) == at(8, 9)
    checkin.give_back(Tx(session, now, club.kari), rental)
    for row in session.scalars(select(OutboxMessage)):
        assert row.not_before <= now
    assert reminders.upcoming(Tx(session, now)) == at(2, 9)
    checkin.confirm_return(Tx(session, now, club.lars), rental)
    assert reminders.upcoming(Tx(session, now)) is None


def test_upcoming_sees_far_ahead(session: Session, club: Club, now: datetime) -> None:
    """A rental of next autumn is found from here, whatever the horizon of overdue messages."""
    far = now + timedelta(days=300)
    rental = factories.requested(session, club.kari, now, Period(far, far + DAY), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), rental.id)
    assert reminders.upcoming(Tx(session, now)) == far
