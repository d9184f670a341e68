"""Reminders: at their moments, once each, and never for nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.models import AccountLink, ChatAccount, OutboxMessage, Rental
from db.states import Lane, OutboxStatus, RentalStatus
from services import periodic
from services.core.hours.periods import Period
from services.core.policy import Policy
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.messaging import kinds
from services.messaging.quiet_hours import after_quiet_hours
from services.rentals import approval, extension
from services.rentals.reminders import Held, moments
from tests import factories, long
from tests.factories import OSLO, Club
from tests.services.permissions.assertions import DAY, HOUR, MINUTE, claims, said, set_policy, still_holds

DUE = datetime(2026, 12, 4, 19, 0, tzinfo=UTC)  # Friday, 20:00 in Oslo


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in December 2026 by clocks in Oslo."""
    return datetime(2026, 12, day, hour, minute, tzinfo=OSLO).astimezone(UTC)


def queued(session: Session) -> list[str]:
    return [row.params["moment"] for row in said(session, kinds.REMINDER)]


def swept(session: Session, *moments: datetime) -> list[str]:
    """The names of all reminders that are there after a sweep at each moment."""
    for moment in moments:
        periodic.run(Tx(session, moment))
    return queued(session)


def often(first: datetime, last: datetime) -> Iterator[datetime]:
    """At midnight, eight, nine, nineteen and twenty: what comes too early or too late, or at another hour of
    the day, has another moment then.
    """
    while first <= last:
        if first.astimezone(OSLO).hour in (0, 8, 9, 19, 20):
            yield first
        first += HOUR


_NOTHING_FALLS_DUE = {13, 14, 15, 16, 20, 21, 22, 23}
"""Days in the middle of a week without a reminder: the days beside them are looked at."""


def lent(session: Session, club: Club, now: datetime, due: datetime = DUE) -> Rental:
    return factories.handed_out(session, club, now, Period(now, due), (club.stove, 1))


def test_all_the_moments_of_a_rental_that_does_not_come_back(
    session: Session, club: Club, now: datetime
) -> None:
    """The day before, when due, then after one, three and seven days and every week, at nine o'clock."""
    lent(session, club, now)
    swept(
        session,
        *(when for when in often(now, at(26, 0)) if when.day not in _NOTHING_FALLS_DUE or long.cases(0, 1)),
    )
    assert [(row.params["moment"], row.created_at) for row in said(session, kinds.REMINDER)] == [
        ("due_soon", at(3, 9)),
        ("due", at(4, 20)),
        ("overdue:1", at(5, 9)),
        ("overdue:3", at(7, 9)),
        ("overdue:7", at(11, 9)),
        ("overdue:14", at(18, 9)),
        ("overdue:21", at(25, 9)),
    ]


def test_a_reminder_goes_out_once(session: Session, club: Club, now: datetime) -> None:
    """However often the sweep runs, and also after the row was sent."""
    lent(session, club, now)
    assert swept(session, *[at(3, 9)] * 10) == ["due_soon"]
    said(session, kinds.REMINDER)[0].status = OutboxStatus.SENT
    assert swept(session, at(3, 9), at(3, 10), at(4, 19, 59)) == ["due_soon"]
    (row,) = said(session, kinds.REMINDER)
    assert (row.chat_id, row.lane, row.not_before) == (club.kari.account_id, Lane.NOTICE, at(3, 9))


def test_a_policy_of_its_own(session: Session, club: Club, now: datetime) -> None:
    """Other hours, other days, nothing the day before."""
    rule = Policy(remind_day_before=False, remind_at=time(7, 30), overdue_days=(2,), overdue_every_days=10)
    found = list(moments(lent(session, club, now), rule, OSLO, at(31, 0)))
    assert [(m.name, m.at) for m in found] == [
        ("due", DUE),
        ("overdue:2", at(6, 7, 30)),
        ("overdue:12", at(16, 7, 30)),
        ("overdue:22", at(26, 7, 30)),
    ]


def test_due_at_the_end_of_the_day_is_due_that_day(session: Session, club: Club, now: datetime) -> None:
    """Returns until midnight: the day before is the day before, and a day over is the next day."""
    rental = lent(session, club, now, at(5, 0))
    found = [(m.name, m.at) for m in moments(rental, Policy(), OSLO, at(5, 12))]
    assert found == [("due_soon", at(3, 9)), ("due", at(5, 0)), ("overdue:1", at(5, 9))]
    assert swept(session, at(3, 9)) == ["due_soon"]


@pytest.mark.parametrize(
    "due, before, after",
    [
        # The clocks go forward on 28 March 2027: the evening of that day is summer time.
        (datetime(2027, 3, 28, 18, tzinfo=UTC), (2027, 3, 27, 8), (2027, 3, 29, 7)),
        # And back on 25 October 2026.
        (datetime(2026, 10, 25, 19, tzinfo=UTC), (2026, 10, 24, 7), (2026, 10, 26, 8)),
    ],
    ids=["forward", "back"],
)
def test_nine_is_nine_when_the_clocks_change(
    session: Session,
    club: Club,
    due: datetime,
    before: tuple[int, int, int, int],
    after: tuple[int, int, int, int],
) -> None:
    """Local clocks count, on either side of the night."""
    out = due - 5 * DAY
    rental = factories.handed_out(session, club, out, Period(out, due), (club.stove, 1))
    found = list(moments(rental, Policy(), OSLO, due + DAY))
    assert [m.at for m in found] == [datetime(*before, tzinfo=UTC), due, datetime(*after, tzinfo=UTC)]
    for moment in found:
        assert swept(session, moment.at - MINUTE).count(moment.name) == 0
        assert swept(session, moment.at).count(moment.name) == 1


@pytest.mark.parametrize(
    "moment, waits_until",
    [
        (at(4, 21, 59), at(4, 21, 59)),
        (at(4, 22), at(5, 7)),
        (at(5, 0), at(5, 7)),
        (at(5, 6, 59), at(5, 7)),
        (at(5, 7), at(5, 7)),
        # Across the change of the clocks: seven is seven.
        (datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 5, tzinfo=UTC)),
        (datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC)),
    ],
)
def test_quiet_hours_end_at_seven(moment: datetime, waits_until: datetime) -> None:
    """A reminder that falls into quiet hours waits for their end."""
    assert after_quiet_hours(moment, Policy(), OSLO) == waits_until


def test_quiet_hours_by_day_or_none() -> None:
    """They may lie within a day, and may not be at all."""
    siesta = Policy(quiet_from=time(13), quiet_until=time(15))
    assert after_quiet_hours(at(4, 14), siesta, OSLO) == at(4, 15)
    assert after_quiet_hours(at(4, 23), siesta, OSLO) == at(4, 23)
    assert after_quiet_hours(at(4, 3), Policy(quiet_from=time(0), quiet_until=time(0)), OSLO) == at(4, 3)
    gap = Policy(quiet_from=time(0), quiet_until=time(2, 30))
    night = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    assert after_quiet_hours(night, gap, OSLO) == datetime(2027, 3, 28, 1, tzinfo=UTC)


@given(
    # hypothesis wants its bounds without a zone, and adds it
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.times(),
    st.times(),
)
def test_nothing_is_sent_in_quiet_hours(moment: datetime, start: time, end: time) -> None:
    """Whatever the hours are: the moment found is not before, not quiet, and within a day."""
    rule = Policy(quiet_from=start, quiet_until=end)
    found = after_quiet_hours(moment, rule, OSLO)
    assert moment <= found <= moment + timedelta(hours=25)
    assert after_quiet_hours(found, rule, OSLO) == found


def test_a_reminder_waits_for_the_end_of_quiet_hours(session: Session, club: Club, now: datetime) -> None:
    """Due at eleven at night: said at seven, if it still holds then."""
    rental = lent(session, club, now, at(4, 23))
    assert swept(session, at(4, 23)) == ["due"]
    (row,) = said(session, kinds.REMINDER)
    assert row.not_before == at(5, 7)
    assert still_holds(Tx(session, at(5, 7)), row) == Held(rental, True)


def test_after_a_downtime_only_the_newest_is_said(session: Session, club: Club, now: datetime) -> None:
    """Eight days off: one message, not five."""
    lent(session, club, now)
    assert swept(session, at(12, 10)) == ["overdue:7"]


def test_what_was_to_be_said_before_it_went_out_is_not_said(
    session: Session, club: Club, now: datetime
) -> None:
    """Fetched this morning for tonight: nobody needs yesterday's reminder of today."""
    lent(session, club, now, now + 6 * HOUR)
    assert swept(session, now, now + HOUR) == []
    assert swept(session, now + 6 * HOUR) == ["due"]


def test_a_new_due_date_earns_a_new_reminder(session: Session, club: Club, now: datetime) -> None:
    """And the old one's, if it still waits, does not hold any more."""
    rental = lent(session, club, now)
    assert swept(session, at(3, 9)) == ["due_soon"]
    question = extension.ask(Tx(session, at(3, 10), club.kari), rental.id, at(8, 20))
    extension.grant(Tx(session, at(3, 11), club.anna), question.id)
    assert still_holds(Tx(session, at(3, 11)), said(session, kinds.REMINDER)[0]) is None
    assert swept(session, *often(at(3, 11), at(9, 9))) == ["due_soon", "due_soon", "due", "overdue:1"]


def test_extended_until_tomorrow_is_not_reminded_of_tomorrow(
    session: Session, club: Club, now: datetime
) -> None:
    """They have just been told: the next they hear is when it is due."""
    set_policy(session, club.organization, extension_approval=False)
    rental = lent(session, club, now)
    swept(session, at(3, 9), at(4, 20))
    extension.ask(Tx(session, at(4, 21), club.kari), rental.id, at(5, 20))
    assert swept(session, *often(at(4, 21), at(5, 20))) == ["due_soon", "due", "due"]


def test_a_return_claim_stops_them(session: Session, club: Club, now: datetime) -> None:
    """Those to come and the one that waits; a problem lets them go on where they were."""
    rental = lent(session, club, now)
    assert swept(session, DUE) == ["due"]
    (row,) = said(session, kinds.REMINDER)
    checkin.give_back(Tx(session, DUE + MINUTE, club.kari), rental.id)
    assert still_holds(Tx(session, DUE + MINUTE), row) is None
    assert swept(session, *often(DUE + MINUTE, at(6, 9))) == ["due"]
    checkin.report_problem(Tx(session, at(6, 9), club.lars), rental.id, note="not there")
    assert swept(session, at(6, 10)) == ["due", "overdue:1"]


def test_one_piece_still_out_is_enough(session: Session, club: Club, now: datetime) -> None:
    """Two of three are back: the third is reminded of."""
    rental = factories.handed_out(session, club, now, Period(now, DUE), (club.tent, 3))
    first, second, third = (claim.id for claim in claims(session, rental))
    checkin.take_back(Tx(session, now, club.lars), rental.id, only=[first])
    checkin.give_back(Tx(session, now, club.kari), rental.id, only=[second])
    assert swept(session, DUE) == ["due"]
    checkin.give_back(Tx(session, DUE, club.kari), rental.id, only=[third])
    assert still_holds(Tx(session, DUE), said(session, kinds.REMINDER)[0]) is None


def test_what_is_over_is_never_reminded_of(session: Session, club: Club, now: datetime) -> None:
    """Returned, cancelled, expired or declined before the moment, or between the moment and the sending."""
    returned = lent(session, club, now)
    swept(session, at(3, 9))
    checkin.take_back(Tx(session, at(3, 10), club.lars), returned.id)
    fetch = factories.requested(session, club.ola, now, Period(at(5, 8), at(8, 20)), (club.tent, 1))
    approval.approve(Tx(session, now, club.anna), fetch.id)
    assert swept(session, at(5, 8)) == ["due_soon", "pick_up"]
    approval.cancel(Tx(session, at(5, 9), club.ola), fetch.id)
    for row in said(session, kinds.REMINDER):
        assert still_holds(Tx(session, at(5, 9)), row) is None
    assert swept(session, *often(at(5, 9), at(20, 9))) == ["due_soon", "pick_up"]


def test_ready_to_fetch(session: Session, club: Club, now: datetime) -> None:
    """When it begins, to whoever was approved before; not to whoever fetched it earlier."""
    rental = factories.requested(session, club.kari, now, Period(at(5, 8), at(8, 20)), (club.tent, 1))
    assert swept(session, at(2, 8)) == []
    approval.approve(Tx(session, at(2, 8), club.anna), rental.id)
    assert swept(session, at(5, 7, 59)) == []
    assert swept(session, at(5, 8), at(5, 9)) == ["pick_up"]
    (row,) = said(session, kinds.REMINDER)
    assert still_holds(Tx(session, at(5, 9)), row) == Held(rental, True)
    checkout.hand_out(Tx(session, at(5, 9), club.kari), rental.id)
    assert still_holds(Tx(session, at(5, 9)), row) is None
    late = factories.requested(session, club.ola, at(5, 9), Period(at(5, 9), at(8, 20)), (club.tent, 1))
    approval.approve(Tx(session, at(5, 10), club.anna), late.id)
    assert swept(session, at(5, 10)) == ["pick_up"], "told with the approval itself"


def test_the_day_before_is_not_said_on_the_day(session: Session, club: Club, now: datetime) -> None:
    """A reminder that could not be sent in time is dropped once it is due."""
    rental = lent(session, club, now)
    swept(session, at(3, 9))
    (row,) = said(session, kinds.REMINDER)
    assert still_holds(Tx(session, DUE - MINUTE), row) == Held(rental, True)
    assert still_holds(Tx(session, DUE), row) is None


def test_everything_due_is_one_message(session: Session, club: Club, now: datetime) -> None:
    """Rows of one person in one organisation share a bundle; other people's and other clubs' do not."""
    other = factories.club(session, now, "Seilklubben")
    kari = factories.member(session, other.organization, now, "Kari", account=club.kari.account_id)
    for c, actor in [(club, club.kari), (club, club.kari), (club, club.ola), (other, kari)]:
        rental = factories.requested(session, actor, now, Period(now, DUE), (c.tent, 1))
        approval.approve(Tx(session, now, c.anna), rental.id)
        checkout.hand_out(Tx(session, now, c.lars), rental.id)
    swept(session, DUE)
    rows = said(session, kinds.REMINDER)
    assert len(rows) == 4
    here = [(row.bundle, row.chat_id) for row in rows]
    assert len(set(here)) == 3
    assert here.count((f"reminder:{club.organization.id}:{club.kari.account_id}", club.kari.account_id)) == 2


def test_every_account_of_a_person_and_none_that_is_blocked(
    session: Session, club: Club, now: datetime
) -> None:
    """Two telephones hear of it; one that blocked the bot does not."""
    for account in (77, 78):
        session.add(ChatAccount(id=account, created_at=now, blocked_at=now if account == 78 else None))
        session.flush()
        session.add(
            AccountLink(
                account_id=account,
                organization_id=club.organization.id,
                user_id=club.kari.user_id,
                created_at=now,
            )
        )
    lent(session, club, now)
    swept(session, DUE, DUE)
    assert {row.chat_id for row in said(session, kinds.REMINDER)} == {club.kari.account_id, 77}
    assert len(queued(session)) == 2


def test_a_reminder_of_nothing_does_not_hold(session: Session, club: Club, now: datetime) -> None:
    """A row about a rental that is not there, or not dated, is dropped."""
    row = OutboxMessage(
        chat_id=1, kind="reminder", params={"rental_id": 999, "moment": "due", "promise": "due:999:x"}
    )
    assert still_holds(Tx(session, now), row) is None
    assert list(moments(Rental(status=RentalStatus.DRAFT), Policy(), OSLO, now)) == []


def test_moments_come_in_order(session: Session, club: Club, now: datetime) -> None:
    """Also those of years."""
    found = list(moments(lent(session, club, now), Policy(), OSLO, now + 800 * DAY))
    assert len(found) > 100
    assert all(a.at < b.at for a, b in pairwise(found))
